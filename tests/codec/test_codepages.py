"""Code pages against Debian's iconv and Python's own CP932."""

import subprocess
import unicodedata

import numpy as np
import pytest

from chosho.codec.codepages import (
    MARKER,
    PAGES,
    WAVE_DASH_FIVE,
    code_page,
    double_number,
    double_rows,
    single_rows,
)
from chosho.errors import InputRefused
from tests.tools import tool

HOSTS = [page for page in PAGES if page != "CP932"]
EURO = 0x42E1


def characters(page: str) -> dict[int, str]:
    """Return the character, or the sequence of two, of each double-byte code."""
    low, high, _ = double_rows(double_number(page)).astype(int)
    plane = high <= 0x10
    return {
        int(code): chr(low[code] | high[code] << 16) if plane[code] else chr(low[code]) + chr(high[code])
        for code in np.flatnonzero(low)
    }


@pytest.mark.parametrize("page", HOSTS)
def test_iconv_reads_the_same_character_from_every_double_byte_code(page):
    table = characters(page)
    # In the mixed pages 1390 and 1399 € is one byte; the double-byte code belongs to table 16684 alone.
    table.pop(EURO, None)
    data = b"".join(b"\x0e" + code.to_bytes(2, "big") + b"\x0f\x25" for code in table)
    run = subprocess.run(
        [tool("iconv"), "-f", page.replace("-", ""), "-t", "UTF-8"],
        input=data,
        capture_output=True,
        check=True,
    )
    assert list(table.values()) == run.stdout.decode().split("\n")[:-1]


@pytest.mark.parametrize("page", HOSTS)
def test_iconv_reads_the_same_character_from_every_single_byte_that_is_text(page):
    unicode = single_rows(page)
    codes = [code for code in range(0x40, 0xFF) if code_page(page).single[code]]
    run = subprocess.run(
        [tool("iconv"), "-f", page.replace("-", ""), "-t", "UTF-8"],
        input=bytes(codes),
        capture_output=True,
        check=True,
    )
    assert "".join(chr(unicode[code]) for code in codes) == run.stdout.decode()


@pytest.mark.parametrize("page", HOSTS)
def test_python_reads_the_same_character_from_the_cp932_code(page):
    table, double = characters(page), code_page(page).double
    for code, character in table.items():
        if double[code] != MARKER:
            assert WAVE_DASH_FIVE.get(character, character) == int(double[code]).to_bytes(2, "big").decode(
                "cp932"
            )
        else:
            assert (
                not character.encode("cp932", "ignore")
                or character in "か゚"
                or len(character) > 1
                or ord(character) == 0xE757
            )


@pytest.mark.parametrize("page", HOSTS)
def test_every_cp932_code_with_a_way_back_comes_back_as_its_canonical_code(page):
    table = code_page(page)
    codes = np.flatnonzero(table.double_back)
    returned = table.double[table.double_back[codes]]
    for code, back in zip(codes.tolist(), returned.tolist(), strict=True):
        assert code.to_bytes(2, "big").decode("cp932").encode("cp932") == back.to_bytes(2, "big")


@pytest.mark.parametrize("page", HOSTS)
def test_the_wave_dash_five_have_the_same_cp932_code_on_every_host(page):
    table = code_page(page)
    found = {hex(host): hex(table.double[host]) for host in (0x43A1, 0x444A, 0x447C, 0x4260, 0x426A)}
    assert {
        "0x43a1": "0x8160",
        "0x444a": "0x815c",
        "0x447c": "0x8161",
        "0x4260": "0x817c",
        "0x426a": "0xeefa",
    } == found
    assert [0x43A1, 0x444A, 0x447C, 0x4260, 0x426A] == table.double_back[
        [0x8160, 0x815C, 0x8161, 0x817C, 0xEEFA]
    ].tolist()


@pytest.mark.parametrize("page", HOSTS)
def test_user_defined_characters_fill_cp932s_user_area_but_for_the_marker(page):
    table = code_page(page)
    rows = [(lead << 8) | trail for lead in range(0x69, 0x80) for trail in range(0x41, 0xFF)]
    area = [(lead << 8) | trail for lead in range(0xF0, 0xFA) for trail in range(0x40, 0xFD) if trail != 0x7F]
    assert area[:1879] == table.double[rows[:1879]].tolist()
    assert {MARKER} == set(table.double[rows[1879:2000]].tolist())
    assert table.double_back[MARKER] == 0


@pytest.mark.parametrize("page", HOSTS)
def test_single_bytes_are_ascii_and_half_width_kana_both_ways(page):
    table = code_page(page)
    for code in (*range(0x20, 0x7F), *range(0xA1, 0xE0)):
        host = int(table.single_back[code])
        assert host == 0 or table.single[host] == code
        assert host or page in {"IBM-930", "IBM-1390"} or chr(code) in "^[]"
    assert unicodedata.name(bytes([int(table.single[0x81])]).decode("cp932")) in {
        "LATIN SMALL LETTER A",
        "HALFWIDTH KATAKANA LETTER A",
    }


def test_tables_to_and_from_a_page_are_read_only():
    for page in PAGES:
        table = code_page(page)
        assert not any(
            row.flags.writeable for row in (table.single, table.double, table.single_back, table.double_back)
        )


def test_an_unknown_page_is_refused():
    with pytest.raises(InputRefused, match="CHSX001E"):
        code_page("IBM-500")
