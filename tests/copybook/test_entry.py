"""Data description entries: every clause, in any order, and every word that is not known."""

import pytest

from chosho.copybook import Kind
from tests.copybook.text import layout, refusal


def field(clauses: str):
    return layout("01  R.", f"    05  A {clauses}.")["A"]


@pytest.mark.parametrize(
    ("clauses", "kind", "length"),
    [
        ("PIC X(3)", Kind.TEXT, 3),
        ("PICTURE IS X(3) USAGE DISPLAY", Kind.TEXT, 3),
        ("PIC 9(5)", Kind.ZONED, 5),
        ("PIC S9(5)", Kind.ZONED, 5),
        ("PIC S9(5) SIGN TRAILING", Kind.ZONED, 5),
        ("PIC S9(5) SIGN IS LEADING SEPARATE CHARACTER", Kind.ZONED, 6),
        ("PIC S9(5) TRAILING SEPARATE", Kind.ZONED, 6),
        ("PIC 9(3)PPP", Kind.ZONED, 3),
        ("USAGE IS COMP-3 PIC S9(5)", Kind.PACKED, 3),
        ("PIC S9(4) PACKED-DECIMAL", Kind.PACKED, 3),
        ("PIC 9(31) COMPUTATIONAL-3", Kind.PACKED, 16),
        ("PIC S9 COMP", Kind.BINARY, 2),
        ("PIC S9(4) BINARY", Kind.BINARY, 2),
        ("PIC 9(5) COMPUTATIONAL", Kind.BINARY, 4),
        ("PIC S9(9) COMP-4", Kind.BINARY, 4),
        ("PIC S9(10) USAGE COMPUTATIONAL-4", Kind.BINARY, 8),
        ("PIC S9(16)V99 COMP", Kind.BINARY, 8),
        ("PIC S9(2) COMP-5", Kind.BINARY, 2),
        ("PIC S9(18) COMP-5", Kind.BINARY, 8),
        ("PIC VPP99 COMP-3", Kind.PACKED, 2),
        ("PIC N(10)", Kind.NATIONAL, 20),
        ("PIC N(10) USAGE NATIONAL", Kind.NATIONAL, 20),
        ("PIC N(10) DISPLAY-1", Kind.NATIONAL, 20),
        ("PIC G(5) USAGE IS DISPLAY-1", Kind.NATIONAL, 10),
        ("pic s9(3)v9 usage comp-3", Kind.PACKED, 3),
    ],
)
def test_usage_and_picture_give_kind_and_length(clauses, kind, length):
    found = field(clauses)
    assert (found.kind, found.length) == (kind, length)


def test_sign_and_byte_order_are_kept():
    leading = field("PIC S9(3) SIGN LEADING")
    separate = field("PIC S9(3) SIGN TRAILING SEPARATE")
    assert (leading.signed, leading.sign_leading, leading.sign_separate) == (True, True, False)
    assert (separate.signed, separate.sign_leading, separate.sign_separate) == (True, False, True)
    assert (field("PIC S9(9) COMP-5").native, field("PIC S9(9) COMP").native) == (True, False)


def test_justified_and_blank_when_zero_are_kept():
    assert field("PIC X(5) JUSTIFIED RIGHT").justified
    assert field("PIC X(5) JUST").justified
    assert field("PIC 9(5) BLANK WHEN ZEROES").blank_when_zero
    assert field("BLANK ZERO PIC 9(5)").blank_when_zero


@pytest.mark.parametrize(
    "value",
    ["SPACES", "ZERO", "ALL 'AB'", "ALL SPACES", "HIGH-VALUES", "'IT''S'", '"A"', "X'C1C2'", "-1.5", "+3", ".5", "IS 300", "NULLS"],
)  # fmt: skip
def test_values_are_read_and_take_no_part_in_the_layout(value):
    assert field(f"PIC X(4) VALUE {value}").length == 4


def test_keys_and_indexes_of_tables_take_no_part_in_the_layout():
    found = layout(
        "01  R.",
        "    05  T OCCURS 3 TIMES ASCENDING KEY IS K1 K2",
        "          DESCENDING K3 INDEXED BY I J.",
        "        10  K1 PIC X.",
        "        10  K2 OCCURS 2 INDEXED BY L PIC X.",
    )
    assert found.length == 9


def test_listing_words_stand_between_entries():
    assert layout("01  R.", "EJECT", "    05  A PIC X.", "SKIP1.", "    05  B PIC X.").length == 2


@pytest.mark.parametrize(
    "name", ["契約者名", "証券-番号", "A_B", "0-FIELD", "88-LEVELS", "ﾅﾏｴ", "々", "ページ１"]
)
def test_data_names_may_be_japanese(name):
    assert layout("01  R.", f"    05  {name} PIC X(2).")[name].length == 2


@pytest.mark.parametrize("name", ["12", "-A", "A-", "A+B", "A.B", "A　B", "名・前", "'A'", "A(1)"])
def test_what_is_no_data_name_is_refused(name):
    assert refusal("01  R.", f"    05  {name} PIC X.").startswith(
        f"CHSC001E T.cpy line 2: {name} is not known here"
    )


@pytest.mark.parametrize("line", ["05  FILLER PIC X.", "05  PIC X.", "05  filler PIC X."])
def test_an_item_without_a_name_is_filler(line):
    found = layout("01  R.", line).fields
    assert [(field.name, field.filler) for field in found] == [("FILLER", True)]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("05  A PIC X FOO.", "CHSC001E T.cpy line 2: FOO is not known here"),
        ("05  A PIC X (3).", "CHSC001E T.cpy line 2: (3) is not known here"),
        ("05  A PIC.", "CHSC001E T.cpy line 2: PIC is not known here"),
        ("05  A B PIC X.", "CHSC001E T.cpy line 2: B is not known here"),
        ("05  A PIC X EXTERNAL.", "CHSC001E T.cpy line 2: EXTERNAL is not known here"),
        ("05  A USAGE FOO.", "CHSC001E T.cpy line 2: FOO is not known here"),
        ("05  A PIC S9 SIGN SEPARATE.", "CHSC001E T.cpy line 2: SEPARATE is not known here"),
        ("05  A PIC 9 BLANK WHEN SPACE.", "CHSC001E T.cpy line 2: SPACE is not known here"),
        ("A PIC X.", "CHSC001E T.cpy line 2: A is not known here"),
        ("'05' A PIC X.", "CHSC001E T.cpy line 2: '05' is not known here"),
        ("005 A PIC X.", "CHSC001E T.cpy line 2: 005 is not known here"),
        ("05  A PIC X", "CHSC025E T.cpy line 2: X: no period ends the item"),
        ("05  A PIC X 05 B PIC X.", "CHSC001E T.cpy line 2: 05 is not known here"),
        ("66  AB RENAMES A THRU B.", "CHSC002E T.cpy line 2: AB: RENAMES (level 66) is not supported"),
        ("05  A OCCURS 1 TO 5 DEPENDING ON N PIC X.", "CHSC003E T.cpy line 2: TO: a table of variable size"),
        (
            "05  A OCCURS 5 DEPENDING ON N PIC X.",
            "CHSC003E T.cpy line 2: DEPENDING: a table of variable size",
        ),
        ("05  A OCCURS 0 TO 5 TIMES PIC X.", "CHSC003E T.cpy line 2: TO: a table of variable size"),
        ("05  A PIC ZZ9.", "CHSC004E T.cpy line 2: ZZ9 is an edited picture"),
        ("05  A COMP-1.", "CHSC005E T.cpy line 2: COMP-1: this usage is not supported"),
        (
            "05  A USAGE COMPUTATIONAL-2.",
            "CHSC005E T.cpy line 2: COMPUTATIONAL-2: this usage is not supported",
        ),
        ("05  A PIC 9(6) COMP-6.", "CHSC005E T.cpy line 2: COMP-6: this usage is not supported"),
        ("05  A USAGE IS POINTER.", "CHSC005E T.cpy line 2: POINTER: this usage is not supported"),
        ("05  COMP-2.", "CHSC005E T.cpy line 2: COMP-2: this usage is not supported"),
        ("50  A PIC X.", "CHSC009E T.cpy line 2: 50 is not a level number"),
        ("00  A PIC X.", "CHSC009E T.cpy line 2: 00 is not a level number"),
        ("78  A VALUE 1.", "CHSC009E T.cpy line 2: 78 is not a level number"),
        ("05  A PIC X PIC X.", "CHSC013E T.cpy line 2: PIC stands twice in one item"),
        ("05  A PIC 9 COMP USAGE BINARY.", "CHSC013E T.cpy line 2: USAGE stands twice in one item"),
        ("COPY XCPY1.", "CHSC015E T.cpy line 2: COPY: compiler statements are not carried out"),
        ("05  A OCCURS X PIC X.", "CHSC019E T.cpy line 2: X is not a number of occurrences"),
        ("05  A OCCURS 0 TIMES PIC X.", "CHSC019E T.cpy line 2: 0 is not a number of occurrences"),
        ("05  A OCCURS 99999 TIMES PIC X.", "CHSC019E T.cpy line 2: 99999 is not a number of occurrences"),
        ("05  A PIC X VALUE FOO.", "CHSC027E T.cpy line 2: FOO is not a literal"),
        ("05  A PIC X VALUE ALL 1.", "CHSC027E T.cpy line 2: 1 is not a literal"),
        ("05  A PIC 9 VALUE 1 THRU 2.", "CHSC027E T.cpy line 2: THRU is not a literal"),
        ("05  A PIC X VALUE 'A' 'B'.", "CHSC001E T.cpy line 2: 'B' is not known here"),
    ],
)
def test_what_is_not_known_is_refused_with_line_and_word(line, message):
    assert refusal("01  R.", line).startswith(message)
