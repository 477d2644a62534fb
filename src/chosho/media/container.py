"""Containers on submission discs (提出用媒体の暗号化方式): the NTA files of a disc in one encrypted file.

``age`` is a tar archive (ustar) in age v1: names and sizes are hidden, every piece is proved before it is used. ``zip`` is a ZIP
archive with AES-256 (AE-2): any common program opens it, but names and sizes stand in clear and its passphrase must be long.
``plain`` and ``external`` have none: the files stand on the disc as they are, or as the agency's own method has made them
outside.

What a container holds is a function of the files and the date; its bytes differ each time, as they must.
"""

import calendar
import datetime as dt
import hashlib
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from chosho.errors import ChoshoError, StopLine
from chosho.media import sizes
from chosho.vault.age import Decryptor, Encryptor
from chosho.vault.zip_aes import Member, ZipDecryptor, ZipEncryptor, archive_size

_TAR_BLOCK = 512
_READ = 1 << 20


class Method(StrEnum):
    """How the files of a submission disc are protected."""

    AGE = "age"
    ZIP = "zip"
    EXTERNAL = "external"
    PLAIN = "plain"

    @property
    def suffix(self) -> str:
        """What a container's name ends with; "" when there is no container."""
        return {Method.AGE: ".tar.age", Method.ZIP: ".zip"}.get(self, "")

    @property
    def encrypted(self) -> bool:
        """Whether the files do not stand on the disc as they are."""
        return self is not Method.PLAIN

    @property
    def remark(self) -> str:
        """What papers call it."""
        return _REMARKS[self]


_REMARKS = {
    Method.AGE: "暗号化処理済（age形式）",
    Method.ZIP: "暗号化処理済（ZIP・AES-256）",
    Method.EXTERNAL: "暗号化処理済（提出先の指定する方式）",
    Method.PLAIN: "暗号化処理なし",
}


class Content(Protocol):
    """A file that goes into a container: its name, bytes, SHA-256 in hex."""

    @property
    def name(self) -> str: ...  # noqa: D102 - described by the class
    @property
    def size(self) -> int: ...  # noqa: D102 - as above
    @property
    def sha256(self) -> str: ...  # noqa: D102 - as above


class Readable(Content, Protocol):
    """A file that can be read from its start."""

    def chunks(self) -> Iterator[bytes]:
        """Yield its bytes."""


def container_size(method: Method, files: Sequence[Content]) -> int:
    """Return the exact bytes of the container of ``files``."""
    if method is Method.ZIP:
        return archive_size([Member(file.name, file.size) for file in files])
    inside = sum(_TAR_BLOCK + _padded(file.size) for file in files) + 2 * _TAR_BLOCK
    return int(sizes.age_bytes(inside))


def write_container(
    method: Method,
    sink: Callable[[memoryview], object],
    files: Sequence[Readable],
    *,
    passphrase: str,
    work_factor: int,
    date: dt.date,
) -> None:
    """Write the container of ``files``.

    Args:
        method: age or zip.
        sink: takes each piece, all of it, before it returns.
        files: in the order in which they stand in it.
        passphrase: what opens it.
        work_factor: logN of scrypt, for age.
        date: the day that the files are said to be of.

    Raises:
        StopLine: a file is not as it was when it was checked (CHSM052S).
    """
    if method is Method.ZIP:
        archive = ZipEncryptor(sink, passphrase=passphrase, date=date)
        for file in files:
            archive.begin(Member(file.name, file.size))
            for chunk in proved(file):
                archive.write(chunk)
            archive.end()
        archive.finish()
        return
    encryptor = Encryptor(sink, passphrase=passphrase, work_factor=work_factor)
    for file in files:
        encryptor.write(_tar_head(file, date))
        for chunk in proved(file):
            encryptor.write(chunk)
        encryptor.write(bytes(_padded(file.size) - file.size))
    encryptor.write(bytes(2 * _TAR_BLOCK))
    encryptor.finish()


def proved(file: Readable) -> Iterator[bytes]:
    """Yield the bytes of a file, and make sure that they are the ones that were checked.

    Raises:
        StopLine: they are not (CHSM052S).
    """
    sha256 = hashlib.sha256()
    left = file.size
    for chunk in file.chunks():
        sha256.update(chunk)
        left -= len(chunk)
        if left < 0:
            break
        yield chunk
    if left or sha256.hexdigest() != file.sha256:
        raise StopLine("CHSM052S", name=file.name)


def check_container(
    method: Method,
    read_into: Callable[[memoryview], int],
    files: Sequence[Content],
    *,
    passphrase: str,
    date: dt.date,
) -> None:
    """Open a container as a stranger would and make sure that it holds exactly ``files``.

    Raises:
        InputRefused: wrong passphrase.
        StopLine: it is damaged, or holds something else (CHSM053S).
    """
    try:
        if method is Method.ZIP:
            found = _zip_content(read_into, passphrase)
            if list(found.items()) != [(file.name, file.sha256) for file in files]:
                raise StopLine("CHSM053S")
        else:
            _check_tar(Decryptor(read_into, passphrase=passphrase), files, date)
    except ChoshoError as error:
        if error.message_id in {"CHSK041E", "CHSK080E", "CHSM053S"}:
            raise
        raise StopLine("CHSM053S") from error


def _zip_content(read_into: Callable[[memoryview], int], passphrase: str) -> Mapping[str, str]:
    found = {}
    for member, content in ZipDecryptor(read_into, passphrase=passphrase).members():
        sha256 = hashlib.sha256()
        for piece in content:
            sha256.update(piece)
        found[member.name] = sha256.hexdigest()
    return found


def _check_tar(content: Decryptor, files: Sequence[Content], date: dt.date) -> None:
    for file in files:
        if _read(content, _TAR_BLOCK) != _tar_head(file, date):
            raise StopLine("CHSM053S")
        sha256 = hashlib.sha256()
        left = file.size
        while left:
            piece = _read(content, min(left, _READ))
            if not piece:
                raise StopLine("CHSM053S")
            sha256.update(piece)
            left -= len(piece)
        padding = _padded(file.size) - file.size
        if sha256.hexdigest() != file.sha256 or _read(content, padding) != bytes(padding):
            raise StopLine("CHSM053S")
    if _read(content, 2 * _TAR_BLOCK + 1) != bytes(2 * _TAR_BLOCK):
        raise StopLine("CHSM053S")


def _read(content: Decryptor, size: int) -> bytes:
    buffer = bytearray(size)
    return bytes(memoryview(buffer)[: content.read_into(memoryview(buffer))])


def _tar_head(file: Content, date: dt.date) -> bytes:
    head = tarfile.TarInfo(file.name)
    head.size = file.size
    head.mode = 0o600
    head.mtime = calendar.timegm(date.timetuple())
    return head.tobuf(tarfile.USTAR_FORMAT, "ascii")


def _padded(size: int) -> int:
    return -(-size // _TAR_BLOCK) * _TAR_BLOCK
