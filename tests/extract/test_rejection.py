"""Bad source records: each is listed with its number, reason, field and its own bytes."""

import numpy as np
import pytest

from chosho.codec import batch as batches
from chosho.copybook import load
from chosho.errors import StopLine
from chosho.extract import verdict
from tests.extract.flows import run
from tests.extract.records import CONTRACT, PAYSRC, annuity, contract, host, payment


def rejected(record, *contracts):
    """Return reason and field of a record's rejection."""
    ((number, reason, field),) = run(
        host(PAYSRC, [record]), host(CONTRACT, contracts or [contract()])
    ).rejected
    assert number == 1
    return reason, field


@pytest.mark.parametrize(
    ("record", "reason", "field"),
    [
        (payment(BENEFIT_AMOUNT=bytes.fromhex("00000300a00c")), "PDIG", "BENEFIT-AMOUNT"),
        (payment(BENEFIT_AMOUNT=bytes.fromhex("000003000000")), "PSGN", "BENEFIT-AMOUNT"),
        (payment(BENEFIT_AMOUNT=-1), "NEGV", "BENEFIT-AMOUNT"),
        (payment(PREPAID_PREMIUM_REFUND=-1), "NEGV", "PREPAID-PREMIUM-REFUND"),
        (payment(NET_PAID_AMOUNT=bytes.fromhex("0000000000ac")), "PDIG", "NET-PAID-AMOUNT"),
        (annuity(ANNUITY_PAID_AMOUNT=-300_000), "NEGV", "ANNUITY-PAID-AMOUNT"),
        (payment(PAYMENT_DATE=b"\xf2\xf0\xf2\xc6\xf0\xf6\xf1\xf5"), "ZDIG", "PAYMENT-DATE"),
        (payment(PAYMENT_DATE=20260230), "DATE", "PAYMENT-DATE"),
        (payment(PAYMENT_DATE=20260000), "DATE", "PAYMENT-DATE"),
        (payment(EVENT_DATE=0), "DATE", "EVENT-DATE"),
        (payment(EVENT_DATE=18720101), "DATE", "EVENT-DATE"),
        (payment(EVENT_CODE="88"), "CODE", "EVENT-CODE"),
        (payment(EVENT_CODE="  "), "CODE", "EVENT-CODE"),
        (payment(PAYMENT_KIND="9"), "CODE", "PAYMENT-KIND"),
        (payment(TAX_CATEGORY="2"), "CODE", "TAX-CATEGORY"),
        (annuity(TAX_CATEGORY="1"), "CODE", "TAX-CATEGORY"),
        (annuity(INHERITED_FLAG=" "), "CODE", "INHERITED-FLAG"),
        (annuity(ANNUITY_TYPE="09"), "CODE", "ANNUITY-TYPE"),
        (annuity(INHERITED_FLAG="1"), "DATE", "INHERITED-START-DATE"),
        (annuity(TAX_CATEGORY="3", ANNUITY_PAID_AMOUNT=100_000), "CODE", "INHERITED-FLAG"),
        (
            annuity(INHERITED_FLAG="1", TAX_CATEGORY="3", INHERITED_START_DATE=20280101),
            "DATE",
            "INHERITED-START-DATE",
        ),
        (payment(EVENT_DATE=20280101), "DATE", "EVENT-DATE"),
        (payment(BENEFIT_AMOUNT=10_000_000_000), "OVFL", "BENEFIT-AMOUNT"),
        (payment(PAID_PREMIUM_TOTAL=10_000_000_000), "OVFL", "PAID-PREMIUM-TOTAL"),
        (payment(NET_PAID_AMOUNT=2_999_999), "NETA", "NET-PAID-AMOUNT"),
        (annuity(ANNUITY_PREMIUM_AMOUNT=1, ANNUITY_NET_AMOUNT=300_000), "NETA", "ANNUITY-NET-AMOUNT"),
        (payment(PAYEE_NAME="", PAYEE_KANA=""), "NAME", "PAYEE-NAME"),
        (payment(PAYEE_PARTY="3"), "CODE", "PAYEE-PARTY"),
        (payment(PAYEE_OVERSEAS=" "), "CODE", "PAYEE-OVERSEAS"),
        (payment(POLICY_NO="１２３"), "KEYC", "POLICY-NO"),
        (payment(POLICY_NO="123"), "KEYC", "POLICY-NO"),
        (payment(CUSTOMER_NO=""), "KEYC", "CUSTOMER-NO"),
        (payment(PAYEE_NO=b"\x42\xf1"), "ZDIG", "PAYEE-NO"),
        (payment(REMARKS=b"\x0e\x45\x66"), "SOSI", "REMARKS"),
        (payment(PAYEE_NAME=b"\x41\x40" * 30), "DBCS", "PAYEE-NAME"),
        (payment(POLICY_NO="10000000002"), "NOCT", ""),
    ],
)
def test_a_bad_payment_is_rejected_with_its_reason_and_field(record, reason, field):
    assert rejected(record) == (reason, field)


@pytest.mark.parametrize(
    ("terms", "reason", "field"),
    [
        (contract(INSURANCE_TYPE="88"), "CODE", "CONTRACT.INSURANCE-TYPE"),
        (contract(CONTRACTOR_PARTY="0"), "CODE", "CONTRACT.CONTRACTOR-PARTY"),
        (contract(INSURED_OVERSEAS="2"), "CODE", "CONTRACT.INSURED-OVERSEAS"),
        (contract(CHANGE_COUNT=100), "CODE", "CONTRACT.CHANGE-COUNT"),
        (contract(CHANGE_CAUSE="3"), "CODE", "CONTRACT.CHANGE-CAUSE"),
        (contract(CHANGE_DATE=20201399), "DATE", "CONTRACT.CHANGE-DATE"),
        (contract(CURRENT_PAID_PREMIUM=10_000_000_000), "OVFL", "CONTRACT.CURRENT-PAID-PREMIUM"),
        (contract(CONTRACTOR_NAME="", CONTRACTOR_KANA=""), "NAME", "CONTRACT.CONTRACTOR-NAME"),
        (contract(INSURED_NAME=""), "NAME", "CONTRACT.INSURED-NAME"),
        (contract(CURRENT_PAID_PREMIUM=-1), "NEGV", "CONTRACT.CURRENT-PAID-PREMIUM"),
        (contract(CURRENT_PAID_PREMIUM=b"\xff" * 6), "PDIG", "CONTRACT.CURRENT-PAID-PREMIUM"),
        (contract(CONTRACTOR_NAME=b"\x41\x40" * 30), "DBCS", "CONTRACT.CONTRACTOR-NAME"),
    ],
)
def test_a_payment_of_a_bad_contract_is_rejected_with_the_contracts_field(terms, reason, field):
    assert rejected(payment(), terms) == (reason, field)


def test_a_payment_whose_contract_stands_twice_is_rejected():
    assert rejected(payment(), contract(), contract()) == ("DUPC", "CONTRACT.POLICY-NO")


def test_of_payments_with_one_key_the_first_of_the_file_is_kept():
    records = [payment(PAYMENT_DATE=20260616, REMARKS="二"), payment(REMARKS="一")]
    result = run(host(PAYSRC, records), host(CONTRACT, [contract()]))
    assert [row["REMARKS"] for row in result.data] == ["二"]
    assert result.rejected == [(2, "DUPK", "")]


def test_a_rejected_record_stands_in_the_list_in_its_own_bytes():
    source = host(PAYSRC, [payment(), payment(PAYMENT_NO=2, PAYMENT_KIND="7")])
    result = run(source, host(CONTRACT, [contract()]))
    layout = load("REJECT")
    kept = batches.view(layout.named(), result.rejects, "SOURCE-RECORD")[0]
    assert kept[:700].tobytes() == source[1].tobytes()
    assert kept[700:].tobytes() == b" " * 4


def test_a_bad_record_is_rejected_before_it_can_be_left_out():
    assert rejected(payment(PAYMENT_DATE=20251231, BENEFIT_AMOUNT=-5)) == ("NEGV", "BENEFIT-AMOUNT")


@pytest.mark.parametrize(
    ("record", "terms"),
    [
        (payment(BENEFIT_AMOUNT=9_999_999_999), contract()),
        (payment(EVENT_DATE=20271231), contract()),
        (payment(LOAN_AND_INTEREST_AMOUNT=3_000_001, NET_PAID_AMOUNT=0), contract()),
        (payment(PAYEE_NAME=""), contract(CONTRACTOR_NAME="")),
        (annuity(), contract(INSURED_NAME="")),
        (annuity(INHERITED_FLAG="1", TAX_CATEGORY="2", INHERITED_START_DATE=19880401), contract()),
    ],
    ids=[
        "ten digits",
        "an event of next year",
        "nothing left",
        "kana only",
        "366 names no insured",
        "雑所得",
    ],
)
def test_what_the_disc_can_take_is_kept(record, terms):
    result = run(host(PAYSRC, [record]), host(CONTRACT, [terms]))
    assert (len(result.data), result.rejected) == (1, [])


def test_a_bad_text_of_a_payment_left_out_is_nobodys_business():
    result = run(host(PAYSRC, [payment(BENEFIT_AMOUNT=1, REMARKS=b"\x0e\x45")]), host(CONTRACT, []))
    assert (result.counts["left_out"], result.counts["rejected"]) == (1, 0)


def test_a_master_out_of_order_stops_the_line():
    master = host(CONTRACT, [contract(POLICY_NO=f"1000000000{number}") for number in (1, 3, 2)])
    for size in (1, 2, 5):
        with pytest.raises(StopLine, match="CHSX009S contract master record 3 "):
            run(host(PAYSRC, [payment()]), master, size=size)


def test_a_master_whose_key_cannot_be_read_stops_the_line():
    master = host(CONTRACT, [contract(), contract(POLICY_NO=b"\x0e" * 11)])
    with pytest.raises(StopLine, match="CHSX008S contract master record 2"):
        run(host(PAYSRC, [payment()]), master)


def test_letters_in_policy_numbers_follow_ascii_order():
    policies = ["1000000000A", "10000000A01", "A0000000001"]
    master = host(CONTRACT, [contract(POLICY_NO=policy) for policy in policies])
    records = [payment(POLICY_NO=policy) for policy in reversed(policies)]
    assert [row["POLICY-NO"] for row in run(host(PAYSRC, records), master).data] == policies


def test_every_reason_fits_the_list():
    layout = load("REJECT")
    longest = max(len(f"CONTRACT.{name}") for name in CONTRACT.named())
    assert longest <= layout["FIELD-NAME"].length
    assert np.dtype("S4").itemsize == layout["REASON"].length
    assert not set(verdict.STATEMENTS) & set(verdict.LEFT_OUT)
