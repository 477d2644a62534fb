"""A data root with its control store and keys, and a supervisor's moves on it, for the tests of this package."""

from contextlib import closing
from datetime import date
from pathlib import Path

from chosho import disk
from chosho.control.files import Output
from chosho.control.store import CommitResult, ControlStore, StepCommit
from chosho.dataset.part import PartSource, PartTarget
from chosho.dataset.place import DATA, new_file_id, part_path
from chosho.dataset.writer import Writer
from chosho.vault.header import digest_key
from chosho.vault.keys import KeyStore
from chosho.vault.sealed import new_header, open_header, read_header

AT = "2027-01-12T09:00:00"
WHO = "operator"
LRECL = 10


class World:
    """Writes generations as the supervisor would: INTENT, files, one commit."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self.key_folder = folder / "keys"
        disk.make_folder(self.root / DATA)
        self.keys = KeyStore(self.key_folder)
        self.keys.init()
        with closing(ControlStore.create(self.root, self.keys, at=AT, who=WHO)):
            pass
        self._days = 0
        self.run_id = ""
        self.step = ""
        self._steps = 0

    def store(self) -> ControlStore:
        return ControlStore.open(self.root, self.keys)

    def begin(self, store: ControlStore) -> str:
        self._days += 1
        run = store.runs.begin(
            "DECK", date(2027, 1, self._days), {}, fingerprint="f", references=(), at=AT, who=WHO
        )
        self.run_id = run.id
        return run.id

    def begin_step(self, store: ControlStore) -> None:
        self._steps += 1
        self.step = f"S{self._steps:03d}"
        store.runs.step_begin(self.run_id, self.step, at=AT)

    def target(
        self, store: ControlStore, dsn: str, number: int | None, cohort: str | None
    ) -> tuple[PartTarget, int]:
        """Hand out one part: cohort key, INTENT, header."""
        file_id = new_file_id()
        header, file_key, digest = b"", None, None
        if cohort is not None:
            live = {name for name, _ in self.keys.status().live_cohorts}
            key = self.keys.cohort_key(cohort) if cohort in live else self.keys.new_cohort(cohort, dsn)
            header, file_key = new_header(
                dataset=dsn, cohort=cohort, cohort_key=key, file_id=file_id, lrecl=LRECL
            )
            digest = digest_key(key)
        path = part_path(file_id)
        generation = store.generations.intend(
            self.run_id, self.step, "OUT", dsn, number=number, cohort=cohort, files={file_id: path}
        )
        target = PartTarget(
            id=file_id, path=self.root / path, file_key=file_key, digest_key=digest, header=header
        )
        return target, generation or 0

    def write(
        self, store: ControlStore, dsn: str, *, cohort: str | None, content: bytes = b"0123456789"
    ) -> CommitResult:
        """Run one step that writes the next generation of a dataset."""
        self.begin_step(store)
        generations: list[int] = []

        def new_part(_label: str) -> PartTarget:
            target, generation = self.target(store, dsn, number, cohort)
            generations.append(generation)
            return target

        number = store.generations.next_number(dsn)
        with Writer(new_part, lrecl=LRECL) as writer:
            writer.write(content)
        output = Output(generation=generations[0], parts=writer.finish())
        return self.commit(store, outputs=(output,))

    def commit(self, store: ControlStore, **options: object) -> CommitResult:
        commit = StepCommit(rc=0, failed=False, counts={}, at=AT, elapsed=0.0, who=WHO, **options)
        return store.commit_step(self.run_id, self.step, commit)

    def source(self, store: ControlStore, dsn: str, number: int) -> PartSource:
        generation = store.generations.find(dsn, number)
        part = store.generations.parts(generation.id)[0]
        path = self.root / part.path
        file_key = None
        if generation.cohort is not None:
            file_key = open_header(read_header(path).raw, self.keys.cohort_key(generation.cohort))
        return PartSource(
            path=path,
            label=part.label,
            records=part.records,
            plain_bytes=part.plain_bytes,
            stored_bytes=part.stored_bytes,
            file_key=file_key,
        )

    def data_files(self) -> list[str]:
        return sorted(path.name for path in (self.root / DATA).iterdir())
