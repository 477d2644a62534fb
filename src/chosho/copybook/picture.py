"""PICTURE strings: what kind of item a picture describes, its characters, digits and scale.

Symbols: ``X`` any character, ``A`` letter, ``9`` digit, ``S`` sign, ``V`` decimal point, ``P`` scaling position
without storage, ``N`` and ``G`` double-byte character; a count in brackets repeats the symbol before it. Rules:
IBM Enterprise COBOL Language Reference, PICTURE clause. Pictures that edit for print are refused.

>>> picture = parse_picture(Word(text="S9(7)V99", line=1, source="doc"))
>>> picture.digits, picture.scale, picture.signed
(9, 2, True)
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from chosho.copybook.source import Word

_SYMBOL = re.compile(r"([A-Z0-9$*+\-,./])(?:\(([0-9]{1,9})\))?")
_NUMERIC = re.compile(
    r"(?P<sign>S?)(?:(?P<whole>9+)(?:V(?P<decimals>9*)|(?P<right>P+)V?)?|V(?P<fraction>9+)|V?(?P<left>P+)(?P<small>9+))"
)
_EDITING = re.compile(r"[Z*+\-$,./0BEZ]|CR|DB")
_LONGEST = 32_760
"""No picture is longer than a record; a longer one is refused before it is written out."""


class Category(StrEnum):
    """What a picture describes."""

    TEXT = "text"
    NATIONAL = "national"
    NUMERIC = "numeric"


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A picture: ``size`` characters or digits stored; for a number its decimals (``scale``, negative for trailing P).

    ``positions`` counts the digits and the P; it is what the limits of a compiler are about.
    """

    text: str
    category: Category
    size: int
    digits: int = 0
    scale: int = 0
    signed: bool = False
    positions: int = 0


def parse_picture(word: Word) -> Picture:
    """Return what a picture string describes.

    Raises:
        InputRefused: an edited picture (CHSC004E) or no picture at all (CHSC006E).
    """
    text = word.upper
    symbols = _expand(word)
    size = len(symbols)
    if set(symbols) <= set("XA9") and set(symbols) & set("XA"):
        return Picture(text=text, category=Category.TEXT, size=size)
    if set(symbols) in ({"N"}, {"G"}):
        return Picture(text=text, category=Category.NATIONAL, size=size)
    match = _NUMERIC.fullmatch(symbols)
    if match is None:
        known = set(symbols) <= set("XA9SVPNG")
        raise word.refused("CHSC004E" if not known and _EDITING.search(symbols) else "CHSC006E")
    digits = symbols.count("9")
    scale = len(match["decimals"] or match["fraction"] or "")
    if match["left"]:
        scale = len(match["left"]) + len(match["small"])
    elif match["right"]:
        scale = -len(match["right"])
    return Picture(
        text=text,
        category=Category.NUMERIC,
        size=digits,
        digits=digits,
        scale=scale,
        signed=bool(match["sign"]),
        positions=digits + symbols.count("P"),
    )


def _expand(word: Word) -> str:
    """Return the symbols of a picture with its repeat counts written out."""
    symbols: list[str] = []
    size = 0
    place = 0
    while place < len(word.upper):
        match = _SYMBOL.match(word.upper, place)
        count = int(match[2] or 1) if match else 0
        size += count
        if match is None or count == 0 or size > _LONGEST:
            raise word.refused("CHSC006E")
        symbols.append(match[1] * count)
        place = match.end()
    return "".join(symbols)
