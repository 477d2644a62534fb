"""External sort (整列): any number of records into key order, in bounded memory, stable.

While the records fit in ``memory`` they stay there and no disk is touched. Otherwise they are dealt out to key ranges
(:mod:`chosho.dataset.spill`), whose edges come from a sample of the first records; then each range is read back, sorted in memory
and given out, the next one being read and sorted meanwhile. A range that grew too large is cut again by its own sample; one that
holds a single key needs no sort and is streamed. The key is the first ``key_length`` bytes, compared as unsigned bytes;
records of equal keys keep the order in which they came.

Memory: while records come, ``memory`` when they fit (and, once, a quarter more when they turn out not to) or else three
quarters of it; while a range is cut again, a quarter of it and a reader (12 MiB); while they are given out, two ranges of at most
half of it each, 32 bytes per record of a range, one block of 4 MiB and the vault's 4.1 MiB. Disk: the records once, a range that
is cut again twice for that moment; each part is removed when it was read.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from chosho import disk
from chosho.codec import keys
from chosho.codec.batch import Block
from chosho.dataset.ahead import read_ahead
from chosho.dataset.part import PartResult, PartSource, PartTarget
from chosho.dataset.part_file import OldPart
from chosho.dataset.ranges import Sampler, edges
from chosho.dataset.reader import Reader
from chosho.dataset.spill import Spill, SpilledRange, ranges_within

MEMORY: Final = 64 * 1024 * 1024
"""Default bound of the memory in bytes."""

_BLOCK: Final = 4 * 1024 * 1024  # bytes of a block given out
_SAMPLE: Final = 65536  # keys that the first edges are made of
_FILL: Final = 3  # ranges are planned at a third of the memory, so that few grow beyond the half that fits

_Loaded = tuple[Block, npt.NDArray[np.int64] | None]


class ExternalSort:
    """Sorts records: :meth:`add` them all, then read :meth:`sorted` once.

    Args:
        new_temp: gives the place and the keys of a temporary part, its INTENT being durable; asked in the caller's thread.
        open_temp: gives back a temporary part for reading; asked in the caller's thread.
        lrecl: bytes of a record.
        key_length: bytes of the key at the start of a record, 1 or more.
        memory: bound of the memory in bytes; as stated by the module.
        expected: how many records will come; a wrong number costs time, not memory and not correctness.
    """

    def __init__(
        self,
        new_temp: Callable[[], PartTarget],
        open_temp: Callable[[PartResult], PartSource],
        lrecl: int,
        key_length: int,
        *,
        memory: int = MEMORY,
        expected: int = 0,
    ) -> None:
        if not 0 < key_length <= lrecl:
            raise ValueError(f"a key of {key_length} bytes in records of {lrecl}")
        self._new_temp = new_temp
        self._open_temp = open_temp
        self._lrecl = lrecl
        self._key_length = key_length
        self._memory = memory
        self._expected = expected * lrecl
        held = memory if self._expected <= memory else memory // 2
        self._arena: Block = np.empty((max(held // lrecl, 1), lrecl), np.uint8)
        self._spill: Spill | None = None
        self._taken = False
        self.records = 0
        """Records added."""

    def add(self, block: Block) -> None:
        """Take records ``uint8[n, lrecl]``; they are copied.

        Raises:
            StopLine: the disk refused this or what was written before.
        """
        if self._taken or block.shape[1] != self._lrecl:
            raise ValueError("records are added before they are read back, and have their length")
        end = self.records + len(block)
        if self._spill is None and end <= len(self._arena):
            self._arena[self.records : end] = block
        else:
            if self._spill is None:
                self._spill = self._start_spill(block)
            self._spill.add(np.ascontiguousarray(block))
        self.records = end

    def sorted(self) -> Iterator[Block]:
        """Yield all records in key order, in blocks that are valid until the next; once.

        No record at all gives one block without records. Closing early removes the temporary parts.

        Raises:
            StopLine: the disk refused, or a temporary part is damaged.
        """
        if self._taken:
            raise ValueError("sorted records are read once")
        self._taken = True
        if self._spill is None:
            held, self._arena = self._arena[: self.records], self._arena[:0]
            yield from self._in_order(held, keys.order(held, self._key_length))
            return
        spilled = self._cut(self._spill.finish())
        sources = [self._open_temp(one.part) for one in spilled]
        try:
            for block, rows in read_ahead(self._load(spilled, sources)):
                if rows is None:
                    yield block
                else:
                    yield from self._in_order(block, rows)
        finally:
            for source in sources:
                disk.remove(source.path)

    def drop(self) -> None:
        """Give up: end the writing thread; the temporary parts stay for recovery, which knows their INTENT."""
        if self._spill is not None:
            self._spill.drop()

    def _in_order(self, block: Block, rows: npt.NDArray[np.int64]) -> Iterator[Block]:
        """Yield the rows of a block, gathered piece by piece into one buffer."""
        step = max(_BLOCK // self._lrecl, 1)
        out: Block = np.empty((min(step, len(block)), self._lrecl), np.uint8)
        for begin in range(0, max(len(block), 1), step):
            wanted = rows[begin : begin + step]
            keys.gather(block, wanted, out[: len(wanted)])
            yield out[: len(wanted)]

    def _start_spill(self, block: Block) -> Spill:
        """Begin to write: cut the ranges by what has come so far, and deal that out."""
        held = self._arena[: self.records]
        sampler = Sampler(self._key_length, _SAMPLE)
        sampler.add(held)
        sampler.add(block)
        size = max(self._expected, 2 * (held.nbytes + block.nbytes))
        spill = self._new_spill(size, sampler.sample(), bytes(self._key_length), None)
        spill.add(held)
        self._arena = held[:0].copy()
        return spill

    def _new_spill(self, size: int, sample: Block, lower: bytes, upper: bytes | None) -> Spill:
        budget = self._memory // 4
        count = max(2, min(-(-_FILL * size // self._memory), ranges_within(budget)))
        return Spill(
            self._new_temp,
            lrecl=self._lrecl,
            lower=lower,
            edges=edges(sample, count, lower, upper),
            upper=upper,
            memory=budget,
        )

    def _cut(self, spilled: list[SpilledRange]) -> list[SpilledRange]:
        """Return the ranges with those that are too large for half of the memory cut again."""
        settled: list[SpilledRange] = []
        waiting = spilled[::-1]
        while waiting:
            one = waiting.pop()
            if one.one_key or one.part.plain_bytes <= self._memory // 2 or one.part.records == 1:
                settled.append(one)
                continue
            source = self._open_temp(one.part)
            spill = self._new_spill(one.part.plain_bytes, one.sample, one.lower, one.upper)
            for block in Reader([source], lrecl=self._lrecl).blocks():
                spill.add(block)
            waiting.extend(reversed(spill.finish()))
            disk.remove(source.path)
        return settled

    def _load(
        self, spilled: Sequence[SpilledRange], sources: Sequence[PartSource]
    ) -> Generator[_Loaded, None, None]:
        """Be the reading thread's work: ranges with the order of their rows, in two buffers used in turn."""
        sizes = [
            min(one.part.plain_bytes, _BLOCK) if one.one_key else one.part.plain_bytes for one in spilled
        ]
        largest = max(max(sizes, default=0) // self._lrecl, 1)
        pair: list[Block] = [np.empty((largest, self._lrecl), np.uint8) for _ in range(2)]
        turn = 0
        for one, source in zip(spilled, sources, strict=True):
            file = OldPart(source)
            try:
                left = one.part.records
                while left:
                    block = pair[turn % 2][:left]
                    file.read_into(block.data.cast("B"))
                    left -= len(block)
                    turn += 1
                    yield block, None if one.one_key else keys.order(block, self._key_length)
            finally:
                file.close()
            disk.remove(source.path)
