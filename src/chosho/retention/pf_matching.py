"""Matching (突合): a reply of the PF against the instruction that it answers.

An acknowledgement says of each key that it is accepted, unknown or refused; a certificate that it is deleted or not. What agrees
moves on, what does not becomes a finding that names the keys. A number counts as deleted only when the certificate names its
key, its storage time and a time of deletion in between that time and tonight. The instruction is verified when count and
digest of the deleted keys are its own.
"""

from collections.abc import Iterable

from chosho.retention import pf_reply
from chosho.retention.pf_books import Books
from chosho.retention.pf_ledger import Instruction, InstructionState, KeyState, digest
from chosho.retention.pf_reply import Detail, Reply, ReplyKind

_UNSENT = frozenset({InstructionState.PREPARED, InstructionState.APPROVED})


def apply(books: Books, reply: Reply) -> None:
    """Apply one reply to the books. The same reply once more changes nothing."""
    instruction = books.instructions.get(reply.instruction)
    refusal = _refusal(instruction, reply)
    if refusal or instruction is None:
        books.find(refusal, reply.instruction, {detail.id for detail in reply.details}, reply.file)
    elif not _repeats(instruction, reply):
        match reply.kind:
            case ReplyKind.ACKNOWLEDGEMENT:
                _acknowledge(books, instruction, reply)
            case ReplyKind.CERTIFICATE:
                _certify(books, instruction, reply)


def _taken(instruction: Instruction, kind: ReplyKind) -> str:
    """Return the digest of the reply of this kind that was taken; empty when none was."""
    if kind is ReplyKind.ACKNOWLEDGEMENT:
        return instruction.acknowledgement
    return instruction.certificate


def _repeats(instruction: Instruction, reply: Reply) -> bool:
    return _taken(instruction, reply.kind) == reply.digest


def _refusal(instruction: Instruction | None, reply: Reply) -> str:
    """Return the finding under which a reply is not applied at all; empty when it is."""
    if instruction is None:
        return "UNKI"
    if instruction.state in _UNSENT:
        return "UNSN"
    taken = _taken(instruction, reply.kind)
    if taken and taken != reply.digest:
        return "SECD"
    if not taken and instruction.state is InstructionState.CLOSED:
        return "CLSD"
    return ""


def _acknowledge(books: Books, instruction: Instruction, reply: Reply) -> None:
    known, foreign, unlike = _sorted_out(books, instruction, reply.details)
    members = set(books.members(instruction.id))
    unknown = _with(known, pf_reply.UNKNOWN) & members
    refused = _with(known, pf_reply.REFUSED) & members
    books.advance(
        instruction.id,
        InstructionState.ACKNOWLEDGED,
        acknowledged_on=books.today,
        acknowledgement=reply.digest,
    )
    books.move(unknown, KeyState.DISPUTED, reason="UNKN", instruction=instruction.id)
    books.move(refused, KeyState.DUE, reason="REFU", instruction=instruction.id)
    missing = members - {detail.id for detail in reply.details}
    named = {"UNKN": unknown, "REFU": refused, "FORN": foreign, "STOR": unlike, "MISS": missing}
    for code, keys in named.items():
        books.find(code, instruction.id, keys, reply.file)
    if not books.members(instruction.id):
        # Nothing is left that a certificate could be about.
        books.advance(instruction.id, InstructionState.CLOSED, closed_on=books.today)


def _certify(books: Books, instruction: Instruction, reply: Reply) -> None:
    known, foreign, unlike = _sorted_out(books, instruction, reply.details)
    members = set(books.members(instruction.id))
    said = _with(known, pf_reply.DELETED)
    disputed = {key_id for key_id in said if books.keys[key_id].state is KeyState.DISPUTED}
    untimely = (
        {detail.id for detail in known if detail.id in said and not _timely(books, detail)}
        - disputed
        - unlike
    )
    deleted = said - disputed - untimely - unlike
    open_again = {
        "NDEL": _with(known, pf_reply.NOT_DELETED) & members,
        "STOR": unlike & members,
        "TIME": untimely & members,
        "MISS": members - {detail.id for detail in reply.details},
    }
    books.advance(
        instruction.id, InstructionState.CERTIFIED, certified_on=books.today, certificate=reply.digest
    )
    books.move(deleted, KeyState.DELETED, instruction=instruction.id)
    left = set(members) - deleted
    for code, keys in open_again.items():
        books.move(keys & left, KeyState.DUE, reason=code, instruction=instruction.id)
        left -= keys
    named = {**open_again, "STOR": unlike, "TIME": untimely, "CONT": disputed, "FORN": foreign}
    for code, keys in named.items():
        books.find(code, instruction.id, keys, reply.file)
    if len(deleted) == instruction.keys and digest(deleted) == instruction.digest:
        books.advance(instruction.id, InstructionState.VERIFIED, verified_on=books.today)
    books.advance(instruction.id, InstructionState.CLOSED, closed_on=books.today)


def _sorted_out(
    books: Books, instruction: Instruction, details: Iterable[Detail]
) -> tuple[list[Detail], set[str], set[str]]:
    """Return the details about keys of the instruction, the ids of others, and the ids stored at another time than we know.

    A key that the acknowledgement took out of the instruction is still one of its keys while no other instruction holds it.
    """
    known, foreign, unlike = [], set(), set()
    for detail in details:
        key = books.keys.get(detail.id)
        if key is None or key.instruction != instruction.id:
            foreign.add(detail.id)
            continue
        known.append(detail)
        if detail.stored_at != key.stored_at:
            unlike.add(detail.id)
    return known, foreign, unlike


def _with(details: Iterable[Detail], result: str) -> set[str]:
    return {detail.id for detail in details if detail.result == result}


def _timely(books: Books, detail: Detail) -> bool:
    """Return whether a deletion lies between the storage and the end of today."""
    return detail.stored_at <= detail.deleted_at <= f"{books.today:%Y%m%d}235959"
