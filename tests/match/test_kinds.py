"""Which statements carry whose number, at both edges of 支払事由 and 年分."""

import numpy as np
import pytest

from chosho.match import kinds
from chosho.statement import layout
from tests.match.masters import contractor, corporate, payee, payment
from tests.match.test_numbers import matched

LAST_BEFORE, FIRST = 20151231, 20160101
MASTER = [payee(), contractor()]


def reasons(record, tax_year=2026):
    """Return the reasons of the payee's and of the contractor's item."""
    (row,), empty = matched([record], MASTER, tax_year=tax_year)
    assert len(empty) == (row["PAYEE-REASON"] != "00") + (row["CONTRACTOR-REASON"] != "00")
    assert (row["PAYEE-NUMBER"] == "") == (row["PAYEE-REASON"] != "00")
    return row["PAYEE-REASON"], row["CONTRACTOR-REASON"]


@pytest.mark.parametrize("kind", ["310", "366", "323"])
def test_numbers_are_written_for_causes_from_2016_on(kind):
    assert reasons(payment(STATEMENT_CODE=kind, CAUSE_DATE=FIRST)) == ("00", "00")
    assert reasons(payment(STATEMENT_CODE=kind, CAUSE_DATE=LAST_BEFORE)) == ("BF", "BF")


@pytest.mark.parametrize("kind", ["310", "366"])
@pytest.mark.parametrize(("tax_year", "reason"), [(2015, "BF"), (2016, "00")])
def test_numbers_are_written_from_heisei_28_on(kind, tax_year, reason):
    assert reasons(payment(STATEMENT_CODE=kind, CAUSE_DATE=FIRST), tax_year) == (reason, reason)


def test_the_year_of_323_is_that_of_its_cause_whatever_the_deck_says():
    assert reasons(payment(STATEMENT_CODE="323", CAUSE_DATE=FIRST), 2015) == ("00", "00")
    assert reasons(payment(STATEMENT_CODE="323", CAUSE_DATE=LAST_BEFORE), 2026) == ("BF", "BF")


def test_too_early_goes_before_every_other_reason():
    (row,), _ = matched([payment(CAUSE_DATE=LAST_BEFORE)], [])
    assert row["PAYEE-REASON"] == "BF"


def test_a_company_has_its_number_on_310_and_323_and_not_as_payee_of_366():
    for kind, reason in (("310", "00"), ("323", "00"), ("366", "KD")):
        (row,), _ = matched([payment(STATEMENT_CODE=kind, PAYEE_PARTY="2")], [payee(corporate(5))])
        assert row["PAYEE-REASON"] == reason


def test_the_table_says_what_the_layouts_say():
    for row in kinds.TABLE:
        items = [item for item in layout.load(row.kind).items if item.field.startswith("MATCH.")]
        fields = {item.field.removeprefix("MATCH.") for item in items}
        carried = {"PAYEE-NUMBER": row.payee, "CONTRACTOR-NUMBER": row.contractor}
        assert fields == {name for name, here in carried.items() if here}
        assert {item.first_year for item in items} <= {kinds.FIRST_YEAR}
        persons = {item.field for item in items if item.content is layout.Content.INDIVIDUAL}
        assert persons == ({"MATCH.PAYEE-NUMBER"} if row.payee_persons_only else set())
        assert row.law


def test_an_unknown_kind_has_no_row():
    with pytest.raises(KeyError):
        kinds.too_early("311", np.array([FIRST]), 2026)
