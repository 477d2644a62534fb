"""Notes (先頭値の控え): a journal head as signed plain text, for job logs, discs and whoever keeps it away from this machine.

::

    chosho journal head
    head 1262:5d0f...
    -----BEGIN SSH SIGNATURE-----
    ...
    -----END SSH SIGNATURE-----

The signature is over the two lines before it; ``ssh-keygen -Y verify`` checks it. A note that was taken away earlier proves what
the journal was then, also to whoever does not trust the key folder of today.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chosho.control.heads import Head
from chosho.errors import StopLine
from chosho.vault.signature import BEGIN, END, Signer, Use

_HEAD = r"([0-9]{1,12}):([0-9a-f]{64})"
_NOTE = re.compile(f"(chosho journal head\nhead {_HEAD}\n)({BEGIN}\n[^-]*{END}\n?)")
_BARE = re.compile(f"(?<![0-9A-Za-z]){_HEAD}(?![0-9A-Za-z])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Noted:
    """A head that stands in a text. ``signed``: in a note with our signature, not just printed."""

    head: Head
    signed: bool


def written(head: Head, signer: Signer) -> str:
    """Return the note of a head."""
    text = f"chosho journal head\nhead {head}\n"
    return text + signer.sign(text.encode(), Use.JOURNAL_HEAD)


def found(text: str, signer: Signer, *, source: object) -> Iterator[Noted]:
    """Yield every head that stands in a text, the signed ones first.

    Args:
        text: a note, a job log, any text that somebody kept.
        signer: the key that must have signed.
        source: where the text is from, for the message.

    Raises:
        StopLine: a signature in the text is not ours for what stands before it (CHSJ016S).
    """
    text = text.replace("\r\n", "\n")
    for body, seq, digest, signature in _NOTE.findall(text):
        if not signer.signed(body.encode(), signature, Use.JOURNAL_HEAD):
            raise StopLine("CHSJ016S", source=source)
        yield Noted(head=Head(seq=int(seq), hash=digest), signed=True)
    rest = _NOTE.sub("", text)
    if BEGIN in rest:
        raise StopLine("CHSJ016S", source=source)
    for seq, digest in _BARE.findall(rest):
        yield Noted(head=Head(seq=int(seq), hash=digest), signed=False)
