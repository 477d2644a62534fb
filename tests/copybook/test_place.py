"""Offsets, tables, slack bytes and SYNC; the fields that are not redefined tile the record."""

import pytest

from chosho.copybook import DIALECTS
from tests.copybook.text import layout, refusal


def places(*lines: str, dialect: str = "ibm") -> list[tuple[str, int, int]]:
    return [(field.name, field.offset, field.length) for field in layout(*lines, dialect=dialect).fields]


def test_tables_are_written_out_with_their_subscripts():
    assert places(
        "01  R.",
        "    05  A PIC X(3) OCCURS 2 TIMES.",
        "    05  G OCCURS 2.",
        "        10  H PIC 9(2) OCCURS 2.",
        "        10  I PIC X.",
    ) == [
        ("A(1)", 0, 3),
        ("A(2)", 3, 3),
        ("H(1,1)", 6, 2),
        ("H(1,2)", 8, 2),
        ("I(1)", 10, 1),
        ("H(2,1)", 11, 2),
        ("H(2,2)", 13, 2),
        ("I(2)", 15, 1),
    ]


def test_a_table_of_one_keeps_its_subscript():
    assert places("01  R.", "    05  A OCCURS 1 PIC X.") == [("A(1)", 0, 1)]


def test_a_larger_redefinition_makes_the_record_grow_by_slack():
    lines = (
        "01  R.",
        "    05  A PIC X(3).",
        "    05  B REDEFINES A PIC X(5).",
        "    05  C PIC X.",
        "    05  D PIC X.",
        "    05  E REDEFINES D PIC X(2).",
    )
    assert places(*lines) == [
        ("A", 0, 3),
        ("B", 0, 5),
        ("FILLER", 3, 2),
        ("C", 5, 1),
        ("D", 6, 1),
        ("E", 6, 2),
        ("FILLER", 7, 1),
    ]
    assert [item.name for item in layout(*lines).items if item.slack] == ["FILLER", "FILLER"]


def test_a_redefining_table_counts_with_all_its_occurrences():
    found = layout(
        "01  R.", "    05  A PIC X(4).", "    05  B REDEFINES A OCCURS 3 PIC X(2).", "    05  C PIC X."
    )
    assert (found["C"].offset, found.length) == (6, 7)


def test_sync_moves_binary_items_to_their_alignment():
    assert places(
        "01  R.",
        "    05  A PIC X.",
        "    05  B PIC S9(4) COMP SYNC.",
        "    05  C PIC X.",
        "    05  D PIC S9(9) COMP SYNCHRONIZED RIGHT.",
        "    05  E PIC S9(5) COMP-3 SYNC.",
        "    05  F PIC X SYNC LEFT.",
    ) == [
        ("A", 0, 1),
        ("FILLER", 1, 1),
        ("B", 2, 2),
        ("C", 4, 1),
        ("FILLER", 5, 3),
        ("D", 8, 4),
        ("E", 12, 3),
        ("F", 15, 1),
    ]


@pytest.mark.parametrize(("dialect", "offset"), [("ibm", 4), ("fujitsu", 4), ("gnucobol", 8)])
def test_dialects_align_eight_byte_items_differently(dialect, offset):
    found = layout("01  R.", "    05  A PIC X.", "    05  B PIC S9(10) COMP SYNC.", dialect=dialect)
    assert found["B"].offset == offset


@pytest.mark.parametrize(("dialect", "length"), [("ibm", 2), ("fujitsu", 2), ("gnucobol", 1)])
def test_dialects_store_short_native_items_differently(dialect, length):
    assert layout("01  R.", "    05  A PIC S99 COMP-5.", dialect=dialect).length == length


def test_an_unknown_dialect_is_refused():
    assert refusal("01  R PIC X.", dialect="acu") == (
        "CHSC024E dialect acu is not known (known: ibm, fujitsu, gnucobol)"
    )
    assert list(DIALECTS) == ["ibm", "fujitsu", "gnucobol"]


def test_an_aligned_item_needs_no_slack_anywhere():
    found = layout(
        "01  R.",
        "    05  A PIC X(4).",
        "    05  G.",
        "        10  B PIC S9(9) COMP SYNC.",
        "    05  T OCCURS 3.",
        "        10  C PIC S9(4) COMP SYNC.",
        "        10  D PIC X(2).",
        "    05  E PIC X(4).",
        "    05  F REDEFINES E PIC S9(9) COMP SYNC.",
    )
    assert (found.length, any(item.slack for item in found.items)) == (24, False)


@pytest.mark.parametrize(
    "lines",
    [
        ("05  A PIC X.", "05  G.", "    10  B PIC S9(9) COMP SYNC."),
        ("05  T OCCURS 2.", "    10  A PIC X.", "    10  B PIC S9(9) COMP SYNC."),
        ("05  T OCCURS 2.", "    10  B PIC S9(9) COMP SYNC.", "    10  A PIC X."),
        ("05  T OCCURS 2.", "    10  G.", "        15  B PIC S9(9) COMP SYNC.", "    10  A PIC X."),
        ("05  A PIC X.", "05  B PIC S9(9) COMP SYNC OCCURS 2."),
        ("05  A PIC X(8).", "05  G REDEFINES A.", "    10  B PIC X.", "    10  C PIC S9(9) COMP SYNC."),
        ("05  Z PIC X.", "05  A PIC X(4).", "05  B REDEFINES A PIC S9(9) COMP SYNC."),
    ],
    ids=[
        "start of a group",
        "in a table",
        "table stride",
        "deep in a table",
        "a table",
        "in a redefinition",
        "redefinition",
    ],
)
def test_slack_where_compilers_differ_is_refused(lines):
    assert "SYNC needs slack bytes in a place that is not supported" in refusal("01  R.", *lines)


def test_a_record_longer_than_a_host_dataset_allows_is_refused():
    assert layout("01  R.", "    05  A PIC X(32760).").length == 32_760
    message = refusal(
        "01  R.", "    05  A OCCURS 32760.", "        10  B OCCURS 32760.", "            15  C PIC X(9)."
    )
    assert message.startswith("CHSC026E T.cpy line 1: R is 9658")
