"""Parameters of the statement builder: the 年分 and the points that no text of the tax agency settles (``nta.md`` 7)."""

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
}
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

    @classmethod
    def of(cls, tax_year: str, settings: Mapping[str, Any]) -> "Parameters":
        """Return the parameters of a run.

        Args:
            tax_year: yyyy, the year of the payments (年分).
            settings: the tree of ``SETTINGS.yaml``; a setting that is not there has its default.

        Raises:
            InputRefused: the year is none (CHSN002E), or a setting has an unknown name or value (CHSN003E).
        """
        if not (tax_year.isascii() and tax_year.isdigit()):
            raise InputRefused("CHSN002E", year=tax_year)
        given = settings.get("nta", {})
        for name in given:
            if name not in _CHOICES:
                raise InputRefused("CHSN003E", setting=f"nta.{name}", choices=", ".join(_CHOICES))
        return cls(tax_year=int(tax_year), **{name: str(value) for name, value in given.items()})
