"""Odd amounts of annuities: withholding with its limit and its floor, the premium ratio rounded up; listed, never dropped."""

import numpy as np
import pytest

from chosho.copybook import load
from chosho.extract import amounts
from tests.extract.flows import rows, run
from tests.extract.records import CONTRACT, PAYSRC, annuity, contract, host, payment


def odd(*records):
    """Return record number, rule and item of what is found; nothing is dropped for it."""
    result = run(host(PAYSRC, records), host(CONTRACT, [contract()]))
    assert result.counts["kept"] == len(records)
    assert result.counts["findings"] == len(result.findings)
    found = rows(load("FINDING"), result.findings)
    assert {(row["FILE-NAME"], row["SEVERITY"]) for row in found} <= {("PAYMENT", "W")}
    return [(row["RECORD-NO"], row["RULE-ID"], row["ITEM-NO"]) for row in found]


WRONG = [(1, "WHTAX", 21)]


@pytest.mark.parametrize(
    ("paid", "premium", "tax", "expected"),
    [
        (349_999, 100_000, 0, []),  # 249,999 in the year: nothing is withheld
        (349_999, 100_000, 25_524, WRONG),
        (350_000, 100_000, 25_525, []),  # 250,000 x 10.21 % = 25,525
        (350_000, 100_000, 0, WRONG),
        (350_009, 100_000, 25_525, []),  # 25,525.9..., floored
        (350_009, 100_000, 25_526, WRONG),
    ],
)
def test_withholding_has_a_limit_and_is_floored(paid, premium, tax, expected):
    record = annuity(ANNUITY_PAID_AMOUNT=paid, ANNUITY_PREMIUM_AMOUNT=premium, WITHHOLDING_TAX=tax)
    assert odd(record) == expected


def test_the_limit_is_that_of_the_year_and_each_payment_is_floored_by_itself():
    each = {"ANNUITY_PAID_AMOUNT": 125_001, "WITHHOLDING_TAX": 12_762}
    assert odd(annuity(**each), annuity(**each, PAYMENT_NO=2)) == []
    assert odd(annuity(**{**each, "WITHHOLDING_TAX": 0}), annuity(**each, PAYMENT_NO=2)) == WRONG


def test_another_payee_or_policy_has_a_limit_of_its_own():
    each = {"ANNUITY_PAID_AMOUNT": 201_000}
    assert odd(annuity(**each), annuity(**each, PAYEE_NO=2, CUSTOMER_NO="0000000009")) == []


def test_nothing_is_withheld_from_inherited_annuities():
    inherited = {"INHERITED_FLAG": "1", "TAX_CATEGORY": "3", "INHERITED_START_DATE": 20200401}
    assert odd(annuity(ANNUITY_PAID_AMOUNT=900_000, **inherited)) == []
    assert odd(annuity(ANNUITY_PAID_AMOUNT=900_000, WITHHOLDING_TAX=1, **inherited)) == WRONG


@pytest.mark.parametrize("other", [{"PAYEE_PARTY": "2"}, {"PAYEE_OVERSEAS": "1"}])
def test_companies_and_payees_abroad_follow_other_rules(other):
    assert odd(annuity(ANNUITY_PAID_AMOUNT=900_000, **other)) == []


def test_a_lump_sum_has_no_withholding_to_look_at():
    assert odd(payment()) == []


@pytest.mark.parametrize(
    ("year", "tax"), [(2012, 25_000), (2013, 25_525), (2026, 25_525), (2037, 25_525), (2038, 25_000)]
)
def test_the_reconstruction_tax_has_its_years(year, tax):
    net = np.array([250_000])
    assert amounts.withholding(net, net, np.array([year])).tolist() == [tax]


@pytest.mark.parametrize(
    ("premiums", "total", "percent"),
    [(455_000, 1_000_000, 46), (450_000, 1_000_000, 45), (450_001, 1_000_000, 46), (1, 3, 34), (5, 5, 100)],
)
def test_the_premium_ratio_is_rounded_up_to_two_decimals(premiums, total, percent):
    assert amounts.premium_percent(np.array([premiums]), np.array([total])).tolist() == [percent]


@pytest.mark.parametrize(
    ("ratio", "expected"), [(46_000, []), (45_500, [(1, "RATIO", 32)]), (45_000, [(1, "RATIO", 32)])]
)
def test_a_ratio_that_its_amounts_do_not_give_is_found(ratio, expected):
    record = annuity(
        INHERITED_FLAG="1",
        TAX_CATEGORY="3",
        INHERITED_START_DATE=20200401,
        PAID_PREMIUM_TOTAL=455_000,
        INHERITED_TOTAL_AMOUNT=1_000_000,
        INHERITED_RATIO=ratio,
    )
    assert odd(record) == expected
    assert odd({**record, "PAID-PREMIUM-TOTAL": 0}) == []


def test_the_setting_keeps_the_list_empty():
    source, master = host(PAYSRC, [annuity(WITHHOLDING_TAX=7)]), host(CONTRACT, [contract()])
    assert len(run(source, master).findings) == 1
    assert len(run(source, master, look_at_amounts=False).findings) == 0
