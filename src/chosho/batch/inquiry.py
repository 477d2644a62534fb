"""An inquiry (照会): one statement as it was submitted, found through the index and read from the statement copies (副本).

The order is the point: the question is held against rights and limits and put on record, durable, before the index is read; which
statement it is goes on record before its part is opened; only then is there anything to show. Only statements of finished runs
count: what a failed run built was never handed over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from chosho import copybook
from chosho.codec import batch
from chosho.control.files import Generation
from chosho.control.inquiries import Limits, Request
from chosho.control.runs import Run, RunState
from chosho.control.store import ControlStore
from chosho.dataset import access
from chosho.dataset.excerpt import excerpt
from chosho.dataset.reader import Reader
from chosho.errors import InputRefused, StopLine
from chosho.masking import looks_personal
from chosho.statement import reading
from chosho.vault.keys import KeyStore

INDEX = "CHOSHO.STATEMENT.INDEX"
COPIES = "CHOSHO.STATEMENT.K"
"""What the DSN of a kind's statement copies begins with."""
MOST = 200
"""Most statements that are listed; a policy has a few."""
_POLICY, _PAYEE, _PAYMENT = re.compile(r"[0-9A-Z]{11}"), re.compile(r"[0-9]{2}"), re.compile(r"[0-9]{4}")
_CASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}")
_CASE_DIGITS = 10
_REASON = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What is asked for: a policy, and what narrows it."""

    policy: str
    payee: str = ""
    payment: str = ""
    year: int | None = None
    """Year of the payments, or of the changes of kind 386 (西暦)."""
    pick: int | None = None
    """Which of the statements that were found, by its number in the list, from 1."""
    reveal: bool = False
    case: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A statement that was found: its key and where it stands."""

    number: int
    """From 1, the newest run first."""
    run: str
    submitted: str
    """The day of its submission (提出日), yyyy-mm-dd; empty while the ledger has none."""
    year: int
    kind: str
    role: str
    payee: str
    payment: str
    filing: str
    """提出区分: 1 new, 2 added, 3 right, 4 void; empty in a first submission."""
    payments: int
    """Payments added up in it."""
    generation: Generation
    """Of the statement copy."""
    offset: int
    length: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What was found; ``items`` is empty when it is more than one statement."""

    matches: tuple[Match, ...]
    items: tuple[reading.ShownItem, ...] = ()
    shown: Match | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """Where inquiries are answered (照会窓口).

    ``terminal``: the answer goes to a terminal and nowhere else. ``at``: the time of the journal rows, as ISO 8601 text.
    """

    root: Path
    store: ControlStore
    keys: KeyStore
    limits: Limits
    person: str
    terminal: bool
    at: str

    def answer(self, question: Question) -> Answer:
        """Return the statement that is asked for, or the keys of those that are meant.

        Raises:
            InputRefused: an argument has a form that it cannot have (CHSQ010E; nothing of it is told), the inquiry is refused
                (see :meth:`chosho.control.inquiries.Inquiries.admit`), or there is no such statement (CHSQ011E).
            StopLine: the index and the copies contradict each other (CHSQ012S, CHSQ013S), or one is missing or damaged.
        """
        _check(question)
        key = self.keys.journal_column_key()
        wanted = {"policy": question.policy, "payee": question.payee, "payment": question.payment}
        request = Request(
            person=self.person,
            private={name: text for name, text in wanted.items() if text},
            reveal=question.reveal,
            terminal=self.terminal,
            case=question.case,
            reason=question.reason.strip(),
        )
        self.store.inquiries.admit(request, self.limits, at=self.at, key=key)
        matches = tuple(self._matches(question))
        chosen = [one for one in matches if question.pick in (None, one.number)]
        if not chosen:
            raise InputRefused("CHSQ011E")
        if len(chosen) > 1:
            return Answer(matches=matches)
        (one,) = chosen
        name = f"{one.generation.dsn}.{one.generation.name}"
        private = {"policy": question.policy, "role": one.role, "payee": one.payee, "payment": one.payment}
        self.store.inquiries.shown(request, name, private, at=self.at, key=key)
        parts = access.sources(self.root, self.store, self.keys, one.generation)
        row = excerpt(parts, one.offset, one.length)
        return Answer(matches=matches, items=reading.read(row, one.kind, reveal=question.reveal), shown=one)

    def _matches(self, question: Question) -> Iterator[Match]:
        number = 0
        for generation in reversed(self.store.generations.catalogued(INDEX)):
            run = self.store.runs.get(generation.run)
            year = year_of(run)
            if run.state is not RunState.FINISHED or question.year not in (None, year):
                continue
            for record in self._records(generation, question):
                number += 1
                if number > MOST:
                    raise InputRefused("CHSQ014E", limit=MOST)
                yield self._match(number, generation, year, record)

    def _records(self, generation: Generation, question: Question) -> Iterator[batch.Block]:
        """Yield the index records, each ``uint8[1, lrecl]``, that have the policy, payee and payment."""
        layout = copybook.load("STMTIDX")
        wanted = {
            "POLICY-NO": question.policy,
            "PAYEE-NO": question.payee,
            "PAYMENT-NO": question.payment,
        }
        parts = access.sources(self.root, self.store, self.keys, generation)
        for block in Reader(parts, lrecl=layout.length).blocks():
            rows = np.arange(len(block))
            for name, text in wanted.items():
                if text:
                    value = np.frombuffer(text.encode("ascii"), np.uint8)
                    rows = rows[(batch.view(layout.named(), block, name)[rows] == value).all(axis=1)]
            for row in rows:
                yield block[row : row + 1].copy()

    def _match(self, number: int, index: Generation, year: int, record: batch.Block) -> Match:
        fields = copybook.load("STMTIDX").named()

        def text(name: str) -> str:
            return bytes(batch.view(fields, record, name)[0]).decode("ascii", "replace").strip()

        kind = text("STATEMENT-CODE")
        copies = [
            one
            for one in self.store.generations.catalogued(COPIES + kind)
            if (one.run, one.step) == (index.run, index.step)
        ]
        if len(copies) != 1:
            raise StopLine("CHSQ013S", kind=kind, index=f"{index.dsn}.{index.name}")
        submission = self.store.submissions.find(index.run)
        return Match(
            number=number,
            run=index.run,
            submitted=str((submission and submission.submitted_on) or ""),
            year=year,
            kind=kind,
            role=text("ROLE-CODE"),
            payee=text("PAYEE-NO"),
            payment=text("PAYMENT-NO"),
            filing=text("FILING-CLASS"),
            payments=int(batch.view(fields, record, "PAYMENTS")[0]),
            generation=copies[0],
            offset=int(batch.view(fields, record, "ROW-OFFSET")[0]),
            length=int(batch.view(fields, record, "ROW-LENGTH")[0]),
        )


def year_of(run: Run) -> int:
    """Return the year that a run's statements are of: its TAX_YEAR, the year of its MONTH, or that of its business date."""
    text = run.parameters.get("TAX_YEAR") or run.parameters.get("MONTH", "")[:4]
    return int(text) if text.isascii() and text.isdigit() else run.business_date.year


def _check(question: Question) -> None:
    """Refuse what has a form that it cannot have. It is not repeated: it could be an individual number in the wrong place."""
    for text, item, pattern in (
        (question.policy, "policy number", _POLICY),
        (question.payee or "00", "payee number", _PAYEE),
        (question.payment or "0000", "payment number", _PAYMENT),
        (question.case or "0", "case number", _CASE),
    ):
        if not pattern.fullmatch(text):
            raise InputRefused("CHSQ010E", item=item)
    digits = sum(character.isdigit() for character in question.case)
    if digits > _CASE_DIGITS or question.policy in question.case:
        raise InputRefused("CHSQ010E", item="case number")
    reason = question.reason.strip()
    if len(reason) > _REASON or not reason.replace("\u3000", " ").isprintable() or looks_personal(reason):
        raise InputRefused("CHSQ010E", item="reason")
