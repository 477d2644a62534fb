"""The registers as a step sees them (帳簿): inboxes, retention, the PF ledger, submissions, the journal for the handling report.

What a step enters becomes true with its commit, all or nothing.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from chosho.business_days import Calendar
from chosho.step import wire
from chosho.step.channel import Channel
from chosho.step.facts import Facts

if TYPE_CHECKING:  # a step loads what it asks for
    from chosho.dataset.delivery import Delivery
    from chosho.dataset.reader import Reader
    from chosho.retention.holding import Due, Holding, Rule
    from chosho.retention.pf_deletion import Plan
    from chosho.retention.pf_ledger import Ledger

_CHANGES_AT_ONCE = 20
"""Changes of the PF ledger in one request; each names 10,000 keys at most."""
_KEYS_AT_ONCE = 20_000
"""PF keys in one request: far below the longest line of the wire."""


class Registers:
    """What a step can ask of the registers; a part of :class:`chosho.step.step.Step`.

    Args:
        facts: what the supervisor told at the start.
        channel: the way to the supervisor.
    """

    def __init__(self, facts: Facts, channel: Channel) -> None:
        self._facts = facts
        self._channel = channel

    @functools.cached_property
    def calendar(self) -> Calendar:
        """The business calendar (営業日カレンダー) of the data root."""
        return Calendar.load(str(self._channel.ask("calendar")["text"]))

    # Inboxes --

    def deliveries(self, dd: str) -> "list[Delivery]":
        """Return the files that wait in an inbox DD, by name.

        The right is checked and the access is journalled before this returns.

        Raises:
            InputRefused: the DD is no inbox (CHSS018E), or the right to it is missing.
        """
        from chosho.dataset.delivery import Delivery  # loaded when a step asks for it

        found = self._channel.ask("deliveries", dd=self._facts.dd(dd).name)["deliveries"]
        return [
            Delivery(**{**one, "part": None if one["part"] is None else wire.to_source(one["part"])})
            for one in found
        ]

    def next_file_no(self, dd: str) -> int:
        """Return the file number that an inbox expects next."""
        return int(self._channel.ask("next_file_no", dd=self._facts.dd(dd).name)["number"])

    def take(self, dd: str, delivery: "Delivery", *, file_no: int, file_date: date, records: int) -> None:
        """Take a file: with the step's commit it is taken, and its number is used up."""
        self._judged(
            dd, delivery, file_no=file_no, file_date=file_date.isoformat(), records=int(records), reason=""
        )

    def refuse(self, dd: str, delivery: "Delivery", reason: str) -> None:
        """Refuse a file: it stays in the inbox, on record with its reason code."""
        self._judged(dd, delivery, reason=reason)

    def _judged(self, dd: str, delivery: "Delivery", **found: object) -> None:
        named = {"name": delivery.name, "path": delivery.path, "sha256": delivery.sha256}
        self._channel.ask("judged", dd=self._facts.dd(dd).name, **named, **found)

    # Retention --

    @functools.cached_property
    def _retention(self) -> Mapping[str, Any]:
        return self._channel.ask("holdings")

    @property
    def retention_rules(self) -> "list[Rule]":
        """The rules of the retention table (保存期間表) that the deck lets the step apply."""
        from chosho.retention.holding import Rule  # loaded when a step asks for it

        return [
            Rule(
                id=rule["id"],
                title=rule["title"],
                datasets=tuple(rule["datasets"]),
                events=tuple(rule["events"]),
                days=rule["days"],
            )
            for rule in self._retention["rules"]
        ]

    def holdings(self) -> "list[Holding]":
        """Return everything that is held under the rules of the step."""
        from chosho.retention.holding import Holding, HoldingKind  # loaded when a step asks for it

        return [
            Holding(
                **{**one, "kind": HoldingKind(one["kind"]), "made_on": date.fromisoformat(one["made_on"])}
            )
            for one in self._retention["holdings"]
        ]

    def scratch(self, dues: "Iterable[Due]") -> None:
        """Give up what is due: with the step's commit it is invisible, right after it erased, on record."""
        self._channel.ask(
            "scratch",
            dues=[
                {
                    "kind": due.holding.kind,
                    "id": due.holding.id,
                    "name": due.holding.name,
                    "dataset": due.holding.dataset,
                    "rule": due.rule,
                    "event": due.event,
                    "due_on": due.due_on.isoformat(),
                }
                for due in dues
            ],
        )

    # The PF ledger --

    def pf_keys(self, keys: Iterable[Sequence[str]]) -> None:
        """Enter numbers that the PF holds: key id, its storage time (14 digits), ``due`` or ``rejected``, reason code."""
        rows = [list(key) for key in keys]
        for start in range(0, len(rows), _KEYS_AT_ONCE):
            self._channel.ask("pf_keys", keys=rows[start : start + _KEYS_AT_ONCE])

    def pf_ledger(self) -> "Ledger":
        """Return the PF ledger (PF削除台帳): its open keys and instructions."""
        from chosho.retention.pf_ledger import Ledger  # loaded when a step asks for it

        instructions = self._channel.ask("pf_instructions")["rows"]
        return Ledger.from_rows(keys=self._pf_open_keys(), instructions=instructions)

    def _pf_open_keys(self) -> Iterator[Sequence[Any]]:
        after = ""
        while rows := self._channel.ask("pf_open_keys", after=after)["rows"]:
            yield from rows
            after = rows[-1][0]

    def pf_apply(self, plan: "Plan") -> None:
        """Enter what was decided about the PF ledger, with the step's commit."""
        changes = [dict(change) for change in plan.changes]
        for start in range(0, len(changes), _CHANGES_AT_ONCE):
            self._channel.ask("pf_apply", changes=changes[start : start + _CHANGES_AT_ONCE])

    # Submissions, and generations beside the one that a DD means --

    def generations(self, dd: str) -> Mapping[str, int]:
        """Return the visible generations of a DD's dataset: the run that made each → its number."""
        found = self._channel.ask("generations", dd=self._facts.dd(dd).name)["generations"]
        return {run: int(number) for number, run in found}

    def older(self, dd: str, number: int) -> "Reader":
        """Open a generation of a DD's dataset by its number and return its reader.

        The right is checked and the access is journalled before this returns.

        Raises:
            InputRefused: there is no such generation (CHSB050E), or the right to it is missing.
        """
        from chosho.dataset.reader import Reader  # loaded when a step reads

        facts = self._facts.dd(dd)
        parts = self._channel.ask("open_generation", dd=facts.name, number=number)["parts"]
        return Reader([wire.to_source(part) for part in parts], lrecl=facts.lrecl, key=facts.key)

    def submission(self, run: str) -> Mapping[str, Any]:
        """Return what is to be known of a submission that is to be entered: year, submitted_on, records.

        Raises:
            InputRefused: it is not submitted, or entered already (CHSN067E), or the right is missing.
        """
        return self._channel.ask("submission", run=run)

    def submission_entered(self, run: str) -> None:
        """Enter a submission's statements as standing in force, with the step's commit."""
        self._channel.ask("submission_entered", run=run)

    # The journal --

    def journal_state(self) -> Mapping[str, Any]:
        """Verify the journal and return where the next report begins and ends.

        ``first``, ``last`` (sequence numbers), ``head``, ``faults`` (how many), ``unsigned`` (dates of reports nobody signed),
        ``datasets`` (DSN → title, class).
        """
        return self._channel.ask("journal_state")

    def journal(self, first: int, last: int) -> Iterator[Mapping[str, Any]]:
        """Yield the rows of the journal from ``first`` to ``last``: seq, at, kind, who, fields."""
        while first <= last:
            rows = self._channel.ask("journal", first=first, last=last)["rows"]
            if not rows:
                return
            yield from rows
            first = rows[-1]["seq"] + 1

    def handling_report(self, *, first: int, last: int, head: str) -> None:
        """Enter the handling report (取扱い記録) of the business date, with the step's commit."""
        self._channel.ask("handling_report", first=first, last=last, head=head)
