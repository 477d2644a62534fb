"""The PF ledger (PF削除台帳): keys of the numbers that the PF holds, and the instructions to delete them; never a number.

What a night does is decided in :mod:`chosho.retention.pf_deletion`; its changes arrive here as plain dictionaries and are made
in the step's one transaction, each only from the state that the decision saw. Persons approve an instruction, and resolve keys
that no night may go on with.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from chosho.control import pf_entry, rights
from chosho.control.database import Database, Value
from chosho.control.journal import Field, Journal
from chosho.control.pf_entry import Declaration, Standing
from chosho.control.reason import required
from chosho.errors import InputRefused, StopLine

USE: Final = "pf.use"
"""The right to see the ledger and to resolve keys."""
APPROVE: Final = "pf.approve"
"""The right to approve an instruction, and to declare a number gone without a certificate."""

_AT_ONCE: Final = 10_000
"""Keys per statement."""
_PAGE: Final = 50_000
"""Keys per answer, so that a line between step and supervisor stays short."""
_NAMED: Final = 200
"""Keys per journal row of a finding."""
_NIGHTLY: Final = frozenset(
    {
        "sent_on",
        "sends",
        "resent_on",
        "acknowledged_on",
        "acknowledgement",
        "certified_on",
        "certificate",
        "verified_on",
        "closed_on",
    }
)
"""Columns of an instruction that a night sets."""
_OPEN: Final = "state <> 'deleted'"

_ENTER: Final = """
INSERT INTO pf_keys (id, stored_at, state, reason, instruction, later, run_id, at)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), json_extract(value, '$[3]'),
       json_extract(value, '$[4]'), json_extract(value, '$[5]'), ?, ?
FROM json_each(?) WHERE true
ON CONFLICT (id) DO UPDATE SET
    stored_at = excluded.stored_at, state = excluded.state, reason = excluded.reason, instruction = excluded.instruction,
    later = excluded.later, run_id = excluded.run_id, at = excluded.at
"""


class PfLedger:
    """The PF ledger of one control store."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    # Looks --

    def instructions(self, *, open_only: bool = False) -> list[dict[str, Any]]:
        """Return the instructions, all or the open ones, by id."""
        rows = self._database.rows(
            "SELECT * FROM pf_instructions WHERE state <> 'closed' OR NOT ? ORDER BY id", int(open_only)
        )
        return [dict(row) for row in rows]

    def keys(self, after: str = "", *, limit: int = _PAGE) -> list[list[Any]]:
        """Return a page of the open keys by id: id, storage time, state, reason, last instruction, later declaration (JSON).

        Args:
            after: the last id of the page before.
            limit: keys of a page; behind the last page there is an empty one.
        """
        rows = self._database.rows(
            f"SELECT id, stored_at, state, reason, instruction, later FROM pf_keys WHERE {_OPEN} AND id > ?"  # noqa: S608
            " ORDER BY id LIMIT ?",
            after,
            limit,
        )
        return [list(row) for row in rows]

    def open_keys(self, who: str, *, at: str, at_once: int = _PAGE) -> Iterator[list[Any]]:
        """Yield all open keys, as :meth:`keys`, for a person who may see them.

        Raises:
            InputRefused: the right is missing (CHSJ040E).
        """
        rights.require(self._journal, who, USE, at=at)
        after = ""
        while page := self.keys(after, limit=at_once):
            yield from page
            after = page[-1][0]

    def key(self, key_id: str) -> dict[str, Any]:
        """Return one key, open or deleted.

        Raises:
            InputRefused: there is none (CHSE044E).
        """
        row = self._database.row("SELECT * FROM pf_keys WHERE id = ?", key_id)
        if row is None:
            raise InputRefused("CHSE044E", key=key_id)
        return dict(row)

    def shown(self, who: str, *, at: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return the open instructions and the open keys for a person who may see them.

        Raises:
            InputRefused: the right is missing (CHSJ040E).
        """
        rights.require(self._journal, who, USE, at=at)
        rows = self._database.rows(f"SELECT * FROM pf_keys WHERE {_OPEN} ORDER BY stored_at, id")  # noqa: S608
        return self.instructions(open_only=True), [dict(row) for row in rows]

    # A step's commit --

    def enter(self, keys: Iterable[Sequence[str]], *, run: str, at: str, who: str) -> int:
        """Enter keys of declarations, in the order in which they came; part of a step's commit.

        What each does is said by :data:`chosho.control.pf_entry.TABLE`; the same declaration once more changes nothing.

        Args:
            keys: id, storage time (where it cannot be read, the day of the file), ``due`` or ``rejected``, reason.
            run: the run.
            at: when, as ISO 8601 text.
            who: the person who submitted it.

        Returns:
            how many keys are new, or stand differently now.
        """
        changed = 0
        with self._database.transaction():
            for batch in _batches(keys):
                before = self._standings([key[0] for key in batch])
                after = dict(before)
                for key_id, *declaration in batch:
                    after[key_id] = pf_entry.entered(after.get(key_id), Declaration(*declaration))
                new = {key_id: one for key_id, one in after.items() if one != before.get(key_id)}
                changed += len(new)
                self._database.change(_ENTER, run, at, json.dumps([_row(*one) for one in new.items()]))
                counts = Counter(key[2] for key in batch)
                fields: dict[str, Field] = {"run": run, "due": counts["due"], "rejected": counts["rejected"]}
                self._journal.append("pf.entered", who, fields, at=at)
                held = [
                    key_id
                    for key_id, one in new.items()
                    if one.state == pf_entry.REJECTED and before.get(key_id, one).state != pf_entry.REJECTED
                ]
                self._hold(held, run=run, at=at, who=who)
        return changed

    def _standings(self, ids: Sequence[str]) -> dict[str, Standing]:
        rows = self._database.rows(
            "SELECT id, stored_at, state, reason, instruction, later FROM pf_keys"
            " WHERE id IN (SELECT value FROM json_each(?))",
            json.dumps(ids),
        )
        return {
            row["id"]: Standing(
                row["stored_at"],
                row["state"],
                row["reason"],
                row["instruction"],
                None if row["later"] is None else Declaration(*json.loads(row["later"])),
            )
            for row in rows
        }

    def _hold(self, ids: Sequence[str], *, run: str, at: str, who: str) -> None:
        """Put on record which keys are held that were to be deleted: under each the PF holds a number now that we do not have."""
        for named in _batches(sorted(ids), _NAMED):
            fields: dict[str, Field] = {"run": run, "keys": len(named), "named": " ".join(named)}
            self._journal.append("pf.held", who, fields, at=at)

    def apply(self, changes: Iterable[Mapping[str, Any]], *, run: str, at: str, who: str) -> None:
        """Make the changes of a night (``chosho.retention.pf_books``), in their order; part of the step's commit.

        Raises:
            StopLine: a key or an instruction is not in the state that the decision saw (CHSE011S); then nothing is changed.
        """
        with self._database.transaction():
            for change in changes:
                match change["do"]:
                    case "prepare":
                        self._prepare(change, run=run, at=at, who=who)
                    case "move":
                        self._move(change, run=run, at=at)
                    case "renew":
                        self._renew(change, run=run, at=at, who=who)
                    case "advance":
                        self._advance(change, run=run, at=at, who=who)
                    case "finding":
                        self._find(change, run=run, at=at, who=who)
                    case _:
                        raise StopLine("CHSE011S", what=change["do"])

    def _prepare(self, change: Mapping[str, Any], *, run: str, at: str, who: str) -> None:
        row = {name: change[name] for name in ("id", "business_date", "keys", "digest")}
        self._database.insert("pf_instructions", {**row, "state": "prepared", "prepared_by": who})
        self._record("pf.prepared", change["id"], {"run": run}, at=at, who=who)

    def _move(self, change: Mapping[str, Any], *, run: str, at: str) -> None:
        ids = change["ids"]
        changed = self._database.change(
            "UPDATE pf_keys SET state = ?, reason = ?, instruction = ?, run_id = ?, at = ?"
            " WHERE state = ? AND id IN (SELECT value FROM json_each(?))",
            change["to"],
            change["reason"],
            change["instruction"],
            run,
            at,
            change["from"],
            json.dumps(ids),
        )
        if changed != len(ids):
            raise StopLine("CHSE011S", what=change["instruction"])

    def _renew(self, change: Mapping[str, Any], *, run: str, at: str, who: str) -> None:
        """Let a key stand as it was declared since it was instructed."""
        changed = self._database.change(
            "UPDATE pf_keys SET stored_at = ?, state = ?, reason = ?, instruction = NULL, later = NULL, run_id = ?, at = ?"
            " WHERE id = ? AND state = 'instructed' AND instruction = ? AND later = ?",
            change["stored_at"],
            change["to"],
            change["reason"],
            run,
            at,
            change["id"],
            change["instruction"],
            _later(Declaration(change["stored_at"], change["to"], change["reason"])),
        )
        if changed != 1:
            raise StopLine("CHSE011S", what=change["instruction"])
        if change["to"] == pf_entry.REJECTED:
            self._hold([change["id"]], run=run, at=at, who=who)

    def _advance(self, change: Mapping[str, Any], *, run: str, at: str, who: str) -> None:
        columns: dict[str, Value] = dict(change["set"])
        if not _NIGHTLY.issuperset(columns):
            raise StopLine("CHSE011S", what=change["id"])
        settings = "".join(f", {name} = ?" for name in columns)
        changed = self._database.change(
            f"UPDATE pf_instructions SET state = ?{settings} WHERE id = ? AND state = ?",  # noqa: S608 - known columns
            change["to"],
            *columns.values(),
            change["id"],
            change["from"],
        )
        if changed != 1:
            raise StopLine("CHSE011S", what=change["id"])
        fields: dict[str, Field] = {"run": run}
        if "sends" in columns:
            fields["sends"] = int(change["set"]["sends"])
        self._record(f"pf.{change['to']}", change["id"], fields, at=at, who=who)

    def _find(self, change: Mapping[str, Any], *, run: str, at: str, who: str) -> None:
        code, instruction = change["code"], change["instruction"]
        self._database.change(
            "UPDATE pf_instructions SET note = trim(note || ' ' || ?) WHERE id = ? AND instr(note, ?) = 0",
            code,
            instruction,
            code,
        )
        for named in _batches(change["keys"], _NAMED):
            fields: dict[str, Field] = {
                "run": run,
                "instruction": instruction,
                "code": code,
                "keys": len(named),
                "named": " ".join(named),
                "file": change["file"] or None,
            }
            self._journal.append("pf.finding", who, fields, at=at)

    # Acts of persons --

    def approve(self, instruction: str, *, who: str, reason: str, at: str) -> None:
        """Approve a prepared instruction; the next night sends it. Two persons: not the one who submitted the run.

        Raises:
            InputRefused: the right is missing (CHSJ040E), the reason is missing or holds a number (CHSJ041E, CHSJ042E), there is no
                such instruction (CHSE040E), it is not prepared (CHSE041E), or the same person prepared it (CHSE042E).
        """
        rights.require(self._journal, who, APPROVE, at=at)
        said = required(reason)
        with self._database.transaction():
            row = self._database.row("SELECT * FROM pf_instructions WHERE id = ?", instruction)
            if row is None:
                raise InputRefused("CHSE040E", instruction=instruction)
            if row["state"] != "prepared":
                raise InputRefused("CHSE041E", instruction=instruction, state=row["state"])
            if row["prepared_by"] == who:
                raise InputRefused("CHSE042E", instruction=instruction, person=who)
            self._database.change(
                "UPDATE pf_instructions SET state = 'approved', approved_by = ?, approved_at = ?, approval_reason = ?"
                " WHERE id = ?",
                who,
                at,
                said,
                instruction,
            )
            self._record("pf.approved", instruction, {"reason": said}, at=at, who=who)

    def resolve(
        self, key_id: str, *, who: str, reason: str, at: str, gone: bool = False, stored_at: str = ""
    ) -> None:
        """Resolve a rejected or disputed key: it is due, and the next night instructs its deletion.

        Args:
            key_id: the PF's key.
            who: the person.
            reason: why; goes on record.
            at: when, as ISO 8601 text.
            gone: the PF has proved in another way that the number is gone: the key is closed instead. Only where no instruction
                can bring a certificate: the key is disputed, or rejected with a storage time that nobody can read.
            stored_at: when the PF stored the number, as it has told; only, and needed, where that cannot be read.

        Raises:
            InputRefused: the right is missing (CHSJ040E), the reason is missing or holds a number (CHSJ041E, CHSJ042E), there is no
                such key (CHSE044E), its state needs or allows no such thing (CHSE045E), its storage time is needed (CHSE046E), or
                it has one that can be read (CHSE048E).
        """
        rights.require(self._journal, who, APPROVE if gone else USE, at=at)
        said = required(reason)
        with self._database.transaction():
            row = self.key(key_id)
            readable = pf_entry.has_time(row["stored_at"])
            allowed = {pf_entry.DISPUTED} if gone and readable else {pf_entry.DISPUTED, pf_entry.REJECTED}
            if row["state"] not in allowed:
                raise InputRefused("CHSE045E", key=key_id, state=row["state"])
            if not (gone or readable or stored_at):
                raise InputRefused("CHSE046E", key=key_id)
            if readable and stored_at:
                raise InputRefused("CHSE048E", key=key_id)
            state, code = (pf_entry.DELETED, "GONE") if gone else (pf_entry.DUE, "RSLV")
            self._database.change(
                "UPDATE pf_keys SET state = ?, reason = ?, stored_at = ?, at = ? WHERE id = ?",
                state,
                code,
                stored_at or row["stored_at"],
                at,
                key_id,
            )
            fields: dict[str, Field] = {
                "key": key_id,
                "from": row["state"],
                "to": state,
                "instruction": row["instruction"],
                "stored_at": _spelt(stored_at) if stored_at else None,
                "reason": said,
            }
            self._journal.append("pf.resolved", who, fields, at=at)

    def _record(self, kind: str, instruction: str, fields: Mapping[str, Field], *, at: str, who: str) -> None:
        """Write a journal row about an instruction, with what its keys can be proved by."""
        row = self._database.row("SELECT keys, digest FROM pf_instructions WHERE id = ?", instruction)
        proof: dict[str, Field] = {} if row is None else dict(row)
        self._journal.append(kind, who, {"instruction": instruction, **proof, **fields}, at=at)


def _spelt(stored_at: str) -> str:
    """Return a storage time as ISO 8601 text; the journal takes no run of digits that could be a number."""
    return dt.datetime.strptime(stored_at, "%Y%m%d%H%M%S").isoformat()  # noqa: DTZ007 - Japan's, as the PF has told it


def _row(key_id: str, one: Standing) -> list[str | None]:
    return [key_id, *one[:4], _later(one.later)]


def _later(declaration: Declaration | None) -> str | None:
    return None if declaration is None else json.dumps(declaration)


def _batches(items: Iterable[Any], size: int = _AT_ONCE) -> Iterator[list[Any]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
