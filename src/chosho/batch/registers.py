"""The registers' desk (帳簿窓口): answers a step's requests about inboxes, retention, the PF ledger and the journal.

What a step finds out is remembered as acts and becomes true with its commit, all or nothing. Looks at what the house holds need
the right of the dataset, or of the register, like any DD.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from chosho import disk
from chosho.batch import clock
from chosho.batch.context import Context
from chosho.batch.expand import JobStep
from chosho.batch.holdings import Holdings
from chosho.batch.submissions import Submissions
from chosho.control import pf, reports
from chosho.control.generations import Generations
from chosho.control.inbox import Judgement
from chosho.control.store import Act, ControlStore
from chosho.dataset import delivery
from chosho.dataset.catalog import NUMBER_MASTER, Entry
from chosho.errors import InputRefused
from chosho.step import wire

_FIXTURES = "FIXTURES"
_ROWS = 2000
"""Rows of the journal in one answer."""


class Registers:
    """Serves one step.

    Args:
        context: the run.
        step: the step.
        journal: writes a row of the journal at once, naming run and step.
    """

    def __init__(
        self, context: Context, step: JobStep, journal: Callable[[str, Mapping[str, str]], None]
    ) -> None:
        self._context = context
        self._step = step
        self._journal = journal
        self._holdings = Holdings(context, step)
        self.acts: list[Act] = []
        """What becomes true with the step's commit."""
        self.spools: list[str] = []
        """Runs whose spool goes after the commit."""
        self.answers: dict[str, Callable[..., Mapping[str, Any]]] = {
            "calendar": self._calendar,
            "deliveries": self._deliveries,
            "next_file_no": self._next_file_no,
            "judged": self._judged,
            "holdings": self._held,
            "scratch": self._scratch,
            "pf_keys": self._pf_keys,
            "pf_instructions": self._pf_instructions,
            "pf_open_keys": self._pf_open_keys,
            "pf_apply": self._pf_apply,
            "journal_state": self._journal_state,
            "journal": self._rows,
            "handling_report": self._handling_report,
            **Submissions(context, step, journal, self.acts).answers,
        }

    def _calendar(self) -> Mapping[str, Any]:
        path = self._context.root / "CALENDAR.yaml"
        return {"text": disk.read_bytes(path).decode()}

    # Inboxes --

    def _deliveries(self, dd: str) -> Mapping[str, Any]:
        """Show what waits in an inbox; the right is checked and the access journalled before any key is given out."""
        context = self._context
        entry = self._inbox(dd)
        context.require(entry.right)
        self._journal("dd.open", {"dd": dd, "dsn": entry.dsn, "right": entry.right})
        inbox, run = context.store.inbox, context.run.id
        gone, twins = inbox.gone(entry.dsn, run=run), inbox.twins(entry.dsn, run=run)
        found = []
        for one in self._look(entry):
            if (one.path, one.sha256) in gone:
                continue
            found.append(
                {
                    "name": one.name,
                    "path": one.path,
                    "sha256": one.sha256,
                    "fault": one.fault,
                    "twin": twins.get(one.sha256, ""),
                    "part": None if one.part is None else wire.from_source(one.part),
                }
            )
        return {"deliveries": found}

    def _look(self, entry: Entry) -> Iterator[delivery.Delivery]:
        context = self._context
        inbox = entry.inbox or ""
        names = delivery.waiting(context.root / inbox)
        if not names:
            return
        plain = is_synthetic(context.store.generations)
        identities = context.keys.identities()
        for name in names:
            yield delivery.look(
                context.root, inbox, name, lrecl=entry.lrecl or 1, identities=identities, plain=plain
            )

    def _next_file_no(self, dd: str) -> Mapping[str, Any]:
        context, entry = self._context, self._inbox(dd)
        context.require(entry.right)
        return {"number": context.store.inbox.next_no(entry.dsn, run=context.run.id)}

    def _judged(self, dd: str, **found: Any) -> Mapping[str, Any]:  # noqa: ANN401 - the fields of a judgement
        context, entry = self._context, self._inbox(dd)
        context.require(entry.right)
        file_date = found.pop("file_date", None)
        judgement = Judgement(
            dsn=entry.dsn,
            file_date=None if file_date is None else date.fromisoformat(file_date),
            **found,
        )

        def enter(store: ControlStore, *, at: str, who: str) -> None:
            store.inbox.judge(
                judgement,
                run=context.run.id,
                step=self._step.name,
                business_date=context.job.business_date,
                at=at,
                who=who,
            )

        self.acts.append(enter)
        return {}

    def _inbox(self, dd: str) -> Entry:
        found = self._step.dd(dd)
        entry = None if found is None else self._context.catalog[found.dsn]
        if entry is None or entry.inbox is None:
            raise InputRefused("CHSS018E", step=self._step.name, dd=dd)
        return entry

    # Retention --

    def _held(self) -> Mapping[str, Any]:
        return self._holdings.found()

    def _scratch(self, dues: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        acts, spools = self._holdings.scratch(dues)
        self.acts.extend(acts)
        self.spools.extend(spools)
        return {}

    # The PF ledger --

    def _pf_keys(self, keys: Sequence[Sequence[str]]) -> Mapping[str, Any]:
        self._context.require(pf.USE)
        run = self._context.run.id
        rows = [(str(key), str(stored_at), str(state), str(reason)) for key, stored_at, state, reason in keys]

        def enter(store: ControlStore, *, at: str, who: str) -> None:
            store.pf.enter(rows, run=run, at=at, who=who)

        self.acts.append(enter)
        return {}

    def _pf_instructions(self) -> Mapping[str, Any]:
        self._context.require(pf.USE)
        return {"rows": self._context.store.pf.instructions()}

    def _pf_open_keys(self, after: str) -> Mapping[str, Any]:
        self._context.require(pf.USE)
        return {"rows": self._context.store.pf.keys(after)}

    def _pf_apply(self, changes: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        context = self._context
        context.require(pf.USE)
        found = [dict(change) for change in changes]

        def enter(store: ControlStore, *, at: str, who: str) -> None:
            store.pf.apply(found, run=context.run.id, at=at, who=who)

        self.acts.append(enter)
        return {}

    # The journal --

    def _journal_state(self) -> Mapping[str, Any]:
        """Verify the journal and tell where the next report begins."""
        context = self._context
        context.require(reports.USE)
        store, today = context.store, context.job.business_date
        faults = store.journal.verify()
        head = store.journal.head()
        return {
            "first": store.reports.first_seq(today),
            "last": head.seq,
            "head": str(head),
            "faults": len(faults),
            "unsigned": [
                one.business_date.isoformat()
                for one in store.reports.unsigned(today, who=context.person, at=clock.stamp())
            ],
            "datasets": {
                entry.dsn: {"title": entry.title, "class": entry.klass.value} for entry in context.catalog
            },
        }

    def _rows(self, first: int, last: int) -> Mapping[str, Any]:
        """Return rows of the journal from ``first`` on, not beyond ``last``, as many as fit in one answer."""
        self._context.require(reports.USE)
        end = min(last, first + _ROWS - 1)
        rows = []
        for row in self._context.store.journal.rows(first):
            if row.seq > end:
                break
            rows.append(
                {"seq": row.seq, "at": row.at, "kind": row.kind, "who": row.who, "fields": dict(row.fields)}
            )
        return {"rows": rows}

    def _handling_report(self, first: int, last: int, head: str) -> Mapping[str, Any]:
        context = self._context
        context.require(reports.USE)

        def enter(store: ControlStore, *, at: str, who: str) -> None:
            store.reports.add(
                context.job.business_date,
                first=first,
                last=last,
                head=head,
                run_id=context.run.id,
                at=at,
                who=who,
            )

        self.acts.append(enter)
        return {}


def is_synthetic(generations: Generations) -> bool:
    """Return whether the data root holds synthetic data: its first number master was made by the deck FIXTURES."""
    return generations.first_deck(NUMBER_MASTER) == _FIXTURES
