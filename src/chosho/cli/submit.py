"""``chosho submit``: run a deck, show how far it is, and print how every step ended."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import date

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from chosho.batch.expand import Job, JobStep
from chosho.batch.members import Libraries
from chosho.batch.result import Observer, RunResult, StepResult
from chosho.batch.supervisor import Order, scanned, submit
from chosho.cli.dates import typed
from chosho.cli.main import Place
from chosho.cli.table import show
from chosho.errors import InputRefused

MIB = 1 << 20
TROUBLE = re.compile(r"CHS[A-Z]\d{3}[ES] ")
"""How an error stands in the job log."""
MAIN_COUNTS = (
    "read", "kept", "accepted", "left_out", "rejected", "statements", "written",
    "due", "sent", "closed", "overdue", "erased",
)  # fmt: skip
"""The counts that the summary shows, where a step has them."""


class Witness(Observer):
    """Keeps the errors of a run's log, so that the operator need not look for them."""

    def __init__(self) -> None:
        self.troubles: list[str] = []
        self._action_follows = False

    def message(self, text: str) -> None:
        """Keep an error and the line behind it, which says what to do."""
        trouble = TROUBLE.match(text) is not None
        if trouble or (self._action_follows and text.lstrip().startswith("-> ")):
            self.troubles.append(text)
        self._action_follows = trouble

    def stop(self) -> None:
        """Stop drawing; a witness draws nothing."""


class Bars(Witness):
    """A bar per step on a terminal."""

    def __init__(self) -> None:
        super().__init__()
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task: TaskID | None = None

    def job_began(self, run_id: str, job: Job) -> None:
        """Start drawing."""
        self._progress.start()
        self._progress.console.print(f"{run_id} {job.title}")

    def step_began(self, step: JobStep) -> None:
        """Draw a bar for the step."""
        self._task = self._progress.add_task(f"{step.name} {step.title}", total=None)

    def progress(self, step: JobStep, done: int, total: int) -> None:  # noqa: ARG002 - the observer's signature
        """Move the bar."""
        if self._task is not None:
            self._progress.update(self._task, completed=done, total=total)

    def step_ended(self, result: StepResult) -> None:  # noqa: ARG002 - as above
        """Take the bar away; the summary comes at the end."""
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None

    def stop(self) -> None:
        """Stop drawing."""
        self._progress.stop()


def run_deck(
    place: Place,
    deck: str,
    business_date: date,
    parameters: Mapping[str, str],
    *,
    restart: str | None = None,
    quiet: bool = False,
) -> tuple[RunResult, list[str]]:
    """Run a deck with bars on a terminal; return how it ended and the errors of its log.

    Raises:
        ChoshoError: it could not begin; what happens later is in the result.
    """
    order = _order(place, deck, business_date, parameters, restart)
    witness = Bars() if not quiet and Console(stderr=True).is_terminal else Witness()
    try:
        return submit(order, witness), witness.troubles
    finally:
        witness.stop()


def _order(
    place: Place, deck: str, business_date: date, parameters: Mapping[str, str], restart: str | None
) -> Order:
    return Order(
        root=place.root,
        keys=place.keys,
        deck=deck,
        business_date=business_date,
        person=place.person,
        parameters=parameters,
        restart=restart,
        libraries=Libraries.from_environment(os.environ),
        environment=os.environ,
    )


def _settings(context: click.Context, parameter: click.Parameter, pairs: Sequence[str]) -> dict[str, str]:  # noqa: ARG001
    parameters = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise InputRefused("CHSL014E", text=pair)
        parameters[name] = value
    return parameters


@click.command("submit")
@click.argument("deck")
@click.option("--date", "business_date", required=True, callback=typed, help="business date (yyyy-mm-dd)")
@click.option(
    "--set", "parameters", multiple=True, callback=_settings, help="a parameter of the deck, KEY=VALUE"
)
@click.option(
    "--restart", metavar="best|STEP", help="go on with the failed run, from the best step or from STEP"
)
@click.option("--scan", is_flag=True, help="check the deck and run nothing")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.pass_context
def command(
    context: click.Context,
    deck: str,
    business_date: date,
    parameters: dict[str, str],
    restart: str | None,
    scan: bool,
    as_json: bool,
) -> None:
    """Run DECK for a business date; the exit code is the return code."""
    place: Place = context.obj
    if scan:
        job = scanned(_order(place, deck, business_date, parameters, restart))
        click.echo(f"{job.name}: {len(job.steps)} steps, no faults")
        return
    result, troubles = run_deck(place, deck, business_date, parameters, restart=restart, quiet=as_json)
    if as_json:
        click.echo(json.dumps(_plain(result, troubles), ensure_ascii=False, indent=2))
    else:
        _summary(result, troubles)
    context.exit(result.rc)


def _plain(result: RunResult, troubles: Sequence[str]) -> dict[str, object]:
    return {
        "run": result.run_id,
        "rc": result.rc,
        "log": str(result.log),
        "head": result.head,
        "troubles": list(troubles),
        "steps": [
            {
                "step": step.name,
                "pgm": step.pgm,
                "state": str(step.state),
                "rc": step.rc,
                "elapsed": round(step.elapsed, 3),
                "peak_rss": step.peak_rss,
                "counts": dict(step.counts),
            }
            for step in result.steps
        ],
    }


def _summary(result: RunResult, troubles: Sequence[str]) -> None:
    columns = ["step", "program", "state", "rc>", "seconds>", "MiB>", "counts"]
    rows = []
    for step in result.steps:
        counts = "  ".join(f"{name} {step.counts[name]:,}" for name in MAIN_COUNTS if name in step.counts)
        seconds = f"{step.elapsed:.2f}" if step.ran else None
        memory = step.peak_rss // MIB if step.ran else None
        rows.append([step.name, step.pgm, step.state, step.rc, seconds, memory, counts])
    show(f"{result.run_id} ended with return code {result.rc}", columns, rows)
    for line in troubles:
        click.echo(line, err=True)
    click.echo(f"job log: {result.log}")
