"""Decode: values, faults per reason, and the way back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.codec.codepages import PAGES
from chosho.codec.decode import decode
from chosho.codec.encode import encode
from chosho.codec.fault import Reason
from chosho.errors import InputRefused
from tests.codec.layouts import Field, Kind, binary, layouts, national, packed, record, text, zoned

HOST = "IBM-1399"


@pytest.mark.parametrize("page", PAGES)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_encode_gives_back_every_byte_of_a_valid_record(page, data):
    fields, parts = data.draw(layouts(page))
    block = np.repeat(record(*parts), 2, axis=0)
    lrecl = block.shape[1]
    batch, faults = decode(fields, page, block)
    assert [] == list(zip(faults.field.tolist(), faults.reason.tolist(), strict=True))
    # Every byte that a field owns must be written anew; only FILLER comes from the base.
    base = block.copy()
    for field in fields:
        if not field.filler:
            base[:, field.offset : field.offset + field.length] ^= 0xFF
    back, faults = encode(fields, page, lrecl, batch, base=base)
    assert len(faults) == 0
    assert block.tobytes() == back.tobytes()


@given(data=st.data(), page=st.sampled_from(PAGES))
@settings(max_examples=150, deadline=None)
def test_any_bytes_either_have_a_fault_or_come_back(data, page):
    fields, parts = data.draw(layouts(page, most=5))
    block = record(*parts).copy()
    for _ in range(data.draw(st.integers(1, 4))):
        block[0, data.draw(st.integers(0, block.shape[1] - 1))] = data.draw(st.integers(0, 255))
    batch, faults = decode(fields, page, block)
    base = block.copy()
    for place, field in enumerate(fields):
        if not field.filler and place not in faults.field:
            base[:, field.offset : field.offset + field.length] ^= 0xFF
    back, encode_faults = encode(fields, page, block.shape[1], batch, base=base)
    assert len(encode_faults) == 0
    assert block.tobytes() == back.tobytes()


CASES = [
    ("C1 C2 40 40", text("A", 4), None, b"AB"),
    ("0E 45 56 0F C1", text("A", 5), None, "村A".encode("cp932")),
    ("0E 45 56 40 40 0F 40", text("A", 7), None, "村　".encode("cp932")),
    ("0E 45 56 40 40", text("A", 5), Reason.SOSI, None),
    ("0E 45 56 45 0F", text("A", 5), Reason.SOSI, None),
    ("C1 0F 40 40", text("A", 4), Reason.SOSI, None),
    ("0E 45 56 0E 0F", text("A", 5), Reason.SOSI, None),
    ("0E 45 00 0F 40", text("A", 5), Reason.DBCS, None),
    ("0E 0F C1 40", text("A", 4), Reason.FILL, None),
    ("0E 45 56 0F 0E 45 56 0F", text("A", 8), Reason.FILL, None),
    ("0E E9 F4 0F", text("A", 4), Reason.FILL, None),
    ("C1 00 C1 40", text("A", 4), Reason.CTRL, None),
    ("B2 40", text("A", 2), Reason.UNMP, None),
    ("0E B3 41 0F", text("A", 4), Reason.UNMP, None),
    ("45 56 40 40", national("A", 4), None, "村".encode("cp932")),
    ("45 56 45 40", national("A", 4), Reason.DBCS, None),
    ("45 56 0E 45", national("A", 4), Reason.SOSI, None),
    ("EC B5 40 40", national("A", 4), Reason.UNMP, None),
    ("F0 F1 F2", zoned("A", 3), None, 12),
    ("F0 F1 D2", zoned("A", 3, signed=True), None, -12),
    ("C0 F1 F2", zoned("A", 3, signed=True, leading=True), None, 12),
    ("F1 F2 60", zoned("A", 2, signed=True, separate=True), None, -12),
    ("F1 F2 F2", zoned("A", 2, signed=True, separate=True), Reason.ZSGN, None),
    ("F0 F1 F2", zoned("A", 3, signed=True), Reason.ZSGN, None),
    ("F0 F0 D0", zoned("A", 3, signed=True), Reason.ZSGN, None),
    ("F0 C1 F2", zoned("A", 3), Reason.ZDIG, None),
    ("F0 F1 C2", zoned("A", 3), Reason.ZDIG, None),
    ("42 F1 42 F2", zoned("A", 4), Reason.ZDIG, None),
    ("40 40 40", zoned("A", 3), Reason.BLNK, None),
    ("00 00 00", zoned("A", 3), Reason.LOWV, None),
    ("01 2C", packed("A", 3), None, 12),
    ("01 2D", packed("A", 3), None, -12),
    ("01 2F", packed("A", 3, signed=False), None, 12),
    ("01 2F", packed("A", 3), Reason.PSGN, None),
    ("01 2C", packed("A", 3, signed=False), Reason.PSGN, None),
    ("00 0D", packed("A", 3), Reason.PSGN, None),
    ("01 22", packed("A", 3), Reason.PSGN, None),
    ("0A 2C", packed("A", 3), Reason.PDIG, None),
    ("10 12 3C", packed("A", 4), Reason.PDIG, None),
    ("40 40 40", packed("A", 5), Reason.BLNK, None),
    ("00 00 00", packed("A", 5), Reason.LOWV, None),
    ("FF FE", binary("A", 2), None, -2),
    ("FE FF", binary("A", 2, native=True), None, -2),
    ("FF FE", binary("A", 2, signed=False), None, 65534),
    ("80 00 00 00 00 00 00 00", binary("A", 8, signed=False), Reason.OVFL, None),
]


@pytest.mark.parametrize(("data", "field", "reason", "value"), CASES)
def test_host_cells(data, field, reason, value):
    block = record(bytes.fromhex(data))
    batch, faults = decode([field], HOST, block)
    assert ([reason] if reason else []) == [Reason(found) for found in faults.reason]
    assert [value] == batch.column(0).to_pylist()


CP932_CASES = [
    ("41 8E 52 20", text("A", 4), None, "A山".encode("cp932")),
    ("41 42 43 8E", text("A", 4), Reason.DBCS, None),
    ("41 8E 20 20", text("A", 4), Reason.DBCS, None),
    ("85 40", text("A", 2), Reason.UNMP, None),
    ("ED 40 FA 5C", text("A", 4), None, bytes.fromhex("ED40FA5C")),
    ("41 0D 0A 20", text("A", 4), Reason.CTRL, None),
    ("80 20", text("A", 2), Reason.UNMP, None),
    ("8E 52 81 40", national("A", 4), None, "山".encode("cp932")),
    ("8E 52 20 20", national("A", 4), Reason.DBCS, None),
    ("30 31 32", zoned("A", 3, signed=True), None, 12),
    ("30 31 72", zoned("A", 3, signed=True), None, -12),
    ("30 30 70", zoned("A", 3, signed=True), Reason.ZSGN, None),
    ("30 31 72", zoned("A", 3), Reason.ZDIG, None),
    ("2D 31 32", zoned("A", 2, signed=True, separate=True, leading=True), None, -12),
    ("82 4F 82 50", zoned("A", 4), Reason.ZDIG, None),
    ("20 20 20", zoned("A", 3), Reason.BLNK, None),
]


@pytest.mark.parametrize(("data", "field", "reason", "value"), CP932_CASES)
def test_cp932_cells(data, field, reason, value):
    batch, faults = decode([field], "CP932", record(bytes.fromhex(data)))
    assert ([reason] if reason else []) == [Reason(found) for found in faults.reason]
    assert [value] == batch.column(0).to_pylist()


def test_faults_name_record_and_field_once_each():
    fields = [text("A", 2), zoned("FILLER", 1, 2), packed("B", 3, 3)]
    block = np.vstack(
        [record(b"\xc1\xc1\xf1\x01\x2c"), record(b"\x0f\x0f\xf1\xaa\xaa"), record(b"\xc1\xc1\xf1\x01\x20")]
    )
    _, faults = decode(fields, HOST, block)
    assert [(1, 0, "SOSI"), (1, 2, "PDIG"), (2, 2, "PSGN")] == [
        (row, field, Reason(reason).code)
        for row, field, reason in zip(
            faults.record.tolist(), faults.field.tolist(), faults.reason, strict=True
        )
    ]
    assert [1, 2] == faults.rows().tolist()
    assert [False, True, True] == faults.mask(3).tolist()


def test_fillers_are_passed_over_and_ride_along_in_the_record_column():
    fields = [text("A", 2), Field(name="FILLER", kind=Kind.TEXT, offset=2, length=2, filler=True)]
    block = record(b"\xc1\xc2\x00\xff")
    batch, faults = decode(fields, HOST, block, raw=True)
    assert ["A", "record"] == batch.schema.names
    assert len(faults) == 0
    assert block.tobytes() == encode(fields, HOST, 4, batch)[0].tobytes()


def test_a_block_without_records_decodes_to_a_batch_without_rows():
    batch, faults = decode([text("A", 2), packed("B", 3, 2)], HOST, np.empty((0, 4), np.uint8))
    assert (0, 0) == (batch.num_rows, len(faults))


@pytest.mark.parametrize(
    "field",
    [packed("A", 19), text("A", 99), national("A", 3), Field(name="A", kind=Kind.PACKED, length=4, digits=3)],
)
def test_a_field_that_cannot_be_held_is_refused(field):
    with pytest.raises(InputRefused):
        decode([field], HOST, np.zeros((1, 40), np.uint8))
