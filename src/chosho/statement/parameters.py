"""Parameters of the statement builder: the 年分 and the points that no text of the tax agency settles (``nta.md`` 7)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chosho.errors import InputRefused

_CHOICES = {
    "zero_amount": ("zero", "empty"),
    "last_item": ("empty", "space"),
    "change_count": ("empty", "zero"),
    "address_unwritable": ("geta", "stop"),
    "ratio_decimal": ("left", "right"),
    "amount_findings": ("list", "off"),
    "correction_files": ("together", "apart"),
}
_YEN = ("change_exempt",)
_YEAR, _MONTH = "[0-9]{4}", "(?:0[1-9]|1[0-2])"
_FIRST_YEAR = 2013  # 366 replaces 311 for payments fixed from 2013-01-01; older years have no layout here
_LAST_YEAR = 2117  # 令和99, the last year that two digits can write


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameters:
    """How statements are written; each choice is a setting of ``SETTINGS.yaml`` under ``nta:`` and its first value the default."""

    tax_year: int
    zero_amount: str = "zero"
    last_item: str = "empty"
    change_count: str = "empty"
    address_unwritable: str = "geta"
    ratio_decimal: str = "left"
    amount_findings: str = "list"
    correction_files: str = "together"
    change_exempt: int = 1_000_000

    def __post_init__(self) -> None:
        """Check every choice.

        Raises:
            InputRefused: the tax year has no layout (CHSN002E) or a setting has another value (CHSN003E).
        """
        if not _FIRST_YEAR <= self.tax_year <= _LAST_YEAR:
            raise InputRefused("CHSN002E", year=self.tax_year)
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise InputRefused("CHSN003E", setting=f"nta.{name}", choices=" | ".join(choices))
        for name in _YEN:
            if getattr(self, name) < 0:
                raise InputRefused("CHSN003E", setting=f"nta.{name}", choices="whole yen from 0")

    @classmethod
    def of(cls, tax_year: str, settings: Mapping[str, Any]) -> "Parameters":
        """Return the parameters of a run.

        Args:
            tax_year: yyyy, the year of the payments (年分 of 310 and 366), or a month of it, yyyymm.
            settings: the tree of ``SETTINGS.yaml``; a setting that is not there has its default.

        Raises:
            InputRefused: the year is none (CHSN002E), or a setting has an unknown name or value (CHSN003E).
        """
        year = year_of(tax_year)
        given = settings.get("nta", {})
        for name in given:
            if name not in _CHOICES and name not in _YEN:
                raise InputRefused("CHSN003E", setting=f"nta.{name}", choices=", ".join((*_CHOICES, *_YEN)))
        values: dict[str, Any] = {name: str(value) for name, value in given.items()}
        values |= {name: _yen(given[name]) for name in _YEN if name in given}
        return cls(tax_year=year, **values)


def year_of(period: str) -> int:
    """Return the year of a period: yyyy, or a month yyyymm.

    Raises:
        InputRefused: it is neither (CHSN002E).
    """
    if not re.fullmatch(f"{_YEAR}{_MONTH}?", period, re.ASCII):
        raise InputRefused("CHSN002E", year=period)
    return int(period[:4])


def _yen(value: object) -> int:
    """Return a setting's whole yen; -1, which no setting may be, for anything else."""
    return value if type(value) is int else -1
