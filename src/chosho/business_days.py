"""The business calendar (営業日カレンダー): which days count as business days (営業日).

No business days are Saturdays, Sundays, the national holidays (国民の祝日, with substitute holidays 振替休日 and
citizens' holidays 国民の休日; 国民の祝日に関する法律) and the closure at the turn of the year. The days themselves
are data, ``datasets/CALENDAR.yaml``, which somebody approves each year: a law must not change by a package upgrade.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Self

import pydantic

from chosho import document
from chosho.errors import InputRefused

_DAY = re.compile(r"(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
_SATURDAY = 5
_ONE_DAY = dt.timedelta(days=1)


class YearEnd(pydantic.BaseModel):
    """The closure at the turn of the year (年末年始), both days included, as ``MM-DD``."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    first: str = pydantic.Field(alias="from", pattern=_DAY.pattern)
    last: str = pydantic.Field(alias="to", pattern=_DAY.pattern)

    def holds(self, day: dt.date) -> bool:
        """Return whether a day lies in the closure."""
        here = f"{day:%m-%d}"
        return here >= self.first or here <= self.last


class Calendar(pydantic.BaseModel):
    """The business calendar: the holidays of each year by ``MM-DD``, the years without gaps; ``approved_by`` a role."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    approved_by: str
    year_end: YearEnd
    """The house's own closure."""
    tax_year_end: YearEnd = YearEnd.model_validate({"from": "12-29", "to": "01-03"})
    """The days at the turn of the year on which no tax deadline ends (国税通則法10条2項); the house may work on some."""
    holidays: Mapping[int, Mapping[str, str]]

    @classmethod
    def load(cls, text: str, *, source: str = "CALENDAR.yaml") -> Self:
        """Return the calendar that a YAML text describes.

        Raises:
            InputRefused: the text does not fit (CHSD010E, CHSD011E).
        """
        return document.load(text, source=source, model=cls)

    @pydantic.field_validator("holidays")
    @classmethod
    def _check_holidays(cls, years: Mapping[int, Mapping[str, str]]) -> Mapping[int, Mapping[str, str]]:
        if sorted(years) != list(range(min(years, default=1), max(years, default=0) + 1)) or not years:
            raise ValueError("the years have a gap, or there are none")
        for year, days in years.items():
            for day in days:
                if not _DAY.fullmatch(day):
                    raise ValueError(f"{year} {day} is not MM-DD")
                dt.date.fromisoformat(f"{year:04d}-{day}")
        return years

    @property
    def first(self) -> dt.date:
        """The first day that the calendar holds."""
        return dt.date(min(self.holidays), 1, 1)

    @property
    def last(self) -> dt.date:
        """The last day that the calendar holds."""
        return dt.date(max(self.holidays), 12, 31)

    def holiday(self, day: dt.date) -> str | None:
        """Return the name of the national holiday that a day is, or None.

        Raises:
            InputRefused: the calendar does not hold the day (CHSC060E).
        """
        if day.year not in self.holidays:
            raise InputRefused("CHSC060E", date=day, first=self.first, last=self.last)
        return self.holidays[day.year].get(f"{day:%m-%d}")

    def is_business_day(self, day: dt.date) -> bool:
        """Return whether a day is a business day (営業日).

        Raises:
            InputRefused: the calendar does not hold the day (CHSC060E).
        """
        return self.holiday(day) is None and day.weekday() < _SATURDAY and not self.year_end.holds(day)

    def roll_forward(self, day: dt.date) -> dt.date:
        """Return the day itself when it is a business day of the house, else the next one.

        Raises:
            InputRefused: the calendar ends before that day (CHSC060E).
        """
        while not self.is_business_day(day):
            day += _ONE_DAY
        return day

    def tax_deadline(self, day: dt.date) -> dt.date:
        """Return the day on which a deadline of tax law ends (国税通則法10条2項).

        One that falls on a Saturday, a Sunday, a holiday or a day from 29 December to 3 January ends on the next day that is
        none of these. The house's own closure moves no deadline.

        Raises:
            InputRefused: the calendar ends before that day (CHSC060E).
        """
        while self.holiday(day) is not None or day.weekday() >= _SATURDAY or self.tax_year_end.holds(day):
            day += _ONE_DAY
        return day

    def next_business_day(self, day: dt.date) -> dt.date:
        """Return the first business day after a day (翌営業日).

        Raises:
            InputRefused: the calendar ends before that day (CHSC060E).
        """
        return self.roll_forward(day + _ONE_DAY)

    def add_business_days(self, day: dt.date, days: int) -> dt.date:
        """Return the business day that lies ``days`` business days after a day (before it, when negative).

        0 gives the day itself, moved forward to a business day.

        Raises:
            InputRefused: the calendar does not reach that day (CHSC060E).
        """
        if days == 0:
            return self.roll_forward(day)
        step = _ONE_DAY if days > 0 else -_ONE_DAY
        for _ in range(abs(days)):
            day += step
            while not self.is_business_day(day):
                day += step
        return day
