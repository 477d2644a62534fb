"""Encrypting for transport (移送用の暗号化): a planned file's bytes, cut out of its kind's rows, into age v1.

One file of the tax agency is one ``.age`` file; all files of a volume share its passphrase. Rows go from
the sealed dataset into the cipher in memory; no plain byte touches the disk.
"""

from collections.abc import Callable, Iterator

from chosho.errors import InputRefused, StopLine
from chosho.media.plan import PlannedFile
from chosho.vault.age import Encryptor

_LF = b"\n"
"""Ends each row after CR; CP932 has no character with this byte in it, so counting it counts rows."""


WORK_FACTORS = range(10, 23)
"""logN of scrypt that may be used: two digits, as the plan counts, and not more than readers accept (age: 22)."""


def work_factor(text: str) -> int:
    """Return the work factor that a deck names.

    Raises:
        InputRefused: it is no whole number of :data:`WORK_FACTORS` (CHSM038E).
    """
    if text not in {str(factor) for factor in WORK_FACTORS}:
        raise InputRefused("CHSM038E", text=text, least=WORK_FACTORS[0], most=WORK_FACTORS[-1])
    return int(text)


class RowBytes:
    """The rows of a kind as one run of bytes, taken from its start to its end (調書の行).

    Args:
        kind: statement code, for messages.
        stream: the bytes of the dataset, cut anywhere; a chunk is used up before the next is asked for.
    """

    def __init__(self, kind: str, stream: Iterator[memoryview]) -> None:
        self._kind = kind
        self._stream = stream
        self._chunk = memoryview(b"")
        self._place = 0

    def take(self, offset: int, size: int) -> Iterator[memoryview]:
        """Yield the ``size`` bytes that begin at ``offset``, which must be where the last taking ended.

        Raises:
            StopLine: the rows are not where the plan has them, or end before it (CHSM034S).
        """
        if offset != self._place:
            raise StopLine("CHSM034S", kind=self._kind, found=self._place, planned=offset)
        end = offset + size
        while self._place < end:
            if not self._chunk:
                self._chunk = self._next(end)
            piece = self._chunk[: end - self._place]
            self._chunk = self._chunk[len(piece) :]
            self._place += len(piece)
            yield piece

    def finish(self) -> None:
        """Make sure that nothing is left: every row is in a file.

        Raises:
            StopLine: rows are left that the plan does not know (CHSM034S).
        """
        left = len(self._chunk) + sum(len(chunk) for chunk in self._stream)
        if left:
            raise StopLine("CHSM034S", kind=self._kind, found=self._place + left, planned=self._place)

    def _next(self, planned: int) -> memoryview:
        for chunk in self._stream:
            if len(chunk):
                return memoryview(chunk).cast("B")
        raise StopLine("CHSM034S", kind=self._kind, found=self._place, planned=planned)


def encrypt_file(
    sink: Callable[[memoryview], object],
    rows: RowBytes,
    file: PlannedFile,
    *,
    passphrase: str,
    work_factor: int,
) -> int:
    """Encrypt a planned file; return how many statements were read.

    Args:
        sink: takes the encrypted bytes, all of them, before it returns.
        rows: the rows of the file's kind.
        file: where its bytes are.
        passphrase: the volume's passphrase.
        work_factor: logN of scrypt.

    Raises:
        StopLine: the rows and the plan do not belong together (CHSM034S).
    """
    records = 0
    encryptor = Encryptor(sink, passphrase=passphrase, work_factor=work_factor)
    for piece in rows.take(file.row_offset, file.plain_bytes):
        records += bytes(piece).count(_LF)
        encryptor.write(piece)
    encryptor.finish()
    return records
