"""The match of numbers: each reason, the newest registration, the form of the number, and independence of batches."""

import functools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.codec import batch as batches
from chosho.copybook import load
from chosho.match import decision, numbers, totals
from tests.engine import partitioned, streamed
from tests.extract.flows import rows
from tests.match.masters import NUMMAST, PAYPAIR, block, contractor, corporate, individual, payee, payment
from tests.model import match as model

RULE = functools.partial(numbers.numbers, parameters=numbers.Parameters(tax_year=2026))
WIDE = "１２３４５６".encode("cp932")


def matched(payments, master, overrides=frozenset(), tax_year=2026):
    """Return the MATCH records and the UNMATCH records of payments as dictionaries."""
    master = sorted(
        master,
        key=lambda row: tuple(
            row[name] for name in ("POLICY-NO", "ROLE-CODE", "PAYEE-NO", "REGISTRATION-NO")
        ),
    )
    sides = (block(PAYPAIR, payments), block(NUMMAST, master))
    found = numbers.numbers(
        *map(batches.to_batch, sides), numbers.Parameters(tax_year=tax_year, overrides=overrides)
    )
    return [rows(load(name.upper()), batches.block(found[name])) for name in ("match", "unmatch")]


def payees(master, record=None, **options):
    """Return reason and number of the payee's item."""
    (row,), _ = matched([record or payment()], master, **options)
    return row["PAYEE-REASON"], row["PAYEE-NUMBER"]


def test_both_numbers_are_written_as_on_the_statement():
    record = payment(CONTRACTOR_PARTY="2", CONTRACTOR_KANA="ｶｸｳｼｮｳｼﾞ", PLACE=77)
    master = [payee(individual(12345678901)), contractor(corporate(10405006889), REGISTRANT_KANA="ｶｸｳｼｮｳｼﾞ")]
    (row,), empty = matched([record], master)
    assert (row["PAYEE-NUMBER"], row["CONTRACTOR-NUMBER"]) == ("0123456789018", "8010405006889")
    assert (row["PAYEE-REASON"], row["CONTRACTOR-REASON"], row["PLACE"]) == ("00", "00", 77)
    assert empty == []


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "NR"),
        ([payee(PAYEE_NO="02")], "NR"),
        ([contractor()], "NR"),
        ([payee(POLICY_NO="10000000002")], "NR"),
        ([payee(), payee(individual(9))], "DU"),
        ([payee(STATE_CODE="9")], "CX"),
        ([payee(STATE_CODE="0", REASON_CODE="03", INDIVIDUAL_NO="")], "03"),
        ([payee(STATE_CODE="0", REASON_CODE="00", INDIVIDUAL_NO="")], "NH"),
        ([payee(STATE_CODE="0", REASON_CODE="", INDIVIDUAL_NO="")], "NH"),
        ([payee(STATE_CODE="0", REASON_CODE="A1", INDIVIDUAL_NO="")], "NH"),
        ([payee(STATE_CODE="2")], "CH"),
        ([payee(STATE_CODE="7")], "ST"),
        ([payee(INDIVIDUAL_NO="")], "NN"),
        ([payee("000000000000")], "NN"),
        ([payee(corporate(5))], "KD"),
        ([payee(CORPORATE_NO=corporate(5))], "KD"),
        ([payee(WIDE)], "DG"),
        ([payee("12345678901A")], "DG"),
        ([payee("12345678901 ")], "DG"),
        ([payee("123456789012")], "CD"),
        ([payee(REGISTRANT_KANA="ｶｸｳ ｼﾞﾛｳ")], "KN"),
        ([payee(REGISTRANT_KANA="")], "KN"),
    ],
)
def test_an_item_in_doubt_stays_empty_with_its_reason(rows, reason):
    assert payees(rows) == (reason, "")


def test_the_highest_registration_counts():
    assert payees([payee(individual(4), "002"), payee(individual(3), "001")]) == ("00", "0" + individual(4))
    assert payees([payee(individual(4), "002", STATE_CODE="9"), payee(individual(3), "001")]) == ("CX", "")


def test_a_double_key_below_the_newest_registration_does_not_hurt_the_number():
    master = [payee(individual(3)), payee(individual(5)), payee(individual(4), "002")]
    assert payees(master) == ("00", "0" + individual(4))
    assert numbers.double_keys(block(NUMMAST, master)) == 1


def test_a_company_is_matched_on_310_and_never_on_the_payees_item_of_366():
    company = payment(PAYEE_PARTY="2")
    assert payees([payee(corporate(5))], company) == ("00", corporate(5))
    assert payees([payee(corporate(5))], {**company, "STATEMENT-CODE": "366"}) == ("KD", "")


def test_a_companys_contractor_item_of_366_takes_its_number():
    record = payment(STATEMENT_CODE="366", CONTRACTOR_PARTY="2")
    (row,), _ = matched([record], [contractor(corporate(5))])
    assert row["CONTRACTOR-NUMBER"] == corporate(5)


def test_a_wrong_corporate_number_stays_empty():
    wrong = str(int(corporate(5)[0]) % 9 + 1) + corporate(5)[1:]
    assert payees([payee(wrong)], payment(PAYEE_PARTY="2")) == ("CD", "")


def test_an_approved_override_fills_a_disagreeing_name_and_nothing_else():
    key = frozenset({b"100000000010201"})
    assert payees([payee(REGISTRANT_KANA="ｲﾒｲｷﾞ")], overrides=key) == ("00", "0" + individual(1))
    assert payees([payee("123456789012", REGISTRANT_KANA="ｲﾒｲｷﾞ")], overrides=key) == ("CD", "")


def test_items_that_stay_empty_are_listed_contractor_first_and_hold_no_number():
    _, empty = matched([payment()], [payee("123456789012")])
    assert [(row["ITEM-ROLE"], row["REASON"]) for row in empty] == [("01", "NR"), ("02", "CD")]
    assert set(load("UNMATCH").named()) == {
        "POLICY-NO",
        "ROLE-CODE",
        "PAYEE-NO",
        "PAYMENT-NO",
        "ITEM-ROLE",
        "REASON",
    }


def test_a_payment_is_never_dropped():
    payments = [payment(PAYMENT_NO=f"{number:04d}", PLACE=number) for number in range(5)]
    found, _ = matched(payments, [])
    assert [row["PLACE"] for row in found] == [0, 1, 2, 3, 4]


def world(seed, policies=30):
    """Return payments in order and a master in order, dense in every reason."""
    draw = np.random.default_rng(seed)

    def one_of(*values):
        return values[int(draw.integers(len(values)))]

    payments, master = [], []
    for policy in (f"{10_000_000_000 + 7 * number:011d}" for number in range(policies)):
        for place in range(int(draw.integers(4))):
            payments.append(
                payment(
                    POLICY_NO=policy,
                    PAYEE_NO=f"{1 + place // 2:02d}",
                    PAYMENT_NO=f"{place:04d}",
                    STATEMENT_CODE=one_of("310", "366", "323"),
                    PAYEE_PARTY=one_of("1", "1", "2"),
                    CONTRACTOR_PARTY=one_of("1", "1", "2"),
                    PAYEE_KANA=one_of("ｶｸｳ ﾊﾅｺ", "ｶｸｳ ﾊﾅｺ", "カクウ　ハナコ", "ｼｮｳｼﾞ-"),
                    CAUSE_DATE=one_of(20260601, 20260601, 20260601, 20160101, 20151231),
                    PLACE=len(payments),
                )
            )
        for make, payee_no in ((contractor, "00"), (payee, "01"), (payee, "02")):
            for registration in range(int(draw.integers(4))):
                number = one_of(
                    individual(int(draw.integers(99))),
                    individual(7),
                    corporate(8),
                    "123456789012",
                    "12345678901X",
                )
                changes = {
                    "POLICY_NO": policy,
                    "PAYEE_NO": payee_no,
                    "STATE_CODE": one_of(*"1111110297"),
                    "REASON_CODE": one_of("00", "02"),
                }
                if draw.integers(4) == 0:
                    changes["REGISTRANT_KANA"] = one_of("ｶｸｳﾊﾅｺ", "ｼﾖｳｼﾞｰ", "カクウタロウ", "")
                row = make(number, f"{1 + registration:03d}", **changes)
                master.extend([row] * one_of(1, 1, 1, 1, 1, 1, 1, 2))
    return payments, master


@pytest.mark.parametrize("seed", range(8))
def test_the_match_gives_what_the_model_gives(seed):
    payments, master = world(seed)
    found, empty = matched(payments, master)
    expected = [(*model.item(one, master, "02"), *model.item(one, master, "01")) for one in payments]
    names = ("PAYEE-REASON", "PAYEE-NUMBER", "CONTRACTOR-REASON", "CONTRACTOR-NUMBER")
    assert [tuple(row[name] for name in names) for row in found] == expected
    assert len(empty) == sum((row[0] != "00") + (row[2] != "00") for row in expected)


def test_the_worlds_show_every_reason():
    shown = {row["REASON"] for seed in range(8) for row in matched(*world(seed))[1]}
    assert {row.reason for row in decision.TABLE} - {"--", "NN"} <= shown


@settings(max_examples=20, deadline=None)
@given(cuts=st.lists(st.integers(1, 30), min_size=1, max_size=5))
def test_the_match_does_not_depend_on_the_cuts_of_batches(cuts):
    sides = [block(layout, records) for layout, records in zip((PAYPAIR, NUMMAST), world(1), strict=True)]
    assert streamed(RULE, *sides, numbers.GROUP_KEY, cuts) == streamed(
        RULE, *sides, numbers.GROUP_KEY, [10_000]
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_a_partitioned_engine_matches_the_same_bytes(seed):
    sides = [block(layout, records) for layout, records in zip((PAYPAIR, NUMMAST), world(seed), strict=True)]
    whole = streamed(RULE, *sides, numbers.GROUP_KEY, [10_000])
    assert partitioned(RULE, *sides, numbers.GROUP_KEY, order=(19, numbers.MASTER_KEY)) == whole


def test_totals_count_filled_and_empty_items():
    payments, master = world(2)
    sides = (block(PAYPAIR, payments), block(NUMMAST, master))
    counts = Counter(totals.of_matches(batches.block(RULE(*map(batches.to_batch, sides))["match"])))
    _, empty = matched(payments, master)
    assert counts["written"] == len(payments)
    assert counts["matched.payee"] + counts["matched.contractor"] + counts["empty"] == 2 * len(payments)
    assert counts["empty"] == len(empty) == sum(n for name, n in counts.items() if name.startswith("empty."))
    assert totals.doubtful(counts) == sum(row["REASON"] in decision.DOUBTS for row in empty)
