"""What ``chosho check`` reads (検査対象): files, folders and images, made into the files that are in them."""

import contextlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from chosho import disk
from chosho.errors import InputRefused, StopLine
from chosho.media.disc import Disc
from chosho.statement.check import Data
from chosho.statement.check_files import Source
from chosho.vault.age import Decryptor
from chosho.vault.passphrase import check_passphrase

_CHUNK = 4 << 20
_LIKE_OURS = re.compile(r"[0-9]{3}dat[0-9]{2}\.txt(\.(age|zip|exe))?", re.IGNORECASE)
"""Files of a folder or image that are meant: NTA files, written in any case, encrypted or not."""
_AGE = ".age"
_SEALED = (_AGE, ".zip", ".exe")
_IMAGE_MARK, _IMAGE_PLACE = b"CD001", 16 * 2048 + 1
_LONGEST_PASSPHRASE = 1024

ReadInto = Callable[[memoryview], int]


def sources(paths: tuple[Path, ...], passphrase: str | None) -> list[Source]:
    """Return the files behind some paths, in their order, those of a folder by name.

    Args:
        paths: files, folders (with all below them), images.
        passphrase: opens the encrypted ones; None: they are named and not read.

    Raises:
        InputRefused: there is no such file (CHSD003E), it is none (CHSD004E), or a folder or image holds no NTA files (CHSL028E).
    """
    return [source for path in paths for source in _of_path(path, passphrase)]


def read_passphrase(path: Path) -> str:
    """Return the passphrase that a file holds, ours put into its exact form, a stranger's as it is.

    Raises:
        InputRefused: there is no such file, or it is empty (CHSL016E).
    """
    with disk.OldFile(path) as file:
        text = file.read(_LONGEST_PASSPHRASE).decode("utf-8", "replace").strip()
    if not text:
        raise InputRefused("CHSL016E")
    with contextlib.suppress(InputRefused):
        return check_passphrase(text)
    return text


def _of_path(path: Path, passphrase: str | None) -> Iterator[Source]:
    if path.is_dir():
        inside = sorted(below for below in path.rglob("*") if below.is_file() and not below.is_symlink())
        found = [below for below in inside if _LIKE_OURS.fullmatch(below.name) or _is_image(below)]
        if not found:
            raise InputRefused("CHSL028E", path=path)
        for below in found:
            yield from _of_path(below, passphrase)
    elif _is_image(path):
        yield from _of_image(path, passphrase)
    else:
        yield _of_file(path, passphrase)


def _is_image(path: Path) -> bool:
    with disk.OldFile(path) as file:
        if path.suffix.lower() == ".iso":
            return True
        if file.size < _IMAGE_PLACE + len(_IMAGE_MARK):
            return False
        file.seek(_IMAGE_PLACE)
        return file.read(len(_IMAGE_MARK)) == _IMAGE_MARK


def _of_file(path: Path, passphrase: str | None) -> Source:
    def plain() -> Iterator[Data]:
        with disk.OldFile(path) as file:
            yield from _chunks(file.read_into)

    def opened() -> Iterator[Data]:
        with disk.OldFile(path) as file:
            yield from Decryptor(file.read_into, passphrase=passphrase)

    return _source(str(path), path.name, plain, opened if passphrase else None)


def _of_image(path: Path, passphrase: str | None) -> Iterator[Source]:
    try:
        with Disc(path) as disc:
            members = sorted(disc.files)
    except StopLine as error:
        yield _damaged(path, error)
        return
    members = [member for member in members if _LIKE_OURS.fullmatch(member.rpartition("/")[2])]
    if not members:
        raise InputRefused("CHSL028E", path=path)
    for member in members:
        yield _of_member(path, member, passphrase)


def _damaged(path: Path, error: StopLine) -> Source:
    def read() -> Iterator[Data]:
        yield b""
        raise error

    return Source(shown=str(path), name=path.name, read=read)


def _of_member(path: Path, member: str, passphrase: str | None) -> Source:
    def plain() -> Iterator[Data]:
        with Disc(path) as disc:
            yield from _chunks(disc.open(member).read_into)

    def opened() -> Iterator[Data]:
        with Disc(path) as disc:
            yield from Decryptor(disc.open(member).read_into, passphrase=passphrase)

    shown = f"{path}:{member}"
    return _source(shown, member.rpartition("/")[2], plain, opened if passphrase else None)


def _source(
    shown: str, name: str, plain: Callable[[], Iterator[Data]], opened: Callable[[], Iterator[Data]] | None
) -> Source:
    """Return a file to be checked, by its name without the suffix of its encryption."""
    for suffix in _SEALED:
        if name.lower().endswith(suffix):
            name = name[: -len(suffix)]
            return Source(shown=shown, name=name, read=opened if suffix == _AGE else None)
    return Source(shown=shown, name=name, read=plain)


def _chunks(read_into: ReadInto) -> Iterator[Data]:
    buffer = memoryview(bytearray(_CHUNK))
    while got := read_into(buffer):
        yield buffer[:got]
