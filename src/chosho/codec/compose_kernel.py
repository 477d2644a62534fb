"""The kernel that composes statement rows (支払調書の行の組立て): fixed records in, comma-separated CP932 rows out, table driven.

The item table says, row by row, what to do (the columns are the ``C_`` constants, the operations ``OP_``). Text is made writable
in the same pass (the classes are those of ``statement/text_table.py``); what was changed comes out as events
(statement, item, bits); nothing is raised, a value that does not fit its item leaves it empty with :data:`UNFIT`.

Records, text tables and rows are addresses (``memory.py``). Every part of the kernel stands in this file, for numba's cache.
"""

import functools
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from numba import types

from chosho.codec.memory import load8, load16, load64, store8, store16, store64

OP_EMPTY, OP_TOKEN, OP_DIGITS, OP_TEXT, OP_AMOUNT, OP_COUNT, OP_RATIO_RIGHT, OP_NUMBER, OP_INDIVIDUAL = range(
    9
)
"""Nothing · letters, digits, ``-()`` · digits · full-width text · yen · number without leading zeros · decimals pushed right ·
13 digits · 13 digits that start with 0."""

(
    C_OP,
    C_MATCH,
    C_OFFSET,
    C_LENGTH,
    C_LIMIT,
    C_FIXED,
    C_KANA,
    C_KANA_LENGTH,
    C_WHEN,
    C_WHEN_VALUE,
    C_ELSE,
    C_SLOT,
    C_SUM,
) = range(13)
"""Columns of the item table: operation · 1 = from the match record · offset and length of the field · most characters ·
1 = exactly so many · offset and length of the kana field (-1 none) · offset of the condition (-1 none), its byte, and the byte
written when it does not hold (0 none) · slot of the amount · 1 = added up."""
COLUMNS = 13

WIDENED, FOLDED, KANA, GETA, CUT, SQUEEZED, MISPLACED, UNFIT = 1, 2, 4, 8, 16, 32, 64, 128
"""Bits of an event: half to full width · folded · whole name in kana · 〓 · cut · spaces squeezed · a corporate number where only
an individual one may stand · the value does not fit the item."""
_NOT_WRITABLE = 256
_MOST = 9_999_999_999  # the largest amount of ten digits
_GETA_MARK = 0xAC81  # 〓 and the full-width space, lead byte low
_WIDE_SPACE = 0x4081
_SPACES = np.uint64(0x2020202020202020)

kernel = functools.partial(numba.njit, cache=True, nogil=True, boundscheck=False, error_model="numpy")
part = functools.partial(kernel, forceinline=True)
_LIST = types.Array(types.int64, 1, "C", readonly=True)
_ITEMS = types.Array(types.int32, 2, "C", readonly=True)
_N = types.int64
_tuple_of: Any = types.UniTuple
_TWO = _tuple_of(types.int64, 2)
Numbers = npt.NDArray[Any]


@part(types.boolean(_N, _N, _N))
def _same(one: int, other: int, length: int) -> bool:
    different = np.uint64(0)
    place = 0
    while place + 8 <= length:
        different |= load64(one + place) ^ load64(other + place)
        place += 8
    while place < length:
        different |= np.uint64(load8(one + place) ^ load8(other + place))
        place += 1
    return bool(different == 0)


@part(_N(_N, _N))
def _trimmed(start: int, end: int) -> int:
    """Return the end of the text without the spaces behind it."""
    while end - start >= 8 and load64(end - 8) == _SPACES:
        end -= 8
    while end > start and load8(end - 1) == 0x20:
        end -= 1
    return end


@kernel(_TWO(_N, _N, _N, _N, types.boolean, _N, _N, _N, _N))
def _put_text(
    out: int, start: int, length: int, limit: int, geta: bool, kind: int, wide: int, fold_at: int, fold: int
) -> tuple[int, int]:
    """Write one text in full-width JIS X 0208, at most ``limit`` characters; return the end and the bits.

    Without ``geta`` the first character that cannot be written ends the work with ``_NOT_WRITABLE``.
    """
    end = _trimmed(start, start + length)
    i = start
    p = out
    bits = 0
    last = out + 2 * limit
    pending = 0  # bits that the spaces before the next character bring, + 1024 when there is a space to write
    while i < end:
        if pending == 0:  # the usual case: a run of writable pairs, four at a time
            stop = min(end, i + last - p)
            while i + 8 <= stop:
                word = load64(i)
                low, high = np.int64(word & np.uint64(0xFFFFFFFF)), np.int64(word >> np.uint64(32))
                odd = load8(kind + (low & 0xFFFF)) | load8(kind + (low >> 16))
                if odd | load8(kind + (high & 0xFFFF)) | load8(kind + (high >> 16)):
                    break
                store64(p, word)
                i += 8
                p += 8
            while i + 2 <= stop and load8(kind + load16(i)) == 0:
                store16(p, load16(i))
                i += 2
                p += 2
            if i >= end:
                break
        pair = load16(i) if i + 1 < end else load8(i)
        what = load8(kind + pair)
        if what in (1, 6):
            if pending != 0 or p == out:
                pending |= SQUEEZED
            elif what == 6:
                pending |= WIDENED
            if p > out:
                pending |= 1024
            i += 1 if what == 6 else 2
            continue
        if what in (3, 5) and not geta:
            return p, bits | _NOT_WRITABLE
        if pending != 0:
            if pending & 1024:
                if p + 2 >= last:
                    bits |= CUT
                    break
                store16(p, _WIDE_SPACE)
                p += 2
            bits |= pending & 1023
            pending = 0
        if p >= last:
            bits |= CUT
            break
        if what == 0:
            store16(p, pair)
            p += 2
            i += 2
        elif what == 4:
            lead, trail = pair & 0xFF, pair >> 8
            code = load16(wide + 2 * lead)
            i += 1
            joined = 0
            if trail == 0xDE:
                joined = load16(wide + 2 * (256 + lead))
            elif trail == 0xDF:
                joined = load16(wide + 2 * (512 + lead))
            if joined != 0:
                code = joined
                i += 1
            store16(p, code)
            p += 2
            bits |= WIDENED
        elif what == 2:
            at = fold + load16(fold_at + 2 * pair)
            bits |= FOLDED
            for one in range(load8(at)):
                if p >= last:
                    bits |= CUT
                    break
                store16(p, load16(at + 1 + 2 * one))
                p += 2
            i += 2
        else:
            store16(p, _GETA_MARK)
            p += 2
            bits |= GETA
            i += 2 if what == 3 else 1
    return p, bits


@part(_N(_N, _N))
def _put_amount(p: int, value: int) -> int:
    digits = 1
    power = 10
    while power <= value:
        digits += 1
        power *= 10
    rest = np.uint64(value)
    for place in range(digits - 1, -1, -1):
        lower = rest // np.uint64(10)
        store8(p + place, np.int64(np.uint64(48) + rest - lower * np.uint64(10)))
        rest = lower
    return p + digits


@part(_TWO(_N, _N, _N, _N, _N, types.boolean))
def _put_half(p: int, start: int, length: int, op: int, limit: int, fixed: bool) -> tuple[int, int]:
    """Write one half-width value, trimmed; return the end and the bits. A value that does not fit is not written."""
    end = _trimmed(start, start + length)
    while end > start and load8(start) == 0x20:
        start += 1
    if end == start:
        return p, 0
    for place in range(start, end):
        one = load8(place)
        digit = 0x30 <= one <= 0x39
        letter = 0x41 <= one <= 0x5A or 0x61 <= one <= 0x7A or 0x28 <= one <= 0x29 or one == 0x2D
        if not (digit or (op == OP_TOKEN and letter)):
            return p, UNFIT
    if op == OP_COUNT:
        while end - start > 1 and load8(start) == 0x30:
            start += 1
    if op == OP_INDIVIDUAL and end - start == limit and load8(start) != 0x30:
        return p, MISPLACED
    length = end - start
    if length > limit or (fixed and length != limit):
        return p, UNFIT
    if op == OP_RATIO_RIGHT:
        while end - start > 1 and load8(end - 1) == 0x30:
            end -= 1
        for _ in range(length - (end - start)):
            store8(p, 0x30)
            p += 1
    for place in range(start, end):
        store8(p, load8(place))
        p += 1
    return p, 0


@kernel(
    _TWO(
        *(_N, _N, _N, _N, _LIST, _LIST, _ITEMS, _N, _N, _N, types.boolean, types.boolean, _N, _N, _N, _N, _N),
        *(types.int64[::1], _N, _LIST, _N, types.int32[:, ::1]),
    )
)
def compose(
    left: int,
    left_length: int,
    right: int,
    right_length: int,
    members: Numbers,
    starts: Numbers,
    items: Numbers,
    cached: int,
    cache_start: int,
    cache_length: int,
    zero_empty: bool,
    last_space: bool,
    kind: int,
    wide: int,
    fold_at: int,
    fold: int,
    out: int,
    ends: Numbers,
    entries: int,
    places: Numbers,
    main_slot: int,
    events: Numbers,
) -> tuple[int, int]:
    """Compose one row per statement.

    Args:
        left: address of the payment records, end to end.
        left_length: bytes of a payment record.
        right: address of the match records, row for row beside the payments.
        right_length: bytes of a match record.
        members: the payments of all statements, statement by statement.
        starts: statement k is made of the payments ``members[starts[k]:starts[k + 1]]``, its texts from the first.
        items: the item table, one row per item, :data:`COLUMNS` columns.
        cached: the first so many items depend on the next two arguments' bytes of the payment alone; when they are those of
            the statement before, the finished items are copied.
        cache_start: the first of those bytes.
        cache_length: how many they are.
        zero_empty: an amount of 0 is written as an empty item.
        last_space: an empty last item is written as a space.
        kind: address of the classes of CP932 codes, see ``statement/text_table.py``.
        wide: address of the full-width codes of single bytes.
        fold_at: address of the places of replacements in ``fold``.
        fold: address of the replacements.
        out: address that receives the rows; must hold the longest row for every statement, and 8 bytes more.
        ends: int64[statements], receives the end of each row in ``out``.
        entries: address that receives key, row length, payments and yen of each statement; see ``statement/entry.py``.
        places: where in an entry.
        main_slot: slot of the main amount.
        events: int32[statements * items, 3], receives (statement, item number, bits).

    Returns:
        the bytes written and the number of events.
    """
    p = out
    noted = 0
    last = items.shape[0] - 1
    cached_from = -1
    cached_bytes = 0
    cached_record = -1
    for k in range(starts.shape[0] - 1):
        record = left + members[starts[k]] * left_length
        beside = right + members[starts[k]] * right_length
        first = 0
        entry = entries + k * places[0]
        row = p
        noted_before = noted
        if cached_from >= 0 and _same(cached_record + cache_start, record + cache_start, cache_length):
            for place in range(
                0, cached_bytes, 8
            ):  # the last word may overshoot; what follows is written over it
                store64(p + place, load64(cached_from + place))
            p += cached_bytes
            first = cached
        for number in range(first, items.shape[0]):
            op = items[number, C_OP]
            limit = items[number, C_LIMIT]
            length = items[number, C_LENGTH]
            offset = items[number, C_OFFSET]
            bits = 0
            begin = p
            holds = True
            if (
                items[number, C_WHEN] >= 0
                and load8(record + items[number, C_WHEN]) != items[number, C_WHEN_VALUE]
            ):
                holds = False
                if items[number, C_ELSE] != 0:
                    store8(p, items[number, C_ELSE])
                    p += 1
            if op == OP_AMOUNT:
                value: Any = 0
                if holds:
                    value = np.int64(load64(record + offset))
                    unfit = bool(value < 0 or value > _MOST)
                    if items[number, C_SUM] == 1:
                        for other in range(starts[k] + 1, starts[k + 1]):
                            more = np.int64(load64(left + members[other] * left_length + offset))
                            unfit = bool(unfit or more < 0 or more > _MOST)
                            if not unfit:
                                value += more
                                unfit = value > _MOST
                    if unfit:
                        bits = UNFIT
                        value = 0
                    elif value != 0 or not zero_empty:
                        p = _put_amount(p, value)
                store64(entry + places[5] + 8 * items[number, C_SLOT], np.uint64(value))
            elif op == OP_EMPTY or not holds:
                pass
            elif op == OP_TEXT:
                start = record + offset
                kana = items[number, C_KANA]
                p, bits = _put_text(begin, start, length, limit, kana < 0, kind, wide, fold_at, fold)
                if bits & _NOT_WRITABLE or (p == begin and kana >= 0):  # or a name that is held in kana only
                    kana_length = items[number, C_KANA_LENGTH]
                    p, bits = _put_text(
                        begin, record + kana, kana_length, limit, False, kind, wide, fold_at, fold
                    )
                    if bits & _NOT_WRITABLE or p == begin:
                        p, bits = _put_text(begin, start, length, limit, True, kind, wide, fold_at, fold)
                    else:
                        bits = KANA | (bits & CUT)
            else:
                start = beside if items[number, C_MATCH] == 1 else record
                p, bits = _put_half(p, start + offset, length, op, limit, items[number, C_FIXED] == 1)
            if bits != 0:
                events[noted, 0] = k
                events[noted, 1] = number + 1
                events[noted, 2] = bits
                noted += 1
            if number < last:
                store8(p, 0x2C)
                p += 1
            elif p == begin and last_space:
                store8(p, 0x20)
                p += 1
            if number + 1 == cached and first == 0:
                # A prefix with events is composed every time, so that every statement lists its own.
                cached_from = row if noted == noted_before else -1
                cached_bytes = p - row
                cached_record = record
        store16(p, 0x0A0D)
        p += 2
        ends[k] = p - out
        for place in range(places[1]):
            store8(entry + place, load8(record + place))
        payments = starts[k + 1] - starts[k]
        store16(
            entry + places[2], p - row
        )  # the fields are zero before: 32-bit numbers are written half by half
        store16(entry + places[3], payments)
        store16(entry + places[3] + 2, payments >> 16)
        store64(entry + places[4], load64(entry + places[5] + 8 * main_slot))
    return p - out, noted
