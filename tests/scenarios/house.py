"""A house: a data root and its keys, ready for a JANUARY run of the packaged deck, or with one behind it.

It is a :class:`tests.step.stage.Stage` whose decks and programs are those that ship. Tests work on copies; a copy of a house is a
byte copy of its two folders.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

from chosho.batch.members import Libraries
from chosho.batch.result import Observer, RunResult
from chosho.batch.supervisor import Order
from chosho.control.files import Part
from chosho.dataset.part import PartSource
from chosho.dataset.reader import Reader
from chosho.media.opening import open_image
from chosho.statement.check import new_check
from chosho.vault.keys import KeyStore
from chosho.vault.sealed import open_header, read_header
from tests.step.stage import REPOSITORY, Stage

DAY = date(2027, 1, 12)
TAX_YEAR = 2026
CONTRACTS, SEED = 1000, 1
"""With 1,000 contracts each edge of ``chosho.fixtures.edges`` stands in the world at least once."""
CHEAP = {"WORK_FACTOR": "10"}
"""Parameters of the runs: scrypt at logN 10, for it is the tests that would pay for 18."""
RUN = "JANUARY.20270112.01"
STEPS = ("S210", "S220", "S230", "S236", "S240", "S250", "S260", "S270", "S280", "S290")
COMMAND = str(Path(sys.executable).with_name("chosho"))


class House(Stage):
    """A data root (``root``) and its keys (``keys``) below ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "root"
        self.keys = folder / "keys"
        self.libraries = Libraries()

    def copy(self, folder: Path) -> Self:
        """Return a byte copy below another folder, made here when missing."""
        made = type(self)(folder)
        for source, target in ((self.root, made.root), (self.keys, made.keys)):
            shutil.copytree(source, target, symlinks=True)
        return made

    # Running --

    def january(
        self,
        *,
        restart: str | None = None,
        day: date = DAY,
        observer: Observer | None = None,
        fault: str = "",
        step: str = "",
        parameters: Mapping[str, str] = CHEAP,
    ) -> RunResult:
        """Run JANUARY in this process; ``fault`` is a CHOSHO_DISK_FAULT for the process of ``step``."""
        faults = {"CHOSHO_DISK_FAULT": fault, "CHOSHO_DISK_FAULT_STEP": step} if fault else {}
        return self.submit(
            "JANUARY", day, observer, restart=restart, parameters=parameters, environment=faults
        )

    def deck_order(self, deck: str, day: date, **options: Any) -> Order:
        """Return the order that submits a deck; JANUARY with a cheap passphrase."""
        return self.order(deck, day, parameters=CHEAP if deck == "JANUARY" else {}, **options)

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of a command on this house."""
        return {**os.environ, "CHOSHO_ROOT": str(self.root), "CHOSHO_KEYS": str(self.keys), **more}

    def command(
        self, *arguments: str, folder: str = "/", environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run the installed ``chosho`` command."""
        return subprocess.run(
            [COMMAND, *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd=folder,
            env=self.environment(**(environment or {})),
            timeout=120,
        )

    def start_command(
        self, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> "subprocess.Popen[str]":
        """Start the installed ``chosho`` command and do not wait for it."""
        return subprocess.Popen(
            [COMMAND, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            env=self.environment(**(environment or {})),
        )

    def mortal(
        self, at: str, *arguments: str, deck: str = "JANUARY", day: date = DAY
    ) -> "subprocess.Popen[bytes]":
        """Start a deck under a supervisor that kills itself at a point; see :mod:`tests.scenarios.mortal`."""
        where = [str(self.folder), at, deck, day.isoformat()]
        command = [sys.executable, "-m", "tests.scenarios.mortal", *where, *arguments]
        return subprocess.Popen(command, cwd=REPOSITORY, env={**os.environ}, stdin=subprocess.DEVNULL)

    def workshop(self) -> None:
        """Give the house libraries of its own before the packaged ones; see :meth:`deck` and :meth:`program`."""
        folders = (self.folder / "jcl", self.folder / "jobs")
        for folder in folders:
            folder.mkdir()
        self.libraries = Libraries(jcl=folders[:1], jobs=folders[1:])

    # What is there --

    def key_store(self) -> KeyStore:
        """Open the key store."""
        return KeyStore(self.keys, data_root=self.root)

    def parts(self, dsn: str) -> dict[str, Part]:
        """Return the parts of the newest visible generation by label; none when there is no generation."""
        with self.store() as store:
            found = store.generations.catalogued(dsn)
            return {part.label: part for part in store.generations.parts(found[-1].id)} if found else {}

    def paths(self, dsn: str) -> dict[str, Path]:
        """Return the files of the newest visible generation by label."""
        return {label: self.root / part.path for label, part in self.parts(dsn).items()}

    def content(self, dsn: str) -> bytes:
        """Return the plain content of the newest visible generation, opened with the key store's key."""
        return Reader(self._sources(dsn)).read_all()

    def contents(self, dsn: str) -> dict[str, bytes]:
        """Return the same, part by part, by label."""
        return {part.label: Reader([part]).read_all() for part in self._sources(dsn)}

    def _sources(self, dsn: str) -> list[PartSource]:
        with self.store() as store:
            generation = store.generations.catalogued(dsn)[-1]
            parts = store.generations.parts(generation.id)
        key = None if generation.cohort is None else self.key_store().cohort_key(generation.cohort)
        sources = []
        for part in parts:
            path = self.root / part.path
            file_key = None if key is None else open_header(read_header(path).raw, key, file_id=part.id)
            sources.append(
                PartSource(
                    path=path,
                    label=part.label,
                    records=part.records,
                    plain_bytes=part.plain_bytes,
                    stored_bytes=part.stored_bytes,
                    file_key=file_key,
                )
            )
        return sources

    def spool(self) -> str:
        """Return everything that stands in the spool, one text."""
        files = sorted(path for path in (self.root / "spool").rglob("*") if path.is_file())
        return "\n".join(path.read_text(encoding="utf-8") for path in files)

    def statements(self, out: Path) -> dict[str, bytes]:
        """Open the registered images into a folder and return the plain files by name."""
        keys = self.key_store()
        with self.store() as store:
            media = store.media.all()
        for one in media:
            open_image(self.root / one.path, out, keys.password(one.password_id), new_check)
        return {path.name: path.read_bytes() for path in sorted(out.iterdir())}

    def faults(self) -> list[str]:
        """Return what is wrong with the house whatever has happened to it: nothing, one hopes.

        Files that belong to nothing visible, intents and erasures that are still open, a broken journal, keys of what is gone.
        """
        found = [f"orphan {path}" for path in sorted(self.orphans())]
        live = {cohort for cohort, _ in self.key_store().status().live_cohorts}
        with self.store() as store:
            generations = store.generations
            found += [f"intent {one.path}" for one in generations.pending_intents()]
            found += [f"erasure {one.dsn} {one.name}" for one in generations.pending_erasures()]
            found += [f"journal row {fault.seq}: {fault.problem}" for fault in store.journal.verify()]
            visible = [one for dsn in generations.datasets() for one in generations.catalogued(dsn)]
            for one in visible:
                for part in generations.parts(one.id):
                    data = (self.root / part.path).read_bytes()
                    if hashlib.sha256(data).hexdigest() != part.sha256:
                        found.append(f"digest of {one.dsn} {part.label}")
            known = {row["cohort"] for row in store._database.rows("SELECT cohort FROM generations")}
        cohorts = {one.cohort for one in visible if one.cohort}
        # A key is made before its INTENT is committed. Where the disk was full between the two, nothing was sealed under it.
        return found + [f"key {cohort}" for cohort in sorted((live & known) ^ cohorts)]

    def image_of(self) -> dict[str, str]:
        """Return a digest of every file of the data root and the key folder: what "nothing has changed" means."""
        return {
            str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for folder in (self.root, self.keys)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }


@dataclass(frozen=True)
class Outcome:
    """What a finished JANUARY run leaves that does not depend on when, with which keys and in how many attempts it was run."""

    files: Mapping[str, bytes]
    """The plain NTA files by name."""
    lists: Mapping[str, bytes]
    """The plain content of the work datasets that stay."""
    counts: Mapping[str, Mapping[str, int]]
    visible: Mapping[str, list[int]]
    """The numbers of the visible generations by dataset."""
    register: list[tuple[object, ...]]
    codes: Mapping[str, int | None]


LISTS = (
    "CHOSHO.PAYMENT.REJECT", "CHOSHO.PAYMENT.UNMATCH", "CHOSHO.STATEMENT.K310", "CHOSHO.STATEMENT.K366",
    "CHOSHO.STATEMENT.INDEX", "CHOSHO.STATEMENT.CHANGES", "CHOSHO.STATEMENT.FINDINGS", "CHOSHO.MEDIA.PLAN",
)  # fmt: skip
"""Datasets that a finished run leaves and that are the same in every run of the same input."""


def outcome(house: House, out: Path) -> Outcome:
    """Return the outcome of the finished run of a house; the plain files go to the folder ``out``."""
    with house.store() as store:
        steps = store.runs.steps(RUN)
        register = [
            (one.id, one.volume, one.volumes, one.medium, dict(one.records), one.data_content)
            for one in store.media.all()
        ]
    return Outcome(
        files=house.statements(out),
        lists={dsn: house.content(dsn) for dsn in LISTS},
        counts={name: step.counts for name, step in steps.items()},
        visible=house.catalogued(),
        register=register,
        codes={name: step.rc for name, step in steps.items()},
    )
