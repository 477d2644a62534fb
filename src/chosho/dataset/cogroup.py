"""Key groups (突合): streams in key order, given out in whole groups of equal keys, two streams side by side.

A bulk rule sees whole key groups only (DESIGN §5, Rules), so that its result does not depend on where a block, a part or,
later, a partition of another engine happens to end. The key is the first ``key_length`` bytes of a record, compared as
unsigned bytes; the streams must be in its ascending order (readers and the sort see to it).

Memory: about ``target`` bytes and one block per side, or, when it is larger, one key group.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from chosho.codec import keys
from chosho.codec.batch import Block

TARGET: Final = 4 * 1024 * 1024
"""Block of one side that are given out at a time, when groups are small."""


def cogroup(
    left: Iterator[Block], right: Iterator[Block], key_length: int, target: int = TARGET
) -> Iterator[tuple[Block, Block]]:
    """Yield pairs of blocks that hold the same key range, every group of equal keys whole, on both sides.

    Groups that only one side has come too: either block of a pair may have no records. Nothing is lost and the order of
    each side is kept. The blocks are views that are valid until the next pair. Closing early closes both streams.

    Args:
        left: blocks ``uint8[n, lrecl]`` in key order; one stream at least must give a block, be it without records.
        right: as ``left``, with a length of its own.
        key_length: bytes at the start of a record that make its group.
        target: bytes of a side to collect before giving out.
    """
    sides = (_Side(left, key_length, target), _Side(right, key_length, target))
    try:
        for side in sides:
            side.fill()
        while True:
            bounds = [side.last_key() for side in sides if not side.ended]
            bound = min(bounds, default=None)
            pair = tuple(side.below(bound) for side in sides)
            if len(pair[0]) or len(pair[1]):
                yield pair[0], pair[1]
            if bound is None:
                return
            for side in sides:
                side.drop_given()
                if not side.ended and side.last_key() == bound:
                    side.fill()
    finally:
        for side in sides:
            side.close()


def groups(blocks: Iterator[Block], key_length: int, target: int = TARGET) -> Iterator[Block]:
    """Yield the records of one stream in blocks that end where a group of equal keys ends; see :func:`cogroup`."""
    nothing: Iterator[Block] = iter(())
    for block, _ in cogroup(blocks, nothing, key_length, target):
        yield block


class _Side:
    """One stream, with the records that were read and not yet given out.

    They stand in ``_store[_start:_end]``; what was given out (``_given`` records) is dropped when the caller has come back.
    """

    def __init__(self, blocks: Iterator[Block], key_length: int, target: int) -> None:
        self._blocks = blocks
        self._key_length = key_length
        self._target = target
        self._store: Block = np.empty((0, 0), np.uint8)
        self._start = self._end = self._given = 0
        self.ended = False

    def fill(self) -> None:
        """Read on: at least one more record, and block by block until half the target stands here."""
        before = self._end - self._start
        while not self.ended:
            length = self._end - self._start
            if length > before and 2 * length * self._store.shape[1] >= self._target:
                return
            block = next(self._blocks, None)
            if block is None:
                self.ended = True
            else:
                self._add(block)

    def last_key(self) -> bytes:
        """Return the key of the last record read; only while the stream has not ended (there is one then)."""
        return keys.key(self._store, self._end - 1, self._key_length)

    def below(self, bound: bytes | None) -> Block:
        """Return the records whose key is lower than ``bound`` (None: all), as a view, and count them as given."""
        waiting = self._store[self._start : self._end]
        self._given = len(waiting) if bound is None else keys.seek(waiting, self._key_length, bound)
        return waiting[: self._given]

    def drop_given(self) -> None:
        """Forget the records given out."""
        self._start += self._given
        self._given = 0

    def close(self) -> None:
        """Close the stream, so that its thread and its file end now."""
        close = getattr(self._blocks, "close", None)
        if close is not None:
            close()

    def _add(self, block: Block) -> None:
        """Copy a block behind the records that are kept, moving these to the front, growing only when they do not fit."""
        kept = self._end - self._start
        need = kept + len(block)
        store = self._store
        if need > len(store) or store.shape[1] != block.shape[1]:
            # Twice what is kept, so that a group of many blocks is not copied once per block.
            store = np.empty((max(need, 2 * kept), block.shape[1]), np.uint8)
        if kept:
            store[:kept] = self._store[self._start : self._end]
        store[kept:need] = block
        self._store, self._start, self._end = store, 0, need
