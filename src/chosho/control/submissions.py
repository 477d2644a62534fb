"""The ledger of submissions (提出台帳): that a run's discs went to the tax office, step by step, each dated and by name.

One submission is one run's statements. It is checked by two persons, enclosed, mailed, submitted, acknowledged, in this order;
its day is that of the submission, from which retention counts. Then its statements enter those in force (deck SUBMITTED),
once. The ledger holds kinds, counts, volumes, dates and names; contents stay in the sealed statement copies of the run.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from chosho.control import rights
from chosho.control.database import Database, canonical
from chosho.control.journal import Field, Journal
from chosho.control.media import MediaRegister
from chosho.control.reason import required
from chosho.control.runs import Run, Runs, RunState
from chosho.errors import InputRefused, StopLine

USE: Final = "submission.use"
"""The right to see the ledger and to go on in it."""

NONE: Final = "none"
WITHDRAWN: Final = "withdrawn"
TRANSITIONS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "check": {NONE: "checking", "checking": "checked"},
        "enclose": {"checked": "enclosed"},
        "mail": {"enclosed": "mailed"},
        "submit": {"mailed": "submitted"},
        "acknowledge": {"submitted": "acknowledged"},
        "withdraw": {"checking": WITHDRAWN, "checked": WITHDRAWN, "enclosed": WITHDRAWN},
    }
)
"""Act → state before → state after; what is not here is refused. The second check is another person's."""
ON_RECORD: Final = ("submitted", "acknowledged")
"""States of what the tax office has."""

_FORCE: Final = "CHOSHO.STATEMENT.FORCE"
_FORM: Final = frozenset({"MEDIUM", "MEDIUM_BYTES", "WORK_FACTOR", "SUBMITTED_ON"})
"""Parameters of a deck that change the discs, not which statements are on them."""
_PERIODS: Final = ("TAX_YEAR", "MONTH")
_TRACKING: Final = re.compile(r"(?=.*[0-9])[0-9A-Z]+(?:-[0-9A-Z]+)*")
_LONGEST_TRACKING: Final = 20
_LONG_DIGITS: Final = re.compile(r"[0-9]{12,}")
_RECEIPT: Final = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """A step of a submission (提出の手続): what, the day it was done, by whom, tracking or receipt number, when it was entered."""

    state: str
    on: date
    who: str
    note: str
    at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """A submission (提出). ``entered_by`` is the run that entered its statements into those in force."""

    run: str
    deck: str
    parameters: Mapping[str, str]
    year: str
    """yyyy, of the statements' run."""
    state: str
    records: Mapping[str, int]
    """Kind → statements."""
    volumes: int
    entered_by: str | None
    acts: tuple[Act, ...]

    @property
    def submitted_on(self) -> date | None:
        """The day of the submission (提出日); None while it is not submitted."""
        return next((act.on for act in self.acts if act.state == "submitted"), None)


class Submissions:
    """The submissions of one control store."""

    def __init__(self, database: Database, journal: Journal, runs: Runs, media: MediaRegister) -> None:
        self._database = database
        self._journal = journal
        self._runs = runs
        self._media = media

    def all(self) -> tuple[Submission, ...]:
        """Return every submission, by the business date of its run."""
        rows = self._database.rows(
            "SELECT submissions.run_id FROM submissions JOIN runs ON runs.id = submissions.run_id"
            " ORDER BY runs.business_date, runs.id"
        )
        return tuple(self.get(row["run_id"]) for row in rows)

    def shown(self, who: str, *, at: str) -> tuple[Submission, ...]:
        """Return every submission for a person who may see them.

        Raises:
            InputRefused: the right is missing (CHSJ040E).
        """
        rights.require(self._journal, who, USE, at=at)
        return self.all()

    def find(self, run_id: str) -> Submission | None:
        """Return the submission of a run, or None when nobody has begun it."""
        row = self._database.row("SELECT * FROM submissions WHERE run_id = ?", run_id)
        if row is None:
            return None
        acts = self._database.rows("SELECT * FROM submission_acts WHERE run_id = ? ORDER BY place", run_id)
        run = self._runs.get(run_id)
        return Submission(
            run=run_id,
            deck=run.deck,
            parameters=run.parameters,
            year=row["year"],
            state=row["state"],
            records=json.loads(row["records"]),
            volumes=row["volumes"],
            entered_by=row["entered_by"],
            acts=tuple(
                Act(
                    state=act["state"],
                    on=date.fromisoformat(act["on_date"]),
                    who=act["who"],
                    note=act["note"],
                    at=act["at"],
                )
                for act in acts
            ),
        )

    def next_act(self, run_id: str) -> str:
        """Return the act that brings the submission of a run on its way; empty when nothing can, or it is at its end."""
        found = self.find(run_id)
        state = NONE if found is None else found.state
        return next((act for act, states in TRANSITIONS.items() if state in states), "")

    def get(self, run_id: str) -> Submission:
        """Return the submission of a run.

        Raises:
            InputRefused: nobody has begun it (CHSN061E).
        """
        found = self.find(run_id)
        if found is None:
            raise InputRefused("CHSN061E", run=run_id, act="show", state=NONE)
        return found

    # Acts of persons --

    def check(self, run_id: str, *, on: date, today: date, who: str, at: str) -> Submission:
        """Enter a check of the discs and papers (確認): of two persons, the first begins the submission.

        Raises:
            InputRefused: the run has nothing that can be submitted (CHSN060E), the same person would check twice (CHSN062E), the
                same statements are in another submission (CHSN065E), or a newer submission has changed what stands
                submitted (CHSN066E); and as :meth:`go`.
        """
        with self._database.transaction():
            if self.find(run_id) is None:
                rights.require(self._journal, who, USE, at=at)
                self._begin(run_id)
            else:
                first = self.get(run_id).acts[0]
                if first.who == who and self.get(run_id).state == "checking":
                    raise InputRefused("CHSN062E", run=run_id, person=who)
            self._require_current(run_id, "check")
            return self._go(run_id, "check", on=on, today=today, who=who, at=at)

    def enclose(self, run_id: str, *, on: date, today: date, who: str, at: str) -> Submission:
        """Enter that discs and papers were enclosed (封入); refused as :meth:`check` and :meth:`submit`."""
        with self._database.transaction():
            self._require_current(run_id, "enclose")
            return self._go(run_id, "enclose", on=on, today=today, who=who, at=at)

    def mail(self, run_id: str, *, tracking: str, on: date, today: date, who: str, at: str) -> Submission:
        """Enter that the parcel was mailed (発送) under a tracking number.

        Raises:
            InputRefused: the tracking number is malformed (CHSN064E); and as :meth:`check` and :meth:`submit`.
        """
        note = tracking.strip().upper()
        if len(note) > _LONGEST_TRACKING or not _TRACKING.fullmatch(note):
            raise InputRefused("CHSN064E", most=_LONGEST_TRACKING)
        # Twelve digits in a row could be an individual number, and no record takes them; the post writes groups of four as well.
        note = _LONG_DIGITS.sub(lambda found: "-".join(re.findall(".{1,4}", found[0])), note)
        with self._database.transaction():
            self._require_current(run_id, "mail")
            return self._go(run_id, "mail", on=on, today=today, who=who, at=at, note=note)

    def submit(self, run_id: str, *, on: date, today: date, who: str, at: str) -> Submission:
        """Enter that the tax office has the discs (提出); its day is the one that retention counts from.

        Raises:
            InputRefused: the right is missing (CHSJ040E), the submission is in another state (CHSN061E), or the day is before that
                of the step before or in the future (CHSN063E).
        """
        return self._go(run_id, "submit", on=on, today=today, who=who, at=at)

    def acknowledge(
        self, run_id: str, *, receipt: str = "", on: date, today: date, who: str, at: str
    ) -> Submission:
        """Enter that the tax office has acknowledged it (受付), with the number of the receipt if there is one.

        Raises:
            InputRefused: the receipt number is malformed (CHSN084E); and as :meth:`submit`.
        """
        if len(receipt) > _RECEIPT or not re.fullmatch("[0-9A-Z-]*", receipt, re.ASCII):
            raise InputRefused("CHSN084E", most=_RECEIPT)
        note = _LONG_DIGITS.sub(lambda found: "-".join(re.findall(".{1,4}", found[0])), receipt)
        return self._go(run_id, "acknowledge", on=on, today=today, who=who, at=at, note=note)

    def withdraw(self, run_id: str, *, reason: str, on: date, today: date, who: str, at: str) -> Submission:
        """Enter that the discs will not be sent (取下げ); what was mailed cannot be withdrawn any more.

        Raises:
            InputRefused: the reason is missing (CHSJ041E) or looks personal (CHSJ042E); and as :meth:`submit`.
        """
        return self._go(run_id, "withdraw", on=on, today=today, who=who, at=at, note=required(reason))

    def _begin(self, run_id: str) -> None:
        run = self._runs.get(run_id)
        media = self._media.of_run(run_id)
        period = next((run.parameters[name] for name in _PERIODS if name in run.parameters), "")
        if run.state is not RunState.FINISHED or not media or not re.fullmatch("[0-9]{4,6}", period):
            raise InputRefused("CHSN060E", run=run_id, state=run.state.value, volumes=len(media))
        records: dict[str, int] = {}
        for medium in media:
            for kind, number in medium.records.items():
                records[kind] = records.get(kind, 0) + number
        row = {"run_id": run_id, "year": period[:4], "state": NONE, "records": canonical(records)}
        self._database.insert("submissions", {**row, "volumes": len(media)})

    def _go(
        self, run_id: str, act: str, *, on: date, today: date, who: str, at: str, note: str = ""
    ) -> Submission:
        rights.require(self._journal, who, USE, at=at)
        with self._database.transaction():
            found = self.find(run_id)
            before = NONE if found is None else found.state
            after = TRANSITIONS[act].get(before)
            if found is None or after is None:
                raise InputRefused("CHSN061E", run=run_id, act=act, state=before)
            last = found.acts[-1].on if found.acts else self._runs.get(run_id).business_date
            if on < last or on > today:
                raise InputRefused("CHSN063E", run=run_id, on=on, before=last, today=today)
            self._database.change("UPDATE submissions SET state = ? WHERE run_id = ?", after, run_id)
            self._database.insert(
                "submission_acts",
                {
                    "run_id": run_id,
                    "place": len(found.acts) + 1,
                    "state": after,
                    "on_date": on.isoformat(),
                    "who": who,
                    "note": note,
                    "at": at,
                },
            )
            kinds = " ".join(f"{kind}:{number}" for kind, number in found.records.items())
            fields: dict[str, Field] = {"subject": run_id, "on": on.isoformat(), "volumes": found.volumes}
            fields |= {"records": sum(found.records.values()), "kinds": kinds, "note": note or None}
            self._journal.append(f"submission.{after}", who, fields, at=at)
            return self.get(run_id)

    # Nothing twice --

    def _require_current(self, run_id: str, act: str) -> None:
        """Refuse to send what is, or may be, on its way or with the tax office already.

        A run that was compared with what stood submitted must still be right about it; one that was not (JANUARY) may not be
        another one's twin.
        """
        run, mine = self._runs.get(run_id), self.find(run_id)
        if mine is None:
            raise InputRefused("CHSN061E", run=run_id, act=act, state=NONE)
        others = [
            one
            for one in self.all()
            if one.run != run_id and one.year == mine.year and one.state != WITHDRAWN
        ]
        compared = self._compared(run)
        for other in others:
            if compared is None:
                if other.deck == run.deck and _content(other.parameters) == _content(run.parameters):
                    raise InputRefused("CHSN065E", run=run_id, other=other.run)
            elif not other.records.keys().isdisjoint(mine.records):
                if other.entered_by is None:
                    raise InputRefused("CHSN065E", run=run_id, other=other.run)
                if self._entered_as(other.entered_by) > compared:
                    raise InputRefused("CHSN066E", run=run_id, other=other.run)

    def _compared(self, run: Run) -> int | None:
        """Return the generation of the statements in force that a run was compared with; None when it was not compared."""
        references = {one.relative: one.number for one in self._runs.references(run.id) if one.dsn == _FORCE}
        if 0 in references:
            return references[0]
        # A run that compares begins before anything stands submitted: the first entry makes it stale.
        return 0 if "SCOPE" in run.parameters else None

    def _entered_as(self, run_id: str) -> int:
        """Return the generation of the statements in force that a run made."""
        numbers = (
            one.number for one in self._runs.references(run_id) if one.dsn == _FORCE and one.relative > 0
        )
        return max(numbers, default=0)

    # The deck that enters it --

    def to_enter(self, run_id: str, *, by: str) -> Submission:
        """Return a submission whose statements are to enter those in force.

        Raises:
            InputRefused: it is not submitted, or another run has entered it (CHSN067E).
        """
        found = self.find(run_id)
        state = NONE if found is None else found.state
        if found is None or state not in ON_RECORD or found.entered_by not in {None, by}:
            raise InputRefused(
                "CHSN067E", run=run_id, state=state, by=(found.entered_by if found else None) or "-"
            )
        return found

    def enter(self, run_id: str, *, by: str, at: str, who: str) -> None:
        """Enter that the statements stand in force; part of a step's commit.

        Raises:
            StopLine: it is not submitted, or another run has entered it meanwhile (CHSN080S).
        """
        with self._database.transaction():
            changed = self._database.change(
                "UPDATE submissions SET entered_by = ?1 WHERE run_id = ?2 AND state IN ('submitted', 'acknowledged')"
                " AND (entered_by IS NULL OR entered_by = ?1)",
                by,
                run_id,
            )
            if changed != 1:
                raise StopLine("CHSN080S", run=run_id)
            self._journal.append("submission.entered", who, {"subject": run_id, "run": by}, at=at)


def _content(parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters that say which statements a run makes."""
    return {name: value for name, value in parameters.items() if name not in _FORM}
