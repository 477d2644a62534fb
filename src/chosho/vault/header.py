"""The header of a sealed file (封緘ファイルのヘッダ): what it is, and its file key wrapped under its cohort key.

Bytes, integers little-endian::

    8   magic "CHOSHOSF"
    2   version (1)
    2   length of the whole header
    4   record length in bytes, 0 when the content has no records
    4   plain bytes of every segment but the last
    3 * (2 + n)   dataset id, cohort id, file id: length and UTF-8
    32  salt
    60  file key wrapped under the cohort key (nonce, ciphertext, tag); the bytes above are authenticated with it

The whole header is authenticated again by every segment, through the derivation of the segment key.
"""

import os
import struct
from dataclasses import dataclass
from pathlib import Path

from chosho import disk
from chosho.errors import InputRefused, StopLine
from chosho.vault.wrap import WRAPPED_KEY_BYTES, derive, new_key, unwrap, wrap

SEGMENT_LIMIT = 65536
"""Most plain bytes in a segment: fits the second-level cache; the overhead is 24 bytes in 64 KiB (``media.md`` B.1)."""

SEGMENT_OVERHEAD = 8 + 16
"""Bytes a segment adds to its packed content: its lengths before, its tag after."""

_MAGIC = b"CHOSHOSF"
_VERSION = 1
_SALT_BYTES = 32
_FIXED = struct.Struct("<8sHHII")
_HEADER_LIMIT = 4096


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """A header as read. ``raw`` is the whole header; ``segment`` the plain bytes of every segment but the last."""

    dataset: str
    cohort: str
    file_id: str
    lrecl: int
    segment: int
    salt: bytes
    raw: bytes


def segment_bytes(lrecl: int | None) -> int:
    """Return the plain bytes of a segment: the largest multiple of the record length that fits, so that no record straddles.

    Raises:
        InputRefused: a record does not fit (CHSK034E).
    """
    if not lrecl:
        return SEGMENT_LIMIT
    if not 0 < lrecl <= SEGMENT_LIMIT:
        raise InputRefused("CHSK034E", lrecl=lrecl, most=SEGMENT_LIMIT)
    return SEGMENT_LIMIT // lrecl * lrecl


def new_header(
    *, dataset: str, cohort: str, cohort_key: bytes, file_id: str, lrecl: int | None
) -> tuple[bytes, bytes]:
    """Make the header of a new sealed file.

    Args:
        dataset: the DSN.
        cohort: the cohort id, whose key is ``cohort_key``.
        cohort_key: 32 bytes.
        file_id: the random id under which the file is created.
        lrecl: record length in bytes; None or 0 when the content has no fixed records.

    Returns:
        the header's bytes and the new file key (32 bytes).

    Raises:
        InputRefused: a record does not fit in a segment (CHSK034E).
    """
    names = b"".join(
        len(name).to_bytes(2, "little") + name
        for name in (dataset.encode(), cohort.encode(), file_id.encode())
    )
    length = _FIXED.size + len(names) + _SALT_BYTES + WRAPPED_KEY_BYTES
    fixed = _FIXED.pack(_MAGIC, _VERSION, length, lrecl or 0, segment_bytes(lrecl))
    bound = fixed + names + os.urandom(_SALT_BYTES)
    file_key = new_key()
    return bound + wrap(cohort_key, file_key, "file", bound.hex()), file_key


def open_header(raw: bytes, cohort_key: bytes, *, file_id: str | None = None) -> bytes:
    """Return the file key from a header's bytes.

    Args:
        raw: the whole header.
        cohort_key: the key of the cohort that the header names.
        file_id: the id that the control store knows the file by; checked when given.

    Raises:
        StopLine: damaged (CHSK030S), not this cohort's (CHSK032S), another file's (CHSK033S).
    """
    header = parse_header(raw, Path(file_id or "header"))
    otherwise = StopLine("CHSK032S", file=header.file_id, cohort=header.cohort)
    bound, wrapped = raw[:-WRAPPED_KEY_BYTES], raw[-WRAPPED_KEY_BYTES:]
    key = unwrap(cohort_key, wrapped, "file", bound.hex(), otherwise=otherwise)
    if file_id is not None and header.file_id != file_id:
        raise StopLine("CHSK033S", found=header.file_id, wanted=file_id)
    return key


def read_header(path: Path) -> Header:
    """Read the header of a sealed file.

    Raises:
        InputRefused: there is no such file.
        StopLine: it is not a sealed file (CHSK030S).
    """
    with disk.OldFile(path) as file:
        return header_at_start(file)


def header_at_start(file: disk.OldFile) -> Header:
    """Read the header at the start of an open file; the file then stands at its first segment.

    Raises:
        StopLine: it is not a sealed file (CHSK030S).
    """
    start = file.read(_FIXED.size)
    if len(start) < _FIXED.size or not start.startswith(_MAGIC):
        raise StopLine("CHSK030S", path=file.path)
    length = min(_FIXED.unpack(start)[2], _HEADER_LIMIT)
    return parse_header(start + file.read(max(0, length - _FIXED.size)), file.path)


def parse_header(raw: bytes, path: Path) -> Header:
    """Read a header's bytes; ``path`` is only named in messages.

    Raises:
        StopLine: they are not a whole header of a known version (CHSK030S).
    """
    damaged = StopLine("CHSK030S", path=path)
    if len(raw) < _FIXED.size:
        raise damaged
    magic, version, length, lrecl, segment = _FIXED.unpack_from(raw)
    if magic != _MAGIC or version != _VERSION or length != len(raw) or not 0 < segment <= SEGMENT_LIMIT:
        raise damaged
    names: list[str] = []
    place = _FIXED.size
    for _ in range(3):
        size = int.from_bytes(raw[place : place + 2], "little")
        names.append(raw[place + 2 : place + 2 + size].decode("utf-8", "replace"))
        place += 2 + size
    if place + _SALT_BYTES + WRAPPED_KEY_BYTES != length:
        raise damaged
    return Header(
        dataset=names[0],
        cohort=names[1],
        file_id=names[2],
        lrecl=lrecl,
        segment=segment,
        salt=raw[place : place + _SALT_BYTES],
        raw=raw,
    )


def digest_key(cohort_key: bytes) -> bytes:
    """Return the key of the plain-content digest (HMAC), derived from the cohort key: the digest dies with its cohort."""
    return derive(cohort_key, "chosho content digest")
