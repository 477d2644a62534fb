"""The retention table (保存期間表): ``RETENTION.yaml`` of the data root, one row per class of data that the purge job erases.

The table only says which event ends the time of which datasets; ``chosho.retention`` decides when that is, and
``chosho.dataset.erase`` does it.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from chosho import disk, document
from chosho.dataset.catalog import Catalog, Dsn
from chosho.errors import InputRefused

FILE_NAME: Final = "RETENTION.yaml"


class EraseEvent(StrEnum):
    """What ends the time of a dataset; of several the earliest counts (DESIGN §4, PURGE)."""

    NEXT_DAY_START = "next-day-start"
    VERIFIED_OUTPUT = "verified-output"
    NEXT_EXTRACT = "next-extract"
    ONE_MONTH = "one-month"
    AFTER_DAYS = "after-days"
    SEVEN_FISCAL_YEARS = "seven-fiscal-years-after-last-submission"
    ONE_YEAR_AFTER_CLOSING = "one-year-after-the-fiscal-year-of-closing"


class RetentionRule(BaseModel):
    """A row: these datasets are erased at the earliest of these events; ``days`` belongs to ``after-days``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,15}$")]
    title: str
    datasets: tuple[Dsn, ...]
    erase: tuple[EraseEvent, ...]
    days: Annotated[int, Field(ge=1, le=3653)] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not self.erase:
            raise ValueError("erase names one event at least")
        if (EraseEvent.AFTER_DAYS in self.erase) != (self.days is not None):
            raise ValueError("days and the event after-days belong together")
        return self


class RetentionTable(BaseModel):
    """All rows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rules: tuple[RetentionRule, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the rules."""
        return tuple(rule.id for rule in self.rules)

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        for what, names in (
            ("rule", [rule.id for rule in self.rules]),
            ("dataset", [dsn for rule in self.rules for dsn in rule.datasets]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"{what} {', '.join(twice)} stands twice")
        return self

    @classmethod
    def load(cls, root: Path, catalog: Catalog) -> "RetentionTable":
        """Read the table of a data root and check its datasets against the catalogue.

        Raises:
            InputRefused: there is no such file, it does not fit the model, a dataset is unknown (CHSD100E), or one whose
                generations end by rule only has no rule (CHSD114E).
        """
        path = root / FILE_NAME
        table = document.load(disk.read_bytes(path).decode(), source=path, model=cls)
        for rule in table.rules:
            for dsn in rule.datasets:
                _ = catalog[dsn]
        ruled = {dsn for rule in table.rules for dsn in rule.datasets}
        for entry in catalog:
            if entry.by_rule and entry.dsn not in ruled:
                raise InputRefused("CHSD114E", dsn=entry.dsn, table=path)
        return table
