"""Files and generations as rows: what the control store knows of a part (パート) and of a generation (世代)."""

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol


class State(StrEnum):
    """States of a generation and of a file.

    ``intent``: may exist, nobody may read it. ``committed``: visible. ``erase_pending``: to be erased, not readable any more.
    ``erased``: gone, on record. ``quarantined``: found in an order that nobody can explain; put aside.
    """

    INTENT = "intent"
    COMMITTED = "committed"
    ERASE_PENDING = "erase_pending"
    ERASED = "erased"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, kw_only=True, slots=True)
class Generation:
    """A generation of a dataset (世代): number from 1; version above 0 when the same number was made again."""

    id: int
    dsn: str
    number: int
    version: int
    state: State
    run: str
    step: str
    dd: str
    cohort: str | None
    business_date: date
    records: int
    plain_bytes: int

    @property
    def name(self) -> str:
        """The absolute name, such as ``G0001V00``."""
        return f"G{self.number:04d}V{self.version:02d}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A part of a generation, in its place. ``path`` is relative to the data root; sizes in bytes; digests in hex."""

    id: str
    generation: int
    ordinal: int
    label: str
    path: str
    state: State
    records: int
    plain_bytes: int
    stored_bytes: int
    sha256: str
    hmac: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Intent:
    """A file that a step may have created and no commit names. ``generation`` is None for temporaries."""

    file_id: str
    path: str
    run: str
    step: str
    dd: str
    dsn: str
    cohort: str | None
    generation: int | None


class WrittenPart(Protocol):
    """What a writer reports of a part (``dataset.part.PartResult``)."""

    @property
    def id(self) -> str: ...  # noqa: D102 - see PartResult
    @property
    def label(self) -> str: ...  # noqa: D102
    @property
    def records(self) -> int: ...  # noqa: D102
    @property
    def plain_bytes(self) -> int: ...  # noqa: D102
    @property
    def stored_bytes(self) -> int: ...  # noqa: D102
    @property
    def sha256(self) -> str: ...  # noqa: D102
    @property
    def hmac(self) -> str | None: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True, slots=True)
class Output:
    """What a step wrote for one DD: the intended generation and its parts in order. ``keep``: also when the step fails."""

    generation: int
    parts: Sequence[WrittenPart]
    keep: bool = False

    @property
    def digest(self) -> str:
        """The digest of its parts, by which the journal names its content."""
        return parts_digest(self.parts)


def parts_digest(parts: Iterable[WrittenPart | Part]) -> str:
    """Return the digest over the parts of a generation in their order, as its journal row has it."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{part.label}\n{part.sha256}\n".encode())
    return digest.hexdigest()


def generation_of(row: sqlite3.Row) -> Generation:
    """Return a row of ``generations``."""
    return Generation(
        id=row["id"],
        dsn=row["dsn"],
        number=row["number"],
        version=row["version"],
        state=State(row["state"]),
        run=row["run_id"],
        step=row["step"],
        dd=row["dd"],
        cohort=row["cohort"],
        business_date=date.fromisoformat(row["business_date"]),
        records=row["records"],
        plain_bytes=row["plain_bytes"],
    )


def part_of(row: sqlite3.Row) -> Part:
    """Return a row of ``files`` that is a part."""
    return Part(
        id=row["id"],
        generation=row["generation"],
        ordinal=row["ordinal"],
        label=row["label"],
        path=row["path"],
        state=State(row["state"]),
        records=row["records"],
        plain_bytes=row["plain_bytes"],
        stored_bytes=row["stored_bytes"],
        sha256=row["sha256"],
        hmac=row["hmac"],
    )


def intent_of(row: sqlite3.Row) -> Intent:
    """Return a row of ``files`` that no commit names."""
    return Intent(
        file_id=row["id"],
        path=row["path"],
        run=row["run_id"],
        step=row["step"],
        dd=row["dd"],
        dsn=row["dsn"],
        cohort=row["cohort"],
        generation=row["generation"],
    )
