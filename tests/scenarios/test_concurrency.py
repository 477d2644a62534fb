"""Two at once: one run, one refusal; the locks of a run live as long as any process of it."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from tests.scenarios.house import RUN, House, Outcome, outcome
from tests.scenarios.processes import alive, family

SUBMIT = ("submit", "JANUARY", "--date", "2027-01-12", "--set", "WORK_FACTOR=10")


def until(condition: Callable[[], object], seconds: float = 30) -> None:
    """Wait for a condition."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)


def test_of_two_submits_at_once_one_runs_and_the_other_is_refused(
    house: House, clean: Outcome, tmp_path: Path
) -> None:
    both = [house.start_command(*SUBMIT) for _ in range(2)]
    said = [process.communicate(timeout=120) for process in both]
    codes = [process.returncode for process in both]
    assert sorted(codes) == [4, 12]
    refusal = said[codes.index(12)][1]
    assert refusal.startswith(
        "CHSB040E a run of JANUARY with this business date and these parameters is going on"
    )
    assert "Traceback" not in refusal
    with house.store() as store:
        assert [(run.id, run.attempt) for run in store.runs.list() if run.deck == "JANUARY"] == [(RUN, 1)]
    assert outcome(house, tmp_path / "plain") == clean
    assert house.faults() == []


def test_a_run_of_another_date_is_refused_while_the_datasets_are_in_use_or_waits_for_them(
    house: House,
) -> None:
    first = house.start_command(*SUBMIT)
    until(lambda: family(first.pid))
    other = house.command("submit", "JANUARY", "--date", "2027-01-13", "--set", "WORK_FACTOR=10")
    assert (other.returncode, other.stdout) == (12, "")
    assert other.stderr.startswith("CHSB047E job JANUARY: dataset CHOSHO.")
    assert first.poll() is None, "the first run had ended before it was disturbed"
    result = house.submit("FIXTURES", parameters={"CONTRACTS": "20"}, wait=100)
    ended = first.poll()
    first.communicate()
    assert (result.rc, ended) == (0, 4), "the run that was told to wait did not wait for the first"
    with house.store() as store:
        assert [run.id for run in store.runs.list() if run.deck == "JANUARY"] == [RUN]
    assert house.faults() == []


SURVIVOR_DECK = """\
job: SURVIVE
steps:
  - step: S1
    pgm: survivor
    dd:
      OLD: {dsn: CHOSHO.PAYMENT.REJECT(0), disp: SHR, optional: true}
      NEW: {dsn: CHOSHO.PAYMENT.REJECT(+1), disp: [NEW, CATLG, DELETE]}
"""
SURVIVOR = """\
import ctypes, os, pathlib, time

ctypes.CDLL(None).prctl(1, 0)  # PR_SET_PDEATHSIG: none, so that it outlives its supervisor
step.writer("NEW").write(bytes(752))
here = pathlib.Path(__file__).parent
(here / "pid").write_text(str(os.getpid()))
while not (here / "go").exists():
    time.sleep(0.01)
"""
"""A step that does what no step may: it survives its supervisor, as one does that hangs in a dead disk."""


def test_the_locks_of_a_killed_supervisor_live_as_long_as_its_step(
    house: House, clean: Outcome, tmp_path: Path
) -> None:
    house.workshop()
    house.deck("SURVIVE", SURVIVOR_DECK)
    house.program("survivor", SURVIVOR)
    jobs = house.folder / "jobs"
    libraries = {"CHOSHO_JCLLIB": str(house.folder / "jcl"), "CHOSHO_JOBLIB": str(jobs)}
    words = ("submit", "SURVIVE", "--date", "2027-01-12")
    supervisor = house.start_command(*words, environment=libraries)
    until(lambda: (jobs / "pid").exists() and (jobs / "pid").read_text())
    step = int((jobs / "pid").read_text())
    os.kill(supervisor.pid, signal.SIGKILL)
    supervisor.wait()
    assert alive(step)
    data = sorted((house.root / "data").iterdir())
    for arguments, message in ((SUBMIT, "CHSB047E"), ((*words, "--restart", "best"), "CHSB040E")):
        done = house.command(*arguments, environment=libraries)
        assert (done.returncode, done.stderr[:8]) == (12, message)
    assert sorted((house.root / "data").iterdir()) == data, "a recovery took the files of a living step"
    os.kill(step, signal.SIGKILL)
    until(lambda: not alive(step))
    assert house.command(*SUBMIT).returncode == 4
    assert outcome(house, tmp_path / "plain").files == clean.files
    (jobs / "go").touch()
    assert house.command(*words, "--restart", "best", environment=libraries).returncode in (0, 12)
    assert house.orphans() == set()
