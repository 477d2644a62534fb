"""Journal heads (ジャーナルヘッド) in the key folder: what the journal was at the end of each job.

``heads/<seq>.json`` for every job end and ``heads/latest.json``: sequence number, hash, and an HMAC-SHA-256 under the journal key,
which outlives master key rotations. They lie apart from the control store, so that a journal that was cut, rewritten or
restored from an older copy is found.
"""

import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chosho import disk
from chosho.control.database import canonical
from chosho.errors import StopLine
from chosho.vault.signature import Signer


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Head:
    """The last row of the journal: its sequence number (0: no rows) and hash."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


class Heads:
    """The signed heads in ``CHOSHO_KEYS/heads``.

    Args:
        folder: the folder.
        key: the journal key (:meth:`chosho.vault.keys.KeyStore.journal_key`).
    """

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._key = key
        self.signer = Signer(key)
        """Signs what leaves the key folder: notes of heads."""

    def write(self, head: Head) -> None:
        """Add a head, durable. Writing the same one again changes nothing.

        Raises:
            StopLine: another hash stands under the same number (CHSJ010S).
        """
        path = self._folder / f"{head.seq:012d}.json"
        if path.exists():
            if self._read(path) != head:
                raise StopLine("CHSJ010S", seq=head.seq)
        else:
            disk.replace(path, self._sign(head))
        newest = self.latest()
        if newest is None or newest <= head:
            disk.replace(self._folder / "latest.json", self._sign(head))

    def supersede(self, head: Head, *, after: int) -> None:
        """Make a head the newest: those behind the number ``after`` are put aside, into ``superseded``, as evidence."""
        disk.replace(self._folder / "latest.json", self._sign(head))
        for entry in list(disk.entries(self._folder)):
            if entry.name[:12].isdigit() and int(entry.name[:12]) > after:
                disk.set_aside(self._folder / entry.name, self._folder / "superseded")
        self.write(head)

    def latest(self) -> Head | None:
        """Return the newest head, by the files' own numbers; None when no job has ended.

        Raises:
            StopLine: a head file is damaged or wrongly signed (CHSJ012S).
        """
        newest = self._folder / "latest.json"
        numbered = [entry.name for entry in disk.entries(self._folder) if entry.name[:12].isdigit()]
        found = [self._folder / name for name in numbered[-1:]] + ([newest] if newest.exists() else [])
        return max((self._read(path) for path in found), default=None)

    def all(self) -> Iterator[Head]:
        """Yield every head, oldest first.

        Raises:
            StopLine: a head file is damaged or wrongly signed (CHSJ012S).
        """
        for entry in disk.entries(self._folder):
            if entry.name[:12].isdigit():
                yield self._read(self._folder / entry.name)

    def _read(self, path: Path) -> Head:
        try:
            body = json.loads(disk.read_bytes(path))
            head = Head(seq=int(body["seq"]), hash=str(body["hash"]))
            code = str(body["code"])
        except (ValueError, KeyError, TypeError):
            raise StopLine("CHSJ012S", path=path) from None
        if not hmac.compare_digest(code.encode(), self._code(head).encode()):
            raise StopLine("CHSJ012S", path=path)
        return head

    def _sign(self, head: Head) -> bytes:
        body = {"seq": head.seq, "hash": head.hash, "code": self._code(head)}
        return (canonical(body) + "\n").encode()

    def _code(self, head: Head) -> str:
        return hmac.digest(self._key, f"chosho journal head {head}".encode(), "sha256").hex()
