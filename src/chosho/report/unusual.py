"""Unusual access (異常なアクセス): what the journal holds of persons at odd hours, in large numbers, or refused again and again.

One table of rules; each counts, per person and day in Japan, what it is about, and tells when there is more of it than the
settings allow. Work of jobs is not looked at: nights run at night. A finding accuses nobody; somebody asks.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from chosho.business_days import Calendar

JournalRow: TypeAlias = Any
"""A row of the journal: seq, at, kind, who, fields."""

_TOKYO: Final = dt.timezone(dt.timedelta(hours=9), "Asia/Tokyo")
_LOOKS: Final = ("browse", "status", "report.look", "journal.look")
_OUTPUTS: Final = ("dataset.handed_out", "backup.made")
_PASSPHRASES: Final = ("password.show", "password.use")
_ACTS: Final = (
    *("keys.rotated", "recipient.made", "recipient.retired", "store.restored"),
    *("pf.approved", "pf.resolved", "inbox.discarded", "run.close", "report.signed"),
)
_REFUSED: Final = ("access.refused",)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """The settings: working hours (``HH:MM``), whether days off are outside of them, and how much of each is usual in a day."""

    opens: str
    closes: str
    days_off: bool
    looks: int
    records: int
    outputs: int
    passphrases: int
    refusals: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A rule: which kinds of rows, at any hour or outside working hours only, how much a row counts, and the limit."""

    id: str
    title: str
    kinds: tuple[str, ...]
    limit: Callable[[Limits], int]
    amount: Callable[[Mapping[str, Any]], int] = lambda _fields: 1
    off_hours: bool = False


RULES: Final = (
    Rule(
        id="HOURS",
        title="時間外・休業日の操作",
        kinds=(*_LOOKS, *_OUTPUTS, *_PASSPHRASES, *_ACTS, *_REFUSED),
        limit=lambda _limits: 0,
        off_hours=True,
    ),
    Rule(id="LOOKS", title="照会の回数", kinds=_LOOKS, limit=lambda limits: limits.looks),
    Rule(
        id="RECORDS",
        title="参照した件数",
        kinds=("browse",),
        limit=lambda limits: limits.records,
        amount=lambda fields: int(fields.get("count") or 0),
    ),
    Rule(id="OUTPUTS", title="出力の回数", kinds=_OUTPUTS, limit=lambda limits: limits.outputs),
    Rule(
        id="PASSPHRASES",
        title="パスフレーズの表示・使用",
        kinds=_PASSPHRASES,
        limit=lambda limits: limits.passphrases,
    ),
    Rule(id="REFUSALS", title="権限のない利用の繰返し", kinds=_REFUSED, limit=lambda limits: limits.refusals),
)
"""Every rule, in the order of the report."""

KINDS: Final = tuple(sorted({kind for rule in RULES for kind in rule.kinds}))
"""The kinds of rows that any rule looks at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """More than usual: whose, on which day, how much of what, and between which rows of the journal."""

    day: dt.date
    who: str
    rule: Rule
    amount: int
    limit: int
    first: int
    last: int


def unusual(
    rows: Iterable[JournalRow], limits: Limits, calendar: Calendar, *, first: dt.date, last: dt.date
) -> tuple[Finding, ...]:
    """Return what is unusual between two days, both included, by day, person and rule.

    Args:
        rows: rows of the journal, of :data:`KINDS` at least.
        limits: what is usual.
        calendar: the business days.
        first: the first day, in Japan.
        last: the last day.

    Raises:
        InputRefused: the calendar does not hold a day on which something was done.
    """
    counted: dict[tuple[dt.date, str, int], list[int]] = {}
    for row in rows:
        at = dt.datetime.fromisoformat(row.at).astimezone(_TOKYO)
        if not first <= at.date() <= last:
            continue
        for number, rule in enumerate(RULES):
            if row.kind in rule.kinds and (not rule.off_hours or _is_off(at, limits, calendar)):
                found = counted.setdefault((at.date(), row.who, number), [0, row.seq, row.seq])
                found[0] += rule.amount(row.fields)
                found[2] = row.seq
    return tuple(
        Finding(day=day, who=who, rule=RULES[number], amount=amount, limit=limit, first=begin, last=end)
        for (day, who, number), (amount, begin, end) in sorted(counted.items())
        if amount > (limit := RULES[number].limit(limits))
    )


def _is_off(at: dt.datetime, limits: Limits, calendar: Calendar) -> bool:
    """Tell whether a moment lies outside working hours, or on a day off where that counts."""
    if not limits.opens <= f"{at:%H:%M}" < limits.closes:
        return True
    return limits.days_off and not calendar.is_business_day(at.date())
