"""The disk refuses: full, broken, or not confirming. The step ends with 16, nothing of it is visible, the restart ends clean."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scenarios.house import RUN, STEPS, House, Outcome, outcome
from tests.step.stage import REPOSITORY

Before = Callable[[str], House]

FAULTS = (
    ("S210", "create:1:ENOSPC", "No space left on device"),
    ("S210", "write:1:ENOSPC", "CHSD110S"),
    ("S210", "read:2:EIO", "CHSD109S"),
    ("S220", "sync:1:EIO", "CHSD002S disk did not confirm"),
    ("S230", "write:3:EDQUOT", "CHSD110S"),
    ("S230", "sync:4:EIO", "CHSD002S disk did not confirm"),
    ("S240", "sync_folder:1:EIO", "CHSD002S disk did not confirm"),
    ("S250", "write:1:ENOSPC", "CHSD110S"),
    ("S250", "sync:2:EIO", "CHSD002S disk did not confirm"),
    ("S260", "write:1:ENOSPC", "CHSD110S"),
    ("S260", "read:1:EIO", "EIO"),
    ("S270", "create:1:EMFILE", "EMFILE"),
    ("S280", "sync:1:EIO", "CHSD002S disk did not confirm"),
)
KEEP = {"REJECTS", "UNMATCH", "CHANGES", "FINDINGS", "VERIFY"}
"""DDs that are kept when their step fails, if they could be written."""


def test_a_run_whose_disk_fails_again_and_again_ends_like_the_clean_run(
    house: House, clean: Outcome, tmp_path: Path
) -> None:
    """One attempt for each fault; each is injected once, so a sync that was tried again would let the step pass."""
    for attempt, (step, fault, _) in enumerate(FAULTS):
        result = house.january(restart="best" if attempt else None, fault=fault, step=step)
        ended = next(one for one in result.steps if one.name == step)
        told = (step, fault, result.rc, ended.rc, ended.abend_code)
        assert told == (step, fault, 16, 16, ""), house.log(RUN)
        with house.store() as store:
            visible = [
                one for dsn in store.generations.datasets() for one in store.generations.catalogued(dsn)
            ]
        assert {one.dd for one in visible if one.step == step} <= KEEP, (step, fault)
        assert house.faults() == [], (step, fault)
    log = house.log(RUN)
    assert [said for _, _, said in FAULTS if said.startswith("CHS") and said not in log] == []
    assert "CHSS021S" not in log, "a disk that fails is nothing unexpected"
    assert house.january(restart="best").rc == 4, house.log(RUN)
    assert outcome(house, tmp_path / "plain") == clean
    assert house.faults() == []


SUPERVISOR = (
    ("S230", "sync_folder:1:EIO", "CHSD002S"),
    ("S240", "write:1:ENOSPC", "CHSB064S cannot write the job log"),
    ("S290", "create:1:ENOSPC", "CHSB06"),  # the key table without the erased keys
    ("S290", "remove:1:EIO", "CHSB06"),
    ("S290", "sync:1:EIO", "CHSD002S"),
)


@pytest.mark.parametrize(("step", "fault", "said"), SUPERVISOR, ids=[" ".join(one[:2]) for one in SUPERVISOR])
def test_a_disk_that_fails_the_supervisor_stops_the_line_and_the_run_restarts(
    before: Before, clean: Outcome, tmp_path: Path, step: str, fault: str, said: str
) -> None:
    house = before(step)
    words = ("submit", "JANUARY", "--date", "2027-01-12", "--set", "WORK_FACTOR=10", "--restart", "best")
    faults = {"CHOSHO_STEP": "SUPERVISOR", "CHOSHO_DISK_FAULT_STEP": "SUPERVISOR", "CHOSHO_DISK_FAULT": fault}
    done = house.command(*words, environment=faults)
    assert done.returncode == 16, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert said in done.stderr + house.log(RUN)
    with house.store() as store:
        states = {name: str(one.state) for name, one in store.runs.steps(RUN).items()}
        run = store.runs.get(RUN)
    assert all(states[name] == "finished" for name in STEPS[: STEPS.index(step)])
    if str(run.state) != "finished":
        assert house.january(restart="best").rc == 4, house.log(RUN)
    assert outcome(house, tmp_path / "plain") == clean
    assert (
        house.command("submit", "FIXTURES", "--date", "2027-01-13", "--set", "CONTRACTS=20").returncode == 0
    )
    # A cohort key whose making failed at the last moment stays, and opens nothing: its dataset was never begun.
    assert [one for one in house.faults() if not one.startswith("key CHOSHO.STATEMENT.K310.")] == []


@pytest.fixture
def small_disk(tmp_path: Path) -> list[str]:
    """Return the start of a command that runs with a file system of 8 MiB at ``disk`` in a mount namespace of its own."""
    mount = tmp_path / "disk"
    mount.mkdir()
    program = shutil.which("unshare")
    if program is None:
        pytest.skip("unshare is not installed")
    script = f'mount -t tmpfs -o size=8m,mode=0700 tmpfs "{mount}" && exec "$@"'
    for how in (["-m"], ["-Urm"]):
        words = [program, *how, "sh", "-c", script, "sh"]
        if subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0:
            return words
    return pytest.skip("this machine does not let the test mount a tmpfs")


@pytest.mark.parametrize("spare", [40_000, 300_000, 900_000, 1_400_000])
def test_a_disk_that_is_really_full_loses_nothing(
    world: House, clean: Outcome, small_disk: list[str], tmp_path: Path, spare: int
) -> None:
    command = [
        sys.executable,
        "-m",
        "tests.scenarios.full",
        str(world.folder),
        str(tmp_path / "disk"),
        str(spare),
    ]
    done = subprocess.run(
        [*small_disk, *command],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ},
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["full"]["rc"] == 16, told["full"]
    assert {name: data.encode("latin-1") for name, data in told["files"].items()} == clean.files
    assert told["again"]["rc"] == 4, told
    assert told["faults"] == []
    said = told["full"]["message"] + told["log"]
    assert any(text in said for text in ("No space left", "CHSD110S", "disk is full", "CHSJ004S")), said
    assert done.stderr == ""


def test_a_signal_that_is_not_a_fault_of_the_disk_is_told_apart(before: Before) -> None:
    """A process that the kernel kills for want of memory is an abend with its signal, not a message about the disk."""
    house = before("S280")
    result = house.january(restart="best", fault="create:1:KILL", step="S280")
    assert result.steps[STEPS.index("S280")].abend_code == signal.Signals.SIGKILL.name
    assert "CHSD" not in house.log(RUN)
