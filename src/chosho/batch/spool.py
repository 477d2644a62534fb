"""The spool (スプール): the job log of a run, written by the supervisor and so complete also when a step was killed.

``spool/<run id>/JOBLOG.txt`` has three sections per attempt, as a job log on the mainframe has: the
expanded deck, the messages as they came, and the allocation and disposition of each DD; the step table and
the journal's head close it. ``events.jsonl`` holds one JSON object per step and per job; ``<STEP>.err``
what a step's process wrote to its standard error, scrubbed.

The control store, not the spool, is what a restart goes by: a spool may be deleted.
"""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import structlog

from chosho import disk
from chosho.batch import clock
from chosho.batch.expand import Job
from chosho.batch.result import StepResult
from chosho.errors import ChoshoError, StopLine, message

_WIDTH = 100


class JobLog:
    """The job log of one attempt of a run.

    Args:
        folder: ``spool/<run id>``; made when missing.
        heard: called with each line of the messages section.
    """

    def __init__(self, folder: Path, heard: Callable[[str], None]) -> None:
        disk.make_folder(folder)
        self.path = folder / "JOBLOG.txt"
        self._folder = folder
        self._heard = heard
        self._allocations: list[str] = []
        self._events = structlog.wrap_logger(
            _Lines(folder / "events.jsonl"),
            processors=[_stamped, structlog.processors.JSONRenderer(ensure_ascii=False)],
        )

    def begin(self, run_id: str, attempt: int, job: Job, person: str, start: str | None) -> None:
        """Write the head of the log and the expanded deck."""
        lines = [
            "=" * _WIDTH,
            f"chosho job log  {run_id}  attempt {attempt}",
            f"deck            {job.name}  {job.title}",
            f"business date   {job.business_date}",
            f"submitted by    {person}  {clock.stamp()}",
        ]
        lines += [f"parameter       {name} = {value}" for name, value in job.parameters.items()]
        if start is not None:
            lines.append(f"restart from    {start}")
        self._write([*lines, "=" * _WIDTH, *_section("1 DECK"), *_deck(job), *_section("2 JOB MESSAGES")])

    def say(self, message_id: str, **fields: object) -> None:
        """Write a message of the table."""
        self._line(message(message_id, **fields))

    def say_error(self, error: ChoshoError) -> None:
        """Write an error and what to do about it."""
        self._line(str(error))
        if error.action:
            self._line(f"         -> {error.action}")

    def say_failure(self, error: Exception) -> ChoshoError:
        """Write what stopped the supervisor itself, worded when nobody foresaw it, and return it so worded."""
        if isinstance(error, ChoshoError):
            stopped = error
        elif isinstance(error, OSError) and error.strerror:
            stopped = StopLine("CHSB062S", error=f"{error.strerror} at {error.filename or 'an open file'}")
        else:
            # Its text could hold anything; its kind cannot.
            stopped = StopLine("CHSB062S", error=type(error).__name__)
        self.say_error(stopped)
        return stopped

    def allocate(self, step: str, dd: str, dsn: str, what: str) -> None:
        """Note what became of a DD; written in the third section at the end."""
        self._allocations.append(f"{step:<8} {dd:<8} {dsn:<44} {what}")

    def step(self, result: StepResult, **more: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
        """Add the summary event of a step."""
        self._events.info(
            "step",
            step=result.name,
            pgm=result.pgm,
            state=result.state.value,
            rc=result.rc,
            abend=result.abend_code or None,
            elapsed=round(result.elapsed, 3),
            peak_rss=result.peak_rss,
            counts=dict(result.counts),
            **more,
        )

    def stderr(self, step: str) -> Callable[[bytes], None]:
        """Return where the standard error of a step goes."""
        return lambda data: disk.append(self._folder / f"{step}.err", data)

    def end(self, run_id: str, rc: int, steps: Sequence[StepResult], head: str, note: str) -> None:
        """Write the third section, the step table and the journal's head with its signed note; make the log durable."""
        lines = [
            *_section("3 ALLOCATION AND DISPOSITION"),
            *self._allocations,
            *_section("STEPS"),
            *_table(steps),
            *_section("COUNTS"),
            *_counts(steps),
            "",
            f"{run_id} ended with return code {rc}  {clock.stamp()}",
            f"journal head {head}",
            "",
            *note.splitlines(),
            "",
        ]
        self._write(lines, durable=True)
        self._events.info("job", rc=rc, head=head, steps=len(steps))

    def _line(self, text: str) -> None:
        self._write([f"{clock.stamp()} {text}".rstrip()])
        self._heard(text)

    def _write(self, lines: Sequence[str], *, durable: bool = False) -> None:
        _append(self.path, "".join(f"{line}\n" for line in lines), durable=durable)


class _Lines:
    """What structlog writes to: the end of a file of JSON lines."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def info(self, text: str) -> None:
        """Add one line."""
        _append(self._path, f"{text}\n")


def _append(path: Path, text: str, *, durable: bool = False) -> None:
    """Add to a file of the spool; work that cannot be logged does not go on."""
    try:
        disk.append(path, text.encode(), durable=durable)
    except OSError as error:
        raise StopLine("CHSB064S", path=path, error=error.strerror or type(error).__name__) from error


def _stamped(_logger: object, _method: str, event: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"at": clock.stamp(), **event}


def _section(title: str) -> list[str]:
    return ["", f"--- {title} ".ljust(_WIDTH, "-")]


def _deck(job: Job) -> list[str]:
    """Return the expanded deck, each step with where it was written."""
    lines = []
    for step in job.steps:
        lines.append(f"{step.name:<8} pgm {step.pgm}  {step.title}  ({step.source} line {step.line})")
        if step.when is not None:
            lines.append(f"         when {step.when.text}")
        lines += [f"         parm {name} = {value}" for name, value in step.parm.items()]
        for dd in step.dds:
            extra = (" keep: always" if dd.keep else "") + (" optional" if dd.optional else "")
            lines.append(f"         dd   {dd.name:<8} {dd.written:<44} {dd.disposition.value}{extra}")
        lines += [f"         balance {balance.text}" for balance in step.balances]
    return lines


def _table(steps: Sequence[StepResult]) -> list[str]:
    """Return a line per step; ``RECORDS`` is what it read, or else what it wrote."""
    lines = [
        f"{'STEP':<8} {'PGM':<20} {'STATE':<8} {'CODE':>7} {'RECORDS':>13} {'SECONDS':>9} {'PEAK MiB':>9}"
    ]
    for step in steps:
        code = step.abend_code or ("-" if step.rc is None else str(step.rc))
        state = f"{step.state.value}{'*' if step.earlier else ''}"
        records = step.counts.get("read", step.counts.get("written"))
        shown = "" if records is None else f"{records:,}"
        peak = f"{step.peak_rss / 2**20:.0f}" if step.peak_rss else ""
        line = f"{step.name:<8} {step.pgm:<20} {state:<8} {code:>7} {shown:>13} {step.elapsed:9.1f} {peak:>9}"
        lines.append(line.rstrip())
    if any(step.earlier for step in steps):
        lines.append("* ended in an earlier attempt")
    return lines


def _counts(steps: Sequence[StepResult]) -> list[str]:
    """Return every count of every step, wrapped to the width of the log."""
    lines = []
    for step in steps:
        told = "  ".join(f"{name} {n:,}".replace(" ", "\xa0") for name, n in step.counts.items())
        blank = " " * 9
        wrapped = textwrap.wrap(told, _WIDTH, initial_indent=f"{step.name:<8} ", subsequent_indent=blank)
        lines += [line.replace("\xa0", " ") for line in wrapped]
    return lines
