"""X25519 recipients and identities of age (C2SP age.md, "The X25519 recipient type")."""

import os

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from chosho.vault import bech32
from chosho.vault.wrap import expand

RECIPIENT_PREFIX = "age"
IDENTITY_PREFIX = "age-secret-key-"
_INFO = b"age-encryption.org/v1/X25519"
_NONCE = bytes(12)
_POINT_BYTES = 32


def new_identity() -> tuple[str, str]:
    """Return a new identity (``AGE-SECRET-KEY-1...``, secret) and its recipient (``age1...``, public)."""
    secret = os.urandom(_POINT_BYTES)
    return bech32.encode(IDENTITY_PREFIX, secret).upper(), bech32.encode(RECIPIENT_PREFIX, _public(secret))


def recipient_of(identity: str) -> str:
    """Return the recipient of an identity.

    Raises:
        InputRefused: it is misspelt (CHSK045E).
    """
    return bech32.encode(RECIPIENT_PREFIX, _public(identity_scalar(identity)))


def recipient_point(text: str) -> bytes:
    """Return the public point of a recipient.

    Raises:
        InputRefused: it is misspelt (CHSK045E).
    """
    return bech32.decode(RECIPIENT_PREFIX, text, what="recipient")


def identity_scalar(text: str) -> bytes:
    """Return the secret scalar of an identity.

    Raises:
        InputRefused: it is misspelt (CHSK045E).
    """
    return bech32.decode(IDENTITY_PREFIX, text, what="identity")


def wrap_to(point: bytes, file_key: bytes) -> tuple[bytes, bytes]:
    """Return the ephemeral share and the file key wrapped to a recipient's point."""
    secret = os.urandom(_POINT_BYTES)
    share = _public(secret)
    key = _wrap_key(_agree(secret, point), share, point)
    return share, ChaCha20Poly1305(key).encrypt(_NONCE, file_key, None)


def wrap_key(scalar: bytes, share: bytes) -> bytes:
    """Return the key that a stanza's body is wrapped under, for an identity.

    Raises:
        ValueError: the shared secret is all zero, the share being a point of low order; the file must be refused.
    """
    return _wrap_key(_agree(scalar, share), share, _public(scalar))


def _wrap_key(shared: bytes, share: bytes, point: bytes) -> bytes:
    return expand(shared, _INFO, salt=share + point)


def _agree(scalar: bytes, point: bytes) -> bytes:
    # The library refuses an all-zero result with a ValueError (RFC 7748 section 6.1).
    return X25519PrivateKey.from_private_bytes(scalar).exchange(X25519PublicKey.from_public_bytes(point))


def _public(scalar: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(scalar).public_key().public_bytes_raw()
