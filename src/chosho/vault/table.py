"""The key table (鍵台帳): every cohort key and media password, wrapped under one version of the master key.

One small file, replaced as one act and authenticated as a whole under the master key: nobody without it can bring a destroyed
key back or take a tombstone away. A destroyed entry stays as a tombstone (消去済) without a key.
"""

import base64
import hmac
import json
from dataclasses import dataclass, field
from pathlib import Path

from chosho.errors import StopLine
from chosho.vault.wrap import derive

FORMAT = 1
"""Version of the file's form."""


@dataclass(kw_only=True, slots=True)
class Entry:
    """A wrapped secret. ``wrapped`` is None when it was destroyed (消去済)."""

    about: str
    wrapped: bytes | None


@dataclass(kw_only=True, slots=True)
class KeyTable:
    """The table: master key version in use, cohorts by id, passwords by id."""

    version: int
    cohorts: dict[str, Entry] = field(default_factory=dict)
    passwords: dict[str, Entry] = field(default_factory=dict)

    def to_bytes(self, master_key: bytes) -> bytes:
        """Return the file's content, with its authentication code under the master key."""
        body = {
            "format": FORMAT,
            "version": self.version,
            "cohorts": {name: _out(entry) for name, entry in self.cohorts.items()},
            "passwords": {name: _out(entry) for name, entry in self.passwords.items()},
        }
        text = json.dumps(body, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return f"{text}\n{_code(master_key, text)}\n".encode()


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredTable:
    """A key table as read, before it is believed: its version is needed to find the key that authenticates it."""

    path: Path
    version: int
    text: str
    code: str

    @classmethod
    def parse(cls, path: Path, data: bytes) -> "StoredTable":
        """Read the form.

        Raises:
            StopLine: the file is damaged (CHSK013S) or of a later format (CHSK015S).
        """
        try:
            text, code = data.decode("ascii").splitlines()
            body = json.loads(text)
            found, version = int(body["format"]), int(body["version"])
        except (ValueError, KeyError, TypeError):
            raise StopLine("CHSK013S", path=path) from None
        if found != FORMAT:
            raise StopLine("CHSK015S", path=path, found=found, known=FORMAT)
        return cls(path=path, version=version, text=text, code=code)

    def open(self, master_key: bytes) -> KeyTable:
        """Return the table, authenticated.

        Raises:
            StopLine: it was not written under this master key, or was altered since (CHSK014S).
        """
        if not hmac.compare_digest(self.code, _code(master_key, self.text)):
            raise StopLine("CHSK014S", path=self.path, version=self.version)
        body = json.loads(self.text)
        return KeyTable(
            version=self.version,
            cohorts={name: _in(entry) for name, entry in body["cohorts"].items()},
            passwords={name: _in(entry) for name, entry in body["passwords"].items()},
        )


def _code(master_key: bytes, text: str) -> str:
    return hmac.digest(derive(master_key, "chosho key table"), text.encode("ascii"), "sha256").hex()


def _out(entry: Entry) -> dict[str, str | None]:
    wrapped = None if entry.wrapped is None else base64.b64encode(entry.wrapped).decode("ascii")
    return {"about": entry.about, "wrapped": wrapped}


def _in(entry: dict[str, str | None]) -> Entry:
    wrapped = entry["wrapped"]
    return Entry(about=entry["about"] or "", wrapped=None if wrapped is None else base64.b64decode(wrapped))
