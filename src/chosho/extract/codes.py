"""Codes of the contract system (契約システムのコード) and the words that a statement carries for them.

The tax agency has no code list: 保険事故等 and 保険等の種類 are free text of at most 15 full-width characters, 年金の種類 of at
most 10 (法令解釈通達 課総3-4 別紙, statement 310 items 29 and 33, statement 366 item 15).
The words 死亡, 満期 and 解約 are those of the summary form of statement 323 (合計表); the names of insurances and annuities are
those of the 簡易生命保険 contracts.

>>> EVENTS["02"]
'満期'
"""

import functools
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from chosho.codec.batch import Block
from chosho.extract.column import Mask, Numbers

EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "01": "死亡",
        "02": "満期",
        "03": "解約",
        "04": "重度障害",
        "05": "年金支払",
        "06": "生存",
        "07": "減額",
    }
)
"""保険事故等, by EVENT-CODE of PAYSRC."""

INSURANCE_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "01": "終身保険",
        "02": "定期保険",
        "03": "養老保険",
        "04": "学資保険",
        "05": "家族保険",
        "06": "財形貯蓄保険",
        "07": "終身年金保険",
        "08": "定期年金保険",
        "09": "夫婦年金保険",
    }
)
"""保険等の種類, by INSURANCE-TYPE of CONTRACT."""

ANNUITY_TYPES: Mapping[str, str] = MappingProxyType({"01": "終身年金", "02": "定期年金", "03": "夫婦年金"})
"""年金の種類, by ANNUITY-TYPE of PAYSRC."""

NO_CODE = 0
"""The number of a blank code; numbers of codes are their two digits."""
UNKNOWN = 99
"""The number of a code that is neither blank nor two digits; no table uses it."""
_SPACE = ord(" ")
_CODES = 100


def numbers(codes: Block) -> Numbers:
    """Return two-character codes as numbers.

    Args:
        codes: uint8[n, 2].

    Returns:
        int64[n]: 0 to 99; :data:`NO_CODE` for two spaces, :data:`UNKNOWN` for anything else.
    """
    found: Numbers = _numbers()[codes.view("<u2")[:, 0]]
    return found


@functools.cache
def _numbers() -> Numbers:
    """Return the number of every pair of bytes, by the pair as a little-endian integer (int64[65536])."""
    table = np.full(65536, UNKNOWN, np.int64)
    for number in range(UNKNOWN):
        table[int.from_bytes(f"{number:02d}".encode(), "little")] = number
    table[int.from_bytes(b"  ", "little")] = NO_CODE
    return table


def words(table: Mapping[str, str], length: int) -> Block:
    """Return the words of a table as CP932 bytes, by the number of their code.

    Args:
        table: code to word.
        length: bytes of the item; words are padded with spaces.

    Returns:
        uint8[100, length]; a row of spaces where the table has no word.
    """
    rows = np.full((_CODES, length), _SPACE, np.uint8)
    for code, word in table.items():
        encoded = word.encode("cp932")
        rows[int(code), : len(encoded)] = np.frombuffer(encoded, np.uint8)
    return rows


def known(table: Mapping[str, str]) -> Mask:
    """Return, by the number of a code, whether the table has a word for it (bool[100])."""
    flags = np.zeros(_CODES, np.bool_)
    flags[[int(code) for code in table]] = True
    return flags
