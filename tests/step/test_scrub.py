"""No long run of digits passes."""

import pytest

from chosho.step.scrub import places, scrub


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("number 123456789012.", "number #."),
        ("1234-5678-9012", "#"),
        ("1234 5678 9012", "#"),
        ("１２３４５６７８９０１２", "#"),
        ("'7123456789012'", "'#'"),
        ("12345678901 2345", "#"),
        ("20270112", "20270112"),
        ("line 12 of 3456", "line 12 of 3456"),
        ("", ""),
    ],
)
def test_runs_of_nine_digits_and_more_are_replaced(text, expected):
    assert scrub(text) == expected


def test_the_places_of_an_error_hold_no_values():
    def outer():
        inner("123456789012")

    def inner(number):
        raise ValueError(number)

    try:
        outer()
    except ValueError as error:
        told = places(error)
    assert "test_scrub.py:" in told
    assert "inner" in told
    assert "1234" not in told
