"""The facts of a step (ステップ情報).

What the supervisor tells a step at its start, and what it says of each DD.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self

from chosho.errors import InputRefused


@dataclass(frozen=True, kw_only=True, slots=True)
class DdFacts:
    """A DD as the deck and the catalogue have it.

    ``dsn`` carries the absolute generation; ``copybook`` is None for T and U.
    """

    name: str
    dsn: str
    mode: Literal["SHR", "OLD", "NEW"]
    present: bool
    keep: bool
    recfm: Literal["F", "T", "U"]
    lrecl: int
    key: int
    code_page: str
    copybook: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Everything that a step is told at its start.

    ``library`` is the folder of a developer's program, None for ours.
    """

    run_id: str
    job: str
    step: str
    pgm: str
    library: Path | None
    business_date: date
    parameters: Mapping[str, str]
    settings: Mapping[str, Any]
    dds: Mapping[str, DdFacts]

    @classmethod
    def from_wire(cls, body: Mapping[str, Any]) -> Self:
        """Read the answer to ``hello``."""
        return cls(
            run_id=body["run_id"],
            job=body["job"],
            step=body["step"],
            pgm=body["pgm"],
            library=None if body["library"] is None else Path(body["library"]),
            business_date=date.fromisoformat(body["business_date"]),
            parameters=body["parameters"],
            settings=body["settings"],
            dds={name: DdFacts(name=name, **dd) for name, dd in body["dds"].items()},
        )

    def dd(self, name: str) -> DdFacts:
        """Return a DD.

        Raises:
            InputRefused: the deck gives the step no such DD (CHSS010E).
        """
        if name not in self.dds:
            raise InputRefused("CHSS010E", step=self.step, dd=name)
        return self.dds[name]
