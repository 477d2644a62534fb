"""The transcoder: what each source becomes, what it lets pass and what it calls a fault."""

import dataclasses

import numpy as np
import pytest

from chosho.codec.codepages import code_page
from chosho.codec.fault import Reason
from chosho.codec.transcoder import Transcoder
from chosho.errors import InputRefused
from tests.codec.layouts import Field, Kind, binary, canonical_codes, national, packed, record, text, zoned

HOST = "IBM-1399"
MURA = "村".encode("cp932")


def move(data: str, source: Field, target: Field, page: str = HOST, **options):
    """Return what one field becomes, and the reason of its fault."""
    transcoder = Transcoder(
        [source], page, [target], target.offset + target.length, [(source.name, target.name)], **options
    )
    out = np.full((1, target.offset + target.length), 0xEE, np.uint8)
    faults = transcoder.run(record(bytes.fromhex(data)), out)
    return bytes(out[0, target.offset :]), Reason(faults.reason[0]).code if len(faults) else None


LONG = binary("A", 8, native=True)
INT = binary("A", 4, native=True)


def integer(value: int, length: int = 8) -> bytes:
    return value.to_bytes(length, "little", signed=True)


@pytest.mark.parametrize(
    ("data", "source", "target", "expected"),
    [
        ("C1 C2 40 40", text("A", 4), text("A", 6), b"AB    "),
        ("C1 C2 40 40", text("A", 4), text("A", 2), b"AB"),
        ("C1 0E 45 56 40 40 0F 40", text("A", 8), text("A", 5), b"A" + MURA + b"  "),
        ("0E 45 56 40 40 40 40 0F", text("A", 8), text("A", 2), MURA),
        ("0E 45 56 0F 0E 45 56 0F", text("A", 8), text("A", 4), MURA * 2),
        ("0E 0F 0E 0F", text("A", 4), text("A", 4), b"    "),
        ("45 56 40 40 45 56 40 40", national("A", 8), text("A", 7), MURA + b"\x81\x40" + MURA + b" "),
        ("40 40 40 40", national("A", 4), text("A", 4), b"    "),
        ("43 A1 E9 F4", national("A", 4), text("A", 4), b"\x81\x60\x81\x60"),
        ("F0 F1 F2", zoned("A", 3), text("A", 5), b"00012"),
        ("F0 F1 F2", zoned("A", 3), text("A", 2), b"12"),
        ("F0 F1 F2 F3 F4 F5 F6 F7 F8 F9", zoned("A", 10), text("A", 10), b"0123456789"),
        ("F0 F1 C2", zoned("A", 3), text("A", 3), b"012"),
        ("F0 F1 F2", zoned("A", 3, signed=True), LONG, integer(12)),
        ("F0 F1 B2", zoned("A", 3, signed=True), LONG, integer(-12)),
        ("F0 F0 D0", zoned("A", 3), text("A", 3), b"000"),
        ("01 2F", packed("A", 3), LONG, integer(12)),
        ("01 2B", packed("A", 3), INT, integer(-12, 4)),
        ("01 2C", packed("A", 3, signed=False), text("A", 3), b"012"),
        ("12 3C", packed("A", 3), zoned("A", 5), b"00123"),
        ("FF FE", binary("A", 2), INT, integer(-2, 4)),
        ("01 00", binary("A", 2, native=True), LONG, integer(1)),
        ("99 99 99 99 99 99 99 99 99 9D", packed("A", 18), LONG, None),
    ],
)
def test_what_a_field_becomes(data, source, target, expected):
    if expected is None:
        assert move(data, source, target)[1] == "PDIG"
    else:
        assert (expected, None) == move(data, source, target)


@pytest.mark.parametrize(
    ("data", "source", "target", "reason"),
    [
        ("C1 C2 C3 40", text("A", 4), text("A", 2), "OVFL"),
        ("45 56 45 56", national("A", 4), text("A", 3), "OVFL"),
        ("0E 45 56 0F", text("A", 4), text("A", 1), "OVFL"),
        ("C1 0E 45 56", text("A", 4), text("A", 4), "SOSI"),
        ("C1 0F C1 40", text("A", 4), text("A", 4), "SOSI"),
        ("C1 0E 45 0F", text("A", 4), text("A", 4), "SOSI"),
        ("EC B5", national("A", 2), text("A", 4), "UNMP"),
        ("45 40", national("A", 2), text("A", 4), "DBCS"),
        ("00 00", national("A", 2), text("A", 4), "DBCS"),
        ("15 40", text("A", 2), text("A", 4), "CTRL"),
        ("F0 F1 D2", zoned("A", 3), text("A", 3), "NEGV"),
        ("F0 F1 D2", zoned("A", 3, signed=True), text("A", 3), "NEGV"),
        ("F1 F1 F2", zoned("A", 3), text("A", 2), "OVFL"),
        ("F1 40 40", zoned("A", 3), text("A", 3), "ZDIG"),
        ("40 40 40", zoned("A", 3), text("A", 3), "BLNK"),
        ("F1 F1 01", zoned("A", 3), text("A", 3), "ZSGN"),
        ("40 40", packed("A", 3), LONG, "BLNK"),
        ("00 00", packed("A", 3), LONG, "LOWV"),
        ("A0 0C", packed("A", 3), LONG, "PDIG"),
        ("00 09", packed("A", 3), LONG, "PSGN"),
        ("99 99 9C", packed("A", 5), binary("A", 2, native=True), "OVFL"),
        ("00 1D", packed("A", 3), binary("A", 2, native=True, signed=False), "NEGV"),
    ],
)
def test_a_fault_leaves_the_initial_value(data, source, target, reason):
    empty = b"\0" if target.kind is Kind.BINARY else b" "
    assert (empty * target.length, reason) == move(data, source, target)


def test_a_host_character_that_cp932_lacks_becomes_the_marker_when_asked():
    assert (b"\xf9\xfc" + MURA + b"  ", None) == move(
        "EC B5 45 56", national("A", 4), text("A", 6), unmappable="marker"
    )
    assert (b"\xf9\xfcA ", None) == move("B2 C1", text("A", 2), text("A", 4), unmappable="marker")
    assert (b"    ", "UNMP") == move("FE FE 40 40", national("A", 4), text("A", 4), unmappable="marker")
    assert (b"  ", "CTRL") == move("00 00", text("A", 2), text("A", 2), unmappable="marker")
    assert (b"  ", "OVFL") == move("B2 C1", text("A", 2), text("A", 2), unmappable="marker")


def test_texts_and_numbers_of_cp932_are_copied():
    assert (MURA + b"A   ", None) == move("91BA 41 2020 8140", text("A", 7), text("A", 6), "CP932")
    assert (b"\xed\x40  ", None) == move("ED40 2020", text("A", 4), text("A", 4), "CP932")
    assert (MURA + b"  ", None) == move("91BA 8140", national("A", 4), text("A", 4), "CP932")
    assert (integer(-12), None) == move("30 31 72", zoned("A", 3, signed=True), LONG, "CP932")
    assert (b"012", None) == move("30 31 32", zoned("A", 3), text("A", 3), "CP932")
    assert (b"   ", "DBCS") == move("41 42 91", text("A", 3), text("A", 3), "CP932")


@pytest.mark.parametrize("page", ["CP932", "IBM-930", "IBM-939", "IBM-1390", "IBM-1399"])
def test_every_double_byte_character_goes_where_the_tables_say(page):
    table, codes = code_page(page), canonical_codes(page)
    source = np.array(codes, ">u2").view(np.uint8).reshape(-1, 2)
    out = np.empty_like(source)
    faults = Transcoder([national("A", 2)], page, [text("A", 2)], 2, [("A", "A")]).run(source, out)
    lost = {codes[row] for row in faults.rows()}
    assert {code for code in codes if table.double[code] == 0xF9FC and page != "CP932"} == lost
    assert out.view(">u2")[~faults.mask(len(codes)), 0].tolist() == [
        table.double[code] for code in codes if code not in lost
    ]


def test_the_whole_work_record_is_written_and_faults_name_rows_of_the_block():
    source = [text("T", 3), packed("P", 3, 3)]
    target = [
        text("T", 2),
        dataclasses.replace(text("FILLER", 2, 2), filler=True),
        binary("P", 4, 4, native=True),
        binary("N", 8, 8, native=True),
        zoned("Z", 2, 16),
        national("W", 2, 18),
        packed("K", 3, 20),
    ]
    block = np.vstack(
        [record(b"\xc1\x40\x40\x00\x1c"), record(b"\xc1\xc1\xc1\x00\x00"), record(b"\xc2\x40\x40\x00\x2d")]
    )
    out = np.full((3, 22), 0xEE, np.uint8)
    transcoder = Transcoder(source, HOST, target, 22, [("P", "P"), ("T", "T")])
    faults = transcoder.run(block, out, np.array([2, 1, 0]))
    tail = bytes(8) + b"00\x81\x40\x00\x0c"
    assert [b"B   " + integer(-2, 4) + tail, b"    " + bytes(4) + tail, b"A   " + integer(1, 4) + tail] == [
        bytes(row) for row in out
    ]
    assert [(1, 0, Reason.LOWV), (1, 1, Reason.OVFL)] == list(
        zip(faults.record.tolist(), faults.field.tolist(), faults.reason.tolist(), strict=True)
    )


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (text("A", 4), LONG),
        (packed("A", 3), national("A", 4)),
        (packed("A", 3), packed("A", 3)),
        (packed("A", 3), binary("A", 4)),
        (packed("A", 3), zoned("A", 3, signed=True)),
        (packed("A", 3), dataclasses.replace(LONG, scale=2)),
        (packed("A", 19), LONG),
        (text("B", 4), text("A", 4)),
    ],
)
def test_a_move_that_would_lose_something_is_refused(source, target):
    with pytest.raises(InputRefused):
        Transcoder([source], HOST, [target], target.length, [("A", "A")])


def test_blocks_of_another_shape_are_refused():
    transcoder = Transcoder([text("A", 4)], HOST, [text("A", 4)], 4, [("A", "A")])
    with pytest.raises(ValueError, match="shape"):
        transcoder.run(np.zeros((2, 4), np.uint8), np.zeros((1, 4), np.uint8))
    with pytest.raises(ValueError, match="shape"):
        transcoder.run(np.zeros((1, 3), np.uint8), np.zeros((1, 4), np.uint8))
    with pytest.raises(IndexError):
        transcoder.run(np.zeros((1, 4), np.uint8), np.zeros((1, 4), np.uint8), np.array([1]))
