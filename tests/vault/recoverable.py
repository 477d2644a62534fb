"""A key store whose recovery is set up, with the two holders' identities, for the tests of this and other packages."""

from dataclasses import dataclass
from pathlib import Path

from chosho.vault import x25519
from chosho.vault.backup import Backup
from chosho.vault.keys import KeyStore
from chosho.vault.tally import Tallies


@dataclass(frozen=True)
class Recoverable:
    """Where everything lies, and what the holders hold."""

    keys: KeyStore
    tallies: Path
    backups: Path
    identities: tuple[str, str]

    @property
    def newest(self) -> Path:
        """The newest backup that the key store left."""
        return max(self.backups.glob("*.age"))

    def open(self, backup: Path, holder: int = 0, tallies: Path | None = None) -> Backup:
        return Backup.open(backup.read_bytes(), self.identities[holder], Tallies(tallies or self.tallies))


def recoverable(keys: KeyStore, folder: Path) -> Recoverable:
    """Set recovery up for a key store; tallies and backups lie below a folder."""
    (first, one), (second, other) = x25519.new_identity(), x25519.new_identity()
    made = Recoverable(keys, folder / "tallies", folder / "backups", (first, second))
    keys.set_recovery([("Holder A", one), ("Holder B", other)], made.tallies, made.backups)
    return made
