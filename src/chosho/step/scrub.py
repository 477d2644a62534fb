"""Scrubbing (伏字): no individual number (個人番号) gets into a log through an error's text.

Every run of nine or more digits, half or full width, also when blanks or hyphens group it, is replaced.
Policy numbers go the same way; a log names records by their number in the file.

>>> scrub("bad value '123456789012' at 7")
"bad value '#' at 7"
"""

import re
import traceback
from pathlib import PurePath

_RUN = re.compile(r"[0-9０-９](?:[ \-－‐　]?[0-9０-９]){8,}")

FRAMES = 12
"""Most places of a traceback that are told, the innermost ones."""


def scrub(text: str) -> str:
    """Return ``text`` with its long runs of digits replaced by ``#``."""
    return _RUN.sub("#", text)


def places(error: BaseException) -> str:
    """Return where an error came from, innermost last: ``s210_extract.py:31 run < rules.py:88 choose``.

    No values, no source.
    """
    frames = traceback.extract_tb(error.__traceback__)[1:][-FRAMES:]  # the first is the runner itself
    return " < ".join(f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
