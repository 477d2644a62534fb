"""Symbols (記号パラメタ): ``&NAME`` in the values of a deck.

``&NAME.`` ends the name where text follows; ``&&`` is an ampersand.

Built in: ``&BUSINESS_DATE`` (yyyymmdd), ``&YEAR``, ``&PREVIOUS_YEAR`` and ``&PREVIOUS_MONTH`` (yyyymm) of the business date.

>>> substitute("&YEAR.0131", {"YEAR": "2027"})
'20270131'
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta

_SYMBOL = re.compile(r"&(?:(&)|([A-Z][A-Z0-9_]*)\.?)?")


class UnknownSymbolError(LookupError):
    """A value names a symbol that nothing defines; the argument is its name."""


def built_in(business_date: date) -> dict[str, str]:
    """Return the symbols that every deck has."""
    return {
        "BUSINESS_DATE": f"{business_date:%Y%m%d}",
        "YEAR": str(business_date.year),
        "PREVIOUS_YEAR": str(business_date.year - 1),
        "PREVIOUS_MONTH": f"{business_date.replace(day=1) - timedelta(days=1):%Y%m}",
    }


def substitute(value: str, symbols: Mapping[str, str]) -> str:
    """Return ``value`` with its symbols filled in, once: what a symbol brings in is not searched again.

    Raises:
        UnknownSymbolError: a symbol is not defined, or an ampersand names none.
    """

    def filled(match: re.Match[str]) -> str:
        if match[1]:
            return "&"
        name = match[2]
        if not name or name not in symbols:
            raise UnknownSymbolError(name or "")
        return symbols[name]

    return _SYMBOL.sub(filled, value)
