"""Japanese era years (和暦): from calendar dates to the two digits that statements carry, and back.

The tax office's layouts have no item for the era itself: the year is two digits, zero padded (平成28年 = 28, 令和元年
= 01; disc standard, record layouts). Eras change within a year: 平成31 ends on 2019-04-30, 令和1 starts on 2019-05-01.
Dates are whole numbers yyyymmdd, as in the records; 0 means that there is no date.

>>> two_digits(20190430), two_digits(20190501)
('31', '01')
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Dates = npt.NDArray[np.integer]
"""Dates yyyymmdd, any integer type, shape ``[n]``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Era:
    """An era (元号): its name, its first day (yyyymmdd) and the calendar year of its year 1."""

    name: str
    first_day: int
    first_year: int


ERAS = (
    # 明治 counts from 1868; Japan keeps the calendar of today since 1873-01-01 (明治6),太政官布告337号 of 明治5.
    Era(name="明治", first_day=18730101, first_year=1868),
    Era(name="大正", first_day=19120730, first_year=1912),
    Era(name="昭和", first_day=19261225, first_year=1926),
    Era(name="平成", first_day=19890108, first_year=1989),  # 昭和64年政令1号
    Era(name="令和", first_day=20190501, first_year=2019),  # 平成31年政令143号
)
"""The era table (元号表), oldest first."""

_FIRST_DAYS = np.array([era.first_day for era in ERAS], dtype=np.int32)
_FIRST_YEARS = np.array([era.first_year for era in ERAS], dtype=np.int32)
_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int32)
_FEBRUARY = 2
_MONTHS = 12
_MOST_YEARS = 99
_ZERO = 0x30
_SPACE = 0x20


def era_of(date: int) -> Era:
    """Return the era of a date yyyymmdd.

    Raises:
        ValueError: it is no calendar date, or it lies before the era table (1873-01-01).
    """
    if not bool(valid_dates(np.array([date]))[0]) or date < ERAS[0].first_day:
        raise ValueError("not a date of the era table")
    return next(era for era in reversed(ERAS) if date >= era.first_day)


def two_digits(date: int) -> str:
    """Return the era year of a date yyyymmdd as two digits; two spaces for 0, which means no date.

    Raises:
        ValueError: it is no calendar date, or it lies before the era table.
    """
    if date == 0:
        return "  "
    return f"{date // 10_000 - era_of(date).first_year + 1:02d}"


def two_digits_block(dates: Dates) -> npt.NDArray[np.uint8]:
    """Return the era years of dates yyyymmdd as ASCII digits, shape ``[n, 2]``; spaces for 0.

    Raises:
        ValueError: some date is neither 0 nor a date of the era table (see :func:`valid_dates`), or its era
            year has three digits.
    """
    days = _narrow(dates)
    absent = days == 0
    era = np.searchsorted(_FIRST_DAYS, days, side="right") - 1
    if not bool((absent | (valid_dates(days) & (era >= 0))).all()):
        raise ValueError("dates outside the era table")
    years = days // 10_000 - _FIRST_YEARS[np.maximum(era, 0)] + 1
    if bool((years[~absent] > _MOST_YEARS).any()):
        raise ValueError("an era year of three digits")
    block = np.empty((len(days), 2), dtype=np.uint8)
    block[:, 0] = np.where(absent, _SPACE, _ZERO + years // 10)
    block[:, 1] = np.where(absent, _SPACE, _ZERO + years % 10)
    return block


def valid_dates(dates: Dates) -> npt.NDArray[np.bool_]:
    """Return which of the numbers yyyymmdd are calendar dates (years 1 to 9999, leap days by the Gregorian rule)."""
    days = _narrow(dates)
    year = days // 10_000
    month_day = days - year * 10_000
    month = month_day // 100
    day = month_day - month * 100
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    known = (month >= 1) & (month <= _MONTHS)
    last = _MONTH_DAYS[np.where(known, month, 0)] + (leap & (month == _FEBRUARY))
    valid: npt.NDArray[np.bool_] = (year >= 1) & (year <= dt.MAXYEAR) & known & (day >= 1) & (day <= last)
    return valid


def _narrow(dates: Dates) -> npt.NDArray[np.int32]:
    """Return the numbers in 32 bits, which numpy divides faster; what is no date anyway stays none."""
    if dates.dtype == np.int32:
        return dates.astype(np.int32, copy=False)
    return np.clip(dates.astype(np.int64), -1, np.iinfo(np.int32).max).astype(np.int32)


def to_date(era: str, year: int, month: int, day: int) -> dt.date:
    """Return the calendar date of an era date: ``to_date("令和", 1, 5, 1)`` is 2019-05-01.

    Args:
        era: the era's name in two kanji.
        year: the era year, from 1 (元年).
        month: from 1.
        day: from 1.

    Raises:
        ValueError: the era is not in the table, or it had no such day (平成31年5月1日 is 令和).
    """
    row = next((row for row in ERAS if row.name == era), None)
    if row is None:
        raise ValueError("not an era of the era table")
    date = dt.date(row.first_year + year - 1, month, day)
    if era_of(date.year * 10_000 + date.month * 100 + date.day) is not row:
        raise ValueError("the era had no such day")
    return date
