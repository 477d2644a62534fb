"""Symbols in the values of a deck."""

from datetime import date

import pytest

from chosho.batch.symbols import UnknownSymbolError, built_in, substitute


def test_the_built_in_symbols_come_from_the_business_date():
    symbols = built_in(date(2027, 1, 12))
    assert symbols == {
        "BUSINESS_DATE": "20270112",
        "YEAR": "2027",
        "PREVIOUS_YEAR": "2026",
        "PREVIOUS_MONTH": "202612",
    }


@pytest.mark.parametrize(
    ("day", "month"),
    [
        (date(2027, 3, 31), "202702"),
        (date(2027, 3, 1), "202702"),
        (date(2027, 1, 1), "202612"),
        (date(2027, 12, 31), "202711"),
    ],
)
def test_the_month_before_is_that_of_the_business_date(day, month):
    assert built_in(day)["PREVIOUS_MONTH"] == month


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("&A", "1"),
        ("x&A.y", "x1y"),
        ("&A.&B", "12"),
        ("&A..&B", "1.2"),
        ("A && B", "A & B"),
        ("plain", "plain"),
        ("&C", "&A"),
    ],
)
def test_symbols_are_filled_in_once(value, expected):
    assert substitute(value, {"A": "1", "B": "2", "C": "&A"}) == expected


@pytest.mark.parametrize("value", ["&X", "&a", "R& D", "&"])
def test_an_unknown_symbol_is_refused(value):
    with pytest.raises(UnknownSymbolError):
        substitute(value, {"A": "1"})
