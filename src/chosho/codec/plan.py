"""The plan of a kernel: fields and moves as a table of numbers, checked once, so that the loops check nothing.

Columns: kind · offset · length · flags · digits · (transcoder: target kind · target offset · target length · target flags).
"""

from collections.abc import Sequence

import numpy as np

from chosho.codec import fault
from chosho.codec.codepages import MARKER, SI, SO, CodePage, Table
from chosho.codec.field import FieldLike
from chosho.errors import InputRefused

HOST_TEXT, CP932_TEXT, NATIONAL, ZONED, PACKED, BINARY, DIGITS = range(1, 8)
"""Kinds of field; DIGITS is an unsigned zoned number that is only copied into a text."""
SIGNED, LEADING, SEPARATE, NATIVE = 1, 2, 4, 8
"""Flags of a number."""
TO_TEXT, TO_BINARY = 1, 2
"""Kinds of target."""
IS_FILL, IS_CONTROL, IS_SO, IS_SI, IS_LEAD = 1, 2, 3, 4, 5
"""Values below the space in a reading table: what a code is when it is no character."""
MAX_DIGITS = 18
"""What a 64-bit integer holds of COBOL's numbers; longer ones are refused."""
_MAX_FIELDS = 1 << 24

Reason = fault.Reason


def is_text(field: FieldLike) -> bool:
    """Return whether a field holds text (TEXT or NATIONAL)."""
    return field.kind.name in {"TEXT", "NATIONAL"}


def flags(field: FieldLike) -> int:
    """Return the flags of a number."""
    return (
        SIGNED * field.signed
        | LEADING * (field.signed and field.sign_leading)
        | SEPARATE * (field.signed and field.sign_separate)
        | NATIVE * field.native
    )


def check(field: FieldLike, lrecl: int) -> None:
    """Refuse a field that the kernels cannot hold.

    Raises:
        InputRefused: more than 18 digits, a length that contradicts kind and digits, or bytes outside the record.
    """
    kind, length = field.kind.name, field.length
    if field.offset < 0 or length < 1 or field.offset + length > lrecl:
        raise InputRefused("CHSX006E", field=field.name, why="lies outside the record")
    if kind == "NATIONAL" and length % 2:
        raise InputRefused("CHSX005E", length=length)
    if is_text(field):
        return
    if not 0 < field.digits <= MAX_DIGITS:
        raise InputRefused(
            "CHSX006E", field=field.name, why=f"has {field.digits} digits, not 1 to {MAX_DIGITS}"
        )
    lengths = {
        "ZONED": {field.digits + (field.signed and field.sign_separate)},
        "PACKED": {field.digits // 2 + 1},
        "BINARY": set(range(1, 9)),
    }[kind]
    if length not in lengths:
        raise InputRefused("CHSX006E", field=field.name, why=f"has {length} bytes for {field.digits} digits")


def field_row(field: FieldLike, page: CodePage, lrecl: int) -> list[int]:
    """Return the first five columns of a field's row.

    Raises:
        InputRefused: see :func:`check`.
    """
    check(field, lrecl)
    kind = {
        "TEXT": HOST_TEXT if page.host else CP932_TEXT,
        "NATIONAL": NATIONAL,
        "ZONED": ZONED,
        "PACKED": PACKED,
        "BINARY": BINARY,
    }[field.kind.name]
    return [kind, field.offset, field.length, 0 if is_text(field) else flags(field), field.digits]


def low_first(code: int) -> int:
    """Return a double-byte code as a little-endian number: its lead byte low."""
    return (code & 0xFF) << 8 | code >> 8


def table(rows: Sequence[Sequence[int]], columns: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Return rows as the kernel's table, each filled with zeros up to ``columns``."""
    if len(rows) >= _MAX_FIELDS:
        raise ValueError("too many fields")
    out = np.zeros((len(rows), columns), np.int64)
    for number, row in enumerate(rows):
        out[number, : len(row)] = row
    return out


def reading_tables(page: CodePage, *, strict: bool, marker: bool) -> tuple[Table, Table]:
    """Return the single-byte and double-byte tables of a reading kernel.

    Args:
        page: the page that is read.
        strict: only the canonical code of a character is read; the others are :data:`IS_FILL`.
        marker: a character that CP932 lacks is read as the marker, else it is no character.

    Returns:
        ``uint16[256]`` by byte, and ``uint16[65536]`` by two bytes as a little-endian number, whose codes have their lead byte low.
    """
    single, double = page.single.copy(), page.double.copy()
    if page.host:
        if strict:
            codes = np.arange(65536)
            known = (double >= 256) & (double != MARKER)  # noqa: PLR2004 - double-byte codes
            double[known & (page.double_back[double] != codes)] = IS_FILL
        if not marker:
            single[single == MARKER] = 0
            double[double == MARKER] = 0
        single[:0x40] = IS_CONTROL
        single[0xFF] = IS_CONTROL
        single[SO], single[SI] = IS_SO, IS_SI
    else:
        single[:0x20] = IS_CONTROL
        single[0x7F] = IS_CONTROL
        single[0x81:0xA0] = IS_LEAD
        single[0xE0:0xFD] = IS_LEAD
    # A special value is one byte, so that it stays low, like a lead byte; every code of two bytes has a lead byte from 81 up.
    swapped = np.where(double >= 256, double.byteswap(), double)  # noqa: PLR2004 - double-byte codes
    return single, np.ascontiguousarray(swapped.reshape(256, 256).T).reshape(-1)
