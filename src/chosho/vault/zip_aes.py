"""ZIP files with AES-256 (ZIP AES-256形式): a container that common ZIP programs open; streaming both ways.

The format is PKWARE's APPNOTE 6.3.9 with WinZip's AE-2 (AES encryption information, 1.04): PBKDF2-HMAC-SHA-1 with 1,000 rounds
gives a cipher key, a code key and a two-byte check of the passphrase; AES-256 in counter mode, whose counter is little-endian and
begins at 1; the first 80 bits of HMAC-SHA-1 over the encrypted bytes; CRC 0. Files are stored, not packed, so that the size of an
archive is known before it is made (:func:`archive_size`). No file and no archive reaches 4 GiB, so nothing here is ZIP64.

What the format cannot do: names and sizes of the files stand in clear, the headers are under no code, and 1,000 rounds are few.
Only a long random passphrase makes up for the rounds (:data:`SHORTEST`), and our reader holds every header to the one form that we
write.
"""

import datetime as dt
import os
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.constant_time import bytes_eq
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from chosho.errors import InputRefused, StopLine

SHORTEST = 20
"""Characters of the shortest passphrase that is taken; ours have 32."""
LARGEST = (1 << 32) - 1
"""Bytes that a file or an archive may not reach (no ZIP64)."""

_ROUNDS = 1000
_KEY = 32
_SALT = 16
_CHECK = 2
_CODE = 10
_BESIDE = _SALT + _CHECK + _CODE
"""Stored bytes of a file besides its content."""
_VERSION = 51
_FLAGS = 0x0801  # encrypted; the name is UTF-8
_METHOD = 99
_EXTRA = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 0)  # AE-2, AES-256, stored
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_LOCAL_SIGN, _CENTRAL_SIGN, _END_SIGN = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_UNIX_FILE = 0o100600 << 16
_BLOCK = 16
_READ = 1 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive: its name, ASCII, and its bytes."""

    name: str
    size: int

    @property
    def stored(self) -> int:
        """Bytes that it takes in the archive besides its headers."""
        return self.size + _BESIDE


def archive_size(members: Sequence[Member]) -> int:
    """Return the exact bytes of the archive of ``members``."""
    heads = sum(
        _LOCAL.size + _CENTRAL.size + 2 * (len(one.name) + len(_EXTRA)) + one.stored for one in members
    )
    return heads + _END.size


class ZipEncryptor:
    """Makes one archive: for each file :meth:`begin`, :meth:`write` as often as needed, :meth:`end`; then :meth:`finish`.

    Args:
        sink: takes each piece, all of it, before it returns.
        passphrase: at least :data:`SHORTEST` characters, ASCII.
        date: the day that every file is said to be of.

    Raises:
        InputRefused: the passphrase is too short (CHSK082E).
    """

    def __init__(self, sink: Callable[[memoryview], object], *, passphrase: str, date: dt.date) -> None:
        if len(passphrase) < SHORTEST:
            raise InputRefused("CHSK082E", least=SHORTEST)
        self._sink = sink
        self._passphrase = passphrase.encode()
        self._date = _dos_date(date)
        self._members: list[tuple[Member, int]] = []
        self._place = 0
        self._left = 0

    def begin(self, member: Member) -> None:
        """Begin a file whose size is known.

        Raises:
            InputRefused: it or the archive would reach 4 GiB (CHSK083E).
        """
        if self._place + member.stored + _READ > LARGEST:
            raise InputRefused("CHSK083E", name=member.name)
        self._members.append((member, self._place))
        salt = os.urandom(_SALT)
        self._cipher = _Cipher(self._passphrase, salt)
        self._left = member.size
        self._out(_local(member, self._date) + salt + self._cipher.check)

    def write(self, data: memoryview | bytes | bytearray) -> None:
        """Encrypt the next bytes of the file.

        Raises:
            StopLine: more than was said (CHSK084S).
        """
        view = memoryview(data).cast("B")
        self._left -= len(view)
        if self._left < 0:
            raise StopLine("CHSK084S", name=self._members[-1][0].name)
        self._out(self._cipher.encrypt(view))

    def end(self) -> None:
        """End the file.

        Raises:
            StopLine: fewer bytes came than were said (CHSK084S).
        """
        if self._left:
            raise StopLine("CHSK084S", name=self._members[-1][0].name)
        self._out(self._cipher.code())

    def finish(self) -> int:
        """Write the directory; return the bytes of the whole archive."""
        self._out(_directory(self._members, self._date, self._place))
        return self._place

    def _out(self, data: bytes) -> None:
        self._place += len(data)
        self._sink(memoryview(data))


class ZipDecryptor:
    """Opens one archive that :class:`ZipEncryptor` made, and proves every byte of it; strict, so no reader for other archives.

    The content of a file is proved at its end only: what was given out before must not be used until then.

    Args:
        read_into: fills a buffer from the archive in full reads; fewer bytes only at its end.
        passphrase: the passphrase, as it was given at encryption.
    """

    def __init__(self, read_into: Callable[[memoryview], int], *, passphrase: str) -> None:
        self._read_into = read_into
        self._passphrase = passphrase.encode()
        self._place = 0

    def members(self) -> Iterator[tuple[Member, Iterator[bytes]]]:
        """Yield each file with its content in pieces; a content that was not used up is passed over, and proved all the same.

        Raises:
            InputRefused: wrong passphrase (CHSK080E).
            StopLine: the archive is damaged, cut off, continued, or not of our form (CHSK081S).
        """
        found: list[tuple[Member, int]] = []
        dates: set[int] = set()
        while (sign := self._take(4)) == _LOCAL_SIGN:
            begun = self._place - 4
            member, date = self._local(sign)
            dates.add(date)
            content = self._content(member)
            yield member, content
            for _ in content:
                pass
            found.append((member, begun))
        begun = self._place - len(sign)
        wanted = _directory(found, max(dates, default=0), begun)
        # Every file is of one day, and the directory says that day for each.
        if len(dates) > 1 or sign + self._take(len(wanted) - 4) != wanted or self._take(1):
            raise self._damaged()

    def _local(self, sign: bytes) -> tuple[Member, int]:
        """Read a file's header; it must be, byte by byte, the one that we write for its name, size and date."""
        head = sign + self._take(_LOCAL.size - 4)
        if len(head) < _LOCAL.size:
            raise self._damaged()
        fields = _LOCAL.unpack(head)
        rest = self._take(fields[9] + fields[10])
        date, size = fields[5], fields[7] - _BESIDE
        try:
            member = Member(rest[: fields[9]].decode("ascii"), size)
        except UnicodeDecodeError:
            raise self._damaged() from None
        if size < 0 or head + rest != _local(member, date):
            raise self._damaged()
        return member, date

    def _content(self, member: Member) -> Iterator[bytes]:
        cipher = _Cipher(self._passphrase, self._take(_SALT))
        if not bytes_eq(self._take(_CHECK), cipher.check):
            raise InputRefused("CHSK080E")
        left = member.size
        while left:
            stored = self._take(min(left, _READ))
            if not stored:
                raise self._damaged()
            left -= len(stored)
            yield cipher.decrypt(stored)
        if not cipher.proves(self._take(_CODE)):
            raise self._damaged()

    def _take(self, size: int) -> bytes:
        buffer = bytearray(size)
        got = self._read_into(memoryview(buffer))
        self._place += got
        return bytes(memoryview(buffer)[:got])

    def _damaged(self) -> StopLine:
        return StopLine("CHSK081S", place=self._place)


class _Cipher:
    """The keys of one file: counter mode and code."""

    def __init__(self, passphrase: bytes, salt: bytes) -> None:
        derive = PBKDF2HMAC(algorithm=SHA1(), length=2 * _KEY + _CHECK, salt=salt, iterations=_ROUNDS)  # noqa: S303 - the format's
        keys = derive.derive(passphrase)
        # The library's counter mode counts big-endian, AE-2 little-endian: so the counters are encrypted one by one.
        self._blocks = Cipher(algorithms.AES(keys[:_KEY]), modes.ECB()).encryptor()  # noqa: S305 - counters, each once
        self._hmac = HMAC(keys[_KEY : 2 * _KEY], SHA1())  # noqa: S303 - the format's
        self.check = keys[2 * _KEY :]
        self._counter = 1
        self._spare = np.empty(0, np.uint8)

    def encrypt(self, plain: memoryview) -> bytes:
        stored = self._mixed(plain)
        self._hmac.update(stored)
        return stored

    def decrypt(self, stored: bytes) -> bytes:
        self._hmac.update(stored)
        return self._mixed(memoryview(stored))

    def code(self) -> bytes:
        return self._hmac.finalize()[:_CODE]

    def proves(self, code: bytes) -> bool:
        return bytes_eq(self.code(), code)

    def _mixed(self, data: memoryview) -> bytes:
        """Return the data mixed with the next bytes of the key stream."""
        lacking = len(data) - len(self._spare)
        if lacking > 0:
            counters = np.zeros((-(-lacking // _BLOCK), 2), "<u8")
            counters[:, 0] = np.arange(self._counter, self._counter + len(counters))
            self._counter += len(counters)
            fresh = np.frombuffer(self._blocks.update(counters.tobytes()), np.uint8)
            self._spare = np.concatenate([self._spare, fresh])
        mixed = np.frombuffer(data, np.uint8) ^ self._spare[: len(data)]
        self._spare = self._spare[len(data) :]
        return mixed.tobytes()


def _dos_date(date: dt.date) -> int:
    return (date.year - 1980) << 9 | date.month << 5 | date.day


def _local(member: Member, date: int) -> bytes:
    name = member.name.encode("ascii")
    sizes = (0, member.stored, member.size)
    head = (_LOCAL_SIGN, _VERSION, _FLAGS, _METHOD, 0, date, *sizes, len(name), len(_EXTRA))
    return _LOCAL.pack(*head) + name + _EXTRA


def _directory(members: Sequence[tuple[Member, int]], date: int, place: int) -> bytes:
    rows = bytearray()
    for member, begun in members:
        name = member.name.encode("ascii")
        made_by = 3 << 8 | _VERSION  # Unix
        head = (_CENTRAL_SIGN, made_by, _VERSION, _FLAGS, _METHOD, 0, date, 0, member.stored, member.size)
        rows += _CENTRAL.pack(*head, len(name), len(_EXTRA), 0, 0, 0, _UNIX_FILE, begun) + name + _EXTRA
    count = len(members)
    return bytes(rows) + _END.pack(_END_SIGN, 0, 0, count, count, len(rows), place, 0)
