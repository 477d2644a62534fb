"""The header of an age v1 file (C2SP age.md, "Header"): stanzas that wrap one file key, and a code over them.

::

    age-encryption.org/v1
    -> scrypt SALT LOGN
    WRAPPED FILE KEY, base64 without padding, lines of 64, the last one shorter
    --- HMAC-SHA-256 of all above, under a key derived from the file key

A passphrase stanza stands alone. Base64 must be canonical. A scrypt work factor above 22 is refused: it would take gigabytes.
"""

import base64
import binascii
import hmac
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from chosho.errors import InputRefused, StopLine
from chosho.vault import x25519
from chosho.vault.wrap import expand, stretch

FILE_KEY_BYTES = 16
"""Bytes of an age file key."""

MOST_WORK_FACTOR = 22
"""Highest scrypt logN that is made or accepted: 4 GiB of memory."""

WORK_FACTOR = 18
"""The scrypt logN of age itself: 256 MiB, about a second."""

HEADER_LIMIT = 1 << 20
"""Longest header that is read, in bytes."""

_VERSION_LINE = b"age-encryption.org/v1\n"
_CODE_BYTES = 32
_COLUMNS = 64
_SALT_BYTES = 16
_WRAPPED_BYTES = FILE_KEY_BYTES + 16
_SCRYPT_LABEL = b"age-encryption.org/v1/scrypt"
_ARGUMENT = re.compile(rb"[\x21-\x7e]+")
_LOG_N = re.compile(rb"[1-9][0-9]*")
_NONCE = bytes(12)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stanza:
    """A recipient stanza: type and arguments, and its body."""

    arguments: tuple[bytes, ...]
    body: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class AgeHeader:
    """A header as read: its stanzas, its code, and the bytes that the code is over."""

    stanzas: tuple[Stanza, ...]
    code: bytes
    coded: bytes

    def require_code(self, file_key: bytes) -> None:
        """Prove the header.

        Raises:
            StopLine: it was altered (CHSK042S).
        """
        if not hmac.compare_digest(self.code, _code(file_key, self.coded)):
            raise StopLine("CHSK042S")


def malformed(problem: str) -> StopLine:
    """Return the error of a header that is not age v1."""
    return StopLine("CHSK040S", problem=problem)


def make(file_key: bytes, *, passphrase: str | None, work_factor: int, recipients: Sequence[str]) -> bytes:
    """Return the header that wraps ``file_key`` for a passphrase or for recipients.

    Raises:
        InputRefused: the work factor is outside 1 to 22 (CHSK044E), or a recipient is misspelt (CHSK045E).
        ValueError: both a passphrase and recipients, or neither.
    """
    if (passphrase is None) == (not recipients):
        raise ValueError("an age file is for one passphrase or for recipients")
    if passphrase is not None:
        stanzas = [_passphrase_stanza(file_key, passphrase, work_factor)]
    else:
        stanzas = []
        for recipient in recipients:
            share, body = x25519.wrap_to(x25519.recipient_point(recipient), file_key)
            stanzas.append(Stanza(arguments=(b"X25519", _text(share)), body=body))
    coded = _VERSION_LINE + b"".join(_stanza_bytes(stanza) for stanza in stanzas) + b"---"
    return coded + b" " + _text(_code(file_key, coded)) + b"\n"


def parse(header: bytes) -> AgeHeader:
    """Read a whole header, to the end of its last line.

    Raises:
        StopLine: it breaks a rule of the format (CHSK040S).
    """
    if not header.startswith(_VERSION_LINE):
        raise malformed("it does not begin as an age v1 file")
    *lines, rest = header[len(_VERSION_LINE) :].split(b"\n")
    if rest or not lines or not lines[-1].startswith(b"--- "):
        raise malformed("it does not end with a code line")
    code_line = lines.pop()
    # Each stanza takes its own lines from the iterator that the comprehension goes over.
    waiting = iter(lines)
    stanzas = [_stanza(line, waiting) for line in waiting]
    if not stanzas:
        raise malformed("it has no stanza")
    code = _bytes(code_line[4:])
    if len(code) != _CODE_BYTES:
        raise malformed("its code has a wrong length")
    coded = header[: len(header) - len(code_line) - 1 + 3]
    return AgeHeader(stanzas=tuple(stanzas), code=code, coded=coded)


def file_key(header: AgeHeader, *, passphrase: str | None, identities: Sequence[str]) -> bytes:
    """Unwrap the file key.

    Raises:
        StopLine: a stanza of ours breaks a rule (CHSK040S).
        InputRefused: no stanza opens (CHSK041E), the work factor is too high (CHSK044E), an identity is misspelt (CHSK045E).
    """
    passphrase_stanzas = [stanza for stanza in header.stanzas if stanza.arguments[0] == b"scrypt"]
    if passphrase_stanzas and len(header.stanzas) > 1:
        raise malformed("a passphrase stanza does not stand alone")
    for stanza in header.stanzas:
        found = None
        if stanza.arguments[0] == b"scrypt" and passphrase is not None:
            found = _open_passphrase(stanza, passphrase)
        elif stanza.arguments[0] == b"X25519" and identities:
            found = _open_x25519(stanza, identities)
        if found is not None:
            return found
    raise InputRefused("CHSK041E")


def _stanza(first: bytes, following: Iterator[bytes]) -> Stanza:
    """Read a stanza from its first line and the lines that follow, up to the end of its body."""
    if not first.startswith(b"-> "):
        raise malformed("a line is neither a stanza nor the code")
    arguments = tuple(first[3:].split(b" "))
    if not all(_ARGUMENT.fullmatch(argument) for argument in arguments):
        raise malformed("a stanza has an empty or unprintable argument")
    body = b""
    for line in following:
        if len(line) > _COLUMNS:
            raise malformed("a stanza's body has too long a line")
        body += line
        if len(line) < _COLUMNS:
            return Stanza(arguments=arguments, body=_bytes(body))
    raise malformed("a stanza's body has no end")


def _passphrase_stanza(file_key: bytes, passphrase: str, work_factor: int) -> Stanza:
    if not 1 <= work_factor <= MOST_WORK_FACTOR:
        raise InputRefused("CHSK044E", work_factor=work_factor, most=MOST_WORK_FACTOR)
    salt = os.urandom(_SALT_BYTES)
    body = ChaCha20Poly1305(_scrypt(passphrase, salt, work_factor)).encrypt(_NONCE, file_key, None)
    return Stanza(arguments=(b"scrypt", _text(salt), str(work_factor).encode()), body=body)


def _open_passphrase(stanza: Stanza, passphrase: str) -> bytes | None:
    if len(stanza.arguments) != 3:  # noqa: PLR2004 - type, salt, work factor
        raise malformed("a passphrase stanza has not two arguments")
    salt = _bytes(stanza.arguments[1])
    if len(salt) != _SALT_BYTES or not _LOG_N.fullmatch(stanza.arguments[2]):
        raise malformed("a passphrase stanza has a wrong salt or work factor")
    # Two digits at most, before int() sees it: the number comes from outside.
    if len(stanza.arguments[2]) > 2 or int(stanza.arguments[2]) > MOST_WORK_FACTOR:  # noqa: PLR2004
        shown = stanza.arguments[2][:6].decode()
        raise InputRefused("CHSK044E", work_factor=shown, most=MOST_WORK_FACTOR)
    if len(stanza.body) != _WRAPPED_BYTES:
        raise malformed("a passphrase stanza has a body of a wrong length")
    return _unwrap(_scrypt(passphrase, salt, int(stanza.arguments[2])), stanza.body)


def _open_x25519(stanza: Stanza, identities: Sequence[str]) -> bytes | None:
    if len(stanza.arguments) != 2:  # noqa: PLR2004 - type, share
        raise malformed("an X25519 stanza has not one argument")
    share = _bytes(stanza.arguments[1])
    if len(share) != 32 or len(stanza.body) != _WRAPPED_BYTES:  # noqa: PLR2004 - a point of Curve25519
        raise malformed("an X25519 stanza has a share or body of a wrong length")
    for identity in identities:
        try:
            key = x25519.wrap_key(x25519.identity_scalar(identity), share)
        except ValueError:
            raise malformed("an X25519 share is of low order") from None
        found = _unwrap(key, stanza.body)
        if found is not None:
            return found
    return None


def _scrypt(passphrase: str, salt: bytes, work_factor: int) -> bytes:
    return stretch(passphrase, _SCRYPT_LABEL + salt, work_factor)


def _unwrap(key: bytes, body: bytes) -> bytes | None:
    try:
        return ChaCha20Poly1305(key).decrypt(_NONCE, body, None)
    except InvalidTag:
        return None


def _code(file_key: bytes, coded: bytes) -> bytes:
    return hmac.digest(expand(file_key, b"header"), coded, "sha256")


def _stanza_bytes(stanza: Stanza) -> bytes:
    body = _text(stanza.body)
    # The last line is shorter than 64 characters, if need be empty.
    lines = [body[start : start + _COLUMNS] for start in range(0, len(body) + 1, _COLUMNS)]
    return b"-> " + b" ".join(stanza.arguments) + b"\n" + b"".join(line + b"\n" for line in lines)


def _text(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _bytes(text: bytes) -> bytes:
    """Decode canonical base64 without padding."""
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        raise malformed("a text is not base64") from None
    if _text(data) != text:
        raise malformed("a base64 text is not canonical")
    return data
