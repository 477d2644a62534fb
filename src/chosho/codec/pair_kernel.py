"""The loop that looks at payments beside their match records, and says which of them make one statement (支払調書の単位)."""

import functools

import numba
import numpy as np
import numpy.typing as npt
from numba import types

kernel = functools.partial(numba.njit, cache=True, nogil=True, boundscheck=False, error_model="numpy")
_ROWS = types.Array(types.uint8, 2, "C", readonly=True)
_N = types.int64
Bytes = npt.NDArray[np.uint8]

LUMP_SUM, ANNUITY, CONTINUED, INHERITED_SUM = 1, 2, 3, 4
"""What a payment is: of kind 310 · of kind 366 · of kind 366, added up with the 366 payment before it · of kind 323."""


@kernel(_N(_ROWS, _ROWS, _N, _N, _N, _N, _N, _N, _N, _N, types.uint8[::1]))
def pair(
    left: Bytes,
    right: Bytes,
    key_length: int,
    group_length: int,
    customer_offset: int,
    customer_length: int,
    flag_offset: int,
    code_offset: int,
    left_place: int,
    right_place: int,
    what: Bytes,
) -> int:
    """Look at each payment beside its match record; ``what`` receives what it is, :data:`LUMP_SUM` and so on.

    Payments are added up when the first ``group_length`` bytes of their keys, their customers and their flags (相続等生命保険年金)
    are the same.

    Returns:
        -1, or the row where the two disagree in key or place, or -2 - the row whose kind is none of them.
    """
    before = -1
    for row in range(left.shape[0]):
        different = np.uint8(0)
        for place in range(key_length):
            different |= left[row, place] ^ right[row, place]
        for place in range(8):
            different |= left[row, left_place + place] ^ right[row, right_place + place]
        if different != 0:
            return row
        one, two, three = left[row, code_offset], left[row, code_offset + 1], left[row, code_offset + 2]
        if one == 0x33 and two == 0x31 and three == 0x30:
            what[row] = LUMP_SUM
        elif one == 0x33 and two == 0x32 and three == 0x33:
            what[row] = INHERITED_SUM
        elif one == 0x33 and two == 0x36 and three == 0x36:
            what[row] = ANNUITY
            if before >= 0:
                for place in range(group_length):
                    different |= left[row, place] ^ left[before, place]
                for place in range(customer_offset, customer_offset + customer_length):
                    different |= left[row, place] ^ left[before, place]
                different |= left[row, flag_offset] ^ left[before, flag_offset]
                if different == 0:
                    what[row] = CONTINUED
            before = row
        else:
            return -2 - row
    return -1
