"""Compiled loop that folds kana names (カナ氏名) of CP932 by table; the tables are made by the rule that compares them."""

import numpy as np
import numpy.typing as npt
from numba import types

from chosho.codec.assemble_kernel import KEYS, ROW
from chosho.codec.keys_kernel import Bytes, kernel

DOUBLE = types.Array(types.uint8, 2, "C", readonly=True)


@kernel((KEYS, ROW, DOUBLE, types.uint8[:, ::1]))
def fold(names: Bytes, single: npt.NDArray[np.uint8], double: Bytes, out: Bytes) -> None:
    """Write each name folded, left justified, padded with 0x00; ``out`` is as wide as ``names``.

    ``single[byte]`` is what a single byte becomes (0 nothing, 1 it starts a double-byte character); ``double[code]`` holds what
    a double-byte character becomes, one or two bytes (0 nothing).
    """
    width = names.shape[1]
    for row in range(names.shape[0]):
        place, filled = 0, 0
        while place < width:
            byte = names[row, place]
            to = single[byte]
            if to == 1 and place + 1 < width:
                code = (np.int64(byte) << 8) | np.int64(names[row, place + 1])
                for half in range(2):
                    if double[code, half] != 0:
                        out[row, filled] = double[code, half]
                        filled += 1
                place += 2
            else:
                if to > 1:
                    out[row, filled] = to
                    filled += 1
                place += 1
        for rest in range(filled, width):
            out[row, rest] = 0
