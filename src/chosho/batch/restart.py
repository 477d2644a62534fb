"""Restart (再始動): from which step a run goes on, and what the steps before it left behind.

The control store is the authority, not the job log. ``best`` is the first step that was not completed; a
named step may be an earlier one, when its inputs still exist. Codes and counts of the steps before are
replayed for conditions and balances.
"""

from collections.abc import Mapping

from chosho.batch.expand import Job, JobStep
from chosho.batch.fingerprint import differences
from chosho.batch.result import State, StepResult
from chosho.control.runs import Run, RunState, Step, StepState
from chosho.errors import InputRefused

BEST = "best"
"""The word for the first step that was not completed."""

_COMPLETED = (StepState.FINISHED, StepState.SKIPPED)


def require_restart(run: Run | None, restart: str | None, steps: Mapping[str, Step]) -> None:
    """Refuse a run that is finished, one that needs a restart, and a restart of nothing.

    Args:
        run: the earlier run of the same deck, business date and parameters; nobody else works on it.
        restart: ``best``, a step's name, or None when no restart was asked for.
        steps: the steps that the run has on record.

    Raises:
        InputRefused: CHSB041E finished; CHSB049E closed; CHSB042E unfinished; CHSB043E there is no run to restart.
    """
    if run is None:
        if restart is not None:
            raise InputRefused("CHSB043E")
    elif run.state is RunState.CLOSED:
        raise InputRefused("CHSB049E", run=run.id, ended=run.ended_at)
    elif run.state is RunState.FINISHED:
        raise InputRefused("CHSB041E", run=run.id, rc=run.rc, ended=run.ended_at)
    elif restart is None:
        last = next((step for step in reversed(list(steps.values())) if step.state not in _COMPLETED), None)
        raise InputRefused("CHSB042E", run=run.id, step=last.name if last else "-")


def start(job: Job, run: Run, steps: Mapping[str, Step], restart: str, fingerprint: str) -> int:
    """Return the place of the step to go on from; the number of steps when all are completed.

    A changed deck may only start anew, from its first step: then no result of the old one is mixed with the
    new.

    Raises:
        InputRefused: the step is unknown (CHSB044E), a step before it was not completed (CHSB045E), or
        deck, programs or
            copybooks changed since (CHSB046E).
    """
    place = best = _completed(job, steps)
    if restart != BEST:
        names = [step.name for step in job.steps]
        if restart not in names:
            raise InputRefused("CHSB044E", step=restart, job=job.name)
        place = names.index(restart)
        if place > best:
            raise InputRefused("CHSB045E", step=restart, earlier=names[best])
    changed = differences(run.fingerprint, fingerprint)
    if changed and place > 0:
        first = job.steps[0].name
        raise InputRefused("CHSB046E", run=run.id, changed=", ".join(changed), first=first)
    return place


def _completed(job: Job, steps: Mapping[str, Step]) -> int:
    """Return how many steps, from the first, are completed.

    One that ended before a step ahead of it was redone worked on what is replaced now: it counts as not run.
    """
    attempt = 0
    for place, step in enumerate(job.steps):
        record = steps.get(step.name)
        if record is None or record.state not in _COMPLETED or record.attempt < attempt:
            return place
        attempt = record.attempt
    return len(job.steps)


def replayed(step: JobStep, record: Step | None) -> StepResult:
    """Return the result of a step that was completed in an earlier attempt."""
    skipped = record is None or record.state is StepState.SKIPPED
    return StepResult(
        name=step.name,
        pgm=step.pgm,
        title=step.title,
        state=State.SKIPPED if skipped else State.OK,
        rc=None if skipped or record is None else record.rc,
        counts={} if record is None else record.counts,
        elapsed=0.0 if record is None else record.elapsed or 0.0,
        earlier=True,
    )
