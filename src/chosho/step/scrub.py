"""Scrubbing (伏字): no individual number (個人番号) gets into a log through an error's text.

Every run of nine or more digits, half or full width, also when blanks or hyphens group it, is replaced.
Policy numbers go the same way; a log names records by their number in the file.

>>> scrub("bad value '123456789012' at 7")
"bad value '#' at 7"
"""

import re
import traceback
from collections.abc import Mapping
from pathlib import PurePath

_RUN = re.compile(r"[0-9０-９](?:[ \-－‐　]?[0-9０-９]){8,}")

_NUMBER = re.compile(r"(?<![0-9A-Za-z０-９])[0-9０-９]{12,13}(?![0-9A-Za-z０-９])")

FRAMES = 12
"""Most places of a traceback that are told, the innermost ones."""


def scrub(text: str) -> str:
    """Return ``text`` with its long runs of digits replaced by ``#``."""
    return _RUN.sub("#", text)


def mask_numbers(fields: Mapping[str, object]) -> dict[str, object]:
    """Return a message's fields without what looks like an individual or corporate number; ids and paths stay whole.

    >>> mask_numbers({"value": "123456789012 x", "records": 123456789012})
    {'value': '# x', 'records': 123456789012}
    """
    return {
        name: _NUMBER.sub("#", value) if isinstance(value, str) else value for name, value in fields.items()
    }


def places(error: BaseException) -> str:
    """Return where an error came from, innermost last: ``s210_extract.py:31 run < rules.py:88 choose``.

    No values, no source.
    """
    frames = traceback.extract_tb(error.__traceback__)[1:][-FRAMES:]  # the first is the runner itself
    return " < ".join(f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
