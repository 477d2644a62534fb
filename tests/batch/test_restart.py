"""From which step a run goes on."""

from types import SimpleNamespace

import pytest

from chosho.batch import restart
from chosho.control.runs import Step, StepState
from chosho.errors import InputRefused

JOB = SimpleNamespace(name="JOB", steps=[SimpleNamespace(name=name) for name in ("S1", "S2", "S3")])
RUN = SimpleNamespace(id="JOB.20270112.01", fingerprint="a=1")
OK, BAD = StepState.FINISHED, StepState.FAILED


def record(name, state, attempt):
    return Step(
        name=name, state=state, rc=0, attempt=attempt, counts={}, started_at="", ended_at=None, elapsed=None
    )


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], 0),
        ([(OK, 1), (BAD, 1)], 1),
        ([(OK, 1), (OK, 1), (OK, 1)], 3),
        ([(OK, 1), (StepState.SKIPPED, 2), (OK, 3)], 3),
        ([(OK, 2), (OK, 1), (BAD, 1)], 1),
        ([(OK, 2), (StepState.SKIPPED, 1), (OK, 1)], 1),
        ([(BAD, 2), (OK, 1), (OK, 1)], 0),
    ],
)
def test_a_step_that_ended_before_one_ahead_of_it_was_redone_counts_as_not_run(states, expected):
    names = [step.name for step in JOB.steps]
    steps = {name: record(name, *state) for name, state in zip(names, states, strict=False)}
    assert restart.start(JOB, RUN, steps, restart.BEST, RUN.fingerprint) == expected
    if expected < len(names) - 1:
        with pytest.raises(InputRefused, match="CHSB045E"):
            restart.start(JOB, RUN, steps, names[expected + 1], RUN.fingerprint)
