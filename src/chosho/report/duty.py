"""Duties (期限のある仕事): what somebody has to do by a day, and how many days are left.

Being late never undoes work: an overdue duty stands here and on the morning page until it is done.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from chosho.business_days import Calendar

_STATEMENTS_DUE: Final = (1, 31)
"""Month and day by which the statements of the year before are submitted (所得税法225条; on a day off, the next business day)."""


STATEMENTS: Final = "STATEMENTS"
"""The source of the yearly statements."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Duty:
    """Something to be done; sorted by due date."""

    due: dt.date
    source: str
    """PF, REPORT, INBOX or STATEMENTS."""
    what: str
    """In the words of the house; names no person."""
    how: str = ""
    """The command that shows or does it."""

    def left(self, today: dt.date) -> int:
        """Return the days that are left; 0 on the due date, below 0 after it."""
        return (self.due - today).days

    def overdue(self, today: dt.date) -> bool:
        """Return whether the due date has passed."""
        return self.due < today


def of_pf_keys(keys: Mapping[dt.date, int]) -> Iterable[Duty]:
    """Yield the PF deletions that are not closed, by the day on which the PF's keys have to be gone.

    Args:
        keys: due date → keys that are open.
    """
    for due, number in keys.items():
        yield Duty(due=due, source="PF", what=f"PF削除 {number:,}件", how="chosho pf list")


def of_unsigned(days: Iterable[dt.date], calendar: Calendar) -> Iterable[Duty]:
    """Yield the handling reports that nobody has signed, each due on the business day after its own."""
    for day in days:
        yield Duty(
            due=calendar.next_business_day(day),
            source="REPORT",
            what=f"{day} の取扱い記録の確認",
            how=f"chosho report show {day}",
        )


def of_refused(files: Iterable[tuple[str, str, str, dt.date]], calendar: Calendar) -> Iterable[Duty]:
    """Yield the inbox files that were refused, each to be settled with its sender by the next business day.

    Args:
        files: title of the channel, name, reason code, the business date of the night that refused it.
        calendar: the business calendar.
    """
    for title, name, reason, day in files:
        yield Duty(
            due=calendar.next_business_day(day),
            source="INBOX",
            what=f"{title} {name} 受付不可（{reason}）",
            how="chosho inbox list",
        )


def of_unerased(files: Iterable[tuple[str, str, dt.date]], calendar: Calendar) -> Iterable[Duty]:
    """Yield the inbox files that were to be erased and still lie there, each to be taken away by the next business day.

    Args:
        files: title of the channel, name, the business date of the night that judged it.
        calendar: the business calendar.
    """
    for title, name, day in files:
        yield Duty(
            due=calendar.next_business_day(day),
            source="INBOX",
            what=f"{title} {name} 消去できず（受付箱を確かめる）",
            how="chosho inbox list",
        )


def of_statements(
    today: dt.date, calendar: Calendar, *, made: Collection[int], since: dt.date
) -> Iterable[Duty]:
    """Yield the statements of each year that are not made: from 1 January of the next one on, and after their deadline as overdue.

    Args:
        today: the day.
        calendar: the business calendar.
        made: the years of which the statements are made.
        since: when the data root was set up; deadlines that were over by then were somebody else's.
    """
    for year in sorted({today.year, *range(max(since.year, calendar.first.year), today.year)}):
        due = statements_due(year, calendar)
        if year - 1 not in made and (today <= due or since <= due):
            older = "" if year == today.year else f" --set TAX_YEAR={year - 1}"
            what = f"{year - 1}年分の支払調書の提出"
            yield Duty(due=due, source=STATEMENTS, what=what, how=f"chosho submit JANUARY{older}")


def statements_due(year: int, calendar: Calendar) -> dt.date:
    """Return the day by which the statements that a year's January is for are submitted."""
    return calendar.roll_forward(dt.date(year, *_STATEMENTS_DUE))
