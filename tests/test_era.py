"""Era years: the real era table, and calendar dates against ``datetime``."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chosho.era import ERAS, era_of, to_date, two_digits, two_digits_block, valid_dates

TABLE = [
    (18730101, "明治", "06"),
    (19120729, "明治", "45"),
    (19120730, "大正", "01"),
    (19261224, "大正", "15"),
    (19261225, "昭和", "01"),
    (19890107, "昭和", "64"),
    (19890108, "平成", "01"),
    (20160930, "平成", "28"),
    (20190430, "平成", "31"),
    (20190501, "令和", "01"),
    (20251231, "令和", "07"),
    (20260101, "令和", "08"),
]
ERA_DATES = st.dates(min_value=dt.date(1873, 1, 1), max_value=dt.date(2099, 12, 31))


def yyyymmdd(date: dt.date) -> int:
    return date.year * 10_000 + date.month * 100 + date.day


@pytest.mark.parametrize(("date", "era", "digits"), TABLE)
def test_era_years_follow_the_era_table(date, era, digits):
    assert (era_of(date).name, two_digits(date)) == (era, digits)


def test_a_block_of_dates_gives_the_same_digits_and_blanks_for_no_date():
    dates = np.array([date for date, _, _ in TABLE] + [0], dtype=np.int32)
    expected = b"".join(digits.encode() for _, _, digits in TABLE) + b"  "
    assert two_digits_block(dates).tobytes() == expected
    assert two_digits(0) == "  "


@given(st.lists(ERA_DATES, max_size=50))
def test_blocks_and_single_dates_agree(dates):
    numbers = np.array([yyyymmdd(date) for date in dates], dtype=np.int32)
    assert two_digits_block(numbers).tobytes().decode() == "".join(map(two_digits, numbers.tolist()))


@given(ERA_DATES)
def test_an_era_date_comes_back_as_the_same_date(date):
    number = yyyymmdd(date)
    assert to_date(era_of(number).name, int(two_digits(number)), date.month, date.day) == date


@pytest.mark.parametrize("date", [18721231, 20190230, 1, -20190501, 20191301, 20190500])
def test_what_is_no_date_of_the_table_has_no_era(date):
    with pytest.raises(ValueError, match="era table"):
        two_digits(date)
    with pytest.raises(ValueError, match="era table"):
        two_digits_block(np.array([20190501, date]))


@pytest.mark.parametrize(
    ("era", "year", "month", "day"),
    [
        ("平成", 31, 5, 1),
        ("令和", 1, 4, 30),
        ("昭和", 64, 1, 8),
        ("元禄", 1, 1, 1),
        ("令和", 0, 5, 1),
        ("令和", 5, 2, 29),
    ],
)
def test_a_day_that_an_era_did_not_have_is_refused(era, year, month, day):
    with pytest.raises(ValueError, match=r"era|day|month|year"):
        to_date(era, year, month, day)


def test_eras_follow_each_other():
    assert [era.name for era in ERAS] == ["明治", "大正", "昭和", "平成", "令和"]
    assert [era.first_day for era in ERAS] == sorted(era.first_day for era in ERAS)


def is_date(number: int) -> bool:
    try:
        dt.date(number // 10_000, number // 100 % 100, number % 100)
    except ValueError:
        return False
    return True


@given(st.lists(st.integers(-99_999_999, 99_999_999) | st.integers(19000101, 21001231), max_size=200))
def test_calendar_dates_are_those_that_datetime_accepts(numbers):
    assert valid_dates(np.array(numbers, dtype=np.int64)).tolist() == [n > 0 and is_date(n) for n in numbers]


@pytest.mark.parametrize(
    ("date", "valid"),
    [(20000229, True), (19000229, False), (20240229, True), (20230229, False), (20230431, False), (0, False)],
)
def test_leap_days_follow_the_gregorian_rule(date, valid):
    assert valid_dates(np.array([date], dtype=np.int32)).tolist() == [valid]
