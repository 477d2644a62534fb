"""The tally (割符): the half of every key backup that is in no backup, and what an erasure destroys in its place.

A key backup is encrypted twice: to the tally, then to the two holders. A tally is an age identity in a file of its own
(``000003.txt``), one per version of the master key, in a folder apart from the keys, the data and the backups. With each
rotation of the master key it is made anew and the older one is destroyed, so that every older backup is dead, whoever holds it
and whatever opens it else. The public half is in the key table: backups are made without looking at the tally.
"""

from pathlib import Path

from chosho import disk
from chosho.errors import InputRefused, StopLine
from chosho.vault import x25519
from chosho.vault.versions import VersionedFiles


class Tallies:
    """The tallies in their folder."""

    def __init__(self, folder: Path) -> None:
        self._files = VersionedFiles(folder, ".txt")
        self.versions = self._files.versions
        self.destroy_before = self._files.destroy_before

    def require(self, version: int, recipient: str) -> None:
        """Refuse a folder that does not hold the tally of a version: it is not mounted, or is another one.

        Raises:
            StopLine: there is no such tally (CHSK062S), or it is another key folder's (CHSK063S).
        """
        self.identity(version, recipient)

    def identity(self, version: int, recipient: str) -> str:
        """Return the tally of a version, whose public half is known.

        Raises:
            StopLine: it was destroyed with a rotation (CHSK061S), is missing (CHSK062S) or is another one (CHSK063S).
        """
        text = self._files.read(version)
        if text is None:
            later = [one for one in self.versions() if one > version]
            if later:
                raise StopLine("CHSK061S", version=version, current=max(later))
            raise StopLine("CHSK062S", version=version, path=self._files.folder)
        try:
            found = x25519.recipient_of(text.strip())
        except InputRefused:
            found = ""
        if found != recipient:
            raise StopLine("CHSK063S", version=version, path=self._files.path(version))
        return text.strip()

    def create(self, version: int) -> str:
        """Make the tally of a version, durable when the call returns, and return its public half."""
        self._files.prepare()
        identity, recipient = x25519.new_identity()
        disk.replace(self._files.path(version), f"{identity}\n".encode())
        return recipient
