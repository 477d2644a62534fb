"""The key store (鍵ストア): what is sealed under the master key, and how it dies.

The hierarchy: master key (versioned) → cohort key (世代鍵; what is erased together) → file key (in the header of each sealed
file, wrapped under the cohort key). The store holds cohort keys, media passwords and identities (which
open deliveries), each a kind of its own, all wrapped under the master key::

    CHOSHO_KEYS/            0700
      master/000003.key     0600, one file per version that is still alive
      journal.key           signs the journal heads; outlives master key rotation
      table.json            the key table
      heads/                journal heads, written by the control store
      backed-up             digest of the table that the newest backup holds
      lock                  taken for every look and every change

Erasing is two acts: :meth:`KeyStore.destroy_cohort` takes the wrapped key out of the table, :meth:`KeyStore.rotate_master` wraps
what is left under a new master key and destroys the old one, so that a forgotten copy of the table is dead too (DESIGN §5
Sealing; NIST SP 800-88 Rev. 2, cryptographic erase).

Where recovery is set up, each rotation also makes a new tally and a new backup and destroys the
older ones, so that old backups die with the rest (:mod:`chosho.vault.backup`).
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from chosho import disk
from chosho.errors import InputRefused, StopLine
from chosho.vault import x25519
from chosho.vault.life import BackupState, KeyLife
from chosho.vault.master import read_key_file, write_key_file
from chosho.vault.permissions import require_private
from chosho.vault.table import Entries, Entry, KeyTable, Kind, names
from chosho.vault.wrap import derive, new_key, wrap

_JOURNAL_COLUMN = "journal sealed column"
"""What the key of the journal's sealed column is derived for."""

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
    recovery_holders: tuple[str, ...]
    """Who can recover the keys; nobody when recovery is not set up."""
    backup: BackupState


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """A recipient (受信鍵) of the data centre; ``text`` is public. A retired one opens nothing any more."""

    id: str
    text: str
    live: bool


class KeyStore(KeyLife):
    """The key store in one folder, made as a :class:`chosho.vault.folder.KeyFolder` is."""

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
                recovery_holders=() if table.recovery is None else table.recovery.people,
                backup=self._backup_state(table),
            )

    def journal_key(self) -> bytes:
        """Return the key that signs journal heads (ジャーナル署名鍵).

        Raises:
            InputRefused: the key folder is not set up (CHSK001E).
            StopLine: the key file is damaged (CHSK012S).
        """
        self._require_ready()
        return read_key_file(self._journal_key)

    def journal_column_key(self) -> bytes:
        """Return the key of the journal's sealed column (封緘欄の鍵), in which persons are named; as :meth:`journal_key`."""
        return derive(self.journal_key(), _JOURNAL_COLUMN)

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


def _state(entries: Entries, name: str) -> KeyState:
    entry = entries.get(name)
    if entry is None:
        return KeyState.UNKNOWN
    return KeyState.LIVE if entry.live else KeyState.DESTROYED
