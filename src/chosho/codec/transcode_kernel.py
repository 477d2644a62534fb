"""Compiled loops that read fields: source records → work records, and records → columns.

Everything that reads one field is in this file with the two loops that use it, because numba's cache watches the file of the
compiled loop only: a reader in another file could change without the loop being compiled anew.

A text reader returns the number of bytes written, or minus a reason; a number reader returns value and reason (0 = none). Places
are addresses (``memory.py``). ``single`` and ``double`` are the reading tables of ``plan.py``: by byte, and by two bytes as
:func:`~chosho.codec.memory.load16` gives them; a double-byte entry is the code as ``store16`` takes it, its lead byte low.
"""

import functools
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from numba import types

from chosho.codec.memory import load8, load16, load64, store8, store16, store64

kernel = functools.partial(numba.njit, cache=True, nogil=True, boundscheck=False, error_model="numpy")
part = functools.partial(kernel, forceinline=True)
BYTES = types.Array(types.uint8, 1, "C", readonly=True)
CODES = types.Array(types.uint16, 1, "C", readonly=True)
PLAN = types.Array(types.int64, 2, "C", readonly=True)
NUMBERS, OFFSETS, VALID = types.int64[:, ::1], types.int32[:, ::1], types.boolean[:, ::1]
ROWS = types.Array(types.int64, 1, "C", readonly=True)
OUT, I64 = types.uint8[::1], types.int64
NUMBER = "UniTuple(int64, 2)(int64, int64, int64, int64, int64)"
Array = npt.NDArray[Any]

# fault.Reason, and kinds, flags and table values of plan.py, as plain numbers for the compiler.
UNMP, SOSI, DBCS, FILL, CTRL, ZDIG, ZSGN, PDIG, PSGN, BLNK, LOWV, OVFL, NEGV = range(1, 14)
HOST_TEXT, CP932_TEXT, NATIONAL, ZONED, PACKED, BINARY, DIGITS = range(1, 8)
SIGNED, LEADING, SEPARATE, NATIVE = 1, 2, 4, 8
TO_TEXT = 1
IS_FILL, IS_CONTROL, IS_SO, IS_SI, IS_LEAD = 1, 2, 3, 4, 5
WIDE = 0x4081  # 全角空白 8140 as store16 takes it


@part(I64(I64, I64, I64))
def trimmed(at: int, length: int, two_spaces: int) -> int:
    """Return the length without trailing pairs (or bytes, when both are the same) of spaces; the first of a pair is low."""
    eight = np.uint64(two_spaces) * np.uint64(0x0001000100010001)
    while length >= 8 and load64(at + length - 8) == eight:
        length -= 8
    if two_spaces & 255 == two_spaces >> 8:
        while length > 0 and load8(at + length - 1) == two_spaces >> 8:
            length -= 1
    else:
        while length > 1 and load16(at + length - 2) == two_spaces:
            length -= 2
    return length


@part(I64(I64, I64))
def bad_pair(high: int, low: int) -> int:
    """Return why two bytes of host text that are in no table are no character."""
    if high == 0x0E or high == 0x0F or low == 0x0E or low == 0x0F:
        return SOSI
    known = (high == 0x40 and low == 0x40) or (0x41 <= high <= 0xFE and 0x41 <= low <= 0xFE)
    return UNMP if known else DBCS


@part(I64(I64, I64))
def bad_cp932_pair(high: int, low: int) -> int:
    """Return why two bytes of CP932 that are in no table are no character."""
    lead = 0x81 <= high <= 0x9F or 0xE0 <= high <= 0xFC
    return UNMP if lead and 0x40 <= low <= 0xFC and low != 0x7F else DBCS


@part(I64(I64, I64, I64, I64, I64, I64, I64))
def host_text(at: int, length: int, single: int, double: int, strict: int, to: int, room: int) -> int:
    """Read a single-byte text with SO/SI; not strict: trailing double-byte spaces are trimmed and idle shifts are let pass."""
    end = at + trimmed(at, length, 0x4040)
    put, limit, last = to, to + room, to
    while at < end:
        code = load16(single + 2 * load8(at))
        at += 1
        if code >= 0x20:
            size = 1 + (code >> 15)
            if put + size > limit:
                if code != 0x20:
                    return -OVFL
            elif size == 1:
                store8(put, code)
            else:
                store16(put, (code & 255) << 8 | code >> 8)
            put += size
            if code != 0x20:
                last = put
            continue
        if code != IS_SO:
            return -SOSI if code == IS_SI else -CTRL if code == IS_CONTROL else -UNMP
        if strict and at < end and load8(at) == 0x0F:
            return -FILL
        while True:
            if at + 1 >= end:
                if at < end and load8(at) == 0x0F:
                    at += 1
                    break
                return -SOSI
            code = load16(double + 2 * load16(at))
            if code & 0x80 == 0:
                high = load8(at)
                if high == 0x0F:
                    at += 1
                    if strict and load8(at) == 0x0E:
                        return -FILL
                    break
                return -FILL if code == IS_FILL else -bad_pair(high, load8(at + 1))
            at += 2
            if put + 2 <= limit:
                store16(put, code)
            elif code != WIDE:
                return -OVFL
            put += 2
            if strict or code != WIDE:
                last = put
    for place in range(last, min(put, limit)):
        store8(place, 0x20)
    return last - to


@part(I64(I64, I64, I64, I64, I64, I64, I64))
def cp932_text(at: int, length: int, single: int, double: int, strict: int, to: int, room: int) -> int:
    """Read a text in CP932; not strict: trailing double-byte spaces are trimmed."""
    end = at + trimmed(at, length, 0x2020)
    put, limit, last = to, to + room, to
    while at < end:
        code = load16(single + 2 * load8(at))
        if code >= 0x20:
            at += 1
            if put < limit:
                store8(put, code)
            elif code != 0x20:
                return -OVFL
            put += 1
            if code != 0x20:
                last = put
            continue
        if code != IS_LEAD:
            return -CTRL if code == IS_CONTROL else -UNMP
        if at + 1 >= end:
            return -DBCS
        code = load16(double + 2 * load16(at))
        if code & 0x80 == 0:
            return -bad_cp932_pair(load8(at), load8(at + 1))
        at += 2
        if put + 2 <= limit:
            store16(put, code)
        elif code != WIDE:
            return -OVFL
        put += 2
        if strict or code != WIDE:
            last = put
    for place in range(last, min(put, limit)):
        store8(place, 0x20)
    return last - to


@part(I64(I64, I64, I64, I64, I64, I64))
def national(at: int, length: int, wide_space: int, double: int, to: int, room: int) -> int:
    """Read a pure double-byte text (PIC N or G) of the host or of CP932."""
    length = (trimmed(at, length, wide_space) + 1) & -2
    if length > room:
        return -OVFL
    for place in range(0, length, 2):
        code = load16(double + 2 * load16(at + place))
        if code & 0x80 == 0:
            high, low = load8(at + place), load8(at + place + 1)
            if code == IS_FILL:
                return -FILL
            return -bad_pair(high, low) if wide_space == 0x4040 else -bad_cp932_pair(high, low)
        store16(to + place, code)
    return length


@part(I64(I64, I64, I64))
def bad_number(at: int, length: int, reason: int) -> int:
    """Return why a number cannot be read: blank, low-values, or the reason given."""
    first = load8(at)
    for place in range(1, length):
        if load8(at + place) != first:
            return reason
    return BLNK if first == 0x40 or first == 0x20 else LOWV if first == 0 else reason


@part(NUMBER)
def zoned(at: int, length: int, flags: int, zone: int, strict: int) -> tuple[int, int]:
    """Read a zoned number: EBCDIC F0-F9 with sign zone C or D, ASCII 30-39 with 70-79 for a negative last digit."""
    start, count = at, length
    negative, sign_bad, sign_at = False, False, -1
    value, bad = 0, 0
    if flags & SEPARATE:
        count -= 1
        sign = load8(at if flags & LEADING else at + count)
        at += 1 if flags & LEADING else 0
        negative = sign == (0x60 if zone == 0xF0 else 0x2D)
        sign_bad = not negative and sign != (0x4E if zone == 0xF0 else 0x2B)
    elif flags & SIGNED or not strict:
        sign_at = 0 if flags & LEADING else count - 1
    for place in range(count):
        byte = load8(at + place)
        digit = byte ^ zone
        if place == sign_at:
            sign, digit = byte >> 4, byte & 15
            if zone == 0xF0:
                negative = sign == 0xD or sign == 0xB
                sign_bad = sign < 0xA or (strict != 0 and sign != 0xC and sign != 0xD)
            else:
                negative = sign == 7
                sign_bad = sign != 3 and sign != 7
        bad |= digit + 6 if digit < 16 else 16
        value = value * 10 + digit
    if bad & 16:
        return 0, bad_number(start, length, ZDIG)
    if sign_bad or (strict != 0 and negative and value == 0):
        return 0, bad_number(start, length, ZSGN)
    if negative and not flags & SIGNED and value:
        return 0, NEGV
    return (-value if negative else value), 0


@part(NUMBER)
def packed(at: int, length: int, flags: int, digits: int, strict: int) -> tuple[int, int]:
    """Read a packed number: two digits a byte, the sign in the last nibble (C and F plus, D minus)."""
    value, bad = 0, 0
    for place in range(length - 1):
        byte = load8(at + place)
        bad |= ((byte >> 4) + 6) | ((byte & 15) + 6)
        value = value * 100 + (byte >> 4) * 10 + (byte & 15)
    byte = load8(at + length - 1)
    sign = byte & 15
    bad |= (byte >> 4) + 6
    value = value * 10 + (byte >> 4)
    if bad & 16 or (digits & 1 == 0 and load8(at) >> 4):
        return 0, bad_number(at, length, PDIG)
    negative, good = sign == 0xD or sign == 0xB, sign >= 0xA
    if strict:
        good = (sign == 0xC or (sign == 0xD and value != 0)) if flags & SIGNED else sign == 0xF
    if not good:
        return 0, bad_number(at, length, PSGN)
    if negative and not flags & SIGNED and value:
        return 0, NEGV
    return (-value if negative else value), 0


@part("UniTuple(int64, 2)(int64, int64, int64)")
def binary(at: int, length: int, flags: int) -> tuple[int, int]:
    """Read a two's complement number of 1 to 8 bytes, big-endian (COMP) or little-endian (COMP-5)."""
    value = 0
    for place in range(length):
        value = value << 8 | load8(at + (length - 1 - place if flags & NATIVE else place))
    if flags & SIGNED:
        above = 64 - 8 * length
        value = value << above >> above
    elif value < 0:
        return 0, OVFL
    return value, 0


@part(I64(I64, I64, I64))
def put_digits(value: int, to: int, length: int) -> int:
    """Write a number as ASCII digits, zeros in front; return a reason or 0."""
    if value < 0:
        return NEGV
    for place in range(to + length - 1, to - 1, -1):
        rest = value // 10
        store8(place, 48 + value - rest * 10)
        value = rest
    return OVFL if value else 0


@part(I64(I64, I64, I64, I64))
def put_binary(value: int, to: int, length: int, flags: int) -> int:
    """Write a number in two's complement, little-endian; return a reason or 0."""
    if value < 0 and not flags & SIGNED:
        return NEGV
    bits = 8 * length - (flags & SIGNED)
    if bits < 63 and (value >> bits) != (-1 if value < 0 else 0):
        return OVFL
    if length == 8:
        store64(to, np.uint64(value))
    else:
        for place in range(length):
            store8(to + place, value >> (8 * place))
    return 0


@part(I64(I64, I64, I64, I64, I64))
def copy_digits(at: int, length: int, zone: int, to: int, room: int) -> int:
    """Copy an unsigned zoned number into a text that is not shorter; return whether a byte is no digit."""
    for place in range(room - length):
        store8(to + place, 48)
    to += room - length
    bad = 0
    for place in range(length):
        digit = load8(at + place) ^ zone
        bad |= digit | (digit + 6)
        store8(to + place, 48 | digit)
    return bad & 0xF0


@part(types.void(I64, I64, I64))
def copy(at: int, to: int, length: int) -> None:
    """Copy bytes."""
    place = 0
    while place + 8 <= length:
        store64(to + place, load64(at + place))
        place += 8
    while place < length:
        store8(to + place, load8(at + place))
        place += 1


@part(I64(I64, I64, I64, I64, I64, I64, I64, I64, I64))
def text(
    kind: int, at: int, length: int, single: int, double: int, wide: int, strict: int, to: int, room: int
) -> int:
    """Read a text of any kind."""
    if kind == NATIONAL:
        return national(at, length, wide, double, to, room)
    if kind == HOST_TEXT:
        return host_text(at, length, single, double, strict, to, room)
    return cp932_text(at, length, single, double, strict, to, room)


@part("UniTuple(int64, 2)(int64, int64, int64, int64, int64, int64, int64)")
def number(
    kind: int, at: int, length: int, flags: int, digits: int, zone: int, strict: int
) -> tuple[int, int]:
    """Read a number of any kind."""
    if kind == PACKED:
        return packed(at, length, flags, digits, strict)
    if kind == BINARY:
        return binary(at, length, flags)
    return zoned(at, length, flags, zone, strict)


@kernel(I64(BYTES, I64, ROWS, PLAN, CODES, CODES, I64, I64, BYTES, OUT, types.int64[::1]))
def transcode(
    source: Array, lrecl: int, rows: Array, plan: Array, singles: Array, doubles: Array, zone: int, wide_space: int,
    template: Array, target: Array, faults: Array,
) -> int:  # fmt: skip
    """Write one work record per row of ``rows``; return how many faults were written."""
    width, count, start = template.shape[0], 0, target.ctypes.data
    single, double, empty = singles.ctypes.data, doubles.ctypes.data, template.ctypes.data
    for record in range(rows.shape[0]):
        base, to = source.ctypes.data + rows[record] * lrecl, start + record * width
        copy(empty, to, width)
        for move in range(plan.shape[0]):
            kind, at, length, flags = plan[move, 0], base + plan[move, 1], plan[move, 2], plan[move, 3]
            put, room, reason = to + plan[move, 6], plan[move, 7], 0
            if kind <= NATIONAL:
                reason = max(0, -text(kind, at, length, single, double, wide_space, 0, put, room))
            elif kind != DIGITS or copy_digits(at, length, zone, put, room):
                value, reason = number(kind, at, length, flags, plan[move, 4], zone, 0)
                if reason == 0 and plan[move, 5] == TO_TEXT:
                    reason = put_digits(value, put, room)
                elif reason == 0:
                    reason = put_binary(value, put, room, plan[move, 8])
            if reason:
                copy(empty + plan[move, 6], put, room)
                faults[count] = rows[record] << 32 | move << 8 | reason
                count += 1
    return count


@kernel(I64(BYTES, I64, I64, PLAN, CODES, CODES, I64, I64, NUMBERS, OFFSETS, OUT, VALID, types.int64[::1]))
def decode(
    source: Array, lrecl: int, records: int, plan: Array, singles: Array, doubles: Array, zone: int, wide_space: int,
    numbers: Array, offsets: Array, data: Array, valid: Array, faults: Array,
) -> int:  # fmt: skip
    """Write numbers and texts by column, strictly; return how many faults were written.

    Column 5 of the plan is the row of ``numbers`` or ``offsets``, column 6 where the column's texts begin in ``data``.
    """
    count, single, double = 0, singles.ctypes.data, doubles.ctypes.data
    for record in range(records):
        base = source.ctypes.data + record * lrecl
        for field in range(plan.shape[0]):
            kind, at, length, flags = plan[field, 0], base + plan[field, 1], plan[field, 2], plan[field, 3]
            column, reason = plan[field, 5], 0
            if kind <= NATIONAL:
                put = data.ctypes.data + plan[field, 6] + offsets[column, record]
                size = text(kind, at, length, single, double, wide_space, 1, put, length)
                reason = max(0, -size)
                offsets[column, record + 1] = offsets[column, record] + max(size, 0)
            else:
                value, reason = number(kind, at, length, flags, plan[field, 4], zone, 1)
                numbers[column, record] = value
            valid[field, record] = reason == 0
            if reason:
                faults[count] = record << 32 | field << 8 | reason
                count += 1
    return count
