"""Custody of the keys (鍵の管理): what persons do to the key store and see of it. Each act asks a right and is on record.

A passphrase is journalled before it is given out. A change of the key store is journalled when it is made; one that was killed
in between is done again by the same call, which then records it.
"""

from typing import Final

from chosho.control import rights
from chosho.control.journal import Field, Journal
from chosho.control.reason import required
from chosho.vault.keys import KeyStore, Recipient

ROTATE: Final = "keys.rotate"
"""The right to change the master key."""
RECIPIENT: Final = "keys.recipient"
"""The right to make and to retire a recipient for delivered files."""
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

    def new_recipient(self) -> Recipient:
        """Make a new recipient and return it.

        Raises:
            InputRefused: the right is missing (CHSJ040E).
        """
        rights.require(self._journal, self._who, RECIPIENT, at=self._at)
        made = self._keys.new_recipient()
        self._record("recipient.made", {"key": made.id})
        return made

    def retire_recipient(self, recipient_id: str) -> None:
        """Destroy the identity of an older recipient, which changes the master key too.

        Raises:
            InputRefused: the right is missing (CHSJ040E), there is no such recipient (CHSK024E), or it is the newest (CHSK025E).
        """
        rights.require(self._journal, self._who, RECIPIENT, at=self._at)
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
