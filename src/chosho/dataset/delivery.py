"""Deliveries (受付ファイル): the files that others laid into an inbox, as a step reads them.

An inbox is a folder below the data root. What arrives there is encrypted to the data centre's recipient (age); a plain file is
refused, except in a data root of synthetic data. A name that begins with a point is a file still being written by its sender.

Anything may lie in an inbox: a link, a folder, a file that the system does not let us read. Each is a delivery that is refused, and
stands in nobody's way; a link is never followed.
"""

import hashlib
import os
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
    from chosho.control.store import ControlStore

PLAIN: Final = "FPLN"
NOT_FOR_US: Final = "FDEC"
NO_RECORDS: Final = "FLEN"
NO_FILE: Final = "FNAM"
UNREADABLE: Final = "FACC"
"""Why a file cannot be read at all: it is plain, not for us or damaged, no whole number of records, no regular file with a name
in UTF-8, or the system does not let us read it.
"""

_AGE: Final = b"age-encryption.org/"
_DAMAGED: Final = frozenset({"CHSK040S", "CHSK042S", "CHSK043S", "CHSD108S"})
_BLOCK: Final = 1 << 20
_HEX: Final = "//"
"""What stands before the bytes, in hex, of a name that is no UTF-8: no name holds it, and a register and a pipe hold texts only."""


class DamagedDelivery(Exception):  # noqa: N818 - named for what it is
    """The content of a delivered file is damaged or cut off: the file is judged FDEC."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """A file that waits in an inbox.

    ``name`` is fit for messages and journal; ``fault`` says why it cannot be read at all, empty when it can; ``twin`` names an
    earlier file with the same bytes, empty when there is none; ``sha256`` is that of the bytes as they were delivered, empty when
    there are none that can be read; ``path`` is a text, see :func:`located`.
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


def named(folder: str, name: str) -> str:
    """Return the path of an entry of an inbox as a text that a register can hold; :func:`located` knows it."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return f"{folder}{_HEX}{os.fsencode(name).hex()}"
    return f"{folder}/{name}"


def located(root: Path, path: str) -> Path:
    """Return where an entry of an inbox lies, whose path was made by :func:`named`."""
    folder, _, coded = path.partition(_HEX)
    return root / folder / os.fsdecode(bytes.fromhex(coded)) if coded else root / path


def look(
    root: Path, inbox: str, name: str, *, lrecl: int, identities: Sequence[str], plain: bool
) -> Delivery:
    """Look at an entry of an inbox: what it is, and the key to its content.

    Args:
        root: the data root.
        inbox: the folder, relative to it.
        name: the entry's name.
        lrecl: bytes of a record.
        identities: the data centre's identities.
        plain: whether plain files are taken.
    """
    path = named(inbox, name)
    place = root / inbox / name
    sha256, part = "", None
    try:
        sha256 = digest(place)
        if path.startswith(f"{inbox}{_HEX}"):
            fault = NO_FILE
        else:
            fault, part = _content(place, quarantine_name(name), lrecl, identities, plain=plain)
    except InputRefused:
        fault = NO_FILE
    except OSError:
        fault = UNREADABLE
    return Delivery(name=quarantine_name(name), path=path, sha256=sha256, fault=fault, twin="", part=part)


def _content(
    path: Path, label: str, lrecl: int, identities: Sequence[str], *, plain: bool
) -> tuple[str, PartSource | None]:
    """Return why the content of a file cannot be read, or with what it is read."""
    with disk.OldFile(path) as file:
        size, encrypted = file.size, file.read(len(_AGE)) == _AGE
    key, content = None, size
    if not encrypted and not plain:
        return PLAIN, None
    if encrypted:
        try:
            with disk.OldFile(path) as file:
                key, content = unwrap_file_key(file.read_into, size, identities)
        except (InputRefused, StopLine):
            return NOT_FOR_US, None
    if content % lrecl:
        return NO_RECORDS, None
    part = PartSource(
        path=path,
        label=label,
        records=content // lrecl,
        plain_bytes=content,
        stored_bytes=size,
        file_key=key,
        age=encrypted,
    )
    return "", part


def discard(root: Path, store: "ControlStore", delivery_id: int, *, reason: str, at: str, who: str) -> None:
    """Give up an entry of an inbox that was refused; the next scratch erases it, of a link the link itself.

    Raises:
        InputRefused: it was not refused (CHSJ060E), or it is a folder, whose content nobody has judged (CHSD150E).
    """
    with store.transaction():
        one = store.inbox.discard(delivery_id, reason=reason, at=at, who=who)
        path = located(root, one.path)
        if path.is_dir() and not path.is_symlink():
            raise InputRefused("CHSD150E", delivery=delivery_id, file=one.name, inbox=path.parent)
    store.journal.write_head()


def remove(root: Path, path: str, sha256: str) -> bool:
    """Remove an entry of an inbox that was given up; return whether it lies there no more.

    A file with other bytes than those that were given up is another one: it stays, and what was given up is gone. What cannot be
    told apart stays and is not gone: a folder, a link in the place of a file, a file that cannot be read any more or can be
    only now, and what the system does not let us remove.
    """
    place = located(root, path)
    try:
        if not (place.exists() or place.is_symlink()):
            return True
        found = _readable(place)
        if found and sha256 and found != sha256:
            return True
        if found != sha256 or (place.is_dir() and not place.is_symlink()):
            return False
        disk.remove(place)
        disk.sync_folder(place.parent)
    except OSError:
        return False
    return True


def _readable(path: Path) -> str:
    """Return the digest of a file that can be read, or ""."""
    try:
        return digest(path)
    except (InputRefused, OSError):
        return ""


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
