"""kill -9 of the supervisor in each of the nine steps, in a commit and in an erasure: its step dies, the restart ends clean."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from chosho.errors import InputRefused
from tests.scenarios.house import RUN, STEPS, House, Outcome, outcome
from tests.scenarios.processes import alive, family

Before = Callable[[str], House]

KILLS = (
    "S210:request-2",  # the second thing that a step asks for: it has its facts by then and begins to work
    "S210:commit",  # the step has done everything, nothing is committed
    "S210:committed",  # all is committed, the work files are not yet erased
    "S220:request-3",
    "S230:request-7",
    "S230:end",
    "S240:begin",
    "S250:commit",  # the passphrase is kept, the encrypted files are not: they must be made anew under another
    "S260:request-3",
    "S270:request-4",
    "S280:request-4",
    "S280:commit",  # the register must not have the volume twice
)
"""In which step, and at which moment of its work for it, the supervisor is killed."""
DONE = ("committed", "end")
ERASING = ("begin", "request-2", "commit", "committed", "destroyed", "rotated", "removed", "end")


def gone(pids: list[int]) -> bool:
    """Wait until processes have ended; return whether they have."""
    until = time.monotonic() + 10
    while any(alive(pid) for pid in pids):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def killed(house: House, at: str, *restart: str) -> list[int]:
    """Run until the supervisor kills itself; return the descendants that were seen."""
    process = house.mortal(at, *restart)
    seen: set[int] = set()
    while process.poll() is None:
        seen.update(family(process.pid))
        time.sleep(0.01)
    assert process.returncode == -signal.SIGKILL, house.log(RUN)
    return sorted(seen)


def assert_recovers(house: House, clean: Outcome, tmp_path: Path) -> None:
    """Hold that the run must be restarted, and that it then leaves what a run without any fault leaves."""
    with pytest.raises(InputRefused, match="CHSB042E"):
        house.january()
    result = house.january(restart="best")
    assert result.rc == 4, house.log(RUN)
    assert outcome(house, tmp_path / "plain") == clean
    assert house.faults() == []


def test_a_run_whose_supervisors_are_killed_again_and_again_ends_like_the_clean_run(
    house: House, clean: Outcome, tmp_path: Path
) -> None:
    """One run, an attempt for each kill and a last one: its step dies with it, and what was not committed is not visible."""
    for attempt, at in enumerate(KILLS):
        seen = killed(house, at, *(["best"] if attempt else []))
        assert gone(seen), at
        step, _, point = at.partition(":")
        with house.store() as store:
            visible = [
                one for dsn in store.generations.datasets() for one in store.generations.catalogued(dsn)
            ]
        done = STEPS.index(step) + (point in DONE)
        assert (at, {one.step for one in visible if one.run == RUN}) == (at, set(STEPS[:done]))
        assert seen or point == "begin", at
    assert_recovers(house, clean, tmp_path)
    with house.store() as store:
        assert store.runs.get(RUN).attempt == len(KILLS) + 1


@pytest.mark.parametrize("point", ERASING)
def test_a_supervisor_killed_in_the_erasing_step_completes_the_erasure_at_its_restart(
    before: Before, clean: Outcome, tmp_path: Path, point: str
) -> None:
    house = before("S290")
    killed(house, f"S290:{point}", "best")
    assert_recovers(house, clean, tmp_path)


def test_a_scratch_leaves_what_an_interrupted_run_still_has_to_erase(
    before: Before, clean: Outcome, tmp_path: Path
) -> None:
    """The media are in the register, the payment data are not erased yet: without them the run could never end."""
    house = before("S290")
    killed(house, "S290:begin", "best")
    scratch = house.command("submit", "SCRATCH", "--date", "2027-01-12")
    assert scratch.returncode == 0, scratch.stderr
    assert_recovers(house, clean, tmp_path)


@pytest.mark.parametrize("point", ["committed", "destroyed", "rotated", "removed"])
def test_an_erasure_that_was_killed_half_way_is_completed_by_any_later_run(
    before: Before, point: str
) -> None:
    """Nobody restarts the run: another run's recovery erases what was due, for erasing must not wait for a person."""
    house = before("S290")
    killed(house, f"S290:{point}", "best")
    doomed = {
        dsn: path for dsn in ("CHOSHO.PAYMENT.DATA", "CHOSHO.PAYMENT.MATCH") for path in house.paths(dsn)
    }
    assert doomed == {}, "what was given up is visible"
    run = house.command("submit", "FIXTURES", "--date", "2027-01-13", "--set", "CONTRACTS=20")
    assert run.returncode == 0, run.stderr
    with house.store() as store:
        assert store.generations.pending_erasures() == ()
    live = {dsn for _, dsn in house.key_store().status().live_cohorts}
    assert not live & {"CHOSHO.PAYMENT.DATA", "CHOSHO.PAYMENT.MATCH"}
    assert house.faults() == []


def test_a_supervisor_told_to_stop_ends_its_step_and_says_so(
    before: Before, clean: Outcome, tmp_path: Path
) -> None:
    house = before("S230")
    process = house.start_command(
        "submit", "JANUARY", "--date", "2027-01-12", "--set", "WORK_FACTOR=10", "--restart", "best"
    )
    there = len(list((house.root / "data").iterdir()))
    while len(list((house.root / "data").iterdir())) == there:  # until the step writes
        assert process.poll() is None
        time.sleep(0.01)
    steps = family(process.pid)
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(timeout=30) == 16
    assert gone(steps)
    process.communicate()
    assert "CHSB105W step S230 was cancelled" in house.log(RUN)
    assert_recovers(house, clean, tmp_path)
