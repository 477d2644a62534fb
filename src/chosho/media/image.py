"""ISO images (ISOイメージ): ISO 9660 level 2 with Joliet, single session, from a volume's files.

The image is a function of the encrypted files, the volume's facts and its business date: the same call
gives the same bytes, on any day and in any time zone (``pin.py``).

pycdlib copies a source that ends early without a word (its ``copy_data`` tolerates short reads), so sources
here give full reads or stop. Its output goes through :class:`_Tape`, which keeps the descriptors until the
first file's bytes and then only moves forward, so that an image can be digested while it is written.
"""

import contextlib
import datetime as dt
import hashlib
import io
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias, cast

import pycdlib

from chosho.disk import OldFile
from chosho.errors import StopLine
from chosho.media import bag, names, sizes
from chosho.media.pin import pinned
from chosho.media.profiles import SECTOR, Profile

BLOCK = 1 << 20
"""Bytes copied at a time."""

Write: TypeAlias = Callable[[bytes], object]
"""Takes the next bytes of an image, all of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AgeFile:
    """An encrypted file for a disc: its name there (``310dat01.txt.age``), where its bytes are, how many, their SHA-256.

    ``sha256`` is what was noted when the file was written, so that reading it for the disc proves it.
    """

    name: str
    source: Path
    size: int
    sha256: str

    @property
    def path(self) -> str:
        """Path on the disc: ``data/310dat01.txt.age``."""
        return f"{names.PAYLOAD_FOLDER}/{self.name}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """A written image (ISOイメージ): its sectors and the SHA-256 of every file in it, by path."""

    sectors: int
    sha256: dict[str, str]


def write_image(write: Write, volume: bag.Volume, files: Sequence[AgeFile], profile: Profile) -> Image:
    """Write the image of a volume.

    Args:
        write: where the image's bytes go, in their order.
        volume: what the volume says of itself.
        files: the encrypted files.
        profile: the medium; the image must fit it.

    Raises:
        StopLine: the image does not fit (CHSM031S), a file is not as it was written (CHSM032S), or the ISO library laid
            the image out in another way than the plan counts with (CHSM033S).
    """
    payload = [bag.PayloadFile(path=file.path, size=file.size, sha256=file.sha256) for file in files]
    tags = bag.tag_files(volume, payload)
    content: dict[str, bytes | AgeFile] = {**tags, **{file.path: file for file in files}}
    sectors = sizes.image_sectors((path, _length(one)) for path, one in content.items())
    _lay_out(write, volume.id, volume.business_date, profile, content, sectors)
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in tags.items()}
    return Image(sectors=sectors, sha256=digests | {one.path: one.sha256 for one in payload})


def write_submission_image(
    write: Write, volume_id: str, date: dt.date, files: Sequence[AgeFile], profile: Profile
) -> Image:
    """Write the image of a disc for the tax office (提出用媒体): the files in the root and nothing else.

    Args:
        write: where the image's bytes go, in their order.
        volume_id: the disc's id.
        date: the day that the image is said to be of.
        files: what stands on it, by the names on it.
        profile: the medium; the image must fit it.

    Raises:
        StopLine: as for :func:`write_image`.
    """
    sectors = sizes.root_sectors((file.name, file.size) for file in files)
    _lay_out(write, volume_id, date, profile, {file.name: file for file in files}, sectors)
    return Image(sectors=sectors, sha256={file.name: file.sha256 for file in files})


def _length(content: "bytes | AgeFile") -> int:
    return len(content) if isinstance(content, bytes) else content.size


def _lay_out(
    write: Write,
    volume_id: str,
    date: dt.date,
    profile: Profile,
    content: Mapping[str, "bytes | AgeFile"],
    expected: int,
) -> None:
    """Write an image of files by their paths, which takes ``expected`` sectors."""
    if expected > profile.sectors:
        raise StopLine(
            "CHSM031S", volume=volume_id, sectors=expected, medium=profile.name, limit=profile.sectors
        )
    head = expected - sum(int(sizes.sectors(_length(one))) for one in content.values())
    sources = {path: _Source(file) for path, file in content.items() if isinstance(file, AgeFile)}
    with contextlib.ExitStack() as stack:
        for source in sources.values():
            stack.enter_context(source)
        stack.enter_context(pinned(date))
        iso = pycdlib.PyCdlib()
        iso.new(
            interchange_level=2,
            joliet=3,
            vol_ident=volume_id,
            preparer_ident_str="CHOSHO",
            app_ident_str="CHOSHO",
        )
        stack.callback(iso.close)
        if any("/" in path for path in content):
            iso.add_directory(f"/{names.PAYLOAD_FOLDER.upper()}", joliet_path=f"/{names.PAYLOAD_FOLDER}")
        # The root's files, then those of data/, each by name: pycdlib gives them their sectors in that
        # order, and writes them in the order they were added.
        for path in sorted(content, key=lambda path: ("/" in path, names.iso_path(path))):
            one = content[path]
            content_of = io.BytesIO(one) if isinstance(one, bytes) else sources[path]
            iso.add_fp(
                cast("BinaryIO", content_of), _length(one), names.iso_path(path), joliet_path=f"/{path}"
            )
        iso.force_consistency()
        if iso.pvd.space_size != expected:
            raise StopLine("CHSM033S", volume=volume_id, sectors=iso.pvd.space_size, expected=expected)
        iso.write_fp(cast("BinaryIO", _Tape(write, head * SECTOR)), blocksize=BLOCK)


class _Source(io.RawIOBase):
    """An encrypted file as pycdlib reads it: once, every read full; the last one proves the content."""

    def __init__(self, file: AgeFile) -> None:
        self._file = file
        self._open: OldFile | None = None
        self._left = file.size
        self._digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if (offset, whence) != (0, os.SEEK_SET) or self._left != self._file.size:
            raise io.UnsupportedOperation("an encrypted file is read once, from its start")
        return 0

    def read(self, size: int = -1) -> bytes:
        if self._open is None:
            self._open = OldFile(self._file.source)
        wanted = self._left if size < 0 else min(size, self._left)
        data = self._open.read(wanted)
        self._left -= len(data)
        self._digest.update(data)
        if len(data) < wanted or (self._left == 0 and self._digest.hexdigest() != self._file.sha256):
            raise StopLine("CHSM032S", path=self._file.source)
        return data

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
        super().close()


class _Tape:
    """Output that moves forward only: keeps the first ``head`` bytes until what follows is written."""

    def __init__(self, write: Write, head: int) -> None:
        self._write = write
        self._head = bytearray(head)
        self._written = 0
        self._place = 0
        self._end = 0

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._place = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._end}[whence]
        return self._place

    def write(self, data: bytes) -> int:
        if self._place + len(data) <= len(self._head) and not self._written:
            self._head[self._place : self._place + len(data)] = data
        else:
            if not self._written:
                self._forward(bytes(self._head))
            if self._place < self._written:
                raise io.UnsupportedOperation("the ISO library went back in the image")
            if self._place > self._written:
                self._forward(bytes(self._place - self._written))
            self._forward(data)
        self._place += len(data)
        self._end = max(self._end, self._place)
        return len(data)

    def _forward(self, data: bytes) -> None:
        self._write(data)
        self._written += len(data)
