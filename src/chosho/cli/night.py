"""``chosho night``: everything of one date, in its order; what ``run_nightly.sh`` calls."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date

import click

from chosho import disk, masking
from chosho.batch.locks import NIGHT, Locks
from chosho.batch.night import DECKS, PURGE, Outcome, Part, Turn, missed, night
from chosho.batch.registers import is_synthetic
from chosho.business_days import Calendar
from chosho.cli import hook as hooks
from chosho.cli.dates import calendar as calendar_of
from chosho.cli.dates import read, today
from chosho.cli.main import Place, told
from chosho.cli.morning import gathered, january
from chosho.cli.stores import catalogue, opened
from chosho.cli.submit import run_deck
from chosho.control.runs import Run, RunState
from chosho.errors import ChoshoError, InputRefused, ReturnCode, message
from chosho.report.morning import to_html, to_text

PAGE = "MORNING.html"


@click.command("night")
@click.argument("business_date", required=False, default=None)
@click.option(
    "--hook",
    envvar="CHOSHO_HOOK",
    default="",
    help="command that is told the return code and the run that has it, or - (CHOSHO_HOOK)",
)
@click.pass_context
def command(context: click.Context, business_date: str | None, hook: str) -> None:
    """Do the night of BUSINESS_DATE (yyyy-mm-dd; today in Japan when not given): SCRATCH, NIGHTLY on business days, PURGE.

    What was finished is not run again, what failed goes on. The exit code is the highest return code of the night.
    """
    outcomes: list[Outcome] = []
    code, run_id = int(ReturnCode.CLEAN), ""
    try:
        with _stopped_by_a_signal():
            # Read here, not by click: the hook is told of a date that is none, too.
            _night(context.obj, today() if business_date is None else read(business_date), outcomes)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - however the night ends, the hook is told
        code = int(ReturnCode.STOP)
        with suppress(OSError):  # the reader of our messages has gone
            code = int(told(error))
    worst = max(outcomes, key=lambda one: one.weight, default=None)
    if worst is not None and worst.weight >= code:
        code, run_id = worst.weight, worst.run_id
    hooks.call(hook, code, run_id)
    context.exit(code)


@contextmanager
def _stopped_by_a_signal() -> Iterator[None]:
    """Let a signal between two steps end the night as Ctrl+C does; within a step the supervisor ends that, and the run."""

    def stop(number: int, frame: object) -> None:  # noqa: ARG001 - a handler's signature
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _night(place: Place, day: date, outcomes: list[Outcome]) -> None:
    """Do the night and its morning page; ``outcomes`` has what was done also when something unexpected ends it."""
    catalogue(place)  # a folder that is no data root is told before anything else
    calendar = calendar_of(place)
    _require_come(place, day)
    locks = Locks(place.root / "control" / "locks")
    locks.take({NIGHT: True}, wait=0, message="CHSL040E", job="night")
    try:
        _parts(place, day, calendar, outcomes)
    finally:
        locks.release_all()
    _morning(place, day, calendar, outcomes)


def _require_come(place: Place, day: date) -> None:
    """Refuse a date that is still to come: a mistyped one would erase what is due by then. Synthetic data may run ahead.

    Raises:
        InputRefused: the date is after today in Japan (CHSL044E).
    """
    with opened(place) as (store, _):
        if day > today() and not is_synthetic(store.generations):
            raise InputRefused("CHSL044E", date=day, today=today())


def _parts(place: Place, day: date, calendar: Calendar, outcomes: list[Outcome]) -> None:
    """Do the parts of the night, telling each as it ends."""

    def runs() -> tuple[Run, ...]:
        with opened(place) as (store, _):
            return store.runs.of_decks(*DECKS)

    for gone in missed(runs(), calendar, day):
        click.echo(message("CHSL041W", date=gone), err=True)
    for outcome in night(day, calendar, runs, lambda part: _execute(place, part)):
        outcomes.append(outcome)
        part, code = outcome.part, "" if outcome.code is None else f" code {outcome.code}"
        click.echo(f"{part.deck:<8} {part.business_date} {part.turn.value}{code} {outcome.run_id}".rstrip())
        if part.turn is Turn.CLOSED:
            with opened(place) as (store, _):
                reason = masking.free_text(store.runs.close_reason(outcome.run_id))
            click.echo(message("CHSL043W", run=outcome.run_id, reason=reason), err=True)
        if outcome.stopped:
            raise KeyboardInterrupt


def _execute(place: Place, part: Part) -> Outcome:
    """Run or restart one part; what keeps it from beginning or breaks it is told and has its code, and the night goes on."""
    restart = "best" if part.turn is Turn.RESTART else None
    parameters = dict(part.run.parameters) if part.run else {}
    run_id = part.run.id if part.run else ""
    try:
        result, troubles = run_deck(place, part.deck, part.business_date, parameters, restart=restart)
        run_id = result.run_id
        for line in troubles:
            click.echo(line, err=True)
        with opened(place) as (store, _):
            finished = store.runs.get(run_id).state is RunState.FINISHED
    except Exception as error:  # noqa: BLE001 - the parts behind it do not depend on it
        broken = int(told(error))
        return Outcome(part=part, run_id=run_id or _begun(place, part), code=broken, finished=False)
    stopped = any(step.cancelled for step in result.steps)
    # Who stops a run knows of it: it is to be restarted, and nothing is broken.
    code = int(ReturnCode.REFUSED) if stopped else result.rc
    return Outcome(part=part, run_id=run_id, code=code, finished=finished, stopped=stopped)


def _begun(place: Place, part: Part) -> str:
    """Return the run of a part that broke, empty when it could not even begin."""
    with suppress(ChoshoError), opened(place) as (store, _):
        runs = store.runs.of_decks(part.deck)
        return next((run.id for run in runs if run.business_date == part.business_date), "")
    return ""


def _morning(place: Place, day: date, calendar: Calendar, outcomes: list[Outcome]) -> None:
    """Lay the morning page into the spool of the date's purge job, and print its short form."""
    with opened(place) as (store, _):
        facts = gathered(place.root, store, day, calendar, who=place.person)
        awaited = tuple(january(place.root, store, day, calendar, who=place.person))
    purge = next(
        (one.run_id for one in outcomes if (one.part.deck, one.part.business_date) == (PURGE, day)), ""
    )
    if purge:
        page = place.root / "spool" / purge / PAGE
        disk.replace(page, to_html(facts).encode())
        click.echo(f"morning page: {page}")
    click.echo(to_text(facts), nl=False)
    for line in awaited:
        click.echo(line)
