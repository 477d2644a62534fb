"""The key store (鍵ストア): what is sealed under the master key, and how it dies.

The hierarchy: master key (versioned) → cohort key (世代鍵; what is erased together) → file key (in the header of each sealed
file, wrapped under the cohort key). The store holds cohort keys, media passwords and identities (which
open deliveries), each a kind of its own, all wrapped under the master key::

    CHOSHO_KEYS/            0700
      master/000003.key     0600, one file per version that is still alive
      journal.key           signs the journal heads; outlives master key rotation
      table.json            the key table
      heads/                journal heads, written by the control store
      lock                  taken for every look and every change

Erasing is two acts: :meth:`KeyStore.destroy_cohort` takes the wrapped key out of the table, :meth:`KeyStore.rotate_master` wraps
what is left under a new master key and destroys the old one, so that a forgotten copy of the table is dead too (DESIGN §5
Sealing; NIST SP 800-88 Rev. 2, cryptographic erase).

Every change is one replacement of the table. A rotation that was killed before it leaves a master key that nothing uses; one
killed after it leaves an old master key, which the next change destroys. Either way, calling it again completes it.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from chosho import disk
from chosho.errors import InputRefused, StopLine
from chosho.vault import x25519
from chosho.vault.master import FileMasterKeys, MasterKeySource, read_key_file, write_key_file
from chosho.vault.permissions import require_apart, require_private
from chosho.vault.table import Entries, Entry, KeyTable, Kind, StoredTable, names
from chosho.vault.wrap import new_key, unwrap, wrap

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")


class KeyState(StrEnum):
    """What became of a key."""

    LIVE = "live"
    DESTROYED = "destroyed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyStatus:
    """The key store at a glance; ids and datasets, never keys."""

    master_version: int
    master_versions: tuple[int, ...]
    live_cohorts: tuple[tuple[str, str], ...]
    destroyed_cohorts: tuple[tuple[str, str], ...]
    live_passwords: tuple[str, ...]
    destroyed_passwords: tuple[str, ...]
    live_recipients: tuple[str, ...]
    retired_recipients: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """A recipient (受信鍵) of the data centre; ``text`` is public. A retired one opens nothing any more."""

    id: str
    text: str
    live: bool


class KeyStore:
    """The key store in one folder.

    Args:
        folder: the key folder (``CHOSHO_KEYS``).
        data_root: the data root, when it is known: a key folder inside it is refused.
        master: where master keys come from; files in the folder when not given.

    Raises:
        InputRefused: the key folder lies inside the data root (CHSK004E).
    """

    def __init__(
        self, folder: Path, *, data_root: Path | None = None, master: MasterKeySource | None = None
    ) -> None:
        if data_root is not None:
            require_apart(folder, data_root)
        self.folder = folder
        self.heads = folder / "heads"
        self._master = master or FileMasterKeys(folder / "master")
        self._table = folder / "table.json"
        self._journal_key = folder / "journal.key"

    # Set-up ---------------------------------------------------------------------------------------------------------

    def init(self) -> None:
        """Set the key folder up: first master key, journal key, empty table. An interrupted set-up is completed.

        Raises:
            InputRefused: there is a key table already (CHSK002E), or the folder is open to others (CHSK003E).
            StopLine: the folder was in use and its key table is gone (CHSK017S).
        """
        if self._table.exists():
            raise InputRefused("CHSK002E", path=self.folder)
        if any(disk.entries(self.heads)):
            raise StopLine("CHSK017S", path=self.folder)
        disk.make_folder(self.folder)
        require_private(self.folder)
        with self._locked(exclusive=True):
            disk.make_folder(self.heads)
            self._master.prepare()
            if not self._master.versions():
                self._master.put(1, new_key())
            if not self._journal_key.exists():
                write_key_file(self._journal_key, new_key())
            self._save(KeyTable(version=self._master.versions()[-1]))
        self.new_recipient()

    def status(self) -> KeyStatus:
        """Return what the store holds."""
        with self._locked(exclusive=False):
            table = self._load()
            cohorts, passwords, recipients = (table[kind] for kind in Kind)
            return KeyStatus(
                master_version=table.version,
                master_versions=self._master.versions(),
                live_cohorts=tuple((name, cohorts[name].about) for name in names(cohorts, live=True)),
                destroyed_cohorts=tuple((name, cohorts[name].about) for name in names(cohorts, live=False)),
                live_passwords=names(passwords, live=True),
                destroyed_passwords=names(passwords, live=False),
                live_recipients=names(recipients, live=True),
                retired_recipients=names(recipients, live=False),
            )

    def journal_key(self) -> bytes:
        """Return the key that signs journal heads (ジャーナル署名鍵).

        Raises:
            InputRefused: the key folder is not set up (CHSK001E).
            StopLine: the key file is damaged (CHSK012S).
        """
        self._require_ready()
        return read_key_file(self._journal_key)

    # Cohorts --------------------------------------------------------------------------------------------------------

    def new_cohort(self, cohort_id: str, dataset: str) -> bytes:
        """Make a cohort key, durable when the call returns, and return it.

        Args:
            cohort_id: letters, digits, ``. _ -``; never used again, even after it was destroyed.
            dataset: the DSN that it is for; bound to the wrapped key.

        Raises:
            InputRefused: the id is malformed (CHSK005E) or was used before (CHSK006E).
        """
        key = new_key()
        with self._locked(exclusive=True):
            self._add(self._load(), Kind.COHORT, cohort_id, key, about=dataset)
        return key

    def cohort_key(self, cohort_id: str) -> bytes:
        """Return a cohort key (32 bytes).

        Raises:
            StopLine: missing (CHSK020S), destroyed 消去済 (CHSK021S), or anything wrong with the master key or the table.
        """
        with self._locked(exclusive=False):
            table = self._load()
            entry = table[Kind.COHORT].get(cohort_id)
            if entry is None:
                raise StopLine("CHSK020S", cohort=cohort_id)
            if entry.wrapped is None:
                raise StopLine("CHSK021S", cohort=cohort_id, dataset=entry.about)
            return self._open(table, Kind.COHORT, cohort_id, entry)

    def cohort_state(self, cohort_id: str) -> KeyState:
        """Return whether a cohort key is live, destroyed or was never made."""
        with self._locked(exclusive=False):
            return _state(self._load()[Kind.COHORT], cohort_id)

    def destroy_cohort(self, *cohort_ids: str) -> int:
        """Destroy cohort keys in one act: tombstones stay, keys do not. Call :meth:`rotate_master` next.

        Returns:
            how many were live until now; one destroyed before counts nothing and is no error, so that an erasure can be
            done again after an interruption.

        Raises:
            StopLine: one of them never existed (CHSK020S); then none is destroyed.
        """
        return self._destroy(Kind.COHORT, cohort_ids, "CHSK020S")

    # Passwords ------------------------------------------------------------------------------------------------------

    def put_password(self, password_id: str, text: str) -> None:
        """Keep a media password (媒体パスワード), wrapped under the master key.

        Raises:
            InputRefused: the id is malformed (CHSK005E) or was used before (CHSK006E).
        """
        with self._locked(exclusive=True):
            self._add(self._load(), Kind.PASSWORD, password_id, text.encode())

    def password(self, password_id: str) -> str:
        """Return a media password. The caller journals the look.

        Raises:
            InputRefused: the id is that of a recipient, whose identity is shown to nobody (CHSK009E).
            StopLine: missing (CHSK022S) or destroyed 消去済 (CHSK023S).
        """
        with self._locked(exclusive=False):
            table = self._load()
            entry = table[Kind.PASSWORD].get(password_id)
            if entry is None and password_id in table[Kind.IDENTITY]:
                raise InputRefused("CHSK009E", recipient=password_id)
            if entry is None:
                raise StopLine("CHSK022S", password=password_id)
            if entry.wrapped is None:
                raise StopLine("CHSK023S", password=password_id)
            return self._open(table, Kind.PASSWORD, password_id, entry).decode()

    def password_state(self, password_id: str) -> KeyState:
        """Return whether a password is live, destroyed or was never kept."""
        with self._locked(exclusive=False):
            return _state(self._load()[Kind.PASSWORD], password_id)

    def destroy_password(self, *password_ids: str) -> int:
        """Destroy passwords in one act, as :meth:`destroy_cohort` does with cohort keys.

        Raises:
            StopLine: one of them never existed (CHSK022S); then none is destroyed.
        """
        return self._destroy(Kind.PASSWORD, password_ids, "CHSK022S")

    # Recipients -----------------------------------------------------------------------------------------------------

    def new_recipient(self) -> Recipient:
        """Make a new recipient (受信鍵) for files that others deliver; older ones open what is under way until they are retired."""
        identity, text = x25519.new_identity()
        with self._locked(exclusive=True):
            table = self._load()
            recipient_id = f"recipient-{len(table[Kind.IDENTITY]) + 1:06d}"
            self._add(table, Kind.IDENTITY, recipient_id, identity.encode(), about=text)
        return Recipient(id=recipient_id, text=text, live=True)

    def recipients(self) -> tuple[Recipient, ...]:
        """Return every recipient that was ever made, oldest first."""
        with self._locked(exclusive=False):
            found = sorted(self._load()[Kind.IDENTITY].items())
        return tuple(Recipient(id=name, text=entry.about, live=entry.live) for name, entry in found)

    def recipient(self) -> str:
        """Return the newest recipient, ``age1...``: what others encrypt their files to.

        Raises:
            InputRefused: there is none (CHSK008E).
        """
        recipients = self.recipients()
        if not recipients:
            raise InputRefused("CHSK008E", path=self.folder)
        return recipients[-1].text

    def identities(self) -> tuple[str, ...]:
        """Return every identity that is alive, oldest first; the caller journals what is opened with them."""
        with self._locked(exclusive=False):
            table = self._load()
            found = table[Kind.IDENTITY]
            return tuple(
                self._open(table, Kind.IDENTITY, name, found[name]).decode()
                for name in names(found, live=True)
            )

    def retire_recipient(self, recipient_id: str) -> None:
        """Destroy the identity of an older recipient, in old copies of the key table too: it opens no file any more.

        Done again it does what an interruption left.

        Raises:
            InputRefused: there is no such recipient (CHSK024E), or it is the newest, which others use (CHSK025E).
        """
        with self._locked(exclusive=True):
            table = self._load()
            found = table[Kind.IDENTITY]
            if recipient_id not in found:
                raise InputRefused("CHSK024E", recipient=recipient_id[:120])
            if recipient_id == max(found):
                raise InputRefused("CHSK025E", recipient=recipient_id)
            found[recipient_id].wrapped = None
            self._save(table)
        self.rotate_master()

    # Rotation -------------------------------------------------------------------------------------------------------

    def rotate_master(self) -> int:
        """Wrap everything that lives under a new master key, destroy every older one, return the new version.

        Killed at any point it leaves a store that opens; calling it again completes the work.
        """
        with self._locked(exclusive=True):
            table = self._load()
            version = max(self._master.versions()) + 1
            self._master.put(version, new_key())
            fresh = KeyTable(version=version)
            key = self._master.key(version)
            for kind in Kind:
                for name, entry in table[kind].items():
                    wrapped = None
                    if entry.wrapped is not None:
                        secret = self._open(table, kind, name, entry)
                        wrapped = wrap(key, secret, kind, name, entry.about)
                    fresh[kind][name] = Entry(about=entry.about, wrapped=wrapped)
            self._save(fresh)
        return version

    # ----------------------------------------------------------------------------------------------------------------

    def _add(self, table: KeyTable, kind: Kind, name: str, secret: bytes, *, about: str = "") -> None:
        """Add one entry to the table under an id that its kind never had, and save it."""
        if not _ID.fullmatch(name):
            raise InputRefused("CHSK005E", id=name[:120])
        if name in table[kind]:
            raise InputRefused("CHSK006E", id=name)
        wrapped = wrap(self._master.key(table.version), secret, kind, name, about)
        table[kind][name] = Entry(about=about, wrapped=wrapped)
        self._save(table)

    def _destroy(self, kind: Kind, ids: tuple[str, ...], unknown: str) -> int:
        """Destroy keys; ``unknown`` is the message of an id that never existed."""
        with self._locked(exclusive=True):
            table = self._load()
            entries = table[kind]
            for name in ids:
                if name not in entries:
                    raise StopLine(unknown, **{kind.value: name})
            live = {name for name in ids if entries[name].wrapped is not None}
            for name in live:
                entries[name].wrapped = None
            if live:
                self._save(table)
        return len(live)

    def _open(self, table: KeyTable, kind: Kind, name: str, entry: Entry) -> bytes:
        """Unwrap one live entry of the table."""
        otherwise = StopLine("CHSK014S", path=self._table, version=table.version)
        key = self._master.key(table.version)
        return unwrap(key, entry.wrapped or b"", kind, name, entry.about, otherwise=otherwise)

    def _load(self) -> KeyTable:
        """Read the table and prove it under the master key that it names."""
        self._require_ready()
        require_private(self._table)
        stored = StoredTable.parse(self._table, disk.read_bytes(self._table))
        versions = self._master.versions()
        if stored.version not in versions and any(version > stored.version for version in versions):
            raise StopLine("CHSK011S", version=stored.version, current=max(versions))
        return stored.open(self._master.key(stored.version))

    def _save(self, table: KeyTable) -> None:
        """Replace the table, then destroy every older master key.

        A later one is left alone: it belongs to a rotation that was killed, or to a table that somebody put aside.
        """
        disk.replace(self._table, table.to_bytes(self._master.key(table.version)))
        for version in self._master.versions():
            if version < table.version:
                self._master.destroy(version)

    def _require_ready(self) -> None:
        if not self._table.exists():
            raise InputRefused("CHSK001E", path=self.folder)
        require_private(self.folder)
        require_private(self.heads)

    @contextmanager
    def _locked(self, *, exclusive: bool) -> Iterator[None]:
        """Hold the store's lock; a look shares it, a change has it alone."""
        if not self.folder.is_dir():
            raise InputRefused("CHSK001E", path=self.folder)
        lock = disk.lock(self.folder / "lock", exclusive=exclusive, wait=True)
        if lock is None:
            raise StopLine("CHSK016S", path=self.folder)
        # A step that is started meanwhile must not inherit this lock: it would hold it for as long as it lives.
        os.set_inheritable(lock, False)
        try:
            yield
        finally:
            disk.unlock(lock)


def _state(entries: Entries, name: str) -> KeyState:
    entry = entries.get(name)
    if entry is None:
        return KeyState.UNKNOWN
    return KeyState.LIVE if entry.live else KeyState.DESTROYED
