"""The kernel that reads a summary's figures out of statement rows (合計表の計数): rows of a file in, numbers per row out.

It shares nothing with the kernels that compose and check rows. The rows must have passed the check: an item of digits holds digits.
"""

import functools
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from numba import types

R_NONE, R_VOID, R_OVERSEAS, R_PERSON, R_CAUSE, R_YEAR = 0, -1, -2, -3, -4, -5
"""What an item is to the summary; from 1 on: the sum (slot) that its yen go into."""

FNV_START = 0xCBF29CE484222325
FNV_STEP = 0x100000001B3

kernel = functools.partial(numba.njit, cache=True, nogil=True, boundscheck=False, error_model="numpy")
_IN = types.Array(types.uint8, 1, "C", readonly=True)
Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[Any]


@kernel(
    types.int64(
        _IN,
        types.int32[::1],
        types.int64[:, ::1],
        types.uint8[:, ::1],
        types.uint64[:, ::1],
    )
)
def figures(rows: Bytes, roles: Numbers, sums: Numbers, marks: Numbers, words: Numbers) -> int:
    """Read whole rows; return how many.

    Args:
        rows: rows, each ended by LF.
        roles: role of each item, by its number less one.
        sums: yen by row and slot, zero before.
        marks: by row: 訂正表示, 国外住所表示 of the payee and the two digits of the 年分 as they stand, ASCII.
        words: by row: FNV-1a of the payee's items, and of the cause's text.
    """
    items = len(roles)
    start = np.uint64(FNV_START)
    step = np.uint64(FNV_STEP)
    row = 0
    item = 0
    value = 0
    person = start
    cause = start
    for place in range(len(rows)):
        byte = rows[place]
        if byte == 44 or byte == 10:
            role = roles[item] if item < items else 0
            if role > 0:
                sums[row, role - 1] += value
            elif role == R_PERSON:
                # The comma ends the item, so that "ab" + "c" and "a" + "bc" are two persons.
                person = (person ^ np.uint64(44)) * step
            value = 0
            item += 1
            if byte == 10:
                words[row, 0] = person
                words[row, 1] = cause
                row += 1
                item = 0
                person = start
                cause = start
        elif item < items:
            role = roles[item]
            if role > 0:
                if 48 <= byte <= 57:
                    value = value * 10 + byte - 48
            elif role == R_VOID:
                marks[row, 0] = byte
            elif role == R_OVERSEAS:
                marks[row, 1] = byte
            elif role == R_PERSON:
                person = (person ^ np.uint64(byte)) * step
            elif role == R_YEAR:
                marks[row, 2] = marks[row, 3]
                marks[row, 3] = byte
            elif role == R_CAUSE:
                cause = (cause ^ np.uint64(byte)) * step
    return row
