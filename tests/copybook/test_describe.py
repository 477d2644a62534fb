"""The printed layout: rows with offsets from 1."""

from chosho.copybook import describe
from tests.copybook.text import layout


def test_rows_show_groups_tables_redefinitions_and_slack():
    found = layout(
        "01  R.",
        "    05  A PIC x(3).",
        "    05  B REDEFINES A.",
        "        10  N PIC N.",
        "    05  C PIC S9(4) COMP SYNC.",
        "    05  T OCCURS 3.",
        "        10  P PIC S9(5)V99 COMP-3.",
        "        10  Q COMP-5 PIC 9(4).",
    )
    assert [
        (row.level, row.name, row.picture, row.usage, row.offset, row.length, row.remark)
        for row in describe(found)
    ] == [
        (1, "R", "", "", 1, 24, ""),
        (5, "A", "X(3)", "DISPLAY", 1, 3, ""),
        (5, "B", "", "", 1, 2, "REDEFINES A"),
        (10, "N", "N", "NATIONAL", 1, 2, ""),
        (5, "FILLER", "X(1)", "DISPLAY", 4, 1, "slack"),
        (5, "C", "S9(4)", "COMP", 5, 2, ""),
        (5, "T", "", "", 7, 6, "OCCURS 3"),
        (10, "P", "S9(5)V99", "COMP-3", 7, 4, ""),
        (10, "Q", "9(4)", "COMP-5", 11, 2, ""),
    ]


def test_a_copybook_without_level_01_has_no_row_for_its_record():
    assert [row.name for row in describe(layout("05  A PIC X.", "05  B PIC X."))] == ["A", "B"]
