"""Check digits of individual numbers (個人番号, 12 digits) and corporate numbers (法人番号, 13 digits).

個人番号: 番号法省令 (平成26年総務省令85号) 第5条. P_n is the n-th digit from the right of the first 11, its weight
Q_n is n+1 for n = 1..6 and n-5 for n = 7..11; r = (sum of P_n Q_n) mod 11; the check digit is 0 when r <= 1, else 11 - r.
法人番号: 法人番号の指定等に関する省令 (平成26年財務省令70号) 第2条. Over the last 12 digits, from the right, weight 1 at
odd and 2 at even places; the check digit is 9 - (sum mod 9) and stands first, so it is never 0.

Only ASCII digits count. The scalar functions ask python-stdnum, after that test: it would strip hyphens and take
full-width digits. The block functions are for bulk work on records (ASCII bytes, one number per row); tests hold
them against python-stdnum. Nothing here ever puts a number into an exception.
"""

import re

import numpy as np
import numpy.typing as npt
from stdnum.jp import cn, in_

Block = npt.NDArray[np.uint8]
"""ASCII bytes, one row per number."""

CORPORATE_DIGITS = 13
"""Digits of a corporate number (法人番号)."""

_INDIVIDUAL = re.compile(r"[0-9]{12}", re.ASCII)
_CORPORATE = re.compile(r"[0-9]{13}", re.ASCII)
_INDIVIDUAL_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_CORPORATE_WEIGHTS = (2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1)
_ZERO = 0x30
_NINE = 9


def is_individual_number(text: str) -> bool:
    """Return whether a text is an individual number (個人番号): 12 ASCII digits with the right check digit."""
    return _INDIVIDUAL.fullmatch(text) is not None and bool(in_.is_valid(text))


def is_corporate_number(text: str) -> bool:
    """Return whether a text is a corporate number (法人番号): 13 ASCII digits with the right check digit."""
    return _CORPORATE.fullmatch(text) is not None and bool(cn.is_valid(text))


def individual_check_digit(digits: Block) -> Block:
    """Return the check digits of individual numbers as ASCII, shape ``[n]``.

    Args:
        digits: the first 11 digits of each, ASCII, shape ``[n, 11]``. Rows with other bytes give a digit without
            meaning.
    """
    rest = _weighted(digits, _INDIVIDUAL_WEIGHTS) % 11
    return np.where(rest <= 1, _ZERO, _ZERO + 11 - rest).astype(np.uint8)


def corporate_check_digit(digits: Block) -> Block:
    """Return the check digits of corporate numbers as ASCII, shape ``[n]``; they stand before the base digits.

    Args:
        digits: the 12 base digits of each, ASCII, shape ``[n, 12]``. Rows with other bytes give a digit without
            meaning.
    """
    return (_ZERO + 9 - _weighted(digits, _CORPORATE_WEIGHTS) % 9).astype(np.uint8)


def individual_numbers_valid(numbers: Block) -> npt.NDArray[np.bool_]:
    """Return which rows are individual numbers with the right check digit; ASCII, shape ``[n, 12]`` to ``[n]``."""
    valid: npt.NDArray[np.bool_] = _all_digits(numbers) & (
        individual_check_digit(numbers[:, :-1]) == numbers[:, -1]
    )
    return valid


def corporate_numbers_valid(numbers: Block) -> npt.NDArray[np.bool_]:
    """Return which rows are corporate numbers with the right check digit; ASCII, shape ``[n, 13]`` to ``[n]``."""
    valid: npt.NDArray[np.bool_] = _all_digits(numbers) & (
        corporate_check_digit(numbers[:, 1:]) == numbers[:, 0]
    )
    return valid


def _all_digits(numbers: Block) -> npt.NDArray[np.bool_]:
    # The subtraction wraps around below "0", so one comparison finds the bytes on both sides of the digits.
    digits: npt.NDArray[np.bool_] = np.logical_and.reduce(numbers - np.uint8(_ZERO) <= _NINE, axis=1)
    return digits


def _weighted(digits: Block, weights: tuple[int, ...]) -> npt.NDArray[np.int32]:
    """Return the weighted sum of the digits of each row."""
    total = np.zeros(len(digits), dtype=np.int32)
    for place, weight in enumerate(weights):
        total += (digits[:, place].astype(np.int32) - _ZERO) * weight
    return total
