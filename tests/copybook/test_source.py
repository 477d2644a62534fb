"""Copybook text into words: columns, comments, continuation, tabs, free format."""

import pytest

from chosho.copybook.source import WordKind, columns, is_free, words
from chosho.errors import InputRefused


def texts(text: str, *, free: bool = False) -> list[str]:
    return [word.text for word in words(text, source="T.cpy", free=free)]


def refusal(text: str, *, free: bool = False) -> str:
    with pytest.raises(InputRefused) as caught:
        words(text, source="T.cpy", free=free)
    return str(caught.value)


def test_fixed_format_reads_columns_8_to_72_only():
    line = "000100 01  REC".ljust(72) + "ABCD0001"
    assert texts(line + "\n" + "123456     PIC X." + " " * 60) == ["01", "REC", "PIC", "X", "."]


def test_comments_stand_in_column_7_or_behind_a_star_and_arrow():
    text = "      * 01 A.\n      / 01 B.\n       01  C. *> 02 D.\n      *> E\n           *> F\n\n      *\n"
    assert texts(text) == ["01", "C", "."]


def test_a_star_and_arrow_inside_a_literal_is_no_comment():
    assert texts("           VALUE '*> A'.") == ["VALUE", "'*> A'", "."]


def test_every_word_knows_its_line():
    found = words(
        "       01  A.\n      * -\n           05  B\n             PIC X.\n", source="T.cpy", free=False
    )
    assert [(word.text, word.line) for word in found] == [
        ("01", 1),
        ("A", 1),
        (".", 1),
        ("05", 3),
        ("B", 3),
        ("PIC", 4),
        ("X", 4),
        (".", 4),
    ]


def test_commas_and_semicolons_before_a_space_only_separate():
    assert texts("           VALUES 1, 2; 'A','B' , 3.") == ["VALUES", "1", "2", "'A'", "'B'", "3", "."]


def test_a_period_inside_a_word_is_part_of_it():
    assert texts("           PIC 9.9 VALUE 1.5.") == ["PIC", "9.9", "VALUE", "1.5", "."]


def test_a_word_is_continued_without_a_space():
    assert texts("           05  LONG-\n      -    NAME PIC X.\n") == ["05", "LONG-NAME", "PIC", "X", "."]


def test_a_literal_is_continued_with_its_blanks_up_to_column_72():
    text = "           VALUE 'AB\n      * comment\n\n      -    'CD'.\n"
    literal = "'AB" + " " * (72 - len("           VALUE 'AB")) + "CD'"
    assert texts(text) == ["VALUE", literal, "."]


def test_doubled_quotes_do_not_end_a_literal():
    assert texts("""           VALUE 'IT''S' "SAY ""HI"" ".""") == ["VALUE", "'IT''S'", '"SAY ""HI"" "', "."]


def test_literals_keep_their_prefix():
    found = words("           VALUE X'F1' N'漢' nx\"0041\".", source="T.cpy", free=False)
    assert [word.text for word in found if word.kind is WordKind.LITERAL] == ["X'F1'", "N'漢'", 'nx"0041"']


@pytest.mark.parametrize(
    "text",
    [
        "           VALUE 'AB.\n           05 B.\n",
        "           VALUE 'AB\n      -    CD'.\n",
        "           VALUE 'AB",
    ],
    ids=["not continued", "continued without a quote", "at the end"],
)
def test_an_open_literal_is_refused_with_its_line(text):
    assert refusal(text).startswith("CHSC010E T.cpy line ")


@pytest.mark.parametrize("indicator", ["D", "d", "$", "0", "X"])
def test_an_unknown_indicator_is_refused(indicator):
    assert refusal(f"000100{indicator}    05  A PIC X.") == (
        f"CHSC016E T.cpy line 1: {indicator} in column 7 is not supported"
    )


def test_a_full_width_character_takes_two_columns():
    assert columns("漢字AB", 1, 4) == "漢字"
    assert columns("漢字AB", 2, 5) == "字A"
    assert columns("ｶﾅAB", 3, 4) == "AB"
    line = "           05  " + "漢" * 20 + "PIC X."
    assert texts(line.ljust(52) + "ABCD0001") == ["05", "漢" * 20 + "PIC", "X", "."]


def test_a_tab_runs_to_the_next_stop_of_8():
    assert columns("\t05 A", 8, 12) == " 05 A"
    assert texts("\t05\tA\tPIC X.") == ["05", "A", "PIC", "X", "."]


def test_line_ends_byte_order_mark_and_end_mark_of_other_systems_are_no_words():
    assert texts("\ufeff       01  A.\r\n           05  B PIC X.\r\n\x1a") == [
        "01",
        "A",
        ".",
        "05",
        "B",
        "PIC",
        "X",
        ".",
    ]


def test_a_full_width_space_is_no_space():
    assert texts("           05　A PIC X.") == ["05　A", "PIC", "X", "."]


def test_free_format_has_no_columns():
    text = "01 A. *> record\n* comment\n" + " " * 80 + "05 B PIC X.\n"
    assert texts(text, free=True) == ["01", "A", ".", "05", "B", "PIC", "X", "."]


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("       01  REC.\n           05  A PIC X.\n", False),
        ("000100 01  REC.\n000200     05  A PIC X.\n", False),
        ("AB0100 01  REC.\n", False),
        ("    10 01  REC.\n    20     05  A PIC X.\n", False),
        ("      * 05 A\n           05  A PIC X.\n", False),
        ("\t05  A PIC X.\n", False),
        ("01 REC.\n  05 A PIC X.\n", True),
        ("   01 Ams-Vendor.\n", True),
        ("    05 A PIC X.\n", True),
        ("      01  A.\n", True),
        ("*> comment\n1 REC.\n", True),
        ("05 0-FIELD PIC X.\n", True),
    ],
)
def test_a_level_number_before_column_8_makes_free_format(text, free):
    assert is_free(text) is free
