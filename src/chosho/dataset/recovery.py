"""Recovery (回復): what a run does before anything else, so that a killed run leaves no trace.

Files with an INTENT and no commit, whose run is not alive, are erased: keys first, as :mod:`chosho.dataset.erase` does, which also
completes erasures that were interrupted; what was committed for others is laid out for them. A file in the data folder that the
control store does not know is never deleted: it is moved to the quarantine, on record, and the run has code 8 (DESIGN §5 Publish).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chosho import disk
from chosho.control.files import Intent
from chosho.control.store import ControlStore
from chosho.dataset.erase import Erasure, erase
from chosho.dataset.outbox import lay_out
from chosho.dataset.place import DATA, QUARANTINE, quarantine_name
from chosho.errors import ReturnCode
from chosho.vault.keys import KeyStore


@dataclass(frozen=True, kw_only=True, slots=True)
class Recovery:
    """What recovery found and did. ``quarantined``: paths of files that nobody knows, where they are now."""

    given_up: tuple[Intent, ...]
    erasure: Erasure
    quarantined: tuple[str, ...]

    @property
    def return_code(self) -> ReturnCode:
        """8 when a file was found that nobody knows, else 0."""
        return ReturnCode.CONTRADICTION if self.quarantined else ReturnCode.CLEAN


def recover(
    root: Path, store: ControlStore, keys: KeyStore, *, alive: Callable[[str], bool], at: str, who: str
) -> Recovery:
    """Clean up after killed runs; harmless when there is nothing to do, and when it is killed itself.

    The caller holds the lock that keeps a second recovery out.

    Args:
        root: the data root.
        store: the control store.
        keys: the key store.
        alive: tells whether the supervisor or a step of a run (by its id) is still there.
        at: when, as ISO 8601 text.
        who: the person or program.

    Raises:
        StopLine: as :func:`chosho.dataset.erase.erase`.
    """
    intents = tuple(intent for intent in store.generations.pending_intents() if not alive(intent.run))
    for generation in store.generations.intended_without_files():
        if not alive(generation.run):
            store.generations.give_up(generation.id)
    erasure = erase(root, store, keys, intents=intents, at=at, who=who)
    lay_out(root, store, at=at, who=who)
    quarantined = _quarantine(root, store, at=at, who=who)
    return Recovery(given_up=intents, erasure=erasure, quarantined=quarantined)


def _quarantine(root: Path, store: ControlStore, *, at: str, who: str) -> tuple[str, ...]:
    """Move what nobody knows to the quarantine and put it on record; return its paths there."""
    # The folder is listed before the store is asked: a file that is there has its INTENT by then, or is nobody's.
    found = [entry.name for entry in disk.entries(root / DATA)]
    known = store.generations.files()
    for name in found:
        if f"{DATA}/{name}" not in known:
            disk.set_aside(root / DATA / name, root / QUARANTINE, quarantine_name(name))
    for name in [entry.name for entry in disk.entries(root / QUARANTINE)]:
        if f"{QUARANTINE}/{name}" not in known and name != quarantine_name(name):
            disk.set_aside(root / QUARANTINE / name, root / QUARANTINE, quarantine_name(name))
    # What an interrupted recovery moved and did not record is found here too.
    new = tuple(
        path
        for entry in disk.entries(root / QUARANTINE)
        if (path := f"{QUARANTINE}/{entry.name}") not in known
    )
    for path in new:
        store.generations.quarantine(path, at=at, who=who)
    return new
