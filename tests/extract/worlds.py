"""Random small worlds of payments and contracts, dense in thresholds, shared payees, double keys and missing contracts."""

import numpy as np

from tests.extract.records import Record, annuity, contract, payment

POLICIES = 25
CUSTOMERS = 12


def world(seed: int, payments: int = 120) -> tuple[list[Record], list[Record]]:
    """Return payments in no order and contracts in the order of their policy."""
    draw = np.random.default_rng(seed)

    def one_of(*values):
        return values[int(draw.integers(len(values)))]

    records = []
    for _ in range(payments):
        common = {
            "POLICY_NO": f"{10_000_000_000 + int(draw.integers(POLICIES)):011d}",
            "PAYEE_NO": int(draw.integers(1, 3)),
            "PAYMENT_NO": int(draw.integers(1, 9)),
            "CUSTOMER_NO": f"{int(draw.integers(CUSTOMERS)):010d}",
            "PAYEE_PARTY": one_of("1", "1", "2"),
            "PAYMENT_DATE": one_of(20260101, 20260615, 20260615, 20261231, 20251231, 20270101, 20260230),
            "EVENT_DATE": one_of(20190430, 20190501, 20240229, 19881231),
        }
        if draw.integers(2):
            records.append(
                payment(
                    **common,
                    PREMIUM_DIVIDEND_AMOUNT=one_of(0, 777),
                    BENEFIT_AMOUNT=one_of(999_999, 1_000_000, 1_000_001, 400_000, 600_000, 250_001, -1),
                    ADDED_BENEFIT_AMOUNT=one_of(0, 0, 1, 399_999),
                    LOAN_AND_INTEREST_AMOUNT=one_of(0, 0, 1_500_000),
                    TAX_CATEGORY=one_of("1", "1", "1", "3", "3", "2"),
                    EVENT_CODE=one_of("01", "02", "02", "77"),
                )
            )
        else:
            inherited = one_of("0", "0", "0", "1")
            records.append(
                annuity(
                    **{**common, "EVENT_DATE": one_of(0, 20000401)},
                    ANNUITY_PAID_AMOUNT=one_of(199_999, 200_000, 200_001, 100_000, 50_000, 1),
                    EVENT_CODE=one_of("05", "  "),
                    ANNUITY_TYPE=one_of("01", "02", "03"),
                    INHERITED_FLAG=inherited,
                    TAX_CATEGORY="3" if inherited == "1" else one_of("2", "2", "2", "2", "3"),
                    INHERITED_START_DATE=20120401,
                    INHERITED_REMAINING_YEARS=9,
                    INHERITED_AGE_AT_START=65,
                    INHERITED_RATIO=one_of(45_500, 46_000),
                    INHERITED_TOTAL_AMOUNT=one_of(0, 1_000_000),
                    PAID_PREMIUM_TOTAL=one_of(0, 450_001, 460_000),
                    ANNUITY_PREMIUM_AMOUNT=one_of(0, 1),
                    WITHHOLDING_TAX=one_of(0, 0, 20_419, 20_420),
                )
            )
    contracts = []
    for number in range(POLICIES):
        copies = one_of(1, 1, 1, 1, 1, 1, 1, 1, 0, 2)
        contracts += [
            contract(
                POLICY_NO=f"{10_000_000_000 + number:011d}",
                INSURANCE_TYPE=one_of("01", "03", "09"),
                CONTRACTOR_PARTY=one_of("1", "2"),
                CHANGE_COUNT=one_of(0, 1, 12),
                CHANGE_DATE=one_of(20171231, 20180101, 20220301),
                CHANGE_CAUSE=one_of("1", "2", " "),
                PREVIOUS_NAME="架空　前子",
                PREVIOUS_ADDRESS="設例県高砂市松原７",
                CURRENT_PAID_PREMIUM=123_456,
            )
        ] * copies
    return records, contracts
