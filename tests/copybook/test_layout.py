"""Layouts: finding fields by name, and the promise that the fields tile the record."""

import pytest
from hypothesis import given, settings

from chosho.copybook import Layout, parse
from chosho.errors import InputRefused
from tests.copybook.records import copybooks
from tests.copybook.text import layout

TWICE = (
    "01  R.",
    "    05  G.",
    "        10  A PIC X.",
    "    05  H.",
    "        10  A PIC X(2).",
    "        10  B PIC X.",
)


def test_fields_are_found_by_name_in_any_case():
    found = layout("01  R.", "    05  Policy-No PIC X(11).", "    05  T OCCURS 2 PIC X.")
    assert found["policy-no"].length == 11
    assert found["T(2)"].offset == 12
    assert "POLICY-NO" in found
    assert "T" not in found


def test_a_name_that_is_not_there_is_refused():
    with pytest.raises(InputRefused, match="CHSC021E R has no field B"):
        layout("01  R.", "    05  A PIC X.")["B"]


def test_a_name_that_several_fields_have_must_be_qualified():
    found = layout(*TWICE)
    with pytest.raises(InputRefused, match="CHSC022E R: A names more than one field"):
        found["A"]
    assert (found["A OF G"].offset, found["A OF H"].offset, found["A OF H OF R"].offset) == (0, 1, 1)
    assert list(found.named()) == ["A OF G", "A OF H", "B"]


def test_fields_that_no_qualification_tells_apart_have_no_name():
    found = layout("01  R.", "    05  A PIC X.", "    05  A PIC X.")
    with pytest.raises(InputRefused, match="CHSC022E"):
        found.named()


def test_filler_has_no_name():
    found = layout("01  R.", "    05  FILLER PIC X(2).", "    05  A PIC X.")
    assert list(found.named()) == ["A"]
    with pytest.raises(InputRefused, match="CHSC021E R has no field FILLER"):
        found["FILLER"]


def test_the_same_text_gives_an_equal_layout():
    assert layout(*TWICE) == layout(*TWICE)
    assert hash(layout(*TWICE)) == hash(layout(*TWICE))


@given(copybooks())
@settings(max_examples=60, deadline=None)
def test_fields_that_are_not_redefined_tile_the_record(text):
    found = parse(text, dialect="gnucobol")
    assert_tiled(found)


def assert_tiled(found: Layout) -> None:
    offset = 0
    for field in found.fields:
        if not field.redefined:
            assert field.offset == offset
            offset += field.length
        assert 0 <= field.offset < field.offset + field.length <= found.length
    assert offset == found.length
