"""Blocks and batches: the same records as numpy rows and as an Arrow batch, without a copy.

A *block* is ``uint8[n, lrecl]``, C-contiguous: one record (レコード) per row. At the border of a rule it travels as a
``pa.RecordBatch`` of one column, ``record: binary(lrecl)``. A *view* is one field of every record of a block.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from chosho.codec.field import FieldLike
from chosho.errors import InputRefused

Block: TypeAlias = npt.NDArray[np.uint8]
"""Records as rows of bytes, ``uint8[n, lrecl]``."""

COLUMN = "record"
"""Name of the only column of a batch of records."""


def to_batch(block: Block) -> pa.RecordBatch:
    """Return the batch that shares the bytes of ``block`` (C-contiguous ``uint8[n, lrecl]``).

    Raises:
        ValueError: the block is not C-contiguous, so that it cannot be shared.
    """
    if not block.flags.c_contiguous:
        raise ValueError("a block of records must be C-contiguous")
    count, lrecl = block.shape
    column = pa.FixedSizeBinaryArray.from_buffers(pa.binary(lrecl), count, [None, pa.py_buffer(block)])
    return pa.RecordBatch.from_arrays([column], names=[COLUMN])


def block(batch: pa.RecordBatch) -> Block:
    """Return the read-only rows of a batch of records, sharing its bytes.

    Raises:
        ValueError: the batch is not one column ``record`` of fixed-size binary without nulls.
    """
    if batch.schema.names != [COLUMN] or not pa.types.is_fixed_size_binary(batch.schema.field(0).type):
        raise ValueError("not a batch of records")
    column = batch.column(0)
    if column.null_count:
        raise ValueError("a record cannot be null")
    lrecl = column.type.byte_width
    count, start = len(column), column.offset * lrecl
    buffer = column.buffers()[1]
    if count == 0 or buffer is None:
        return np.empty((0, lrecl), np.uint8)
    rows = np.frombuffer(buffer, np.uint8, count * lrecl, start).reshape(count, lrecl)
    rows.setflags(write=False)
    return rows


def view(fields: Mapping[str, FieldLike], block: Block, name: str) -> npt.NDArray[Any]:
    """Return one field of every record of ``block``, sharing its bytes.

    A text, national, zoned or packed field is ``uint8[n, length]``; a binary field is a strided ``int64``, ``int32`` or ``int16``
    array of n, in the byte order of the field (COMP-5 little-endian, COMP big-endian).

    Raises:
        InputRefused: there is no such field, or its length is not that of a machine integer.
    """
    field = fields.get(name)
    if field is None:
        raise InputRefused("CHSX002E", field=name)
    part = block[:, field.offset : field.offset + field.length]
    if field.kind.name != "BINARY":
        return part
    if field.length not in {2, 4, 8}:
        raise InputRefused("CHSX003E", field=name, length=field.length)
    order, sign = "<" if field.native else ">", "i" if field.signed else "u"
    numbers: npt.NDArray[Any] = part.view(f"{order}{sign}{field.length}")[:, 0]
    return numbers
