"""What looks like a number of a person does not get onto a page."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chosho import masking

NUMBER = "123456789018"
HIDDEN = [
    NUMBER,
    "1234567890128",
    "12345678901",
    "１２３４５６７８９０１８",
    "1234 5678 9018",
    "1234-5678-9018",
    "１２３４－５６７８－９０１８",
    "1234\u200b5678\u200b9018",
    "A1234567890",
    "契約10000000001の",
]


def test_the_examples_of_the_module_hold() -> None:
    assert doctest.testmod(masking).failed == 0


@pytest.mark.parametrize("text", HIDDEN)
def test_a_typed_text_loses_numbers(text: str) -> None:
    shown = masking.free_text(f"照会 {text}。")
    assert "#" in shown
    assert masking.looks_personal(text)
    assert not masking.looks_personal(shown)


@pytest.mark.parametrize("text", HIDDEN)
def test_a_name_loses_numbers(text: str) -> None:
    assert "#" in masking.name(f"x {text} x")


@pytest.mark.parametrize(
    "name",
    [
        "CHOSHO.NUMBER.MASTER.G0042V00",
        "NIGHTLY.20270112.01",
        "PFDEL.20270112.01",
        "PFDEL.20270112.01-2",
        "J20270112_01V02",
        "PW-JANUARY.20270112.01-V01",
        "CTR20270112",
        "counter-20270112-0007.age",
        "CHOSHO.PF.INSTRUCTION",
        "2027-01-12T21:00:03+09:00",
        "data/9f86d081884c7d659a2feaa0c55ad015",
    ],
)
def test_the_names_of_the_house_stay_whole(name: str) -> None:
    assert masking.name(name) == name


@pytest.mark.parametrize(
    "text", ["支払サービス部へ通知（第２便）", "2027-01-12 の確認", "行 1,204 を確かめた"]
)
def test_an_ordinary_text_stays_as_it_was_typed(text: str) -> None:
    assert masking.free_text(text) == text


def test_a_text_is_one_short_line_without_invisible_characters() -> None:
    assert masking.free_text("a\r\nb\tc\x00\u202ed") == "a  b cd"
    assert len(masking.free_text("長" * 500)) == masking.LONGEST


@given(st.text(), st.from_regex(r"[0-9]{12}", fullmatch=True), st.text())
def test_no_number_passes_whatever_stands_around_it(before: str, number: str, after: str) -> None:
    assert number not in masking.free_text(before + number + after)


@given(st.text())
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = masking.free_text(text)
    assert masking.free_text(once) == once
