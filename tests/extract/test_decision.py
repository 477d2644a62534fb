"""The decision table of the extract: thresholds, sums, years, statements."""

import pytest

from chosho.copybook import load
from chosho.extract import decision, verdict
from tests.extract.flows import run
from tests.extract.records import CONTRACT, PAYSRC, annuity, contract, host, payment


def outcomes(*records, kinds="310 366", period="2026"):
    """Return the counts of the extract that are not zero, without amounts and readings."""
    counts = run(
        host(PAYSRC, records),
        host(CONTRACT, [contract(POLICY_NO=f"1000000000{n}") for n in range(10)]),
        kinds=kinds,
        period=period,
    ).counts
    wanted = ("kept.310", "kept.366", "kept.323", "left_out.", "rejected.")
    return {
        name: n for name, n in counts.items() if name.startswith(wanted) and not name.endswith(".yen") and n
    }


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (0, {"left_out.LUMP": 1}),
        (999_999, {"left_out.LUMP": 1}),
        (1_000_000, {"left_out.LUMP": 1}),
        (1_000_001, {"kept.310": 1}),
    ],
)
def test_lump_sums_need_a_statement_above_one_million(amount, expected):
    assert outcomes(payment(BENEFIT_AMOUNT=amount)) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (199_999, {"left_out.ANNU": 1}),
        (200_000, {"left_out.ANNU": 1}),
        (200_001, {"kept.366": 1}),
    ],
)
def test_annuities_need_a_statement_above_two_hundred_thousand(amount, expected):
    assert outcomes(annuity(ANNUITY_PAID_AMOUNT=amount)) == expected


def test_added_benefit_counts_dividends_and_loans_do_not():
    plain = {"BENEFIT_AMOUNT": 900_000, "ADDED_BENEFIT_AMOUNT": 100_000}
    assert outcomes(payment(**plain, UNPAID_DIVIDEND_AMOUNT=500_000)) == {"left_out.LUMP": 1}
    assert outcomes(
        payment(**{**plain, "ADDED_BENEFIT_AMOUNT": 100_001}, LOAN_AND_INTEREST_AMOUNT=900_000)
    ) == {"kept.310": 1}


def test_lump_sums_of_one_event_are_added_up_over_contracts():
    one = payment(BENEFIT_AMOUNT=800_000, EVENT_CODE="01")
    other = payment(BENEFIT_AMOUNT=600_000, EVENT_CODE="01", POLICY_NO="10000000002")
    assert outcomes(one, other) == {"kept.310": 2}


def test_a_sum_of_exactly_one_million_is_left_out():
    one = payment(BENEFIT_AMOUNT=400_000)
    other = payment(BENEFIT_AMOUNT=600_000, POLICY_NO="10000000002")
    assert outcomes(one, other) == {"left_out.LUMP": 2}


@pytest.mark.parametrize(
    "difference",
    [
        {"EVENT_CODE": "01"},
        {"EVENT_DATE": 20260602},
        {"PAYMENT_DATE": 20260616},
        {"CUSTOMER_NO": "0000000009"},
    ],
    ids=["another event", "another event day", "another payment day", "another payee"],
)
def test_what_is_not_one_event_is_not_added_up(difference):
    one = payment(BENEFIT_AMOUNT=800_000)
    other = payment(BENEFIT_AMOUNT=600_000, POLICY_NO="10000000002", **difference)
    assert outcomes(one, other) == {"left_out.LUMP": 2}


def test_a_lump_sum_under_inheritance_tax_adds_nothing_and_belongs_to_statement_323():
    one = payment(BENEFIT_AMOUNT=800_000)
    other = payment(BENEFIT_AMOUNT=5_000_000, TAX_CATEGORY="3", POLICY_NO="10000000002")
    assert outcomes(one, other) == {"left_out.LUMP": 1, "left_out.K323": 1}


def test_companies_are_judged_like_persons():
    assert outcomes(payment(BENEFIT_AMOUNT=1_000_001, PAYEE_PARTY="2")) == {"kept.310": 1}
    assert outcomes(payment(BENEFIT_AMOUNT=1_000_000, PAYEE_PARTY="2")) == {"left_out.LUMP": 1}


def test_annuities_of_a_year_are_added_up_over_contracts_and_days():
    one = annuity(ANNUITY_PAID_AMOUNT=150_000)
    other = annuity(ANNUITY_PAID_AMOUNT=50_001, POLICY_NO="10000000002", PAYMENT_DATE=20261231)
    assert outcomes(one, other) == {"kept.366": 2}


def test_annuities_of_another_year_add_nothing():
    one = annuity(ANNUITY_PAID_AMOUNT=150_000, PAYMENT_DATE=20260101)
    other = annuity(ANNUITY_PAID_AMOUNT=150_000, PAYMENT_DATE=20251231, PAYMENT_NO=2)
    assert outcomes(one, other) == {"left_out.ANNU": 1, "left_out.YEAR": 1}


def test_lump_sums_and_annuities_are_not_added_to_each_other():
    assert outcomes(payment(BENEFIT_AMOUNT=999_999), annuity(ANNUITY_PAID_AMOUNT=199_999, PAYMENT_NO=2)) == {
        "left_out.LUMP": 1,
        "left_out.ANNU": 1,
    }


def test_inherited_annuities_always_need_a_statement_and_count_for_the_year():
    inherited = annuity(
        ANNUITY_PAID_AMOUNT=60_000, INHERITED_FLAG="1", TAX_CATEGORY="3", INHERITED_START_DATE=20200401
    )
    assert outcomes(inherited) == {"kept.366": 1}
    assert outcomes(inherited, annuity(ANNUITY_PAID_AMOUNT=140_000, PAYMENT_NO=2)) == {
        "kept.366": 1,
        "left_out.ANNU": 1,
    }
    assert outcomes(inherited, annuity(ANNUITY_PAID_AMOUNT=140_001, PAYMENT_NO=2)) == {"kept.366": 2}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (20251231, {"left_out.YEAR": 1}),
        (20260101, {"kept.310": 1}),
        (20261231, {"kept.310": 1}),
        (20270101, {"left_out.YEAR": 1}),
    ],
)
def test_only_the_tax_year_counts(day, expected):
    assert outcomes(payment(PAYMENT_DATE=day)) == expected


def test_a_payment_that_stands_twice_does_not_count_twice():
    one = payment(BENEFIT_AMOUNT=600_000)
    assert outcomes(one, one) == {"left_out.LUMP": 1, "rejected.DUPK": 1}


def inherited(**changes):
    """Return a lump sum taxed as inheritance or gift: a death benefit."""
    return payment(**{"TAX_CATEGORY": "3", "EVENT_CODE": "01", **changes})


MONTHLY = {"kinds": "323", "period": "202606"}


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (0, {"left_out.LUMP": 1}),
        (999_999, {"left_out.LUMP": 1}),
        (1_000_000, {"left_out.LUMP": 1}),
        (1_000_001, {"kept.323": 1}),
    ],
)
def test_death_benefits_need_a_statement_323_above_one_million(amount, expected):
    assert outcomes(inherited(BENEFIT_AMOUNT=amount), **MONTHLY) == expected


def test_death_benefits_of_one_event_are_added_up_over_contracts_and_dividends_are_not():
    one = inherited(BENEFIT_AMOUNT=500_000, UNPAID_DIVIDEND_AMOUNT=900_000)
    for amount, expected in ((500_000, {"left_out.LUMP": 2}), (500_001, {"kept.323": 2})):
        other = inherited(BENEFIT_AMOUNT=amount, POLICY_NO="10000000002")
        assert outcomes(one, other, **MONTHLY) == expected
        other = {**other, "PAYMENT-DATE": 20260616}
        assert outcomes(one, other, **MONTHLY) == {"left_out.LUMP": 2}


def test_a_company_that_is_paid_a_death_benefit_is_judged_like_a_person():
    assert outcomes(inherited(BENEFIT_AMOUNT=1_000_001, PAYEE_PARTY="2"), **MONTHLY) == {"kept.323": 1}


def test_a_lump_sum_of_one_time_income_adds_nothing_to_a_death_benefit():
    one = inherited(BENEFIT_AMOUNT=600_000)
    other = payment(BENEFIT_AMOUNT=600_000, EVENT_CODE="01", POLICY_NO="10000000002")
    both = {"kinds": "310 366 323", "period": "2026"}
    assert outcomes(one, other, **both) == {"left_out.LUMP": 2}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (20260531, {"left_out.YEAR": 1}),
        (20260601, {"kept.323": 1}),
        (20260630, {"kept.323": 1}),
        (20260701, {"left_out.YEAR": 1}),
        (20250615, {"left_out.YEAR": 1}),
    ],
)
def test_only_the_month_of_the_payment_counts_not_that_of_the_event(day, expected):
    record = inherited(PAYMENT_DATE=day, EVENT_DATE=20240101)
    assert outcomes(record, **MONTHLY) == expected


def test_what_becomes_a_statement_of_another_deck_is_left_out_under_its_code():
    annuities = (
        annuity(PAYMENT_NO=2),
        annuity(PAYMENT_NO=3, INHERITED_FLAG="1", TAX_CATEGORY="3", INHERITED_START_DATE=20200401),
    )
    records = (payment(BENEFIT_AMOUNT=5), *annuities, inherited(PAYMENT_NO=4))
    assert outcomes(*records, **MONTHLY) == {"left_out.K310": 1, "left_out.K366": 2, "kept.323": 1}
    assert outcomes(*records) == {"left_out.LUMP": 1, "kept.366": 2, "left_out.K323": 1}


def test_an_annuity_taxed_as_inheritance_is_never_a_323():
    record = annuity(
        ANNUITY_PAID_AMOUNT=9_000_000, INHERITED_FLAG="1", TAX_CATEGORY="3", INHERITED_START_DATE=20200401
    )
    assert outcomes(record, kinds="310 366 323") == {"kept.366": 1}


def test_every_code_of_the_table_is_kept_left_out_or_rejected_and_names_its_law():
    named = {*verdict.STATEMENTS, *verdict.LEFT_OUT, verdict.DUPLICATE_PAYMENT}
    assert {row.outcome for row in decision.TABLE} == named
    assert all(row.reason and row.law for row in decision.TABLE)


def test_the_keys_of_the_decision_are_prefixes_of_the_candidate():
    layout = load("PAYCAND")
    assert layout["PAYMENT-DATE"].offset == decision.GROUP_KEY
    assert layout["POLICY-NO"].offset == decision.EVENT_KEY
    assert layout["TAX-CATEGORY"].offset == decision.PAYMENT_KEY
