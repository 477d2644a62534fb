"""Blocks, batches and views share bytes."""

import numpy as np
import pyarrow as pa
import pytest

from chosho.codec import batch
from chosho.errors import InputRefused
from tests.codec.layouts import binary, text

BLOCK = np.arange(48, dtype=np.uint8).reshape(4, 12)
FIELDS = {
    field.name: field
    for field in (
        text("T", 3),
        binary("L", 4, 4, native=True),
        binary("B", 2, 8),
        binary("Q", 3, 9),
        text("Z", 1, 11),
    )
}


def test_a_batch_shares_the_bytes_of_its_block_both_ways():
    made = batch.to_batch(BLOCK)
    assert pa.schema({"record": pa.binary(12)}) == made.schema
    assert np.shares_memory(BLOCK, batch.block(made))
    assert BLOCK[1:3].tolist() == batch.block(made.slice(1, 2)).tolist()
    assert (0, 12) == batch.block(made.slice(4)).shape
    assert not batch.block(made).flags.writeable


def test_a_view_shares_the_bytes_and_has_the_fields_type():
    assert BLOCK[:, :3].tolist() == batch.view(FIELDS, BLOCK, "T").tolist()
    numbers = batch.view(FIELDS, BLOCK, "L")
    assert ("<i4", [0x07060504]) == (numbers.dtype.str, numbers[:1].tolist())
    assert [0x0809] == batch.view(FIELDS, BLOCK, "B")[:1].tolist()
    assert np.shares_memory(BLOCK, numbers)
    assert (0,) == batch.view(FIELDS, BLOCK[:0], "L").shape


def test_a_view_of_no_field_and_of_no_machine_integer_is_refused():
    for name in ("X", "Q"):
        with pytest.raises(InputRefused):
            batch.view(FIELDS, BLOCK, name)


def test_only_a_batch_of_records_is_taken():
    with pytest.raises(ValueError, match="not a batch"):
        batch.block(pa.record_batch({"record": [b"a"]}))
    with pytest.raises(ValueError, match="null"):
        batch.block(pa.record_batch({"record": pa.array([b"ab", None], pa.binary(2))}))
    with pytest.raises(ValueError, match="contiguous"):
        batch.to_batch(BLOCK[:, :4])
