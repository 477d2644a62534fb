"""Results (実行結果): how a step and a run ended, and who may watch them meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from chosho.batch.expand import Job, JobStep


class State(StrEnum):
    """What became of a step; there is nothing else."""

    OK = "ok"
    """It ended with a code below the deck's ``fail_at``."""
    FAILED = "failed"
    """It ended with a code of ``fail_at`` or above."""
    ABEND = "abend"
    """It died, was killed, or left without a word; code 16."""
    SKIPPED = "skipped"
    """Its condition was false."""
    FLUSHED = "flushed"
    """It did not run because a step before it failed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StepResult:
    """How a step ended. ``rc`` is None when it did not run; ``peak_rss`` in bytes, ``elapsed`` in seconds."""

    name: str
    pgm: str
    title: str
    state: State
    rc: int | None
    counts: Mapping[str, int] = field(default_factory=dict)
    elapsed: float = 0.0
    peak_rss: int = 0
    abend_code: str = ""
    cancelled: bool = False
    """Whether it ended because the supervisor was told to stop."""
    earlier: bool = False
    """Whether it ended in an earlier attempt of the run and was not redone."""

    @property
    def ran(self) -> bool:
        """Whether the step was started."""
        return self.rc is not None

    @property
    def abend(self) -> bool:
        """Whether the step died or was killed."""
        return self.state is State.ABEND

    @property
    def failed(self) -> bool:
        """Whether the step took the abnormal disposition."""
        return self.state in {State.FAILED, State.ABEND}


@dataclass(frozen=True, kw_only=True, slots=True)
class RunResult:
    """How a run ended. ``log`` is its job log; ``head`` the journal's head at its end."""

    run_id: str
    rc: int
    steps: tuple[StepResult, ...]
    log: Path
    head: str
    message: str = ""
    """The error that stopped the supervisor itself, if one did."""


class Observer:
    """Watches a run; every method does nothing until a subclass says otherwise."""

    def job_began(self, run_id: str, job: Job) -> None:
        """Be told that a run starts."""

    def step_began(self, step: JobStep) -> None:
        """Be told that a step starts."""

    def progress(self, step: JobStep, done: int, total: int) -> None:
        """Be told how far a step is, in units of its own."""

    def message(self, text: str) -> None:
        """Be told a line of the job log."""

    def step_ended(self, result: StepResult) -> None:
        """Be told how a step ended, also when it did not run."""
