"""Verdicts (判定): what becomes of each source payment, and the reading of them beside the source records.

A verdict is a VERDICT record: the place of the payment in the source file, a code of four characters and, for a rejected
payment, the field at fault. Every source record gets exactly one, so sorted by place they lie beside the source file.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from chosho.codec import keys
from chosho.codec.batch import Block
from chosho.errors import StopLine
from chosho.extract.column import Mask, Numbers

KEPT_310, KEPT_366, KEPT_323 = "K310", "K366", "K323"
"""For a statement 310, 366 or 323: kept by a deck that makes it, left out by the others."""
OTHER_PERIOD, SMALL_LUMP, SMALL_ANNUITY = "YEAR", "LUMP", "ANNU"
"""Left out: paid outside of the deck's period; at or below the limit of lump sums, or of annuities."""
DUPLICATE_PAYMENT, DUPLICATE_CONTRACT, NO_CONTRACT = "DUPK", "DUPC", "NOCT"
"""Rejected: payment key seen before; policy twice in the contract master; policy not in the contract master."""
BAD_KEY, BAD_DATE, BAD_CODE, NEGATIVE = "KEYC", "DATE", "CODE", "NEGV"
"""Rejected: key not of ASCII digits and capitals; no such day; unknown code; negative amount."""
TOO_LARGE, WRONG_NET, NO_NAME = "OVFL", "NETA", "NAME"
"""Rejected: amount of more than ten digits; net amount that is not its parts; no name where the statement must have one."""

STATEMENTS: Mapping[str, str] = MappingProxyType(
    {
        KEPT_310: "lump sum taxed as 一時所得: statement 310",
        KEPT_366: "annuity: statement 366",
        KEPT_323: "lump sum taxed as inheritance or gift: statement 323",
    }
)
"""The codes of payments for which a statement is made, with their meaning; the last three characters are its kind."""
LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        OTHER_PERIOD: "paid in another year, or another month",
        SMALL_LUMP: "lump sums of the event at or below 1,000,000 yen",
        SMALL_ANNUITY: "annuities of the year at or below 200,000 yen",
    }
)
"""The codes of payments left out by every deck, with their meaning."""

LRECL, KEY_LENGTH = 16, 8
NO_FIELD = -1
CONTRACT_FIELDS = 1000
"""FIELD-PLACE of the first field of the contract master; fields of the payment stand below."""

Codes: TypeAlias = npt.NDArray[np.uint32]
"""uint32[n], the four characters of each code as a little-endian number (see :func:`number`); 0 is none."""
_RECORD = np.dtype([("place", ">u8"), ("outcome", "<u4"), ("field", "<i4")])


def number(code: str) -> int:
    """Return a code of four characters as a number, the form in which many are compared at once."""
    return int.from_bytes(code.encode("ascii"), "little")


def text(code: int) -> str:
    """Return the four characters of a code that is given as a number."""
    return int(code).to_bytes(4, "little").decode("ascii")


def pack(places: Numbers, outcomes: Codes, fields: npt.NDArray[np.int32] | int = NO_FIELD) -> Block:
    """Return VERDICT records.

    Args:
        places: int64[n], places of the payments in the source file, from 0.
        outcomes: uint32[n], codes as numbers.
        fields: int32[n], places of the fields at fault.

    Returns:
        uint8[n, 16].
    """
    records = np.empty(len(places), _RECORD)
    records["place"], records["outcome"], records["field"] = places, outcomes, fields
    return records.view(np.uint8).reshape(len(places), LRECL)


def unpack(block: Block) -> npt.NDArray[Any]:
    """Return VERDICT records as a structured array with the fields ``place``, ``outcome`` and ``field``."""
    return np.ascontiguousarray(block).view(_RECORD)[:, 0]


def kept(kinds: Sequence[str]) -> tuple[str, ...]:
    """Return the codes of payments that a deck of these kinds keeps: those of its own statements."""
    return tuple(code for code in STATEMENTS if code[1:] in kinds)


def left_out(kinds: Sequence[str]) -> tuple[str, ...]:
    """Return the codes of payments that a deck of these kinds leaves out; each is counted under ``left_out.<code>``."""
    return *LEFT_OUT, *(code for code in STATEMENTS if code[1:] not in kinds)


def is_kept(outcomes: Codes, kinds: Sequence[str]) -> Mask:
    """Return which codes are those of payments kept by a deck of these kinds (bool[n])."""
    return one_of(outcomes, kept(kinds))


def is_left_out(outcomes: Codes, kinds: Sequence[str]) -> Mask:
    """Return which codes are those of payments left out by a deck of these kinds (bool[n])."""
    return one_of(outcomes, left_out(kinds))


def one_of(outcomes: Codes, codes: Sequence[str]) -> Mask:
    """Return which codes are among some (bool[n])."""
    mask = np.zeros(len(outcomes), np.bool_)
    for code in codes:
        mask |= outcomes == number(code)
    return mask


def changed(records: int) -> StopLine:
    """Return the error that says that the source changed between two readings (CHSR001S)."""
    return StopLine("CHSR001S", records=records)


def beside(
    sources: Iterable[Block], verdicts: Iterable[Block]
) -> Iterator[tuple[int, Block, npt.NDArray[Any]]]:
    """Yield source blocks with the verdicts of their records.

    Args:
        sources: the blocks of the source file, in order.
        verdicts: VERDICT records in the order of their places; records of the source may be without one.

    Yields:
        The place of the block's first record, the block, and the verdicts that fall on it (see :func:`unpack`).

    Raises:
        StopLine: a verdict falls on no record: the source file changed between two readings (CHSR001S).
    """
    waiting = iter(verdicts)
    have: Block = np.empty((0, LRECL), np.uint8)
    first = 0
    for source in sources:
        end = (first + len(source)).to_bytes(KEY_LENGTH, "big")
        while not len(have) or keys.key(have, len(have) - 1, KEY_LENGTH) < end:
            block = next(waiting, None)
            if block is None:
                break
            have = np.concatenate([have, block])
        cut = keys.seek(have, KEY_LENGTH, end)
        yield first, source, unpack(have[:cut])
        have = have[cut:]
        first += len(source)
    if len(have) or any(len(block) for block in waiting):
        raise changed(first)
