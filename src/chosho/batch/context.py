"""The context of a run (実行環境): everything that its parts share while one supervisor works on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chosho.batch import clock
from chosho.batch.expand import Job, JobDd, JobStep
from chosho.batch.locks import Locks
from chosho.batch.members import Libraries
from chosho.batch.result import Observer
from chosho.batch.spool import JobLog
from chosho.control import rights
from chosho.control.files import Generation
from chosho.control.runs import Run
from chosho.control.store import ControlStore
from chosho.dataset.catalog import Catalog
from chosho.dataset.retention_table import RetentionTable
from chosho.vault.keys import KeyStore


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What a run works with.

    ``numbers`` is its generation map: what each relative generation means, fixed once.
    """

    root: Path
    store: ControlStore
    keys: KeyStore
    catalog: Catalog
    settings: Mapping[str, Any]
    libraries: Libraries
    environment: Mapping[str, str]
    person: str
    job: Job
    run: Run
    numbers: Mapping[tuple[str, int], int]
    locks: Locks
    log: JobLog
    observer: Observer
    retention: RetentionTable

    def generation(self, dd: JobDd) -> Generation | None:
        """Return the visible generation that a reading DD means in this run, or None when it does not exist (any more)."""
        number = self.numbers.get((dd.dsn, dd.relative or 0))
        return None if number is None else self.store.generations.find(dd.dsn, number)

    def require(self, right: str) -> None:
        """Refuse whoever submitted the run when the right is missing, on record.

        Raises:
            InputRefused: CHSJ040E.
        """
        rights.require(self.store.journal, self.person, right, at=clock.stamp())

    def fail_at(self, step: JobStep) -> int:
        """Return the code from which a step takes the abnormal disposition."""
        return step.fail_at or self.job.fail_at

    def absolute(self, dd: JobDd) -> str:
        """Return a DD's dataset name with its absolute generation: ``CHOSHO.PAYMENT.DATA.G0005``."""
        if dd.relative is None:
            return dd.dsn
        number = self.numbers.get((dd.dsn, dd.relative))
        return dd.written if number is None else f"{dd.dsn}.G{number:04d}"
