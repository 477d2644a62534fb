"""Deliveries (受付ファイル): the files that others laid into an inbox, as a step reads them.

An inbox is a folder below the data root. What arrives there is encrypted to the data centre's recipient (age); a plain file is
refused, except in a data root of synthetic data. A name that begins with a point is a file still being written by its sender.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chosho import disk
from chosho.dataset.part import PartSource
from chosho.dataset.place import quarantine_name
from chosho.errors import InputRefused, StopLine
from chosho.vault.age import unwrap_file_key

if TYPE_CHECKING:  # the supervisor looks at deliveries too, and stays light
    from chosho.codec.batch import Block

PLAIN: Final = "FPLN"
NOT_FOR_US: Final = "FDEC"
NO_RECORDS: Final = "FLEN"
NO_FILE: Final = "FNAM"
"""Why a file cannot be read at all: it is plain, not for us or damaged, no whole number of records, no regular file."""

_AGE: Final = b"age-encryption.org/"
_DAMAGED: Final = frozenset({"CHSK040S", "CHSK042S", "CHSK043S", "CHSD108S"})
_BLOCK: Final = 1 << 20


class DamagedDelivery(Exception):  # noqa: N818 - named for what it is
    """The content of a delivered file is damaged or cut off: the file is judged FDEC."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """A file that waits in an inbox.

    ``name`` is fit for messages and journal; ``fault`` says why it cannot be read at all, empty when it can; ``twin`` names an
    earlier file with the same bytes, empty when there is none; ``sha256`` is that of the bytes as they were delivered.
    """

    name: str
    path: str
    sha256: str
    fault: str
    twin: str
    part: PartSource | None

    def blocks(self, lrecl: int) -> "Iterator[Block]":
        """Yield the records in blocks ``uint8[n, lrecl]``, each valid until the next; may be called again.

        Raises:
            DamagedDelivery: the content is damaged or cut off.
        """
        from chosho.dataset.reader import Reader  # loaded when a step reads

        if self.part is None:
            raise ValueError("a file that cannot be read has no records")
        try:
            yield from Reader([self.part], lrecl=lrecl).blocks()
        except StopLine as error:
            if error.message_id in _DAMAGED:
                raise DamagedDelivery(self.name) from error
            raise


def waiting(folder: Path) -> list[str]:
    """Return the names of the files in an inbox, in their order; none when there is no such folder."""
    return [entry.name for entry in disk.entries(folder) if not entry.name.startswith(".")]


def look(folder: Path, name: str, *, lrecl: int, identities: Sequence[str], plain: bool) -> Delivery:
    """Look at a file of an inbox: what it is, and the key to its content.

    Args:
        folder: the inbox.
        name: the file's name.
        lrecl: bytes of a record.
        identities: the data centre's identities.
        plain: whether plain files are taken.
    """
    path = folder / name
    shown = quarantine_name(name)
    try:
        with disk.OldFile(path) as file:
            size, encrypted = file.size, file.read(len(_AGE)) == _AGE
        sha256 = digest(path)
    except InputRefused:
        return Delivery(name=shown, path=name, sha256="", fault=NO_FILE, twin="", part=None)
    fault, key, content = "", None, size
    if not encrypted:
        fault = "" if plain else PLAIN
    else:
        try:
            with disk.OldFile(path) as file:
                key, content = unwrap_file_key(file.read_into, size, identities)
        except (InputRefused, StopLine):
            fault = NOT_FOR_US
    if not fault and content % lrecl:
        fault = NO_RECORDS
    part = None
    if not fault:
        part = PartSource(
            path=path,
            label=shown,
            records=content // lrecl,
            plain_bytes=content,
            stored_bytes=size,
            file_key=key,
            age=key is not None,
        )
    return Delivery(name=shown, path=name, sha256=sha256, fault=fault, twin="", part=part)


def digest(path: Path) -> str:
    """Return the SHA-256 (hex) of a file's bytes as they lie there.

    Raises:
        InputRefused: there is no such regular file.
    """
    sha256 = hashlib.sha256()
    with disk.OldFile(path) as file:
        while data := file.read(_BLOCK):
            sha256.update(data)
    return sha256.hexdigest()
