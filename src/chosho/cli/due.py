"""``chosho due``: what is to be done by a day (期限のある仕事), and how many days are left; 8 when something is overdue."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

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
from chosho.control.submissions import ON_RECORD
from chosho.dataset.catalog import Catalog
from chosho.errors import ReturnCode
from chosho.report import duty
from chosho.report.duty import Duty
from chosho.retention.pf_ledger import due_on

JANUARY = duty.JANUARY.deck
PAYMENTS = "CHOSHO.SOURCE.PAYMENT"
"""The file whose payments the statements are of."""
_DAY = 8
"""Digits of the date in the PF's storage time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What the sources look at."""

    store: ControlStore
    root: Path
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
    runs = asked.store.runs
    decks = [filing.deck for filing in duty.FILINGS]
    awaited = any(
        one.dsn == PAYMENTS and one.external is not None and (asked.root / one.external).is_file()
        for one in asked.catalog
    )
    # January is spoken of in any case; the others once there is something to make statements of.
    begun = awaited or runs.first_day(*decks) is not None
    return duty.of_statements(
        asked.day,
        asked.calendar,
        since=in_japan(next(asked.store.journal.rows()).at),
        settled=settled(asked.store),
        begun={filing.deck: _periods(asked.store, filing, *RunState) for filing in duty.FILINGS},
        made=dict(_made(asked.store)),
        filings=duty.FILINGS if begun else (duty.JANUARY,),
    )


def _made(store: ControlStore) -> Iterable[tuple[tuple[str, str], str]]:
    """Yield deck and period of runs whose statements wait for their submission, with the act that comes next.

    Of several runs of a period the last one counts: the one whose submission is on its way, else the newest.
    """
    for filing in duty.FILINGS:
        runs = store.runs.of_decks(filing.deck)
        for run in sorted(runs, key=lambda run: store.submissions.find(run.id) is not None):
            act = store.submissions.next_act(run.id)
            if act and run.state is RunState.FINISHED and store.media.of_run(run.id):
                period = _period(filing, run)
                yield (filing.deck, period), f"chosho submission {act} {run.id}"


def settled(store: ControlStore) -> dict[str, set[str]]:
    """Return the periods whose statements are submitted, by deck: on record as submitted, or found to have no statement."""
    done = {one.run for one in store.submissions.all() if one.state in ON_RECORD}
    found: dict[str, set[str]] = {}
    for filing in duty.FILINGS:
        runs = store.runs.of_decks(filing.deck)
        periods = {run.id: _period(filing, run) for run in runs}
        newest = {periods[run.id]: run for run in runs if run.state is RunState.FINISHED}
        found[filing.deck] = {periods[run.id] for run in runs if run.id in done} | {
            period for period, run in newest.items() if _nothing(store, filing, period, run)
        }
    return found


def _nothing(store: ControlStore, filing: duty.Filing, period: str, run: Run) -> bool:
    """Return whether the newest run of a period shows that it has no statement: one that was made when the period was over."""
    if not filing.is_period(period) or not filing.is_over(period, run.business_date):
        return False
    return not any(step.counts.get("statements") for step in store.runs.steps(run.id).values())


def _period(filing: duty.Filing, run: Run) -> str:
    """Return the period that a run of a filing's deck is for."""
    return run.parameters.get(filing.parameter, "")


def _periods(store: ControlStore, filing: duty.Filing, *states: RunState) -> set[str]:
    """Return the periods that the runs of a filing's deck in some states are for."""
    runs = store.runs.of_decks(filing.deck)
    return {_period(filing, run) for run in runs if run.state in states}


SOURCES: tuple[Callable[[Asked], Iterable[Duty]], ...] = (_pf, _reports, _inbox, _statements)
"""Where duties come from."""


def duties(
    root: Path, store: ControlStore, catalog: Catalog, calendar: Calendar, day: dt.date, *, who: str
) -> tuple[Duty, ...]:
    """Return everything that is to be done by a day, the earliest first, for a person who may see it.

    Raises:
        InputRefused: a right to the PF ledger, the reports or the inboxes is missing (CHSJ040E).
    """
    asked = Asked(root=root, store=store, catalog=catalog, calendar=calendar, day=day, who=who)
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
        found = duties(place.root, store, catalog, calendar(place), day, who=place.person)
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
