"""Backup (控えの作成): a consistent copy of the control store, and of every file that this copy names as visible.

The control store is copied first, by SQLite's own backup; then the files that stand in the copy, each proved against its digest on
record. Sealed files are copied sealed and nothing is opened; the key store is not touched. Whoever calls keeps runs out meanwhile.

Personal data that are not sealed under a cohort key of their own (the staging copies: age files and images, which end the next
day) are left out: a backup outlives them, and nothing would erase them in it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chosho import disk
from chosho.control import rights
from chosho.control.store import ControlStore
from chosho.dataset import backup_set
from chosho.dataset.catalog import Catalog, Entry, Klass
from chosho.dataset.generations import visible_files
from chosho.dataset.place import DATA
from chosho.errors import InputRefused, StopLine
from chosho.vault.keys import KeyStore
from chosho.vault.signature import Signer

RIGHT: Final = "backup.make"
"""The right to make a backup."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """What a backup holds: files and bytes; ``digest`` is the SHA-256 of its signed list."""

    files: int
    bytes: int
    digest: str


def make(
    root: Path, store: ControlStore, keys: KeyStore, catalog: Catalog, folder: Path, *, at: str, who: str
) -> Made:
    """Make a backup set in a folder, on record; one that was interrupted has no signature and is none.

    Args:
        root: the data root.
        store: its control store.
        keys: its key store.
        catalog: its catalogue.
        folder: where; missing or empty, and outside of both.
        at: when, as ISO 8601 text.
        who: the person.

    Raises:
        InputRefused: the right is missing (CHSJ040E), or the folder is not empty (CHSD160E) or not outside (CHSD165E).
        StopLine: a part is not as it was on record (CHSD162S), or the disk refused.
    """
    rights.require(store.journal, who, RIGHT, at=at)
    require_free_folder(folder, root, keys.folder)
    store.journal.append("backup.begun", who, at=at)
    head = store.journal.write_head()
    disk.make_folder(folder / DATA)
    disk.make_folder((folder / backup_set.STORE).parent)
    store.backup(folder / backup_set.STORE)
    disk.sync_folder((folder / backup_set.STORE).parent)
    digests = {backup_set.STORE: disk.digest(folder / backup_set.STORE)}
    left_out = tuple(sorted(entry.dsn for entry in catalog if _is_staging(entry)))
    with ControlStore.look(folder / backup_set.STORE, keys) as copied:
        for path, expected in visible_files(copied, left_out).items():
            digests[path] = _copy(root / path, folder / path)
            if digests[path] != expected:
                raise StopLine("CHSD162S", path=root / path)
    disk.sync_folder(folder / DATA)
    for path in (*backup_set.DEFINITIONS, *_spool(root)):
        if (root / path).is_file():
            disk.make_folder((folder / path).parent)
            digests[path] = _copy(root / path, folder / path)
            disk.sync_folder((folder / path).parent)
    size = sum((folder / path).stat().st_size for path in digests)
    facts = backup_set.Facts(at=at, who=who, head=str(head), left_out=left_out)
    listed = backup_set.finish(folder, facts, digests, Signer(keys.journal_key()))
    store.journal.append(
        "backup.made",
        who,
        {"head": str(head), "files": len(digests), "bytes": size, "list": listed},
        at=at,
    )
    store.journal.write_head()
    return Made(files=len(digests), bytes=size, digest=listed)


def require_free_folder(folder: Path, *inside: Path) -> None:
    """Refuse a folder in which something is, a file in its place, and one that lies in another that must not hold it.

    Raises:
        InputRefused: CHSD160E, CHSD165E.
    """
    there = folder.resolve()
    for one in inside:
        if there.is_relative_to(one.resolve()):
            raise InputRefused("CHSD165E", folder=folder, outer=one)
    if any(disk.entries(folder)) or (folder.exists() and not folder.is_dir()):
        raise InputRefused("CHSD160E", folder=folder)


def _is_staging(entry: Entry) -> bool:
    """Tell whether a dataset holds personal data that no cohort key of ours erases."""
    ours = entry.external is None and entry.inbox is None
    return ours and entry.klass is not Klass.NONE and not entry.sealed


def _copy(source: Path, target: Path) -> str:
    with disk.NewFile(target) as copy:
        found = disk.digest(source, copy)
        copy.finish()
    return found


def _spool(root: Path) -> list[str]:
    """Return the files of the job logs; links and folders within are nobody's."""
    return [
        f"spool/{folder.name}/{entry.name}"
        for folder in disk.entries(root / "spool")
        if folder.is_dir(follow_symlinks=False)
        for entry in disk.entries(Path(folder.path))
        if entry.is_file(follow_symlinks=False)
    ]
