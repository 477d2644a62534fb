"""Custody of the keys (鍵の管理): what persons do to the key store and see of it. Each act asks a right and is on record.

A passphrase is journalled before it is given out. A change of the key store is journalled when it is made; one that was killed
in between is done again by the same call, which then records it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from chosho.control import cohorts, rights
from chosho.control.generations import Generations
from chosho.control.journal import Field, Journal
from chosho.control.reason import required
from chosho.errors import InputRefused
from chosho.vault.backup import Backup
from chosho.vault.keys import KeyState, KeyStore, Recipient

ROTATE: Final = "keys.rotate"
"""The right to change the master key."""
RECIPIENT: Final = "keys.recipient"
"""The right to make and to retire a recipient for delivered files."""
RECOVERY: Final = "keys.recovery"
"""The right to say who can recover the keys, and to recover them."""
BACKUP: Final = "keys.backup"
"""The right to make a key backup."""
DESTROY: Final = "keys.destroy"
"""The right to destroy a cohort key by hand."""
PASSPHRASE: Final = "media.password"  # noqa: S105 - the name of a right
"""The right to see and to use a disc's passphrase."""


class Custody:
    """The acts of one person.

    Args:
        keys: the key store.
        journal: the journal of the control store that goes with it.
        who: the person.
        at: when, as ISO 8601 text.
    """

    def __init__(self, keys: KeyStore, journal: Journal, *, who: str, at: str) -> None:
        self._keys = keys
        self._journal = journal
        self._who = who
        self._at = at

    def rotate(self) -> int:
        """Make a new master key, destroy the older ones, return the new version.

        Raises:
            InputRefused: the right is missing (CHSJ040E).
        """
        rights.require(self._journal, self._who, ROTATE, at=self._at)
        version = self._keys.rotate_master()
        self._record("keys.rotated", {"key": f"master-{version:06d}"})
        return version

    def set_recovery(self, holders: Sequence[tuple[str, str]], tallies: Path, backups: Path) -> int:
        """Name the two holders of the recovery identities and the folders of tallies and backups; return the new master version.

        Raises:
            InputRefused: the right is missing (CHSJ040E), or persons, recipients or folders do not fit (CHSK060E, CHSK045E,
                CHSK069E).
        """
        rights.require(self._journal, self._who, RECOVERY, at=self._at)
        version = self._keys.set_recovery(holders, tallies, backups)
        people = " / ".join(name for name, _ in holders)
        self._record("keys.recovery", {"key": f"master-{version:06d}", "holders": people})
        return version

    def back_up(self) -> tuple[int, bytes]:
        """Renew the key backup; return the version of its master key and its bytes.

        Raises:
            InputRefused: the right is missing (CHSJ040E), or recovery is not set up (CHSK065E).
        """
        rights.require(self._journal, self._who, BACKUP, at=self._at)
        version, data = self._keys.back_up()
        self._record("keys.backup", {"key": f"master-{version:06d}", "bytes": len(data)})
        return version, data

    def recovered(self, backup: Backup) -> None:
        """Put on record that the keys came back from a backup, as soon as there is a journal (:func:`recover`)."""
        self._record("keys.recovered", {"key": f"master-{backup.version:06d}"})

    def destroy(self, ids: Sequence[str], reason: str, generations: Generations) -> int:
        """Destroy cohort keys and rotate the master key, so that no copy or backup brings them back; return its new version.

        Args:
            ids: the cohorts; those destroyed before are no error.
            reason: why.
            generations: the generation table, which knows what is in use.

        Raises:
            InputRefused: the right is missing (CHSJ040E), the reason is missing or holds a number (CHSJ041E, CHSJ042E), a cohort is
                in use (CHSK072E) or never existed (CHSK074E); then none is destroyed.
        """
        rights.require(self._journal, self._who, DESTROY, at=self._at)
        said = required(reason)
        used = cohorts.in_use(generations)
        for cohort in ids:
            if cohort in used:
                raise InputRefused("CHSK072E", cohort=cohort, dataset=used[cohort])
            if self._keys.cohort_state(cohort) is KeyState.UNKNOWN:
                raise InputRefused("CHSK074E", cohort=cohort[:120])
        self._keys.destroy_cohort(*ids)
        version = self._keys.rotate_master()
        self._record("keys.destroyed", {"cohorts": " ".join(sorted(ids)), "master": version, "reason": said})
        return version

    def new_recipient(self) -> Recipient:
        """Make a new recipient and return it.

        Raises:
            InputRefused: the right is missing (CHSJ040E).
        """
        rights.require(self._journal, self._who, RECIPIENT, at=self._at)
        made = self._keys.new_recipient()
        self._record("recipient.made", {"key": made.id})
        return made

    def retire_recipient(self, recipient_id: str, *, waiting: int) -> None:
        """Destroy the identity of an older recipient, which changes the master key too.

        Args:
            recipient_id: its id.
            waiting: how many files wait in the inboxes; it may be that only this identity opens one of them.

        Raises:
            InputRefused: the right is missing (CHSJ040E), files wait (CHSK026E), there is no such recipient (CHSK024E), or it is
                the newest (CHSK025E).
        """
        rights.require(self._journal, self._who, RECIPIENT, at=self._at)
        if waiting:
            raise InputRefused("CHSK026E", recipient=recipient_id, files=waiting)
        self._keys.retire_recipient(recipient_id)
        self._record("recipient.retired", {"key": recipient_id})

    def show_passphrase(self, password_id: str, reason: str) -> str:
        """Return a disc's passphrase for a person who says why.

        Raises:
            InputRefused: the right is missing (CHSJ040E), the reason is missing or holds a number (CHSJ041E, CHSJ042E), or the id
                is not that of a passphrase (CHSK009E).
            StopLine: the passphrase is not kept, or not any more.
        """
        rights.require(self._journal, self._who, PASSPHRASE, at=self._at)
        said = required(reason)
        text = self._keys.password(password_id)
        self._record("password.show", {"password": password_id, "reason": said})
        return text

    def use_passphrase(self, password_id: str, reason: str) -> str:
        """Return a disc's passphrase for a command that opens the disc and shows it to nobody.

        Raises:
            InputRefused: the right is missing (CHSJ040E).
            StopLine: the passphrase is not kept, or not any more.
        """
        rights.require(self._journal, self._who, PASSPHRASE, at=self._at)
        text = self._keys.password(password_id)
        self._record("password.use", {"password": password_id, "reason": reason})
        return text

    def _record(self, kind: str, fields: dict[str, Field]) -> None:
        self._journal.append(kind, self._who, fields, at=self._at)
        self._journal.write_head()


def recover(keys: KeyStore, backup: Backup, *, who: str) -> None:
    """Bring the keys back into a new key folder. There is no journal without keys: :meth:`Custody.recovered` is called next.

    Raises:
        InputRefused: the right is missing (CHSJ040E), or the folder is a living one (CHSK071E).
    """
    rights.check(who, RECOVERY)
    keys.recover(backup)
