"""Replies of the PF (受付結果・消去証明): an acknowledgement or a certificate, as it was read from its file."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final


class ReplyKind(StrEnum):
    """MESSAGE-KIND of a reply."""

    ACKNOWLEDGEMENT = "A"
    CERTIFICATE = "C"


ACCEPTED: Final = "00"
UNKNOWN: Final = "01"
REFUSED: Final = "02"
"""RESULT of a key in an acknowledgement."""
DELETED: Final = "00"
NOT_DELETED: Final = "09"
"""RESULT of a key in a certificate."""

RESULTS: Final = {
    ReplyKind.ACKNOWLEDGEMENT: frozenset({ACCEPTED, UNKNOWN, REFUSED}),
    ReplyKind.CERTIFICATE: frozenset({DELETED, NOT_DELETED}),
}
"""The results that a kind of reply knows."""


@dataclass(frozen=True, slots=True)
class Detail:
    """What a reply says of one key; times as yyyymmddhhmmss, ``deleted_at`` empty in an acknowledgement."""

    id: str
    stored_at: str
    result: str
    deleted_at: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """A reply. ``digest`` tells a repeated reply from a different one: it is over what is said, not over the file."""

    kind: ReplyKind
    instruction: str
    file: str
    file_no: int
    file_date: date
    details: tuple[Detail, ...]
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        lines = sorted(f"{one.id} {one.stored_at} {one.result} {one.deleted_at}" for one in self.details)
        object.__setattr__(self, "digest", hashlib.sha256("\n".join(lines).encode("ascii")).hexdigest())
