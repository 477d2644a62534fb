"""Records → Arrow columns (復号), strictly: what decode accepts, encode writes back byte for byte.

A text becomes CP932 bytes without its padding, a number becomes ``int64`` without its point (123.45 → 12345). A cell that cannot
be decoded is null and has its fault.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from chosho.codec import batch, plan
from chosho.codec.codepages import code_page
from chosho.codec.fault import Faults
from chosho.codec.field import FieldLike

_MAX_BYTES = 1 << 31
"""Arrow's binary columns count their bytes in 32 bits."""


def decode(
    fields: Sequence[FieldLike], page: str, block: batch.Block, *, raw: bool = False
) -> tuple[pa.RecordBatch, Faults]:
    """Return a column per field, and the faults.

    Args:
        fields: the fields; FILLERs are passed over. ``Faults.field`` is the place in this sequence.
        page: code page of the records.
        block: ``uint8[n, lrecl]``.
        raw: add the column ``record`` with the whole bytes, so that encode gives back the FILLERs too.

    Returns:
        The batch, with ``binary`` and ``int64`` columns by field name, and the faults.

    Raises:
        InputRefused: a field cannot be held (``plan.check``).
        ValueError: the block is too large for one batch.
    """
    from chosho.codec import transcode_kernel  # numba loads at the first call

    table = code_page(page)
    count, lrecl = block.shape
    named = [(place, field) for place, field in enumerate(fields) if not field.filler]
    rows, texts, numbers, room = [], 0, 0, 0
    for _, field in named:
        row = plan.field_row(field, table, lrecl)
        if plan.is_text(field):
            rows.append([*row, texts, room])
            texts, room = texts + 1, room + count * field.length
            if count * field.length >= _MAX_BYTES:
                raise ValueError("too many records for one batch")
        else:
            rows.append([*row, numbers, 0])
            numbers += 1
    single, double = plan.reading_tables(table, strict=True, marker=False)
    values = np.empty((numbers, count), np.int64)
    offsets = np.zeros((texts, count + 1), np.int32)
    data = np.empty(room, np.uint8)
    valid = np.empty((len(named), count), np.bool_)
    packed = np.empty(max(1, count * len(named)), np.int64)
    found = transcode_kernel.decode(
        np.ascontiguousarray(block).reshape(-1),
        lrecl,
        count,
        plan.table(rows, 7),
        single,
        double,
        table.zone,
        plan.low_first(table.wide_space),
        values,
        offsets,
        data,
        valid,
        packed,
    )
    columns = []
    for row, is_valid in zip(rows, valid, strict=True):
        if row[0] <= plan.NATIONAL:
            columns.append(_text_column(offsets[row[5]], data[row[6] :], is_valid))
        else:
            columns.append(_number_column(values[row[5]], is_valid))
    names = [field.name for _, field in named]
    if raw:
        columns.append(batch.to_batch(np.ascontiguousarray(block)).column(0))
        names.append(batch.COLUMN)
    places = np.array([place for place, _ in named], np.int32)
    faults = Faults.unpack(packed[:found].copy())
    faults = Faults(record=faults.record, field=places[faults.field], reason=faults.reason)
    return pa.RecordBatch.from_arrays(columns, names=names), faults


def _bitmap(is_valid: npt.NDArray[np.bool_]) -> tuple[pa.Buffer | None, int]:
    nulls = len(is_valid) - int(np.count_nonzero(is_valid))
    return (pa.py_buffer(np.packbits(is_valid, bitorder="little")) if nulls else None), nulls


def _text_column(
    offsets: npt.NDArray[np.int32], data: npt.NDArray[np.uint8], is_valid: npt.NDArray[np.bool_]
) -> pa.Array:
    bitmap, nulls = _bitmap(is_valid)
    buffers = [bitmap, pa.py_buffer(offsets), pa.py_buffer(data[: offsets[-1]])]
    return pa.BinaryArray.from_buffers(pa.binary(), len(is_valid), buffers, nulls)


def _number_column(values: npt.NDArray[np.int64], is_valid: npt.NDArray[np.bool_]) -> pa.Array:
    bitmap, nulls = _bitmap(is_valid)
    return pa.Array.from_buffers(pa.int64(), len(is_valid), [bitmap, pa.py_buffer(values)], nulls)
