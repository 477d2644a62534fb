"""Decision tables (判定表): rows with their law, of which the first that applies decides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from chosho.extract import verdict
from chosho.extract.column import Mask

F = TypeVar("F")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row(Generic[F]):
    """A row of a decision table: what becomes of the records that it applies to, why, and by which law."""

    outcome: str
    applies: Callable[[F], Mask]
    reason: str
    law: str


def decide(table: Sequence[Row[F]], facts: F, records: int) -> verdict.Codes:
    """Return the outcome of each of ``records`` records (uint32[n], see :func:`verdict.number`); 0 where no row applies."""
    outcomes = np.zeros(records, np.uint32)
    for row in table:
        outcomes[(outcomes == 0) & row.applies(facts)] = verdict.number(row.outcome)
    return outcomes
