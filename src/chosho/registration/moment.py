"""Moments (日時): days and times in records, as ASCII digits, checked in bulk."""

import numpy as np
import numpy.typing as npt

from chosho import era
from chosho.codec import rows
from chosho.codec.batch import Block

Days = npt.NDArray[np.int64]
"""Days as numbers yyyymmdd; :data:`NONE` is none."""
NONE = 0
_DAY = 8
_LIMITS = (24, 60, 60)
"""Hours, minutes and seconds stay below these."""


def days(text: Block) -> Days:
    """Return the days of eight digits each (uint8[n, 8]); :data:`NONE` for what is no day of the calendar."""
    number = _number(text)
    good = rows.all_in(text, rows.DIGITS) & era.valid_dates(number)
    return np.where(good, number, NONE)


def days_of_times(text: Block) -> Days:
    """Return the days of times yyyymmddhhmmss (uint8[n, 14]); :data:`NONE` for what is no time."""
    day = days(text[:, :_DAY])
    good = rows.all_in(text, rows.DIGITS)
    for place, limit in enumerate(_LIMITS):
        start = _DAY + 2 * place
        good &= _number(text[:, start : start + 2]) < limit
    return np.where(good, day, NONE)


def _number(text: Block) -> Days:
    """Return ASCII digits as numbers; without meaning for other bytes."""
    weights = 10 ** np.arange(text.shape[1] - 1, -1, -1, dtype=np.int64)
    number: Days = (text.astype(np.int64) - ord("0")) @ weights
    return number
