"""Records of other systems, beside the checkout: JRecord's self-checking COMP files, a mainframe file, Cobrix's."""

import csv
import json
import re
from decimal import Decimal

import numpy as np
import pytest

from chosho.codec.decode import decode
from chosho.codec.transcoder import Transcoder
from tests.codec.layouts import Field, binary, packed, zoned
from tests.shared import SHARED, needs_shared

pytestmark = needs_shared
CASES = SHARED / "conformance"


@pytest.mark.parametrize("name", ["mvsComp", "mvsCompPositive"])
def test_jrecord_big_endian_binaries_equal_the_number_printed_beside_them(name):
    folder = CASES / "07-jrecord-comp-dialects"
    block = np.frombuffer((folder / f"{name}.bin").read_bytes(), np.uint8).reshape(-1, 145)
    offset = block[0].tolist().index(ord(";")) + 1
    fields, scales, digits = [], [], []
    pictures = re.findall(r"pic (s?)9+(?:\((\d+)\))?(v99)?\s+comp\.", (folder / f"{name}.cbl").read_text())
    for number, (sign, count, decimals) in enumerate(pictures):
        whole = int(count) if count else (1 if decimals else 2)
        digits.append(whole)
        total = whole + (2 if decimals else 0)
        length = 2 if total <= 4 else 4 if total <= 9 else 8
        fields.append(binary(f"NUM{number}", length, offset, signed=bool(sign)))
        scales.append(2 if decimals else 0)
        offset += length + 1
    batch, faults = decode(fields, "CP932", block)
    assert (18, 0) == (len(fields), len(faults))
    checked = 0
    for row, data in enumerate(block):
        printed = Decimal(bytes(data[: fields[0].offset - 1]).decode().replace(",", "").replace(" ", ""))
        for column, scale in enumerate(scales):
            if abs(printed) < 10 ** digits[column] and (printed >= 0 or fields[column].signed):
                found = Decimal(batch.column(column)[row].as_py()).scaleb(-scale)
                assert found == (printed if scale else int(printed))
                checked += 1
    assert checked > 100


def test_the_packed_numbers_of_a_mainframe_file():
    folder = CASES / "09-jrecord-ebcdic-files"
    block = np.frombuffer((folder / "DTAR020.bin").read_bytes(), np.uint8).reshape(-1, 27)
    fields = [
        zoned("KEYCODE_NO", 8, 0),
        packed("STORE_NO", 3, 8),
        packed("DATE", 7, 10),
        packed("DEPT_NO", 3, 14),
    ]
    fields += [packed("QTY_SOLD", 9, 16), packed("SALE_PRICE", 11, 21)]
    batch, faults = decode(fields, "IBM-1399", block)
    assert len(faults) == 0
    rows = list(csv.DictReader((folder / "DTAR020.csv").read_text().splitlines(), delimiter="\t"))
    for name in batch.schema.names:
        scale = 100 if name == "SALE_PRICE" else 1
        assert [int(Decimal(row[name]) * scale) for row in rows] == batch.column(name).to_pylist(), name


NUMBER = re.compile(
    r"^\s*10\s+(\S+)\s+PIC\s+(S?)((?:9(?:\(\d+\))?)*)(?:V((?:9(?:\(\d+\))?)*))?"
    r"\s*(COMP-3|COMP-0|COMP-4|COMP-5|COMP|BINARY)?\s*(SIGN.*)?\.\s*$"
)


def nines(picture: str) -> int:
    return sum(int(count) if count else 1 for count in re.findall(r"9(?:\((\d+)\))?", picture))


def cobrix_fields() -> list[Field]:
    """Return the plain numbers of up to 18 digits of Cobrix's case, each at offset 0."""
    fields = []
    for line in (CASES / "01-cobrix-type-variety-debug" / "test24_copybook.cob").read_text().splitlines():
        match = NUMBER.match(line)
        if not match:
            continue
        name, sign, whole, decimals, usage, clause = match.groups()
        digits = nines(whole) + nines(decimals or "")
        if not 0 < digits <= 18:
            continue
        if usage == "COMP-3":
            field = packed(name, digits, signed=bool(sign))
        elif usage:
            field = binary(name, 2 if digits <= 4 else 4 if digits <= 9 else 8, signed=bool(sign))
        else:
            separate, leading = "SEPARATE" in (clause or ""), "LEADING" in (clause or "")
            field = zoned(name, digits, signed=bool(sign), separate=separate, leading=leading)
        fields.append(Field(**{**vars(field), "scale": nines(decimals or "")}))
    return fields


def test_the_numbers_of_cobrix_equal_its_expected_values():
    text = (CASES / "01-cobrix-type-variety-debug" / "test24_expected__test24.txt").read_text()
    rows = [json.loads(line, parse_float=Decimal) for line in text.splitlines()]
    checked = 0
    for field in cobrix_fields():
        name = field.name.replace("-", "_")
        block = np.array([list(bytes.fromhex(row[f"{name}_debug"])) for row in rows], np.uint8)
        if block.shape[1] != field.length:
            continue
        target = Field(**{**vars(binary(field.name, 8, native=True)), "scale": field.scale})
        out = np.empty((len(rows), 8), np.uint8)
        faults = Transcoder([field], "IBM-939", [target], 8, [(field.name, field.name)]).run(block, out)
        found = [Decimal(int(value)).scaleb(-field.scale) for value in out.view("<i8")[:, 0]]
        # A cell that cannot be read is null there, and null is written as 0.
        assert [row[name] for row in rows] == found, field.name
        checked += len(rows) - len(faults)
    assert checked > 1500
