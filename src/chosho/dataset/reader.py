"""Reader (読込み): the parts of a dataset in their order, as blocks of records or as bytes.

One thread reads and decrypts ahead into two buffers that are used in turn (:mod:`chosho.dataset.ahead`): what is given out is
a view, valid until the next one is asked for. A block never crosses the end of a part.

Memory: two buffers of the size asked for (4 MiB each by default, less for a small dataset) and the vault's 4.1 MiB.
"""

from collections.abc import Generator, Iterator, Sequence
from typing import Final

import numpy as np

from chosho.codec import keys
from chosho.codec.batch import Block
from chosho.dataset.ahead import read_ahead
from chosho.dataset.part import PartSource
from chosho.dataset.part_file import OldPart
from chosho.dataset.sink import Bytes
from chosho.errors import InputRefused, StopLine
from chosho.vault.header import segment_bytes

BLOCK_SIZE: Final = 4 * 1024 * 1024
"""Bytes of a block, before it is rounded to whole sealed segments."""

LINE_LIMIT: Final = 64 * 1024
"""Most bytes of a line; the longest of the tax agency's files has less than 2 KiB."""

_SMALL: Final = 64 * 1024 * 1024  # bytes; what read_all takes at most


class Reader:
    """Reads one dataset, as often as it is asked to, each time from the start.

    Args:
        parts: its parts in order.
        lrecl: bytes of a record; 0 for recfm T and U.
        key: bytes at the start of a record that order the dataset; 0 when it has no order.

    Raises:
        InputRefused: a part is no whole number of records (CHSD105E).
    """

    def __init__(self, parts: Sequence[PartSource], *, lrecl: int = 0, key: int = 0) -> None:
        self.parts = tuple(parts)
        self.lrecl = lrecl
        self.key = key
        for part in self.parts:
            if lrecl and part.plain_bytes % lrecl:
                remainder = part.plain_bytes % lrecl
                raise InputRefused(
                    "CHSD105E", path=part.path, size=part.plain_bytes, lrecl=lrecl, remainder=remainder
                )

    @property
    def records(self) -> int:
        """Records (or lines) of the dataset, as the control store knows them."""
        return sum(part.records for part in self.parts)

    @property
    def plain_bytes(self) -> int:
        """Bytes of content."""
        return sum(part.plain_bytes for part in self.parts)

    def blocks(self, size: int = BLOCK_SIZE) -> Iterator[Block]:
        """Yield the records as blocks ``uint8[n, lrecl]`` of about ``size`` bytes, each valid until the next.

        An empty dataset gives one block without records, so that the record's length goes with it. Closing early is safe.

        Raises:
            InputRefused: an unsealed part is missing.
            StopLine: a part is missing, damaged or shorter than it was, or a record has a lower key than the one before
                it (CHSD106S, with its number in the dataset, from 1).
        """
        if not self.lrecl:
            raise ValueError("a dataset without fixed records is read by stream()")
        segment = segment_bytes(self.lrecl)
        ordered = _Order(self.key)
        for data in read_ahead(self._pieces(max(size // segment, 1) * segment, ordered)):
            yield data.reshape(-1, self.lrecl)

    def stream(self, size: int = BLOCK_SIZE) -> Iterator[memoryview]:
        """Yield the bytes of all parts, in pieces of about ``size`` bytes, each valid until the next.

        Raises:
            InputRefused: an unsealed part is missing.
            StopLine: a part is missing, damaged or shorter than it was.
        """
        segment = segment_bytes(self.lrecl)
        for data in read_ahead(self._pieces(max(size // segment, 1) * segment, None)):
            if len(data):
                yield data.data

    def lines(self, size: int = BLOCK_SIZE) -> Iterator[memoryview]:
        """Yield whole lines of a dataset of recfm T, many at a time, with their CRLF; each valid until the next.

        Raises:
            StopLine: as :meth:`stream`, a line is too long, or the content does not end with a line end (CHSD111S).
        """
        rest = b""
        for piece in self.stream(size):
            data = rest + bytes(piece)
            end = data.rfind(b"\r\n") + 2
            if end == 1:
                end = 0
            rest = data[end:]
            if len(rest) > LINE_LIMIT:
                raise StopLine("CHSD111S", limit=LINE_LIMIT)
            if end:
                yield memoryview(data)[:end]
        if rest:
            raise StopLine("CHSD111S", limit=len(rest))

    def read_all(self) -> bytes:
        """Return the whole content of a small dataset.

        Raises:
            InputRefused: it has more than 64 MiB (CHSD112E).
        """
        if self.plain_bytes > _SMALL:
            raise InputRefused("CHSD112E", path=self.parts[0].path, size=self.plain_bytes, limit=_SMALL)
        return b"".join(bytes(piece) for piece in self.stream())

    def _pieces(self, size: int, ordered: "_Order | None") -> Generator[Bytes, None, None]:
        """Be the reading thread's work: fill two buffers in turn; one empty piece when there is nothing."""
        largest = max((part.plain_bytes for part in self.parts), default=0)
        pair = [np.empty(min(size, largest), np.uint8) for _ in range(2)]
        turn = 0
        for part in self.parts:
            file = OldPart(part)
            try:
                left = part.plain_bytes
                while left:
                    buffer = pair[turn % 2]
                    got = file.read_into(buffer.data)
                    if got == 0 or got > left:
                        raise StopLine(
                            "CHSD108S",
                            label=part.label,
                            path=part.path,
                            got=part.plain_bytes - left + got,
                            expected=part.plain_bytes,
                        )
                    left -= got
                    turn += 1
                    if ordered is not None:
                        ordered.check(buffer[:got].reshape(-1, self.lrecl), part)
                    yield buffer[:got]
            finally:
                file.close()
        if turn == 0:
            yield pair[0][:0]


class _Order:
    """Sees to it that keys never descend, over all blocks of a dataset."""

    def __init__(self, key_length: int) -> None:
        self._key_length = key_length
        self._last = b""
        self._records = 0

    def check(self, block: Block, part: PartSource) -> None:
        """Check a block against itself and the one before it."""
        if not self._key_length:
            return
        row = (
            0 if keys.key(block, 0, self._key_length) < self._last else keys.descent(block, self._key_length)
        )
        if row >= 0:
            raise StopLine("CHSD106S", path=part.path, record=self._records + row + 1)
        self._last = keys.key(block, len(block) - 1, self._key_length)
        self._records += len(block)
