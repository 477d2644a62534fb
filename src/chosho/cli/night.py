"""``chosho night``: everything of one date, in its order; what ``run_nightly.sh`` calls."""

import os
import shlex
import subprocess
from datetime import date
from pathlib import Path

import click

from chosho import disk
from chosho.batch.locks import Locks
from chosho.batch.night import NIGHTLY, PURGE, SCRATCH, Outcome, Part, Turn, missed, night
from chosho.business_days import Calendar
from chosho.cli.dates import calendar as calendar_of
from chosho.cli.dates import today, typed
from chosho.cli.main import Place
from chosho.cli.morning import gathered, january
from chosho.cli.stores import catalogue, opened
from chosho.cli.submit import run_deck
from chosho.control.runs import Run, RunState
from chosho.errors import ChoshoError, ReturnCode, message
from chosho.report.morning import to_html, to_text

LOCK = "night"
HOOK_SECONDS = 60
PAGE = "MORNING.html"


@click.command("night")
@click.argument("business_date", required=False, default=None, callback=typed)
@click.option(
    "--hook",
    envvar="CHOSHO_HOOK",
    default="",
    help="command that is told the return code and the run id of the worst run (CHOSHO_HOOK)",
)
@click.pass_context
def command(context: click.Context, business_date: date | None, hook: str) -> None:
    """Do the night of BUSINESS_DATE (yyyy-mm-dd; today in Japan when not given): SCRATCH, NIGHTLY on business days, PURGE.

    What was finished is not run again, what failed goes on. The exit code is the highest return code of the night.
    """
    place: Place = context.obj
    day = business_date or today()
    catalogue(place)  # a folder that is no data root is told before anything else
    calendar = calendar_of(place)
    locks = Locks(place.root / "control" / "locks")
    locks.take({LOCK: True}, wait=0, message="CHSL040E", job=f"night {day}")
    try:
        outcomes = _night(place, day, calendar)
    finally:
        locks.release_all()
    code = max((one.code for one in outcomes if one.code is not None), default=int(ReturnCode.CLEAN))
    code = max(
        code,
        int(ReturnCode.CLEAN) if all(one.finished for one in outcomes) else int(ReturnCode.CONTRADICTION),
    )
    _morning(place, day, calendar, outcomes)
    worst = max((one for one in outcomes if one.run_id), key=lambda one: one.code or 0, default=None)
    _call(hook, code, "" if worst is None else worst.run_id)
    context.exit(code)


def _night(place: Place, day: date, calendar: Calendar) -> list[Outcome]:
    """Do the night, telling each part as it ends."""

    def runs() -> tuple[Run, ...]:
        with opened(place) as (store, _):
            return store.runs.of_decks(SCRATCH, NIGHTLY, PURGE)

    for gone in missed(runs(), calendar, day):
        click.echo(message("CHSL041W", date=gone), err=True)
    outcomes = []
    for outcome in night(day, calendar, runs, lambda part: _execute(place, part)):
        outcomes.append(outcome)
        part, code = outcome.part, "" if outcome.code is None else f" code {outcome.code}"
        click.echo(f"{part.deck:<8} {part.business_date} {part.turn.value}{code} {outcome.run_id}".rstrip())
    return outcomes


def _execute(place: Place, part: Part) -> Outcome:
    """Run or restart one part; what keeps it from beginning is told and has its code, and the night goes on."""
    restart = "best" if part.turn is Turn.RESTART else None
    parameters = dict(part.run.parameters) if part.run else {}
    try:
        result, troubles = run_deck(place, part.deck, part.business_date, parameters, restart=restart)
    except ChoshoError as error:
        click.echo(f"{error}\n  -> {error.action}", err=True)
        run_id = part.run.id if part.run else ""
        return Outcome(part=part, run_id=run_id, code=int(error.return_code), finished=False)
    for line in troubles:
        click.echo(line, err=True)
    with opened(place) as (store, _):
        finished = store.runs.get(result.run_id).state is RunState.FINISHED
    return Outcome(part=part, run_id=result.run_id, code=result.rc, finished=finished)


def _morning(place: Place, day: date, calendar: Calendar, outcomes: list[Outcome]) -> None:
    """Lay the morning page into the spool of the date's purge job, and print its short form."""
    with opened(place) as (store, _):
        facts = gathered(place.root, store, day, calendar, who=place.person)
    purge = next((one.run_id for one in reversed(outcomes) if one.part.deck == PURGE and one.run_id), "")
    if purge:
        page = place.root / "spool" / purge / PAGE
        disk.replace(page, to_html(facts).encode())
        click.echo(f"morning page: {page}")
    click.echo(to_text(facts), nl=False)
    for line in january(place.root, day, calendar):
        click.echo(line)


def _call(hook: str, code: int, run_id: str) -> None:
    """Tell a hook the code and the run id, nothing else; whatever becomes of it, the night's code stays."""
    if not hook:
        return
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    try:
        words = [*shlex.split(hook), str(code), run_id]
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, timeout=HOOK_SECONDS, check=False, env=environment, cwd=Path("/")
        )
        problem = f"code {done.returncode}" if done.returncode else ""
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        problem = type(error).__name__
    if problem:
        click.echo(message("CHSL042W", problem=problem), err=True)
