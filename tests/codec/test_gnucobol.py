"""GnuCOBOL writes records that we read, and reads the records that we write (numbers of every USAGE, code page CP932)."""

import subprocess
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from chosho.codec.decode import decode
from chosho.codec.encode import encode
from tests.codec.layouts import Field, Kind, binary, packed, text, zoned
from tests.tools import tool

VALUES = [
    0,
    1,
    -1,
    9,
    -9,
    10,
    -10,
    1234,
    -1234,
    9999,
    -9999,
    999_999_999,
    -999_999_999,
    10**18 - 1,
    1 - 10**18,
]

PICTURES = [
    ("PIC X(5)", text("T", 5)),
    ("PIC S9(9) COMP-3", packed("P9", 9)),
    ("PIC S9(18) COMP-3", packed("P18", 18)),
    ("PIC 9(4) COMP-3", packed("U4", 4, signed=False)),
    ("PIC S9(9)", zoned("Z9", 9, signed=True)),
    ("PIC S9(9) SIGN LEADING", zoned("ZL", 9, signed=True, leading=True)),
    ("PIC S9(9) SIGN TRAILING SEPARATE", zoned("ZS", 9, signed=True, separate=True)),
    ("PIC S9(9) SIGN LEADING SEPARATE", zoned("ZLS", 9, signed=True, leading=True, separate=True)),
    ("PIC 9(18)", zoned("UZ", 18)),
    ("PIC S9(4) COMP", binary("B2", 2)),
    ("PIC S9(9) COMP", binary("B4", 4)),
    ("PIC S9(18) COMP", binary("B8", 8)),
    ("PIC 9(9) COMP", binary("UB4", 4, signed=False)),
    ("PIC S9(4) COMP-5", binary("N2", 2, native=True)),
    ("PIC S9(9) COMP-5", binary("N4", 4, native=True)),
    ("PIC S9(18) COMP-5", binary("N8", 8, native=True)),
]

PROGRAM = """
IDENTIFICATION DIVISION.
PROGRAM-ID. CODEC.
ENVIRONMENT DIVISION.
INPUT-OUTPUT SECTION.
FILE-CONTROL.
    SELECT RECORD-FILE ASSIGN TO "records.dat" ORGANIZATION SEQUENTIAL.
    SELECT NUMBER-FILE ASSIGN TO "numbers.txt" ORGANIZATION LINE SEQUENTIAL.
DATA DIVISION.
FILE SECTION.
FD RECORD-FILE.
01 ONE-RECORD.
{fields}
FD NUMBER-FILE.
01 ONE-NUMBER PIC S9(18) SIGN LEADING SEPARATE.
WORKING-STORAGE SECTION.
01 AT-END PIC 9 VALUE 0.
01 RUN-MODE PIC X(5).
PROCEDURE DIVISION.
    ACCEPT RUN-MODE FROM COMMAND-LINE
    IF RUN-MODE = "write"
        OPEN INPUT NUMBER-FILE OUTPUT RECORD-FILE
        PERFORM UNTIL AT-END = 1
            READ NUMBER-FILE AT END MOVE 1 TO AT-END NOT AT END
                MOVE "AB" TO T
{writes}
                WRITE ONE-RECORD
            END-READ
        END-PERFORM
    ELSE
        OPEN INPUT RECORD-FILE OUTPUT NUMBER-FILE
        PERFORM UNTIL AT-END = 1
            READ RECORD-FILE AT END MOVE 1 TO AT-END NOT AT END
{reads}
            END-READ
        END-PERFORM
    END-IF
    CLOSE NUMBER-FILE RECORD-FILE
    STOP RUN.
"""


def laid_out() -> list[Field]:
    fields, offset = [], 0
    for _, field in PICTURES:
        fields.append(Field(**{**vars(field), "offset": offset}))
        offset += field.length
    return fields


FIELDS = laid_out()
LRECL = FIELDS[-1].offset + FIELDS[-1].length
NUMBERS = [field for field in FIELDS if field.kind is not Kind.TEXT]


def held(value: int, field: Field) -> int:
    """Return what a COBOL MOVE leaves of a value: its last digits, its last bits in COMP-5; without a sign the size only."""
    if field.native:
        return int.from_bytes(
            (value % (1 << 64)).to_bytes(8, "little")[: field.length], "little", signed=True
        )
    size = abs(value) % 10**field.digits
    return -size if value < 0 and field.signed else size


@pytest.fixture(scope="module")
def program(tmp_path_factory) -> Path:
    compiler, folder = tool("cobc"), tmp_path_factory.mktemp("cobol")
    names = [field.name for field in NUMBERS]
    source = PROGRAM.format(
        fields="\n".join(f"   05 {field.name} {picture}." for picture, field in PICTURES),
        writes="\n".join(f"                MOVE ONE-NUMBER TO {name}" for name in names),
        reads="\n".join(f"                MOVE {name} TO ONE-NUMBER WRITE ONE-NUMBER" for name in names),
    )
    (folder / "codec.cob").write_text(source)
    subprocess.run(
        [compiler, "-x", "-free", "-std=default", "-o", "codec", "codec.cob"], cwd=folder, check=True
    )
    return folder


def test_we_read_what_gnucobol_writes(program):
    (program / "numbers.txt").write_text(
        "".join(f"{'-' if value < 0 else '+'}{abs(value):018d}\n" for value in VALUES)
    )
    subprocess.run(["./codec", "write"], cwd=program, check=True)
    block = np.frombuffer((program / "records.dat").read_bytes(), np.uint8).reshape(-1, LRECL)
    batch, faults = decode(FIELDS, "CP932", block)
    # A MOVE that cuts a negative number down to zero keeps no sign, but strict decode would say so: there is none here.
    assert len(faults) == 0
    assert [b"AB"] * len(VALUES) == batch.column("T").to_pylist()
    for field in NUMBERS:
        assert [held(value, field) for value in VALUES] == batch.column(field.name).to_pylist(), field.name
    assert block.tobytes() == encode(FIELDS, "CP932", LRECL, batch)[0].tobytes()


def test_gnucobol_reads_what_we_write(program):
    columns = {"T": pa.array([b"AB"] * len(VALUES))}
    columns |= {
        field.name: pa.array([held(value, field) for value in VALUES], pa.int64()) for field in NUMBERS
    }
    batch = pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))
    block, faults = encode(FIELDS, "CP932", LRECL, batch)
    assert len(faults) == 0
    (program / "records.dat").write_bytes(block.tobytes())
    subprocess.run(["./codec", "read"], cwd=program, check=True)
    lines = iter((program / "numbers.txt").read_text().split())
    for value in VALUES:
        for field in NUMBERS:
            assert held(value, field) == int(next(lines)), field.name
