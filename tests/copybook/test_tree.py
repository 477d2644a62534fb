"""Levels, inheritance of usage and sign, REDEFINES: what belongs to what, and what contradicts what."""

import pytest

from chosho.copybook import Kind
from tests.copybook.text import layout, refusal


def test_groups_end_where_a_lower_level_number_comes():
    found = layout(
        "01  R.",
        "    05  G.",
        "        10  A PIC X.",
        "        10  H.",
        "            15  B PIC X(2).",
        "    05  C PIC X(4).",
    )
    assert [(field.name, field.path, field.offset) for field in found.fields] == [
        ("A", ("R", "G", "A"), 0),
        ("B", ("R", "G", "H", "B"), 1),
        ("C", ("R", "C"), 3),
    ]


def test_the_first_record_is_taken_unless_another_is_asked_for():
    lines = ("01  A PIC X(3).", "01  B.", "    05  C PIC X(5).", "77  D PIC 9(2).")
    assert (layout(*lines).name, layout(*lines).length) == ("A", 3)
    assert layout(*lines, record="b").length == 5
    assert layout(*lines, record="D").length == 2
    assert refusal(*lines, record="E") == "CHSC023E T.cpy has no record E"


def test_a_copybook_without_level_01_is_one_record_named_after_its_source():
    found = layout("05  A PIC X(3).", "05  G.", "    10  B PIC X.", "05  C PIC X.")
    assert (found.name, found.length) == ("T", 5)
    assert found["B"].path == ("T", "G", "B")


def test_a_record_may_redefine_another_one_of_any_size():
    lines = ("01  A PIC X(3).", "01  B REDEFINES A.", "    05  C PIC X(5).")
    assert (layout(*lines).length, layout(*lines, record="B").length) == (3, 5)


def test_usage_of_a_group_holds_for_its_numbers():
    found = layout(
        "01  R COMP-3.", "    05  G.", "        10  A PIC S9(5).", "        10  B PIC 9(3) PACKED-DECIMAL."
    )
    assert [(field.kind, field.length) for field in found.fields] == [(Kind.PACKED, 3), (Kind.PACKED, 2)]


def test_sign_of_a_group_holds_for_its_signed_zoned_numbers():
    found = layout(
        "01  R SIGN LEADING SEPARATE.",
        "    05  A PIC S9(3).",
        "    05  B PIC 9(3).",
        "    05  C PIC S9(3) COMP-3.",
        "    05  D PIC S9(3) SIGN TRAILING.",
        "    05  E PIC X(3).",
    )
    assert [field.length for field in found.fields] == [4, 3, 2, 3, 3]
    assert [field.sign_separate for field in found.fields] == [True, False, False, False, False]


def test_redefinitions_start_where_their_item_starts():
    found = layout(
        "01  R.",
        "    05  A PIC X(8).",
        "    05  B REDEFINES A.",
        "        10  Y PIC 9(4).",
        "        10  M PIC 9(2).",
        "    05  C REDEFINES A PIC 9(8).",
        "    05  D REDEFINES B PIC X(2).",
        "    05  Z PIC X.",
    )
    assert [(field.name, field.offset, field.length, field.redefined) for field in found.fields] == [
        ("A", 0, 8, False),
        ("Y", 0, 4, True),
        ("M", 4, 2, True),
        ("C", 0, 8, True),
        ("D", 0, 2, True),
        ("Z", 8, 1, False),
    ]
    assert found.length == 9


@pytest.mark.parametrize(
    "lines",
    [
        ("05  A PIC X.", "05  Z PIC X.", "05  B REDEFINES A PIC X."),
        ("05  B REDEFINES A PIC X.", "05  A PIC X."),
        ("05  A OCCURS 2 PIC X.", "05  B REDEFINES A PIC X."),
        ("05  G.", "    10  A PIC X.", "05  B REDEFINES A PIC X."),
        ("05  A PIC X.", "06  B REDEFINES A PIC X."),
        ("05  A PIC X.", "05  B REDEFINES B PIC X."),
    ],
    ids=["storage between", "not yet there", "a table", "another group", "another level", "itself"],
)
def test_redefines_names_the_item_just_before(lines):
    message = refusal("01  R.", *lines)
    assert message.startswith(("CHSC008E T.cpy line ", "CHSC012E T.cpy line "))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("05  A.", "05  B PIC X."), "CHSC011E T.cpy line 2: A has no picture and no items below it"),
        (("05  A PIC X.", "    10  B PIC X."), "CHSC012E T.cpy line 2: A has a picture and items below it"),
        (("05  A PIC X COMP.",), "CHSC007E T.cpy line 2: X does not go with the picture or usage of COMP"),
        (("05  A PIC N DISPLAY.",), "CHSC007E T.cpy line 2: N does not go with"),
        (("05  A PIC 9 NATIONAL.",), "CHSC007E T.cpy line 2: 9 does not go with"),
        (("05  G COMP-3.", "    10  A PIC X."), "CHSC007E T.cpy line 3: X does not go with"),
        (("05  G COMP-3.", "    10  A PIC 9 COMP."), "CHSC007E T.cpy line 3: COMP does not go with"),
        (("05  A PIC 9 JUST.",), "CHSC007E T.cpy line 2: JUST does not go with"),
        (("05  A PIC X BLANK WHEN ZERO.",), "CHSC007E T.cpy line 2: BLANK does not go with"),
        (("05  A PIC 9 COMP-3 BLANK WHEN ZERO.",), "CHSC007E T.cpy line 2: BLANK does not go with"),
        (("05  G SYNC.", "    10  A PIC X."), "CHSC007E T.cpy line 2: SYNC does not go with"),
        (("05  A PIC S9(19) COMP.",), "CHSC017E T.cpy line 2: S9(19) has too many digits"),
        (("05  A PIC S9(18)P COMP-5.",), "CHSC017E T.cpy line 2: S9(18)P has too many digits"),
        (("05  A PIC S9(32) COMP-3.",), "CHSC017E T.cpy line 2: S9(32) has too many digits"),
        (("05  A PIC 9(3) SIGN LEADING.",), "CHSC018E T.cpy line 2: SIGN: A is not a signed zoned item"),
        (
            ("05  A PIC S9(3) COMP-3 SIGN LEADING.",),
            "CHSC018E T.cpy line 2: SIGN: A is not a signed zoned item",
        ),
    ],
)
def test_clauses_that_contradict_each_other_are_refused(lines, message):
    assert refusal("01  R.", *lines).startswith(message)


def test_levels_01_and_77_stand_alone():
    assert refusal("05  A PIC X.", "01  R PIC X.").startswith(
        "CHSC009E T.cpy line 2: R is not a level number"
    )
    assert refusal("77  A PIC X.", "    05  B PIC X.").startswith(
        "CHSC009E T.cpy line 2: B is not a level number"
    )
    assert refusal("01  A OCCURS 2 PIC X.").startswith(
        "CHSC019E T.cpy line 1: 2 is not a number of occurrences"
    )


def test_uneven_levels_belong_to_the_nearest_group_above():
    found = layout(
        "01  R.",
        "    05  G.",
        "        10  A PIC X.",
        "        07  B PIC X.",
        "    04  C PIC X.",
    )
    assert [field.path for field in found.fields] == [("R", "G", "A"), ("R", "G", "B"), ("R", "C")]
