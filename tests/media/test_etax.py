"""The e-Tax form: an empty last item is one space, everything else stays, and the way back gives the disc's form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chosho.media.etax import to_disc, to_etax
from chosho.statement.check import check_bytes
from tests import nta_files

CHARACTERS = st.characters(codec="shift_jis", exclude_characters=",\r\n \0¥‾")


def cut(data: bytes, sizes: list[int]) -> list[bytes]:
    pieces = []
    turn = 0
    while data:
        size = sizes[turn % len(sizes)]
        pieces.append(data[:size])
        data, turn = data[size:], turn + 1
    return pieces


@given(
    st.lists(st.lists(st.text(CHARACTERS, max_size=4), min_size=2, max_size=5), max_size=6),
    st.lists(st.integers(1, 9), min_size=1, max_size=5),
)
def test_the_last_item_alone_changes_however_the_bytes_are_cut(
    rows: list[list[str]], sizes: list[int]
) -> None:
    disc = "".join(",".join(row) + "\r\n" for row in rows).encode("shift_jis")
    wanted = "".join(",".join([*row[:-1], row[-1] or " "]) + "\r\n" for row in rows).encode("shift_jis")
    etax = b"".join(to_etax(cut(disc, sizes)))
    assert etax == wanted
    assert b"".join(to_disc(cut(etax, sizes))) == disc
    assert b"".join(to_etax(cut(etax, sizes))) == etax


@pytest.mark.parametrize("code", ["310", "366", "323"])
def test_the_validator_takes_the_form(code: str) -> None:
    data = (nta_files.row(code) + "\r\n").encode("cp932")
    etax = b"".join(to_etax([data]))
    assert etax.endswith(b", \r\n") == data.endswith(b",\r\n")
    assert check_bytes(code, [etax], last_item="space").findings == []
