"""The master key (マスタ鍵): versioned, the root of every other key, and where it comes from.

:class:`MasterKeySource` is the border: today a folder of files (:class:`FileMasterKeys`); a passphrase, systemd credentials
or a hardware module fit behind the same five calls. A source knows versions and keys. Which version is in use is written in
the key table, not here.
"""

import hashlib
from pathlib import Path
from typing import Protocol

from chosho import disk
from chosho.errors import InputRefused, StopLine
from chosho.vault.permissions import require_private
from chosho.vault.wrap import KEY_BYTES, new_key


class MasterKeySource(Protocol):
    """Where master keys live."""

    def prepare(self) -> None:
        """Make the source ready for its first key; harmless when it is ready."""

    def versions(self) -> tuple[int, ...]:
        """Return the versions that exist, ascending."""

    def key(self, version: int) -> bytes:
        """Return one version's key (32 bytes).

        Raises:
            StopLine: there is no such version (CHSK010S), or it is not readable as a key (CHSK012S).
        """

    def create(self, version: int) -> None:
        """Make a new random key under a version that does not exist, durable when the call returns."""

    def destroy(self, version: int) -> None:
        """Destroy one version for good; harmless when it does not exist."""


class FileMasterKeys:
    """Master keys as files ``000001.key`` of mode 0600 in a folder of mode 0700."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def prepare(self) -> None:
        """Make the folder."""
        disk.make_folder(self._folder)
        disk.sync_folder(self._folder.parent)

    def versions(self) -> tuple[int, ...]:
        """Return the versions that exist, ascending."""
        names = (entry.name for entry in disk.entries(self._folder))
        return tuple(int(name[:6]) for name in names if name.endswith(".key") and name[:6].isdigit())

    def key(self, version: int) -> bytes:
        """Return one version's key.

        Raises:
            StopLine: no such version (CHSK010S), or the file is damaged (CHSK012S).
            InputRefused: others can reach the file (CHSK003E).
        """
        path = self._path(version)
        if not path.exists():
            raise StopLine("CHSK010S", version=version)
        require_private(self._folder)
        return read_key_file(path)

    def create(self, version: int) -> None:
        """Make a new random key."""
        write_key_file(self._path(version), new_key())

    def destroy(self, version: int) -> None:
        """Overwrite and remove one version's file."""
        disk.destroy(self._path(version))

    def _path(self, version: int) -> Path:
        return self._folder / f"{version:06d}.key"


def write_key_file(path: Path, key: bytes) -> None:
    """Write a key file as one act: never half a key under a key's name.

    Raises:
        StopLine: the file is there already (CHSK007S).
    """
    if path.exists():
        raise StopLine("CHSK007S", path=path)
    disk.replace(path, f"{key.hex()} {_check(key)}\n".encode())


def read_key_file(path: Path) -> bytes:
    """Return the key in a key file.

    Raises:
        InputRefused: there is no such file, or others can reach it.
        StopLine: it holds no whole key (CHSK012S).
    """
    if not path.exists():
        raise InputRefused("CHSK001E", path=path.parent)
    require_private(path)
    words = disk.read_bytes(path).decode("ascii", "replace").split()
    try:
        key = bytes.fromhex(words[0])
    except (ValueError, IndexError):
        raise StopLine("CHSK012S", path=path) from None
    if len(key) != KEY_BYTES or words[1:] != [_check(key)]:
        raise StopLine("CHSK012S", path=path)
    return key


def _check(key: bytes) -> str:
    """Return 32 check bits of a random key: finds a damaged file, helps nobody to guess 256 bits."""
    return hashlib.sha256(b"chosho key file" + key).hexdigest()[:8]
