"""Days (年月日) in bulk: whether a number yyyymmdd is a day that can stand on a statement, and its three items there.

>>> import numpy as np
>>> era_items(np.array([20190430, 20190501])).tobytes()
b'310430010501'
"""

import functools

import numpy as np
import numpy.typing as npt

from chosho import era
from chosho.codec.batch import Block
from chosho.errors import InputRefused
from chosho.extract.column import Mask, Numbers

NONE = 0
"""The number that stands for no day."""
ITEMS = 6
"""Bytes of the three items 年, 月, 日."""
_LAST_YEAR = 2099
"""A later year in a source record is a slip of the pen."""
_YEAR_ROWS = 1232
"""Rows of a year in the table of days: one for each mmdd, from 0000 to 1231."""
_FIRST_YEAR = era.ERAS[0].first_day // 10_000


def valid(days: Numbers) -> Mask:
    """Return which numbers yyyymmdd are days of the calendar, in an era of the table and before the year 2100."""
    return _table()[0][_rows(days)]


def era_items(days: Numbers) -> Block:
    """Return the statement items 年, 月, 日 of valid days.

    Args:
        days: int64[n], yyyymmdd, or :data:`NONE`.

    Returns:
        uint8[n, 6]: era year, month, day, two digits each; spaces for :data:`NONE`.
    """
    return _table()[1][_rows(days)]


def parameter(text: str) -> int:
    """Return the day yyyymmdd that a deck's parameter names.

    Raises:
        InputRefused: it is no day (CHSR014E).
    """
    if not (len(text) == len("yyyymmdd") and text.isascii() and text.isdigit()) or not valid(
        np.array([int(text)])
    ):
        raise InputRefused("CHSR014E", day=text)
    return int(text)


def from_text(text: Block) -> Numbers:
    """Return eight ASCII digits per record (uint8[n, 8]) as numbers yyyymmdd; without meaning for other bytes."""
    # Digits are joined to pairs, pairs to fours, fours to eights, all records at once: the first digit is the lowest byte.
    value = text.view("<u8")[:, 0] & np.uint64(0x0F0F0F0F0F0F0F0F)
    value = (value * np.uint64(10) + (value >> np.uint64(8))) & np.uint64(0x00FF00FF00FF00FF)
    value = (value * np.uint64(100) + (value >> np.uint64(16))) & np.uint64(0x0000FFFF0000FFFF)
    value = (value * np.uint64(10_000) + (value >> np.uint64(32))) & np.uint64(0xFFFFFFFF)
    return value.astype(np.int64)


def _rows(days: Numbers) -> Numbers:
    """Return the row of each number in the table of days; row 0 for what is no day of its years."""
    years, rest = np.divmod(days, 10_000)
    rows = (years - _FIRST_YEAR) * _YEAR_ROWS + rest
    return np.where((years >= _FIRST_YEAR) & (years <= _LAST_YEAR) & (rest < _YEAR_ROWS), rows, 0)


@functools.cache
def _table() -> tuple[Mask, npt.NDArray[np.uint8]]:
    """Return for every mmdd of every year whether it is a day, and its items; row 0 is no day."""
    years = np.arange(_FIRST_YEAR, _LAST_YEAR + 1, dtype=np.int64)
    days = (years[:, None] * 10_000 + np.arange(_YEAR_ROWS)).reshape(-1)
    there = era.valid_dates(days) & (days >= era.ERAS[0].first_day)
    days[~there] = NONE
    items = np.empty((len(days), ITEMS), np.uint8)
    items[:, :2] = era.two_digits_block(days)
    for place, value in ((2, days // 100 % 100), (4, days % 100)):
        items[:, place], items[:, place + 1] = value // 10 + ord("0"), value % 10 + ord("0")
    items[~there] = ord(" ")
    return there, items
