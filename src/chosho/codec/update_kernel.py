"""The loop that carries requests into a master (更新), person by person; what a request does is a table of its caller.

The requests of a person come in the order in which they were accepted, the rows of a person in the order of their
registration numbers; the newest row, the last one, decides. Rows are only put behind the newest one, or all dropped but it, so
that the rows of the person at hand stand at the end of what has been written.

The tables:

- ``place``: the numbers below, by the ``P_`` constants.
- ``kind_of``, ``state_of``: uint8[256], the byte of a request's kind, of a row's state → its number in ``actions``.
- ``actions[kind, state, content]``: the action; state 0 is a person without a row; content is one of the three below.
- ``effects[action]``: what it does beside writing items, by the ``E_`` constants.
- ``items``: by the ``I_`` constants: which bytes of the request go where in the newest row, in which actions; in the requests of
  which kinds they are compared with it before.
- ``template``: a new row before anything is written into it.
"""

import functools
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from numba import types

kernel = functools.partial(numba.njit, cache=True, nogil=True, boundscheck=False, error_model="numpy")
BLOCK = types.Array(types.uint8, 2, "C", readonly=True)
BYTES = types.Array(types.uint8, 1, "C", readonly=True)
ACTIONS = types.Array(types.uint8, 3, "C", readonly=True)
NUMBERS = types.Array(types.int64, 1, "C", readonly=True)
TABLE = types.Array(types.int64, 2, "C", readonly=True)
OUT, I64 = types.uint8[:, ::1], types.int64
Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[Any]

P_PERSON, P_KIND, P_STATE, P_REGISTRATION, P_DIGITS, P_USED_UP = range(6)
"""Bytes that name a person · where the kind of a request stands · where state and registration number of a row stand · its
digits · the action instead of one that adds a row when no registration number is left."""
I_SOURCE, I_TARGET, I_LENGTH, I_WRITTEN, I_COMPARED, I_NUMBER = range(6)
"""Where an item stands in the request (-1: it becomes spaces), where in the row, its length · bits of the actions that write it ·
bits of the kinds that compare it · 1 when it is a number, which counts as not given when it is all zeros."""
E_ADDS, E_BEFORE, E_AFTER, E_DROPS = range(4)
"""A row is put behind the newest one (0, 1) · the state that the newest row gets before, and afterwards (each 0: it keeps its
own) · the person's other rows are dropped (0, 1)."""
NOTHING, SAME, OTHER = range(3)
"""Content of a request: of a kind that needs a number, without one · what the newest row has already · something else."""
STATE_NONE = 0
SPACE, ZERO = 0x20, 0x30


@kernel(types.boolean(BLOCK, I64, I64, I64))
def given(rows: Bytes, row: int, start: int, length: int) -> bool:
    """Return whether a number is there: not only spaces, zeros and 00 (twelve zeros have the right check digit)."""
    for place in range(start, start + length):
        byte = rows[row, place]
        if byte != SPACE and byte != ZERO and byte != 0:
            return True
    return False


@kernel(I64(BLOCK, I64, BLOCK, I64, TABLE, I64))
def content(requests: Bytes, request: int, rows: Bytes, row: int, items: Numbers, kind: int) -> int:
    """Return the content of a request beside the newest row (-1: there is none)."""
    wanted, there, same = False, False, row >= 0
    for item in range(items.shape[0]):
        if (items[item, I_COMPARED] >> kind) & 1 == 0:
            continue
        source, target, length = items[item, I_SOURCE], items[item, I_TARGET], items[item, I_LENGTH]
        empty = False
        if items[item, I_NUMBER] == 1:
            wanted = True
            empty = not given(requests, request, source, length)
            there |= not empty
        if same and empty:
            same = not given(rows, row, target, length)
        elif same:
            for place in range(length):
                if requests[request, source + place] != rows[row, target + place]:
                    same = False
                    break
    if wanted and not there:
        return NOTHING
    return SAME if same else OTHER


@kernel(types.void(BLOCK, I64, OUT, I64, TABLE, I64))
def fill(requests: Bytes, request: int, out: Bytes, row: int, items: Numbers, action: int) -> None:
    """Write the items of an action into a row; a number that is not given becomes spaces."""
    for item in range(items.shape[0]):
        if (items[item, I_WRITTEN] >> action) & 1 == 0:
            continue
        source, target, length = items[item, I_SOURCE], items[item, I_TARGET], items[item, I_LENGTH]
        if source < 0 or (items[item, I_NUMBER] == 1 and not given(requests, request, source, length)):
            for place in range(length):
                out[row, target + place] = SPACE
        else:
            for place in range(length):
                out[row, target + place] = requests[request, source + place]


@kernel(I64(OUT, I64, I64, I64))
def next_number(rows: Bytes, row: int, start: int, digits: int) -> int:
    """Return the registration number after that of a row (-1: there is none yet); -1 when none is left or it is no number."""
    if row < 0:
        return 1
    value, largest = 0, 1
    for place in range(start, start + digits):
        byte = rows[row, place]
        if byte < ZERO or byte > ZERO + 9:
            return -1
        value, largest = value * 10 + byte - ZERO, largest * 10
    return value + 1 if value + 1 < largest else -1


@kernel(I64(BLOCK, I64, BLOCK, I64, I64, I64))
def first_not_below(requests: Bytes, request: int, master: Bytes, low: int, length: int, least: int) -> int:
    """Return the first row from ``low`` on whose first bytes are not below the request's (``least`` 1: are above)."""
    high = master.shape[0]
    while low < high:
        middle = (low + high) >> 1
        order = 0
        for place in range(length):
            wanted, here = requests[request, place], master[middle, place]
            if wanted != here:
                order = 1 if here > wanted else -1
                break
        if order >= least:
            high = middle
        else:
            low = middle + 1
    return low


@kernel(types.void(BLOCK, I64, I64, OUT, I64))
def copy(master: Bytes, first: int, end: int, out: Bytes, to: int) -> None:
    """Copy the rows from ``first`` to ``end``."""
    length = master.shape[1]
    for row in range(end - first):
        for place in range(length):
            out[np.uint64(to + row), np.uint64(place)] = master[np.uint64(first + row), np.uint64(place)]


@kernel(
    I64(BLOCK, BLOCK, NUMBERS, BYTES, BYTES, ACTIONS, TABLE, TABLE, BYTES, OUT, types.int32[:, ::1]),
)
def update(
    requests: Bytes,
    master: Bytes,
    place: Numbers,
    kind_of: Bytes,
    state_of: Bytes,
    actions: Bytes,
    effects: Numbers,
    items: Numbers,
    template: Bytes,
    out: Bytes,
    verdicts: Numbers,
) -> int:
    """Write the new master, and for each request its action and how many rows it dropped.

    Args:
        requests: in the order of person and acceptance.
        master: rows of these persons and any others, in the order of person and registration number.
        place: see the module; so for the tables that follow.
        kind_of: see the module.
        state_of: see the module.
        actions: see the module.
        effects: see the module.
        items: see the module.
        template: see the module.
        out: room for as many rows as both have together.
        verdicts: int32[requests, 2].

    Returns:
        the number of rows written.
    """
    person, state_at = place[P_PERSON], place[P_STATE]
    number_at, digits = place[P_REGISTRATION], place[P_DIGITS]
    at, end, begin = 0, 0, 0
    for request in range(requests.shape[0]):
        again = request > 0
        for byte in range(person):
            again = again and requests[request, byte] == requests[request - 1, byte]
        if not again:
            mine = first_not_below(requests, request, master, at, person, 0)
            after = first_not_below(requests, request, master, mine, person, 1)
            copy(master, at, after, out, end)
            begin = end + mine - at
            end += after - at
            at = after
        newest = end - 1 if end > begin else -1
        kind = int(kind_of[requests[request, place[P_KIND]]])
        state = int(state_of[out[newest, state_at]]) if newest >= 0 else STATE_NONE
        action = int(actions[kind, state, content(requests, request, out, newest, items, kind)])
        number = 0
        if effects[action, E_ADDS] == 1:
            number = next_number(out, newest, number_at, digits)
            if number < 0:
                action = int(place[P_USED_UP])
        if effects[action, E_BEFORE] != 0 and newest >= 0:
            out[newest, state_at] = effects[action, E_BEFORE]
        if effects[action, E_ADDS] == 1:
            for byte in range(template.shape[0]):
                out[end, byte] = template[byte]
            for byte in range(person):
                out[end, byte] = requests[request, byte]
            for byte in range(digits - 1, -1, -1):
                out[end, number_at + byte] = ZERO + number % 10
                number //= 10
            newest = end
            end += 1
        verdicts[request, 0], verdicts[request, 1] = action, 0
        if effects[action, E_DROPS] == 1 and newest > begin:
            verdicts[request, 1] = newest - begin
            for byte in range(template.shape[0]):
                out[begin, byte] = out[newest, byte]
            newest, end = begin, begin + 1
        if effects[action, E_AFTER] != 0 and newest >= 0:
            out[newest, state_at] = effects[action, E_AFTER]
        if newest >= 0:
            fill(requests, request, out, newest, items, action)
    copy(master, at, master.shape[0], out, end)
    written: int = end + master.shape[0] - at
    return written
