"""Restore (復元): a backup set back into an empty data root; what was erased since does not come back.

Which content is gone for good is told by what the set cannot know: a cohort that is destroyed in the key store of today, and, when
one is given, a newer control store of the same journal: that of a data root that survived, or of a newer set. Only what that
store names as visible comes back. The rest is noted as erased in the restored store, on record, and its files are never copied.
Keys are not touched: what was destroyed stays destroyed.

The catalogue comes last: a root without it is none, so that a restore that was killed is done anew into an empty folder.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chosho import disk
from chosho.control import rights
from chosho.control.files import Generation
from chosho.control.reason import required
from chosho.control.store import ControlStore
from chosho.dataset import backup_set
from chosho.dataset.backup import require_free_folder
from chosho.dataset.backup_set import BackupSet
from chosho.dataset.generations import visible, visible_files
from chosho.dataset.place import DATA, QUARANTINE
from chosho.errors import ReturnCode, StopLine
from chosho.vault.keys import KeyState, KeyStore
from chosho.vault.sealed import open_header, read_header
from chosho.vault.signature import Signer

RIGHT: Final = "backup.restore"
"""The right to restore a data root."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """What came back.

    ``erased``, ``left_out`` (staging copies, which no set holds), ``lacking``: generations by name; ``held``: keys of the PF
    ledger; ``lost``: journal rows.
    """

    files: int
    erased: tuple[str, ...]
    left_out: tuple[str, ...]
    lacking: tuple[str, ...]
    held: int
    lost: int

    @property
    def return_code(self) -> ReturnCode:
        """8 when the set lacks what the newer store names; 4 when a person has to look into what is lost or held."""
        if self.lacking:
            return ReturnCode.CONTRADICTION
        return ReturnCode.WARNING if self.lost or self.held else ReturnCode.CLEAN


@dataclass(frozen=True, kw_only=True, slots=True)
class Proved:
    """What a proof found: the set, how many generations open with the keys of today, those whose cohort is destroyed."""

    backup: BackupSet
    rows: int
    readable: int
    destroyed: tuple[str, ...]


def prove(folder: Path, keys: KeyStore) -> Proved:
    """Prove a set without restoring it: list, files, control store, journal, and a key for each sealed file.

    Raises:
        InputRefused: it is no whole set (CHSD161E).
        StopLine: the list is not signed by this house (CHSD163S), a file is damaged (CHSD162S), the journal in it is not sound
            (CHSD164S), or a key is missing (CHSK020S).
    """
    found = backup_set.read(folder, Signer(keys.journal_key()))
    found.prove()
    readable, destroyed = 0, []
    with ControlStore.look(found.path(backup_set.STORE), keys) as store:
        _require_journal(store, found)
        for path, digest in visible_files(store, found.facts.left_out).items():
            if found.digests.get(path) != digest:
                raise StopLine("CHSD162S", path=found.path(path))
        for generation in visible(store):
            if generation.dsn in found.facts.left_out:
                continue
            if _is_destroyed(generation, keys):
                destroyed.append(_name(generation))
                continue
            _require_keys(store, generation, keys, folder)
            readable += 1
        rows = store.journal.head().seq
    return Proved(backup=found, rows=rows, readable=readable, destroyed=tuple(destroyed))


def restore(
    folder: Path, root: Path, keys: KeyStore, *, newer: Path | None, reason: str, at: str, who: str
) -> Restored:
    """Restore a set into an empty data root, on record.

    Args:
        folder: the set.
        root: the data root; missing or empty.
        keys: the key store of today.
        newer: a data root that survived, or a newer set: its control store is the one that counts.
        reason: why; goes on record.
        at: when, as ISO 8601 text.
        who: the person.

    Raises:
        InputRefused: the right is missing (CHSJ040E), the root is not empty (CHSD160E) or not outside (CHSD165E), the set is not
            whole (CHSD161E), or the reason is missing or holds a number (CHSJ041E, CHSJ042E).
        StopLine: as :func:`prove`; the newer store is not of the same journal (CHSD164S), or older than its head (CHSJ010S).
    """
    rights.check(who, RIGHT)
    required(reason)
    require_free_folder(root, folder, keys.folder)
    found = backup_set.read(folder, Signer(keys.journal_key()))
    for name in ("control/locks", DATA, "source", "spool", QUARANTINE):
        disk.make_folder(root / name)
    _bring_store(found, root, keys, newer)
    with ControlStore.restored(root, keys) as store:
        _require_journal(store, found)
        left_out = tuple(one for one in visible(store) if one.dsn in found.facts.left_out)
        erased = tuple(one for one in visible(store) if one not in left_out and _is_destroyed(one, keys))
        gone = (*erased, *left_out)
        lacking, files = _bring_files(found, root, store, {one.id for one in gone})
        survived = newer is not None and not backup_set.is_set(newer)
        adopted = store.adoption.adopt(gone, newest=survived, reason=reason, at=at, who=who)
    for name in (*backup_set.DEFINITIONS[1:], backup_set.CATALOG):
        if name in found.digests:
            disk.replace(root / name, found.read(name))
    return Restored(
        files=files,
        erased=tuple(map(_name, erased)),
        left_out=tuple(map(_name, left_out)),
        lacking=lacking,
        held=adopted.held,
        lost=adopted.lost,
    )


def _bring_store(found: BackupSet, root: Path, keys: KeyStore, newer: Path | None) -> None:
    """Bring the control store that counts."""
    target = root / backup_set.STORE
    if newer is not None and not backup_set.is_set(newer):
        with ControlStore.open(newer, keys) as survived:
            survived.backup(target)
    else:
        source = found if newer is None else backup_set.read(newer, Signer(keys.journal_key()))
        source.copy(backup_set.STORE, target)
    disk.sync_folder(target.parent)


def _bring_files(
    found: BackupSet, root: Path, store: ControlStore, gone: set[int]
) -> tuple[tuple[str, ...], int]:
    """Bring job logs and what is visible and not gone; return the generations that the set lacks, and how many files came."""
    lacking, names = [], list(found.below("spool"))
    for generation in visible(store):
        if generation.id in gone:
            continue
        parts = store.generations.parts(generation.id)
        if any(found.digests.get(part.path) != part.sha256 for part in parts):
            lacking.append(_name(generation))
        names += [part.path for part in parts if found.digests.get(part.path) == part.sha256]
    for name in names:
        disk.make_folder((root / name).parent)
        found.copy(name, root / name)
    for folder in sorted({(root / name).parent for name in names}):
        disk.sync_folder(folder)
    return tuple(lacking), len(names)


def _require_journal(store: ControlStore, found: BackupSet) -> None:
    """Refuse a store whose journal is not sound, or does not hold the head that the set was made at.

    Raises:
        StopLine: CHSD164S.
    """
    faults = store.journal.verify(copied=True)
    _, missing = store.journal.verify_noted(found.facts.head, source=found.folder)
    if faults or missing:
        raise StopLine("CHSD164S", folder=found.folder, faults=len(faults) + len(missing))


def _require_keys(store: ControlStore, generation: Generation, keys: KeyStore, folder: Path) -> None:
    """Refuse a sealed generation that no key opens."""
    if generation.cohort is None:
        return
    key = keys.cohort_key(generation.cohort)
    for part in store.generations.parts(generation.id):
        open_header(read_header(folder / part.path).raw, key, file_id=part.id)


def _is_destroyed(generation: Generation, keys: KeyStore) -> bool:
    return generation.cohort is not None and keys.cohort_state(generation.cohort) is KeyState.DESTROYED


def _name(generation: Generation) -> str:
    return f"{generation.dsn}.{generation.name}"
