"""The statement layouts are the tax agency's, item for item."""

import csv
import datetime as dt
import importlib.resources
from dataclasses import replace

import pytest

from chosho import copybook
from chosho.errors import InputRefused
from chosho.statement import layout
from chosho.statement.layout import Content, Required, Width
from tests.shared import SHARED, needs_shared

KINDS = ["310", "366", "323", "386"]


@needs_shared
@pytest.mark.parametrize("code", KINDS)
def test_every_item_has_the_name_width_and_length_of_the_standard(code):
    rows = csv.DictReader((SHARED / "reference" / "nta-layout.csv").read_text(encoding="utf-8").splitlines())
    expected = [
        (int(row["item_no"]), row["item_name_ja"], row["charset_class"], int(row["max_len"]))
        for row in rows
        if row["statement_code"] == code
    ]
    actual = [(item.number, item.name, item.width.value, item.length) for item in layout.load(code).items]
    assert expected == actual


@pytest.mark.parametrize(("code", "count"), [("310", 44), ("366", 38), ("323", 51), ("386", 37)])
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
        ("323", 2015, [46, 47, 48, 49, 50, 51]),
        ("323", 2017, [48, 49, 50, 51]),
        ("323", 2018, []),
    ],
)
def test_an_item_is_known_from_its_first_tax_year(code, year, unknown):
    assert unknown == [item.number for item in layout.load(code).items if not item.known_in(year)]


def test_the_amount_items_are_the_slots_of_the_control_totals():
    assert [21, 22, 23, 24, 25, 26, 27, 28, 44] == [item.number for item in layout.load("310").amounts]
    assert [16, 17, 18, 19, 20, 21, 31, 34] == [item.number for item in layout.load("366").amounts]
    assert [*range(24, 33), 51] == [item.number for item in layout.load("323").amounts]
    assert [22, 23, 24] == [item.number for item in layout.load("386").amounts]


@pytest.mark.parametrize("code", KINDS)
def test_every_field_stands_in_its_copybook(code):
    for item in layout.load(code).items:
        record, _, name = item.field.rpartition(".")
        names = copybook.load(record or "PAYDATA").named()
        assert item.content is Content.OMITTED or name in names
        assert not item.kana or item.kana.rpartition(".")[2] in names
        assert not item.when or item.when.partition("=")[0] in names


@pytest.mark.parametrize("code", KINDS)
def test_full_width_items_are_texts_and_the_others_are_not(code):
    for item in layout.load(code).items:
        if item.content is not Content.OMITTED:
            assert (item.width is Width.ZENKAKU_MAX) == (item.content is Content.TEXT)


@pytest.mark.parametrize("code", KINDS)
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


@pytest.mark.parametrize("code", ["375", "311", "", "../310", "PAYDATA"])
def test_a_kind_without_a_layout_is_refused(code):
    with pytest.raises(InputRefused, match="CHSN001E"):
        layout.load(code)


def text(name: str) -> str:
    return (importlib.resources.files("chosho.copybooks") / "nta" / name).read_text(encoding="utf-8")


@needs_shared
def test_the_official_table_is_that_of_the_reference():
    theirs = csv.DictReader(
        (SHARED / "reference" / "nta-layout.csv").read_text(encoding="utf-8").splitlines()
    )
    expected = [
        (row["statement_code"], row["item_no"], row["item_name_ja"], row["charset_class"], row["max_len"])
        for row in theirs
    ]
    ours = csv.DictReader(text("official.csv").splitlines())
    assert expected == [(row["kind"], row["item"], row["name"], row["width"], row["length"]) for row in ours]


@pytest.mark.parametrize(
    ("old", "new", "item", "what"),
    [
        ("2,整理番号1,", "3,整理番号1,", 2, "item"),
        ("6,提出義務者の電話番号,", "6,提出義務者の電話,", 6, "name"),
        ("reference_no_2,hankaku_fixed,13", "reference_no_2,hankaku_max,13", 7, "width"),
        ("insured_event_text,zenkaku_max,15", "insured_event_text,zenkaku_max,16", 33, "length"),
    ],
)
def test_a_layout_that_disagrees_with_the_official_table_is_refused(old, new, item, what):
    changed = text("323.csv").replace(old, new)
    assert changed != text("323.csv")
    with pytest.raises(InputRefused, match=f"CHSN004E .*323.csv, item {item}: {what} is"):
        layout.parse(layout.load("323").head, changed, text("official.csv"))


@pytest.mark.parametrize(("lines", "item"), [(slice(0, 50), 50), (slice(0, 1), 1)])
def test_a_layout_that_ends_early_is_refused(lines, item):
    short = "\n".join(text("323.csv").splitlines()[lines])
    with pytest.raises(InputRefused, match=f"CHSN004E .*item {item}: item is none"):
        layout.parse(layout.load("323").head, short, text("official.csv"))


def test_an_item_too_many_and_items_out_of_order_are_refused():
    lines = text("386.csv").splitlines()
    for changed, item in (
        ([*lines, lines[-1].replace("37,", "38,", 1)], 38),
        ([*lines[:5], lines[6], lines[5]], 5),
    ):
        with pytest.raises(InputRefused, match=f"CHSN004E .*item {item}: item is"):
            layout.parse(layout.load("386").head, "\n".join(changed), text("official.csv"))


def test_an_edition_holds_for_its_submission_dates(monkeypatch):
    old = layout.load("386").head
    first = replace(old, last_day=dt.date(2027, 3, 31))
    second = replace(old, first_day=dt.date(2027, 4, 1))
    monkeypatch.setattr(layout, "heads", lambda: (first, second))
    layout.load.cache_clear()
    assert [
        layout.load("386", dt.date(2027, 3, 31)).head,
        layout.load("386", dt.date(2027, 4, 1)).head,
        layout.load("386").head,
    ] == [first, second, second]
    with pytest.raises(InputRefused, match="CHSN005E"):
        layout.load("386", dt.date(2024, 12, 31))
    layout.load.cache_clear()


def test_the_year_is_the_payments_the_events_or_nobodys():
    assert ["payment", "payment", "event", ""] == [layout.load(code).head.year_of.value for code in KINDS]


def test_kind_386_has_no_year_and_no_numbers_of_persons():
    contents = {item.content for item in layout.load("386").items}
    assert not contents & {Content.TAX_YEAR, Content.NUMBER, Content.INDIVIDUAL}
    assert "older wording" in layout.load("386").items[9].rule
