"""Sealed files (封緘ファイル): AES-256-GCM segments behind a header, read and written as a stream.

After the header (:mod:`chosho.vault.header`) come segments ``[u32 plain length][u32 packed length][ciphertext][16-byte tag]``, and
last the plain length of the whole content (u64). A segment is packed with LZ4 before it is sealed, unless that makes it no shorter:
fixed records are mostly padding, and what is not written need not be encrypted, hashed or made durable. A temporary, which is never
made durable, is not packed: that would cost more time than the page cache gives back. The key and a 7-byte nonce
prefix are HKDF-SHA-256(file key, salt, info = whole header); the nonce is ``prefix | u32 segment number, big-endian | last flag``;
the two lengths are authenticated data. All segments but the last are full; the last one is flagged, so that a cut is found; an
empty content is one empty last segment. It is the construction of Tink's AES-GCM-HKDF streaming AEAD (``media.md`` B.4).

Packing shows, in the lengths of the segments, how repetitive 64 KiB of records are; it shows that to whoever holds the sealed file,
and nobody outside chooses what stands in a record.

Writers and readers keep their buffers for life: memory is the same for every size of file.
"""

import functools
import hashlib
import hmac
import struct
from pathlib import Path
from typing import NamedTuple, NoReturn, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chosho import disk
from chosho.errors import StopLine
from chosho.vault.header import (
    SEGMENT_OVERHEAD,
    Header,
    header_at_start,
    new_header,
    open_header,
    parse_header,
    read_header,
)
from chosho.vault.wrap import KEY_BYTES, expand

__all__ = [
    "Header",
    "SealedReader",
    "SealedWriter",
    "Written",
    "new_header",
    "open_header",
    "read_header",
]

_PREFIX_BYTES = 7
_LENGTHS = struct.Struct("<II")
"""Plain and packed length of a segment; equal when it is stored as it is."""
_TOTAL = struct.Struct("<Q")
"""Plain length of the content, behind the last segment."""
_TAG_BYTES = 16
_WRITE_SEGMENTS = 16
"""Segments in one write call: 1 MiB."""
_TEMPORARY_SEGMENTS = 1
"""Segments in one write call of a temporary: a sort holds a hundred of them open."""
_READ_SEGMENTS = 64
"""Segments in one read call: 4 MiB."""


class Written(NamedTuple):
    """What a writer made: sizes in bytes, SHA-256 of the stored bytes, HMAC-SHA-256 of the plain ones (both hex)."""

    stored_bytes: int
    plain_bytes: int
    sha256: str
    hmac: str | None


class _Packer(Protocol):
    """What packs and unpacks a segment."""

    def compress(self, buf: memoryview, *, asbytes: bool) -> bytes:
        """Return the packed bytes."""

    def decompress(self, buf: memoryview, decompressed_size: int, *, asbytes: bool) -> bytes:
        """Return the plain bytes."""


@functools.cache
def _packer() -> _Packer:
    # Imported at the first segment: the supervisor, which only reads headers, does without Arrow.
    import pyarrow as pa

    packer: _Packer = pa.Codec("lz4_raw")
    return packer


class _Segments:
    """The cipher of one file's segments."""

    def __init__(self, header: Header, file_key: bytes) -> None:
        material = expand(file_key, header.raw, salt=header.salt, length=KEY_BYTES + _PREFIX_BYTES)
        self._cipher = AESGCM(material[:KEY_BYTES])
        self._prefix = material[KEY_BYTES:]
        self._packed = memoryview(bytearray(header.segment))

    def seal(self, number: int, plain: memoryview, out: memoryview, *, last: bool, pack: bool) -> int:
        """Write one whole segment at the start of ``out``; return its bytes."""
        packed = plain
        if pack and plain:
            packed = memoryview(_packer().compress(plain, asbytes=True))
            if len(packed) >= len(plain):
                packed = plain
        lengths = _LENGTHS.pack(len(plain), len(packed))
        end = _LENGTHS.size + len(packed) + _TAG_BYTES
        out[: _LENGTHS.size] = lengths
        self._cipher.encrypt_into(self._nonce(number, last=last), packed, lengths, out[_LENGTHS.size : end])
        return end

    def open(self, number: int, stored: memoryview, out: memoryview, *, last: bool) -> None:
        """Decrypt and unpack one whole segment into ``out``, which has exactly its plain length.

        Raises:
            InvalidTag: it is not that segment, unchanged.
        """
        lengths = bytes(stored[: _LENGTHS.size])
        plain, packed = _LENGTHS.unpack(lengths)
        nonce = self._nonce(number, last=last)
        if packed == plain:
            self._cipher.decrypt_into(nonce, stored[_LENGTHS.size :], lengths, out)
            return
        inside = self._packed[:packed]
        self._cipher.decrypt_into(nonce, stored[_LENGTHS.size :], lengths, inside)
        out[:] = _packer().decompress(inside, plain, asbytes=True)

    def _nonce(self, number: int, *, last: bool) -> bytes:
        return self._prefix + number.to_bytes(4, "big") + (b"\1" if last else b"\0")


class SealedWriter:
    """Writes one sealed file.

    Args:
        file: the file, just created and empty; the writer finishes and closes it.
        header: the header's bytes from :func:`new_header`.
        file_key: the file key that came with it.
        digest_key: key of the HMAC over the plain content (:func:`chosho.vault.header.digest_key`); None: no HMAC.
        temporary: sort work and the like: no digests, and not made durable; the file is gone after a crash anyway.
    """

    def __init__(
        self,
        file: disk.NewFile,
        header: bytes,
        file_key: bytes,
        digest_key: bytes | None = None,
        *,
        temporary: bool = False,
    ) -> None:
        parsed = parse_header(header, file.path)
        self._file = file
        self._cipher = _Segments(parsed, file_key)
        self._segment = parsed.segment
        self._temporary = temporary
        self._sha256 = None if temporary else hashlib.sha256()
        self._hmac = None if temporary or digest_key is None else hmac.new(digest_key, digestmod="sha256")
        self._number = 0
        self._plain_bytes = 0
        self._pending = memoryview(bytearray(parsed.segment))
        self._waiting = 0
        segments = _TEMPORARY_SEGMENTS if temporary else _WRITE_SEGMENTS
        self._out = memoryview(bytearray(segments * (parsed.segment + SEGMENT_OVERHEAD)))
        self._used = 0
        self._store(memoryview(header))

    def write(self, data: memoryview | bytes | bytearray) -> None:
        """Seal and write ``data``; it may be reused when the call returns.

        Raises:
            OSError: the disk refused, for example because it is full.
        """
        view = memoryview(data).cast("B")
        self._plain_bytes += len(view)
        if self._hmac is not None:
            self._hmac.update(view)
        # A full segment is sealed only when more content follows, because the last one carries the flag.
        while view:
            if self._waiting == self._segment:
                self._seal(self._pending, last=False)
                self._waiting = 0
            elif self._waiting == 0 and len(view) > self._segment:
                self._seal(view[: self._segment], last=False)
                view = view[self._segment :]
            else:
                took = min(self._segment - self._waiting, len(view))
                self._pending[self._waiting : self._waiting + took] = view[:took]
                self._waiting += took
                view = view[took:]

    def finish(self) -> Written:
        """Seal what is left as the last segment, make the file durable, close it.

        Raises:
            OSError: the disk refused.
            StopLine: the disk did not confirm the content (CHSD002S).
        """
        self._seal(self._pending[: self._waiting], last=True)
        self._flush()
        self._store(memoryview(_TOTAL.pack(self._plain_bytes)))
        if self._temporary:
            self._file.close()
        else:
            self._file.finish()
        return Written(
            stored_bytes=self._file.bytes_written,
            plain_bytes=self._plain_bytes,
            sha256="" if self._sha256 is None else self._sha256.hexdigest(),
            hmac=None if self._hmac is None else self._hmac.hexdigest(),
        )

    def _seal(self, plain: memoryview, *, last: bool) -> None:
        if len(self._out) - self._used < len(plain) + SEGMENT_OVERHEAD:
            self._flush()
        self._used += self._cipher.seal(
            self._number, plain, self._out[self._used :], last=last, pack=not self._temporary
        )
        self._number += 1

    def _flush(self) -> None:
        self._store(self._out[: self._used])
        self._used = 0

    def _store(self, stored: memoryview) -> None:
        if self._sha256 is not None:
            self._sha256.update(stored)
        self._file.write(stored)


class SealedReader:
    """Reads one sealed file from its start, in full reads, whatever the caller's buffer.

    Args:
        path: the sealed file.
        file_key: its file key (:func:`open_header`).

    Raises:
        InputRefused: there is no such file (CHSD003E).
        StopLine: it is not a sealed file (CHSK030S) or its length is not possible (CHSK031S).
    """

    def __init__(self, path: Path, file_key: bytes) -> None:
        self._file = disk.OldFile(path)
        self._number = 0
        try:
            self.header = header_at_start(self._file)
            self._body = self._file.size - len(self.header.raw) - _TOTAL.size
            if self._body < SEGMENT_OVERHEAD:
                self._stop()
            self._file.seek(len(self.header.raw) + self._body)
            (self.plain_bytes,) = _TOTAL.unpack(self._file.read(_TOTAL.size))
            self._file.seek(len(self.header.raw))
        except BaseException:
            self._file.close()
            raise
        self._cipher = _Segments(self.header, file_key)
        stride = self.header.segment + SEGMENT_OVERHEAD
        self._raw = memoryview(bytearray(min(self._body, _READ_SEGMENTS * stride)))
        self._raw_used = 0
        self._raw_size = 0
        self._unread = self._body
        self._given = 0
        self._spare = memoryview(b"")
        self._spare_buffer: memoryview | None = None

    def read_into(self, buffer: memoryview | bytearray) -> int:
        """Fill ``buffer`` with plain content; fewer bytes only at the end, 0 after it.

        Only bytes whose segment was proved are given out. When all content was read, the end was proved too.

        Raises:
            StopLine: the file is damaged (CHSK031S, with the segment).
        """
        out = memoryview(buffer).cast("B")
        done = 0
        while done < len(out):
            if self._spare:
                took = min(len(self._spare), len(out) - done)
                out[done : done + took] = self._spare[:took]
                self._spare = self._spare[took:]
                done += took
            elif not self._body:
                break
            else:
                size = self._next_size()
                if size <= len(out) - done:
                    self._open_next(out[done : done + size])
                    done += size
                else:
                    if self._spare_buffer is None:
                        self._spare_buffer = memoryview(bytearray(self.header.segment))
                    self._open_next(self._spare_buffer[:size])
                    self._spare = self._spare_buffer[:size]
        return done

    def close(self) -> None:
        """Close; harmless when already closed."""
        self._file.close()

    def _next_size(self) -> int:
        """Plain bytes of the next segment, as its lengths say; they are proved when it is opened."""
        self._hold(min(self._body, SEGMENT_OVERHEAD))
        plain, packed = self._next_lengths()
        if not packed <= plain <= self.header.segment or packed + SEGMENT_OVERHEAD > self._body:
            self._stop()
        return plain

    def _next_lengths(self) -> tuple[int, int]:
        if self._raw_size - self._raw_used < _LENGTHS.size:
            self._stop()
        plain, packed = _LENGTHS.unpack_from(self._raw, self._raw_used)
        return plain, packed

    def _hold(self, size: int) -> None:
        """Have ``size`` bytes of the file in memory from the next segment on."""
        held = self._raw_size - self._raw_used
        if held >= size:
            return
        self._raw[:held] = bytes(self._raw[self._raw_used : self._raw_size])
        wanted = min(len(self._raw) - held, self._unread)
        got = self._file.read_into(self._raw[held : held + wanted])
        self._unread -= got
        self._raw_used, self._raw_size = 0, held + got

    def _open_next(self, out: memoryview) -> None:
        size = self._next_lengths()[1] + SEGMENT_OVERHEAD
        self._hold(size)
        end = self._raw_used + size
        if end > self._raw_size:
            self._stop()
        last = size == self._body
        # Every segment but the last is full, and the last ends the content as its total says.
        self._given += len(out)
        if (self._given != self.plain_bytes) if last else (len(out) != self.header.segment):
            self._stop()
        try:
            self._cipher.open(self._number, self._raw[self._raw_used : end], out, last=last)
        except InvalidTag:
            self._stop()
        self._raw_used = end
        self._body -= size
        self._number += 1

    def _stop(self) -> NoReturn:
        raise StopLine("CHSK031S", path=self._file.path, segment=self._number) from None
