"""Duties (期限のある仕事): what somebody has to do by a day, and how many days are left.

Being late never undoes work: an overdue duty stands here and on the morning page until it is done.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chosho.business_days import Calendar

_JANUARY_END: Final = (1, 31)
"""Month and day by which the yearly statements are submitted: 所得税法225条1項, 相続税法59条2項."""
_FIFTEENTH: Final = 15
"""Day of the next month by which the monthly statements are submitted: 相続税法59条1項."""
_MONTHS: Final = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Filing:
    """Statements that are submitted together (提出), for one period after the other: a year (``2026``) or a month (``202612``)."""

    deck: str
    """The deck that makes them."""
    parameter: str
    """The deck's parameter that names the period."""
    kinds: tuple[str, ...]
    title: str
    monthly: bool = False

    def is_period(self, text: str) -> bool:
        """Return whether a text names a period."""
        if not (text.isascii() and text.isdigit()):
            return False
        return (
            len(text) == len("yyyymm") and 1 <= int(text[4:]) <= _MONTHS
            if self.monthly
            else len(text) == len("yyyy")
        )

    def due(self, period: str, calendar: Calendar) -> dt.date:
        """Return the day by which the statements of a period are submitted, moved as the law moves it."""
        if not self.monthly:
            return calendar.tax_deadline(dt.date(int(period) + 1, *_JANUARY_END))
        year, month = _next_month(int(period[:4]), int(period[4:]))
        return calendar.tax_deadline(dt.date(year, month, _FIFTEENTH))

    def periods(self, since: dt.date, today: dt.date, calendar: Calendar) -> Iterable[str]:
        """Yield the periods that have ended before a day, from the first one whose statements were not due before ``since``."""
        year, month = since.year - 1, since.month  # early enough: what was due before is left out below
        while dt.date(*self._after(year, month), 1) <= today:
            period = f"{year}{month:02d}" if self.monthly else f"{year}"
            if self.due(period, calendar) >= since:
                yield period
            year, month = self._after(year, month)

    def is_over(self, period: str, day: dt.date) -> bool:
        """Return whether a period has ended before a day."""
        return dt.date(*self._after(int(period[:4]), int(period[4:] or 1)), 1) <= day

    def told(self, period: str) -> str:
        """Return the statements of a period in the words of the house."""
        when = f"{period[:4]}年{int(period[4:])}月支払分" if self.monthly else f"{period}年分"
        return f"{when}の{self.title}（{'・'.join(self.kinds)}）の提出"

    def _after(self, year: int, month: int) -> tuple[int, int]:
        """Return the first month after a period."""
        return _next_month(year, month) if self.monthly else (year + 1, 1)


JANUARY: Final = Filing(deck="JANUARY", parameter="TAX_YEAR", kinds=("310", "366"), title="支払調書")
FILINGS: Final = (
    JANUARY,
    Filing(
        deck="MONTHLY323", parameter="MONTH", kinds=("323",), title="保険金受取人別支払調書", monthly=True
    ),
    Filing(deck="CHANGES386", parameter="TAX_YEAR", kinds=("386",), title="契約者の異動に関する調書"),
)
"""Everything that is submitted by a day."""


STATEMENTS: Final = "STATEMENTS"
"""The source of statements that are to be submitted."""


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
    today: dt.date,
    calendar: Calendar,
    *,
    since: dt.date,
    settled: Mapping[str, Collection[str]],
    begun: Mapping[str, Collection[str]] | None = None,
    made: Mapping[tuple[str, str], str] | None = None,
    filings: Sequence[Filing] = FILINGS,
) -> Iterable[Duty]:
    """Yield the statements that are to be submitted, from the end of their period until that is on record, however late.

    Args:
        today: the day.
        calendar: the business calendar.
        since: the day on which the work of this data root began; what was due before it was not its own.
        settled: deck → the periods whose statements were submitted.
        begun: deck → the periods for which it was run, whatever came of it; these are its own, however early they were due.
        made: deck and period → the command that comes next where the statements are made and wait for their submission.
        filings: those that are looked at.
    """
    for filing in filings:
        tried = (period for period in (begun or {}).get(filing.deck, ()) if filing.is_period(period))
        for period in sorted({*filing.periods(since, today, calendar), *tried}):
            if period not in settled.get(filing.deck, ()):
                yield Duty(
                    due=filing.due(period, calendar),
                    source=STATEMENTS,
                    what=filing.told(period),
                    how=(made or {}).get((filing.deck, period))
                    or f"chosho submit {filing.deck} --set {filing.parameter}={period}",
                )


def statements_due(year: int, calendar: Calendar) -> dt.date:
    """Return the day by which the statements that a year's January is for are submitted."""
    return JANUARY.due(f"{year - 1}", calendar)


def _next_month(year: int, month: int) -> tuple[int, int]:
    return (year, month + 1) if month < _MONTHS else (year + 1, 1)
