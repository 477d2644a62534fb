"""A backup set (控え一式): one folder with a copy of the control store, the files that it names, and a signed list of digests.

::

    backup.json                 when, by whom, the journal's head
    control/chosho.db           the control store
    data/...                    the parts of every visible generation, sealed as they are
    spool/..., *.yaml           job logs, definitions
    manifest-sha256.txt         what ``sha256sum -c`` reads
    manifest-sha256.txt.sig     what ``ssh-keygen -Y verify`` reads; written last

It holds no key. Not in it: inboxes and outboxes, which their senders and receivers have, source files of other systems, quarantine;
and staging copies (encrypted files, images), which no destroyed cohort key would ever erase in it.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from chosho import disk
from chosho.errors import InputRefused, StopLine
from chosho.vault.signature import Signer, Use

STORE: Final = "control/chosho.db"
CATALOG: Final = "CATALOG.yaml"
DEFINITIONS: Final = (CATALOG, "SETTINGS.yaml", "RETENTION.yaml", "CALENDAR.yaml")
"""The documents of a data root."""

_FACTS = "backup.json"
_MANIFEST = "manifest-sha256.txt"
_SIGNATURE = f"{_MANIFEST}.sig"
_FORMAT = 1
_LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What a set says of itself.

    ``head`` is the journal's, in the copy of the control store; ``left_out`` names the datasets whose generations are not there.
    """

    at: str
    who: str
    head: str
    left_out: tuple[str, ...]
    format: int = _FORMAT


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupSet:
    """A set whose signature was proved: path → SHA-256 of every file but the list and its signature."""

    folder: Path
    facts: Facts
    digests: Mapping[str, str]

    def path(self, name: str) -> Path:
        """Return the file of a path in the set."""
        return self.folder / name

    def below(self, folder: str) -> tuple[str, ...]:
        """Return the paths below a folder of the set, in their order."""
        return tuple(sorted(path for path in self.digests if path.startswith(f"{folder}/")))

    def copy(self, name: str, target: Path) -> None:
        """Copy a file out of the set, durable but for its folder's entry, and prove its digest on the way.

        Raises:
            StopLine: it is missing or damaged (CHSD162S); what was copied must not be used.
        """
        with disk.NewFile(target) as copy:
            if self._digest(name, copy) != self.digests[name]:
                raise StopLine("CHSD162S", path=self.path(name))
            copy.finish()

    def read(self, name: str) -> bytes:
        """Return the content of a small file of the set.

        Raises:
            StopLine: it is missing or damaged (CHSD162S).
        """
        if self._digest(name) != self.digests[name]:
            raise StopLine("CHSD162S", path=self.path(name))
        return disk.read_bytes(self.path(name))

    def prove(self) -> None:
        """Prove every file of the set.

        Raises:
            StopLine: one is missing or damaged, or there is one that the list does not have (CHSD162S).
        """
        listed = set(self.digests) | {_MANIFEST, _SIGNATURE}
        for name in _files(self.folder):
            if name not in listed:
                raise StopLine("CHSD162S", path=self.path(name))
        for name, expected in self.digests.items():
            if self._digest(name) != expected:
                raise StopLine("CHSD162S", path=self.path(name))

    def _digest(self, name: str, copy: disk.NewFile | None = None) -> str:
        try:
            return disk.digest(self.path(name), copy)
        except InputRefused:
            return ""


def finish(folder: Path, facts: Facts, digests: Mapping[str, str], signer: Signer) -> str:
    """End a set: facts, list, signature; return the SHA-256 of the list. Without its signature it is none."""
    told = (json.dumps(asdict(facts), indent=1) + "\n").encode()
    disk.write_new(folder / _FACTS, told)
    listed = {**digests, _FACTS: disk.digest(folder / _FACTS)}
    text = "".join(f"{listed[path]}  {path}\n" for path in sorted(listed)).encode()
    disk.write_new(folder / _MANIFEST, text)
    # Whole or not there: an interrupted set must not look like a forged one.
    disk.replace(folder / _SIGNATURE, signer.sign(text, Use.BACKUP).encode())
    return disk.digest(folder / _MANIFEST)


def is_set(folder: Path) -> bool:
    """Tell whether a folder is a backup set, whole or not."""
    return (folder / _FACTS).is_file()


def read(folder: Path, signer: Signer) -> BackupSet:
    """Read the signed list of a set; its files are proved when they are used.

    Raises:
        InputRefused: the folder is no whole set (CHSD161E).
        StopLine: the list is not signed by this house's key (CHSD163S), or the facts are not those listed (CHSD162S).
    """
    if not (folder / _SIGNATURE).is_file() or not (folder / _MANIFEST).is_file():
        raise InputRefused("CHSD161E", folder=folder)
    text = disk.read_bytes(folder / _MANIFEST)
    signature = disk.read_bytes(folder / _SIGNATURE).decode("ascii", "replace")
    if not signer.signed(text, signature, Use.BACKUP):
        raise StopLine("CHSD163S", folder=folder)
    digests = {path: digest for digest, path in _LINE.findall(text.decode())}
    path = folder / _FACTS
    if not path.is_file() or disk.digest(path) != digests.get(_FACTS):
        raise StopLine("CHSD162S", path=path)
    told = json.loads(disk.read_bytes(path))
    if told["format"] != _FORMAT:
        raise InputRefused("CHSD161E", folder=folder)
    facts = Facts(**{**told, "left_out": tuple(told["left_out"])})
    return BackupSet(folder=folder, facts=facts, digests=digests)


def _files(folder: Path) -> Iterator[str]:
    for where, _, names in os.walk(folder):
        yield from (str((Path(where) / name).relative_to(folder)) for name in names)
