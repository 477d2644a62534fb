"""``chosho due``: what is to be done by a day (期限のある仕事), and how many days are left; 8 when something is overdue."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import click

from chosho.batch import clock
from chosho.business_days import Calendar
from chosho.cli.dates import calendar, in_japan, today, typed
from chosho.cli.main import Place
from chosho.cli.stores import catalogue, opened
from chosho.cli.table import show
from chosho.control.inbox import DeliveryState
from chosho.control.runs import Run, RunState
from chosho.control.store import ControlStore
from chosho.dataset.catalog import Catalog
from chosho.errors import ReturnCode
from chosho.report import duty
from chosho.report.duty import Duty
from chosho.retention.pf_ledger import due_on

JANUARY = "JANUARY"
_DAY = 8
"""Digits of the date in the PF's storage time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What the sources look at."""

    store: ControlStore
    catalog: Catalog
    calendar: Calendar
    day: dt.date
    who: str


def _pf(asked: Asked) -> Iterable[Duty]:
    stored = Counter(
        stored_at[:_DAY] for _, stored_at, *_ in asked.store.pf.open_keys(asked.who, at=clock.stamp())
    )
    due = due_on(asked.calendar)
    keys: Counter[dt.date] = Counter()
    for day, number in stored.items():
        keys[due(day)] += number
    return duty.of_pf_keys(keys)


def _reports(asked: Asked) -> Iterable[Duty]:
    unsigned = asked.store.reports.unsigned(asked.day + dt.timedelta(days=1), who=asked.who, at=clock.stamp())
    return duty.of_unsigned((one.business_date for one in unsigned), asked.calendar)


def _inbox(asked: Asked) -> Iterable[Duty]:
    refused, stays = [], []
    for one in asked.store.inbox.shown(asked.who, at=clock.stamp()):
        title = asked.catalog[one.dsn].title
        if one.state is DeliveryState.REFUSED:
            refused.append((title, one.name, one.reason, one.business_date))
        elif one.state is DeliveryState.ERASE_PENDING:
            stays.append((title, one.name, one.business_date))
    return (*duty.of_refused(refused, asked.calendar), *duty.of_unerased(stays, asked.calendar))


def _statements(asked: Asked) -> Iterable[Duty]:
    made = {_tax_year(run) for run in asked.store.runs.of_decks(JANUARY) if run.state is RunState.FINISHED}
    since = in_japan(next(asked.store.journal.rows()).at)
    return duty.of_statements(asked.day, asked.calendar, made=made, since=since)


def _tax_year(run: Run) -> int:
    """Return the year of the payments that a run is about."""
    return int(run.parameters.get("TAX_YEAR") or run.business_date.year - 1)


SOURCES: tuple[Callable[[Asked], Iterable[Duty]], ...] = (_pf, _reports, _inbox, _statements)
"""Where duties come from."""


def duties(
    store: ControlStore, catalog: Catalog, calendar: Calendar, day: dt.date, *, who: str
) -> tuple[Duty, ...]:
    """Return everything that is to be done by a day, the earliest first, for a person who may see it.

    Raises:
        InputRefused: a right to the PF ledger, the reports or the inboxes is missing (CHSJ040E).
    """
    asked = Asked(store=store, catalog=catalog, calendar=calendar, day=day, who=who)
    return tuple(sorted(found for source in SOURCES for found in source(asked)))


@click.command("due")
@click.option(
    "--date", "business_date", callback=typed, help="as of that day (yyyy-mm-dd); else today in Japan"
)
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.pass_context
@click.pass_obj
def command(place: Place, context: click.Context, business_date: dt.date | None, as_json: bool) -> None:
    """List what is to be done by when: PF deletions, reports to sign, refused files, statements; code 8 when overdue."""
    day = business_date or today()
    catalog = catalogue(place)
    with opened(place) as (store, _):
        found = duties(store, catalog, calendar(place), day, who=place.person)
    late = any(one.overdue(day) for one in found)
    if as_json:
        rows = [
            {
                "source": one.source,
                "due": one.due.isoformat(),
                "left": one.left(day),
                "overdue": one.overdue(day),
                "what": one.what,
                "how": one.how,
            }
            for one in found
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        rows_shown = [[one.due, _left(one.left(day)), one.source, one.how, one.what] for one in found]
        show(f"due, as of {day}", ["due", "days left>", "source", "command", "what"], rows_shown)
    context.exit(ReturnCode.CONTRADICTION if late else ReturnCode.CLEAN)


def _left(days: int) -> str:
    return f"{days}" if days >= 0 else f"{days} OVERDUE"
