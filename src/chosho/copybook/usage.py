"""USAGE and dialect: how an item is stored, how many bytes it takes and how it is aligned.

IBM Enterprise COBOL (``ibm``) is the dialect of the house. The other rows are here because the rules differ and a
file may come from such a compiler; each fact is held by a test against data or a compiler of that dialect.
"""

from dataclasses import dataclass
from enum import StrEnum

from chosho.copybook.picture import Category, Picture
from chosho.copybook.source import Word
from chosho.errors import InputRefused

MOST_DIGITS = 31
"""Digit positions of a zoned or packed item (IBM, ARITH(EXTEND))."""
MOST_BINARY_DIGITS = 18
"""Digit positions of a binary item."""


class Kind(StrEnum):
    """How the bytes of a field are to be read (項目の形式)."""

    TEXT = "X"
    NATIONAL = "N"
    ZONED = "ZONED"
    PACKED = "PACKED"
    BINARY = "BINARY"


class Usage(StrEnum):
    """The USAGE clauses (用途) that records of this house have, by their shortest spelling."""

    DISPLAY = "DISPLAY"
    COMP = "COMP"
    COMP_3 = "COMP-3"
    COMP_5 = "COMP-5"
    NATIONAL = "NATIONAL"
    DISPLAY_1 = "DISPLAY-1"


USAGES = {
    "DISPLAY": Usage.DISPLAY,
    "BINARY": Usage.COMP,
    "COMP": Usage.COMP,
    "COMPUTATIONAL": Usage.COMP,
    "COMP-4": Usage.COMP,
    "COMPUTATIONAL-4": Usage.COMP,
    "PACKED-DECIMAL": Usage.COMP_3,
    "COMP-3": Usage.COMP_3,
    "COMPUTATIONAL-3": Usage.COMP_3,
    "COMP-5": Usage.COMP_5,
    "COMPUTATIONAL-5": Usage.COMP_5,
    "NATIONAL": Usage.NATIONAL,
    "DISPLAY-1": Usage.DISPLAY_1,
}
"""Every spelling of a usage that is supported."""

OTHER_USAGES = frozenset(
    {
        f"{comp}-{number}"
        for comp in ("COMP", "COMPUTATIONAL")
        for number in ("0", "1", "2", "6", "9", "N", "X")
    }
    | {f"BINARY-{size}" for size in ("CHAR", "SHORT", "LONG", "DOUBLE", "C-LONG")}
    | {f"FLOAT-{size}" for size in ("SHORT", "LONG", "EXTENDED")}
    | {"INDEX", "POINTER", "POINTER-32", "FUNCTION-POINTER", "PROCEDURE-POINTER", "OBJECT", "UTF-8"}
)
"""Usages of COBOL that are refused by name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """What compilers disagree about: ``smallest_native`` bytes of a COMP-5 item, alignment of an 8-byte SYNC item."""

    smallest_native: int
    doubleword: int


DIALECTS = {
    "ibm": Dialect(smallest_native=2, doubleword=4),
    "fujitsu": Dialect(smallest_native=2, doubleword=4),
    "gnucobol": Dialect(smallest_native=1, doubleword=8),
}
"""The dialects (方言): IBM Enterprise COBOL aligns S9(10)-S9(18) COMP SYNC to a fullword, GnuCOBOL to 8 bytes."""


def dialect_named(name: str) -> Dialect:
    """Return a dialect of the table.

    Raises:
        InputRefused: it is not there (CHSC024E).
    """
    if name not in DIALECTS:
        raise InputRefused("CHSC024E", name=name, known=", ".join(DIALECTS))
    return DIALECTS[name]


@dataclass(frozen=True, kw_only=True, slots=True)
class Storage:
    """How one elementary item is stored: ``length`` bytes; ``alignment`` is what SYNC would ask for."""

    kind: Kind
    length: int
    native: bool = False
    alignment: int = 1


def storage(
    picture: Picture, word: Word, usage: Usage | None, *, separate: bool, dialect: Dialect
) -> Storage:
    """Return how an item is stored.

    Args:
        picture: its picture.
        word: the picture's word, for messages.
        usage: its own or its group's usage; None when neither says one.
        separate: whether its sign takes a byte of its own.
        dialect: whose rules hold.

    Raises:
        InputRefused: picture and usage contradict each other (CHSC007E) or there are too many digits (CHSC017E).
    """
    if picture.category is Category.TEXT and usage in {None, Usage.DISPLAY}:
        return Storage(kind=Kind.TEXT, length=picture.size)
    if picture.category is Category.NATIONAL and usage in {None, Usage.NATIONAL, Usage.DISPLAY_1}:
        return Storage(kind=Kind.NATIONAL, length=2 * picture.size)
    if picture.category is not Category.NUMERIC or usage in {Usage.NATIONAL, Usage.DISPLAY_1}:
        raise word.refused("CHSC007E", name=usage or Usage.DISPLAY)
    binary = usage in {Usage.COMP, Usage.COMP_5}
    if picture.positions > (MOST_BINARY_DIGITS if binary else MOST_DIGITS):
        raise word.refused("CHSC017E")
    if binary:
        return _binary(picture.digits, native=usage is Usage.COMP_5, dialect=dialect)
    if usage is Usage.COMP_3:
        return Storage(kind=Kind.PACKED, length=picture.digits // 2 + 1)
    return Storage(kind=Kind.ZONED, length=picture.digits + separate)


def _binary(digits: int, *, native: bool, dialect: Dialect) -> Storage:
    """Binary sizes are 2, 4 and 8 bytes for up to 4, 9 and 18 digits."""
    sizes = ((2, dialect.smallest_native), (4, 2), (9, 4)) if native else ((4, 2), (9, 4))
    length = next((size for most, size in sizes if digits <= most), 8)
    alignment = dialect.doubleword if length > 4 else length  # noqa: PLR2004 - 4 bytes are a fullword
    return Storage(kind=Kind.BINARY, length=length, native=native, alignment=alignment)
