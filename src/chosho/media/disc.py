"""Reading an image (ISOイメージの読取り): a small reader of ISO 9660 and Joliet, written from ECMA-119.

It is apart from the library that writes images, so that a fault of that library is found, and strict where
readers are lenient: every record must lie within the image, both trees must show the same bytes, a read is
full or the image is damaged. It reads what chosho writes (sectors of 2,048 bytes, one extent per file);
anything else is refused.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from chosho.disk import OldFile
from chosho.errors import StopLine
from chosho.media.profiles import SECTOR

_FIRST_DESCRIPTOR = 16
_PRIMARY, _SUPPLEMENTARY, _TERMINATOR = 1, 2, 255
_UCS2 = {b"%/@", b"%/C", b"%/E"}
"""Escape sequences of Joliet's levels 1 to 3."""
_MANY = 10_000
"""More directory records than any disc of ours has; bounds the work on a damaged image."""
_DIRECTORY, _MULTI_EXTENT = 0x02, 0x80


@dataclass(frozen=True, slots=True)
class Extent:
    """Where a file's bytes are in the image: offset and size in bytes."""

    offset: int
    size: int


class DiscFile:
    """A file of a disc, being read."""

    def __init__(self, image: OldFile, extent: Extent) -> None:
        self._image = image
        self._place = extent.offset
        self._end = extent.offset + extent.size

    def read_into(self, buffer: memoryview) -> int:
        """Fill ``buffer`` with the next bytes; fewer only at the end of the file, 0 after it.

        Raises:
            StopLine: the image ends within the file (CHSM011S).
        """
        view = memoryview(buffer).cast("B")[: self._end - self._place]
        self._image.seek(self._place)
        if self._image.read_into(view) < len(view):
            raise StopLine("CHSM011S", path=self._image.path, bytes=self._image.size, expected=self._end)
        self._place += len(view)
        return len(view)


class Disc:
    """An image opened for reading.

    ``files`` has every file's extent by its Joliet path (``data/310dat01.txt.age``).

    Raises:
        StopLine: this is no ISO image (CHSM010S), it ends early (CHSM011S) or its structure is damaged
            (CHSM012S).
        InputRefused: there is no such file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = OldFile(path)
        try:
            self._read_structure()
        except BaseException:
            self._file.close()
            raise

    @property
    def size(self) -> int:
        """Bytes of the image file."""
        return self._file.size

    def open(self, path: str) -> "DiscFile":
        """Return a file of the disc, to be read from its start; several may be read side by side."""
        return DiscFile(self._file, self.files[path])

    def read(self, path: str) -> bytes:
        """Return the whole of a small file."""
        data = bytearray(self.files[path].size)
        self.open(path).read_into(memoryview(data))
        return bytes(data)

    def close(self) -> None:
        """Close the image."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read_structure(self) -> None:
        primary, joliet = self._descriptors()
        self.volume_id = primary[40:72].decode("ascii", errors="backslashreplace").rstrip(" ")
        self.sectors = int(struct.unpack_from("<I", primary, 80)[0])
        if struct.unpack_from("<H", primary, 128)[0] != SECTOR:
            raise self._damaged(_FIRST_DESCRIPTOR)
        if self.size < self.sectors * SECTOR:
            raise StopLine("CHSM011S", path=self.path, bytes=self.size, expected=self.sectors * SECTOR)
        plain = self._tree(primary, "ascii")
        self.files = self._tree(joliet, "utf-16-be")
        if sorted(extent.offset for extent in plain.values()) != sorted(
            extent.offset for extent in self.files.values()
        ) or sum(extent.size for extent in plain.values()) != sum(
            extent.size for extent in self.files.values()
        ):
            raise self._damaged(_FIRST_DESCRIPTOR)

    def _descriptors(self) -> tuple[bytes, bytes]:
        """Return the primary and the Joliet descriptor."""
        primary = joliet = None
        for sector in range(_FIRST_DESCRIPTOR, _FIRST_DESCRIPTOR + 16):
            data = self._sector(sector)
            if data[1:6] != b"CD001":
                raise StopLine("CHSM010S", path=self.path)
            if data[0] == _TERMINATOR:
                break
            if data[0] == _PRIMARY:
                primary = data
            elif data[0] == _SUPPLEMENTARY and data[88:91] in _UCS2:
                joliet = data
        if primary is None or joliet is None:
            raise StopLine("CHSM010S", path=self.path)
        return primary, joliet

    def _tree(self, descriptor: bytes, encoding: str) -> dict[str, Extent]:
        """Return the files of a tree by path, without version numbers."""
        files: dict[str, Extent] = {}
        seen: set[int] = set()
        folders = [("", self._extent(descriptor[156:190], _FIRST_DESCRIPTOR))]
        while folders:
            prefix, folder = folders.pop()
            if folder.offset in seen:
                raise self._damaged(folder.offset // SECTOR)
            seen.add(folder.offset)
            for record in self._records(folder):
                extent = self._extent(record, folder.offset // SECTOR)
                try:
                    name = record[33 : 33 + record[32]].decode(encoding).removesuffix(";1")
                except UnicodeDecodeError:
                    raise self._damaged(folder.offset // SECTOR) from None
                path = prefix + name
                if record[25] & _MULTI_EXTENT or path in files or len(files) + len(seen) > _MANY:
                    raise self._damaged(folder.offset // SECTOR)
                if record[25] & _DIRECTORY:
                    folders.append((f"{path}/", extent))
                else:
                    files[path] = extent
        return files

    def _records(self, folder: Extent) -> Iterator[bytes]:
        """Yield the records of a directory but for its own and its parent's (ECMA-119 §6.8, §9.1)."""
        for sector in range(folder.offset // SECTOR, (folder.offset + folder.size) // SECTOR):
            data = self._sector(sector)
            place = 0
            while place < SECTOR and data[place]:
                record = data[place : place + data[place]]
                if len(record) < data[place] or len(record) < 34 or 33 + record[32] > len(record):  # noqa: PLR2004
                    raise self._damaged(sector)
                place += len(record)
                if record[33 : 33 + record[32]] not in {b"\x00", b"\x01"}:
                    yield record

    def _extent(self, record: bytes, sector: int) -> Extent:
        """Return a record's extent, both byte orders agreeing and within the image."""
        start, start_be = struct.unpack_from("<I", record, 2)[0], struct.unpack_from(">I", record, 6)[0]
        size, size_be = struct.unpack_from("<I", record, 10)[0], struct.unpack_from(">I", record, 14)[0]
        if (start, size) != (start_be, size_be) or start * SECTOR + size > self.sectors * SECTOR:
            raise self._damaged(sector)
        return Extent(start * SECTOR, size)

    def _sector(self, number: int) -> bytes:
        self._file.seek(number * SECTOR)
        data = self._file.read(SECTOR)
        if len(data) < SECTOR:
            raise StopLine("CHSM011S", path=self.path, bytes=self.size, expected=(number + 1) * SECTOR)
        return data

    def _damaged(self, sector: int) -> StopLine:
        return StopLine("CHSM012S", path=self.path, sector=sector)
