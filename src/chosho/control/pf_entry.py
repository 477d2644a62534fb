"""Entry in the PF ledger (記入): what a declaration does to the key that it names, in each state of the key.

Under a key the PF holds one number: the one that it stored last. So the newest storage decides; of one storage an accepted
declaration counts over a rejected one, whichever is entered first. A number that was not carried into the number master must not
be deleted: a newer storage that was rejected holds the key, though an earlier one was accepted. An instruction that is under way
goes its way with the storage that it names, and what was declared meanwhile waits for its end.

A storage time that nobody can read stands as the day on which the file came, without an hour: the PF had stored the number by then.
Such a declaration is held, for no instruction can name what it is about.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

REJECTED, DUE, INSTRUCTED, DISPUTED, DELETED = "rejected", "due", "instructed", "disputed", "deleted"
"""States of a key (``chosho.retention.pf_ledger.KeyState``)."""
_DAY: Final = 8
"""Digits of a day; a storage time has more."""


class Declaration(NamedTuple):
    """What came in: the storage time, or the day of the file; accepted (``due``) or ``rejected``, and why."""

    stored_at: str
    state: str
    reason: str


class Standing(NamedTuple):
    """How a key stands: as :class:`Declaration`; the last instruction that held it; what was declared since it was instructed."""

    stored_at: str
    state: str
    reason: str
    instruction: str | None = None
    later: Declaration | None = None


class Event(StrEnum):
    """A declaration as a key sees it: accepted or rejected, its storage against the one on record."""

    ACCEPTED_EARLIER = "accepted, earlier storage"
    ACCEPTED_SAME = "accepted, same storage"
    ACCEPTED_LATER = "accepted, later storage"
    REJECTED_EARLIER = "rejected, earlier storage"
    REJECTED_SAME = "rejected, same storage"
    REJECTED_LATER = "rejected, later storage"
    UNREADABLE = "storage time unreadable"


class Effect(StrEnum):
    """What it does: nothing; the key stands as it says; it waits for the end of the instruction."""

    KEEP = "keep"
    TAKE = "take"
    WAIT = "wait"


_NEWER: Final = (Event.ACCEPTED_LATER, Event.REJECTED_LATER, Event.UNREADABLE)


def _effects(newer: Effect, *taken: Event) -> Mapping[Event, Effect]:
    return {
        event: newer if event in _NEWER else Effect.TAKE if event in taken else Effect.KEEP for event in Event
    }


TABLE: Final[Mapping[str, Mapping[Event, Effect]]] = {
    # Accepted after all: the same number is in the number master.
    REJECTED: _effects(Effect.TAKE, Event.ACCEPTED_SAME),
    DUE: _effects(Effect.TAKE),
    INSTRUCTED: _effects(Effect.WAIT),
    # The PF did not know the storage that was instructed; a newer one is another matter.
    DISPUTED: _effects(Effect.TAKE),
    DELETED: _effects(Effect.TAKE),
}
"""The table (記入表): state of the key → event → effect."""


def is_time(stored_at: str) -> bool:
    """Return whether a storage is known by its time, not only by the day on which the file came."""
    return len(stored_at) > _DAY


def event(stored_at: str, declaration: Declaration) -> Event:
    """Return what a declaration is to a key with this storage."""
    if not is_time(declaration.stored_at):
        return Event.UNREADABLE
    accepted = declaration.state == DUE
    if not is_time(stored_at) or declaration.stored_at > stored_at:
        return Event.ACCEPTED_LATER if accepted else Event.REJECTED_LATER
    if declaration.stored_at == stored_at:
        return Event.ACCEPTED_SAME if accepted else Event.REJECTED_SAME
    return Event.ACCEPTED_EARLIER if accepted else Event.REJECTED_EARLIER


def entered(key: Standing | None, declaration: Declaration) -> Standing:
    """Return how a key stands after a declaration; ``key`` is None when the ledger does not have it."""
    if key is None:
        return _taken(declaration)
    match TABLE[key.state][event(key.stored_at, declaration)]:
        case Effect.KEEP:
            return key
        case Effect.TAKE:
            return _taken(declaration, since="" if key.state == DELETED else key.stored_at)
        case Effect.WAIT:
            before = None if key.later is None else Standing(*key.later)
            return key._replace(later=Declaration(*entered(before, declaration)[:3]))


def _taken(declaration: Declaration, since: str = "") -> Standing:
    """Return the standing that a declaration brings.

    One without a readable time is held, and is chased from the day from which the key was chased before: it may be the same
    storage.
    """
    if is_time(declaration.stored_at):
        return Standing(*declaration)
    day = min(declaration.stored_at, since[:_DAY] or declaration.stored_at)
    return Standing(day, REJECTED, declaration.reason)
