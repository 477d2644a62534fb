"""Order of records by key (キー順): sort order, descents, groups, ranges, gather.

The key is the first ``key_length`` bytes of a record, compared as unsigned bytes (DESIGN §5, Order); every sort here is stable.
The kernels are loaded at the first call, so that a process that only supervises never loads numba.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from chosho.codec.batch import Block

_DIGIT = 11
"""Bits of a radix digit: the 2,048 places it counts stay in the first-level cache."""


def _words(
    seen: npt.NDArray[np.bool_],
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64], int]]:
    """Yield the numbers that a key is packed into, the least significant first: places, weights, bits.

    Each place counts only the byte values it really takes: a policy number of digits has ten per place, so that a key of
    nineteen bytes is usually one 64-bit number, and a place with one value costs nothing.
    """
    weight, unit, places = np.zeros((len(seen), 256), np.uint64), 1, list[int]()
    for place in reversed(range(len(seen))):
        values = np.flatnonzero(seen[place])
        if len(values) < 2:  # noqa: PLR2004 - one value tells nothing
            continue
        if unit * len(values) > 1 << 64:
            yield np.array(places), weight, (unit - 1).bit_length()
            unit, places = 1, []
        weight[place, values] = np.arange(len(values), dtype=np.uint64) * np.uint64(unit)
        unit, places = unit * len(values), [*places, place]
    yield np.array(places, np.int64), weight, (unit - 1).bit_length()


def order(block: Block, key_length: int) -> npt.NDArray[np.int64]:
    """Return the rows of ``block`` in key order, equal keys in their order of arrival: ``int64[n]``."""
    from chosho.codec import keys_kernel  # numba loads at the first call

    count = len(block)
    together, seen = np.empty((count, key_length), np.uint8), np.zeros((key_length, 256), np.uint8)
    keys_kernel.collect_keys(block, together, seen)
    rows, rows_next = np.arange(count, dtype=np.uint32), np.empty(count, np.uint32)
    keys, keys_next = np.empty(count, np.uint64), np.empty(count, np.uint64)
    for number, (places, weight, bits) in enumerate(_words(seen.astype(np.bool_))):
        keys_kernel.pack_keys(together, places, weight, keys)
        if number:
            keys = keys[rows]
        for shift in range(0, bits, _DIGIT):
            keys_kernel.radix_pass(keys, rows, keys_next, rows_next, shift)
            keys, keys_next, rows, rows_next = keys_next, keys, rows_next, rows
    return rows.astype(np.int64)


def descent(block: Block, key_length: int) -> int:
    """Return the first row whose key is lower than its predecessor's, or -1 when the block is in key order."""
    from chosho.codec import keys_kernel

    return int(keys_kernel.first_descent(block, key_length))


def group_starts(block: Block, prefix: int) -> npt.NDArray[np.int64]:
    """Return the first row of each run of records whose first ``prefix`` bytes are equal, ascending, from 0."""
    from chosho.codec import keys_kernel

    out = np.empty(len(block), np.int64)
    return out[: keys_kernel.starts(block, prefix, out)]


def partition(block: Block, key_length: int, edges: Block) -> npt.NDArray[np.int32]:
    """Return each record's key range: ``int32[n]``, the number of ``edges`` that are not above its key.

    Args:
        block: the records.
        key_length: length of the key.
        edges: ``uint8[m, key_length]`` in ascending order; an edge belongs to the range above it, so there are m + 1 ranges.
    """
    from chosho.codec import keys_kernel

    out = np.empty(len(block), np.int32)
    keys_kernel.ranges(block, key_length, np.ascontiguousarray(edges), out)
    return out


def partition_order(
    ranges: npt.NDArray[np.int32], count: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the rows sorted by range, stable, and where each range starts: ``int64[n]`` and ``int64[count + 1]``."""
    from chosho.codec import keys_kernel

    start, rows = np.zeros(count + 1, np.int64), np.empty(len(ranges), np.int64)
    keys_kernel.place_by_range(ranges, start, rows)
    return rows, start


def gather(block: Block, rows: npt.NDArray[np.int64], out: Block) -> None:
    """Copy record ``rows[i]`` of ``block`` to row i of ``out``."""
    # "clip" writes straight into out; the default mode would go through a copy. The bounds are checked here instead.
    if len(rows) and (int(rows.min()) < 0 or int(rows.max()) >= len(block)):
        raise IndexError("a row to gather is not in the block")
    np.take(block, rows, axis=0, out=out, mode="clip")


def key(block: Block, row: int, key_length: int) -> bytes:
    """Return the key of one record; Python compares bytes as chosho compares keys."""
    return block[row, :key_length].tobytes()


def seek(block: Block, key_length: int, wanted: bytes, *, after: bool = False) -> int:
    """Return the first row of a block in key order whose key is not below ``wanted`` (``after``: is above it).

    ``wanted`` may be shorter than ``key_length``; then only that prefix is compared.
    """
    length = min(key_length, len(wanted))
    low, high = 0, len(block)
    while low < high:
        middle = (low + high) // 2
        here = key(block, middle, length)
        if here < wanted or (after and here == wanted):
            low = middle + 1
        else:
            high = middle
    return low
