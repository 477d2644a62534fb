"""Records of reply files, written by hand as the layouts say."""

import hashlib
from collections.abc import Iterable, Sequence

from chosho.retention.pf_reply import Detail

LRECL = 200


def record(text: str) -> bytes:
    return text.encode("ascii").ljust(LRECL)


def header(
    instruction: str, *, number: int = 1, kind: str = "C", day: str = "20270406", channel: str = "P"
) -> bytes:
    return record(f"1{channel}{number:06d}{day}{'PF':<10}{'':<10}{kind}{instruction:<24}")


def detail(one: Detail) -> bytes:
    return record(f"2{one.id:<20}{one.stored_at}{one.result}{one.deleted_at}")


def trailer(details: Sequence[Detail], *, number: int = 1, channel: str = "P") -> bytes:
    zeros = "0" * 32
    return record(f"8{channel}{number:06d}{len(details):08d}{zeros}{key_digest(one.id for one in details)}")


def key_digest(ids: Iterable[str]) -> str:
    return hashlib.sha256("".join(f"{one}\n" for one in sorted(ids)).encode("ascii")).hexdigest()


def reply_file(
    instruction: str, details: Sequence[Detail], *, number: int = 1, kind: str = "C", day: str = "20270406"
) -> list[bytes]:
    """Return the records of a whole reply file."""
    return [
        header(instruction, number=number, kind=kind, day=day),
        *map(detail, details),
        trailer(details, number=number),
    ]
