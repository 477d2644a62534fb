"""What is kept (保有), by which rule it is erased, and what has fallen due (消去期限).

The engine says what there is (:class:`Holding`), the retention table what ends its time (:class:`Rule`), and
:mod:`chosho.retention.decision` what must go today (:class:`Due`).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

SPOOL: Final = "SPOOL"
"""What the job logs are called where a dataset name is asked for: they are in no catalogue."""


class HoldingKind(StrEnum):
    """What a holding is."""

    GENERATION = "generation"
    """A generation (世代) of a dataset of ours."""
    DELIVERY = "delivery"
    """A file that others laid into an inbox (受付ファイル)."""
    SPOOL = "spool"
    """The job log (スプール) of a run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """Something that is there and that a rule may erase.

    Attributes:
        kind: what it is.
        id: what the engine knows it by.
        dataset: dataset name; :data:`SPOOL` for a job log.
        made_on: business date of the run that made it; of a delivery, that of the night that took it.
        name: for messages and the journal, such as ``G0001V00``, a file's name or a run's id.
        verified: its run is over, and its media were verified and stand in the register.
        newer: a newer visible generation of the dataset exists.
        finished: its run ended well.
        records: how many records it holds; 0 when it has none.
    """

    kind: HoldingKind
    id: str
    dataset: str
    made_on: date
    name: str
    verified: bool = False
    newer: bool = False
    finished: bool = True
    records: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A row of ``RETENTION.yaml``: these datasets are erased at the earliest of these events.

    ``days`` belongs to the event ``after-days``. A rule without datasets covers what goes by the rule's own name.
    """

    id: str
    title: str
    datasets: tuple[str, ...]
    events: tuple[str, ...]
    days: int | None = None

    @property
    def covers(self) -> tuple[str, ...]:
        """The names under which its holdings stand."""
        return self.datasets or (self.id,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A holding whose time has ended: by which rule, at which event, on which day."""

    holding: Holding
    rule: str
    event: str
    due_on: date
