"""Compiled loop that writes fields: columns → records.

Everything that writes one field is in this file with the loop that uses it (see ``transcode_kernel.py``). A value is
checked before its first byte is written, so a field with a fault keeps its bytes.
"""

import functools
from typing import Any

import numba
import numpy.typing as npt
from numba import types

from chosho.codec.memory import load8, load16, store8

kernel = functools.partial(numba.njit, cache=True, nogil=True, boundscheck=False, error_model="numpy")
part = functools.partial(kernel, forceinline=True)
BYTES = types.Array(types.uint8, 1, "C", readonly=True)
CODES = types.Array(types.uint16, 1, "C", readonly=True)
PLAN = types.Array(types.int64, 2, "C", readonly=True)
I64 = types.int64
Array = npt.NDArray[Any]

# fault.Reason, and kinds and flags of plan.py, as plain numbers for the compiler.
UNMP, SOSI, DBCS, FILL, CTRL, ZDIG, ZSGN, PDIG, PSGN, BLNK, LOWV, OVFL, NEGV, MISS = range(1, 15)
HOST_TEXT, CP932_TEXT, NATIONAL, ZONED, PACKED, BINARY = range(1, 7)
SIGNED, LEADING, SEPARATE, NATIVE = 1, 2, 4, 8


@part(I64(I64, I64, I64, I64, I64, I64))
def text_size(kind: int, at: int, length: int, single: int, double: int, room: int) -> int:
    """Return the bytes a CP932 text takes in its field, or minus a reason."""
    end, size, padding, shifted = at + length, 0, 0, False
    while at < end:
        high = load8(at)
        if 0x81 <= high <= 0x9F or 0xE0 <= high <= 0xFC:
            if at + 1 >= end:
                return -DBCS
            low = load8(at + 1)
            if low < 0x40 or low == 0x7F or low > 0xFC:
                return -DBCS
            if load16(double + 2 * (high << 8 | low)) == 0:
                return -UNMP
            if kind == HOST_TEXT and not shifted:
                size += 2
                shifted = True
            size += 2
            at += 2
            padding = 2 if high == 0x81 and low == 0x40 else 0
        else:
            if kind == NATIONAL:
                return -DBCS
            if load16(single + 2 * high) == 0:
                return -CTRL if high < 0x20 or high == 0x7F else -UNMP
            shifted = False
            size += 1
            at += 1
            padding = 1 if high == 0x20 else 0
    if size > room:
        return -OVFL
    # Padding at the end of a value would be lost when the field is read again.
    return -FILL if padding == (2 if kind == NATIONAL else 1) else size


@part(types.void(I64, I64, I64, I64, I64, I64, I64, I64))
def put_text(
    kind: int, at: int, length: int, single: int, double: int, to: int, room: int, space: int
) -> None:
    """Write a checked CP932 text, with its shifts, and the padding."""
    end, limit, shifted = at + length, to + room, False
    while at < end:
        high = load8(at)
        if 0x81 <= high <= 0x9F or 0xE0 <= high <= 0xFC:
            if kind == HOST_TEXT and not shifted:
                store8(to, 0x0E)
                to += 1
                shifted = True
            code = load16(double + 2 * (high << 8 | load8(at + 1)))
            store8(to, code >> 8)
            store8(to + 1, code)
            to += 2
            at += 2
        else:
            if shifted:
                store8(to, 0x0F)
                to += 1
                shifted = False
            store8(to, load16(single + 2 * high))
            to += 1
            at += 1
    if shifted:
        store8(to, 0x0F)
        to += 1
    if kind == NATIONAL:
        while to < limit:
            store8(to, space >> 8)
            store8(to + 1, space)
            to += 2
    else:
        while to < limit:
            store8(to, space)
            to += 1


@part(types.void(I64, I64, I64, I64, I64, I64))
def put_zoned(value: int, to: int, length: int, digits: int, flags: int, zone: int) -> None:
    """Write a zoned number: C or D zone (EBCDIC), 70-79 for a negative number (ASCII)."""
    negative, size = value < 0, abs(value)
    at = to + (1 if flags & SEPARATE and flags & LEADING else 0)
    for place in range(at + digits - 1, at - 1, -1):
        store8(place, zone | size % 10)
        size //= 10
    if flags & SEPARATE:
        sign = (0x60 if negative else 0x4E) if zone == 0xF0 else (0x2D if negative else 0x2B)
        store8(to if flags & LEADING else to + length - 1, sign)
    elif flags & SIGNED:
        at = to if flags & LEADING else to + length - 1
        if zone == 0xF0:
            store8(at, (0xD0 if negative else 0xC0) | (load8(at) & 15))
        elif negative:
            store8(at, 0x70 | (load8(at) & 15))


@part(types.void(I64, I64, I64, I64))
def put_packed(value: int, to: int, length: int, flags: int) -> None:
    """Write a packed number with sign nibble C or D, F when the field has no sign."""
    size = abs(value)
    sign = (0xD if value < 0 else 0xC) if flags & SIGNED else 0xF
    store8(to + length - 1, (size % 10) << 4 | sign)
    size //= 10
    for place in range(to + length - 2, to - 1, -1):
        store8(place, (size // 10 % 10) << 4 | size % 10)
        size //= 100


@part(I64(I64, I64, I64, I64))
def put_binary(value: int, to: int, length: int, flags: int) -> int:
    """Write a two's complement number of 1 to 8 bytes."""
    bits = 8 * length - (flags & SIGNED)
    if bits < 63 and (value >> bits) != (-1 if value < 0 else 0):
        return OVFL
    for place in range(length):
        store8(to + (place if flags & NATIVE else length - 1 - place), value >> (8 * place))
    return 0


@kernel(
    I64(PLAN, CODES, CODES, I64, I64, I64, types.int64[:, ::1], types.int32[:, ::1], BYTES, types.boolean[:, ::1], I64,
        types.uint8[:, ::1], types.int64[::1])
)  # fmt: skip
def encode(
    plan: Array, singles: Array, doubles: Array, zone: int, space: int, wide_space: int, numbers: Array, offsets: Array,
    data: Array, valid: Array, keep: int, records: Array, faults: Array,
) -> int:  # fmt: skip
    """Write every field of every record; return how many faults were written.

    Column 5 of the plan is the row of ``numbers`` or ``offsets``, column 6 where the column's texts begin in ``data``, or
    the power of ten that a number must stay below. ``keep`` = 1: a field without a value keeps its bytes; 0: it is a fault.
    """
    count, single, double, lrecl = 0, singles.ctypes.data, doubles.ctypes.data, records.shape[1]
    for record in range(records.shape[0]):
        base = records.ctypes.data + record * lrecl
        for field in range(plan.shape[0]):
            kind, to, length, flags = plan[field, 0], base + plan[field, 1], plan[field, 2], plan[field, 3]
            column, reason = plan[field, 5], 0
            if not valid[field, record]:
                reason = 0 if keep else MISS
            elif kind <= NATIONAL:
                begin = offsets[column, record]
                at, size = data.ctypes.data + plan[field, 6] + begin, offsets[column, record + 1] - begin
                done = text_size(kind, at, size, single, double, length)
                reason = max(0, -done)
                if reason == 0:
                    put_text(
                        kind, at, size, single, double, to, length, wide_space if kind == NATIONAL else space
                    )
            else:
                value = numbers[column, record]
                if value < 0 and not flags & SIGNED:
                    reason = NEGV
                elif kind == BINARY:
                    reason = put_binary(value, to, length, flags)
                elif value >= plan[field, 6] or value <= -plan[field, 6]:
                    reason = OVFL
                elif kind == PACKED:
                    put_packed(value, to, length, flags)
                else:
                    put_zoned(value, to, length, plan[field, 4], flags, zone)
            if reason:
                faults[count] = record << 32 | field << 8 | reason
                count += 1
    return count
