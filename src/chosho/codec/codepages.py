"""Code pages (文字コード): host double-byte Japanese and CP932, as tables between bytes and bytes.

A text goes host bytes → CP932 bytes by one table look-up per character; Unicode stands in between only when the tables are made
(``make_tables.py``) and when a Python string is written (``text.py``). Only round-trip rows of the ICU tables are known here.

=========  ===========================  ===============
page       single byte                  double byte
=========  ===========================  ===============
IBM-930    290 (kana, no small Latin)   300
IBM-939    1027 (Latin)                 300
IBM-1390   290 + €                      16684 (JIS X 0213)
IBM-1399   1027 + €                     16684 (JIS X 0213)
CP932      ASCII and half-width kana    Microsoft's Shift_JIS
=========  ===========================  ===============

User-defined characters (外字): host 6941… → U+E000… → CP932 F040…F9FB. The last code of CP932's user area, F9FC, is kept as the
:data:`MARKER`, so that a marked place can never be mistaken for a character of the source.
"""

import functools
import importlib.resources
import zlib
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from chosho.errors import InputRefused

Table: TypeAlias = npt.NDArray[np.uint16]
"""A look-up table of 16-bit codes, read-only."""

MARKER = 0xF9FC
"""CP932 code that stands for 'a character that CP932 lacks' in transcoded text; written by no other way."""

WAVE_DASH_FIVE = {"〜": "～", "—": "―", "‖": "∥", "−": "－", "¦": "￤"}
"""Characters that the ICU tables and Microsoft's name differently: same host code, same CP932 code (8160 815C 8161 817C EEFA)."""

SO, SI = 0x0E, 0x0F
"""Shift out (to double byte) and shift in (to single byte)."""

PAGES = ("CP932", "IBM-930", "IBM-939", "IBM-1390", "IBM-1399")
"""The code pages known."""


_NOTHING = 0xFFFF
"""Unicode of a byte that stands for no character, in ``single.bin``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CodePage:
    """A code page and its tables to and from CP932.

    In tables to CP932, 0 stands for no character and :data:`MARKER` for a character that CP932 lacks; in tables from CP932, 0
    stands for a character that the page lacks. Control characters are in no table: they are no text.
    """

    name: str
    host: bool
    """True for an EBCDIC page with SO/SI, False for CP932."""
    space: int
    """The single-byte space."""
    wide_space: int
    """The double-byte space, 全角空白."""
    zone: int
    """High half of a digit's byte."""
    single: Table
    """[256]: page byte → CP932 byte, or MARKER."""
    double: Table
    """[65536]: page double-byte code → CP932 code."""
    single_back: Table
    """[256]: CP932 byte → page byte."""
    double_back: Table
    """[65536]: CP932 code → the page's canonical double-byte code."""


def _read(name: str) -> Table:
    packed = importlib.resources.files("chosho.codec").joinpath(name).read_bytes()
    return np.frombuffer(zlib.decompress(packed), "<u2")


@functools.cache
def double_rows(number: str) -> Table:
    """Return the three rows of double-byte table ``300`` or ``16684`` (``make_tables.py``), read-only."""
    return _read(f"double-{number}.bin").reshape(3, 65536)


@functools.cache
def single_rows(page: str) -> Table:
    """Return the Unicode character of each byte of a host page, FFFF for none, read-only."""
    row: Table = _read("single.bin").reshape(-1, 256)[PAGES.index(page) - 1]
    return row


def is_text(unicode: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Return which characters of :func:`single_rows` are text: neither unknown (FFFF) nor control characters."""
    visible = (unicode >= ord(" ")) & (unicode <= ord("~"))
    out: npt.NDArray[np.bool_] = visible | ((unicode >= ord("\xa0")) & (unicode != _NOTHING))
    return out


def double_number(page: str) -> str:
    """Return the number of the double-byte table of a host page."""
    return "16684" if page in {"IBM-1390", "IBM-1399"} else "300"


def _frozen(table: Table) -> Table:
    table.setflags(write=False)
    return table


def _cp932_single() -> Table:
    table = np.zeros(256, np.uint16)
    table[0x20:0x7F] = np.arange(0x20, 0x7F)
    table[0xA1:0xE0] = np.arange(0xA1, 0xE0)
    return _frozen(table)


def _host_page(page: str) -> CodePage:
    unicode = single_rows(page).astype(np.int64)
    text = is_text(unicode)
    is_ascii = text & (unicode <= ord("~"))
    is_kana = text & (unicode >= ord("｡")) & (unicode <= ord("ﾟ"))
    # Half-width kana stand in Unicode in CP932's order, from A1 on.
    kana = unicode - ord("｡") + 0xA1
    single = np.select([is_ascii, is_kana, text], [unicode, kana, MARKER], 0).astype(np.uint16)
    single_back = np.zeros(256, np.uint16)
    known = np.flatnonzero(is_ascii | is_kana)
    single_back[single[known]] = known

    double = double_rows(double_number(page))[2]
    canonical = _read("cp932.bin")
    back = np.zeros(65536, np.uint16)
    # In JIS X 0213 both members of each of the wave-dash five have a host code; the lower one, written last, is JIS X 0208's.
    codes = np.flatnonzero(double)[::-1]
    back[double[codes]] = codes
    double_back = back[canonical]
    double_back[MARKER] = 0
    return CodePage(
        name=page,
        host=True,
        space=0x40,
        wide_space=0x4040,
        zone=0xF0,
        single=_frozen(single),
        double=double,
        single_back=_frozen(single_back),
        double_back=_frozen(double_back),
    )


@functools.cache
def code_page(name: str) -> CodePage:
    """Return a code page by name, one of :data:`PAGES`.

    Raises:
        InputRefused: the page is not known.
    """
    if name not in PAGES:
        raise InputRefused("CHSX001E", page=name)
    if name != "CP932":
        return _host_page(name)
    codes = np.arange(65536, dtype=np.uint16)
    double = _frozen(np.where(_read("cp932.bin") != 0, codes, 0).astype(np.uint16))
    single = _cp932_single()
    return CodePage(
        name=name,
        host=False,
        space=0x20,
        wide_space=0x8140,
        zone=0x30,
        single=single,
        double=double,
        single_back=single,
        double_back=double,
    )
