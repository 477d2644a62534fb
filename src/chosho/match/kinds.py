"""Which statements carry whose number, and from when (番号の記載対象): the table of kinds and dates.

Individual and corporate numbers came into use on 2016-01-01. A statement carries them for a 支払事由 from that day on, and from
平成28年分 on; what is earlier stays empty with a reason of its own (``BF``), whatever the number master holds.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FIRST_CAUSE = 20160101
"""First day of a 支払事由 for which numbers are written (番号法 施行日)."""
FIRST_YEAR = 2016
"""First 年分 with number items: 平成28年分."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Carries:
    """A row: the numbers on a kind of statement.

    Attributes:
        kind: statement code.
        payee: items that carry the payee's number; 0 or 1.
        payee_persons_only: the item takes individual numbers only.
        contractor: as ``payee``, for the contractor's.
        cause: what the 支払事由 is, in words.
        year: the 年分 as calendar year, of the year of the deck and the years of the causes.
        law: where it is written.
    """

    kind: str
    payee: bool
    payee_persons_only: bool = False
    contractor: bool
    cause: str
    year: Callable[[int, npt.NDArray[np.int64]], npt.NDArray[np.int64]]
    law: str


def _of_deck(year: int, causes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.full(len(causes), year, np.int64)


def _of_cause(_year: int, causes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return causes // 10_000


TABLE = (
    Carries(
        kind="310",
        payee=True,
        contractor=True,
        cause="the insured event",
        year=_of_deck,
        law="課総3-4 別紙 310 項番39-40: 平成27年分以前は記録を要しない",
    ),
    Carries(
        kind="366",
        payee=True,
        payee_persons_only=True,
        contractor=True,
        cause="the day on which the payment of the annuity falls due: each payment has its own",
        year=_of_deck,
        law="課総3-4 別紙 366 項番37 (支払を受ける者の個人番号: persons only), 38",
    ),
    Carries(
        kind="323",
        payee=True,
        contractor=True,
        cause="the insured event, whose year is the 年分",
        year=_of_cause,
        law="課総3-4 別紙 323 項番46-47",
    ),
    Carries(
        kind="386",
        payee=False,
        contractor=False,
        cause="none: no payment",
        year=_of_deck,
        law="課総3-4 別紙 386: the layout has no item for an individual number",
    ),
)
"""The table of kinds (番号の記載対象)."""

_BY_KIND = {row.kind: row for row in TABLE}


def carries(kind: str) -> Carries:
    """Return the row of a kind of statement.

    Raises:
        KeyError: there is no such kind.
    """
    return _BY_KIND[kind]


def too_early(kind: str, causes: npt.NDArray[np.int64], year: int) -> npt.NDArray[np.bool_]:
    """Return for which payments of a kind no number is written, for cause or 年分 are too early (bool[n]).

    Args:
        kind: statement code.
        causes: int64[n], days of the 支払事由, yyyymmdd.
        year: the year of the deck.
    """
    years = carries(kind).year(year, causes)
    early: npt.NDArray[np.bool_] = (causes < FIRST_CAUSE) | (years < FIRST_YEAR)
    return early
