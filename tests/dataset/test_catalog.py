"""The catalogue that ships, and what a catalogue is refused for."""

from datetime import date
from pathlib import Path

import pytest

from chosho.dataset.catalog import Catalog, Klass, Tag, catalog_schema
from chosho.errors import InputRefused

DATASETS = Path(__file__).resolve().parents[2] / "datasets"

FIXED = {
    "title": "t",
    "layouts": "[{from: 2016-01-01, copybook: UNMATCH}]",
    "recfm": "F",
    "lrecl": "32",
    "code_page": "CP932",
    "class": "none",
    "generations": "3",
    "right": "a.b",
}


def catalog(**changes: str | None) -> Catalog:
    rows = {name: value for name, value in {**FIXED, **changes}.items() if value is not None}
    return Catalog.parse(
        "datasets:\n  A.B:\n" + "".join(f"    {name}: {value}\n" for name, value in rows.items())
    )


def test_the_catalogue_of_the_house_is_consistent_with_its_copybooks():
    shipped = Catalog.load(DATASETS)
    for entry in shipped:
        if entry.layouts:
            assert entry.layout(date(2027, 1, 12)).length == entry.lrecl
    master = shipped["CHOSHO.NUMBER.MASTER"]
    assert (master.klass, master.sealed, master.key) == (Klass.SPECIFIC_PERSONAL, True, 18)
    assert master.tags["INDIVIDUAL-NO"] is Tag.SECRET


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code_page": "EUC-JP"}, "code page EUC-JP is none of CP932"),
        ({"key": "33"}, "key of 33 bytes is longer than lrecl 32"),
        ({"class": "specific-personal"}, "class specific-personal needs sealed: true"),
        ({"tags": "{REASON: secret}"}, "secret field needs sealed"),
        (
            {"layouts": "[{from: 2016-01-01, copybook: UNMATCH}, {from: 2016-01-01, copybook: MATCH}]"},
            "layouts UNMATCH and MATCH overlap at 2016-01-01",
        ),
        (
            {"layouts": "[{from: 2016-01-01, to: 2020-03-31, copybook: A}, {from: 2020-03-31, copybook: B}]"},
            "layouts A and B overlap at 2020-03-31",
        ),
        ({"layouts": "[{from: 2016-01-01, to: 2015-01-01, copybook: A}]"}, "before it starts"),
        ({"generations": None}, "needs generations"),
        ({"external": "a/b"}, "external has no generations"),
        ({"external": "/a", "generations": None}, "not a plain path"),
        ({"external": "a/../../b", "generations": None}, "not a plain path"),
        ({"recfm": "T"}, "recfm T has no lrecl"),
        (
            {"recfm": "U", "lrecl": None, "layouts": None, "suffix": ".age"},
            "recfm U needs a suffix and has no code page",
        ),
        ({"lrecl": None}, "recfm F needs lrecl"),
        ({"colour": "red"}, "colour"),
        ({"dsn": "A.B"}, "dsn stands before an entry"),
        ({"right": None}, "right"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_entry_that_contradicts_itself_is_refused(changes, said):
    with pytest.raises(InputRefused, match=r"CHSD011E") as caught:
        catalog(**changes)
    assert said in str(caught.value)
    assert "line " in str(caught.value)


def test_a_name_that_is_no_dataset_name_is_refused():
    with pytest.raises(InputRefused, match="CHSD011E"):
        Catalog.parse("datasets: {a.b: {title: t}}")


def test_encrypted_files_of_specific_personal_data_need_no_seal_of_ours():
    entry = catalog(
        recfm="U", lrecl=None, layouts=None, code_page=None, suffix=".age", **{"class": "specific-personal"}
    )["A.B"]
    assert (entry.sealed, entry.suffix) == (False, ".age")
    with pytest.raises(InputRefused, match="needs sealed"):
        catalog(
            recfm="U",
            lrecl=None,
            layouts=None,
            code_page=None,
            suffix=".pdf",
            **{"class": "specific-personal"},
        )


def test_an_lrecl_that_is_not_the_copybooks_names_both():
    with pytest.raises(InputRefused, match="LRECL 33 in the catalogue, but 32 bytes in copybook UNMATCH"):
        catalog(lrecl="33")["A.B"].layout(date(2020, 1, 1))


def test_the_layout_is_that_of_the_business_date():
    two = "[{from: 2016-01-01, to: 2019-12-31, copybook: UNMATCH}, {from: 2021-01-01, copybook: NUMMAST}]"
    entry = catalog(layouts=two)["A.B"]
    assert entry.layout(date(2019, 12, 31)).name == "UNMATCH"
    with pytest.raises(InputRefused, match=r"LRECL 32 .* copybook NUMMAST"):
        entry.layout(date(2021, 1, 1))
    for day in (date(2015, 12, 31), date(2020, 6, 1)):
        with pytest.raises(InputRefused, match=f"CHSD102E .* {day}"):
            entry.layout(day)


def test_a_tag_of_no_field_is_refused():
    with pytest.raises(InputRefused, match=r"CHSD103E .* NOPE .* UNMATCH"):
        catalog(tags="{NOPE: kana}")["A.B"].layout(date(2020, 1, 1))


def test_an_unknown_dataset_is_refused():
    assert "A.B" in catalog()
    with pytest.raises(InputRefused, match=r"CHSD100E dataset X\.Y"):
        _ = catalog()["X.Y"]


def test_an_external_file_is_one_part_of_whole_records(tmp_path):
    entry = catalog(external="in/A.DAT", generations=None)["A.B"]
    with pytest.raises(InputRefused, match=r"CHSD104E dataset A\.B: its file .*A\.DAT"):
        entry.source(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in/A.DAT").write_bytes(b"x" * 64)
    part = entry.source(tmp_path)
    assert (part.records, part.plain_bytes, part.file_key) == (2, 64, None)
    (tmp_path / "in/A.DAT").write_bytes(b"x" * 65)
    with pytest.raises(InputRefused, match=r"CHSD105E .* 65 bytes .* 32 bytes; 1 bytes"):
        entry.source(tmp_path)


def test_the_schema_for_editors_knows_the_keys_as_they_are_written():
    entry = catalog_schema()["$defs"]["Entry"]
    assert {"class", "recfm", "right"} <= set(entry["required"])
    assert "dsn" not in entry["properties"]
