"""Compiled loops over keys (キー): pack, radix sort, descents, key groups, ranges, gather.

A key is the prefix of a record, compared as unsigned bytes. Records come as read-only ``uint8[n, lrecl]``.
"""

import functools
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from numba import types

kernel = functools.partial(numba.njit, cache=True, nogil=True, boundscheck=False, error_model="numpy")
BLOCK = types.Array(types.uint8, 2, "C", readonly=True)
Bytes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[Any]


@kernel((BLOCK, types.uint8[:, ::1], types.uint8[:, ::1]))
def collect_keys(block: Bytes, keys: Bytes, seen: Bytes) -> None:
    """Copy the keys together, and set ``seen[place, byte]`` for every byte value that stands at a place of a key."""
    for row in range(block.shape[0]):
        for place in range(keys.shape[1]):
            byte = block[row, place]
            keys[row, place] = byte
            seen[place, byte] = 1


@kernel((types.uint8[:, ::1], types.int64[::1], types.uint64[:, ::1], types.uint64[::1]))
def pack_keys(keys: Bytes, places: Numbers, weight: Numbers, out: Numbers) -> None:
    """Write some places of each key as one number that sorts as they do: the sum of ``weight[place, byte]``."""
    for row in range(keys.shape[0]):
        value = np.uint64(0)
        for number in range(places.shape[0]):
            place = places[number]
            value += weight[place, keys[row, place]]
        out[row] = value


@kernel((types.uint64[::1], types.uint32[::1], types.uint64[::1], types.uint32[::1], types.int64))
def radix_pass(keys: Numbers, order: Numbers, keys_out: Numbers, order_out: Numbers, shift: int) -> None:
    """Sort keys and their rows by the 11 bits above ``shift``; equal ones keep their order."""
    place = np.zeros(2048, np.uint32)
    by = np.uint64(shift)
    for row in range(keys.shape[0]):
        place[(keys[row] >> by) & np.uint64(2047)] += np.uint32(1)
    total = np.uint32(0)
    for digit in range(2048):
        count = place[digit]
        place[digit] = total
        total += count
    for row in range(keys.shape[0]):
        digit_of_row = (keys[row] >> by) & np.uint64(2047)
        to = np.uint64(place[digit_of_row])
        place[digit_of_row] += np.uint32(1)
        keys_out[to] = keys[row]
        order_out[to] = order[row]


@kernel(types.int64(BLOCK, types.int64))
def first_descent(block: Bytes, length: int) -> int:
    """Return the first row whose key is lower than its predecessor's, or -1."""
    for row in range(1, block.shape[0]):
        for place in range(length):
            here, before = block[row, place], block[row - 1, place]
            if here != before:
                if here < before:
                    return row
                break
    return -1


@kernel(types.int64(BLOCK, types.int64, types.int64[::1]))
def starts(block: Bytes, length: int, out: Numbers) -> int:
    """Write the first row of each run of equal keys; return how many."""
    count = 0
    for row in range(block.shape[0]):
        differs = row == 0
        if not differs:
            for place in range(length):
                if block[row, place] != block[row - 1, place]:
                    differs = True
                    break
        if differs:
            out[count] = row
            count += 1
    return count


@kernel((BLOCK, types.int64, BLOCK, types.int32[::1]))
def ranges(block: Bytes, length: int, edges: Bytes, out: Numbers) -> None:
    """Write for each row how many of the sorted ``edges`` are not above its key."""
    for row in range(block.shape[0]):
        low, high = 0, edges.shape[0]
        while low < high:
            middle = (low + high) >> 1
            above = False
            for place in range(length):
                edge, here = edges[middle, place], block[row, place]
                if edge != here:
                    above = edge > here
                    break
            if above:
                high = middle
            else:
                low = middle + 1
        out[row] = low


@kernel((types.Array(types.int32, 1, "C", readonly=True), types.int64[::1], types.int64[::1]))
def place_by_range(bucket: Numbers, start: Numbers, order: Numbers) -> None:
    """Write the rows of each range one after the other into ``order``; ``start[b + 1]`` holds the size of b, then its start."""
    for row in range(bucket.shape[0]):
        start[bucket[row] + 1] += 1
    for here in range(1, start.shape[0]):
        start[here] += start[here - 1]
    at = start.copy()
    for row in range(bucket.shape[0]):
        here = bucket[row]
        order[at[here]] = row
        at[here] += 1
