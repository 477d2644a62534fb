"""kill -9 of a step's process in each of the nine steps: nothing half done is visible, and the restart ends like the clean run."""

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path

from tests.scenarios.house import RUN, STEPS, House, Outcome, outcome
from tests.scenarios.processes import children, variable

KILLS = (
    ("S210", "create:1:KILL"),
    ("S210", "write:1:KILL"),
    ("S210", "sync:2:KILL"),
    ("S220", "write:2:KILL"),
    ("S230", "create:4:KILL"),
    ("S230", "sync:5:KILL"),
    ("S240", "create:1:KILL"),
    ("S250", "create:2:KILL"),
    ("S250", "write:2:KILL"),
    ("S260", "write:1:KILL"),
    ("S270", "sync:1:KILL"),
    ("S280", "sync_folder:1:KILL"),
)
"""In which step, and at which of its calls on the disk."""


KEPT = {"S210": "REJECTS", "S220": "UNMATCH", "S230": "CHANGES", "S240": "FINDINGS", "S270": "VERIFY"}
"""The lists that stay when their step fails, once they are whole on the disk."""


def assert_abend(house: House, step: str) -> None:
    """Hold that a step was killed and that nothing it did can be seen: all that is visible is an earlier step's."""
    number = STEPS.index(step)
    with house.store() as store:
        states = {name: str(one.state) for name, one in store.runs.steps(RUN).items()}
        assert str(store.runs.get(RUN).state) == "failed"
    assert {name: states[name] for name in STEPS[: number + 1]} == {
        **dict.fromkeys(STEPS[:number], "finished"),
        step: "failed",
    }
    assert "finished" not in [states.get(name) for name in STEPS[number:]]
    assert f"CHSB104S step {step} abended: SIGKILL" in house.log(RUN)
    with house.store() as store:
        visible = [one for dsn in store.generations.datasets() for one in store.generations.catalogued(dsn)]
    made = {one.step for one in visible if one.run == RUN and (one.step, one.dd) != (step, KEPT.get(step))}
    assert made == set(STEPS[:number])
    assert house.faults() == []


def assert_clean_end(house: House, clean: Outcome, tmp_path: Path) -> None:
    """Hold that a restart to the end leaves what a run without any fault leaves."""
    result = house.january(restart="best")
    assert result.rc == 4, house.log(RUN)
    assert outcome(house, tmp_path / "plain") == clean
    assert house.faults() == []


def test_a_run_whose_steps_are_killed_again_and_again_ends_like_the_clean_run(
    house: House, clean: Outcome, tmp_path: Path
) -> None:
    """One run, an attempt for each kill and a last one: after each, nothing of the killed step is visible or left over."""
    for attempt, (step, fault) in enumerate(KILLS):
        result = house.january(restart="best" if attempt else None, fault=fault, step=step)
        killed = next(one for one in result.steps if one.name == step)
        told = (step, fault, result.rc, str(killed.state), killed.abend_code)
        assert told == (step, fault, 16, "abend", "SIGKILL")
        assert_abend(house, step)
    assert_clean_end(house, clean, tmp_path)
    assert house.log(RUN).count("CHSB104S") == len(KILLS)


def test_the_erasing_step_killed_as_it_begins_erases_nothing_and_restarts(
    before: Callable[[str], House], clean: Outcome, tmp_path: Path
) -> None:
    """S290 writes nothing, so no call on the disk can be its end: it is killed by its process id."""
    house = before("S290")
    killed: list[int] = []
    stop = threading.Event()

    def hunt() -> None:
        while not killed and not stop.is_set():
            for pid in children(os.getpid()):
                if variable(pid, "CHOSHO_STEP") == "S290":
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)

    hunter = threading.Thread(target=hunt)
    hunter.start()
    try:
        result = house.january(restart="best")
    finally:
        stop.set()
        hunter.join()
    assert len(killed) == 1
    assert result.rc == 16, house.log(RUN)
    assert_abend(house, "S290")
    assert len(house.content("CHOSHO.PAYMENT.DATA")) == clean.counts["S210"]["kept"] * 1792
    assert_clean_end(house, clean, tmp_path)
