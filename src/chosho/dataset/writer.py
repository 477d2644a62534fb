"""Writer (書込み): records, lines or files in, an ordered list of durable parts out.

The caller's bytes are copied into one of :data:`BUFFERS` reused buffers, and one thread encrypts, hashes and writes them. A part
holds at most :data:`~chosho.dataset.part.PART_LIMIT` plain bytes and is cut between records (recfm F) or lines (T); a
dataset of recfm U has the parts that its writer names.

Memory: :data:`BUFFERS` times :data:`BUFFER_SIZE` bytes (6 MiB) and the vault's 1.1 MiB, whatever is written.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Literal, Self, TypeAlias

import numpy as np

from chosho import disk
from chosho.dataset.part import PART_LIMIT, PartResult, PartTarget
from chosho.dataset.part_file import NewPart
from chosho.dataset.reader import LINE_LIMIT
from chosho.dataset.sink import Buffers, Bytes, Sink
from chosho.errors import StopLine

BUFFERS: Final = 3
"""One being filled, one waiting, one being written."""

BUFFER_SIZE: Final = 2 * 1024 * 1024
"""Bytes of a buffer, before it is rounded down to whole records."""

_LINE_END: Final = b"\r\n"

Data: TypeAlias = bytes | bytearray | memoryview | Bytes
"""What can be written: bytes, or a block of records ``uint8[n, lrecl]``."""


class Writer:
    """Writes one dataset; its parts and their folder are durable when :meth:`finish` returns.

    As a context manager it finishes at the end of the block, or drops everything when the block raises.

    Args:
        new_part: asked, in the caller's thread, for the place and the keys of the part of a label; INTENT is durable by then.
        recfm: ``F`` fixed records, ``T`` lines ended by CRLF, ``U`` one file of bytes per part.
        lrecl: bytes of a record, for recfm F.
        limit: most plain bytes of a part, for recfm F and T.
    """

    def __init__(
        self,
        new_part: Callable[[str], PartTarget],
        *,
        recfm: Literal["F", "T", "U"] = "F",
        lrecl: int = 0,
        limit: int = PART_LIMIT,
    ) -> None:
        if (recfm == "F") != (lrecl > 0):
            raise ValueError("fixed records have a length; lines and files have none")
        unit = max(lrecl, 1)
        self._new_part = new_part
        self._recfm = recfm
        self._lrecl = lrecl
        self._limit = max(limit // unit, 1) * unit
        self._sink = Sink(BUFFERS, name="writer")
        self._buffers = Buffers(BUFFERS, max(min(BUFFER_SIZE, limit) // unit, 1) * unit)
        self._buffer: Bytes | None = None
        self._fill = 0
        self._part: NewPart | None = None
        self._in_part = 0
        self._targets: list[PartTarget] = []
        self._results: list[PartResult] = []
        self._finished = False
        self.bytes_taken = 0
        """Plain bytes taken so far."""

    def write(self, data: Data) -> None:
        """Take records or lines; they are copied. A line may come in pieces.

        Raises:
            StopLine: the disk refused this or what was written before, or a line has no end.
            ValueError: the data are no whole records.
        """
        if self._recfm == "U":
            raise ValueError("a dataset of recfm U is written part by part")
        self._take(data)

    @contextmanager
    def part(self, label: str) -> Iterator["PartSink"]:
        """Write one part of a dataset of recfm U; leaving the block ends the part."""
        if self._recfm != "U" or self._part is not None:
            raise ValueError("parts are named one after the other, in a dataset of recfm U")
        self._open(label)
        yield PartSink(self._take)
        self._flush()
        self._end_part()

    def finish(self) -> tuple[PartResult, ...]:
        """Write what is left, make all durable and return the parts in order; called again, return them again.

        A dataset of recfm F or T has one part at least, be it empty.

        Raises:
            StopLine: the disk refused, or the last line has no end.
        """
        if not self._finished:
            self._flush(last=True)
            if self._part is None and not self._targets and self._recfm != "U":
                self._open("0001")
            self._end_part()
            self._sink.finish()
            for folder in sorted({target.path.parent for target in self._targets}):
                disk.sync_folder(folder)
            self._finished = True
        return tuple(self._results)

    def drop(self) -> None:
        """Give up: write nothing more. The files stay for recovery, which knows their INTENT."""
        self._sink.drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.finish()
        else:
            self.drop()

    def _take(self, data: Data) -> None:
        """Copy bytes into buffers; a full one goes to the thread."""
        if self._finished:
            raise ValueError("the dataset is finished")
        if isinstance(data, np.ndarray):
            if self._lrecl and data.ndim == 2 and data.shape[1] != self._lrecl:  # noqa: PLR2004 - a block
                raise ValueError(f"records of {data.shape[1]} bytes for a dataset of {self._lrecl}")
            left: Bytes = np.ascontiguousarray(data).reshape(-1)
        else:
            left = np.frombuffer(data, np.uint8)
        if self._lrecl and len(left) % self._lrecl:
            raise ValueError(f"{len(left)} bytes are no whole records of {self._lrecl}")
        self.bytes_taken += len(left)
        while len(left):
            if self._buffer is None:
                self._buffer = self._buffers.take(self._sink)
            took = min(len(left), self._buffers.size - self._fill)
            self._buffer[self._fill : self._fill + took] = left[:took]
            self._fill += took
            left = left[took:]
            if self._fill == self._buffers.size:
                self._flush()

    def _flush(self, *, last: bool = False) -> None:
        """Give what the buffer holds to the thread; of lines only whole ones, and keep the rest."""
        buffer, fill = self._buffer, self._fill
        if buffer is None:
            return
        self._buffer, self._fill = None, 0
        end = _lines_end(buffer[:fill]) if self._recfm == "T" else fill
        if end == 0 or (last and end < fill):
            raise StopLine("CHSD111S", limit=LINE_LIMIT)
        rest = buffer[end:fill].copy()
        self._give(buffer, end)
        if len(rest):
            self._buffer, self._fill = self._buffers.take(self._sink), len(rest)
            self._buffer[: len(rest)] = rest

    def _give(self, buffer: Bytes, end: int) -> None:
        """Give the first ``end`` bytes to the thread, ending parts that are full."""
        release = functools.partial(self._buffers.give_back, buffer)
        start = 0
        while start < end:
            part = self._part or self._open(f"{len(self._targets) + 1:04d}")
            stop = end if self._recfm == "U" else min(end, start + self._limit - self._in_part)
            if self._recfm == "T" and stop < end:
                stop = start + _lines_end(buffer[start:stop])
                if stop == start and self._in_part == 0:
                    raise StopLine("CHSD111S", limit=self._limit)
            if stop > start:
                work = functools.partial(part.write, buffer[start:stop].data)
                self._sink.give(work, release if stop == end else None)
            self._in_part += stop - start
            start = stop
            if start < end:
                self._end_part()

    def _open(self, label: str) -> NewPart:
        target = self._new_part(label)
        self._part = NewPart(target, label, lrecl=self._lrecl, lines=self._recfm == "T")
        self._in_part = 0
        self._targets.append(target)
        return self._part

    def _end_part(self) -> None:
        part, self._part = self._part, None
        if part is not None:
            self._sink.give(lambda: self._results.append(part.finish()))


class PartSink:
    """Where the bytes of one part of a dataset of recfm U are written."""

    def __init__(self, take: Callable[[Data], None]) -> None:
        self._take = take
        self._written = 0

    def write(self, data: Data) -> int:
        """Take all bytes; return how many."""
        size = data.nbytes if isinstance(data, (memoryview, np.ndarray)) else len(data)
        self._take(data)
        self._written += size
        return size

    def tell(self) -> int:
        """Return how many bytes were taken."""
        return self._written


def _lines_end(data: Bytes) -> int:
    """Return where the last whole line ends; 0 when none ends in the last :data:`LINE_LIMIT` bytes."""
    tail = data[-LINE_LIMIT:].tobytes()
    found = tail.rfind(_LINE_END)
    return 0 if found < 0 else len(data) - len(tail) + found + len(_LINE_END)
