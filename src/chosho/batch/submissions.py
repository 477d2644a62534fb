"""The submissions' desk (提出窓口): what a step may know of a submission, and generations beside the one that its DD means.

Statements in force stand in many generations of the statement copies (副本); the map of relative generations that a run fixes
cannot name them. Each is opened as a DD is: the right checked and the access journalled before any key is given out.
"""

from collections.abc import Callable, Mapping
from typing import Any

from chosho.batch.context import Context
from chosho.batch.expand import JobDd, JobStep
from chosho.control.store import Act, ControlStore
from chosho.dataset import access
from chosho.errors import InputRefused
from chosho.step import wire

RIGHT = "statement.use"
"""The right to know what was submitted."""


class Submissions:
    """Serves one step.

    Args:
        context: the run.
        step: the step.
        journal: writes a row of the journal at once, naming run and step.
        acts: takes what becomes true with the step's commit.
    """

    def __init__(
        self,
        context: Context,
        step: JobStep,
        journal: Callable[[str, Mapping[str, str]], None],
        acts: list[Act],
    ) -> None:
        self._context = context
        self._step = step
        self._journal = journal
        self._acts = acts
        self.answers: dict[str, Callable[..., Mapping[str, Any]]] = {
            "generations": self._generations,
            "open_generation": self._open,
            "submission": self._submission,
            "submission_entered": self._entered,
        }

    def _generations(self, dd: str) -> Mapping[str, Any]:
        found = self._dd(dd)
        self._context.require(self._context.catalog[found.dsn].right)
        visible = self._context.store.generations.catalogued(found.dsn)
        return {"generations": [[one.number, one.run] for one in visible]}

    def _open(self, dd: str, number: int) -> Mapping[str, Any]:
        """Open one generation of a DD's dataset.

        Raises:
            InputRefused: the right is missing, or there is no such generation (CHSB050E).
        """
        context, found = self._context, self._dd(dd)
        entry = context.catalog[found.dsn]
        context.require(entry.right)
        name = f"{found.dsn}.G{number:04d}"
        generation = context.store.generations.find(found.dsn, number)
        if generation is None:
            raise InputRefused("CHSB050E", step=self._step.name, dd=dd, dsn=name)
        self._journal("dd.open", {"dd": dd, "dsn": name, "right": entry.right})
        parts = access.sources(context.root, context.store, context.keys, generation)
        return {"parts": [wire.from_source(part) for part in parts]}

    def _submission(self, run: str) -> Mapping[str, Any]:
        """Tell of a submission that is to be entered.

        Raises:
            InputRefused: the right is missing, or it is not submitted, or entered already (CHSN067E).
        """
        self._context.require(RIGHT)
        found = self._context.store.submissions.to_enter(run, by=self._context.run.id)
        return {
            "year": found.year,
            "submitted_on": str(found.submitted_on),
            "records": dict(found.records),
        }

    def _entered(self, run: str) -> Mapping[str, Any]:
        by = self._context.run.id

        def enter(store: ControlStore, *, at: str, who: str) -> None:
            store.submissions.enter(run, by=by, at=at, who=who)

        self._acts.append(enter)
        return {}

    def _dd(self, name: str) -> JobDd:
        """Return a DD that names generations and is read."""
        found = self._step.dd(name)
        if found is None or found.relative is None:
            raise InputRefused("CHSS010E", step=self._step.name, dd=name)
        return found
