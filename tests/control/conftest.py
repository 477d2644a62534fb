"""A control store on an empty data root, with a run that has begun."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from chosho.control.files import Output
from chosho.control.runs import Reference, Run
from chosho.control.store import ControlStore, StepCommit
from chosho.vault.keys import KeyStore

AT = "2027-01-12T01:00:00"
DSN = "CHOSHO.TEST"


@dataclass(frozen=True)
class Written:
    """What a writer reports of a part."""

    id: str
    label: str = ""
    records: int = 10
    plain_bytes: int = 1280
    stored_bytes: int = 1500
    sha256: str = "ab" * 32
    hmac: str | None = None


@dataclass
class House:
    """A store and what the tests do with it again and again."""

    root: Path
    keys: KeyStore
    store: ControlStore

    def begin(self, number: int = 1, day: int = 12, **parameters: str) -> Run:
        return self.store.runs.begin(
            "JANUARY",
            date(2027, 1, day),
            parameters,
            fingerprint="f",
            references=[Reference(dsn=DSN, relative=1, number=number)],
            at=AT,
            who="tester",
        )

    def intend(self, run: Run, step: str, number: int | None, *file_ids: str, dsn: str = DSN) -> int:
        files = {file_id: f"data/{file_id}" for file_id in file_ids}
        generation = self.store.generations.intend(
            run.id, step, "OUT", dsn, number=number, cohort=f"{dsn}.{run.id}", files=files
        )
        return generation or 0

    def commit(self, run: Run, step: str, *outputs: Output, rc: int = 0, failed: bool = False, **rest):
        commit = StepCommit(
            rc=rc,
            failed=failed,
            counts={"read": 10},
            at=AT,
            elapsed=1.5,
            who="tester",
            outputs=outputs,
            **rest,
        )
        return self.store.commit_step(run.id, step, commit)

    def publish(self, run: Run, step: str, number: int, *file_ids: str, **rest):
        self.store.runs.step_begin(run.id, step, at=AT)
        generation = self.intend(run, step, number, *file_ids)
        output = Output(generation=generation, parts=[Written(file_id) for file_id in file_ids])
        return self.commit(run, step, output, **rest)

    def finish(self, run: Run, rc: int = 0) -> Run:
        return self.store.runs.finish(run.id, rc, failed=rc >= 8, at=AT, who="tester")

    def names(self, dsn: str = DSN) -> list[str]:
        return [generation.name for generation in self.store.generations.catalogued(dsn)]

    def reopen(self) -> None:
        self.store.close()
        self.store = ControlStore.open(self.root, self.keys)


@pytest.fixture
def house(tmp_path: Path):
    keys = KeyStore(tmp_path / "keys", data_root=tmp_path / "root")
    keys.init()
    made = House(tmp_path / "root", keys, ControlStore.create(tmp_path / "root", keys, at=AT, who="tester"))
    yield made
    made.store.close()
