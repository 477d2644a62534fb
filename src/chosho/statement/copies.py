"""Rows out of statement copies (副本の行): the rows of statements, taken from the streams in which they stand.

A copy holds the statements of each 提出区分 in the order of their keys, one 提出区分 after the other. It is read once for each,
from its start to its end; rows are asked for in ascending order, others are passed over. Memory: one piece of each stream, and
the rows asked for.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from chosho.codec import batch
from chosho.errors import StopLine
from chosho.statement import force

ROW = "row"
"""Name of the column of rows beside the column of records."""

Opened = Callable[[str, int], Iterator[memoryview]]
"""Kind and generation → the bytes of that copy, cut anywhere; asked once per generation and 提出区分."""


class _Stream:
    def __init__(self, pieces: Iterator[memoryview]) -> None:
        self._pieces = pieces
        self._piece: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._begin = 0

    def take(
        self,
        offsets: NDArray[np.int64],
        lengths: NDArray[np.int64],
        places: NDArray[np.int64],
        out: NDArray[np.uint8],
    ) -> bool:
        """Copy rows to their places; return whether all of them are there, in ascending order."""
        from chosho.codec import difference_kernel  # numba loads at the first call

        if len(offsets) and (offsets[0] < self._begin or (np.diff(offsets) < lengths[:-1]).any()):
            return False
        row = 0
        while True:
            row = difference_kernel.take(self._piece, self._begin, offsets, lengths, places, row, out)
            if row == len(offsets):
                return True
            self._begin += len(self._piece)
            piece = next(self._pieces, None)
            if piece is None:
                return False
            self._piece = np.frombuffer(piece, np.uint8)


class Copies:
    """The copies of one kind; see the module.

    Args:
        code: the kind.
        opened: gives the bytes of a copy by its kind and generation.
    """

    def __init__(self, code: str, opened: Opened) -> None:
        self._code = code
        self._opened = opened
        self._streams: dict[tuple[int, int], _Stream] = {}

    def beside(self, records: batch.Block) -> pa.RecordBatch:
        """Return FORCE records with their rows: columns ``record`` and ``row``.

        Raises:
            StopLine: a row is not where its record says (CHSN073S).
        """
        fields = force.fields()
        generations = batch.view(fields, records, "COPY-GENERATION").astype(np.int64)
        filings = records[:, fields["FILING-CLASS"].offset].astype(np.int64)
        offsets = batch.view(fields, records, "ROW-OFFSET").astype(np.int64)
        lengths = batch.view(fields, records, "ROW-LENGTH").astype(np.int64)
        places = np.cumsum(lengths) - lengths
        if (lengths < 1).any():
            raise StopLine("CHSN073S", kind=self._code, generation=0)
        out = np.empty(int(lengths.sum()), np.uint8)
        for generation, filing in np.unique(np.column_stack([generations, filings]), axis=0).tolist():
            mine = np.flatnonzero((generations == generation) & (filings == filing))
            if (generation, filing) not in self._streams:
                self._streams[generation, filing] = _Stream(self._opened(self._code, generation))
            stream = self._streams[generation, filing]
            if not stream.take(offsets[mine], lengths[mine], places[mine], out):
                raise StopLine("CHSN073S", kind=self._code, generation=generation)
        record = batch.to_batch(np.ascontiguousarray(records)).column(0)
        return pa.RecordBatch.from_arrays([record, row_column(out, lengths)], names=[batch.COLUMN, ROW])


def row_column(data: NDArray[np.uint8], lengths: NDArray[np.int64]) -> pa.Array:
    """Return rows that stand end to end as a binary column that shares their bytes."""
    offsets = np.zeros(len(lengths) + 1, np.int32)
    offsets[1:] = np.cumsum(lengths)
    return pa.Array.from_buffers(pa.binary(), len(lengths), [None, pa.py_buffer(offsets), pa.py_buffer(data)])


def row_bytes(column: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the bytes of a column of rows and where each begins and ends in them: ``int64[n + 1]``."""
    _, offsets, data = column.buffers()
    count = len(column)
    at = np.zeros(1, np.int64)
    if count:
        at = np.frombuffer(offsets, np.int32)[column.offset : column.offset + count + 1].astype(np.int64)
    return np.frombuffer(b"" if data is None else data, np.uint8), at
