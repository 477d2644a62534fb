"""Compiled loops that put records together from runs of others (組立), and that find the partner of a record by its key."""

import numpy as np
import numpy.typing as npt
from numba import types

from chosho.codec.keys_kernel import BLOCK, Bytes, Numbers, kernel

KEYS = types.Array(types.uint8, 2, "A", readonly=True)
MOVES = types.Array(types.int64, 2, "C", readonly=True)
ROWS = types.Array(types.int64, 1, "C", readonly=True)
ROW = types.Array(types.uint8, 1, "C", readonly=True)


@kernel((types.uint8[:, ::1], ROW, BLOCK, BLOCK, ROWS, BLOCK, MOVES))
def assemble(
    out: Bytes,
    template: npt.NDArray[np.uint8],
    left: Bytes,
    right: Bytes,
    partner: Numbers,
    made: Bytes,
    moves: Numbers,
) -> None:
    """Write each record as the template with runs of three records over it.

    ``moves[k]`` is (source, offset there, offset in ``out``, length): source 0 is ``left[row]``, 1 ``right[partner[row]]``,
    2 ``made[row]``.
    """
    lrecl = out.shape[1]
    for row in range(out.shape[0]):
        here = np.uint64(row)
        for place in range(lrecl):
            out[here, np.uint64(place)] = template[np.uint64(place)]
        there = np.uint64(partner[here])
        for move in range(moves.shape[0]):
            source, start, target, length = moves[move, 0], moves[move, 1], moves[move, 2], moves[move, 3]
            if source == 0:
                for place in range(length):
                    out[here, np.uint64(target + place)] = left[here, np.uint64(start + place)]
            elif source == 1:
                for place in range(length):
                    out[here, np.uint64(target + place)] = right[there, np.uint64(start + place)]
            else:
                for place in range(length):
                    out[here, np.uint64(target + place)] = made[here, np.uint64(start + place)]


@kernel((KEYS, KEYS, types.int64[::1]))
def last_partner(left: Bytes, right: Bytes, out: Numbers) -> None:
    """Write for each key of ``left`` the last row of ``right`` with that key, or -1; both are in ascending order."""
    length = left.shape[1]
    at = 0
    for row in range(left.shape[0]):
        found = -1
        while at < right.shape[0]:
            order = 0
            for place in range(length):
                wanted, here = left[row, place], right[at, place]
                if wanted != here:
                    order = 1 if here > wanted else -1
                    break
            if order > 0:
                break
            if order == 0:
                found = at
            at += 1
        if found < 0 and row > 0 and out[row - 1] >= 0:
            same = True
            for place in range(length):
                if left[row, place] != left[row - 1, place]:
                    same = False
                    break
            if same:
                found = out[row - 1]
        out[row] = found
