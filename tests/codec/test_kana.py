"""Kana names compare as one name when only their spelling differs."""

import unicodedata

import numpy as np
import pytest

from chosho.codec import kana
from tests.model import match as model


def agree(one, other, width=40):
    """Return whether two names agree."""
    block = [np.frombuffer(text.encode("cp932").ljust(width), np.uint8)[None] for text in (one, other)]
    return bool(kana.agree(*block)[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ｶｸｳ ﾊﾅｺ", "ｶｸｳ ﾊﾅｺ"),
        ("ｶｸｳ ﾊﾅｺ", "ｶｸｳﾊﾅｺ"),
        ("ｶｸｳ ﾊﾅｺ", "カクウ　ハナコ"),
        ("ｶｸｳ ﾊﾅｺ", "かくう はなこ"),
        ("ｷｮｳｺ", "ｷﾖｳｺ"),
        ("ﾊｯﾄﾘ", "ハツトリ"),
        ("ｼﾞｭﾘｰ", "ジユリ－"),
        ("ｼﾞｭﾘｰ", "ｼﾞﾕﾘ-"),
        ("ﾊﾟﾊﾟ", "パパ"),
        ("ｶｰﾙ", "カ−ル"),
        ("ｶｰﾙ", "カ‐ル"),
        ("ｶｰﾙ", "カ―ル"),
        ("ｶｰﾙ", "ｶ~ﾙ"),
        ("ｶ)ｶｸｳ", "カ）カクウ"),
        ("ｳﾞｨｱ", "ヴィア"),
        ("ﾀﾞﾃ", "タ゛テ"),
        ("ABCｼｮｳｼﾞ", "ａｂｃショウジ"),
        ("ﾏﾘｱ･ﾙｲｽﾞ", "マリア・ルイズ"),
        ("ヵヶヮヰヱ", "カケワイエ"),
    ],
)
def test_two_spellings_of_one_name_agree(one, other):
    assert agree(one, other)
    assert agree(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ｶｸｳ ﾊﾅｺ", "ｶｸｳ ﾊﾅｴ"),
        ("ﾊﾊ", "ﾊﾞﾊﾞ"),
        ("ｵｵﾀ", "ｵｰﾀ"),
        ("ｶｰﾙ", "ｶｱﾙ"),
        ("ｶｰﾙ", "カ一ル"),
        ("ｽﾞｶ", "ﾂﾞｶ"),
        ("ﾖｳｺ", "ﾖｵｺ"),
        ("ﾀﾛｳ ｶｸｳ", "ｶｸｳ ﾀﾛｳ"),
        ("ｶ)ｶｸｳ", "ｶｸｳ"),
        ("ｵｶ", "ｦｶ"),
        ("ｶｸｳ", "ｶｸｳ ﾊﾅｺ"),
        ("", ""),
        ("・", "・"),
        ("　", "　"),
        ("架空", "仮空"),
    ],
)
def test_different_or_empty_names_disagree(one, other):
    assert not agree(one, other)
    assert not agree(other, one)


def test_folding_agrees_with_the_unicode_tables_for_every_kana():
    """Each full-width kana folds to what its NFKC half-width spelling folds to."""
    letters = [chr(code) for code in (*range(0x30A1, 0x30F7), 0x30FC) if chr(code) not in "ヷヸヹヺ"]
    half = {model.name(chr(code)): chr(code) for code in range(0xFF66, 0xFF9E)}
    for letter in letters:
        plain = model.name(letter)
        spelled = "".join(half.get(part, part) for part in _parts(plain))
        assert agree("ｱ" + letter, "ｱ" + spelled), letter


def _parts(letter):
    marks = {"\u3099": "ﾞ", "\u309a": "ﾟ"}
    return [marks.get(part, part) for part in unicodedata.normalize("NFD", letter)]


def test_half_a_character_at_the_end_of_a_name_is_left_alone():
    names = np.frombuffer("ｱｲ".encode("cp932") + b"\x83", np.uint8)[None]
    assert kana.fold(names).tobytes() == "ｱｲ".encode("cp932") + b"\x00"
