"""The inbox register (受付簿): every file that others delivered and a night judged, and what became of it.

A sender numbers the files of a dataset from 1 without gaps; a number is taken once. A file that was refused stays where it
lies and is judged again each night, until it is taken or a person discards it, or until a file that its sender laid in its place,
under the same name, is taken.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from chosho.control import rights
from chosho.control.database import Database, Value
from chosho.control.journal import Journal
from chosho.control.reason import required
from chosho.errors import InputRefused


class DeliveryState(StrEnum):
    """What became of a delivered file."""

    TAKEN = "taken"
    REFUSED = "refused"
    REPLACED = "replaced"
    """It was refused; another file of its name came in its place and was taken."""
    DISCARDED = "discarded"
    ERASE_PENDING = "erase_pending"
    ERASED = "erased"


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What a step found of a delivered file.

    ``reason`` is empty for a file that is taken; ``path`` is relative to the data root.
    """

    dsn: str
    name: str
    path: str
    sha256: str
    reason: str = ""
    file_no: int | None = None
    file_date: date | None = None
    records: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivered:
    """An entry of the register. ``business_date`` is that of the night that judged it."""

    id: int
    dsn: str
    name: str
    path: str
    sha256: str
    state: DeliveryState
    reason: str
    file_no: int | None
    file_date: date | None
    records: int
    business_date: date
    run: str


USE: Final = "inbox.use"
"""The right to see the register."""
DISCARD: Final = "inbox.discard"
"""The right to give up a file that was refused."""
CLOSED = "CLOS"
"""The reason of a file whose night was closed before it was done."""
_NUMBERED = "('taken', 'erase_pending', 'erased')"


class Inbox:
    """The inbox register of one control store."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def next_no(self, dsn: str, *, run: str = "") -> int:
        """Return the file number that a dataset expects next; what ``run`` itself took does not count, for it may be redone."""
        row = self._database.row(
            f"SELECT coalesce(max(file_no), 0) AS last FROM deliveries WHERE dsn = ? AND state IN {_NUMBERED}"  # noqa: S608
            " AND (run_id <> ? OR state <> 'taken')",
            dsn,
            run,
        )
        return 1 + (int(row["last"]) if row else 0)

    def all(self, *, dsn: str | None = None, states: tuple[DeliveryState, ...] = ()) -> tuple[Delivered, ...]:
        """Return the entries of one dataset or of all, in the order in which they came; of some states when they are given."""
        rows = self._database.rows("SELECT * FROM deliveries WHERE coalesce(dsn = ?, 1) ORDER BY id", dsn)
        found = (_delivered(row) for row in rows)
        return tuple(one for one in found if not states or one.state in states)

    def shown(self, who: str, *, at: str) -> tuple[Delivered, ...]:
        """Return all entries for a person who may see them.

        Raises:
            InputRefused: the right is missing (CHSJ040E).
        """
        rights.require(self._journal, who, USE, at=at)
        return self.all()

    def gone(self, dsn: str, *, run: str) -> set[tuple[str, str]]:
        """Return what an inbox need not show again: path and digest of each file that another run took or that is going.

        What was erased and lies there again was sent again: it is shown.
        """
        rows = self._database.rows(
            "SELECT path, sha256 FROM deliveries WHERE dsn = ? AND state NOT IN ('refused', 'replaced', 'erased')"
            " AND NOT (state = 'taken' AND run_id = ?)",
            dsn,
            run,
        )
        return {(row["path"], row["sha256"]) for row in rows}

    def twins(self, dsn: str, *, run: str) -> dict[str, str]:
        """Return the names of the files that other runs took, by the digest of their bytes."""
        rows = self._database.rows(
            f"SELECT name, sha256 FROM deliveries WHERE dsn = ? AND state IN {_NUMBERED} AND run_id <> ? AND sha256 <> ''",  # noqa: S608
            dsn,
            run,
        )
        return {row["sha256"]: row["name"] for row in rows}

    def judge(
        self, judgement: Judgement, *, run: str, step: str, business_date: date, at: str, who: str
    ) -> None:
        """Enter what a step found of a file; part of its commit.

        Raises:
            StopLine: the number was taken already (CHSJ004S).
        """
        one = judgement
        state = DeliveryState.REFUSED if one.reason else DeliveryState.TAKEN
        with self._database.transaction():
            row = self._database.row("SELECT attempt FROM runs WHERE id = ?", run)
            self._enter(
                {
                    "dsn": one.dsn,
                    "name": one.name,
                    "path": one.path,
                    "sha256": one.sha256,
                    "state": state,
                    "reason": one.reason,
                    "file_no": one.file_no,
                    "file_date": one.file_date.isoformat() if one.file_date else None,
                    "records": one.records,
                    "business_date": business_date.isoformat(),
                    "run_id": run,
                    "attempt": row["attempt"] if row else 1,
                    "step": step,
                    "at": at,
                }
            )
            fields: dict[str, str | int | bool | None] = {
                "dsn": one.dsn,
                "file": one.name,
                "number": one.file_no,
                "records": one.records,
                "run": run,
                "step": step,
            }
            if one.reason:
                fields["reason"] = one.reason
            self._journal.append(f"inbox.{state.value}", who, fields, at=at)
            if state is DeliveryState.TAKEN:
                self._replace(one, run=run, at=at, who=who)

    def _replace(self, taken: Judgement, *, run: str, at: str, who: str) -> None:
        """Close the files that were refused where the one that is taken lies now: its sender put it in their place.

        While what lies there is refused, too, they stay open: the matter is as old as the first of them.
        """
        rows = self._database.rows(
            "SELECT id, reason FROM deliveries WHERE dsn = ? AND path = ? AND sha256 <> ? AND state = 'refused' ORDER BY id",
            taken.dsn,
            taken.path,
            taken.sha256,
        )
        for row in rows:
            self._database.change("UPDATE deliveries SET state = 'replaced' WHERE id = ?", row["id"])
            fields: dict[str, str | int | bool | None] = {
                "dsn": taken.dsn,
                "file": taken.name,
                "reason": row["reason"],
                "number": taken.file_no,
                "run": run,
            }
            self._journal.append("inbox.replaced", who, fields, at=at)

    def _enter(self, row: Mapping[str, Value]) -> None:
        """Enter a row, in the place of what the same file was judged before: refused, or taken by the same run.

        A file that another run took keeps its row and its number, also when the same bytes come again under the same name. What
        was refused because it could not be read is the same as what lies in its place when it can be, and the other way round.
        One that an earlier attempt of the run took keeps the number of that attempt.
        """
        former = self._database.row(
            "SELECT id, state, reason, attempt, business_date FROM deliveries WHERE dsn = ?1 AND path = ?2"
            " AND ((sha256 = ?3 AND (state = 'refused' OR (state = 'taken' AND run_id = ?4)))"
            " OR (state = 'refused' AND '' IN (sha256, ?3)))"
            " ORDER BY sha256 = ?3 DESC, id DESC",
            row["dsn"],
            row["path"],
            row["sha256"],
            row["run_id"],
        )
        if former is None:
            self._database.insert("deliveries", row)
            return
        if former["state"] == DeliveryState.TAKEN:
            row = {**row, "attempt": former["attempt"]}
        elif row["state"] == DeliveryState.REFUSED and former["reason"] != CLOSED:
            # It is to be settled by the business day after the night that refused it first, however often it is refused again.
            row = {**row, "business_date": former["business_date"]}
        names = ", ".join(f"{name} = ?" for name in row)
        self._database.change(f"UPDATE deliveries SET {names} WHERE id = ?", *row.values(), former["id"])  # noqa: S608

    def discard(self, delivery_id: int, *, reason: str, at: str, who: str) -> Delivered:
        """Give up a file that was refused and return it; the next scratch erases it (:func:`chosho.dataset.delivery.discard`).

        Raises:
            InputRefused: the right is missing (CHSJ040E), the reason is missing or holds a number (CHSJ041E, CHSJ042E), there is no
                such file, or it was not refused (CHSJ060E).
        """
        rights.require(self._journal, who, DISCARD, at=at)
        said = required(reason)
        with self._database.transaction():
            row = self._database.row(
                "SELECT * FROM deliveries WHERE id = ? AND state = 'refused'", delivery_id
            )
            if row is None:
                raise InputRefused("CHSJ060E", delivery=delivery_id)
            self._database.change("UPDATE deliveries SET state = 'discarded' WHERE id = ?", delivery_id)
            fields = {"dsn": row["dsn"], "file": row["name"], "reason": said}
            self._journal.append("inbox.discarded", who, fields, at=at)
            return _delivered(row)

    def put_back(self, run: str, *, after: int, at: str, who: str) -> int:
        """Put files that a closed run took back in their inboxes, so that the next night takes them; return how many.

        Args:
            run: the run.
            after: the attempt of it whose work stands; what was taken first in a later one goes back. 0: all of it.
            at: when, as ISO 8601 text.
            who: the person.
        """
        with self._database.transaction():
            rows = self._database.rows(
                "SELECT id, dsn, name FROM deliveries WHERE run_id = ? AND state = 'taken' AND attempt > ? ORDER BY id",
                run,
                after,
            )
            for row in rows:
                self._database.change(
                    "UPDATE deliveries SET state = 'refused', reason = ?, file_no = NULL WHERE id = ?",
                    CLOSED,
                    row["id"],
                )
                self._journal.append(
                    "inbox.put_back", who, {"dsn": row["dsn"], "file": row["name"], "run": run}, at=at
                )
        return len(rows)

    def give_up(self, delivery_id: int) -> None:
        """Put a file that was taken or discarded up for erasure; part of a step's commit."""
        self._database.change(
            "UPDATE deliveries SET state = 'erase_pending' WHERE id = ? AND state IN ('taken', 'discarded')",
            delivery_id,
        )

    def mark_erased(self, delivery_id: int, *, at: str, who: str) -> None:
        """Note, with a journal row, that a file is gone."""
        with self._database.transaction():
            row = self._database.row("SELECT * FROM deliveries WHERE id = ?", delivery_id)
            changed = self._database.change(
                "UPDATE deliveries SET state = 'erased' WHERE id = ? AND state = 'erase_pending'", delivery_id
            )
            if row is not None and changed:
                fields = {
                    "dsn": row["dsn"],
                    "file": row["name"],
                    "number": row["file_no"],
                    "records": row["records"],
                }
                self._journal.append("inbox.erased", who, fields, at=at)


def _delivered(row: sqlite3.Row) -> Delivered:
    return Delivered(
        id=row["id"],
        dsn=row["dsn"],
        name=row["name"],
        path=row["path"],
        sha256=row["sha256"],
        state=DeliveryState(row["state"]),
        reason=row["reason"],
        file_no=row["file_no"],
        file_date=date.fromisoformat(row["file_date"]) if row["file_date"] else None,
        records=row["records"],
        business_date=date.fromisoformat(row["business_date"]),
        run=row["run_id"],
    )
