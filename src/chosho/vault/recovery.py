"""Recovery (鍵の復旧): who can bring the keys back, and where the backups and their tallies lie.

Two holders (復旧鍵の保管者), two persons, hold an age identity each; either of them opens a backup, together with the tally
(:mod:`chosho.vault.tally`), which neither of them keeps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from chosho.errors import InputRefused
from chosho.vault import x25519
from chosho.vault.permissions import require_apart
from chosho.vault.tally import Tallies
from chosho.vault.versions import VersionedFiles

HOLDERS = 2
"""Persons who hold a recovery identity."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recovery:
    """The settings, kept in the key table.

    Args:
        holders: person and recipient (``age1...``) of each.
        tally_folder: where the tallies lie.
        backup_folder: where each rotation leaves its backup.
        tally: public half of the tally that goes with the table's master key version; empty before its first one.
    """

    holders: tuple[tuple[str, str], ...]
    tally_folder: Path
    backup_folder: Path
    tally: str = ""

    @classmethod
    def checked(cls, holders: Sequence[tuple[str, str]], tally_folder: Path, backup_folder: Path) -> Self:
        """Return settings that two persons and three places stand behind.

        Raises:
            InputRefused: not two persons with a recipient each (CHSK060E), a recipient is misspelt (CHSK045E), or the folders
                lie inside one another (CHSK069E).
        """
        people, recipients = {name.strip() for name, _ in holders}, {text for _, text in holders}
        if len(holders) != HOLDERS or len(people - {""}) != HOLDERS or len(recipients) != HOLDERS:
            raise InputRefused("CHSK060E")
        for recipient in recipients:
            x25519.recipient_point(recipient)
        require_apart(tally_folder, backup_folder, otherwise="CHSK069E")
        named = tuple((name.strip(), text) for name, text in holders)
        return cls(
            holders=named, tally_folder=tally_folder.absolute(), backup_folder=backup_folder.absolute()
        )

    @property
    def people(self) -> tuple[str, ...]:
        """The holders."""
        return tuple(name for name, _ in self.holders)

    @property
    def recipients(self) -> tuple[str, ...]:
        """What the holders' identities open."""
        return tuple(text for _, text in self.holders)

    @property
    def tallies(self) -> Tallies:
        """The tallies."""
        return Tallies(self.tally_folder)

    @property
    def backups(self) -> VersionedFiles:
        """The backups that the key store made by itself, ``000003.age``."""
        return VersionedFiles(self.backup_folder, ".age")

    def with_tally(self, version: int) -> "Recovery":
        """Make the tally of a version and return the settings with its public half."""
        return replace(self, tally=self.tallies.create(version))

    def to_json(self) -> dict[str, Any]:
        """Return the settings for the key table."""
        return {
            "holders": [list(one) for one in self.holders],
            "tally_folder": str(self.tally_folder),
            "backup_folder": str(self.backup_folder),
            "tally": self.tally,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """Return the settings that :meth:`to_json` wrote."""
        return cls(
            holders=tuple((str(name), str(text)) for name, text in body["holders"]),
            tally_folder=Path(body["tally_folder"]),
            backup_folder=Path(body["backup_folder"]),
            tally=str(body["tally"]),
        )
