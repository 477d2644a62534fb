"""Key ranges (キー範囲): where to cut the space of keys so that the pieces hold about as many records each.

A range holds the keys from its ``lower`` edge (inclusive) up to the next range's (exclusive). The edges are quantiles of a
sample. A key so frequent that it spans several quantiles gets a range of its own, ``[key, successor(key))``: such a range
needs no sort, however large it grows, because equal keys keep the order in which they came.
"""

import itertools

import numpy as np

from chosho.codec import keys
from chosho.codec.batch import Block


def successor(key: bytes) -> bytes | None:
    """Return the next key of the same width; None after the last one."""
    number = int.from_bytes(key, "big") + 1
    return number.to_bytes(len(key), "big") if number < 1 << (8 * len(key)) else None


def edges(sample: Block, count: int, lower: bytes, upper: bytes | None) -> list[bytes]:
    """Return ascending edges that cut the range ``[lower, upper)``, of more than one key, into about ``count`` ranges.

    Args:
        sample: keys ``uint8[m, key_length]`` of the range, in any order, at least one.
        count: ranges wanted, 2 or more; frequent keys can make it twice as many, and scarce ones fewer.
        lower: the range's own lower edge; not among the edges returned.
        upper: the range's upper edge; None when it has none.

    Returns:
        one edge at least, all of them inside the range, so that cutting again and again comes to an end.
    """
    ordered = np.empty_like(sample)
    keys.gather(sample, keys.order(sample, sample.shape[1]), ordered)
    quantiles = [ordered[index * len(ordered) // count].tobytes() for index in range(1, count)]
    frequent = {one for one, two in itertools.pairwise(quantiles) if one == two}
    found = {*quantiles, *(after for key in frequent if (after := successor(key)) is not None)}
    inside = sorted(edge for edge in found if lower < edge and (upper is None or edge < upper))
    if not inside:
        # Every quantile is the lower edge itself: that key is most of the range, and gets a range of its own.
        after = successor(lower)
        inside = [] if after is None else [after]
    return inside


class Sampler:
    """Keeps every n-th key of a stream, n doubling whenever there are too many: an even sample without knowing the length.

    Args:
        key_length: bytes of a key.
        most: keys kept at most.
    """

    def __init__(self, key_length: int, most: int) -> None:
        self._kept: Block = np.empty((most, key_length), np.uint8)
        self._count = 0
        self._stride = 1
        self._skip = 0  # records to pass over before the next one that is kept

    def add(self, block: Block) -> None:
        """Take the records that come next in the stream."""
        most, key_length = self._kept.shape
        start = self._skip
        while start < len(block):
            picked = block[start :: self._stride, :key_length][: most - self._count]
            self._kept[self._count : self._count + len(picked)] = picked
            self._count += len(picked)
            start += len(picked) * self._stride
            if self._count == most:
                half = self._kept[::2].copy()
                self._kept[: len(half)] = half
                self._count = len(half)
                self._stride *= 2
        self._skip = start - len(block)

    def sample(self) -> Block:
        """Return the keys kept, in the order of the stream: ``uint8[m, key_length]``."""
        return self._kept[: self._count]
