"""The check digits of individual and corporate numbers (検査用数字) for kernels: digits in place, valid or not."""

import functools

import numba
from numba import types

from chosho.codec.memory import load8

part = functools.partial(
    numba.njit, cache=True, nogil=True, boundscheck=False, error_model="numpy", forceinline=True
)
_N = types.int64


@part(types.boolean(_N))
def individual_ok(at: int) -> bool:
    """Return whether the 12 digits are an individual number: 番号法省令 (平成26年総務省令85号) 5条; twelve zeros are none."""
    total = 0
    for place in range(11):
        total += (load8(at + place) - 48) * (6 - place if place < 5 else 12 - place)
    rest = total % 11
    return bool(total > 0 and load8(at + 11) - 48 == (0 if rest <= 1 else 11 - rest))


@part(types.boolean(_N))
def corporate_ok(at: int) -> bool:
    """Return whether the 13 digits are a corporate number: 平成26年財務省令70号 2条."""
    total = 0
    for place in range(1, 13):
        total += (load8(at + place) - 48) * (1 if place % 2 == 0 else 2)
    return bool(load8(at) - 48 == 9 - total % 9)
