"""The outbox register (送付簿): committed parts that are laid out for others, each once under its own name.

The step's commit enters them; the folder is filled after it (:mod:`chosho.dataset.outbox`). Killed in between, the next run does
it: a file can then lie there twice in time, never with two contents.
"""

from dataclasses import dataclass

from chosho.control.database import Database
from chosho.control.journal import Journal


@dataclass(frozen=True, kw_only=True, slots=True)
class Outgoing:
    """A part to be laid out: where it lies, and where it goes; both relative to the data root."""

    id: int
    part_id: str
    part_path: str
    stored_bytes: int
    path: str
    run: str


class Outbox:
    """The outbox register of one control store."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def enter(self, part_id: str, path: str, *, run: str, at: str) -> None:
        """Enter a part; part of its step's commit.

        Raises:
            StopLine: the part or the path stands in the register already (CHSJ004S).
        """
        row = {"part_id": part_id, "path": path, "state": "pending", "run_id": run, "at": at}
        self._database.insert("outbox", row)

    def pending(self) -> tuple[Outgoing, ...]:
        """Return what is still to be laid out."""
        rows = self._database.rows(
            "SELECT outbox.*, files.path AS part_path, files.stored_bytes FROM outbox JOIN files ON files.id = part_id"
            " WHERE outbox.state = 'pending' AND files.state = 'committed' ORDER BY outbox.id"
        )
        return tuple(
            Outgoing(
                id=row["id"],
                part_id=row["part_id"],
                part_path=row["part_path"],
                stored_bytes=row["stored_bytes"],
                path=row["path"],
                run=row["run_id"],
            )
            for row in rows
        )

    def mark(self, outgoing: Outgoing, *, at: str, who: str) -> None:
        """Note, with a journal row, that a part lies in its folder."""
        with self._database.transaction():
            changed = self._database.change(
                "UPDATE outbox SET state = 'laid_out', at = ? WHERE id = ? AND state = 'pending'",
                at,
                outgoing.id,
            )
            if changed:
                self._journal.append(
                    "outbox.laid_out", who, {"path": outgoing.path, "run": outgoing.run}, at=at
                )
