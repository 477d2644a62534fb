"""The key table (鍵台帳): every cohort key, media password and delivery identity, wrapped under one version of the master key.

One small file, replaced as one act and authenticated as a whole under the master key: nobody without it can bring a destroyed
key back or take a tombstone away. A destroyed entry stays as a tombstone (消去済) without a key.
"""

import base64
import hmac
import json
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from chosho.errors import StopLine
from chosho.vault.recovery import Recovery
from chosho.vault.wrap import derive

FORMAT = 3
"""Version of the file's form."""


class Kind(StrEnum):
    """What a wrapped secret is; bound to it, so that none opens as one of another kind."""

    COHORT = "cohort"
    """A cohort key (世代鍵)."""
    PASSWORD = "password"  # noqa: S105 - the name of a kind
    """A media password (媒体パスワード)."""
    IDENTITY = "identity"
    """What opens the files that others deliver (受信鍵)."""


@dataclass(kw_only=True, slots=True)
class Entry:
    """A wrapped secret. ``wrapped`` is None when it was destroyed (消去済)."""

    about: str
    wrapped: bytes | None

    @property
    def live(self) -> bool:
        """Whether it was not destroyed."""
        return self.wrapped is not None


Entries = dict[str, Entry]
"""Id → entry."""


def names(entries: Entries, *, live: bool) -> tuple[str, ...]:
    """Return the ids that are live, or those that are destroyed."""
    return tuple(sorted(name for name, entry in entries.items() if entry.live is live))


def _none() -> dict[Kind, Entries]:
    return {kind: {} for kind in Kind}


@dataclass(kw_only=True, slots=True)
class KeyTable:
    """The table: master key version in use, the entries of each kind, and how the keys are recovered, when that is set up."""

    version: int
    entries: dict[Kind, Entries] = field(default_factory=_none)
    recovery: Recovery | None = None

    def __getitem__(self, kind: Kind) -> Entries:
        return self.entries[kind]

    def to_bytes(self, master_key: bytes) -> bytes:
        """Return the file's content, with its authentication code under the master key."""
        body = {
            "format": FORMAT,
            "version": self.version,
            "key": _fingerprint(master_key),
            "recovery": self.recovery and self.recovery.to_json(),
            "entries": {
                kind: {name: _out(entry) for name, entry in found.items()}
                for kind, found in self.entries.items()
            },
        }
        text = json.dumps(body, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return f"{text}\n{_code(master_key, text)}\n".encode()


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredTable:
    """A key table as read, before it is believed: its version is needed to find the key that authenticates it."""

    path: Path
    version: int
    key: str
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
            found, version, key = int(body["format"]), int(body["version"]), str(body.get("key"))
        except (ValueError, KeyError, TypeError):
            raise StopLine("CHSK013S", path=path) from None
        if found != FORMAT:
            raise StopLine("CHSK015S", path=path, found=found, known=FORMAT)
        return cls(path=path, version=version, key=key, text=text, code=code)

    def open(self, master_key: bytes) -> KeyTable:
        """Return the table, authenticated.

        Raises:
            StopLine: it was written under another master key (CHSK018S), or was altered since (CHSK014S).
        """
        if self.key != _fingerprint(master_key):
            raise StopLine("CHSK018S", path=self.path, version=self.version)
        if not hmac.compare_digest(self.code, _code(master_key, self.text)):
            raise StopLine("CHSK014S", path=self.path, version=self.version)
        body = json.loads(self.text)
        entries = {kind: {name: _in(entry) for name, entry in body["entries"][kind].items()} for kind in Kind}
        recovery = body["recovery"] and Recovery.from_json(body["recovery"])
        return KeyTable(version=self.version, entries=entries, recovery=recovery)


def _code(master_key: bytes, text: str) -> str:
    return hmac.digest(derive(master_key, "chosho key table"), text.encode("ascii"), "sha256").hex()


def _fingerprint(master_key: bytes) -> str:
    """Return 32 bits that tell master keys apart, so that a wrong one has its own message; they say nothing of the key."""
    return derive(master_key, "chosho master key", length=4).hex()


def _out(entry: Entry) -> dict[str, str | None]:
    wrapped = None if entry.wrapped is None else base64.b64encode(entry.wrapped).decode("ascii")
    return {"about": entry.about, "wrapped": wrapped}


def _in(entry: dict[str, str | None]) -> Entry:
    wrapped = entry["wrapped"]
    return Entry(about=entry["about"] or "", wrapped=None if wrapped is None else base64.b64decode(wrapped))
