"""Spill (退避): records dealt out to key ranges, each range in a sealed temporary part of its own.

Within a range the records keep the order in which they came. One thread encrypts and writes; a range's buffer goes to it when
it is full. Nothing is written for a range that gets no record.
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from chosho.codec import keys
from chosho.codec.batch import Block
from chosho.dataset.part import PartResult, PartTarget
from chosho.dataset.part_file import NewPart
from chosho.dataset.ranges import Sampler, successor
from chosho.dataset.sink import Buffers, Bytes, Sink
from chosho.vault.header import SEGMENT_LIMIT, segment_bytes

RANGES_LIMIT: Final = 400
"""Most ranges of one spill; each holds a file open, and 1024 is the usual limit of a process."""

_SAMPLE: Final = 1024  # keys kept of each range, for the case that it must be cut again
_WAITING: Final = 3  # buffers that the thread may lag behind
_SLICE: Final = 2 * 1024 * 1024  # bytes of records dealt out at a time
_LARGEST_BUFFER: Final = 1024 * 1024


def ranges_within(memory: int) -> int:
    """Return how many ranges a spill of so many bytes of memory can have: three segments each, two of them the vault's."""
    return max(2, min(RANGES_LIMIT, memory // (3 * SEGMENT_LIMIT)))


@dataclass(frozen=True, kw_only=True, slots=True)
class SpilledRange:
    """A key range on disk: its edges, its part, and a sample of its keys."""

    lower: bytes
    upper: bytes | None
    part: PartResult
    sample: Block

    @property
    def one_key(self) -> bool:
        """Whether all its records have the same key, so that they are in order as they are."""
        return successor(self.lower) == self.upper


class Spill:
    """Deals records out to the ranges between edges.

    Args:
        new_temp: gives the place and the keys of a temporary part; asked in the caller's thread.
        lrecl: bytes of a record.
        lower: lowest key of the first range.
        edges: lower edges of the other ranges, ascending.
        upper: key above the last range; None when there is none.
        memory: bytes to hold at most, beside one slice of 2 MiB; a buffer is one segment at least.
    """

    def __init__(
        self,
        new_temp: Callable[[], PartTarget],
        *,
        lrecl: int,
        lower: bytes,
        edges: Sequence[bytes],
        upper: bytes | None,
        memory: int,
    ) -> None:
        count = len(edges) + 1
        self._new_temp = new_temp
        self._lrecl = lrecl
        self._key_length = len(lower)
        self._bounds: list[bytes | None] = [lower, *edges, upper]
        self._edges = np.frombuffer(b"".join(edges), np.uint8).reshape(len(edges), len(lower))
        segment = segment_bytes(lrecl)
        each = min(_LARGEST_BUFFER, memory // count - 2 * segment)
        self._buffers = Buffers(count + _WAITING, max(each // segment, 1) * segment)
        self._sink = Sink(_WAITING, name="spill")
        self._open = [_Range(self._key_length) for _ in range(count)]
        self._dealt: Block = np.empty((max(_SLICE // lrecl, 1), lrecl), np.uint8)

    def add(self, block: Block) -> None:
        """Take records ``uint8[n, lrecl]``; they are copied.

        Raises:
            StopLine: the disk refused this or what was written before.
        """
        for begin in range(0, len(block), len(self._dealt)):
            piece = block[begin : begin + len(self._dealt)]
            rows, starts = keys.partition_order(
                keys.partition(piece, self._key_length, self._edges), len(self._open)
            )
            dealt = self._dealt[: len(piece)]
            keys.gather(piece, rows, dealt)
            for number in np.flatnonzero(np.diff(starts)):
                self._append(self._open[number], dealt[starts[number] : starts[number + 1]])

    def finish(self) -> list[SpilledRange]:
        """Write what is left and return the ranges that hold records, in key order.

        Raises:
            StopLine: the disk refused.
        """
        for one in self._open:
            if one.buffer is not None:
                self._flush(one)
            if one.part is not None:
                self._sink.give(functools.partial(one.end, one.part))
        self._sink.finish()
        return [
            SpilledRange(lower=lower or b"", upper=upper, part=one.result, sample=one.sampler.sample())
            for lower, upper, one in zip(self._bounds, self._bounds[1:], self._open, strict=False)
            if one.result is not None
        ]

    def drop(self) -> None:
        """Give up and end the thread."""
        self._sink.drop()

    def _append(self, one: "_Range", records: Block) -> None:
        one.sampler.add(records)
        left: Bytes = records.reshape(-1)
        while len(left):
            if one.buffer is None:
                one.buffer = self._buffers.take(self._sink)
            took = min(len(left), self._buffers.size - one.fill)
            one.buffer[one.fill : one.fill + took] = left[:took]
            one.fill += took
            left = left[took:]
            if one.fill == self._buffers.size:
                self._flush(one)

    def _flush(self, one: "_Range") -> None:
        buffer, fill = one.buffer, one.fill
        one.buffer, one.fill = None, 0
        if buffer is None:
            return
        if one.part is None:
            one.part = NewPart(self._new_temp(), "", lrecl=self._lrecl, temporary=True)
        work = functools.partial(one.part.write, buffer[:fill].data)
        self._sink.give(work, functools.partial(self._buffers.give_back, buffer))


class _Range:
    """A range while records are dealt out to it."""

    def __init__(self, key_length: int) -> None:
        self.sampler = Sampler(key_length, _SAMPLE)
        self.buffer: Bytes | None = None
        self.fill = 0
        self.part: NewPart | None = None
        self.result: PartResult | None = None

    def end(self, part: NewPart) -> None:
        """End the part; in the writing thread."""
        self.result = part.finish()
