"""A data root on which the report step of NIGHTLY runs as a command, for the commands about what a night leaves."""

from datetime import date
from pathlib import Path

import pytest

from chosho.control.store import ControlStore
from chosho.vault.keys import KeyStore
from tests.cli.conftest import REPOSITORY, Answer, Chosho


class Night:
    """A data root and a person in front of it.

    Args:
        folder: an empty folder of the test.
        chosho: runs a command.
        environment: where the person and the libraries are said.
    """

    def __init__(self, folder: Path, chosho: Chosho, environment: pytest.MonkeyPatch) -> None:
        self.root, self.keys = folder / "root", folder / "keys"
        self._chosho = chosho
        self._environment = environment
        decks = folder / "jcl"
        decks.mkdir()
        text = (REPOSITORY / "jcl" / "NIGHTLY.yaml").read_text(encoding="utf-8")
        report = "job: NIGHTLY\ntitle: report\nsteps:\n" + text[text.index("  - step: S140") :]
        (decks / "NIGHTLY.yaml").write_text(report, encoding="utf-8")
        year = 'parameters:\n  TAX_YEAR: {default: "&PREVIOUS_YEAR", title: year}\nsteps:'
        january = report.replace("NIGHTLY", "JANUARY").replace("steps:", year, 1)
        (decks / "JANUARY.yaml").write_text(january, encoding="utf-8")
        environment.setenv("CHOSHO_JCLLIB", str(decks))
        self.be("operator")
        assert self("keys", "init").code == 0
        assert self("init", "--definitions", REPOSITORY / "datasets").code == 0

    def __call__(self, *words: object) -> Answer:
        """Run a command on the data root."""
        return self._chosho("--root", self.root, "--keys", self.keys, *words)

    def be(self, person: str) -> None:
        """Let somebody else sit down."""
        self._environment.setenv("CHOSHO_PERSON", person)

    def ran(self, day: date | str, deck: str = "NIGHTLY") -> None:
        """Run a deck for a date."""
        answer = self("submit", deck, "--date", day)
        assert answer.code <= 4, answer.err

    def store(self) -> ControlStore:
        """Open the control store."""
        return ControlStore.open(self.root, KeyStore(self.keys, data_root=self.root))
