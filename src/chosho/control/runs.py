"""Runs (実行): deck + business date + parameters, their steps, and the generations each run fixed once.

A finished run is refused a second time; a failed one is restarted under the same id and with the same generations, if its
deck has not changed since (fingerprint).
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chosho.control.database import Database, canonical
from chosho.control.journal import Journal
from chosho.control.reason import required
from chosho.errors import InputRefused, StopLine


class RunState(StrEnum):
    """States of a run. ``running`` without a living supervisor means that it was killed."""

    RUNNING = "running"
    FAILED = "failed"
    FINISHED = "finished"
    CLOSED = "closed"
    """It failed, and a person decided that it will not go on."""

    @property
    def is_over(self) -> bool:
        """Whether it never goes on: finished or closed."""
        return self in {RunState.FINISHED, RunState.CLOSED}


class StepState(StrEnum):
    """States of a step. ``skipped``: its ``when`` was false."""

    RUNNING = "running"
    FAILED = "failed"
    FINISHED = "finished"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A run, such as ``JANUARY.20270112.01``."""

    id: str
    deck: str
    business_date: date
    parameters: dict[str, str]
    fingerprint: str
    state: RunState
    rc: int | None
    attempt: int
    begun_at: str
    ended_at: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """The latest attempt of a step. ``elapsed`` in seconds."""

    name: str
    state: StepState
    rc: int | None
    attempt: int
    counts: dict[str, int]
    started_at: str
    ended_at: str | None
    elapsed: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """A relative generation (相対世代) and the absolute number that it means in this run."""

    dsn: str
    relative: int
    number: int


class Runs:
    """The runs of one control store."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def find(self, deck: str, business_date: date, parameters: Mapping[str, str]) -> Run | None:
        """Return the run of an identity, or None."""
        row = self._database.row(
            "SELECT * FROM runs WHERE deck = ? AND business_date = ? AND parameters = ?",
            deck,
            business_date.isoformat(),
            canonical(parameters),
        )
        return None if row is None else _run(row)

    def get(self, run_id: str) -> Run:
        """Return a run by its id.

        Raises:
            InputRefused: there is none (CHSJ023E).
        """
        row = self._database.row("SELECT * FROM runs WHERE id = ?", run_id)
        if row is None:
            raise InputRefused("CHSJ023E", run=run_id)
        return _run(row)

    def list(self, limit: int = 100) -> tuple[Run, ...]:
        """Return the latest runs, newest first."""
        rows = self._database.rows("SELECT * FROM runs ORDER BY begun_at DESC, id DESC LIMIT ?", limit)
        return tuple(_run(row) for row in rows)

    def begin(
        self,
        deck: str,
        business_date: date,
        parameters: Mapping[str, str],
        *,
        fingerprint: str,
        references: Sequence[Reference],
        at: str,
        who: str,
    ) -> Run:
        """Begin a run: give it an id and fix its generations.

        Args:
            deck: the deck's name.
            business_date: the business date (業務日付).
            parameters: the deck's parameters, all of them, with their values.
            fingerprint: digest of the expanded deck.
            references: what each relative generation of the deck means from now on.
            at: when, as ISO 8601 text.
            who: the person or program.

        Raises:
            InputRefused: the identity was run: finished (CHSJ020E), or unfinished and to be restarted (CHSJ021E).
        """
        with self._database.transaction():
            earlier = self.find(deck, business_date, parameters)
            if earlier is not None:
                finished = earlier.state is RunState.FINISHED
                raise InputRefused("CHSJ020E" if finished else "CHSJ021E", run=earlier.id)
            row = self._database.row(
                "SELECT count(*) AS runs FROM runs WHERE deck = ? AND business_date = ?",
                deck,
                business_date.isoformat(),
            )
            number = 1 + (row["runs"] if row else 0)
            run_id = f"{deck}.{business_date:%Y%m%d}.{number:02d}"
            self._database.insert(
                "runs",
                {
                    "id": run_id,
                    "deck": deck,
                    "business_date": business_date.isoformat(),
                    "parameters": canonical(parameters),
                    "fingerprint": fingerprint,
                    "state": RunState.RUNNING,
                    "attempt": 1,
                    "begun_at": at,
                },
            )
            for reference in references:
                self._database.insert(
                    "run_references",
                    {
                        "run_id": run_id,
                        "dsn": reference.dsn,
                        "relative": reference.relative,
                        "number": reference.number,
                    },
                )
            self._journal.append("run.begin", who, {"run": run_id, "fingerprint": fingerprint}, at=at)
        return self.get(run_id)

    def restart(self, run_id: str, *, fingerprint: str, at: str, who: str) -> Run:
        """Begin the next attempt of a run that failed or was killed. The caller holds its locks, so it is not alive.

        Raises:
            InputRefused: no such run (CHSJ023E), finished (CHSJ020E), or its deck changed since (CHSJ022E).
        """
        with self._database.transaction():
            run = self.get(run_id)
            if run.state.is_over:
                raise InputRefused("CHSJ020E", run=run_id)
            if run.fingerprint != fingerprint:
                raise InputRefused("CHSJ022E", run=run_id)
            self._database.change(
                "UPDATE runs SET state = ?, rc = NULL, ended_at = NULL, attempt = attempt + 1 WHERE id = ?",
                RunState.RUNNING,
                run_id,
            )
            # A step that was running when its supervisor was killed did not end: it is redone.
            self._database.change(
                "UPDATE steps SET state = ?, rc = 16, ended_at = ? WHERE run_id = ? AND state = ?",
                StepState.FAILED,
                at,
                run_id,
                StepState.RUNNING,
            )
            self._journal.append("run.restart", who, {"run": run_id, "attempt": run.attempt + 1}, at=at)
        return self.get(run_id)

    def renew(
        self, run_id: str, *, fingerprint: str, references: Sequence[Reference], at: str, who: str
    ) -> None:
        """Let an unfinished run begin again from its first step with a changed deck.

        Generations that the run has fixed stay as they are; those that only the changed deck names are added.

        Raises:
            InputRefused: no such run (CHSJ023E), or it is finished (CHSJ020E).
        """
        with self._database.transaction():
            if self.get(run_id).state is RunState.FINISHED:
                raise InputRefused("CHSJ020E", run=run_id)
            self._database.change("UPDATE runs SET fingerprint = ? WHERE id = ?", fingerprint, run_id)
            for one in references:
                self._database.change(
                    "INSERT INTO run_references (run_id, dsn, relative, number) VALUES (?, ?, ?, ?)"
                    " ON CONFLICT DO NOTHING",
                    run_id,
                    one.dsn,
                    one.relative,
                    one.number,
                )
            self._journal.append("run.renew", who, {"run": run_id, "fingerprint": fingerprint}, at=at)

    def finish(self, run_id: str, rc: int, *, failed: bool, at: str, who: str) -> Run:
        """End a run: finished, or failed and to be restarted."""
        state = RunState.FAILED if failed else RunState.FINISHED
        with self._database.transaction():
            self.get(run_id)
            self._database.change(
                "UPDATE runs SET state = ?, rc = ?, ended_at = ? WHERE id = ?", state, rc, at, run_id
            )
            self._journal.append("run.end", who, {"run": run_id, "rc": rc, "state": state.value}, at=at)
        return self.get(run_id)

    def close(self, run_id: str, *, reason: str, at: str, who: str) -> None:
        """Close a run that failed or was killed (実行の打切り): it never goes on, and holds no generation any more.

        The caller holds its lock, so it is not alive.

        Raises:
            InputRefused: the reason is missing or holds a number (CHSJ041E, CHSJ042E), there is no such run (CHSJ023E), or it is
                finished or closed already (CHSJ024E).
        """
        said = required(reason)
        with self._database.transaction():
            run = self.get(run_id)
            if run.state.is_over:
                raise InputRefused("CHSJ024E", run=run_id, state=run.state.value)
            self._database.change(
                "UPDATE runs SET state = ?, rc = coalesce(rc, 16), ended_at = coalesce(ended_at, ?) WHERE id = ?",
                RunState.CLOSED,
                at,
                run_id,
            )
            self._journal.append("run.close", who, {"run": run_id, "reason": said}, at=at)

    def close_reason(self, run_id: str) -> str:
        """Return why a person closed a run; empty when nobody did."""
        reasons = (
            str(row.fields["reason"])
            for row in self._journal.rows(kinds=("run.close",))
            if row.fields["run"] == run_id
        )
        return next(reasons, "")

    def of_decks(self, *decks: str) -> tuple[Run, ...]:
        """Return every run of some decks, by business date."""
        places = ", ".join("?" * len(decks))
        rows = self._database.rows(
            f"SELECT * FROM runs WHERE deck IN ({places}) ORDER BY business_date, id",  # noqa: S608 - only question marks
            *decks,
        )
        return tuple(_run(row) for row in rows)

    def first_day(self, *decks: str) -> date | None:
        """Return the earliest business date of the runs of some decks; None when there is none."""
        places = ", ".join("?" * len(decks))
        row = self._database.row(
            f"SELECT min(business_date) AS day FROM runs WHERE deck IN ({places})",  # noqa: S608 - only question marks
            *decks,
        )
        return None if row is None or row["day"] is None else date.fromisoformat(row["day"])

    def references(self, run_id: str) -> tuple[Reference, ...]:
        """Return what the relative generations of a run mean, by dataset and relative number."""
        rows = self._database.rows(
            "SELECT dsn, relative, number FROM run_references WHERE run_id = ? ORDER BY dsn, relative", run_id
        )
        return tuple(
            Reference(dsn=row["dsn"], relative=row["relative"], number=row["number"]) for row in rows
        )

    def step_begin(self, run_id: str, step: str, *, at: str) -> None:
        """Note that a step of the present attempt starts."""
        self._enter(run_id, step, StepState.RUNNING, at)

    def step_skip(self, run_id: str, step: str, *, at: str) -> None:
        """Note that a step of the present attempt is left out, its ``when`` being false."""
        self._enter(run_id, step, StepState.SKIPPED, at)

    def step_end(
        self,
        run_id: str,
        step: str,
        *,
        rc: int,
        failed: bool,
        counts: Mapping[str, int],
        at: str,
        elapsed: float,
    ) -> None:
        """Note how a running step ended; part of :meth:`chosho.control.store.ControlStore.commit_step`.

        Raises:
            StopLine: the step is not running (CHSJ030S).
        """
        changed = self._database.change(
            "UPDATE steps SET state = ?, rc = ?, counts = ?, ended_at = ?, elapsed = ?"
            " WHERE run_id = ? AND step = ? AND state = ?",
            StepState.FAILED if failed else StepState.FINISHED,
            rc,
            canonical(counts),
            at,
            elapsed,
            run_id,
            step,
            StepState.RUNNING,
        )
        if changed != 1:
            raise StopLine("CHSJ030S", run=run_id, step=step)

    def steps(self, run_id: str) -> dict[str, Step]:
        """Return the latest attempt of each step of a run, in the order in which they started."""
        rows = self._database.rows("SELECT * FROM steps WHERE run_id = ? ORDER BY attempt, rowid", run_id)
        latest: dict[str, Step] = {}
        for row in rows:
            latest.pop(row["step"], None)
            latest[row["step"]] = _step(row)
        return latest

    def completed_in(self, run_id: str, step: str) -> int:
        """Return the last attempt of a run in which a step was completed; 0 when it never was."""
        row = self._database.row(
            "SELECT max(attempt) AS last FROM steps WHERE run_id = ? AND step = ? AND state = ?",
            run_id,
            step,
            StepState.FINISHED,
        )
        return 0 if row is None or row["last"] is None else int(row["last"])

    def _enter(self, run_id: str, step: str, state: StepState, at: str) -> None:
        with self._database.transaction():
            attempt = self.get(run_id).attempt
            self._database.insert(
                "steps",
                {"run_id": run_id, "step": step, "attempt": attempt, "state": state, "started_at": at},
            )


def _run(row: sqlite3.Row) -> Run:
    return Run(
        id=row["id"],
        deck=row["deck"],
        business_date=date.fromisoformat(row["business_date"]),
        parameters=json.loads(row["parameters"]),
        fingerprint=row["fingerprint"],
        state=RunState(row["state"]),
        rc=row["rc"],
        attempt=row["attempt"],
        begun_at=row["begun_at"],
        ended_at=row["ended_at"],
    )


def _step(row: sqlite3.Row) -> Step:
    return Step(
        name=row["step"],
        state=StepState(row["state"]),
        rc=row["rc"],
        attempt=row["attempt"],
        counts=json.loads(row["counts"]),
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        elapsed=row["elapsed"],
    )
