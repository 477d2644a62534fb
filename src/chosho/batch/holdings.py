"""Holdings (保有物): what a data root holds under the retention rules of a step, and how what is due is given up."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from chosho import disk
from chosho.batch.context import Context
from chosho.batch.expand import JobStep
from chosho.control.inbox import DeliveryState
from chosho.control.runs import RunState
from chosho.control.store import Act, ControlStore
from chosho.dataset.retention_table import RetentionRule
from chosho.errors import InputRefused
from chosho.retention.holding import SPOOL

RIGHT = "retention.scratch"
"""The right to give up what the retention table says is due."""


class Holdings:
    """The holdings of one step.

    Args:
        context: the run.
        step: the step, with its rules.
    """

    def __init__(self, context: Context, step: JobStep) -> None:
        self._context = context
        self._rules = [rule for rule in context.retention.rules if rule.id in step.rules]

    def found(self) -> Mapping[str, Any]:
        """Return the rules of the step, and everything that is held under them."""
        self._context.require(RIGHT)
        return {
            "rules": [
                {
                    "id": rule.id,
                    "title": rule.title,
                    "datasets": list(rule.datasets),
                    "events": [event.value for event in rule.erase],
                    "days": rule.days,
                }
                for rule in self._rules
            ],
            "holdings": [one for rule in self._rules for one in self._of_rule(rule)],
        }

    def _of_rule(self, rule: RetentionRule) -> Iterator[Mapping[str, Any]]:
        for dsn in rule.datasets:
            if self._context.catalog[dsn].inbox is None:
                yield from self._generations(dsn)
            else:
                yield from self._delivered(dsn)
        if rule.id == SPOOL:
            yield from self._spools()

    def _generations(self, dsn: str) -> Iterator[Mapping[str, Any]]:
        store = self._context.store
        visible = store.generations.catalogued(dsn)
        for place, generation in enumerate(visible):
            state = store.runs.get(generation.run).state
            # Media that are in the register prove nothing of a run that may still make them anew from the data.
            yield _holding(
                kind="generation",
                id=str(generation.id),
                dataset=dsn,
                made_on=generation.business_date,
                name=generation.name,
                records=generation.records,
                verified=state.is_over and bool(store.media.of_run(generation.run)),
                newer=place < len(visible) - 1,
                finished=state is RunState.FINISHED,
            )

    def _delivered(self, dsn: str) -> Iterator[Mapping[str, Any]]:
        store = self._context.store
        for one in store.inbox.all(dsn=dsn, states=(DeliveryState.TAKEN, DeliveryState.DISCARDED)):
            # What a closed run took and kept has reached the number master; the rest was put back.
            ended = store.runs.get(one.run).state.is_over
            yield _holding(
                kind="delivery",
                id=str(one.id),
                dataset=dsn,
                made_on=one.business_date,
                name=one.name,
                records=one.records,
                finished=ended or one.state is DeliveryState.DISCARDED,
            )

    def _spools(self) -> Iterator[Mapping[str, Any]]:
        context = self._context
        for entry in disk.entries(context.root / "spool"):
            if entry.name == context.run.id or not entry.is_dir(follow_symlinks=False):
                continue
            try:
                run = context.store.runs.get(entry.name)
            except InputRefused:
                continue  # not a run's: a person put it there, and a person takes it away
            yield _holding(
                kind="spool",
                id=run.id,
                dataset=SPOOL,
                made_on=run.business_date,
                name=run.id,
                finished=run.state is RunState.FINISHED,
            )

    def scratch(self, dues: Sequence[Mapping[str, Any]]) -> tuple[list[Act], list[str]]:
        """Return the acts that give up what is due, for the step's commit, and the runs whose spool goes after it.

        Raises:
            InputRefused: something is not held under the step's rules (CHSB055E).
        """
        self._context.require(RIGHT)
        held = {(one["kind"], one["id"]) for rule in self._rules for one in self._of_rule(rule)}
        acts: list[Act] = []
        spools = []
        for due in dues:
            if (due["kind"], due["id"]) not in held:
                raise InputRefused("CHSB055E", kind=due["kind"], id=due["id"])
            acts.append(partial(_give_up, due=dict(due), run=self._context.run.id))
            if due["kind"] == "spool":
                spools.append(due["id"])
        return acts, spools


def remove_spools(root: Path, runs: Sequence[str]) -> None:
    """Remove the job logs of runs; what is interrupted is found again by the next scratch."""
    for run in runs:
        folder = root / "spool" / run
        for entry in list(disk.entries(folder)):
            disk.remove(folder / entry.name)
        disk.remove_folder(folder)


def _give_up(store: ControlStore, *, due: Mapping[str, Any], run: str, at: str, who: str) -> None:
    """Give one thing up, on record."""
    if due["kind"] == "generation":
        store.generations.uncatalogue(int(due["id"]), at=at, who=who)
    elif due["kind"] == "delivery":
        store.inbox.give_up(int(due["id"]))
    fields = {name: due[name] for name in ("kind", "name", "dataset", "rule", "event", "due_on")}
    store.journal.append("retention.scratched", who, {**fields, "run": run}, at=at)


def _holding(  # the fields of ``retention.holding.Holding``, as they travel
    *,
    kind: str,
    id: str,  # noqa: A002 - a field of the wire
    dataset: str,
    made_on: date,
    name: str,
    verified: bool = False,
    newer: bool = False,
    finished: bool = False,
    records: int = 0,
) -> Mapping[str, Any]:
    return {
        "kind": kind,
        "id": id,
        "dataset": dataset,
        "made_on": made_on.isoformat(),
        "name": name,
        "verified": verified,
        "newer": newer,
        "finished": finished,
        "records": records,
    }
