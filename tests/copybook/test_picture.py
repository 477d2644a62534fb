"""PICTURE strings: size, digits, scale and sign of each form; what is refused and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chosho.copybook.picture import Category, parse_picture
from chosho.copybook.source import Word
from chosho.errors import InputRefused


def picture(text: str):
    return parse_picture(Word(text=text, line=7, source="T.cpy"))


@pytest.mark.parametrize(
    ("text", "size"),
    [("X", 1), ("XXX", 3), ("X(10)", 10), ("x(03)X", 4), ("A(5)", 5), ("A9X(2)", 4), ("9(2)X", 3)],
)
def test_text_pictures_count_characters(text, size):
    assert (picture(text).category, picture(text).size) == (Category.TEXT, size)


@pytest.mark.parametrize(("text", "size"), [("N", 1), ("N(30)", 30), ("G(5)", 5), ("nn", 2)])
def test_double_byte_pictures_count_characters(text, size):
    assert (picture(text).category, picture(text).size) == (Category.NATIONAL, size)


@pytest.mark.parametrize(
    ("text", "digits", "scale", "signed", "positions"),
    [
        ("9", 1, 0, False, 1),
        ("S9(7)V99", 9, 2, True, 9),
        ("9(3)V9(3)", 6, 3, False, 6),
        ("SV9", 1, 1, True, 1),
        ("9V", 1, 0, False, 1),
        ("999PPP", 3, -3, False, 6),
        ("S999P(4)V", 3, -4, True, 7),
        ("VPP99", 2, 4, False, 4),
        ("SVPPP999", 3, 6, True, 6),
        ("PP9", 1, 3, False, 3),
    ],
)
def test_number_pictures_give_digits_scale_and_sign(text, digits, scale, signed, positions):
    found = picture(text)
    assert (found.digits, found.scale, found.signed, found.positions) == (digits, scale, signed, positions)
    assert (found.category, found.size) == (Category.NUMERIC, digits)


@given(st.integers(1, 15), st.integers(1, 15), st.booleans())
def test_written_out_and_counted_pictures_are_the_same(whole, decimals, signed):
    sign = "S" if signed else ""
    counted = picture(f"{sign}9({whole})V9({decimals})")
    written = picture(f"{sign}{'9' * whole}V{'9' * decimals}")
    assert (counted.digits, counted.scale, counted.signed) == (written.digits, written.scale, written.signed)


@pytest.mark.parametrize(
    "text",
    [
        "ZZ,ZZ9.99-",
        "$ZZ9",
        "9(5).99",
        "-(5)9",
        "+99",
        "***9",
        "99/99/99",
        "X(3)BX",
        "9B9",
        "99CR",
        "99DB",
        "N0N",
        "9.9E99",
    ],
)
def test_edited_pictures_are_refused_as_such(text):
    with pytest.raises(InputRefused, match=r"CHSC004E T\.cpy line 7: .* is an edited picture"):
        picture(text)


@pytest.mark.parametrize(
    "text",
    ["S", "V", "SV", "P", "9S", "99S", "9V9V9", "9P9", "PP9PP", "9VPP", "S999PPVP", "SPVPP9", "XN", "NG", "SX", "X(0)",
     "X(", "X()", "X(A)", "(3)", "X(3)(3)", "Q(3)", "X(99999)", "9(999999999)", "９", "X（３）", ""],
)  # fmt: skip
def test_what_is_no_picture_is_refused(text):
    with pytest.raises(InputRefused, match=r"CHSC006E T\.cpy line 7: .*is not a picture"):
        picture(text)
