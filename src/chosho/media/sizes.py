"""Exact size arithmetic: how many sectors an image takes, known before a byte of it is made.

An encrypted file of n bytes is ``header + 16 + n + 16 * max(1, ceil(n / 65536))`` bytes (age v1: header,
nonce, chunks of 64 KiB with a tag each). An image of one folder ``data/`` with Joliet is 28 sectors of descriptors and
path tables, four directories, and each file in whole sectors. Directory records do not cross a sector
(ECMA-119 §6.8.1.1). The tests hold both against the real makers.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from chosho.media import names
from chosho.media.profiles import SECTOR
from chosho.vault import age

_AGE_EMPTY = age.encrypted_size(0, work_factor=18)
"""Bytes of an encrypted file without content; the same for every logN of two digits."""
_AGE_TAG = 16
"""Bytes that each further chunk adds (Poly1305)."""

_DESCRIPTORS = 28
"""Sectors: system area 16, descriptors 4 (primary, Joliet, terminator, version), path tables 4 times 2."""
_DIRECTORY_RECORD = 33
"""Fixed bytes of a directory record (ECMA-119 §9.1); the name follows, padded to an even length."""
_DOT_RECORDS = 68
"""The records of a directory itself and of its parent, 34 bytes each."""


def age_bytes(plain: npt.NDArray[np.int64] | int) -> npt.NDArray[np.int64]:
    """Return the size of the encrypted files that hold ``plain`` bytes each."""
    size = np.asarray(plain, dtype=np.int64)
    further = np.maximum(1, -(-size // age.CHUNK_BYTES)) - 1
    return np.asarray(_AGE_EMPTY + size + _AGE_TAG * further, dtype=np.int64)


def sectors(size: npt.NDArray[np.int64] | int) -> npt.NDArray[np.int64]:
    """Return how many sectors ``size`` bytes take."""
    return np.asarray(-(-np.asarray(size, dtype=np.int64) // SECTOR), dtype=np.int64)


def image_sectors(files: Iterable[tuple[str, int]]) -> int:
    """Return the sectors of an image (space size) that holds files.

    Args:
        files: path and size in bytes of each; paths are ``name`` or ``data/name``.
    """
    listed = list(files)
    inside = [path.removeprefix(f"{names.PAYLOAD_FOLDER}/") for path, _ in listed if "/" in path]
    root = [path for path, _ in listed if "/" not in path]
    folder = names.PAYLOAD_FOLDER
    directories = (
        _directory(
            sorted([*(names.iso_name(name).encode("ascii") for name in root), folder.upper().encode()])
        ),
        _directory(sorted([*(name.encode("utf-16-be") for name in root), folder.encode("utf-16-be")])),
        _directory(sorted(names.iso_name(name).encode("ascii") for name in inside)),
        _directory(sorted(name.encode("utf-16-be") for name in inside)),
    )
    return _DESCRIPTORS + sum(directories) + sum(int(sectors(size)) for _, size in listed)


def root_sectors(files: Iterable[tuple[str, int]]) -> int:
    """Return the sectors of an image (space size) that holds files in its root only.

    Args:
        files: name and size in bytes of each.
    """
    listed = list(files)
    directories = (
        _directory(sorted(names.iso_name(name).encode("ascii") for name, _ in listed)),
        _directory(sorted(name.encode("utf-16-be") for name, _ in listed)),
    )
    return _DESCRIPTORS + sum(directories) + sum(int(sectors(size)) for _, size in listed)


def _directory(identifiers: Sequence[bytes]) -> int:
    """Return the sectors of a directory that holds these names, in their order."""
    place = _DOT_RECORDS
    for identifier in identifiers:
        length = _DIRECTORY_RECORD + len(identifier)
        length += length % 2
        if place % SECTOR + length > SECTOR:
            place += -place % SECTOR
        place += length
    return int(sectors(place))
