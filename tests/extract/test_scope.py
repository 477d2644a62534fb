"""The scope of a deck: kinds and days."""

import pytest

from chosho.errors import InputRefused
from chosho.extract.scope import Scope


def test_a_year_and_a_month_have_their_first_and_last_day():
    assert Scope.of("366 310", "2026") == Scope(kinds=("310", "366"), first=20260101, last=20261231)
    assert Scope.of("323", "202702") == Scope(kinds=("323",), first=20270201, last=20270231)
    assert Scope.of("323", "202702").year == 2027


@pytest.mark.parametrize("kinds", ["", "386", "310,366", "310 999"])
def test_kinds_that_are_not_made_of_payments_are_refused(kinds):
    with pytest.raises(InputRefused, match="CHSR012E"):
        Scope.of(kinds, "2026")


@pytest.mark.parametrize("period", ["", "26", "202613", "202600", "20260101", "２０２６", "2026-1"])
def test_a_period_that_is_no_year_and_no_month_is_refused(period):
    with pytest.raises(InputRefused, match="CHSR013E"):
        Scope.of("310", period)
