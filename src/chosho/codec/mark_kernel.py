"""The kernel that marks statement rows (支払調書の照合値): 64 bits that stand for a row's content, for finding equal ones.

It cuts rows at their commas and judges nothing; rules about several records compare the marks. A comma is never part of a
Shift_JIS character. Places in the bytes are addresses (``memory.py``).
"""

import functools
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from numba import types

from chosho.codec.memory import load8, load64

CONTENT, SAME, WHO, CORRECTION = range(4)
"""Columns of the marks of a record: its content without 訂正表示 · what makes it the same statement · whose and which event ·
訂正表示 0 or 1, -1 when the record cannot be compared."""
MARKS = 4
IN_CORRECTION, IN_CONTENT, IN_SAME, IN_WHO = -1, 0, 1, 2
"""Which marks an item goes into: none, it is 訂正表示 itself · the content · also what makes it the same statement · all."""

_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)

kernel = functools.partial(numba.njit, cache=True, nogil=True, boundscheck=False, error_model="numpy")
part = functools.partial(kernel, forceinline=True)
_N = types.int64
Numbers = npt.NDArray[Any]


@part(types.uint64(_N, _N))
def digest(start: int, end: int) -> np.uint64:
    """Return 64 bits that stand for the bytes; 7 more may be read behind them."""
    bits = np.uint64(end - start) * _MIX
    p = start
    while p < end:
        word = load64(p)
        left = end - p
        if left < 8:
            word &= (np.uint64(1) << np.uint64(8 * left)) - np.uint64(1)
        bits = (bits ^ word) * _MIX
        bits ^= bits >> _SHIFT
        p += 8
    return bits


@part(types.uint64(types.uint64, types.uint64))
def _mixed(bits: np.uint64, more: np.uint64) -> np.uint64:
    """Return 64 bits that stand for both, in this order."""
    bits = (bits ^ more) * _MIX
    return bits ^ bits >> _SHIFT


@kernel(types.void(_N, _N, types.int64[::1], types.int64[:, ::1]))
def mark(start: int, end: int, use: Numbers, marks: Numbers) -> None:
    """Mark whole rows.

    Args:
        start: address of the rows.
        end: address behind them; the byte before it is LF, and 8 more bytes may be read behind it.
        use: int64[items], which marks each item goes into.
        marks: int64[records, 4], receives the marks.
    """
    p = start
    row = 0
    items = use.shape[0]
    while p < end:
        content = same = who = np.uint64(1)
        correction = -1
        number = 0
        while True:
            begin = p
            while load8(p) != 0x2C and load8(p) != 0x0A:
                p += 1
            last = load8(p) == 0x0A
            stop = p - 1 if last and p > begin and load8(p - 1) == 0x0D else p
            if number < items:
                if use[number] == IN_CORRECTION:
                    if stop == begin + 1 and 0x30 <= load8(begin) <= 0x31:
                        correction = load8(begin) - 48
                else:
                    bits = digest(begin, stop)
                    content = _mixed(content, bits)
                    if use[number] >= IN_SAME:
                        same = _mixed(same, bits)
                    if use[number] == IN_WHO:
                        who = _mixed(who, bits)
            number += 1
            p += 1
            if last:
                break
        marks[row, CONTENT] = np.int64(content)
        marks[row, SAME] = np.int64(same)
        marks[row, WHO] = np.int64(who)
        marks[row, CORRECTION] = correction if number == items else -1
        row += 1
