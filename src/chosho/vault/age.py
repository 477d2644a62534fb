"""age v1 files (age形式): what goes on a disc, readable with any age program; streaming both ways.

The format is C2SP age.md (https://c2sp.org/age). After the header come a 16-byte nonce and the payload: ChaCha20-Poly1305
chunks of 64 KiB, nonce = 11-byte counter and last flag, under HKDF-SHA-256(file key, salt = nonce, info = "payload"). The size of
a file is known before it is made (:func:`encrypted_size`).

Text armour and the hybrid recipients are not implemented.
"""

import io
import os
from collections.abc import Callable, Iterator, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from chosho.errors import StopLine
from chosho.vault import age_header
from chosho.vault.age_header import HEADER_LIMIT, WORK_FACTOR, malformed
from chosho.vault.wrap import expand

CHUNK_BYTES = 65536
"""Plain bytes of every chunk but the last."""

_TAG_BYTES = 16
_NONCE_BYTES = 16
_STORED_CHUNK = CHUNK_BYTES + _TAG_BYTES
_READ_BYTES = 4096

# "age-encryption.org/v1", the code line; a scrypt stanza without the digits of logN; an X25519 stanza. In bytes with newlines.
_FRAME_BYTES = 22 + 4 + 43 + 1
_SCRYPT_BYTES = len("-> scrypt ") + 22 + 1 + 1 + 43 + 1
_X25519_BYTES = len("-> X25519 ") + 43 + 1 + 43 + 1


def header_size(*, work_factor: int | None = None, recipients: int = 0) -> int:
    """Return the exact bytes of a header for a passphrase of a work factor, or for a number of X25519 recipients."""
    if work_factor is not None:
        return _FRAME_BYTES + _SCRYPT_BYTES + len(str(work_factor))
    return _FRAME_BYTES + _X25519_BYTES * recipients


def encrypted_size(plain_bytes: int, *, work_factor: int | None = None, recipients: int = 0) -> int:
    """Return the exact bytes of the age file of ``plain_bytes`` of content."""
    chunks = max(1, -(-plain_bytes // CHUNK_BYTES))
    return (
        header_size(work_factor=work_factor, recipients=recipients)
        + _NONCE_BYTES
        + plain_bytes
        + _TAG_BYTES * chunks
    )


def encrypt(data: bytes, *, recipients: Sequence[str]) -> bytes:
    """Return a small age file whole.

    Raises:
        InputRefused: a recipient is misspelt (CHSK045E).
    """
    out = bytearray()
    encryptor = Encryptor(out.extend, recipients=recipients)
    encryptor.write(data)
    encryptor.finish()
    return bytes(out)


def decrypt(data: bytes, *, identities: Sequence[str]) -> bytes:
    """Return the content of a small age file whole.

    Raises:
        InputRefused: it is for somebody else (CHSK041E), or an identity is misspelt (CHSK045E).
        StopLine: the file is malformed, altered or damaged (CHSK040S, CHSK042S, CHSK043S).
    """
    return b"".join(bytes(piece) for piece in Decryptor(io.BytesIO(data).readinto, identities=identities))


class Encryptor:
    """Makes one age file.

    Args:
        sink: takes each piece of the file; must have used it when it returns, because the buffer is used again.
        passphrase: for a passphrase.
        work_factor: scrypt logN for the passphrase, 1 to 22.
        recipients: for X25519 recipients (``age1...``).

    Raises:
        InputRefused: work factor out of range (CHSK044E), recipient misspelt (CHSK045E).
        ValueError: both a passphrase and recipients, or neither.
    """

    def __init__(
        self,
        sink: Callable[[memoryview], object],
        *,
        passphrase: str | None = None,
        work_factor: int = WORK_FACTOR,
        recipients: Sequence[str] = (),
    ) -> None:
        file_key = os.urandom(age_header.FILE_KEY_BYTES)
        header = age_header.make(
            file_key, passphrase=passphrase, work_factor=work_factor, recipients=recipients
        )
        nonce = os.urandom(_NONCE_BYTES)
        self._sink = sink
        self._cipher = _payload_cipher(file_key, nonce)
        self._number = 0
        self._pending = memoryview(bytearray(CHUNK_BYTES))
        self._waiting = 0
        self._out = memoryview(bytearray(_STORED_CHUNK))
        self._size = len(header) + _NONCE_BYTES
        sink(memoryview(header + nonce))

    def write(self, data: memoryview | bytes | bytearray) -> None:
        """Encrypt ``data``; it may be reused when the call returns."""
        view = memoryview(data).cast("B")
        # A full chunk is encrypted only when more content follows, because the last one carries the flag.
        while view:
            if self._waiting == CHUNK_BYTES:
                self._seal(self._pending, last=False)
                self._waiting = 0
            elif self._waiting == 0 and len(view) > CHUNK_BYTES:
                self._seal(view[:CHUNK_BYTES], last=False)
                view = view[CHUNK_BYTES:]
            else:
                took = min(CHUNK_BYTES - self._waiting, len(view))
                self._pending[self._waiting : self._waiting + took] = view[:took]
                self._waiting += took
                view = view[took:]

    def finish(self) -> int:
        """Encrypt what is left as the last chunk; return the bytes of the whole file."""
        self._seal(self._pending[: self._waiting], last=True)
        return self._size

    def _seal(self, plain: memoryview, *, last: bool) -> None:
        stored = self._out[: len(plain) + _TAG_BYTES]
        self._cipher.encrypt_into(_nonce(self._number, last=last), plain, None, stored)
        self._number += 1
        self._size += len(stored)
        self._sink(stored)


class Decryptor:
    """Opens one age file and gives out its content, each chunk proved before its first byte.

    Args:
        read_into: fills a buffer from the file in full reads; fewer bytes only at the end of the file.
        passphrase: the passphrase, as it was given at encryption.
        identities: X25519 identities (``AGE-SECRET-KEY-1...``).
        file_key: the file's own key, when the header was opened elsewhere (:func:`unwrap_file_key`).

    Raises:
        InputRefused: wrong passphrase or key (CHSK041E), work factor too high (CHSK044E), identity misspelt (CHSK045E).
        StopLine: the header is malformed (CHSK040S) or was altered (CHSK042S).
    """

    def __init__(
        self,
        read_into: Callable[[memoryview], int],
        *,
        passphrase: str | None = None,
        identities: Sequence[str] = (),
        file_key: bytes | None = None,
    ) -> None:
        self._read = read_into
        raw, self._ahead = _read_header(read_into)
        header = age_header.parse(raw)
        if file_key is None:
            file_key = age_header.file_key(header, passphrase=passphrase, identities=identities)
        header.require_code(file_key)
        nonce = bytearray(_NONCE_BYTES)
        if self._fill(memoryview(nonce)) < _NONCE_BYTES:
            raise malformed("it ends before the payload")
        self._cipher = _payload_cipher(file_key, bytes(nonce))
        self._number = 0
        self._ended = False
        self._raw = memoryview(bytearray(_STORED_CHUNK))
        self._plain = memoryview(bytearray(CHUNK_BYTES))
        self._spare = memoryview(b"")

    def read_into(self, buffer: memoryview | bytearray) -> int:
        """Fill ``buffer`` with content; fewer bytes only at the end, 0 after it. Only 0 proves that the file ended well.

        Raises:
            StopLine: the payload is damaged, cut off or continued (CHSK043S).
        """
        out = memoryview(buffer).cast("B")
        done = 0
        while done < len(out):
            if not self._spare:
                if self._ended and done:
                    break
                self._spare = self._next_chunk()
                if not self._spare:
                    break
            took = min(len(self._spare), len(out) - done)
            out[done : done + took] = self._spare[:took]
            self._spare = self._spare[took:]
            done += took
        return done

    def __iter__(self) -> Iterator[memoryview]:
        """Yield the rest of the content in pieces of at most 64 KiB, each valid until the next.

        Raises:
            StopLine: the payload is damaged, cut off or continued (CHSK043S).
        """
        while True:
            piece = self._spare or self._next_chunk()
            self._spare = memoryview(b"")
            if not piece:
                return
            yield piece

    def _next_chunk(self) -> memoryview:
        """Return the next chunk's content; nothing after the last one, when the file has ended there."""
        if self._ended:
            if self._fill(self._raw[:1]):
                raise StopLine("CHSK043S", chunk=self._number)
            return memoryview(b"")
        got = self._fill(self._raw)
        size = got - _TAG_BYTES
        if size < 0:
            raise StopLine("CHSK043S", chunk=self._number)
        plain = self._plain[:size]
        # A full chunk may be the last one: it is tried as an inner one first.
        if got < _STORED_CHUNK or not self._opens(self._raw[:got], plain, last=False):
            if not self._opens(self._raw[:got], plain, last=True) or (size == 0 and self._number):
                raise StopLine("CHSK043S", chunk=self._number)
            self._ended = True
        self._number += 1
        return plain or self._next_chunk()

    def _opens(self, stored: memoryview, plain: memoryview, *, last: bool) -> bool:
        try:
            self._cipher.decrypt_into(_nonce(self._number, last=last), stored, None, plain)
        except InvalidTag:
            return False
        return True

    def _fill(self, buffer: memoryview) -> int:
        took = min(len(buffer), len(self._ahead))
        buffer[:took] = self._ahead[:took]
        self._ahead = self._ahead[took:]
        return took + (self._read(buffer[took:]) if took < len(buffer) else 0)


def unwrap_file_key(
    read_into: Callable[[memoryview], int], stored_bytes: int, identities: Sequence[str]
) -> tuple[bytes, int]:
    """Return the file key of an age file and the bytes of its content, from its header and its length alone.

    Args:
        read_into: as for :class:`Decryptor`.
        stored_bytes: length of the file.
        identities: X25519 identities.

    Raises:
        InputRefused: it is for somebody else (CHSK041E).
        StopLine: the header is malformed (CHSK040S) or was altered (CHSK042S), or the payload is cut off in it (CHSK043S).
    """
    raw, _ = _read_header(read_into)
    header = age_header.parse(raw)
    file_key = age_header.file_key(header, passphrase=None, identities=identities)
    header.require_code(file_key)
    payload = stored_bytes - len(raw) - _NONCE_BYTES
    chunks = -(-payload // _STORED_CHUNK)
    plain_bytes = payload - chunks * _TAG_BYTES
    if chunks < 1 or plain_bytes < (chunks - 1) * CHUNK_BYTES:
        raise StopLine("CHSK043S", chunk=max(chunks - 1, 0))
    return file_key, plain_bytes


def _read_header(read_into: Callable[[memoryview], int]) -> tuple[bytes, memoryview]:
    """Read to the end of the code line; return the header, and what was read beyond it."""
    data = bytearray()
    block = memoryview(bytearray(_READ_BYTES))
    while True:
        got = read_into(block)
        data += block[:got]
        start = data.find(b"\n---")
        end = data.find(b"\n", start + 1) + 1 if start >= 0 else 0
        if end:
            return bytes(data[:end]), memoryview(bytes(data[end:]))
        if got < len(block) or len(data) > HEADER_LIMIT:
            raise malformed("it has no end")


def _payload_cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(expand(file_key, b"payload", salt=nonce))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")
