"""Check digits of individual and corporate numbers: the published examples, and python-stdnum as second opinion.

Every number here is from published explanations, or made up with a right check digit; none is a person's.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.jp import cn, in_

from chosho import identifiers

INDIVIDUAL = [
    "123456789018",
    "923456789014",
    "621498320257",
    "983205673214",
    "123456789000",
    "123456789050",
]
CORPORATE = ["7123456789012", "8010405006889", "7010705000725"]


def block(*rows: str) -> np.ndarray:
    return np.array([list(row.encode("cp932")) for row in rows], dtype=np.uint8)


@pytest.mark.parametrize("number", INDIVIDUAL)
def test_published_individual_numbers_are_right(number):
    assert identifiers.is_individual_number(number)
    assert identifiers.individual_check_digit(block(number[:11])).tobytes().decode() == number[11]


@pytest.mark.parametrize("number", CORPORATE)
def test_published_corporate_numbers_are_right(number):
    assert identifiers.is_corporate_number(number)
    assert identifiers.corporate_check_digit(block(number[1:])).tobytes().decode() == number[0]


def test_the_example_number_of_the_tax_offices_layout_has_a_wrong_check_digit():
    assert not identifiers.is_individual_number("123456789012")


@pytest.mark.parametrize(
    "text",
    ["１２３４５６７８９０１８", "1234-5678-9018", " 123456789018", "123456789018\n", "12345678901", ""],
)
def test_only_twelve_plain_digits_are_an_individual_number(text):
    assert not identifiers.is_individual_number(text)


@pytest.mark.parametrize(
    "text", ["７１２３４５６７８９０１２", "7-1234-5678-9012", "7123456789012\n", "0123456789012"]
)
def test_only_thirteen_plain_digits_are_a_corporate_number(text):
    assert not identifiers.is_corporate_number(text)


@given(st.lists(st.text("0123456789", min_size=11, max_size=11), min_size=1, max_size=50))
def test_individual_check_digits_agree_with_stdnum(bases):
    expected = "".join(in_.calc_check_digit(base) for base in bases)
    assert identifiers.individual_check_digit(block(*bases)).tobytes().decode() == expected


@given(st.lists(st.text("0123456789", min_size=12, max_size=12), min_size=1, max_size=50))
def test_corporate_check_digits_agree_with_stdnum(bases):
    expected = "".join(cn.calc_check_digit(base) for base in bases)
    assert identifiers.corporate_check_digit(block(*bases)).tobytes().decode() == expected


@given(
    st.lists(
        st.text("0123456789", min_size=12, max_size=12) | st.sampled_from(INDIVIDUAL), min_size=1, max_size=50
    )
)
def test_blocks_of_individual_numbers_agree_with_the_scalar_check(numbers):
    valid = identifiers.individual_numbers_valid(block(*numbers))
    assert valid.tolist() == [identifiers.is_individual_number(number) for number in numbers]


@given(
    st.lists(
        st.text("0123456789", min_size=13, max_size=13) | st.sampled_from(CORPORATE), min_size=1, max_size=50
    )
)
def test_blocks_of_corporate_numbers_agree_with_the_scalar_check(numbers):
    valid = identifiers.corporate_numbers_valid(block(*numbers))
    assert valid.tolist() == [identifiers.is_corporate_number(number) for number in numbers]


@given(st.integers(0, 11), st.integers(0, 255).filter(lambda byte: not 0x30 <= byte <= 0x39))
def test_a_byte_that_is_no_digit_makes_a_number_invalid(place, byte):
    numbers = block(INDIVIDUAL[0], INDIVIDUAL[0])
    numbers[1, place] = byte
    assert identifiers.individual_numbers_valid(numbers).tolist() == [True, False]


def test_an_empty_block_has_no_valid_numbers():
    assert identifiers.individual_numbers_valid(np.empty((0, 12), dtype=np.uint8)).shape == (0,)
    assert identifiers.corporate_numbers_valid(np.empty((0, 13), dtype=np.uint8)).shape == (0,)
