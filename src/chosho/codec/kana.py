"""Kana names (カナ氏名): folded so that two spellings of one name compare as equal bytes.

The contract system writes what the policy says, the number master what a terminal keyed in; both are CP932. Folded away are
half and full width, hiragana, small and large kana (ｼﾖｳ = ｼｮｳ), long vowel sign and hyphens, voiced marks written apart
or in one character, capitals and small letters, spaces, middle dots and points. Nothing else: ｵ and ｦ, ｵｵ and ｵｰ differ, and what
differs leaves the number item empty.
"""

import functools
import unicodedata

import numpy as np
import numpy.typing as npt

from chosho.codec import rows
from chosho.codec.batch import Block

LONG_VOWEL = 0xB0
"""The half-width long vowel sign; every hyphen becomes one."""
_SMALL = {
    0xA7: 0xB1,
    0xA8: 0xB2,
    0xA9: 0xB3,
    0xAA: 0xB4,
    0xAB: 0xB5,
    0xAC: 0xD4,
    0xAD: 0xD5,
    0xAE: 0xD6,
    0xAF: 0xC2,
}
_LARGE_WIDE = dict(zip("ァィゥェォャュョッヮヵヶヰヱ", "アイウエオヤユヨツワカケイエ", strict=True))
_DROPPED = " ･.,｡､'`　・．，。、"
_HYPHENS = "-ｰー‐―－−～~"
_VOICED = {"\u3099": 0xDE, "\u309a": 0xDF, "゛": 0xDE, "゜": 0xDF}
_STARTS_DOUBLE = 1
_TO_KATAKANA = 0x60
_HIRAGANA = range(0x3041, 0x3097)


def fold(names: Block) -> Block:
    """Return names folded (uint8[n, length], padded with 00) from names in CP932 (uint8[n, length], padded with spaces)."""
    from chosho.codec import kana_kernel  # numba loads at the first call

    out = np.empty(names.shape, np.uint8)
    kana_kernel.fold(names, _single(), _double(), out)
    return out


def agree(names: Block, others: Block) -> npt.NDArray[np.bool_]:
    """Return which pairs of names are one name (bool[n]); an empty name agrees with none."""
    # Most pairs are the same bytes and begin with a character that counts: those need no folding.
    same = rows.equal(names, others) & (_single()[names[:, 0]] > _STARTS_DOUBLE)
    unlike = np.flatnonzero(~same)
    folded = fold(names[unlike])
    same[unlike] = rows.equal(folded, fold(others[unlike])) & (folded[:, 0] != 0)
    return same


@functools.cache
def _single() -> npt.NDArray[np.uint8]:
    """Return what each single byte becomes: 0 nothing, 1 it starts a double-byte character."""
    table = np.zeros(256, np.uint8)
    table[0x21:0x7F] = np.arange(0x21, 0x7F)
    table[ord("a") : ord("z") + 1] -= 32
    table[0xA1:0xE0] = np.arange(0xA1, 0xE0)
    for small, large in _SMALL.items():
        table[small] = large
    for characters, to in ((_DROPPED, 0), (_HYPHENS, LONG_VOWEL)):
        for character in characters:
            encoded = _cp932(character)
            if len(encoded) == 1:
                table[encoded[0]] = to
    table[0x81:0xA0] = table[0xE0:0xFD] = _STARTS_DOUBLE
    return table


@functools.cache
def _double() -> npt.NDArray[np.uint8]:
    """Return what each double-byte character becomes: the bytes of its half-width form, or itself (uint8[65536, 2])."""
    table = np.empty((65536, 2), np.uint8)
    codes = np.arange(65536)
    table[:, 0], table[:, 1] = codes >> 8, codes & 0xFF
    for point in (*range(0x2010, 0x2213), *range(0x3000, 0x3100), *range(0xFF01, 0xFF5F)):
        encoded = _cp932(chr(point))
        if len(encoded) == 2:  # noqa: PLR2004 - a double-byte character
            folded = _half(chr(point))
            if folded is not None:
                table[encoded[0] << 8 | encoded[1]] = [*folded, 0, 0][:2]
    return table


def _half(character: str) -> list[int] | None:
    """Return the folded half-width bytes of a full-width character; None for one that has no such form."""
    if character in _DROPPED:
        return []
    if character in _HYPHENS:
        return [LONG_VOWEL]
    if character in _VOICED:
        return [_VOICED[character]]
    if ord(character) in _HIRAGANA:
        character = chr(ord(character) + _TO_KATAKANA)
    character = _LARGE_WIDE.get(character, character)
    parts = unicodedata.normalize("NFD", character)
    plain, marks = unicodedata.normalize("NFKC", parts[0]), parts[1:]
    if len(plain) == 1 and plain.isascii():
        return [ord(plain.upper())]
    if plain not in _half_kana():
        return None
    return [_half_kana()[plain], *(_VOICED[mark] for mark in marks)]


@functools.cache
def _half_kana() -> dict[str, int]:
    """Return the CP932 byte of each katakana that has a half-width form."""
    return {
        unicodedata.normalize("NFKC", chr(point)): point - 0xFF61 + 0xA1 for point in range(0xFF66, 0xFF9E)
    }


def _cp932(character: str) -> bytes:
    """Return the bytes of a character in CP932; none when it has none."""
    return character.encode("cp932", "ignore")
