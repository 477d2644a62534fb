"""Wrapping (鍵の暗号化): small secrets sealed under a key, bound to what they are for.

AES-256-GCM with a random 96-bit nonce; the context (purpose, id, dataset) is authenticated data, so that a wrapped key that
is moved to another place does not open there. Keys are derived by HKDF-SHA-256 (RFC 5869).
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from chosho.errors import ChoshoError

KEY_BYTES = 32
"""Bytes of every key of the house (AES-256, HMAC-SHA-256)."""

NONCE_BYTES = 12
"""Bytes of the nonce before a wrapped secret (SP 800-38D: 96 bits)."""

TAG_BYTES = 16
"""Bytes of the tag after a wrapped secret."""

WRAPPED_KEY_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES
"""Bytes of a wrapped key: nonce, ciphertext, tag."""


def new_key() -> bytes:
    """Return a fresh random key of 32 bytes."""
    return os.urandom(KEY_BYTES)


def wrap(key: bytes, secret: bytes, *context: str) -> bytes:
    """Return ``secret`` sealed under ``key`` for one context: nonce, ciphertext, tag."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret, _join(context))


def unwrap(key: bytes, wrapped: bytes, *context: str, otherwise: ChoshoError) -> bytes:
    """Return the secret that :func:`wrap` sealed under the same key and context.

    Args:
        key: the key it was sealed under.
        wrapped: nonce, ciphertext, tag.
        context: the same words as at wrapping.
        otherwise: the error to raise when it does not open; the caller knows how to word it.

    Raises:
        ChoshoError: ``otherwise``.
    """
    if len(wrapped) < NONCE_BYTES + TAG_BYTES:
        raise otherwise
    try:
        return AESGCM(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _join(context))
    except InvalidTag:
        raise otherwise from None


def derive(key: bytes, purpose: str, *, salt: bytes | None = None, length: int = KEY_BYTES) -> bytes:
    """Return a key of ``length`` bytes derived from ``key`` for one purpose."""
    return expand(key, purpose.encode(), salt=salt, length=length)


def expand(key: bytes, info: bytes, *, salt: bytes | None = None, length: int = KEY_BYTES) -> bytes:
    """Return HKDF-SHA-256 of ``key``, with ``info`` as bytes."""
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(key)


def stretch(passphrase: str, salt: bytes, log_n: int) -> bytes:
    """Return the key that scrypt makes of a passphrase (RFC 7914, N = 2 to the ``log_n``, r = 8, p = 1: N KiB of memory)."""
    return Scrypt(salt=salt, length=KEY_BYTES, n=1 << log_n, r=8, p=1).derive(passphrase.encode())


def _join(context: tuple[str, ...]) -> bytes:
    """Return the context as bytes; each word with its length, so that no two contexts give the same bytes."""
    words = [word.encode() for word in context]
    return b"".join(len(word).to_bytes(4, "little") + word for word in words)
