"""Encrypting planned files."""

import io
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chosho.errors import InputRefused, StopLine
from chosho.media.plan import PlannedFile
from chosho.media.transport import RowBytes, encrypt_file, work_factor
from chosho.vault.age import Decryptor
from tests.tools import tool

ROWS = b"".join(b"310,%d\r\n" % number for number in range(50_000))


def pieces(data: bytes, size: int) -> Iterator[memoryview]:
    """Yield the data in one buffer that is used again, as a reader does."""
    buffer = bytearray(size)
    for place in range(0, len(data), size):
        piece = data[place : place + size]
        buffer[: len(piece)] = piece
        yield memoryview(buffer)[: len(piece)]


def planned(offset: int, size: int) -> PlannedFile:
    return PlannedFile(
        volume=1, volumes=1, statement_code="310", file_no=1, row_offset=offset, plain_bytes=size
    )


@given(st.lists(st.integers(0, 40), max_size=20), st.integers(1, 50))
def test_taking_gives_each_byte_once_however_the_rows_come(sizes: list[int], piece: int) -> None:
    data = os.urandom(sum(sizes))
    rows = RowBytes("310", pieces(data, piece))
    place = 0
    for size in sizes:
        assert b"".join(map(bytes, rows.take(place, size))) == data[place : place + size]
        place += size
    rows.finish()


def test_an_encrypted_file_holds_the_planned_rows_and_their_number() -> None:
    rows = RowBytes("310", pieces(ROWS, 7001))
    half = ROWS.index(b"\n", len(ROWS) // 2) + 1
    for offset, size in ((0, half), (half, len(ROWS) - half)):
        out = io.BytesIO()
        file = planned(offset, size)
        records = encrypt_file(out.write, rows, file, passphrase="p", work_factor=10)
        assert records == ROWS[offset : offset + size].count(b"\r\n")
        assert len(out.getvalue()) == file.age_bytes
        source = io.BytesIO(out.getvalue())
        assert (
            b"".join(map(bytes, Decryptor(source.readinto, passphrase="p"))) == ROWS[offset : offset + size]
        )
    rows.finish()


def test_debian_age_knows_the_file_for_a_passphrase_file_of_version_1(tmp_path: Path) -> None:
    path = tmp_path / "x.age"
    with path.open("wb") as out:
        encrypt_file(
            out.write, RowBytes("310", pieces(b"x\r\n", 2)), planned(0, 3), passphrase="p", work_factor=10
        )
    # Without a terminal age cannot ask for the passphrase; that it wants to ask shows that it read the
    # header.
    found = subprocess.run(
        [tool("age"), "-d", path], check=False, capture_output=True, text=True, start_new_session=True
    )
    assert "passphrase" in found.stderr


def test_rows_that_end_before_the_plan_stop() -> None:
    with pytest.raises(StopLine, match="CHSM034S"):
        list(RowBytes("310", pieces(b"abc", 2)).take(0, 4))


def test_rows_beyond_the_plan_stop() -> None:
    rows = RowBytes("310", pieces(b"abcdefgh", 2))
    list(rows.take(0, 3))
    with pytest.raises(StopLine, match=r"CHSM034S.*8 bytes.*3"):
        rows.finish()


def test_a_gap_in_the_plan_stops() -> None:
    with pytest.raises(StopLine, match="CHSM034S"):
        next(RowBytes("310", pieces(b"abc", 2)).take(1, 1))


@pytest.mark.parametrize("text", ["9", "23", "eighteen", "１８", "", "+18", "18.0"])
def test_what_is_no_work_factor_is_refused(text: str) -> None:
    with pytest.raises(InputRefused, match="CHSM038E"):
        work_factor(text)


def test_the_usual_work_factor_is_taken() -> None:
    assert work_factor("18") == 18
