"""The synthetic world of the scenarios, made once for all workers, and copies of it for the tests."""

import fcntl
import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chosho.batch.expand import JobStep
from chosho.batch.result import Observer
from tests.scenarios.house import CONTRACTS, SEED, TAX_YEAR, House, Outcome, outcome
from tests.step.stage import REPOSITORY


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep the other workers of pytest-xdist out while something for all of them is made."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def _common(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this test run share."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "scenarios"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def world(_common: Path) -> House:
    """A data root with source files, a number master and keys, made by the command; nothing was run on it."""
    made = House(_common / "world")
    with _alone(_common / "world.lock"):
        if not made.folder.exists():
            fresh = House(_common / "world.new")
            arguments = ("--contracts", str(CONTRACTS), "--seed", str(SEED), "--tax-year", str(TAX_YEAR))
            for words in (
                ("keys", "init"),
                ("init", "--definitions", str(REPOSITORY / "datasets")),
                ("fixtures", "make", *arguments),
            ):
                done = fresh.command(*words)
                assert done.returncode == 0, done.stderr
            fresh.folder.rename(made.folder)
    return made


class _Photographer(Observer):
    """Takes a byte copy of the house when a step begins."""

    def __init__(self, house: House, folder: Path) -> None:
        self._house = house
        self._folder = folder

    def step_began(self, step: JobStep) -> None:
        self._house.copy(self._folder / step.name)


@pytest.fixture(scope="session")
def _run(world: House, _common: Path) -> Path:
    """A folder with a finished JANUARY run, its outcome, and the house as it was when each step began."""
    folder = _common / "run"
    with _alone(_common / "run.lock"):
        if not folder.exists():
            fresh = _common / "run.new"
            fresh.mkdir()
            house = world.copy(fresh / "finished")
            result = house.january(observer=_Photographer(house, fresh / "before"))
            assert result.rc == 4, house.log(result.run_id)
            found = outcome(house, fresh / "plain")
            (fresh / "outcome").write_bytes(pickle.dumps(found))
            fresh.rename(folder)
    return folder


@pytest.fixture(scope="session")
def finished(_run: Path) -> House:
    """A house with a finished JANUARY run behind it; to be looked at only."""
    return House(_run / "finished")


@pytest.fixture(scope="session")
def clean(_run: Path) -> Outcome:
    """The outcome of that run."""
    found: Outcome = pickle.loads((_run / "outcome").read_bytes())  # noqa: S301 - written by the same test run
    return found


@pytest.fixture(scope="session")
def plain(_run: Path) -> Path:
    """The folder with the plain NTA files of that run."""
    return _run / "plain"


@pytest.fixture(scope="session")
def snapshots(_run: Path) -> Path:
    """The folder with the house as it was when each step of that run began, by the name of the step."""
    return _run / "before"


@pytest.fixture
def house(world: House, tmp_path: Path) -> House:
    """A copy of the world for one test."""
    return world.copy(tmp_path / "house")


@pytest.fixture
def before(snapshots: Path, tmp_path: Path) -> Callable[[str], House]:
    """Give a copy of the house as it was when a step of the clean run began: as if its supervisor was killed there."""
    return lambda step: House(snapshots / step).copy(tmp_path / f"before-{step}")
