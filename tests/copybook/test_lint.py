"""Lint: what a copybook may say by accident."""

from chosho.copybook import lint
from tests.copybook.text import fixed


def findings(text: str) -> list[tuple[str, int, str]]:
    return [(finding.message_id, finding.line, finding.word) for finding in lint(text, source="T.cpy")]


def test_a_clean_copybook_has_no_findings():
    lines = [
        "000100 01  R.".ljust(72) + "ABCD0001",
        "000200     05  A PIC X.".ljust(72) + "00000120",
        "000300*    A comment may run on beyond column 72 for as long as its author has something to say",
        "AB0400     05  B PIC X.".ljust(72) + "CBLMEM01",
    ]
    text = "\n".join(lines)
    assert findings(text) == []


def test_code_beyond_column_72_is_found():
    line = "           05  A PIC X(3) VALUE SPACES".ljust(70) + ". OCCURS 3."
    assert findings(f"       01  R.\n{line}\n") == [("CHSC040W", 2, "OCCURS")]


def test_code_before_column_7_is_found():
    assert findings("       01  R.\nNAME       05  A PIC X.\n") == [("CHSC046W", 2, "NAME")]


def test_tabs_are_found():
    assert findings("       01  R.\n\t   05  A PIC X.\n") == [("CHSC041W", 2, "")]


def test_a_comment_outside_column_7_is_found():
    assert findings("       * note\n       *> standard\n       01  R PIC X.\n") == [("CHSC042W", 1, "*")]


def test_a_redefinition_larger_than_its_item_is_found():
    text = fixed(
        "01  R.",
        "    05  A PIC X(4).",
        "    05  B REDEFINES A PIC X(4).",
        "    05  C REDEFINES A OCCURS 3 PIC X(2).",
    )
    assert findings(text) == [("CHSC043W", 4, "C")]


def test_names_that_are_not_unique_in_their_record_are_found():
    text = fixed(
        "01  R.", "    05  G.", "        10  A PIC X.", "    05  H.", "        10  a PIC X.", "    05  FILLER PIC X.",
        "    05  FILLER PIC X.", "01  S.", "    05  A PIC X."
    )  # fmt: skip
    assert findings(text) == [("CHSC044W", 3, "A"), ("CHSC044W", 5, "a")]


def test_uneven_levels_are_found():
    assert findings(fixed("01  R.", "    05  A PIC X.", "    04  B PIC X.")) == [("CHSC045W", 3, "B")]


def test_free_format_has_no_columns_to_check():
    assert findings("01 R.\n" + " " * 70 + "05 A PIC X.\n* note\n") == []


def test_a_finding_is_worded_from_the_message_table():
    (finding,) = lint("01 R.\n05\tA PIC X.\n", source="T.cpy")
    assert finding.text == "CHSC041W T.cpy line 2: a tab stands in the line"
