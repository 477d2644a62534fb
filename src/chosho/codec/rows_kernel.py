"""Compiled loops that ask one question of each row of bytes (行の検査)."""

import numpy as np
import numpy.typing as npt
from numba import types

from chosho.codec.assemble_kernel import KEYS
from chosho.codec.keys_kernel import Bytes, kernel

FLAGS = types.Array(types.boolean, 1, "C", readonly=True)
Mask = npt.NDArray[np.bool_]


@kernel((KEYS, FLAGS, types.boolean[::1]))
def all_in(rows: Bytes, allowed: Mask, out: Mask) -> None:
    """Write for each row whether all of its bytes are allowed."""
    for row in range(rows.shape[0]):
        good = True
        for place in range(rows.shape[1]):
            good &= allowed[rows[row, place]]
        out[row] = good


@kernel((KEYS, KEYS, types.boolean[::1]))
def equal(rows: Bytes, others: Bytes, out: Mask) -> None:
    """Write for each row whether it is the same as the other's."""
    for row in range(rows.shape[0]):
        same = True
        for place in range(rows.shape[1]):
            if rows[row, place] != others[row, place]:
                same = False
                break
        out[row] = same
