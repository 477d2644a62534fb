"""Encode: faults per reason, base records."""

import numpy as np
import pyarrow as pa
import pytest

from chosho.codec.encode import encode
from chosho.codec.fault import Reason
from chosho.errors import InputRefused
from tests.codec.layouts import Field, Kind, binary, national, packed, text, zoned


def one(field: Field, value: object, page: str = "IBM-1399"):
    kind = pa.binary() if field.kind in {Kind.TEXT, Kind.NATIONAL} else pa.int64()
    batch = pa.RecordBatch.from_arrays([pa.array([value], kind)], names=[field.name])
    block, faults = encode([field], page, field.length, batch)
    return block.tobytes(), [Reason(found).code for found in faults.reason]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        (text("A", 4), b"ABCDE", "OVFL"),
        (text("A", 5), "村村".encode("cp932"), "OVFL"),
        (text("A", 6), b"A ", "FILL"),
        (national("A", 4), "村　".encode("cp932"), "FILL"),
        (national("A", 4), b"A", "DBCS"),
        (text("A", 4), b"\x8e", "DBCS"),
        (text("A", 4), b"\x8e\x20", "DBCS"),
        (text("A", 4), b"\x85\x40", "UNMP"),
        (text("A", 4), b"\xf9\xfc", "UNMP"),
        (text("A", 4), b"A\n", "CTRL"),
        (zoned("A", 3), 1000, "OVFL"),
        (zoned("A", 3), -1, "NEGV"),
        (packed("A", 3), -1000, "OVFL"),
        (packed("A", 18), -(2**63), "OVFL"),
        (packed("A", 3, signed=False), -1, "NEGV"),
        (binary("A", 2), 32768, "OVFL"),
        (binary("A", 2), -32769, "OVFL"),
        (binary("A", 2, signed=False), 65536, "OVFL"),
        (binary("A", 2, signed=False), -1, "NEGV"),
        (packed("A", 3), None, "MISS"),
    ],
)
def test_a_value_that_does_not_fit_is_a_fault_and_its_field_stays_blank(field, value, reason):
    assert (b"\x40" * field.length, [reason]) == one(field, value)


def test_a_missing_value_keeps_the_bytes_of_the_base_record():
    fields = [text("A", 2), packed("B", 3, 2)]
    columns = pa.RecordBatch.from_arrays(
        [pa.array([b"A", None]), pa.array([None, 5], pa.int64())], names=["A", "B"]
    )
    base = np.arange(8, dtype=np.uint8).reshape(2, 4)
    block, faults = encode(fields, "IBM-1399", 4, columns, base=base)
    assert len(faults) == 0
    assert ["c1400203", "0405005c"] == [bytes(row).hex() for row in block]


def test_a_slice_of_a_batch_is_encoded_from_its_own_rows():
    columns = pa.RecordBatch.from_arrays([pa.array([b"A", b"BC", None, b"D"])], names=["A"]).slice(1, 3)
    block, faults = encode([text("A", 2)], "CP932", 2, columns)
    assert [b"BC", b"  ", b"D "] == [bytes(row) for row in block]
    assert [1] == faults.record.tolist()


def test_a_missing_column_and_a_base_of_another_shape_are_refused():
    columns = pa.RecordBatch.from_arrays([pa.array([b"A"])], names=["B"])
    with pytest.raises(InputRefused, match="CHSX002E"):
        encode([text("A", 2)], "CP932", 2, columns)
    with pytest.raises(ValueError, match="shape"):
        encode([text("B", 2)], "CP932", 2, columns, base=np.zeros((2, 2), np.uint8))
