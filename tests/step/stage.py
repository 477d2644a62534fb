"""A stage: a ready data root with keys, decks and step programs of a test's own, run by the real supervisor."""

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from chosho.batch.members import Libraries
from chosho.batch.result import Observer, RunResult
from chosho.batch.supervisor import Order, submit
from chosho.control.store import ControlStore
from chosho.vault.keys import KeyStore

REPOSITORY = Path(__file__).resolve().parents[2]
DAY = date(2027, 1, 12)

SMALL_CATALOG = """\
datasets:
  T.SOURCE: {title: source, recfm: T, code_page: CP932, class: none, external: source/T.DAT, right: t.read}
  T.WORK: {title: work, recfm: T, code_page: CP932, class: personal, sealed: true, generations: 2, right: t.use}
  T.LIST: {title: list, recfm: T, code_page: CP932, class: personal, sealed: true, generations: 3, right: t.use}
  T.FILES: {title: files, recfm: U, suffix: .json, class: none, generations: 3, right: t.use}
"""
"""Four datasets that are enough for the tests of the engine."""


class Stage:
    """A data root and a key folder below ``folder``.

    Args:
        folder: an empty folder of the test.
        catalog: text of the catalogue; None takes the repository's.
    """

    def __init__(self, folder: Path, catalog: str | None = None) -> None:
        self.root = folder / "root"
        self.keys = folder / "keys"
        self.libraries = Libraries(jcl=(folder / "jcl",), jobs=(folder / "jobs",))
        for path in (self.root, folder / "jcl", folder / "jobs"):
            path.mkdir()
        text = (REPOSITORY / "datasets" / "CATALOG.yaml").read_text() if catalog is None else catalog
        (self.root / "CATALOG.yaml").write_text(text)
        shutil.copy(REPOSITORY / "datasets" / "SETTINGS.yaml", self.root)
        store = KeyStore(self.keys, data_root=self.root)
        store.init()
        ControlStore.create(self.root, store, at="2027-01-01T00:00:00+09:00", who="test").close()

    def put(self, path: str, data: bytes) -> None:
        """Put a file of another system into the data root."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)

    def deck(self, name: str, text: str) -> None:
        """Add a deck or procedure."""
        (self.libraries.jcl[0] / f"{name}.yaml").write_text(textwrap.dedent(text))

    def program(self, name: str, body: str) -> None:
        """Add a step program; ``body`` is what ``run(step)`` does."""
        text = "from chosho.errors import *\n\n\ndef run(step):\n" + textwrap.indent(
            textwrap.dedent(body), "    "
        )
        (self.libraries.jobs[0] / f"{name}.py").write_text(text)

    def order(self, deck: str, day: date = DAY, **options: object) -> Order:
        """Return an order for :func:`chosho.batch.supervisor.submit`."""
        environment = {**os.environ, **options.pop("environment", {})}
        return Order(
            root=self.root,
            keys=self.keys,
            deck=deck,
            business_date=day,
            person="tester",
            libraries=self.libraries,
            environment=environment,
            **options,
        )

    def submit(
        self, deck: str, day: date = DAY, observer: Observer | None = None, **options: object
    ) -> RunResult:
        """Run a deck."""
        return submit(self.order(deck, day, **options), observer)

    def spawn(
        self, deck: str, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen:
        """Run a deck under a supervisor of its own process, which a test may kill; its exit code is the return code."""
        command = [sys.executable, "-m", "tests.step.stage", str(self.root.parent), deck, *arguments]
        return subprocess.Popen(command, cwd=REPOSITORY, env={**os.environ, **(environment or {})})

    def store(self) -> ControlStore:
        """Open the control store."""
        return ControlStore.open(self.root, KeyStore(self.keys, data_root=self.root))

    def log(self, run_id: str) -> str:
        """Return the job log of a run."""
        return (self.root / "spool" / run_id / "JOBLOG.txt").read_text()

    def catalogued(self) -> dict[str, list[int]]:
        """Return the visible generations of every dataset."""
        with self.store() as store:
            names = store.generations.datasets()
            return {dsn: [one.number for one in store.generations.catalogued(dsn)] for dsn in names}

    def orphans(self) -> set[str]:
        """Return the files of the data folder that belong to no visible generation."""
        with self.store() as store:
            visible = {
                part.path
                for dsn in store.generations.datasets()
                for generation in store.generations.catalogued(dsn)
                for part in store.generations.parts(generation.id)
            }
        return {f"data/{path.name}" for path in (self.root / "data").iterdir()} - visible


def main(folder: str, deck: str, restart: str | None = None) -> int:
    """Be the supervisor's process of :meth:`Stage.spawn`."""
    stage = Stage.__new__(Stage)
    stage.root, stage.keys = Path(folder) / "root", Path(folder) / "keys"
    stage.libraries = Libraries(jcl=(Path(folder) / "jcl",), jobs=(Path(folder) / "jobs",))
    return stage.submit(deck, restart=restart).rc


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
