"""Literals of condition names: numbers, text, hexadecimal, figurative constants, ranges."""

import pytest

from chosho.copybook import Condition, Literal, LiteralForm, Range
from tests.copybook.text import layout, refusal


def values(clause: str) -> list[tuple[str, ...]]:
    (condition,) = layout("01  R.", "    05  A PIC X(4).", f"        88  C {clause}.")["A"].conditions
    return [
        tuple(f"{end.form}:{end.text}" for end in (value.low, value.high) if end is not None)
        for value in condition.values
    ]


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("VALUE 'Y' 'y'", [("text:Y",), ("text:y",)]),
        ("VALUE 'A' THRU 'M'", [("text:A", "text:M")]),
        ("VALUES ARE 1 THROUGH 6, 8", [("number:1", "number:6"), ("number:8",)]),
        ("VALUE -999.99 THRU -000.01", [("number:-999.99", "number:-000.01")]),
        ("VALUE X'F1' 'IT''S'", [("hex:F1",), ("text:IT'S",)]),
        ("VALUE N'漢字' G'漢' NX'5F22'", [("national:漢字",), ("national:漢",), ("hex:5F22",)]),
        (
            "VALUE SPACES ZEROES LOW-VALUE",
            [("figurative:SPACE",), ("figurative:ZERO",), ("figurative:LOW-VALUE",)],
        ),
        ("VALUE ALL 'AB' ALL ZEROS", [("all:AB",), ("figurative:ZERO",)]),
    ],
)
def test_condition_names_carry_their_values(clause, expected):
    assert values(clause) == expected


def test_several_condition_names_belong_to_the_item_before_them():
    found = layout(
        "01  R.",
        "    05  G.",
        "        88  G-NONE VALUE SPACES.",
        "        10  A PIC X.",
        "            88  A-YES VALUE 'Y'.",
        "            88  A-NO VALUE 'N'.",
        "        10  B PIC X.",
    )
    assert [condition.name for condition in found["A"].conditions] == ["A-YES", "A-NO"]
    assert found["A"].conditions[0] == Condition(
        name="A-YES", values=(Range(low=Literal(form=LiteralForm.TEXT, text="Y")),)
    )
    assert found["B"].conditions == ()


@pytest.mark.parametrize(
    ("clause", "word"),
    [
        ("VALUE X'F'", "X'F'"),
        ("VALUE X''", "X''"),
        ("VALUE X'GG'", "X'GG'"),
        ("VALUE Q'A'", "Q'A'"),
        ("VALUE YES", "YES"),
        ("VALUE 1 THRU", "THRU"),
        ("VALUE", "VALUE"),
        ("", "C"),
        ("VALUE 'A' PIC X", "PIC"),
    ],
)
def test_what_is_no_value_is_refused(clause, word):
    message = refusal("01  R.", "    05  A PIC X(4).", f"        88  C {clause}.")
    assert message.split(" is not ")[0] in {
        f"CHSC027E T.cpy line 3: {word}",
        f"CHSC001E T.cpy line 3: {word}",
    }


def test_a_condition_name_needs_an_item_and_a_name():
    assert refusal("88  C VALUE 1.").startswith("CHSC009E T.cpy line 1: C is not a level number")
    assert refusal("01  A PIC X.", "88  VALUE 1.").startswith("CHSC027E")
