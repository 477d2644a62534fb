"""Masking of records that are looked at."""

import pytest

from chosho import copybook
from chosho.dataset.catalog import Catalog, Entry
from chosho.dataset.mask import open_fields, shown

COPYBOOK = """\
       01  R.
           05  POLICY-NO      PIC X(11).
           05  NUMBER-ITEM    PIC X(13).
           05  NUMBER-PARTS REDEFINES NUMBER-ITEM.
             10  NUMBER-HEAD  PIC X(6).
             10  NUMBER-TAIL  PIC X(7).
           05  FULL-NAME      PIC N(10).
           05  KANA           PIC X(10).
           05  REMARKS        PIC X(40).
           05  RULE-TEXT      PIC X(20).
           05  CODE           PIC X(2).
           05  PAID-ON        PIC 9(8).
           05  LONG-DIGITS    PIC 9(12).
           05  AMOUNT         PIC S9(11) COMP-3.
"""


def _entry(klass: str) -> Entry:
    tags = "{POLICY-NO: key, NUMBER-ITEM: secret, KANA: kana, RULE-TEXT: code}"
    text = (
        f"datasets:\n  T.R: {{title: t, layouts: [{{from: 2016-01-01, copybook: R}}], recfm: F, lrecl: 142, code_page: CP932, "
        f"class: {klass}, sealed: true, generations: 1, right: t.use, tags: {tags}}}\n"
    )
    return Catalog.parse(text)["T.R"]


LAYOUT = copybook.parse(COPYBOOK)


def test_only_what_is_known_to_be_harmless_is_open():
    assert open_fields(_entry("personal"), LAYOUT) == {"POLICY-NO", "RULE-TEXT", "CODE", "PAID-ON", "AMOUNT"}


def test_another_view_of_a_secret_field_is_secret_in_every_class():
    names = {"NUMBER-ITEM", "NUMBER-HEAD", "NUMBER-TAIL"}
    assert not names & open_fields(_entry("none"), LAYOUT)
    assert open_fields(_entry("none"), LAYOUT) | names == set(LAYOUT.named())


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("AB", "AB"),
        (20260115, 20260115),
        ("", ""),
        (None, None),
        ("山", "**"),
        ("123456789018", "**"),
        ("7123456789012", "**"),
    ],
)
def test_an_open_field_shows_ascii_that_is_no_number(value: str | int | None, told: object):
    assert shown(_entry("personal"), LAYOUT["CODE"], value, is_open=True) == told


def test_a_masked_field_tells_only_that_something_is_there():
    entry = _entry("personal")
    assert shown(entry, LAYOUT["NUMBER-ITEM"], "0123456789018", is_open=False) == "*" * 13
    assert shown(entry, LAYOUT["NUMBER-ITEM"], "", is_open=False) == ""
    assert shown(entry, LAYOUT["LONG-DIGITS"], 123456789018, is_open=False) == "*" * 12
