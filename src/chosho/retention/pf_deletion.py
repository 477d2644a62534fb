"""PF deletion (PF削除): what one night does with the ledger: apply replies, instruct, send, chase, and say what is late.

An instruction goes prepared → approved (where the setting asks) → sent → acknowledged → certified → verified → closed, each state
with its date. Replies come first, then what is due goes into one new instruction. An instruction is sent once; when no
acknowledgement came by the close of the next business day it is sent again, under the same id and with the same keys. Keys that
a reply gave back go into the next night's instruction. Numbers that were rejected are not instructed until the matter is
resolved, but they are chased like the others.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from chosho.business_days import Calendar
from chosho.errors import StopLine
from chosho.retention import pf_matching
from chosho.retention.pf_books import Books, Change
from chosho.retention.pf_finding import Finding
from chosho.retention.pf_ledger import (
    OPEN,
    DueOn,
    Instruction,
    InstructionState,
    Key,
    KeyState,
    Ledger,
    digest,
    due_on,
)
from chosho.retention.pf_reply import Reply

__all__ = ["Ledger", "Outgoing", "Overdue", "Plan", "Waiting", "overdue", "plan"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Outgoing:
    """An instruction that is sent tonight, with its keys in ascending order; ``sends`` counts this time, too."""

    instruction: str
    keys: tuple[Key, ...]
    sends: int
    file_no: int

    @property
    def label(self) -> str:
        """The name of its file: the id, with the number of the sending from the second on."""
        return self.instruction if self.sends == 1 else f"{self.instruction}-{self.sends}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """An instruction that waits for its approval."""

    instruction: str
    keys: int
    prepared_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Overdue:
    """A key whose number should be gone by now."""

    key: Key
    due_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What the night does: changes of the ledger, files to send, and what has to be told.

    ``changes`` are plain dictionaries in the order in which they must be made (see :mod:`chosho.retention.pf_books`). ``closed``
    are the instructions that closed tonight, with whether they were verified in full.
    """

    changes: tuple[Change, ...]
    to_send: tuple[Outgoing, ...]
    findings: tuple[Finding, ...]
    overdue: tuple[Overdue, ...]
    waiting: tuple[Waiting, ...]
    closed: tuple[tuple[Instruction, bool], ...]
    open_keys: int
    instructed: int
    deleted: int

    def counts(self) -> Iterator[tuple[str, int]]:
        """Yield the counts of the step."""
        yield "keys.open", self.open_keys
        yield "instructed", self.instructed
        yield "closed", self.deleted
        yield "overdue", len(self.overdue)
        yield "findings", len(self.findings)
        yield "sent", sum(one.sends == 1 for one in self.to_send)
        yield "resent", sum(one.sends > 1 for one in self.to_send)


def plan(
    ledger: Ledger, replies: Sequence[Reply], today: date, calendar: Calendar, *, approval_required: bool
) -> Plan:
    """Decide what one night does.

    Args:
        ledger: the open keys and all instructions.
        replies: what the PF answered, in the order of its file numbers.
        today: the business date.
        calendar: the business days.
        approval_required: whether a person approves an instruction before it is sent.

    Raises:
        StopLine: the keys of an instruction are not those that it was prepared with (CHSE010S).
        InputRefused: the calendar does not reach the day on which a key is due (CHSC060E).
    """
    due = due_on(calendar)
    books = Books(ledger, today)
    for reply in replies:
        pf_matching.apply(books, reply)
    instructed = _instruct(books)
    to_send = [*_send(books, approval_required=approval_required), *_chase(books, calendar)]
    _miss_certificates(books, due)
    states = [key.state for key in books.keys.values()]
    return Plan(
        changes=tuple(books.changes),
        to_send=_numbered(ledger, to_send),
        findings=tuple(books.findings),
        overdue=overdue(books.keys.values(), due, today),
        waiting=_waiting(books),
        closed=_closed(books, ledger),
        open_keys=sum(state in OPEN for state in states),
        instructed=instructed,
        deleted=sum(state is KeyState.DELETED for state in states),
    )


def overdue(keys: Iterable[Key], due: DueOn, today: date) -> tuple[Overdue, ...]:
    """Return the open keys, rejected ones too, whose day is over; the longest overdue first."""
    found = [
        Overdue(key=key, due_on=day)
        for key in keys
        if key.state in OPEN and (day := due(key.stored_at)) < today
    ]
    return tuple(sorted(found, key=lambda one: (one.due_on, one.key.id)))


def _instruct(books: Books) -> int:
    """Prepare one instruction for what is due, except what tonight's replies gave back; return how many keys it has."""
    ids = [
        key.id for key in books.keys.values() if key.state is KeyState.DUE and key.id not in books.released
    ]
    if not ids:
        return 0
    prefix = f"PFDEL.{books.today:%Y%m%d}."
    used = [int(name.removeprefix(prefix)) for name in books.instructions if name.startswith(prefix)]
    instruction = Instruction(
        id=f"{prefix}{max(used, default=0) + 1:02d}",
        state=InstructionState.PREPARED,
        business_date=books.today,
        keys=len(ids),
        digest=digest(ids),
    )
    books.prepare(instruction)
    books.move(ids, KeyState.INSTRUCTED, instruction=instruction.id)
    return len(ids)


def _send(books: Books, *, approval_required: bool) -> Iterator[Outgoing]:
    """Send what is approved, or needs no approval."""
    ready = (
        {InstructionState.APPROVED}
        if approval_required
        else {InstructionState.APPROVED, InstructionState.PREPARED}
    )
    for instruction in sorted(books.instructions.values(), key=lambda one: one.id):
        if instruction.state in ready:
            outgoing = _outgoing(books, instruction)
            books.advance(instruction.id, InstructionState.SENT, sent_on=books.today, sends=outgoing.sends)
            yield outgoing


def _chase(books: Books, calendar: Calendar) -> Iterator[Outgoing]:
    """Send again what was not acknowledged by the close of the business day after the last sending."""
    for instruction in sorted(books.instructions.values(), key=lambda one: one.id):
        last = instruction.last_sent_on
        if instruction.state is not InstructionState.SENT or last is None or last == books.today:
            continue
        if calendar.next_business_day(last) <= books.today:
            outgoing = _outgoing(books, instruction)
            books.advance(instruction.id, InstructionState.SENT, resent_on=books.today, sends=outgoing.sends)
            yield outgoing


def _outgoing(books: Books, instruction: Instruction) -> Outgoing:
    ids = sorted(books.members(instruction.id))
    if len(ids) != instruction.keys or digest(ids) != instruction.digest:
        raise StopLine("CHSE010S", instruction=instruction.id)
    keys = tuple(books.keys[key_id] for key_id in ids)
    return Outgoing(instruction=instruction.id, keys=keys, sends=instruction.sends + 1, file_no=0)


def _numbered(ledger: Ledger, outgoing: Sequence[Outgoing]) -> tuple[Outgoing, ...]:
    """Give each file its number: every sending so far had one."""
    first = 1 + sum(one.sends for one in ledger.instructions)
    return tuple(
        Outgoing(instruction=one.instruction, keys=one.keys, sends=one.sends, file_no=number)
        for number, one in enumerate(outgoing, first)
    )


def _miss_certificates(books: Books, due: DueOn) -> None:
    """Find the instructions whose certificate should be here: acknowledged, and keys of it due today or before."""
    for instruction in sorted(books.instructions.values(), key=lambda one: one.id):
        if instruction.state is InstructionState.ACKNOWLEDGED:
            members = books.members(instruction.id)
            keys = {key_id for key_id in members if due(books.keys[key_id].stored_at) <= books.today}
            books.find("CERT", instruction.id, keys)


def _waiting(books: Books) -> tuple[Waiting, ...]:
    return tuple(
        Waiting(instruction=one.id, keys=one.keys, prepared_on=one.business_date)
        for one in sorted(books.instructions.values(), key=lambda one: one.id)
        if one.state is InstructionState.PREPARED
    )


def _closed(books: Books, ledger: Ledger) -> tuple[tuple[Instruction, bool], ...]:
    """Return what closed tonight, and whether it went through verified."""
    before = {one.id for one in ledger.instructions if one.state is InstructionState.CLOSED}
    verified = {
        change["id"] for change in books.changes if change.get("to") == InstructionState.VERIFIED.value
    }
    return tuple(
        (one, one.id in verified)
        for one in sorted(books.instructions.values(), key=lambda one: one.id)
        if one.state is InstructionState.CLOSED and one.id not in before
    )
