"""``chosho morning``: the morning page (朝の確認表) of a date; ``chosho night`` lays the same page into the spool."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import click

from chosho.batch import clock
from chosho.batch.night import NIGHTLY
from chosho.batch.tonight import Work, work
from chosho.business_days import Calendar
from chosho.cli.dates import calendar as calendar_of
from chosho.cli.dates import today, typed
from chosho.cli.due import JANUARY, duties
from chosho.cli.main import Place
from chosho.cli.stores import catalogue, opened
from chosho.control.inbox import DeliveryState
from chosho.control.runs import Run, RunState
from chosho.control.store import ControlStore
from chosho.dataset.catalog import Catalog
from chosho.dataset.settings import Settings
from chosho.registration.channels import CHANNELS
from chosho.registration.returns import reasons
from chosho.report import duty, morning
from chosho.report.morning import (
    Channel,
    Executed,
    InboxFile,
    InboxState,
    Instruction,
    JobState,
    Morning,
    Said,
    StepNote,
)
from chosho.retention.pf_ledger import KeyState, due_on

_STATES = {
    RunState.FINISHED: JobState.FINISHED,
    RunState.FAILED: JobState.FAILED,
    RunState.CLOSED: JobState.CLOSED,
    RunState.RUNNING: JobState.RUNNING,
}
_INTAKE, _UPDATE, _RETURN = "S110", "S120", "S125"
_MESSAGE = re.compile(r"^\S+ (?P<id>CHS[A-Z]\d{3}[IWES]) (?P<text>.*)$")
_STEP_BEGINS = "CHSB102I"
_WAITS = frozenset({"FSEQ", "FERL"})
"""The reason of a file that waits for the one before it."""


@click.command("morning")
@click.option("--date", "business_date", callback=typed, help="of that day (yyyy-mm-dd); else today in Japan")
@click.option("--html", "as_html", is_flag=True, help="print the page instead of its short form")
@click.pass_obj
def command(place: Place, business_date: date | None, as_html: bool) -> None:
    """Show the morning page of a date: jobs expected and done, what needs somebody, what is due. It names no person."""
    catalogue(place)
    calendar, day = calendar_of(place), business_date or today()
    with opened(place) as (store, _):
        facts = gathered(place.root, store, day, calendar, who=place.person)
    click.echo(morning.to_html(facts) if as_html else morning.to_text(facts), nl=False)


def gathered(root: Path, store: ControlStore, day: date, calendar: Calendar, *, who: str) -> Morning:
    """Return the facts of a date's morning page, for a person who may see them.

    Raises:
        InputRefused: a right to the PF ledger, the reports or the inboxes is missing (CHSJ040E).
    """
    catalog = Catalog.load(root)
    done = work(store, day, JANUARY)
    januaries = [run for run in store.runs.of_decks(JANUARY) if run.business_date.year == day.year]
    own = {one.run.id: one.run for one in done} | {run.id: run for run in januaries}
    return Morning(
        business_date=day,
        organization=Settings.load(root).obligor.name,
        jobs=morning.jobs_of(day, calendar, [_executed(store, run) for run in own.values()]),
        steps=tuple(note for one in done for note in _steps(root, one)),
        channels=tuple(_channels(done)),
        rejected_by_update=_rejected_by_update(done),
        returned=tuple(
            one.run.business_date for one in done if one.run.deck == NIGHTLY and _RETURN in one.steps
        ),
        inbox=tuple(_inbox(store, catalog, day, who, is_night=calendar.is_business_day(day))),
        pf=_pf(store, calendar, day, who),
        unsigned=tuple(one.business_date for one in store.reports.unsigned(day, who=who, at=clock.stamp())),
        duties=duties(root, store, catalog, calendar, day, who=who),
        journal_head=str(store.journal.head()),
        journal_faults=len(store.journal.verify()),
        reasons=reasons(),
    )


def january(root: Path, store: ControlStore, day: date, calendar: Calendar, *, who: str) -> Iterator[str]:
    """Yield what JANUARY awaits, from the first of January to the deadline, until it is done."""
    due = duty.statements_due(day.year, calendar)
    catalog = Catalog.load(root)
    open_ = {one.what for one in duties(root, store, catalog, calendar, day, who=who)}
    if day > due or duty.JANUARY.told(f"{day.year - 1}") not in open_:
        return
    yield f"JANUARY: the statements of {day.year - 1} are due on {due} ({(due - day).days} days left)"
    for entry in catalog:
        if entry.external is not None and entry.dsn in {"CHOSHO.SOURCE.PAYMENT", "CHOSHO.SOURCE.CONTRACT"}:
            path = root / entry.external
            state = "is there" if path.is_file() else "is awaited"
            yield f"  {entry.dsn} {state} ({entry.external})"


def _executed(store: ControlStore, run: Run) -> Executed:
    closed = run.state is RunState.CLOSED
    return Executed(
        run=run.id,
        deck=run.deck,
        business_date=run.business_date,
        state=_STATES[run.state],
        rc=run.rc,
        reason=store.runs.close_reason(run.id) if closed else "",
    )


def _steps(root: Path, done: Work) -> Iterator[StepNote]:
    """Yield the steps of tonight that ended with a code of 4 or more, with what the job log says of each."""
    said = _said(root / "spool" / done.run.id / "JOBLOG.txt")
    for step in done.steps.values():
        if step.rc is not None and step.rc >= morning.Level.NOTICE:
            yield StepNote(
                run=done.run.id, step=step.name, rc=step.rc, messages=tuple(said.get(step.name, ()))
            )


def _said(log: Path) -> Mapping[str, list[Said]]:
    """Return the warnings and errors of a job log, by step; of several attempts the last one counts. A spool may be gone."""
    found: dict[str, list[Said]] = {}
    step = ""
    for line in log.read_text(encoding="utf-8").splitlines() if log.is_file() else ():
        match = _MESSAGE.match(line)
        if match is None:
            continue
        if match["id"] == _STEP_BEGINS:
            step = match["text"].split()[1]
            found[step] = []
        elif match["id"][-1] in "WES" and step:
            found[step].append(Said(id=match["id"], text=match["text"]))
    return found


def _channels(done: Sequence[Work]) -> Iterator[Channel]:
    """Yield what came in by each channel, from the counts of the intakes of tonight; nothing when there was none."""
    counts = _counted(done, _INTAKE)
    for channel in CHANNELS if counts else ():
        start = f"rejected.{channel.name}."
        yield Channel(
            title=channel.title,
            files=counts.get(f"files.taken.{channel.name}", 0),
            read=counts.get(f"read.{channel.name}", 0),
            accepted=counts.get(f"accepted.{channel.name}", 0),
            rejected={name.removeprefix(start): n for name, n in counts.items() if name.startswith(start)},
        )


def _rejected_by_update(done: Sequence[Work]) -> Mapping[str, int]:
    """Return the requests that the updates of tonight rejected, by reason."""
    start = "rejected."
    return {
        name.removeprefix(start): number
        for name, number in _counted(done, _UPDATE).items()
        if name.startswith(start) and number
    }


def _counted(done: Sequence[Work], step: str) -> Mapping[str, int]:
    """Return the counts of a step of NIGHTLY, added up when tonight also carried on an earlier one.

    Where tonight made the list of the rejected, those counts belong to it also when the step was done the night before.
    """
    found = Counter[str]()
    for one in done:
        steps = one.all_steps if _RETURN in one.steps else one.steps
        if one.run.deck == NIGHTLY and step in steps:
            found.update(steps[step].counts)
    return found


def _inbox(
    store: ControlStore, catalog: Catalog, day: date, who: str, *, is_night: bool
) -> Iterator[InboxFile]:
    """Yield the files that did not come, were refused, wait for one before them or could not be erased."""
    known = store.inbox.shown(who, at=clock.stamp())
    came = [catalog[one.dsn].title for one in known if one.file_date == day]
    titles = [
        entry.title for entry in catalog if entry.inbox is not None and entry.right == "registration.intake"
    ]
    if is_night:
        yield from morning.missing(titles, came)
    for one in known:
        if one.state is DeliveryState.REFUSED:
            state = InboxState.WAITING if one.reason in _WAITS else InboxState.REFUSED
            yield InboxFile(channel=catalog[one.dsn].title, state=state, name=one.name, reason=one.reason)
        elif one.state is DeliveryState.ERASE_PENDING:
            yield InboxFile(channel=catalog[one.dsn].title, state=InboxState.STAYS, name=one.name)


def _pf(store: ControlStore, calendar: Calendar, day: date, who: str) -> morning.Pf:
    """Return where the deletions at the PF stand."""
    due = due_on(calendar)
    states: dict[str, int] = {}
    overdue = 0
    days: dict[str, date] = {}
    for _, stored_at, state, _, instruction, _ in store.pf.open_keys(who, at=clock.stamp()):
        states[state] = states.get(state, 0) + 1
        on = due(stored_at)
        overdue += on < day
        if instruction:
            days[instruction] = min(on, days.get(instruction, on))
    instructions = store.pf.instructions(open_only=True)
    return morning.Pf(
        instructions=tuple(
            Instruction(id=one["id"], state=one["state"], keys=one["keys"], due=days.get(one["id"], day))
            for one in instructions
        ),
        keys_due=states.get(KeyState.DUE, 0),
        keys_rejected=states.get(KeyState.REJECTED, 0),
        overdue=overdue,
        awaiting_approval=sum(one["state"] == "prepared" for one in instructions),
        findings=tuple(f"{one['id']} {one['note']}" for one in instructions if one["note"]),
    )
