"""The journal (取扱記録): append-only rows in a hash chain.

The hash of a row is SHA-256 over the canonical JSON of ``[seq, at, kind, who, fields, SHA-256 of the sealed column or null, hash of
the row before]``; the row before the first is 64 zeros. With the signed heads in the key folder an edited, removed,
swapped or cut-off row is found.

Fields hold names, ids, counts and codes. A person is named by policy number and role in the sealed column only, wrapped
under a key that the caller passes; a text that looks like an individual number (個人番号) is refused.
"""

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from chosho.control import note
from chosho.control.database import Database, canonical
from chosho.control.heads import Head, Heads
from chosho.control.note import Noted
from chosho.errors import InputRefused, StopLine
from chosho.vault.wrap import unwrap, wrap

Field = str | int | bool | None
"""A journal field's value. No floats: their text is not one."""

_GENESIS = "0" * 64
_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9\uff10-\uff19]{12,13}(?![0-9A-Za-z])")
_BLOCK = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What is to be written: an event kind such as ``dd.open``, who did it, and its fields."""

    kind: str
    who: str
    fields: Mapping[str, Field] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row as it stands. ``private`` tells whether it has a sealed column."""

    seq: int
    at: str
    kind: str
    who: str
    fields: dict[str, Field]
    private: bool
    hash: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """A place where the journal is not what was written: ``edited``, ``missing``, ``chain`` or ``head``."""

    seq: int
    problem: str


class Journal:
    """The journal of one control store."""

    def __init__(self, database: Database, heads: Heads) -> None:
        self._database = database
        self._heads = heads

    def append(
        self,
        kind: str,
        who: str,
        fields: Mapping[str, Field] | None = None,
        *,
        at: str,
        private: Mapping[str, str] | None = None,
        key: bytes | None = None,
    ) -> int:
        """Append one row; durable when the transaction that it is in is committed.

        Args:
            kind: what happened, such as ``run.begin`` or ``dd.open``.
            who: the person or program.
            fields: what it happened to; no personal data.
            at: when, as ISO 8601 text.
            private: policy number and role of a person, for the sealed column.
            key: the key to wrap ``private`` under (32 bytes).

        Returns:
            the row's sequence number.

        Raises:
            StopLine: a field looks like an individual number (CHSJ013S), or private fields came without a key (CHSJ014S).
        """
        fields = dict(fields or {})
        for name, value in fields.items():
            if isinstance(value, str) and _NUMBER.search(value):
                raise StopLine("CHSJ013S", field=name, kind=kind)
        with self._database.transaction():
            before = self.head()
            seq = before.seq + 1
            sealed = None
            if private is not None:
                if key is None:
                    raise StopLine("CHSJ014S", kind=kind)
                sealed = wrap(key, canonical(private).encode(), "journal", str(seq))
            text = canonical(fields)
            self._database.insert(
                "journal",
                {
                    "seq": seq,
                    "at": at,
                    "kind": kind,
                    "who": who,
                    "fields": text,
                    "sealed": sealed,
                    "previous": before.hash,
                    "hash": _hash(seq, at, kind, who, text, sealed, before.hash),
                },
            )
        return seq

    def append_apart(self, kind: str, who: str, fields: Mapping[str, Field], *, at: str) -> None:
        """Append a row that stays when the transaction that is open is undone: as soon as it has ended, or at once."""
        self._database.afterwards(lambda: self.append(kind, who, fields, at=at))

    def head(self) -> Head:
        """Return the last row's number and hash; 0 and zeros when there is none."""
        row = self._database.row("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")
        return Head(seq=0, hash=_GENESIS) if row is None else Head(seq=row["seq"], hash=row["hash"])

    def rows(self, start: int = 1, *, kinds: Sequence[str] = ()) -> Iterator[Row]:
        """Yield the rows from a sequence number on, oldest first; those of some kinds when they are given."""
        for row in self._stored(start, kinds):
            yield Row(
                seq=row["seq"],
                at=row["at"],
                kind=row["kind"],
                who=row["who"],
                fields=json.loads(row["fields"]),
                private=row["sealed"] is not None,
                hash=row["hash"],
            )

    def private(self, seq: int, key: bytes) -> dict[str, str]:
        """Open the sealed column of one row. The caller journals the look.

        Raises:
            StopLine: the row has none, or the key is not its key (CHSJ015S).
        """
        otherwise = StopLine("CHSJ015S", seq=seq)
        row = self._database.row("SELECT sealed FROM journal WHERE seq = ?", seq)
        if row is None or row["sealed"] is None:
            raise otherwise
        found = unwrap(key, row["sealed"], "journal", str(seq), otherwise=otherwise)
        return {str(name): str(value) for name, value in json.loads(found).items()}

    def verify(self, *, copied: bool = False) -> tuple[Fault, ...]:
        """Compare every row with its hash, its predecessor and the signed heads; nothing found means sound.

        Args:
            copied: the journal is in a copy that was taken earlier: heads behind its last row do not count.

        Raises:
            StopLine: a head file is damaged or wrongly signed (CHSJ012S).
        """
        heads = {head.seq: head.hash for head in self._heads.all()}
        latest = self._heads.latest()
        if latest is not None:
            heads[latest.seq] = latest.hash
        faults: list[Fault] = []
        expected, previous = 1, _GENESIS
        for row in self._stored(1):
            seq = row["seq"]
            if seq != expected:
                faults.append(Fault(seq=expected, problem="missing"))
            elif row["previous"] != previous:
                faults.append(Fault(seq=seq, problem="chain"))
            words = (row["at"], row["kind"], row["who"], row["fields"], row["sealed"], row["previous"])
            if row["hash"] != _hash(seq, *words):
                faults.append(Fault(seq=seq, problem="edited"))
            if heads.pop(seq, row["hash"]) != row["hash"]:
                faults.append(Fault(seq=seq, problem="head"))
            expected, previous = seq + 1, row["hash"]
        heads.pop(0, None)
        left = () if copied else sorted(heads)
        faults.extend(Fault(seq=seq, problem="missing") for seq in left)
        return tuple(faults)

    def contains(self, head: Head) -> bool:
        """Tell whether the journal is the one that had this head once, grown since or not."""
        if head.seq == 0:
            return head.hash == _GENESIS
        row = self._database.row("SELECT hash FROM journal WHERE seq = ?", head.seq)
        return row is not None and row["hash"] == head.hash

    def verify_noted(self, text: str, *, source: object) -> tuple[tuple[Noted, ...], tuple[Fault, ...]]:
        """Look in a text that was kept elsewhere (a note, a job log) for heads; return them, and those that the journal never had.

        A journal that was cut, or exchanged as a whole with its heads in the key folder, is found by what is out of reach of
        whoever did it. The rows below a head are proved by :meth:`verify`.

        Args:
            text: the text.
            source: where it is from, for messages.

        Raises:
            InputRefused: no head stands in it (CHSJ017E).
            StopLine: a note in it is not signed by this journal's key (CHSJ016S).
        """
        noted = tuple(note.found(text, self._heads.signer, source=source))
        if not noted:
            raise InputRefused("CHSJ017E", source=source)
        faults = (Fault(seq=one.head.seq, problem="head") for one in noted if not self.contains(one.head))
        return noted, tuple(faults)

    def note(self, head: Head) -> str:
        """Return a head as signed plain text (:mod:`chosho.control.note`)."""
        return note.written(head, self._heads.signer)

    def allowed_signers(self) -> str:
        """Return the public key of the journal's signatures, as ``ssh-keygen -Y verify`` reads it."""
        return self._heads.signer.allowed_signers()

    def write_head(self) -> Head:
        """Leave the signed head in the key folder (at the end of each job) and return it."""
        # Within a transaction nobody else appends: the heads in the folder then stand in the order of the journal.
        with self._database.transaction():
            head = self.head()
            self._heads.write(head)
        return head

    def supersede_heads(self, *, after: int) -> Head:
        """Put aside the heads in the key folder behind a row of this journal, and leave its own as the newest.

        For a store that a person restored from an older copy, which ended at that row, when that is on record in it.
        """
        with self._database.transaction():
            head = self.head()
            self._heads.supersede(head, after=after)
        return head

    def newest_head(self) -> Head:
        """Return the newest head in the key folder, which may be ahead of a restored journal.

        Raises:
            StopLine: a head file is damaged or wrongly signed (CHSJ012S).
        """
        return self._heads.latest() or Head(seq=0, hash=_GENESIS)

    def require_current(self) -> None:
        """Refuse a journal that is older than the newest head, or another one (DESIGN §5 Control store).

        Raises:
            StopLine: CHSJ010S; CHSJ012S when the head itself is damaged.
        """
        latest = self._heads.latest()
        if latest is not None and not self.contains(latest):
            raise StopLine("CHSJ010S", seq=latest.seq)

    def _stored(self, start: int, kinds: Sequence[str] = ()) -> Iterator[sqlite3.Row]:
        """Yield stored rows in blocks, so that memory does not grow with the journal."""
        wanted = f" AND kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        while rows := self._database.rows(
            f"SELECT * FROM journal WHERE seq >= ?{wanted} ORDER BY seq LIMIT ?",  # noqa: S608 - only question marks
            start,
            *kinds,
            _BLOCK,
        ):
            yield from rows
            start = rows[-1]["seq"] + 1


def _hash(seq: int, at: str, kind: str, who: str, fields: str, sealed: bytes | None, previous: str) -> str:
    private = None if sealed is None else hashlib.sha256(sealed).hexdigest()
    return hashlib.sha256(canonical([seq, at, kind, who, fields, private, previous]).encode()).hexdigest()
