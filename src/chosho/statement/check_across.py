"""Rules over several items of a record (項目間の検査), on the values that the check kernel hands out.

Each rule is one line of numpy over a block of records. They are warnings but for the year: no text of the agency states them.
"""

import numpy as np
from numpy.typing import NDArray

from chosho.codec import check_codes as codes
from chosho.statement.check_table import kept_in

TAX_FROM = 250_000
"""Least difference of annuity and premium in a year from which tax is withheld (taxanswer 1610)."""
TAX_RATE = 10_210
"""Withholding in 100,000ths: 所得税 10 % and 復興特別所得税 2.1 % of it, 2013 to 2037 (taxanswer 1610)."""
PAYMENTS = 12
"""Most payments of a year: the tax of each is floored by itself, so the sum may fall short by less than so many yen."""

_SAME_YEARS = ((1, 31), (1, 64))
"""Era years that are one year: 令和1 and 平成31, 平成1 and 昭和64; no text says which is written."""
_PERSON, _COMPANY = 1, 2
_ALL = 100

Numbers = NDArray[np.int64]


def across(code: str, values: Numbers) -> list[tuple[int, int, Numbers]]:
    """Return the rules that records break: rule number, item number, places of the records in the block.

    Args:
        code: the kind.
        values: int64[records, VALUES] of the check kernel.
    """
    broken = [(rule, kept_in(code, kept), where) for rule, kept, where in _rules(code, values)]
    return [(rule, item, places) for rule, item, where in broken if (places := np.flatnonzero(where)).size]


def _rules(code: str, values: Numbers) -> list[tuple[int, int, NDArray[np.bool_]]]:
    """Return rule, the value whose item is named, and which records break it."""
    value = values.T
    rules = []
    if code == "323":
        year, event = value[codes.V_YEAR], value[codes.V_EVENT]
        low, high = np.minimum(year, event), np.maximum(year, event)
        one = np.logical_or.reduce([(low == a) & (high == b) for a, b in _SAME_YEARS])
        rules.append((codes.R_EVTYEAR, codes.V_YEAR, (low > 0) & (low != high) & ~one))
        for party, number in ((codes.V_PARTY1, codes.V_NUMBER1), (codes.V_PARTY2, codes.V_NUMBER2)):
            wrong = (value[party] == _PERSON) & (value[number] > 0)
            wrong |= (value[party] == _COMPANY) & (value[number] == 0)
            rules.append((codes.R_PARTYNO, number, wrong))
    if code == "366":
        percent, fraction = value[codes.V_PERCENT], value[codes.V_FRACTION]
        rules.append(
            (codes.R_RATIO, codes.V_PERCENT, (percent > _ALL) | ((percent == _ALL) & (fraction > 0)))
        )
        rules += [(rule, codes.V_TAX, where) for rule, where in _tax(value)]
    else:
        part, whole = value[codes.V_PART], value[codes.V_WHOLE]
        rules.append((codes.R_PREMIUM, codes.V_PART, (whole >= 0) & (part > whole)))
    return rules


def _tax(value: Numbers) -> list[tuple[int, NDArray[np.bool_]]]:
    """Return which records break the rules on 源泉徴収税額.

    A record shows one contract of this obligor; the limit is the year's, and a correction or a supplement may stand below it.
    """
    base = value[codes.V_PAID] - np.maximum(value[codes.V_COST], 0)
    tax = np.maximum(value[codes.V_TAX], 0)
    inherited = value[codes.V_INHERITED] == 1
    known = value[codes.V_PAID] >= 0
    due = (base >= TAX_FROM) & ~inherited
    right = base * TAX_RATE // 100_000
    own = value[codes.V_NAME1] == value[codes.V_NAME2]
    return [
        (codes.R_WRONGTAX, known & due & (tax > 0) & ((tax > right) | (tax <= right - PAYMENTS))),
        (codes.R_NOTAX, known & due & (tax == 0) & own),
        (codes.R_UNDUETAX, known & ~due & (tax > 0)),
    ]
