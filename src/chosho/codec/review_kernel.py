"""The loops that look through built rows for texts that a person should see (文字審査).

A row is cells between commas, ended by CR LF; a comma is never the second byte of a CP932 pair. Cells of text hold pairs only.
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
_CODES = types.Array(types.uint16, 1, "C", readonly=True)
_PATTERNS = types.Array(types.uint16, 2, "C", readonly=True)
Numbers = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

NOTHING, ADDRESS, NAME = 0, 1, 2
"""What an item is looked at as."""
POSTAL, SIGN, SPACES, TITLE, COMPANY = 1, 2, 4, 8, 16
"""Bits of a finding: postal code · sign · more than one space · title · company form without brackets."""


@kernel(types.boolean(_BYTES, _N, _N, _PATTERNS, _N))
def _stands(data: Bytes, place: int, end: int, patterns: npt.NDArray[np.uint16], row: int) -> bool:
    """Return whether a pattern stands at a place, whole, before the end of the cell."""
    for number in range(patterns.shape[1]):
        code = patterns[row, number]
        if code == 0:
            return True
        at = place + 2 * number
        if at + 2 > end or (np.uint16(data[at]) << 8 | data[at + 1]) != code:
            return False
    return True


@kernel(_N(_BYTES, _N, _N))
def _postal(data: Bytes, begin: int, end: int) -> int:
    """Return :data:`POSTAL` when a cell begins with three digits, a hyphen, four digits."""
    if end - begin < 16:
        return 0
    for number in range(8):
        one = np.uint16(data[begin + 2 * number]) << 8 | data[begin + 2 * number + 1]
        if number == 3:
            if one != 0x817C and one != 0x815D:
                return 0
        elif one < 0x824F or one > 0x8258:
            return 0
    return POSTAL


@kernel(_N(_BYTES, _LIST, _LIST, types.uint8[::1], _CODES, _PATTERNS, _PATTERNS, types.int64[:, ::1]))
def look(
    data: Bytes,
    starts: Numbers,
    lengths: Numbers,
    items: Bytes,
    signs: npt.NDArray[np.uint16],
    titles: npt.NDArray[np.uint16],
    companies: npt.NDArray[np.uint16],
    found: Numbers,
) -> int:
    """Look at the addresses and names of rows.

    Args:
        data: the rows.
        starts: where each begins.
        lengths: how many bytes each has, its CR LF among them.
        items: what each item is looked at as, one byte per item.
        signs: the codes of row 1 and 2 that may stand in an address, lead byte high.
        titles: titles, as patterns: codes, the rest 0.
        companies: company forms, as patterns.
        found: int64[rows * items, 3], receives (row, item number, bits).

    Returns:
        the number of findings.
    """
    count = 0
    for row in range(starts.shape[0]):
        end_of_row = starts[row] + lengths[row] - 2
        item = 0
        begin = starts[row]
        while begin <= end_of_row and item < items.shape[0]:
            end = begin
            while end < end_of_row and data[end] != 0x2C:
                end += 1
            bits = 0
            if items[item] != NOTHING and end > begin:
                if items[item] == ADDRESS:
                    bits = _postal(data, begin, end)
                spaces = 0
                for place in range(begin, end - 1, 2):
                    code = np.uint16(data[place]) << 8 | data[place + 1]
                    if items[item] == ADDRESS:
                        if code == 0x81A7:
                            bits |= POSTAL
                        elif (code >> 8) == 0x81:
                            allowed = False
                            for one in signs:
                                allowed |= bool(one == code)
                            if not allowed:
                                bits |= SIGN
                        continue
                    if code == 0x8140:
                        spaces += 1
                        if spaces > 1:
                            bits |= SPACES
                    for one in range(companies.shape[0]):
                        if companies[one, 0] == code and _stands(data, place, end, companies, one):
                            bits |= COMPANY
                    for one in range(titles.shape[0]):
                        if titles[one, 0] == code and _stands(data, place, end, titles, one):
                            size = 0
                            while size < titles.shape[1] and titles[one, size] != 0:
                                size += 1
                            if place > begin and place + 2 * size == end:
                                bits |= TITLE
            if bits != 0:
                found[count, 0], found[count, 1], found[count, 2] = row, item + 1, bits
                count += 1
            item += 1
            begin = end + 1
    return count


@kernel(types.boolean(_BYTES, _LIST, _LIST, _LIST, _LIST, types.uint8[:, ::1], _N, _N))
def cells(
    data: Bytes,
    starts: Numbers,
    lengths: Numbers,
    rows: Numbers,
    items: Numbers,
    out: Bytes,
    offset: int,
    width: int,
) -> bool:
    """Copy cells into a field of records: item ``items[k]`` (from 1) of row ``rows[k]`` into record k.

    Returns:
        whether every row has its item and every cell fits.
    """
    for record in range(rows.shape[0]):
        row = rows[record]
        end_of_row = starts[row] + lengths[row] - 2
        begin = starts[row]
        item = 1
        while item < items[record] and begin < end_of_row:
            if data[begin] == 0x2C:
                item += 1
            begin += 1
        if item != items[record]:
            return False
        size = 0
        while begin + size < end_of_row and data[begin + size] != 0x2C:
            if size == width:
                return False
            out[record, offset + size] = data[begin + size]
            size += 1
    return True
