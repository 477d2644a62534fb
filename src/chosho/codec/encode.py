"""Arrow columns → records (符号化): the other half of ``decode.py``."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from chosho.codec import batch, plan
from chosho.codec.codepages import code_page
from chosho.codec.fault import Faults
from chosho.codec.field import FieldLike
from chosho.errors import InputRefused


def encode(
    fields: Sequence[FieldLike],
    page: str,
    lrecl: int,
    columns: pa.RecordBatch,
    *,
    base: batch.Block | None = None,
) -> tuple[batch.Block, Faults]:
    """Return the records that hold the columns.

    Texts are CP932 bytes without padding, written with the shifts and spaces of the page; numbers are ``int64``
    without point. A value that its field cannot hold is a fault (``OVFL``, ``NEGV``, ``UNMP``, ``DBCS``, ``CTRL``;
    ``FILL`` for a text that ends in the padding character, which would be lost) and the field keeps the bytes of
    the base record.

    Args:
        fields: the fields; FILLERs are passed over. ``Faults.field`` is the place in this sequence.
        page: code page of the records.
        lrecl: record length.
        columns: a column per field, by name.
        base: records to start from, whose FILLERs and whose fields without a value stay. Default: the batch's column ``record``
            (``decode(raw=True)``); without one, spaces, and a missing value is the fault ``MISS``.

    Returns:
        ``uint8[n, lrecl]`` and the faults.

    Raises:
        InputRefused: a column is missing, or a field cannot be held.
        ValueError: the base does not have the shape of the records.
    """
    from chosho.codec import encode_kernel  # numba loads at the first call

    table = code_page(page)
    count = columns.num_rows
    if base is None and batch.COLUMN in columns.schema.names:
        base = batch.block(columns.select([batch.COLUMN]))
    if base is not None and base.shape != (count, lrecl):
        raise ValueError("the base records do not have the shape of the layout")
    records = np.full((count, lrecl), table.space, np.uint8) if base is None else base.copy()

    named = [(place, field) for place, field in enumerate(fields) if not field.filler]
    rows: list[list[int]] = []
    values: list[npt.NDArray[np.int64]] = []
    offsets: list[npt.NDArray[np.int32]] = []
    data: list[npt.NDArray[np.uint8]] = []
    valid = np.empty((len(named), count), np.bool_)
    for number, (_, field) in enumerate(named):
        row = plan.field_row(field, table, lrecl)
        if field.name not in columns.schema.names:
            raise InputRefused("CHSX002E", field=field.name)
        column = columns.column(field.name)
        valid[number] = column.is_valid().to_numpy(zero_copy_only=False) if column.null_count else True
        if plan.is_text(field):
            rows.append([*row, len(offsets), sum(map(len, data))])
            column_offsets, column_data = _text(column)
            offsets.append(column_offsets)
            data.append(column_data)
        else:
            rows.append([*row, len(values), 10**field.digits])
            numbers = column.cast(pa.int64())
            values.append((numbers.fill_null(0) if column.null_count else numbers).to_numpy())
    packed = np.empty(max(1, count * len(named)), np.int64)
    found = encode_kernel.encode(
        plan.table(rows, 7),
        table.single_back,
        table.double_back,
        table.zone,
        table.space,
        table.wide_space,
        np.array(values, np.int64).reshape(len(values), count),
        np.array(offsets, np.int32).reshape(len(offsets), count + 1),
        np.concatenate([*data, np.zeros(1, np.uint8)]),
        valid,
        int(base is not None),
        records,
        packed,
    )
    places = np.array([place for place, _ in named], np.int32)
    faults = Faults.unpack(packed[:found].copy())
    return records, Faults(record=faults.record, field=places[faults.field], reason=faults.reason)


def _text(column: pa.Array) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Return offsets from 0 and the bytes of a column of texts, also of a slice."""
    column = column.cast(pa.binary())
    _, offsets_buffer, data_buffer = column.buffers()
    if offsets_buffer is None or len(column) == 0:
        return np.zeros(len(column) + 1, np.int32), np.empty(0, np.uint8)
    offsets = np.frombuffer(offsets_buffer, np.int32, len(column) + 1, 4 * column.offset)
    data = np.frombuffer(data_buffer or b"", np.uint8)
    return offsets - offsets[0], data[offsets[0] : offsets[-1]]
