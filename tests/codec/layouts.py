"""Fields and random valid records for the codec's tests, made without the copybook parser."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from chosho.codec.codepages import code_page


class Kind(StrEnum):
    TEXT = "X"
    NATIONAL = "N"
    ZONED = "ZONED"
    PACKED = "PACKED"
    BINARY = "BINARY"


@dataclass(frozen=True, kw_only=True)
class Field:
    """The attributes that the codec asks of a field."""

    name: str
    kind: Kind
    offset: int = 0
    length: int
    digits: int = 0
    scale: int = 0
    signed: bool = False
    sign_leading: bool = False
    sign_separate: bool = False
    native: bool = False
    filler: bool = False
    redefined: bool = False


def text(name: str, length: int, offset: int = 0) -> Field:
    return Field(name=name, kind=Kind.TEXT, length=length, offset=offset)


def national(name: str, length: int, offset: int = 0) -> Field:
    return Field(name=name, kind=Kind.NATIONAL, length=length, offset=offset)


def zoned(name: str, digits: int, offset: int = 0, *, signed=False, leading=False, separate=False) -> Field:
    return Field(
        name=name,
        kind=Kind.ZONED,
        offset=offset,
        length=digits + (signed and separate),
        digits=digits,
        signed=signed,
        sign_leading=leading,
        sign_separate=separate,
    )


def packed(name: str, digits: int, offset: int = 0, *, signed=True) -> Field:
    return Field(
        name=name, kind=Kind.PACKED, offset=offset, length=digits // 2 + 1, digits=digits, signed=signed
    )


def binary(name: str, length: int, offset: int = 0, *, signed=True, native=False) -> Field:
    digits = {1: 2, 2: 4, 3: 6, 4: 9, 5: 11, 6: 13, 7: 16, 8: 18}[length]
    return Field(
        name=name, kind=Kind.BINARY, offset=offset, length=length, digits=digits, signed=signed, native=native
    )


def record(*parts: bytes | Sequence[int]) -> npt.NDArray[np.uint8]:
    """Return a block of one record."""
    return np.frombuffer(b"".join(bytes(part) for part in parts), np.uint8).reshape(1, -1)


def canonical_codes(page: str) -> list[int]:
    """Return the double-byte codes of a page that decode and encode keep, the space excepted."""
    table = code_page(page)
    codes = np.arange(65536)
    known = (table.double >= 256) & (table.double_back[table.double] == codes) & (codes != table.wide_space)
    return np.flatnonzero(known).tolist()


def single_codes(page: str) -> list[int]:
    """Return the single-byte codes of a page that are text, the space excepted."""
    table = code_page(page)
    known = (table.single > 0x20) & (table.single < 256)
    return np.flatnonzero(known).tolist()


@st.composite
def text_bytes(draw, page: str, length: int) -> bytes:
    """Draw a valid text field: runs of half- and full-width characters, then padding."""
    table, out = code_page(page), b""
    singles, doubles = single_codes(page), canonical_codes(page)
    last_wide = False
    for _ in range(draw(st.integers(0, 4))):
        wide = draw(st.booleans())
        if wide and last_wide and table.host:
            continue
        if wide:
            run = draw(
                st.lists(
                    st.sampled_from([*doubles[:300], table.wide_space, doubles[-1]]), min_size=1, max_size=6
                )
            )
            data = b"".join(code.to_bytes(2, "big") for code in run)
            data = b"\x0e" + data + b"\x0f" if table.host else data
        else:
            data = bytes(draw(st.lists(st.sampled_from([*singles, table.space]), min_size=1, max_size=6)))
        if len(out) + len(data) > length:
            break
        out, last_wide = out + data, wide
    return out.ljust(length, bytes([table.space]))


@st.composite
def national_bytes(draw, page: str, length: int) -> bytes:
    """Draw a valid pure double-byte field."""
    table = code_page(page)
    codes = draw(
        st.lists(st.sampled_from([*canonical_codes(page)[-300:], table.wide_space]), max_size=length // 2)
    )
    data = b"".join(code.to_bytes(2, "big") for code in codes)
    return data + table.wide_space.to_bytes(2, "big") * ((length - len(data)) // 2)


def zoned_bytes(value: int, field: Field, page: str) -> bytes:
    """Return a zoned number, spelled independently of the codec."""
    host = code_page(page).host
    digits = [(0xF0 if host else 0x30) | int(digit) for digit in str(abs(value)).zfill(field.digits)]
    place = 0 if field.sign_leading else -1
    if field.signed and field.sign_separate:
        sign = {(True, True): 0x60, (True, False): 0x4E, (False, True): 0x2D, (False, False): 0x2B}[
            host, value < 0
        ]
        digits.insert(0 if field.sign_leading else len(digits), sign)
    elif field.signed and host:
        digits[place] = (0xD0 if value < 0 else 0xC0) | (digits[place] & 15)
    elif field.signed and value < 0:
        digits[place] |= 0x40
    return bytes(digits)


def packed_bytes(value: int, field: Field) -> bytes:
    """Return a packed number, spelled independently of the codec."""
    sign = ("D" if value < 0 else "C") if field.signed else "F"
    return bytes.fromhex((str(abs(value)) + sign).zfill(2 * field.length))


@st.composite
def layouts(draw, page: str, *, most: int = 8) -> tuple[list[Field], list[bytes]]:
    """Draw fields that follow one another, with the bytes of one valid record."""
    fields, data, offset = [], [], 0
    for number in range(draw(st.integers(1, most))):
        name = f"F{number}"
        kind = draw(st.sampled_from([*Kind, "FILLER"] if number else [*Kind]))
        if kind == "FILLER":
            field = Field(
                name="FILLER", kind=Kind.TEXT, offset=offset, length=draw(st.integers(1, 9)), filler=True
            )
            part = draw(st.binary(min_size=field.length, max_size=field.length))
        elif kind is Kind.TEXT:
            field = text(name, draw(st.integers(1, 30)), offset)
            part = draw(text_bytes(page, field.length))
        elif kind is Kind.NATIONAL:
            field = national(name, 2 * draw(st.integers(1, 15)), offset)
            part = draw(national_bytes(page, field.length))
        elif kind is Kind.BINARY:
            field = binary(
                name, draw(st.integers(1, 8)), offset, signed=draw(st.booleans()), native=draw(st.booleans())
            )
            part = draw(st.binary(min_size=field.length, max_size=field.length))
            top = field.length - 1 if field.native else 0
            if field.length == 8 and not field.signed:
                part = bytes(byte & 0x7F if place == top else byte for place, byte in enumerate(part))
        else:
            digits, signed = draw(st.integers(1, 18)), draw(st.booleans())
            if kind is Kind.ZONED:
                field = zoned(
                    name,
                    digits,
                    offset,
                    signed=signed,
                    leading=draw(st.booleans()),
                    separate=draw(st.booleans()),
                )
            else:
                field = packed(name, digits, offset, signed=signed)
            value = draw(st.integers(-(10**digits) + 1 if signed else 0, 10**digits - 1))
            part = zoned_bytes(value, field, page) if kind is Kind.ZONED else packed_bytes(value, field)
        fields.append(field)
        data.append(part)
        offset += field.length
    return fields, data
