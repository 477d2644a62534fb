"""The statement layouts are the tax agency's, item for item."""

import csv

import pytest

from chosho import copybook
from chosho.errors import InputRefused
from chosho.statement import layout
from chosho.statement.layout import Content, Required, Width
from tests.shared import SHARED, needs_shared


@needs_shared
@pytest.mark.parametrize("code", ["310", "366"])
def test_every_item_has_the_name_width_and_length_of_the_standard(code):
    rows = csv.DictReader((SHARED / "reference" / "nta-layout.csv").read_text(encoding="utf-8").splitlines())
    expected = [
        (int(row["item_no"]), row["item_name_ja"], row["charset_class"], int(row["max_len"]))
        for row in rows
        if row["statement_code"] == code
    ]
    actual = [(item.number, item.name, item.width.value, item.length) for item in layout.load(code).items]
    assert expected == actual


@pytest.mark.parametrize(("code", "count"), [("310", 44), ("366", 38)])
def test_items_are_numbered_from_1_without_gaps(code, count):
    assert list(range(1, count + 1)) == [item.number for item in layout.load(code).items]


@pytest.mark.parametrize(
    ("code", "year", "unknown"),
    [
        ("310", 2015, [38, 39, 40, 41, 42, 43, 44]),  # 平成27年分: no numbers yet
        ("310", 2016, [41, 42, 43, 44]),  # 平成28年分: 個人番号・法人番号 begin
        ("310", 2017, [41, 42, 43, 44]),
        ("310", 2018, []),  # 平成30年分: 直前の保険契約者等 begins
        ("366", 2015, [36, 37, 38]),
        ("366", 2016, []),
    ],
)
def test_an_item_is_known_from_its_first_tax_year(code, year, unknown):
    assert unknown == [item.number for item in layout.load(code).items if not item.known_in(year)]


def test_the_amount_items_are_the_slots_of_the_control_totals():
    assert [21, 22, 23, 24, 25, 26, 27, 28, 44] == [item.number for item in layout.load("310").amounts]
    assert [16, 17, 18, 19, 20, 21, 31, 34] == [item.number for item in layout.load("366").amounts]


@pytest.mark.parametrize("code", ["310", "366"])
def test_every_field_stands_in_its_copybook(code):
    for item in layout.load(code).items:
        record, _, name = item.field.rpartition(".")
        names = copybook.load(record or "PAYDATA").named()
        assert item.content is Content.OMITTED or name in names
        assert not item.kana or item.kana in names
        assert not item.when or item.when.partition("=")[0] in names


@pytest.mark.parametrize("code", ["310", "366"])
def test_full_width_items_are_texts_and_the_others_are_not(code):
    for item in layout.load(code).items:
        if item.content is not Content.OMITTED:
            assert (item.width is Width.ZENKAKU_MAX) == (item.content is Content.TEXT)


@pytest.mark.parametrize("code", ["310", "366"])
def test_the_submitter_items_are_left_out(code):
    assert [8, 9] == [item.number for item in layout.load(code).items if item.required is Required.OMITTED]


def test_only_amounts_of_a_payment_are_summed_those_of_the_whole_annuity_are_not():
    added = {item.number: item.added_up for item in layout.load("366").amounts}
    assert {
        16: "sum",
        17: "sum",
        18: "sum",
        19: "sum",
        20: "sum",
        21: "sum",
        31: "first",
        34: "first",
    } == added


@pytest.mark.parametrize("code", ["323", "311", "", "../310", "PAYDATA"])
def test_a_kind_without_a_layout_is_refused(code):
    with pytest.raises(InputRefused, match="CHSN001E"):
        layout.load(code)
