"""Versioned files (版つきファイル): a folder of small secret files ``000001.key``, one per version that is alive."""

from pathlib import Path

from chosho import disk
from chosho.vault.permissions import require_private

_DIGITS = 6


class VersionedFiles:
    """The files of one folder, by version.

    Args:
        folder: the folder, 0700.
        suffix: what the names end with, with its dot.
    """

    def __init__(self, folder: Path, suffix: str) -> None:
        self.folder = folder
        self._suffix = suffix

    def prepare(self) -> None:
        """Make the folder when it is missing, durable."""
        disk.make_folder(self.folder)
        disk.sync_folder(self.folder.parent)

    def versions(self) -> tuple[int, ...]:
        """Return the versions that exist, ascending; none when the folder is missing."""
        names = (entry.name.removesuffix(self._suffix) for entry in disk.entries(self.folder))
        return tuple(int(name) for name in names if len(name) == _DIGITS and name.isdigit())

    def path(self, version: int) -> Path:
        """Return the path of a version, whether it exists or not."""
        return self.folder / f"{version:0{_DIGITS}d}{self._suffix}"

    def read(self, version: int) -> str | None:
        """Return the text of a version; None when there is none.

        Raises:
            InputRefused: others can reach the file or its folder (CHSK003E).
        """
        path = self.path(version)
        if not path.exists():
            return None
        require_private(self.folder)
        require_private(path)
        return disk.read_bytes(path).decode("ascii", "replace")

    def destroy(self, version: int) -> None:
        """Overwrite and remove one version's file; harmless when it does not exist."""
        disk.destroy(self.path(version))

    def destroy_before(self, version: int) -> None:
        """Destroy every version older than one."""
        for older in self.versions():
            if older < version:
                self.destroy(older)
