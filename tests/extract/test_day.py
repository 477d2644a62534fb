"""Days in bulk, against Python's calendar."""

import datetime as dt

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chosho import era
from chosho.extract import day


@given(st.lists(st.one_of(st.integers(0, 99_999_999), st.integers(20_000_000, 20_301_300))))
def test_days_are_those_of_the_calendar_from_1873_to_2099(numbers):
    def is_day(number):
        try:
            found = dt.date(number // 10000, number // 100 % 100, number % 100)
        except ValueError:
            return False
        return dt.date(1873, 1, 1) <= found < dt.date(2100, 1, 1)

    assert day.valid(np.array(numbers, np.int64)).tolist() == [is_day(number) for number in numbers]


@given(st.lists(st.dates(dt.date(1873, 1, 1), dt.date(2099, 12, 31))))
def test_items_are_era_year_month_and_day(dates):
    numbers = [int(f"{date:%Y%m%d}") for date in dates]
    items = [row.tobytes().decode() for row in day.era_items(np.array(numbers, np.int64))]
    assert items == [f"{era.two_digits(number)}{number % 10000:04d}" for number in numbers]


def test_no_day_has_empty_items():
    assert day.era_items(np.array([day.NONE])).tobytes() == b" " * day.ITEMS


@given(st.lists(st.integers(0, 99_999_999), min_size=1))
def test_eight_digits_are_read_as_a_number_from_a_view(numbers):
    text = np.frombuffer("".join(f"x{number:08d}y" for number in numbers).encode(), np.uint8).reshape(-1, 10)
    assert day.from_text(text[:, 1:9]).tolist() == numbers
