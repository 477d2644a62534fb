"""Compiled loops over rows of statements (調書の行): taken out of a stream, compared item by item, voided, added up.

Rows stand end to end: row k is ``data[at[k]:at[k + 1]]``. A comma is never the second byte of a CP932 character, so items are
found by their commas alone.
"""

import functools

import numba
import numpy as np
import numpy.typing as npt
from numba import types

kernel = functools.partial(numba.njit, cache=True, nogil=True, boundscheck=False, error_model="numpy")
_N = types.int64
_BYTES = types.Array(types.uint8, 1, "C", readonly=True)
_LIST = types.Array(types.int64, 1, "C", readonly=True)
Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int64]

ITEMS = 128
"""Items of a row that the tables have room for, counted from 1."""


@kernel(_N(_BYTES, _N, _LIST, _LIST, _LIST, _N, types.uint8[::1]))
def take(
    piece: Bytes, begin: int, offsets: Numbers, lengths: Numbers, places: Numbers, first: int, out: Bytes
) -> int:
    """Copy what a piece of a stream has of the rows from ``first`` on; return the first row that it does not end.

    ``begin`` is the piece's place in the stream, ``offsets`` ascend, ``places`` say where each row goes in ``out``.
    """
    end = begin + piece.shape[0]
    row = first
    while row < offsets.shape[0]:
        low = max(offsets[row], begin)
        stop = offsets[row] + lengths[row]
        high = min(stop, end)
        to = places[row] + low - offsets[row]
        for place in range(high - low):
            out[to + place] = piece[low - begin + place]
        if stop > end:
            break
        row += 1
    return row


@kernel(types.void(_BYTES, _LIST, _BYTES, _LIST, _LIST, _LIST, types.uint8[::1], types.int64[::1]))
def compare(
    old: Bytes,
    old_at: Numbers,
    new: Bytes,
    new_at: Numbers,
    old_rows: Numbers,
    new_rows: Numbers,
    ignored: Bytes,
    out: Numbers,
) -> None:
    """Write for each pair of rows the number of the first item that differs, 0 when none does; ``ignored`` items do not count."""
    for pair in range(old_rows.shape[0]):
        a, a_end = old_at[old_rows[pair]], old_at[old_rows[pair] + 1]
        b, b_end = new_at[new_rows[pair]], new_at[new_rows[pair] + 1]
        item = 1
        out[pair] = 0
        while True:
            while a < a_end and b < b_end and old[a] == new[b] and old[a] != 0x2C:
                a += 1
                b += 1
            a_over = a >= a_end or old[a] == 0x2C
            b_over = b >= b_end or new[b] == 0x2C
            if not (a_over and b_over) and ignored[item] == 0:
                out[pair] = item
                break
            while a < a_end and old[a] != 0x2C:
                a += 1
            while b < b_end and new[b] != 0x2C:
                b += 1
            if a >= a_end or b >= b_end:
                if (a >= a_end) != (b >= b_end):
                    out[pair] = item
                break
            a += 1
            b += 1
            item = min(item + 1, ITEMS - 1)


@kernel(_N(_BYTES, _LIST, _BYTES, _LIST, types.uint8[::1], _LIST, _N, types.uint8[::1], types.int64[::1]))
def compose(
    old: Bytes,
    old_at: Numbers,
    new: Bytes,
    new_at: Numbers,
    voided: Bytes,
    rows: Numbers,
    mark: int,
    out: Bytes,
    ends: Numbers,
) -> int:
    """Copy the chosen rows in their order: a voided one from ``old`` with 1 in the item ``mark`` (訂正表示), else one from ``new``.

    Returns:
        -1, or the chosen row whose item ``mark`` is not 0, so that it is no statement that could be in force or be sent.
    """
    p = 0
    for number in range(rows.shape[0]):
        void = voided[number] == 1
        source, at = (old, old_at) if void else (new, new_at)
        item = 1
        found = False
        begin, end = at[rows[number]], at[rows[number] + 1]
        for place in range(begin, end):
            byte = source[place]
            if byte == 0x2C:
                item += 1
            elif item == mark:
                lone = source[place - 1] == 0x2C and place + 1 < end and source[place + 1] == 0x2C
                if byte != 0x30 or not lone:
                    return number
                found = True
                if void:
                    byte = np.uint8(0x31)
            out[p] = byte
            p += 1
        if not found:
            return number
        ends[number] = p
    return -1


@kernel(types.void(_BYTES, _LIST, _LIST, types.int64[:, ::1]))
def amounts(data: Bytes, at: Numbers, slots: Numbers, out: Numbers) -> None:
    """Write the yen of each row's amount items: item i goes to the column ``slots[i]`` (-1: it is no amount); empty is 0."""
    for row in range(at.shape[0] - 1):
        item = 1
        value = 0
        for place in range(at[row], at[row + 1]):
            byte = int(data[place])
            if byte == 0x2C or byte == 0x0D:
                if slots[item] >= 0:
                    out[row, slots[item]] = value
                value = 0
                item = min(item + 1, ITEMS - 1)
            elif 0x30 <= byte <= 0x39:
                value = value * 10 + byte - 0x30
