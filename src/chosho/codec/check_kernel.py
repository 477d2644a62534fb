"""The kernel that checks statement rows (支払調書の検査): bytes of a statement file in, broken rules out, table driven.

It reads rows as a stranger would and shares nothing with the kernel that composes them. Its numbers are
``check_codes.py``. A row of the wrong number of items gives that one finding and no other.
Places in the bytes are addresses (``memory.py``). What compares several items of a row is not judged here: their values are handed
out.
"""

import functools
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from numba import types

# isort: off
from chosho.codec.check_codes import (
    K_AMOUNT, K_CODE, K_CORPORATE, K_COUNT, K_DAY, K_EVENTYEAR, K_FLAG, K_INDIVIDUAL, K_MONTH,
    K_NUMBER, K_OMITTED, K_PARTY, K_TAXYEAR, K_TOKEN, K_VALUATION, K_YEAR, NEED_ALWAYS, NEED_EXPECTED, NET,
    NO_PAIR, ONE_BYTE, PAIR, PAIR_LOST, PAIR_POINT, PAIR_SPACE, RULES, R_CHARS, R_CHKDIGIT, R_CODE, R_CRLF,
    R_DATE, R_DATEPART, R_DIGITS, R_EARLY, R_EXPECTED, R_FIELDS, R_FLAG, R_HALF, R_JIS, R_LEADZERO,
    R_LENGTH, R_LOST, R_MIXED, R_NET, R_NUMKIND, R_OMITTED, R_PARTLY, R_PARTY, R_PAYYEAR, R_POINT,
    R_REQUIRED, R_SPACE, R_TAXYEAR, R_VALCODE, R_WIDE, T_ADDRESS, T_FIXED, T_KEEP, T_KIND, T_LENGTH, T_NEED,
    T_PAYMENT, T_RECENT, T_SIGN, T_SLOT, T_TOGETHER, T_WIDE, V_EVENT, V_FRACTION, V_INHERITED,
    V_NAME1, V_NAME2, V_NONE, V_PERCENT, V_YEAR,
)  # fmt: skip

# isort: on
from chosho.codec.mark_kernel import digest
from chosho.codec.memory import load8, load16, load64
from chosho.codec.number_kernel import corporate_ok, individual_ok

PARTS = 0x622FF246
"""CRC-32 of the files that numbers and parts come from: numba's cache sees this file only, so a change there must change it."""

kernel = functools.partial(numba.njit, cache=True, nogil=True, boundscheck=False, error_model="numpy")
part = functools.partial(kernel, forceinline=True)
_IN = types.Array(types.uint8, 1, "C", readonly=True)
_TABLE = types.Array(types.int32, 2, "C", readonly=True)
_N = types.int64
_tuple_of: Any = types.UniTuple
_TWO = _tuple_of(types.int64, 2)
Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[Any]


@part(types.boolean(_N, _N, _IN))
def _other_kind(start: int, end: int, codes: Bytes) -> bool:
    """Return whether a row begins with the code of a known kind that is not the file's own."""
    if end - start < 4 or load8(start + 3) != 0x2C:
        return False
    for place in range(3, codes.shape[0], 3):
        if (
            load8(start) == codes[place]
            and load8(start + 1) == codes[place + 1]
            and load8(start + 2) == codes[place + 2]
        ):
            return True
    return False


@part(_TWO(_N, _N, _N))
def _wide_item(start: int, pairs: int, limit: int) -> tuple[int, int]:
    """Read one 全角 item; return the place of the comma, CR LF or LF behind it, and the rules that it breaks as bits."""
    seen = 0
    count = 0
    space = False
    p = start
    while True:
        word = load64(p)
        low, high = np.int64(word & np.uint64(0xFFFFFFFF)), np.int64(word >> np.uint64(32))
        odd = load8(pairs + (low & 0xFFFF)) | load8(pairs + (low >> 16))
        if not odd | load8(pairs + (high & 0xFFFF)) | load8(pairs + (high >> 16)):
            p += 8
            count += 4
            space = False
            continue
        two = load16(p)
        what = load8(pairs + two)
        lead = two & 0xFF
        if what == PAIR:
            p += 2
            space = False
        elif lead in (0x2C, 0x0A) or two == 0x0A0D:
            break
        elif what == PAIR_SPACE:
            if space or p == start:
                seen |= 1 << R_SPACE
            space = True
            p += 2
        elif what in (PAIR_LOST, PAIR_POINT):
            seen |= 1 << (R_LOST if what == PAIR_LOST else R_POINT)
            p += 2
            space = False
        else:
            space = False
            if lead == 0x0D:
                seen |= 1 << R_CRLF
            elif what == ONE_BYTE:
                seen |= 1 << R_HALF
            else:
                seen |= 1 << R_JIS
            p += 2 if what == NO_PAIR and two >> 8 >= 0x40 else 1
        count += 1
    if space:
        seen |= 1 << R_SPACE
    if count > limit:
        seen |= 1 << R_LENGTH
    return p, seen


@part(_TWO(_N, types.boolean))
def _half_item(p: int, token: bool) -> tuple[int, int]:
    """Read one 半角 item; return as :func:`_wide_item` does."""
    seen = 0
    while True:
        one = load8(p)
        if one < 0x30 or one > 0x39:
            if one in (0x2C, 0x0A) or (one == 0x0D and load8(p + 1) == 0x0A):
                return p, seen
            if one >= 0x80:
                seen |= 1 << R_WIDE
            elif one == 0x0D:
                seen |= 1 << R_CRLF
            elif not token:
                seen |= 1 << R_DIGITS
            elif not (0x41 <= one <= 0x5A or 0x61 <= one <= 0x7A or 0x28 <= one <= 0x29 or one == 0x2D):
                seen |= 1 << R_CHARS
        p += 1


@kernel(
    _N(
        *(_N, _N, _N, _TABLE, _IN, _IN, _IN, _IN, _N, types.boolean, _N, types.int64[::1], types.int64[::1]),
        *(types.int64[:, ::1], _N, types.int64[:, ::1]),
    )
)
def check(
    start: int,
    end: int,
    record: int,
    items: Numbers,
    codes: Bytes,
    known: Bytes,
    years: Bytes,
    dates: Bytes,
    pairs: int,
    last_space: bool,
    limit: int,
    totals: Numbers,
    counts: Numbers,
    found: Numbers,
    noted: int,
    values: Numbers,
) -> int:
    """Check whole rows.

    Args:
        start: address of the rows.
        end: address behind them; the byte before it is LF, and 8 more bytes may be read behind it.
        record: number of the records before these.
        items: the item table, one row per item, :data:`COLUMNS` columns.
        codes: the codes of the kinds, three bytes each, the file's own first.
        known: uint8[items * 100], 1 where the 年分 of those two digits has the item.
        years: the two-digit years, two bytes each, that the 年分 may have; empty: any.
        dates: uint8[2 * 100 * 13 * 32], 1 where era year, month, day is a date: of any era, and of our days.
        pairs: address of uint8[65536], class of two bytes as they are loaded.
        last_space: a space stands for an empty last item.
        limit: most findings listed per rule.
        totals: int64[1 + slots], records and yen per amount item, added to.
        counts: int64[rules], findings per rule, added to.
        found: int64[rules * limit, 3], receives (record, item, rule).
        noted: findings that are there already.
        values: int64[records, VALUES], receives what the rules over several items need of each record.

    Returns:
        the findings that are there now.
    """
    last = items.shape[0] - 1
    row_item = np.empty(2 * RULES * (last + 2), np.int64)
    row_rule = np.empty(2 * RULES * (last + 2), np.int64)
    row_amount = np.zeros(totals.shape[0], np.int64)
    first_record = record
    p = start
    while p < end:
        record += 1
        broken = 0
        wrong_count = False
        net = 0
        net_item = 0
        net_paid = 0
        sure = True
        filled = 0
        together = 0
        partly_item = 0
        year = month = 0
        date_parts = 0
        row_amount[:] = 0
        value_of = values[record - first_record - 1]
        value_of[:] = -1
        row_start = p
        tax_year = 0
        for number in range(last + 1):
            content = items[number, T_KIND]
            begin = p
            seen = 0
            if items[number, T_WIDE] == 1:
                p, seen = _wide_item(p, pairs, items[number, T_LENGTH])
                if items[number, T_ADDRESS] == 0:
                    seen &= ~(1 << R_POINT)
            elif (
                number == last
                and last_space
                and load8(p) == 0x20
                and (load8(p + 1) == 0x0D or load8(p + 1) == 0x0A)
            ):
                p += 1
                begin = p
            else:
                p, seen = _half_item(p, content == K_TOKEN)
                length = p - begin
                if length > 0 and (
                    length > items[number, T_LENGTH]
                    or (items[number, T_FIXED] == 1 and length != items[number, T_LENGTH])
                ):
                    seen |= 1 << R_LENGTH
            length = p - begin
            good = seen & (1 << R_LENGTH | 1 << R_DIGITS | 1 << R_WIDE | 1 << R_CRLF) == 0
            if length == 0:
                if known[number * 100 + tax_year] == 1:
                    if items[number, T_NEED] == NEED_ALWAYS:
                        seen |= 1 << R_REQUIRED
                    elif items[number, T_NEED] == NEED_EXPECTED:
                        seen |= 1 << R_EXPECTED
            elif content == K_OMITTED:
                seen |= 1 << R_OMITTED
            elif known[number * 100 + tax_year] == 0:
                seen |= 1 << R_EARLY
            elif content == K_CODE:
                if (
                    length != 3
                    or load8(begin) != codes[0]
                    or load8(begin + 1) != codes[1]
                    or load8(begin + 2) != codes[2]
                ):
                    seen |= 1 << R_CODE
            elif content == K_FLAG:
                if good and load8(begin) != 0x30 and load8(begin) != 0x31:
                    seen |= 1 << R_FLAG
            elif content == K_PARTY:
                if good and not 0x30 <= load8(begin) <= 0x32:
                    seen |= 1 << R_PARTY
                elif good:
                    value_of[items[number, T_KEEP]] = load8(begin) - 48
            elif content == K_VALUATION:
                if good and load8(begin) != 0x31 and load8(begin) != 0x32:
                    seen |= 1 << R_VALCODE
            elif content == K_EVENTYEAR:
                if good:
                    tax_year = (load8(begin) - 48) * 10 + load8(begin + 1) - 48
                    value_of[V_YEAR] = tax_year
                    if tax_year == 0:
                        seen |= 1 << R_TAXYEAR
            elif content == K_TAXYEAR:
                fits = years.shape[0] == 0
                for place in range(0, years.shape[0], 2):
                    fits = fits or (
                        length == 2 and load8(begin) == years[place] and load8(begin + 1) == years[place + 1]
                    )
                if not fits:
                    seen |= 1 << R_TAXYEAR
            elif content in (K_AMOUNT, K_COUNT):
                if length > 1 and load8(begin) == 0x30:
                    seen |= 1 << R_LEADZERO
                value = 0
                if good:
                    for place in range(begin, p):
                        value = value * 10 + load8(place) - 48
                else:
                    sure = False
                if content == K_AMOUNT:
                    row_amount[1 + items[number, T_SLOT]] = value
                    if good:
                        value_of[items[number, T_KEEP]] = value
            elif content in (K_CORPORATE, K_NUMBER, K_INDIVIDUAL) and good:
                individual = load8(begin) == 0x30
                value_of[items[number, T_KEEP]] = load8(begin) - 48
                if (individual and content == K_CORPORATE) or (not individual and content == K_INDIVIDUAL):
                    seen |= 1 << R_NUMKIND
                elif not (individual_ok(begin + 1) if individual else corporate_ok(begin)):
                    seen |= 1 << R_CHKDIGIT
            if content in (K_YEAR, K_MONTH, K_DAY):
                value = -1
                if length == 2 and good:
                    value = (load8(begin) - 48) * 10 + load8(begin + 1) - 48
                    date_parts += 1
                elif length > 0:
                    date_parts = 9  # not a number: the date is not judged
                if content == K_YEAR:
                    year = value
                    if items[number, T_KEEP] == V_EVENT:
                        value_of[V_EVENT] = value
                    if items[number, T_PAYMENT] == 1 and value >= 0 and years.shape[0] > 0:
                        fits = False
                        for place in range(0, years.shape[0], 2):
                            fits = fits or (
                                load8(begin) == years[place] and load8(begin + 1) == years[place + 1]
                            )
                        if not fits:
                            seen |= 1 << R_PAYYEAR
                elif content == K_MONTH:
                    month = value
                else:
                    if 0 < date_parts < 3:
                        seen |= 1 << R_DATEPART
                    elif date_parts == 3:
                        real = month <= 12 and value <= 31
                        day = ((items[number, T_RECENT] * 100 + year) * 13 + month) * 32 + value
                        if not real or dates[day] == 0:
                            seen |= 1 << R_DATE
                    date_parts = 0
            sign = items[number, T_SIGN]
            if sign == NET:
                net_paid = row_amount[1 + items[number, T_SLOT]]
                net -= net_paid
                net_item = number + 1
            elif sign != 0:
                net += sign * row_amount[1 + items[number, T_SLOT]]
            keep = items[number, T_KEEP]
            if length > 0 and keep != V_NONE:
                if keep in (V_NAME1, V_NAME2):
                    value_of[keep] = np.int64(digest(begin, p) >> np.uint64(1))
                elif keep in (V_PERCENT, V_FRACTION) and good:
                    value_of[keep] = (load8(begin) * 10 + load8(begin + 1)) * 10 + load8(begin + 2) - 48 * 111
                elif keep == V_INHERITED:
                    value_of[keep] = 1
            if items[number, T_TOGETHER] == 1:
                together += 1
                if length > 0 and not (content == K_COUNT and length == 1 and load8(begin) == 0x30):
                    filled += 1
                else:
                    partly_item = number + 1
            rule = 0
            while seen != 0:
                if seen & 1:
                    row_item[broken] = number + 1
                    row_rule[broken] = rule
                    broken += 1
                seen >>= 1
                rule += 1
            if number < last:
                if load8(p) != 0x2C:
                    wrong_count = True
                    break
                p += 1
        if not wrong_count and load8(p) == 0x2C:
            wrong_count = True
        while load8(p) != 0x0A:
            p += 1
        no_cr = p == start or load8(p - 1) != 0x0D
        if wrong_count:
            value_of[:] = -1
        if wrong_count and _other_kind(row_start, p, codes):
            broken = 1
            row_item[0] = 1
            row_rule[0] = R_MIXED
        elif wrong_count:
            broken = 1
            row_item[0] = 0
            row_rule[0] = R_FIELDS
        else:
            # More taken off than there was leaves nothing to pay, not a negative amount.
            if sure and net != 0 and net_item > 0 and not (net < 0 and net_paid == 0):
                row_item[broken] = net_item
                row_rule[broken] = R_NET
                broken += 1
            if 0 < filled < together:
                row_item[broken] = partly_item
                row_rule[broken] = R_PARTLY
                broken += 1
            for slot in range(1, totals.shape[0]):
                totals[slot] += row_amount[slot]
        if no_cr:
            row_item[broken] = 0
            row_rule[broken] = R_CRLF
            broken += 1
        for one in range(broken):
            rule = row_rule[one]
            counts[rule] += 1
            if counts[rule] <= limit:
                found[noted, 0] = record
                found[noted, 1] = row_item[one]
                found[noted, 2] = rule
                noted += 1
        totals[0] += 1
        p += 1
    return noted
