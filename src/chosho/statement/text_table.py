"""Tables that make a text writable on a disc (文字の置換): what each CP932 code is, its full-width form, its fold.

A disc takes JIS X 0208 (第1水準・第2水準) only, full-width in 全角 items; see ``nta.md`` 2.2: half-width letters, digits, signs and
kana become full-width (a voiced mark joins its kana), a variant becomes its standard form by ``fold.csv``, what is left cannot be
written. ``fold.csv`` (code, character, replacement, source) is made by ``make_fold.py``; rows of source NTA are the tax
agency's 国税庁JIS縮退マップ (CC BY 4.0), UNICODE rows are compatibility decompositions, DECLARED rows are our own.
"""

import csv
import functools
import importlib.resources
import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PLAIN, SPACE, FOLD, UNWRITABLE, WIDEN, UNWRITABLE_BYTE, BLANK = range(7)
"""Classes of a code: writable pair · 8140 · pair with a fold · other pair · byte with a full-width form · other byte · 0x20.

The numbers are known to ``codec/compose_kernel.py``.
"""

_PAIR_LEADS = (*range(0x81, 0xA0), *range(0xE0, 0xFD))
_PAIR_TRAILS = (*range(0x40, 0x7F), *range(0x80, 0xFD))
# The full-width forms that JIS X 0208 has no exact twin for: its straight quotes are the closing ones, 5C is the yen sign.
_WIDE_SIGNS = {'"': "”", "'": "’", "\\": "￥"}
_VOICED, _SEMI_VOICED = "゙", "゚"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class TextTable:
    """The tables, as the kernel takes them.

    ``kind``: uint8[65536], class of the code ``lead | trail << 8``, as it is loaded; a single byte has its class under any trail.
    ``wide``: uint16[768], the full-width code of a byte, lead byte low; + 256 with a voiced mark behind it; + 512 with a
    semi-voiced one; 0 none.
    ``fold_at``: uint16[65536], place in ``fold`` of a code's replacement; ``fold``: uint8, count of characters, then their bytes.
    """

    kind: NDArray[np.uint8]
    wide: NDArray[np.uint16]
    fold_at: NDArray[np.uint16]
    fold: NDArray[np.uint8]


@functools.cache
def table() -> TextTable:
    """Return the tables of the packaged ``fold.csv``; made once, about 30 ms."""
    kind = np.zeros((256, 256), np.uint8)
    wide = _wide_forms()
    for byte in range(256):
        kind[byte] = WIDEN if wide[byte] else UNWRITABLE_BYTE
    kind[0x20] = BLANK
    for lead in _PAIR_LEADS:
        for trail in _PAIR_TRAILS:
            kind[lead, trail] = PLAIN if _in_jis_x_0208(bytes([lead, trail])) else UNWRITABLE
    kind[0x81, 0x40] = SPACE
    fold_at = np.zeros(65536, np.uint16)
    pool = bytearray(1)
    for row in folds():
        code = bytes.fromhex(row["code"])
        replacement = row["replacement"].encode("cp932")
        kind[code[0], code[1]] = FOLD
        fold_at[int.from_bytes(code, "little")] = len(pool)
        pool += bytes([len(replacement) // 2]) + replacement
    fold = np.frombuffer(bytes(pool), np.uint8)
    return TextTable(kind=np.ascontiguousarray(kind.T).reshape(-1), wide=wide, fold_at=fold_at, fold=fold)


def folds() -> list[dict[str, str]]:
    """Return the rows of ``fold.csv`` (縮退表): code, character, replacement, source."""
    source = importlib.resources.files("chosho.statement") / "fold.csv"
    return list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))


def _in_jis_x_0208(code: bytes) -> bool:
    """Return whether strict Shift_JIS, which is JIS X 0208 and nothing more, knows the code."""
    try:
        code.decode("shift_jis")
    except UnicodeDecodeError:
        return False
    return True


def _wide_forms() -> NDArray[np.uint16]:
    forms = np.zeros(768, np.uint16)
    for byte in (*range(0x21, 0x7F), *range(0xA1, 0xE0)):
        half = bytes([byte]).decode("cp932")
        for place, mark in enumerate(("", _VOICED, _SEMI_VOICED)):
            wide = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", half) + mark)
            if not mark:
                wide = _WIDE_SIGNS.get(half) or _widened(wide)
            code = wide.encode(
                "cp932", errors="ignore"
            )  # ヷ and ヺ are not in JIS X 0208: the mark stays alone
            if len(wide) == 1 and code:
                forms[place * 256 + byte] = int.from_bytes(code, "little")
    return forms


def _widened(character: str) -> str:
    """Return the full-width form of one character that is full-width already, ASCII, or a lone (semi-)voiced mark."""
    if character.isascii():
        return chr(ord(character) + 0xFEE0)
    return {_VOICED: "゛", _SEMI_VOICED: "゜"}.get(character, character)
