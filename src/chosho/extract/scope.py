"""The scope of a deck (抽出範囲): which statements it makes, and of the payments of which days.

What counts is the day of the payment, never that of the insured event or of the run: the yearly deck takes every payment of one
calendar year (所得税法施行規則86条1項, その年中), the monthly deck of statement 323 every payment of one calendar month, for that
statement is due on the 15th of the month after (相続税法59条1項). A payment that lies outside is left out (``YEAR``).
"""

import re
from dataclasses import dataclass

from chosho.errors import InputRefused

KINDS = ("310", "366", "323")
"""The statements that payments can become, in the order of their rows."""
_PERIOD = re.compile(r"[0-9]{4}(0[1-9]|1[0-2])?", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Which statements are made of which payments; days are yyyymmdd, both included."""

    kinds: tuple[str, ...]
    first: int
    last: int

    @classmethod
    def of(cls, kinds: str, period: str) -> "Scope":
        """Return the scope that a deck's parameters say.

        Args:
            kinds: statement codes with spaces between them: ``310 366``.
            period: a year yyyy, or a month yyyymm.

        Raises:
            InputRefused: a kind is not made of payments, or none is given (CHSR012E); the period is none (CHSR013E).
        """
        wanted = kinds.split()
        if not wanted or not set(wanted) <= set(KINDS):
            raise InputRefused("CHSR012E", kinds=kinds, known=" ".join(KINDS))
        first, last = days(period)
        return cls(kinds=tuple(kind for kind in KINDS if kind in wanted), first=first, last=last)

    @property
    def year(self) -> int:
        """The calendar year in which the payments lie: the 年分 of statements 310 and 366."""
        return self.first // 10_000


def days(period: str) -> tuple[int, int]:
    """Return the first and the last day of a year yyyy or a month yyyymm, as yyyymmdd.

    Raises:
        InputRefused: it is neither (CHSR013E).
    """
    if not _PERIOD.fullmatch(period):
        raise InputRefused("CHSR013E", period=period)
    # No month has a day after its 31st, so that this bound serves them all.
    year = len(period) == len("yyyy")
    return int(period + ("0101" if year else "01")), int(period + ("1231" if year else "31"))
