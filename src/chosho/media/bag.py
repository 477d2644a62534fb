"""BagIt (RFC 8493): the tag files that make a disc a bag, so that anybody can check it with common tools.

``manifest-sha256.txt`` is also what ``sha256sum -c`` reads. No tag file holds personal data: names of
files, digests, sizes, dates, ids. Lines end with LF, text is UTF-8 (RFC 8493 §2.1.1 says so in
``bagit.txt`` itself).
"""

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chosho.errors import StopLine
from chosho.media import names, readme, sizes

BAGIT = "bagit.txt"
BAG_INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"

_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
_DIGEST_LINE = 64 + 2 + 1
"""Bytes of a manifest line without the path: digest, two spaces, LF."""
_BAG_INFO_ROOM = 2048
"""The plan counts one sector for bag-info.txt; :func:`tag_files` holds it to that."""

_NOTE_ROOM = 2048
"""As above, for the journal's note."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Volume:
    """What a volume says of itself (媒体). Nothing here is personal.

    ``number`` and ``count`` are n/N, ``set_id`` names the set (the run), ``journal_head`` the journal's
    state when it was made, and ``journal_note`` the same as signed text.
    """

    id: str
    number: int
    count: int
    set_id: str
    submission: str
    tax_year: str
    business_date: dt.date
    organization: str
    password_id: str
    journal_head: str
    journal_note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PayloadFile:
    """A file under ``data/``: path, size in bytes, SHA-256 in hex."""

    path: str
    size: int
    sha256: str


def tag_files(volume: Volume, payload: Sequence[PayloadFile]) -> dict[str, bytes]:
    """Return every tag file of a disc by its path, the texts for strangers included.

    Raises:
        StopLine: a tag file takes other sectors than the plan counted for it (CHSM030S).
    """
    files = {
        BAGIT: _DECLARATION,
        BAG_INFO: _bag_info(volume, payload),
        MANIFEST: _manifest({file.path: file.sha256 for file in payload}),
        names.JOURNAL_NOTE: volume.journal_note.encode(),
        names.README_ASCII: readme.ascii_text(_facts(volume)),
        names.README_JAPANESE: readme.japanese_text(_facts(volume)),
    }
    files[TAG_MANIFEST] = _manifest({path: hashlib.sha256(data).hexdigest() for path, data in files.items()})
    for path, room in tag_sizes([file.path for file in payload]):
        if sizes.sectors(len(files[path])) != sizes.sectors(room):
            raise StopLine("CHSM030S", name=path, bytes=len(files[path]), room=room)
    return files


def tag_sizes(payload: Sequence[str]) -> list[tuple[str, int]]:
    """Return path and room in bytes of every tag file: right to the sector before its content is known."""
    files = [
        (BAGIT, len(_DECLARATION)),
        (BAG_INFO, _BAG_INFO_ROOM),
        (MANIFEST, sum(_DIGEST_LINE + len(path) for path in payload)),
        (names.JOURNAL_NOTE, _NOTE_ROOM),
        (names.README_ASCII, readme.ROOM),
        (names.README_JAPANESE, readme.ROOM),
    ]
    return [*files, (TAG_MANIFEST, sum(_DIGEST_LINE + len(path.encode()) for path, _ in files))]


def parse_manifest(data: bytes, *, name: str) -> dict[str, str]:
    """Return path → SHA-256 of a manifest.

    Raises:
        StopLine: a line is not a digest and a path, or a path stands twice (CHSM024S).
    """
    listed: dict[str, str] = {}
    # Not splitlines: it takes many more characters than LF for the end of a line.
    for number, line in enumerate(_text(data).removesuffix("\n").split("\n"), start=1):
        found = _LINE.fullmatch(line)
        if not found or found[2] in listed:
            raise StopLine("CHSM024S", name=name, line=number)
        listed[found[2]] = found[1]
    return listed


def parse_info(data: bytes) -> dict[str, str]:
    """Return the labels of ``bag-info.txt`` with their values; lines without a label are passed over."""
    pairs = (line.partition(": ") for line in _text(data).split("\n"))
    return {label: value for label, mark, value in pairs if mark}


def _manifest(digests: Mapping[str, str]) -> bytes:
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests)).encode()


def _bag_info(volume: Volume, payload: Sequence[PayloadFile]) -> bytes:
    labels = {
        "Source-Organization": volume.organization,
        "External-Description": f"支払調書データ {volume.tax_year} ({volume.submission}), age v1",
        "Bagging-Date": volume.business_date.isoformat(),
        "External-Identifier": volume.id,
        "Bag-Group-Identifier": volume.set_id,
        "Bag-Count": f"{volume.number} of {volume.count}",
        "Payload-Oxum": oxum(payload),
        "Password-Id": volume.password_id,
        "Journal-Head": volume.journal_head,
    }
    return "".join(f"{label}: {' '.join(value.split())}\n" for label, value in labels.items()).encode()


def oxum(payload: Sequence[PayloadFile]) -> str:
    """Return the payload's octets and streams: ``bytes.files`` (RFC 8493 §2.2.2)."""
    return f"{sum(file.size for file in payload)}.{len(payload)}"


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="backslashreplace")


def _facts(volume: Volume) -> dict[str, str]:
    return {
        "volume_id": volume.id,
        "number": str(volume.number),
        "count": str(volume.count),
        "set_id": volume.set_id,
        "date": volume.business_date.isoformat(),
        "tax_year": volume.tax_year,
        "organization": volume.organization,
        "password_id": volume.password_id,
    }
