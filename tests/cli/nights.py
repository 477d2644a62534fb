"""A data root on which the report step of NIGHTLY runs as a command, for the commands about what a night leaves."""

from datetime import date
from pathlib import Path

import pytest

from chosho.control.inbox import Judgement
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
        self._decks = folder / "jcl"
        self._decks.mkdir()
        self.reports("NIGHTLY")
        self.reports("JANUARY", parameters="{TAX_YEAR: {default: '&PREVIOUS_YEAR', title: year}}")
        environment.setenv("CHOSHO_JCLLIB", str(self._decks))
        self.be("operator")
        assert self("keys", "init").code == 0
        assert self("init", "--definitions", REPOSITORY / "datasets").code == 0

    def __call__(self, *words: object) -> Answer:
        """Run a command on the data root."""
        return self._chosho("--root", self.root, "--keys", self.keys, *words)

    def reports(self, deck: str, *, parameters: str = "{}") -> None:
        """Make a deck of the report step."""
        text = (REPOSITORY / "jcl" / "NIGHTLY.yaml").read_text(encoding="utf-8")
        head = f"job: {deck}\ntitle: report\nparameters: {parameters}\nsteps:\n"
        self.deck(deck, head + text[text.index("  - step: S140") :])

    def deck(self, deck: str, text: str) -> None:
        """Put a deck before the one that ships."""
        (self._decks / f"{deck}.yaml").write_text(text, encoding="utf-8")

    def be(self, person: str) -> None:
        """Let somebody else sit down."""
        self._environment.setenv("CHOSHO_PERSON", person)

    def ran(self, day: date | str, deck: str = "NIGHTLY", *words: str) -> None:
        """Run a deck for a date."""
        answer = self("submit", deck, "--date", day, *words)
        assert answer.code <= 4, answer.err

    def store(self) -> ControlStore:
        """Open the control store."""
        return ControlStore.open(self.root, KeyStore(self.keys, data_root=self.root))

    def refused(self, name: str, reason: str) -> None:
        """Enter a file in the inbox register that the night of 2027-04-06 refused."""
        judgement = Judgement(
            dsn="CHOSHO.INBOX.COUNTER", name=name, path=f"inbox/counter/{name}", sha256="", reason=reason
        )
        with self.store() as store:
            store.inbox.judge(
                judgement,
                run="NIGHTLY.20270406.01",
                step="S110",
                business_date=date(2027, 4, 6),
                at="2027-04-06T22:00:00+09:00",
                who="operator",
            )
