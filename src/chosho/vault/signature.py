"""Signatures (署名) in OpenSSH's format: what ``ssh-keygen -Y verify`` of any Debian checks without chosho.

The key pair is Ed25519. Its secret half is derived from the journal key, which lies in the key folder alone and outlives the
rotation of the master key: a signature made today can be checked for as long as the public half is kept, which is on
``allowed_signers`` lines in the hands of others. Ed25519 has no random part: the same text always has the same signature.

Format: PROTOCOL.sshsig of OpenSSH. A signature is for one use (its namespace), so that none passes for one of another.
"""

import base64
import binascii
import hashlib
import re
from enum import StrEnum
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chosho.vault.wrap import derive

SIGNER: Final = "chosho"
"""The identity on the ``allowed_signers`` line (``ssh-keygen -I``)."""
BEGIN: Final = "-----BEGIN SSH SIGNATURE-----"
"""First line of a signature."""
END: Final = "-----END SSH SIGNATURE-----"
"""Last line of a signature."""

_MAGIC = b"SSHSIG"
_VERSION = (1).to_bytes(4, "big")
_TYPE = b"ssh-ed25519"
_HASH = b"sha512"
_LENGTH = 64
"""Bytes of an Ed25519 signature."""
_WIDTH = 70


class Use(StrEnum):
    """What a signature is for (``ssh-keygen -n``)."""

    JOURNAL_HEAD = "chosho-journal-head"
    """A note of the journal's head."""
    BACKUP = "chosho-backup"
    """The list of digests of a backup."""


class Signer:
    """Signs, and checks what it signed.

    Args:
        journal_key: the key that the pair is derived from (:meth:`chosho.vault.keys.KeyStore.journal_key`).
    """

    def __init__(self, journal_key: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(derive(journal_key, "chosho signature"))
        self._public = self._private.public_key()

    def allowed_signers(self) -> str:
        """Return the line that lets ``ssh-keygen -Y verify`` know the public key, for our uses only."""
        key = base64.b64encode(self._public_blob()).decode("ascii")
        return f'{SIGNER} namespaces="{",".join(Use)}" {_TYPE.decode()} {key}\n'

    def sign(self, text: bytes, use: Use) -> str:
        """Return the signature of a text, armoured, with a line end."""
        signature = _string(_TYPE) + _string(self._private.sign(_signed(text, use)))
        blob = _MAGIC + _VERSION + _string(self._public_blob())
        blob += b"".join(_string(part) for part in (use.encode(), b"", _HASH, signature))
        code = base64.b64encode(blob).decode("ascii")
        lines = [code[place : place + _WIDTH] for place in range(0, len(code), _WIDTH)]
        return "\n".join([BEGIN, *lines, END, ""])

    def signed(self, text: bytes, signature: str, use: Use) -> bool:
        """Tell whether a signature, as :meth:`sign` returns it, is this key's for a text and a use."""
        found = re.fullmatch(f"{BEGIN}\n([A-Za-z0-9+/=\n]+)\n{END}\n?", signature)
        if found is None:
            return False
        try:
            blob = base64.b64decode(found[1].replace("\n", ""), validate=True)
        except binascii.Error:
            return False
        head = _MAGIC + _VERSION + _string(self._public_blob())
        head += b"".join(_string(part) for part in (use.encode(), b"", _HASH))
        start = _string(_TYPE) + _LENGTH.to_bytes(4, "big")
        frame = head + (len(start) + _LENGTH).to_bytes(4, "big") + start
        # One key, one use, one hash: a signature that is framed in any other way is not ours.
        if not blob.startswith(frame):
            return False
        try:
            self._public.verify(blob[len(frame) :], _signed(text, use))
        except InvalidSignature:
            return False
        return True

    def _public_blob(self) -> bytes:
        return _string(_TYPE) + _string(self._public.public_bytes_raw())


def _signed(text: bytes, use: Use) -> bytes:
    """Return the bytes that are signed for a text."""
    parts = (use.encode(), b"", _HASH, hashlib.sha512(text).digest())
    return _MAGIC + b"".join(_string(part) for part in parts)


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data
