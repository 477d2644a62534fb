"""Medium profiles (媒体の種類): how much may be written on a medium. Data, in ``profiles.csv``.

``sectors`` are sectors of 2,048 bytes that we use, about two to five per cent below the nominal capacity:
no overburning, and the edge of a disc is left free (CD-R 80 minutes: 690 MiB of 360,000 sectors; DVD:
4,480,000,000 bytes, which DVD+R holds too). ``file_bytes`` is the longest file: 2 GiB - 64 KiB. ISO 9660
level 2 has one extent per file and so ends at 4 GiB; readers that count in signed 32 bits end at 2 GiB.
"""

import csv
import functools
import importlib.resources
import re
from dataclasses import dataclass, replace

from chosho.errors import InputRefused

SECTOR = 2048
"""Bytes of a logical sector (ECMA-119 §6.1.2)."""

_WHOLE = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """A kind of medium (媒体の種類): name, title for papers, usable sectors, longest file in bytes."""

    name: str
    title: str
    sectors: int
    file_bytes: int

    @property
    def capacity(self) -> int:
        """Usable bytes."""
        return self.sectors * SECTOR


@functools.cache
def profiles() -> dict[str, Profile]:
    """Return every profile by its name, in the order of the table."""
    text = importlib.resources.files("chosho.media").joinpath("profiles.csv").read_text(encoding="utf-8")
    return {
        row["name"]: Profile(
            name=row["name"],
            title=row["title"],
            sectors=int(row["sectors"]),
            file_bytes=int(row["file_bytes"]),
        )
        for row in csv.DictReader(text.splitlines())
    }


def profile(name: str, medium_bytes: int | str = 0) -> Profile:
    """Return the profile ``name``, made smaller when the real medium is known to hold less.

    Args:
        name: a name of the table.
        medium_bytes: real free capacity of the medium in bytes; 0 when it is not known.

    Raises:
        InputRefused: there is no such profile (CHSM001E) or the capacity is no whole number (CHSM002E).
    """
    found = profiles().get(name)
    if found is None:
        raise InputRefused("CHSM001E", medium=name, known=", ".join(profiles()))
    if not _WHOLE.fullmatch(str(medium_bytes)):
        raise InputRefused("CHSM002E", bytes=medium_bytes)
    known = int(medium_bytes) // SECTOR
    return replace(found, sectors=min(found.sectors, known)) if int(medium_bytes) else found
