"""The generation table (世代管理表): which generations of a dataset exist, of which parts, and which files nobody may read.

A file id is written here as an INTENT before the file is created, and becomes a part in the one commit of its step. What has an
INTENT and no commit is removed by recovery; what has neither is put in quarantine (DESIGN §5 Publish).

A number is never given twice to different content: :meth:`Generations.next_number` is above every number that was ever committed,
is intended, or is held by an unfinished run. When a step is done again after its output was kept (``keep: always``), the same
number gets a new version (``G0001V01``) and the older version is erased.
"""

from collections.abc import Mapping
from datetime import date

from chosho.control.database import Database
from chosho.control.files import Generation, Intent, Output, Part, State, generation_of, intent_of, part_of
from chosho.control.journal import Field, Journal
from chosho.errors import StopLine

_UNFINISHED = (
    "FROM run_references JOIN runs ON runs.id = run_id WHERE dsn = ? AND runs.state IN ('running', 'failed')"
)
_HELD = f"SELECT number {_UNFINISHED}"
_TAKEN = "SELECT number FROM generations WHERE dsn = ? AND (committed = 1 OR state = 'intent')"


class Generations:
    """The generations and files of one control store."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    # Before a step writes -------------------------------------------------------------------------------------------

    def next_number(self, dsn: str) -> int:
        """Return the number that ``(+1)`` means for a run that begins now."""
        taken = self._database.rows(f"{_TAKEN} UNION ALL {_HELD}", dsn, dsn)
        return 1 + max((row["number"] for row in taken), default=0)

    def intend(
        self,
        run_id: str,
        step: str,
        dd: str,
        dsn: str,
        *,
        number: int | None,
        cohort: str | None,
        files: Mapping[str, str],
    ) -> int | None:
        """Write the INTENT of files that a step is about to create; durable when the call returns.

        Called again for the same DD it adds files.

        Args:
            run_id: the run.
            step: the step.
            dd: the DD name; any word for temporaries.
            dsn: the dataset; any word for temporaries.
            number: the absolute generation number; None for temporaries (sort work).
            cohort: the cohort id whose key seals the files; None when they are not sealed.
            files: file id → path relative to the data root.

        Returns:
            the generation's id; None for temporaries.

        Raises:
            StopLine: another step intends the same generation (CHSJ031S), or a file id stands twice (CHSJ004S).
        """
        with self._database.transaction():
            generation = None if number is None else self._intended(run_id, step, dd, dsn, number, cohort)
            for file_id, path in files.items():
                self._database.insert(
                    "files",
                    {
                        "id": file_id,
                        "path": path,
                        "generation": generation,
                        "run_id": run_id,
                        "step": step,
                        "dd": dd,
                        "dsn": dsn,
                        "cohort": cohort,
                        "state": State.INTENT,
                    },
                )
        return generation

    # Looks ----------------------------------------------------------------------------------------------------------

    def catalogued(self, dsn: str) -> tuple[Generation, ...]:
        """Return the visible generations of a dataset, oldest first."""
        rows = self._database.rows(
            "SELECT * FROM generations WHERE dsn = ? AND state = 'committed' ORDER BY number", dsn
        )
        return tuple(generation_of(row) for row in rows)

    def of_date(self, dsn: str, business_date: date) -> tuple[Generation, ...]:
        """Return the generations of a dataset that were made visible on a business date, also those that are gone, oldest first."""
        rows = self._database.rows(
            "SELECT * FROM generations WHERE dsn = ? AND business_date = ? AND committed = 1 ORDER BY number, version",
            dsn,
            business_date.isoformat(),
        )
        return tuple(generation_of(row) for row in rows)

    def datasets(self) -> tuple[str, ...]:
        """Return the names of all datasets with a visible generation."""
        rows = self._database.rows(
            "SELECT DISTINCT dsn FROM generations WHERE state = 'committed' ORDER BY dsn"
        )
        return tuple(row["dsn"] for row in rows)

    def find(self, dsn: str, number: int) -> Generation | None:
        """Return the visible generation of a number, or None."""
        row = self._database.row(
            "SELECT * FROM generations WHERE dsn = ? AND number = ? AND state = 'committed'", dsn, number
        )
        return None if row is None else generation_of(row)

    def get(self, generation_id: int) -> Generation:
        """Return a generation by its id, in whatever state.

        Raises:
            StopLine: there is none (CHSJ032S).
        """
        row = self._database.row("SELECT * FROM generations WHERE id = ?", generation_id)
        if row is None:
            raise StopLine("CHSJ032S", generation=generation_id)
        return generation_of(row)

    def parts(self, generation_id: int) -> tuple[Part, ...]:
        """Return the parts of a generation that was committed, in their order."""
        rows = self._database.rows(
            "SELECT * FROM files WHERE generation = ? AND ordinal IS NOT NULL ORDER BY ordinal", generation_id
        )
        return tuple(part_of(row) for row in rows)

    def paths(self, generation_id: int) -> tuple[str, ...]:
        """Return every path that was intended for a generation and is not known to be gone; what an erasure removes."""
        rows = self._database.rows(
            "SELECT path FROM files WHERE generation = ? AND state <> 'erased' ORDER BY id", generation_id
        )
        return tuple(row["path"] for row in rows)

    def first_deck(self, dsn: str) -> str | None:
        """Return the deck that made the first generation of a dataset, or None when there never was one."""
        row = self._database.row(
            "SELECT runs.deck FROM generations JOIN runs ON runs.id = run_id"
            " WHERE dsn = ? AND committed = 1 ORDER BY number, version LIMIT 1",
            dsn,
        )
        return None if row is None else str(row["deck"])

    def made_by(self, dsn: str, run_id: str) -> Generation | None:
        """Return the last generation of a dataset that a run made visible, in whatever state it is now, or None."""
        row = self._database.row(
            "SELECT * FROM generations WHERE dsn = ? AND run_id = ? AND committed = 1 ORDER BY id DESC LIMIT 1",
            dsn,
            run_id,
        )
        return None if row is None else generation_of(row)

    def awaited_from(self, dsn: str) -> str | None:
        """Return the unfinished run that has a number of a dataset to itself and has not filled it yet, or None."""
        row = self._database.row(
            f"SELECT run_id {_UNFINISHED} AND relative > 0 AND NOT EXISTS (SELECT 1 FROM generations WHERE committed = 1"  # noqa: S608 - only constants
            " AND generations.dsn = run_references.dsn AND generations.number = run_references.number)"
            " ORDER BY number LIMIT 1",
            dsn,
        )
        return None if row is None else str(row["run_id"])

    def referenced(self, dsn: str) -> set[int]:
        """Return the generation numbers of a dataset that unfinished runs hold."""
        return {row["number"] for row in self._database.rows(_HELD, dsn)}

    def files(self) -> dict[str, State]:
        """Return every path that the store knows and that may exist, with its state."""
        rows = self._database.rows("SELECT path, state FROM files WHERE state <> 'erased'")
        return {row["path"]: State(row["state"]) for row in rows}

    # What is left to do ---------------------------------------------------------------------------------------------

    def pending_intents(self, run_id: str | None = None) -> tuple[Intent, ...]:
        """Return the files with an INTENT and no commit, of one run or of all; those of living steps are among them."""
        rows = self._database.rows(
            "SELECT * FROM files WHERE state = 'intent' AND coalesce(run_id = ?, 1) ORDER BY id", run_id
        )
        return tuple(intent_of(row) for row in rows)

    def intended_without_files(self) -> tuple[Generation, ...]:
        """Return the generations that were intended and got no file: those of recfm U may have no part at all."""
        rows = self._database.rows(
            "SELECT * FROM generations WHERE state = 'intent'"
            " AND NOT EXISTS (SELECT 1 FROM files WHERE files.generation = generations.id) ORDER BY id"
        )
        return tuple(generation_of(row) for row in rows)

    def give_up(self, generation_id: int) -> None:
        """Give up a generation that was only intended, and has no file: it is to be erased, for the sake of its key."""
        self._database.change(
            "UPDATE generations SET state = 'erase_pending' WHERE id = ? AND state = 'intent'", generation_id
        )

    def mark_removed(self, *file_ids: str) -> None:
        """Note that files with an INTENT are gone; a generation that was only intended goes with its last file."""
        with self._database.transaction():
            for file_id in file_ids:
                self._database.change(
                    "UPDATE files SET state = 'erased' WHERE id = ? AND state IN ('intent', 'erase_pending')",
                    file_id,
                )
            self._database.change(
                "UPDATE generations SET state = 'erased' WHERE state = 'intent' AND NOT EXISTS"
                " (SELECT 1 FROM files WHERE files.generation = generations.id AND files.state <> 'erased')"
                " AND EXISTS (SELECT 1 FROM files WHERE files.generation = generations.id)"
            )

    def pending_erasures(self) -> tuple[Generation, ...]:
        """Return the generations that are to be erased."""
        rows = self._database.rows("SELECT * FROM generations WHERE state = 'erase_pending' ORDER BY dsn, id")
        return tuple(generation_of(row) for row in rows)

    def mark_erased(self, *generation_ids: int, at: str, who: str) -> None:
        """Note, with a journal row each, that the keys of generations are destroyed and their files removed.

        Raises:
            StopLine: one was not to be erased (CHSJ033S); then none is marked.
        """
        with self._database.transaction():
            for generation_id in generation_ids:
                generation = self.get(generation_id)
                changed = self._database.change(
                    "UPDATE generations SET state = 'erased', erased_at = ? WHERE id = ? AND state = 'erase_pending'",
                    at,
                    generation_id,
                )
                if changed != 1:
                    raise StopLine(
                        "CHSJ033S", dsn=generation.dsn, name=generation.name, state=generation.state.value
                    )
                parts = len(self.parts(generation_id))
                self._database.change("UPDATE files SET state = 'erased' WHERE generation = ?", generation_id)
                self._journal.append("generation.erased", who, {**_fields(generation), "parts": parts}, at=at)

    def quarantine(self, path: str, *, at: str, who: str) -> None:
        """Note a file that nobody knows: it is put aside, never deleted.

        Args:
            path: where it was found, relative to the data root.
            at: when, as ISO 8601 text.
            who: who found it.
        """
        with self._database.transaction():
            self._database.change(
                "INSERT INTO files (id, path, state) VALUES (?, ?, 'quarantined')"
                " ON CONFLICT (path) DO UPDATE SET state = 'quarantined'",
                path,
                path,
            )
            self._journal.append("file.quarantined", who, {"path": path}, at=at)

    # The commit of a step (called by the store, inside its transaction) ---------------------------------------------

    def catalogue(self, run_id: str, step: str, output: Output, *, at: str, who: str) -> None:
        """Make an intended generation visible with its parts; an older version of the same number is to be erased.

        Raises:
            StopLine: it was not intended by this step (CHSJ034S), or a part has no INTENT in it (CHSJ035S).
        """
        generation = self.get(output.generation)
        if (generation.run, generation.step, generation.state) != (run_id, step, State.INTENT):
            raise StopLine("CHSJ034S", dsn=generation.dsn, name=generation.name, step=step)
        older = self.find(generation.dsn, generation.number)
        if older is not None:
            self.uncatalogue(older.id, at=at, who=who)
        for ordinal, part in enumerate(output.parts):
            changed = self._database.change(
                "UPDATE files SET state = 'committed', ordinal = ?, label = ?, records = ?, plain_bytes = ?,"
                " stored_bytes = ?, sha256 = ?, hmac = ? WHERE id = ? AND generation = ? AND state = 'intent'",
                ordinal,
                part.label,
                part.records,
                part.plain_bytes,
                part.stored_bytes,
                part.sha256,
                part.hmac,
                part.id,
                generation.id,
            )
            if changed != 1:
                raise StopLine("CHSJ035S", file=part.id, dsn=generation.dsn, name=generation.name)
        records = sum(part.records for part in output.parts)
        self._database.change(
            "UPDATE generations SET state = 'committed', committed = 1, records = ?, plain_bytes = ? WHERE id = ?",
            records,
            sum(part.plain_bytes for part in output.parts),
            generation.id,
        )
        fields = _fields(generation)
        fields |= {"records": records, "parts": len(output.parts), "sha256": output.digest}
        self._journal.append("generation.catalogued", who, fields, at=at)

    def uncatalogue(self, generation_id: int, *, at: str, who: str) -> None:
        """Make a visible generation invisible; it is to be erased.

        Raises:
            StopLine: it is not visible (CHSJ036S).
        """
        generation = self.get(generation_id)
        changed = self._database.change(
            "UPDATE generations SET state = 'erase_pending' WHERE id = ? AND state = 'committed'",
            generation_id,
        )
        if changed != 1:
            raise StopLine("CHSJ036S", dsn=generation.dsn, name=generation.name, state=generation.state.value)
        self._database.change(
            "UPDATE files SET state = 'erase_pending' WHERE generation = ? AND state = 'committed'",
            generation_id,
        )
        self._journal.append("generation.uncatalogued", who, _fields(generation), at=at)

    def discard(self, run_id: str, step: str) -> None:
        """Give up every generation that a step intended and did not catalogue: never visible, to be erased."""
        self._database.change(
            "UPDATE files SET state = 'erase_pending' WHERE run_id = ? AND step = ? AND state = 'intent'"
            " AND generation IN (SELECT id FROM generations WHERE state = 'intent')",
            run_id,
            step,
        )
        self._database.change(
            "UPDATE generations SET state = 'erase_pending' WHERE run_id = ? AND step = ? AND state = 'intent'",
            run_id,
            step,
        )

    def roll_off(self, limits: Mapping[str, int], *, at: str, who: str) -> None:
        """Uncatalogue what is beyond the catalogue's limits, oldest first; never what an unfinished run holds.

        Args:
            limits: DSN → how many generations are kept.
            at: when, as ISO 8601 text.
            who: the person or program.
        """
        with self._database.transaction():
            for dsn, limit in limits.items():
                held = self.referenced(dsn)
                visible = self.catalogued(dsn)
                for generation in visible[: max(0, len(visible) - limit)]:
                    if generation.number not in held:
                        self.uncatalogue(generation.id, at=at, who=who)

    def _intended(self, run_id: str, step: str, dd: str, dsn: str, number: int, cohort: str | None) -> int:
        """Return the id of the generation that a DD intends, made when it is new."""
        row = self._database.row(
            "SELECT * FROM generations WHERE dsn = ? AND number = ? AND state = 'intent'", dsn, number
        )
        if row is not None:
            if (row["run_id"], row["step"], row["dd"], row["cohort"]) != (run_id, step, dd, cohort):
                raise StopLine("CHSJ031S", dsn=dsn, number=number, run=row["run_id"], step=row["step"])
            return int(row["id"])
        version = self._database.row(
            "SELECT coalesce(max(version) + 1, 0) AS next FROM generations"
            " WHERE dsn = ? AND number = ? AND committed = 1",
            dsn,
            number,
        )
        run = self._database.row("SELECT business_date FROM runs WHERE id = ?", run_id)
        return self._database.insert(
            "generations",
            {
                "dsn": dsn,
                "number": number,
                "version": version["next"] if version else 0,
                "state": State.INTENT,
                "run_id": run_id,
                "step": step,
                "dd": dd,
                "cohort": cohort,
                "business_date": run["business_date"] if run else "",
            },
        )


def _fields(generation: Generation) -> dict[str, Field]:
    """Name a generation in the journal."""
    return {
        "dsn": generation.dsn,
        "generation": generation.name,
        "run": generation.run,
        "step": generation.step,
        "cohort": generation.cohort,
    }
