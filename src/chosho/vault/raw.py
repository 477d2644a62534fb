"""Files that are not sealed by us (平文ファイル・受信ファイル): the same interface as sealed ones.

Age files to be burned, images and lists of class none are read as they are; delivered files through their age encryption.
"""

import hashlib
from pathlib import Path
from typing import Protocol

from chosho import disk
from chosho.errors import StopLine
from chosho.vault.age import Decryptor
from chosho.vault.sealed import SealedReader, SealedWriter, Written


class PartReader(Protocol):
    """What reads a part, sealed or not."""

    plain_bytes: int
    """Bytes of content, known before the first read."""

    def read_into(self, buffer: memoryview | bytearray) -> int:
        """Fill ``buffer``; fewer bytes only at the end, 0 after it."""

    def close(self) -> None:
        """Close; harmless when already closed."""


class PartWriter(Protocol):
    """What writes a part, sealed or not."""

    def write(self, data: memoryview | bytes | bytearray) -> None:
        """Write ``data``; it may be reused when the call returns."""

    def finish(self) -> Written:
        """Make the file durable, close it, return sizes and digests."""


class RawWriter:
    """Writes bytes as they are, with the SHA-256 of what is stored; no HMAC.

    Args:
        file: the file, just created and empty; the writer finishes and closes it.
        temporary: no digest, not made durable.
    """

    def __init__(self, file: disk.NewFile, *, temporary: bool = False) -> None:
        self._file = file
        self._temporary = temporary
        self._sha256 = None if temporary else hashlib.sha256()

    def write(self, data: memoryview | bytes | bytearray) -> None:
        """Write ``data``.

        Raises:
            OSError: the disk refused, for example because it is full.
        """
        view = memoryview(data).cast("B")
        if self._sha256 is not None:
            self._sha256.update(view)
        self._file.write(view)

    def finish(self) -> Written:
        """Make the file durable and close it.

        Raises:
            StopLine: the disk did not confirm the content (CHSD002S).
        """
        if self._temporary:
            self._file.close()
        else:
            self._file.finish()
        size = self._file.bytes_written
        digest = "" if self._sha256 is None else self._sha256.hexdigest()
        return Written(stored_bytes=size, plain_bytes=size, sha256=digest, hmac=None)


class RawReader:
    """Reads a file as it is.

    Args:
        path: the file.
        sha256: the SHA-256 (hex) that it must have; proved when its last byte is read. Empty: nobody knows it.

    Raises:
        InputRefused: there is no such regular file (CHSD003E, CHSD004E).
    """

    def __init__(self, path: Path, sha256: str = "") -> None:
        self._file = disk.OldFile(path)
        self.plain_bytes = self._file.size
        self._wanted = sha256
        self._sha256 = hashlib.sha256() if sha256 else None
        self._left = self.plain_bytes

    def read_into(self, buffer: memoryview | bytearray) -> int:
        """Fill ``buffer``; fewer bytes only at the end, 0 after it.

        Raises:
            StopLine: all was read, and it is not what was written (CHSK035S).
        """
        view = memoryview(buffer).cast("B")
        got = self._file.read_into(view)
        if self._sha256 is not None:
            self._sha256.update(view[:got])
            self._left -= got
            if self._left <= 0 and self._sha256.hexdigest() != self._wanted:
                raise StopLine("CHSK035S", path=self._file.path)
        return got

    def close(self) -> None:
        """Close; harmless when already closed."""
        self._file.close()


class DeliveredReader:
    """Reads the content of a file that was delivered in an age encryption.

    Args:
        path: the file.
        file_key: the file's own key (:func:`chosho.vault.age.unwrap_file_key`).
        plain_bytes: bytes of its content.

    Raises:
        InputRefused: there is no such regular file (CHSD003E, CHSD004E).
        StopLine: the header is not the one that the key was unwrapped from (CHSK040S, CHSK042S).
    """

    def __init__(self, path: Path, file_key: bytes, plain_bytes: int) -> None:
        self._file = disk.OldFile(path)
        self.plain_bytes = plain_bytes
        try:
            self._content = Decryptor(self._file.read_into, file_key=file_key)
        except BaseException:
            self._file.close()
            raise

    def read_into(self, buffer: memoryview | bytearray) -> int:
        """Fill ``buffer``; fewer bytes only at the end, 0 after it.

        Raises:
            StopLine: the content is damaged, cut off or continued (CHSK043S).
        """
        return self._content.read_into(buffer)

    def close(self) -> None:
        """Close; harmless when already closed."""
        self._file.close()


def open_part(path: Path, file_key: bytes | None, sha256: str = "") -> PartReader:
    """Open a part for reading: sealed when there is a file key, else as it is, then proved by its SHA-256 if there is one.

    Raises:
        InputRefused: there is no such file.
        StopLine: a sealed file is damaged.
    """
    return RawReader(path, sha256) if file_key is None else SealedReader(path, file_key)


def create_part(
    path: Path, file_key: bytes | None, digest_key: bytes | None, header: bytes, *, temporary: bool = False
) -> PartWriter:
    """Create a part's file and return its writer: sealed when there is a file key, else as it is.

    Raises:
        StopLine: the file is there already (CHSD001S).
    """
    file = disk.NewFile(path, temporary=temporary)
    if file_key is None:
        return RawWriter(file, temporary=temporary)
    return SealedWriter(file, header, file_key, digest_key, temporary=temporary)
