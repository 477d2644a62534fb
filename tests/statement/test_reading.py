"""One row, item by item: nothing that could be an individual number is seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chosho import identifiers
from chosho.errors import StopLine
from chosho.statement import layout
from chosho.statement.reading import MASK, read

INDIVIDUAL, CORPORATE = "0123456789018", "7123456789012"


def row(code: str = "310", **texts: str) -> bytes:
    """Return a row with some items by number (``i39``)."""
    cells = [""] * len(layout.load(code).items)
    cells[0] = code
    for name, text in texts.items():
        cells[int(name[1:]) - 1] = text
    return ",".join(cells).encode("cp932") + b"\r\n"


def test_items_have_their_number_name_and_content() -> None:
    items = read(row(i14="山田　太郎", i27="1500000"), "310")
    assert len(items) == 44
    assert [(one.number, one.name, one.text) for one in items if one.text] == [
        (1, "法定資料の種類", "310"),
        (14, "保険金等受取人・氏名又は名称", "山田　太郎"),
        (27, "差引支払保険金額等", "1500000"),
    ]


@pytest.mark.parametrize(
    ("code", "item", "text", "masked"),
    [
        ("310", 39, INDIVIDUAL, True),
        ("310", 39, CORPORATE, False),
        ("310", 40, INDIVIDUAL, True),
        ("366", 37, INDIVIDUAL, True),
        ("366", 38, CORPORATE, False),
        ("310", 39, "1123456789012", True),  # no corporate number: its check digit is wrong
        ("310", 39, "123456789018", True),  # without its leading 0
        ("310", 38, CORPORATE, False),
        ("310", 7, "1234567890123", False),  # 整理番号2 is the tax office's
        ("310", 37, "番号１２３４５６７８９０１８", True),
        ("310", 37, "１２３４　５６７８　９０１８", True),
        ("310", 37, "１２３４－５６７８－９０１８", True),
        ("310", 37, "平成２８年９月３０日", False),
        ("310", 27, "1234567890", False),
    ],
)
def test_numbers_are_masked_until_they_are_revealed(code: str, item: int, text: str, masked: bool) -> None:
    data = row(code, **{f"i{item}": text})
    one = read(data, code)[item - 1]
    assert (one.text, one.masked) == (MASK * len(text) if masked else text, masked)
    shown = read(data, code, reveal=True)[item - 1]
    assert (shown.text, shown.masked) == (text, False)


@pytest.mark.parametrize(
    "data",
    [b"", b"310,1\r\n", row("366"), row()[:-3] + b",,\r\n", row(i14="山田\x1b[2J"), row()[5:]],
)
def test_what_is_no_row_of_the_kind_stops_the_line(data: bytes) -> None:
    with pytest.raises(StopLine, match="CHSQ012S"):
        read(data, "310")


@given(st.integers(0, 10**11 - 1))
def test_no_individual_number_gets_through(base: int) -> None:
    for check in range(10):
        number = f"{base:011d}{check}"
        if identifiers.is_individual_number(number):
            items = read(row(i39="0" + number, i40=number, i37=f"番号{number}。"), "310")
            assert not [one for one in items if number in one.text]
