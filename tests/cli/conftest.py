"""A command as an operator calls it, and a data root on which JANUARY has run once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from chosho.cli.main import main

REPOSITORY = Path(__file__).resolve().parents[2]
CONTRACTS = 1000
"""Enough for every edge of the fixtures to occur."""


@dataclass(frozen=True)
class Answer:
    """What a command left: its exit code, its output, its errors."""

    code: int
    out: str
    err: str


Chosho = Callable[..., Answer]


@dataclass(frozen=True)
class Ran:
    """A data root on which JANUARY of 2027-01-12 has run."""

    root: Path
    keys: Path
    run: str = "JANUARY.20270112.01"


def call(*words: object) -> int:
    """Run a command in this process and return its exit code."""
    with pytest.raises(SystemExit) as left:
        main([str(word) for word in words])
    return int(left.value.code or 0)


@pytest.fixture
def chosho(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Chosho:
    """Return a function that runs a command in this process, without the caller's data root and keys."""
    monkeypatch.delenv("CHOSHO_ROOT", raising=False)
    monkeypatch.delenv("CHOSHO_KEYS", raising=False)

    def run(*words: object) -> Answer:
        code = call(*words)
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Make a small synthetic world and run JANUARY on it, once for all tests that only look."""
    folder = tmp_path_factory.mktemp("january")
    place = Ran(folder / "root", folder / "keys")
    where = ("--root", place.root, "--keys", place.keys)
    assert call(*where, "keys", "init") == 0
    assert call(*where, "init", "--definitions", REPOSITORY / "datasets") == 0
    assert call(*where, "fixtures", "make", "--contracts", CONTRACTS, "--tax-year", 2026) == 0
    assert call(*where, "submit", "JANUARY", "--date", "2027-01-12", "--set", "WORK_FACTOR=10") <= 4
    return place


@pytest.fixture
def on(ran: Ran, chosho: Chosho) -> Iterator[Chosho]:
    """Return a function that runs a command on the data root of ``ran``."""

    def run(*words: object) -> Answer:
        return chosho("--root", ran.root, "--keys", ran.keys, *words)

    return run
