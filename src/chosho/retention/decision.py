"""What is erased today (消去の判定): one row per event of the retention table, and the day on which it ends a holding's time.

Of several events the earliest counts, and a holding is due when that day is reached: it is erased first thing on that day,
business day or not. The events that count in fiscal years belong to S930 and S940, which know when a record was last submitted and
when an entry was closed; here they end nothing.

>>> from datetime import date
>>> one_month_later(date(2027, 1, 31))
datetime.date(2027, 2, 28)
"""

import calendar
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from chosho.retention.holding import Due, Holding, HoldingKind, Rule

Ends = Callable[[Holding, Rule, date], date | None]
"""Holding, rule and today → the day on which the event ended, or will end, the holding's time; None while nobody can say."""

_DECEMBER = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A row of the table: the event, where it is written, the step that acts on it, and when it ends a holding's time."""

    id: str
    source: str
    step: str
    ends: Ends


def one_month_later(day: date) -> date:
    """Return the same day of the next month, or its last day when it has none (1か月)."""
    year, month = divmod(day.year * _DECEMBER + day.month, _DECEMBER)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _next_day(holding: Holding, _rule: Rule, _today: date) -> date:
    return holding.made_on + timedelta(days=1)


def _verified(holding: Holding, _rule: Rule, _today: date) -> date | None:
    """S290 erases it in the same run; what a run that is over left behind is late from its own business date on."""
    return holding.made_on if holding.verified else None


def _superseded(holding: Holding, _rule: Rule, today: date) -> date | None:
    """The newer generation is there; since when is not said, so that it is due when it is seen."""
    return today if holding.newer else None


def _one_month(holding: Holding, _rule: Rule, _today: date) -> date:
    return one_month_later(holding.made_on)


def _after_days(holding: Holding, rule: Rule, _today: date) -> date | None:
    return None if rule.days is None else holding.made_on + timedelta(days=rule.days)


def _in_fiscal_years(_holding: Holding, _rule: Rule, _today: date) -> None:
    """Nothing that is known here ends it."""
    return


EVENTS: Mapping[str, Event] = MappingProxyType(
    {
        row.id: row
        for row in (
            Event(
                id="next-day-start",
                source="媒体作成の基データは、媒体出力後、翌日のシステム（媒体変換装置）立ち上げ時に消去",
                step="S910",
                ends=_next_day,
            ),
            Event(
                id="verified-output",
                source="支払調書データへ出力すると自動的に消去される",
                step="S910",
                ends=_verified,
            ),
            Event(
                id="next-extract",
                source="次回の保険金等の支払データ作成時に自動的に消去される",
                step="S910",
                ends=_superseded,
            ),
            Event(id="one-month", source="最大１か月間保持", step="S910", ends=_one_month),
            Event(
                id="after-days",
                source="house rule: job logs are kept over the audit of the fiscal year, then go",
                step="S910",
                ends=_after_days,
            ),
            Event(
                id="seven-fiscal-years-after-last-submission",
                source="支払調書データを税務署に提出した翌年度始から７年間保管し、保管期間経過後システム的に削除",
                step="S930, S940",
                ends=_in_fiscal_years,
            ),
            Event(
                id="one-year-after-the-fiscal-year-of-closing",
                source="媒体管理簿の保存期間は翌年度始から１年間保存",
                step="S940",
                ends=_in_fiscal_years,
            ),
        )
    }
)
"""The table (消去事由表): event → row; texts in Japanese are those of the seed."""


def decide(holdings: Iterable[Holding], rules: Sequence[Rule], today: date) -> list[Due]:
    """Return what is to be erased today, in the order of the rules, then by day and name.

    A delivered file waits until its run has ended well: before that it is the only copy of what was declared.

    Args:
        holdings: what there is; what no rule covers stays.
        rules: the rows of the retention table, in their order.
        today: the business date.

    Raises:
        KeyError: a rule names an event that the table does not have.
    """
    places = {rule.id: place for place, rule in enumerate(rules)}
    covering = {name: rule for rule in rules for name in rule.covers}
    found = []
    for holding in holdings:
        rule = covering.get(holding.dataset)
        if rule is None or (holding.kind == HoldingKind.DELIVERY and not holding.finished):
            continue
        ended = [(EVENTS[event].ends(holding, rule, today), event) for event in rule.events]
        known = [(day, event) for day, event in ended if day is not None]
        due_on, event = min(known, key=lambda pair: pair[0], default=(date.max, ""))
        if due_on <= today:
            found.append(Due(holding=holding, rule=rule.id, event=event, due_on=due_on))
    return sorted(
        found, key=lambda due: (places[due.rule], due.due_on, due.holding.dataset, due.holding.name)
    )


def counts(dues: Sequence[Due], rules: Sequence[Rule]) -> Iterator[tuple[str, int]]:
    """Yield the counts of what is erased: ``due``, ``due.<RULE>`` for every rule, ``records``."""
    by_rule = Counter(due.rule for due in dues)
    yield "due", len(dues)
    for rule in rules:
        yield f"due.{rule.id}", by_rule[rule.id]
    yield "records", sum(due.holding.records for due in dues)


def told(dues: Sequence[Due], rules: Sequence[Rule], today: date) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the messages of a scratch, as id and fields: one per rule that erases, one more when it is late."""
    for rule in rules:
        mine = [due for due in dues if due.rule == rule.id]
        if not mine:
            continue
        yield "CHSE001I", {"rule": rule.id, "title": rule.title, "holdings": len(mine)}
        late = [due for due in mine if due.due_on < today]
        if late:
            days = (today - min(due.due_on for due in late)).days
            yield "CHSE002I", {"rule": rule.id, "holdings": len(late), "days": days}
