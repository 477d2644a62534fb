"""The texts that tell a stranger how to open a disc: README.TXT (ASCII), お読みください.txt (CP932); CRLF.

They name no person and no content; they must be enough for somebody who has the disc, the passphrase and no
chosho.
"""

import importlib.resources
import string
from collections.abc import Mapping

ROOM = 4096
"""Each text takes two sectors, whatever the ids in it: 2,049 to 4,096 bytes (the tests hold it there)."""


def ascii_text(facts: Mapping[str, str]) -> bytes:
    """Return README.TXT for a volume: ASCII, CRLF."""
    return _fill("readme_en.txt", facts).encode("ascii")


def japanese_text(facts: Mapping[str, str]) -> bytes:
    """Return お読みください.txt for a volume: CP932, CRLF."""
    return _fill("readme_ja.txt", facts).encode("cp932")


def _fill(template: str, facts: Mapping[str, str]) -> str:
    text = importlib.resources.files("chosho.media").joinpath(template).read_text(encoding="utf-8")
    return string.Template(text).substitute(facts).replace("\n", "\r\n")
