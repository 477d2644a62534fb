"""Erasing (消去): destroy the keys in every place, make old copies of the keys worthless, remove the files, on record.

The order is that of DESIGN §5 (Sealing): (1) the cohort keys of what is erased are destroyed, (2) the master key is rotated
and its old version destroyed, so that a forgotten copy of the key table opens nothing, (3) the files are removed, (4) the control
store marks and journals it, in one transaction. Until (4) the control store says what is still to be done: killed at any point,
the same call does the rest. A file without a key is worthless, so the files come last.

A cohort is what is erased together: a generation whose cohort still seals another one that lives waits for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chosho import disk
from chosho.control import cohorts
from chosho.control.files import Generation, Intent
from chosho.control.inbox import DeliveryState
from chosho.control.store import ControlStore
from chosho.dataset import delivery
from chosho.vault.keys import KeyState, KeyStore


@dataclass(frozen=True, kw_only=True, slots=True)
class Erasure:
    """What one call erased. ``waiting``: generations whose cohort still seals something that lives."""

    generations: tuple[Generation, ...]
    files: int
    cohorts: tuple[str, ...]
    waiting: tuple[Generation, ...]


def erase(
    root: Path, store: ControlStore, keys: KeyStore, *, intents: Sequence[Intent] = (), at: str, who: str
) -> Erasure:
    """Erase every generation that the control store has put up for it, and the files of ``intents``.

    Args:
        root: the data root.
        store: the control store; its ``erase_pending`` generations are erased.
        keys: the key store.
        intents: files that belong to no generation and that no living step can use: a step's temporaries, or what a killed
            step left.
        at: when, as ISO 8601 text.
        who: the person or program.

    Raises:
        StopLine: a cohort key was never there (CHSK020S), or the key store cannot be opened. The rest is then still to be done.
    """
    pending = store.generations.pending_erasures()
    held = cohorts.in_use(store.generations, given_up={intent.file_id for intent in intents}).keys()
    due = tuple(generation for generation in pending if generation.cohort not in held)
    waiting = tuple(generation for generation in pending if generation.cohort in held)
    # The key of a file that was only intended may be missing: a key store that is older than the kill never had it.
    made = {
        one.cohort for one in intents if one.cohort and keys.cohort_state(one.cohort) is not KeyState.UNKNOWN
    }
    destroyed = _destroy_keys(keys, (made | {one.cohort for one in due}) - held)
    _erase_deliveries(root, store, at=at, who=who)
    paths = [path for one in due for path in store.generations.paths(one.id)] + [one.path for one in intents]
    files = _remove(root, paths)
    with store.transaction():
        # Another supervisor may have done the same meanwhile; what it marked is not marked twice.
        open_still = {generation.id for generation in store.generations.pending_erasures()}
        due = tuple(generation for generation in due if generation.id in open_still)
        store.generations.mark_erased(*(generation.id for generation in due), at=at, who=who)
        store.generations.mark_removed(*(intent.file_id for intent in intents))
        if destroyed:
            fields: dict[str, str | int | bool | None] = {
                "cohorts": " ".join(destroyed),
                "master": keys.status().master_version,
            }
            store.journal.append("keys.destroyed", who, fields, at=at)
    return Erasure(generations=due, files=files, cohorts=destroyed, waiting=waiting)


def _erase_deliveries(root: Path, store: ControlStore, *, at: str, who: str) -> None:
    """Remove what was put up for it in the inboxes; what is not gone by that is not marked, and no run is stopped by it."""
    for one in store.inbox.all(states=(DeliveryState.ERASE_PENDING,)):
        if delivery.remove(root, one.path, one.sha256):
            store.inbox.mark_erased(one.id, at=at, who=who)


def _destroy_keys(keys: KeyStore, doomed: set[str | None]) -> tuple[str, ...]:
    """Destroy cohort keys, those of an interrupted erasure too, and make every older copy of the key table worthless."""
    named = tuple(sorted(cohort for cohort in doomed if cohort is not None))
    if named:
        keys.destroy_cohort(*named)
        keys.rotate_master()
    return named


def _remove(root: Path, paths: Sequence[str]) -> int:
    """Remove files; return how many there were. Those that were never created, or went before, count nothing."""
    removed = sum(disk.remove(root / path) for path in paths)
    for folder in sorted({(root / path).parent for path in paths}):
        if folder.is_dir():
            disk.sync_folder(folder)
    return removed
