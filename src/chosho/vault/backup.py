"""The key backup (鍵の控え): the key table, its master key and the signing keys, in one age file for two holders and the tally.

Outside, an age file to the two recovery recipients, either of which opens it. Inside, one line of JSON that says which tally it
needs, and carries a second age file, to that tally, in base64::

    {"key backup": 1, "version": 3, "tally": "age1...", "sealed": "YWdlLWVuY3J5cHRpb24..."}

So any age program and ``base64`` bring the keys back without chosho (docs/security.md, Recovering the keys).
"""

import base64
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chosho.errors import StopLine
from chosho.vault import age
from chosho.vault.recovery import Recovery
from chosho.vault.table import StoredTable
from chosho.vault.tally import Tallies
from chosho.vault.wrap import KEY_BYTES

FORMAT = 1
"""Version of the form, outside and inside."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Backup:
    """What a key backup holds.

    Args:
        version: version of the master key.
        master: the master key.
        table: ``table.json`` as it was.
        files: further files of the key folder by their names in it: signing keys, the newest journal head.
    """

    version: int
    master: bytes
    table: bytes
    files: dict[str, str]

    def seal(self, recovery: Recovery) -> bytes:
        """Return the backup as an age file."""
        inner = {
            "key backup": FORMAT,
            "version": self.version,
            "master": self.master.hex(),
            "table": self.table.decode("ascii"),
            "files": self.files,
        }
        outer = {
            "key backup": FORMAT,
            "version": self.version,
            "tally": recovery.tally,
            "sealed": base64.b64encode(age.encrypt(_json(inner), recipients=[recovery.tally])).decode(),
        }
        return age.encrypt(_json(outer), recipients=recovery.recipients)

    @classmethod
    def open(cls, data: bytes, identity: str, tallies: Tallies) -> "Backup":
        """Open a backup with a holder's identity and the tally that it names.

        Raises:
            InputRefused: the identity is misspelt (CHSK045E) or is not that of a holder of this backup (CHSK041E).
            StopLine: its tally was destroyed (CHSK061S), is missing (CHSK062S) or is another one (CHSK063S); the file is damaged
                (CHSK040S, CHSK042S, CHSK043S), or is no key backup (CHSK064S).
        """
        outer = _parse(age.decrypt(data, identities=[identity]))
        try:
            version, recipient = int(outer["version"]), str(outer["tally"])
            sealed = base64.b64decode(outer["sealed"], validate=True)
        except (KeyError, ValueError, TypeError):
            raise StopLine("CHSK064S") from None
        tally = tallies.identity(version, recipient)
        inner = _parse(age.decrypt(sealed, identities=[tally]))
        try:
            opened = cls(
                version=int(inner["version"]),
                master=bytes.fromhex(inner["master"]),
                table=inner["table"].encode("ascii"),
                files=dict(inner["files"]),
            )
        except (KeyError, ValueError, TypeError, AttributeError):
            raise StopLine("CHSK064S") from None
        if len(opened.master) != KEY_BYTES or opened.version != version or not all(map(_known, opened.files)):
            raise StopLine("CHSK064S")
        stored = StoredTable.parse(Path("table.json"), opened.table)
        stored.open(opened.master)
        return opened


def _known(name: str) -> bool:
    """Return whether a name is that of a file that a backup may bring back: a key of the folder, or the newest head."""
    return name == "heads/latest.json" or re.fullmatch(r"[a-z0-9-]+\.key", name) is not None


def _json(body: dict[str, Any]) -> bytes:
    return (json.dumps(body, ensure_ascii=True) + "\n").encode()


def _parse(data: bytes) -> dict[str, Any]:
    try:
        body = json.loads(data)
    except ValueError:
        raise StopLine("CHSK064S") from None
    if not isinstance(body, dict) or body.get("key backup") != FORMAT:
        raise StopLine("CHSK064S")
    return body
