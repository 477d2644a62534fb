"""What a master key's file is locked with (マスタ鍵の保護): nothing, a passphrase, or a credential of the service manager.

A locked key is wrapped under a key made of the secret; its file says how, so that each version opens by itself and the kind can
change with a rotation::

    HEX CHECK                                        nothing but the file's mode
    passphrase LOG_N SALT WRAPPED CHECK              scrypt over a typed passphrase
    credential NAME SALT WRAPPED CHECK               HKDF over a file in $CREDENTIALS_DIRECTORY (systemd)

A key service or an HSM (PKCS#11) that wraps keys is one more class with the same two calls; one that keeps the master keys
themselves is a :class:`chosho.vault.master.MasterKeySource`.

A passphrase is asked for once in a process. What is made of it stays in the memory of the process, which Python cannot wipe.
"""

import getpass
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from chosho import disk
from chosho.errors import InputRefused
from chosho.vault.wrap import derive, new_key, stretch, unwrap, wrap

LOG_N = 18
"""scrypt work factor: 256 MiB, about a second, once in a process."""
LEAST_PASSPHRASE = 16
"""Characters of the shortest passphrase that is taken."""
LEAST_CREDENTIAL = 32
"""Bytes of the shortest credential that is taken: it is not stretched."""
MASTER_CREDENTIAL = "chosho-master"
"""The credential that master keys are locked with."""
PASSPHRASE_CREDENTIAL = "chosho-passphrase"  # noqa: S105 - the name of a credential
"""The credential that a passphrase is taken from where nobody types it."""

_made: dict[tuple[bytes, int], bytes] = {}
"""Salt and work factor → the key made of the passphrase, for the life of the process."""


class LockKind(StrEnum):
    """What protects the master key's file."""

    FILE = "file"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a kind
    CREDENTIAL = "credential"


class MasterLock(Protocol):
    """Locks a master key and opens it again. A version's key opens under no other version's name."""

    def seal(self, version: int, key: bytes) -> str:
        """Return the text of the key's file."""

    def open(self, version: int, words: Sequence[str]) -> bytes | None:
        """Return the key of a file's words, None when they hold no whole key.

        Raises:
            InputRefused: the secret is missing or is a wrong one (CHSK066E, CHSK068E, CHSK070E).
        """


class NoLock:
    """The key as it is: the file's mode and the disk's encryption protect it."""

    def seal(self, version: int, key: bytes) -> str:  # noqa: ARG002 - the interface
        """Return the key in hexadecimal digits."""
        return key.hex()

    def open(self, version: int, words: Sequence[str]) -> bytes | None:  # noqa: ARG002 - the interface
        """Return the key."""
        return _bytes(words[0]) if len(words) == 1 else None


@dataclass(frozen=True, slots=True)
class PassphraseLock:
    """A typed passphrase, or one from a credential."""

    salt: bytes
    log_n: int = LOG_N

    @classmethod
    def new(cls, log_n: int = LOG_N) -> "PassphraseLock":
        """Ask for a new passphrase, twice, and return its lock.

        Raises:
            InputRefused: nobody can type it (CHSK066E), it is too short or typed in two ways (CHSK067E).
        """
        typed = _passphrase("new passphrase of the master key: ")
        again = _passphrase("the same again: ")
        if len(typed) < LEAST_PASSPHRASE or typed != again:
            raise InputRefused("CHSK067E", least=LEAST_PASSPHRASE)
        lock = cls(new_key()[:16], log_n)
        _made[lock.salt, lock.log_n] = stretch(typed, lock.salt, lock.log_n)
        return lock

    @classmethod
    def of(cls, words: Sequence[str]) -> "PassphraseLock":
        """Return the lock that a file's words name."""
        return cls(_bytes(words[2]) or b"", int(words[1]))

    def seal(self, version: int, key: bytes) -> str:
        """Return the key wrapped under the passphrase."""
        wrapped = wrap(self._key(), key, "master", str(version))
        return f"{LockKind.PASSPHRASE} {self.log_n} {self.salt.hex()} {wrapped.hex()}"

    def open(self, version: int, words: Sequence[str]) -> bytes | None:
        """Return the key; a wrong passphrase is asked for anew the next time."""
        try:
            return unwrap(
                self._key(),
                _bytes(words[3]) or b"",
                "master",
                str(version),
                otherwise=InputRefused("CHSK068E", version=version, what=LockKind.PASSPHRASE),
            )
        except InputRefused:
            _made.pop((self.salt, self.log_n), None)
            raise

    def _key(self) -> bytes:
        if (self.salt, self.log_n) not in _made:
            typed = _passphrase("passphrase of the master key: ")
            _made[self.salt, self.log_n] = stretch(typed, self.salt, self.log_n)
        return _made[self.salt, self.log_n]


@dataclass(frozen=True, slots=True)
class CredentialLock:
    """A secret file that the service manager hands to the service alone (systemd, ``LoadCredentialEncrypted=``)."""

    salt: bytes
    name: str = MASTER_CREDENTIAL

    @classmethod
    def of(cls, words: Sequence[str]) -> "CredentialLock":
        """Return the lock that a file's words name."""
        return cls(_bytes(words[2]) or b"", words[1])

    def seal(self, version: int, key: bytes) -> str:
        """Return the key wrapped under the credential."""
        wrapped = wrap(self._key(), key, "master", str(version))
        return f"{LockKind.CREDENTIAL} {self.name} {self.salt.hex()} {wrapped.hex()}"

    def open(self, version: int, words: Sequence[str]) -> bytes | None:
        """Return the key."""
        wrong = InputRefused("CHSK068E", version=version, what=f"{LockKind.CREDENTIAL} {self.name}")
        return unwrap(self._key(), _bytes(words[3]) or b"", "master", str(version), otherwise=wrong)

    def _key(self) -> bytes:
        secret = _credential(self.name)
        if secret is None or len(secret) < LEAST_CREDENTIAL:
            raise InputRefused("CHSK070E", name=self.name, least=LEAST_CREDENTIAL)
        return derive(secret, "chosho master credential", salt=self.salt)


def new_lock(kind: LockKind) -> MasterLock:
    """Return a new lock of a kind, asking for what it needs."""
    if kind is LockKind.PASSPHRASE:
        return PassphraseLock.new()
    return CredentialLock(new_key()[:16]) if kind is LockKind.CREDENTIAL else NoLock()


def lock_of(words: Sequence[str]) -> MasterLock | None:
    """Return the lock that the words of a key file name; None when they are no whole file of any kind."""
    if not words or words[0] not in {LockKind.PASSPHRASE, LockKind.CREDENTIAL}:
        return NoLock()
    if len(words) != 4:  # noqa: PLR2004 - kind, parameter, salt, wrapped key
        return None
    if words[0] == LockKind.CREDENTIAL:
        return CredentialLock.of(words)
    # More work than a machine has memory for is nothing that was written here.
    return PassphraseLock.of(words) if re.fullmatch("1?[0-9]|2[0-2]", words[1]) else None


def _passphrase(prompt: str) -> str:
    found = _credential(PASSPHRASE_CREDENTIAL)
    if found is not None:
        return found.decode("utf-8", "replace").rstrip("\r\n")
    if not sys.stdin.isatty():
        raise InputRefused("CHSK066E", name=PASSPHRASE_CREDENTIAL)
    return getpass.getpass(prompt)


def _credential(name: str) -> bytes | None:
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    path = Path(folder) / name if folder else None
    return disk.read_bytes(path) if path is not None and path.is_file() else None


def _bytes(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None
