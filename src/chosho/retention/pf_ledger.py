"""The PF ledger (PF削除台帳): the numbers that the PF still holds, by its keys, and the instructions to delete them.

A declaration over the PF (委託PF事業者) leaves the number there until we say that it is registered: the PF deletes it on our
instruction, which holds keys only, and must have done so on the business day after the date on which it stored it
(一時保管された日付の翌営業日中に消去). The ledger holds no number, only the PF's key of one.

>>> digest(["B2", "A1"]) == digest(["A1", "B2"])
True
"""

import functools
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final, Self

from chosho.business_days import Calendar

_DAY: Final = re.compile(r"[0-9]{8}")
_TIME: Final = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]")


class KeyState(StrEnum):
    """Where the deletion of one number stands."""

    REJECTED = "rejected"
    """The declaration was refused; the number is held: it stays at the PF until the matter is resolved."""
    DUE = "due"
    """Registered, or resolved: to be deleted."""
    INSTRUCTED = "instructed"
    """In an instruction that is open."""
    DISPUTED = "disputed"
    """The PF says that it does not know the key; a person looks into it."""
    DELETED = "deleted"
    """Certified."""


class InstructionState(StrEnum):
    """Where an instruction stands (``reference/batch.md`` E.5)."""

    PREPARED = "prepared"
    APPROVED = "approved"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    CERTIFIED = "certified"
    VERIFIED = "verified"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Later:
    """What was declared under a key since it was instructed: storage time, ``rejected`` or ``due``, why."""

    stored_at: str
    state: KeyState
    reason: str

    @classmethod
    def from_json(cls, text: str | None) -> Self | None:
        """Read the column of the control store."""
        if text is None:
            return None
        stored_at, state, reason = json.loads(text)
        return cls(stored_at, KeyState(state), reason)


@dataclass(frozen=True, slots=True)
class Key:
    """An open key: the PF's id of a number, its storage time (yyyymmddhhmmss), and where it stands.

    A storage time that cannot be read is the day of the file that brought it (yyyymmdd); such a key is rejected until the time
    is known. ``instruction`` is the last one that held it. ``reason`` says why it was rejected, or why it is open again.
    """

    id: str
    stored_at: str
    state: KeyState
    reason: str = ""
    instruction: str | None = None
    later: Later | None = None

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> Self:
        """Read a row of the control store."""
        key_id, stored_at, state, reason, instruction, later = row
        return cls(key_id, stored_at, KeyState(state), reason, instruction, Later.from_json(later))


@dataclass(frozen=True, kw_only=True, slots=True)
class Instruction:
    """An instruction: how many keys it was prepared with, their digest, and the dates of its states.

    ``acknowledgement`` and ``certificate`` are the digests of the replies that were taken; empty while there is none.
    """

    id: str
    state: InstructionState
    business_date: date
    keys: int
    digest: str
    sends: int = 0
    sent_on: date | None = None
    resent_on: date | None = None
    acknowledgement: str = ""
    certificate: str = ""

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Read a row of the control store; columns that the decision does not need are passed over."""
        dates = {name: _date(row[name]) for name in ("sent_on", "resent_on")}
        return cls(
            id=row["id"],
            state=InstructionState(row["state"]),
            business_date=date.fromisoformat(row["business_date"]),
            keys=row["keys"],
            digest=row["digest"],
            sends=row["sends"],
            acknowledgement=row["acknowledgement"],
            certificate=row["certificate"],
            **dates,
        )

    @property
    def last_sent_on(self) -> date | None:
        """When it was last sent."""
        return self.resent_on or self.sent_on


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """The open keys, and every instruction: closed ones are known again when the PF repeats a reply."""

    keys: tuple[Key, ...]
    instructions: tuple[Instruction, ...]

    @classmethod
    def from_rows(cls, keys: Iterable[Sequence[Any]], instructions: Iterable[Mapping[str, Any]]) -> Self:
        """Read the rows of the control store."""
        return cls(
            keys=tuple(Key.from_row(row) for row in keys),
            instructions=tuple(Instruction.from_row(row) for row in instructions),
        )


DueOn = Callable[[str], date]
"""Storage time, or the day that stands for it → the day on which the number must be gone."""


def due_on(calendar: Calendar) -> DueOn:
    """Return the function that says when a number must be gone: on the business day after the PF's own storage date.

    The hour does not matter: what was stored at 23:59 was stored on that date. What was stored before the calendar begins should
    have been gone on its first business day at the latest.
    """
    earliest = calendar.first - timedelta(days=1)

    @functools.cache
    def of_date(day: str) -> date:
        stored_on = date(int(day[:4]), int(day[4:6]), int(day[6:8]))
        return calendar.next_business_day(max(stored_on, earliest))

    return lambda stored_at: of_date(stored_at[:8])


def day_of(text: str) -> date | None:
    """Return the day that a text yyyymmdd is, or None."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def is_time(text: str) -> bool:
    """Return whether a text is a time yyyymmddhhmmss."""
    return _TIME.fullmatch(text[8:]) is not None and day_of(text[:8]) is not None


def digest(key_ids: Iterable[str]) -> str:
    """Return the SHA-256 (hex) over key ids, ascending, each ended by LF: what instruction and replies are matched by."""
    return hashlib.sha256(b"".join(sorted(key_id.encode("ascii") + b"\n" for key_id in key_ids))).hexdigest()


OPEN: Final = frozenset(KeyState) - {KeyState.DELETED}
"""States of a key that still stands at the PF as far as anybody has certified."""


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
