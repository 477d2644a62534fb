"""Literals of VALUE clauses: numbers, quoted and hexadecimal text, figurative constants, ranges.

They take no part in the layout; level 88 condition names carry them as the values that a field may hold.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from chosho.copybook.source import Word, WordKind

FIGURATIVE = {
    "ZERO": "ZERO",
    "ZEROS": "ZERO",
    "ZEROES": "ZERO",
    "SPACE": "SPACE",
    "SPACES": "SPACE",
    "HIGH-VALUE": "HIGH-VALUE",
    "HIGH-VALUES": "HIGH-VALUE",
    "LOW-VALUE": "LOW-VALUE",
    "LOW-VALUES": "LOW-VALUE",
    "QUOTE": "QUOTE",
    "QUOTES": "QUOTE",
    "NULL": "NULL",
    "NULLS": "NULL",
}
"""Figurative constants (表意定数), by every spelling."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")


class LiteralForm(StrEnum):
    """How a literal was written."""

    TEXT = "text"
    NUMBER = "number"
    HEX = "hex"
    NATIONAL = "national"
    FIGURATIVE = "figurative"
    ALL = "all"


_PREFIXES = {
    "": LiteralForm.TEXT,
    "X": LiteralForm.HEX,
    "N": LiteralForm.NATIONAL,
    "G": LiteralForm.NATIONAL,
    "NX": LiteralForm.HEX,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Literal:
    """A literal: its form and its content (unquoted text, digits, hex digits, or the constant's name)."""

    form: LiteralForm
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Range:
    """One value of a VALUE clause, or two with THRU (``high`` is None for a single value)."""

    low: Literal
    high: Literal | None = None


def parse_literal(word: Word) -> Literal:
    """Return the literal that a word is.

    Raises:
        InputRefused: the word is no literal (CHSC027E).
    """
    if word.kind is WordKind.LITERAL:
        return _quoted(word)
    if word.kind is WordKind.WORD:
        if word.upper in FIGURATIVE:
            return Literal(form=LiteralForm.FIGURATIVE, text=FIGURATIVE[word.upper])
        if _NUMBER.fullmatch(word.text):
            return Literal(form=LiteralForm.NUMBER, text=word.text)
    raise word.refused("CHSC027E")


def is_literal(word: Word) -> bool:
    """Return whether a word can start a literal (so that a VALUE list goes on)."""
    return word.kind is WordKind.LITERAL or (
        word.kind is WordKind.WORD
        and (word.upper in FIGURATIVE or word.upper == "ALL" or _NUMBER.fullmatch(word.text) is not None)
    )


def _quoted(word: Word) -> Literal:
    quote = word.text[-1]
    prefix = word.text[: word.text.index(quote)].upper()
    content = word.text[len(prefix) + 1 : -1].replace(quote * 2, quote)
    form = _PREFIXES.get(prefix)
    if form is None or (form is LiteralForm.HEX and not _HEX.fullmatch(content)):
        raise word.refused("CHSC027E")
    return Literal(form=form, text=content)
