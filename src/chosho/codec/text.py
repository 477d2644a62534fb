"""Python strings → field bytes of a code page, for the makers of test data and of constants.

Bulk data never comes this way: records are transcoded from bytes to bytes (``transcoder.py``).
"""

import functools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from chosho.codec.codepages import (
    SI,
    SO,
    WAVE_DASH_FIVE,
    CodePage,
    Table,
    code_page,
    double_number,
    double_rows,
    is_text,
    single_rows,
)
from chosho.errors import InputRefused

_NONCHARACTERS = 0xFDD0
"""First of Unicode's 32 noncharacters, which stand for the two-character sequences during a look-up."""

_TAKEN = 0xFFFFFFFF
"""Stands for the second character of a sequence while it is folded into the first."""

_POINTS = 0x30000
"""Code points looked up; what lies above is in no page."""


@functools.cache
def _encoders(page: str) -> tuple[Table, Table, dict[str, str]]:
    """Return for a host page: code point → single byte, code point → double-byte code, sequence → its noncharacter."""
    single, double = np.zeros(_POINTS, np.uint16), np.zeros(_POINTS, np.uint16)
    unicode = single_rows(page)
    text = np.flatnonzero(is_text(unicode))
    single[unicode[text]] = text
    low, high, _ = double_rows(double_number(page)).astype(np.int64)
    codes = np.flatnonzero(low)
    whole = codes[high[codes] <= 2]  # noqa: PLR2004 - planes of Unicode; above are second characters
    double[low[whole] | high[whole] << 16] = whole
    for name, other in WAVE_DASH_FIVE.items():
        # JIS X 0213 has both, but CP932 only one: both are written as the JIS X 0208 code, which every host uses.
        double[ord(other)] = double[ord(name)]
    sequences = {}
    for place, code in enumerate(sorted(set(codes.tolist()) - set(whole.tolist())), start=_NONCHARACTERS):
        sequences[chr(low[code]) + chr(high[code])] = chr(place)
        double[place] = code
    return single, double, sequences


def _points(text: str, sequences: dict[str, str]) -> npt.NDArray[np.uint32]:
    """Return the code points of a text, its two-character sequences as their noncharacters; 0 for what is in no page."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    known = (points < _POINTS) & ((points < _NONCHARACTERS) | (points >= _NONCHARACTERS + 32))
    points = np.where(known, points, 0)
    for sequence, stand_in in sequences.items():
        if sequence[1] in text:
            first, second = map(ord, sequence)
            at = np.flatnonzero((points[:-1] == first) & (points[1:] == second))
            points[at] = ord(stand_in)
            points[at + 1] = _TAKEN
    out: npt.NDArray[np.uint32] = points[points != _TAKEN]
    return out


def _refuse(page: str, place: int, why: str) -> InputRefused:
    return InputRefused("CHSX004E", page=page, place=place, why=why)


def _mixed(text: str, single: Table, double: Table, sequences: dict[str, str]) -> bytes | None:
    """Return a text with its shifts, or None when a character is in neither table."""
    points = _points(text, sequences)
    ones, twos = single[points].tolist(), double[points].tolist()
    out, shifted = bytearray(), False
    for one, two in zip(ones, twos, strict=True):
        if not one and not two:
            return None
        if shifted != (not one):
            shifted = not one
            out.append(SO if shifted else SI)
        out += one.to_bytes(1, "big") if one else two.to_bytes(2, "big")
    if shifted:
        out.append(SI)
    return bytes(out)


def _cp932(text: str) -> bytes | None:
    try:
        data = text.translate(_TO_MICROSOFT).encode("cp932")
    except UnicodeEncodeError:
        return None
    return None if any(byte < 0x20 for byte in data) else data  # noqa: PLR2004 - control characters are no text


_TO_MICROSOFT = str.maketrans(WAVE_DASH_FIVE)


def _national(strings: Sequence[str], page: CodePage, length: int) -> npt.NDArray[np.uint8]:
    """Return host double-byte fields: one look-up for all strings together."""
    _, double, sequences = _encoders(page.name)
    width = length // 2
    together = "".join(strings)
    if any(sequence[1] in together for sequence in sequences):
        each = [_points(text, sequences) for text in strings]
        sizes, points = np.array(list(map(len, each)), np.int64), np.concatenate(each)
    else:
        sizes, points = np.array(list(map(len, strings)), np.int64), _points(together, {})
    codes = double[points]
    lacking, long = np.flatnonzero(codes == 0), np.flatnonzero(sizes > width)
    if lacking.size:
        place = int(np.searchsorted(np.cumsum(sizes), lacking[0], side="right"))
        raise _refuse(page.name, place, "has a character that the page lacks")
    if long.size:
        raise _refuse(page.name, int(long[0]), "is longer than its field")
    out = np.full((len(strings), width), page.wide_space, ">u2")
    out[np.arange(width) < sizes[:, None]] = codes
    return out.view(np.uint8)


def encode_text(
    strings: Sequence[str], page: str, length: int, *, national: bool = False
) -> npt.NDArray[np.uint8]:
    """Return each string as the bytes of a text field, padded with the page's space.

    Args:
        strings: the texts; to fill many records encode the distinct ones and gather the rows.
        page: one of :data:`~chosho.codec.codepages.PAGES`.
        length: length of the field in bytes.
        national: True for a pure double-byte field (PIC N), which has no shifts and is padded with 全角空白.

    Returns:
        ``uint8[len(strings), length]``.

    Raises:
        InputRefused: a text does not fit or has a character that the page lacks (its place in ``strings`` is
            named, not its content).
    """
    table = code_page(page)
    if national and length % 2:
        raise InputRefused("CHSX005E", length=length)
    if national and table.host:
        return _national(strings, table, length)
    out = np.empty((len(strings), length), np.uint8)
    pad = table.wide_space.to_bytes(2, "big") * (length // 2) if national else bytes([table.space]) * length
    if table.host:
        single, double, sequences = _encoders(page)
    for place, text in enumerate(strings):
        data = _mixed(text, single, double, sequences) if table.host else _cp932(text)
        if data is None or (national and len(data) != 2 * len(text)):
            raise _refuse(page, place, "has a character that the page lacks")
        if len(data) > length:
            raise _refuse(page, place, "is longer than its field")
        out[place] = np.frombuffer(data + pad[len(data) :], np.uint8)
    return out
