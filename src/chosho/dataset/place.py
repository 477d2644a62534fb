"""Places (置き場): where the files of a data root are.

Every file that chosho writes for a dataset stands in one flat folder under a random id and never moves; what it belongs to is in
the control store only, so that a name says nothing and nothing can be half renamed. The one exception is the quarantine: what
nobody knows is moved there.
"""

import re
import secrets
from typing import Final

DATA: Final = "data"
"""Folder of the parts, temporary ones too, below the data root."""

QUARANTINE: Final = "quarantine"
"""Folder of files that nobody knows, below the data root; an operator empties it."""


def new_file_id() -> str:
    """Return a fresh file id: 128 random bits in hex."""
    return secrets.token_hex(16)


def part_path(file_id: str, suffix: str = "") -> str:
    """Return the path of a part's file, relative to the data root."""
    return f"{DATA}/{file_id}{suffix}"


def quarantine_name(name: str) -> str:
    """Return the name that a stranger's file gets in the quarantine: it goes on record and into messages.

    Letters, digits and ``. _ -`` stay; a long run of digits, which could be somebody's number, does not.

    >>> quarantine_name("202701120930.bak")
    '_.bak'
    """
    return re.sub(r"[^0-9A-Za-z._-]|(?<![0-9A-Za-z])[0-9]{9,}(?![0-9A-Za-z])", "_", name)
