"""Tonight's work (その夜の仕事): the runs that the night of a date began or carried on, and what earlier nights left unfinished."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chosho.batch.night import DECKS, unfinished
from chosho.control.runs import Run, Step
from chosho.control.store import ControlStore

_BEGIN, _RESTART = "run.begin", "run.restart"


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """A run, and the steps of it that this night did; none of a run that only stands there unfinished."""

    run: Run
    steps: Mapping[str, Step]


def work(store: ControlStore, day: date, *others: str) -> tuple[Work, ...]:
    """Return what the night of a date worked on, and what earlier nights left unfinished, by business date.

    Args:
        store: the control store.
        day: the date of the night.
        others: further decks, whose runs of that date count as work of the night.
    """
    runs = store.runs.of_decks(*DECKS, *others)
    nightly = [run for run in runs if run.deck in DECKS]
    again = _carried_on(store, nightly, day)
    left = {run.id for deck in DECKS for run in unfinished(nightly, deck, before=day)}
    found = []
    for run in runs:
        first = 1 if run.business_date == day else again.get(run.id)
        if first is not None:
            steps = store.runs.steps(run.id).items()
            found.append(Work(run=run, steps={name: step for name, step in steps if step.attempt >= first}))
        elif run.id in left:
            found.append(Work(run=run, steps={}))
    return tuple(found)


def _carried_on(store: ControlStore, nightly: list[Run], day: date) -> dict[str, int]:
    """Return the runs of earlier dates that went on in the night of a date, each with its first attempt in that night.

    A night lasts until the first run of another date begins; the journal has the order, whatever the machine's clock said.
    """
    dates = {run.id: run.business_date for run in nightly}
    night, found = None, dict[str, int]()
    for row in store.journal.rows(kinds=(_BEGIN, _RESTART)):
        run_id = str(row.fields["run"])
        if run_id not in dates:
            continue
        if row.kind == _BEGIN:
            night = dates[run_id]
        elif night == day and dates[run_id] < day:
            found.setdefault(run_id, int(str(row.fields["attempt"])))
    return found
