"""The master key (マスタ鍵): versioned, the root of every other key, and where it comes from.

:class:`MasterKeySource` is the border: today a folder of files (:class:`FileMasterKeys`), each locked with nothing, a passphrase
or a credential (:mod:`chosho.vault.master_lock`); a hardware module fits behind the same five calls. A source knows versions and
keys. Which version is in use is written in the key table, not here.
"""

import hashlib
from pathlib import Path
from typing import Protocol

from chosho import disk
from chosho.errors import InputRefused, StopLine
from chosho.vault.master_lock import LockKind, MasterLock, lock_of, new_lock
from chosho.vault.permissions import require_private
from chosho.vault.versions import VersionedFiles
from chosho.vault.wrap import KEY_BYTES


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
            InputRefused: what it is locked with is missing or wrong (CHSK066E, CHSK068E, CHSK070E).
        """

    def put(self, version: int, key: bytes) -> None:
        """Keep a key under a version that does not exist, durable when the call returns."""

    def destroy(self, version: int) -> None:
        """Destroy one version for good; harmless when it does not exist."""


class FileMasterKeys:
    """Master keys as files ``000001.key`` of mode 0600 in a folder of mode 0700.

    Args:
        folder: the folder.
        kind: what new keys are locked with; when not given, with what the newest one is, and the first with nothing.
    """

    def __init__(self, folder: Path, kind: LockKind | None = None) -> None:
        self._files = VersionedFiles(folder, ".key")
        self._kind = kind
        self.prepare = self._files.prepare
        self.versions = self._files.versions
        self.destroy = self._files.destroy

    def key(self, version: int) -> bytes:
        """Return one version's key.

        Raises:
            StopLine: no such version (CHSK010S), or the file is damaged (CHSK012S).
            InputRefused: others can reach the file (CHSK003E), or what it is locked with is missing or wrong.
        """
        lock, words = self._locked(version)
        key = lock.open(version, words)
        if key is None or len(key) != KEY_BYTES:
            raise StopLine("CHSK012S", path=self._files.path(version))
        return key

    def put(self, version: int, key: bytes) -> None:
        """Keep a key.

        Raises:
            StopLine: the file is there already (CHSK007S).
            InputRefused: what it is to be locked with is missing, wrong or too short.
        """
        path = self._files.path(version)
        if path.exists():
            raise StopLine("CHSK007S", path=path)
        text = self._lock().seal(version, key)
        disk.replace(path, f"{text} {_check(text)}\n".encode())

    def _lock(self) -> MasterLock:
        """Return what a new key is locked with."""
        versions = self.versions()
        if self._kind is not None or not versions:
            return new_lock(self._kind or LockKind.FILE)
        # The newest key is opened first: a passphrase mistyped now must not lock the next one.
        self.key(versions[-1])
        return self._locked(versions[-1])[0]

    def _locked(self, version: int) -> tuple[MasterLock, list[str]]:
        """Return the lock of a version and the words that it opens, undamaged."""
        text = self._files.read(version)
        if text is None:
            raise StopLine("CHSK010S", version=version)
        words = text.split()
        whole = words[-1:] == [_check(" ".join(words[:-1]))]
        lock = lock_of(words[:-1]) if whole else None
        if lock is None:
            raise StopLine("CHSK012S", path=self._files.path(version))
        return lock, words[:-1]


def write_key_file(path: Path, key: bytes) -> None:
    """Write a key file as one act: never half a key under a key's name.

    Raises:
        StopLine: the file is there already (CHSK007S).
    """
    if path.exists():
        raise StopLine("CHSK007S", path=path)
    disk.replace(path, f"{key.hex()} {_check(key.hex())}\n".encode())


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
    if len(key) != KEY_BYTES or words[1:] != [_check(words[0])]:
        raise StopLine("CHSK012S", path=path)
    return key


def _check(text: str) -> str:
    """Return 32 check bits of a key file's text: finds a damaged file, helps nobody to guess 256 bits."""
    return hashlib.sha256(b"chosho key file" + text.encode()).hexdigest()[:8]
