"""A part's file: the one being written (:class:`NewPart`) and the one being read (:class:`OldPart`).

Both hide whether the part is sealed, count what passes, and turn what the disk says into messages.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chosho.dataset.part import PartResult, PartSource, PartTarget
from chosho.errors import InputRefused, StopLine
from chosho.vault.raw import DeliveredReader, PartReader, PartWriter, create_part, open_part


class NewPart:
    """A part being written; its file is created at the first :meth:`write`, or at :meth:`finish`.

    Args:
        target: the place and the keys.
        label: what the part is called.
        lrecl: bytes of a record; 0 when records are lines, or not counted.
        lines: count line ends as records.
        temporary: no digests and no fsync: sort work, gone with its step.
    """

    def __init__(
        self, target: PartTarget, label: str, *, lrecl: int = 0, lines: bool = False, temporary: bool = False
    ) -> None:
        self.target = target
        self._label = label
        self._lrecl = lrecl
        self._lines = lines
        self._temporary = temporary
        self._ends = 0
        self._file: PartWriter | None = None

    def write(self, data: memoryview) -> None:
        """Write bytes.

        Raises:
            StopLine: the disk refused (CHSD110S), for example because it is full.
        """
        with _disk_says("CHSD110S", self.target.path):
            self._open().write(data)
        if self._lines:
            self._ends += bytes(data).count(b"\n")

    def finish(self) -> PartResult:
        """Make the part durable (its folder is the caller's) and return what it is.

        Raises:
            StopLine: as :meth:`write`, or the disk did not confirm the content (CHSD002S).
        """
        with _disk_says("CHSD110S", self.target.path):
            done = self._open().finish()
        return PartResult(
            id=self.target.id,
            label=self._label,
            records=done.plain_bytes // self._lrecl if self._lrecl else self._ends,
            plain_bytes=done.plain_bytes,
            stored_bytes=done.stored_bytes,
            sha256=done.sha256,
            hmac=done.hmac,
        )

    def _open(self) -> PartWriter:
        if self._file is None:
            target = self.target
            self._file = create_part(
                target.path, target.file_key, target.digest_key, target.header, temporary=self._temporary
            )
        return self._file


class OldPart:
    """A part being read from its start.

    Raises:
        InputRefused: an unsealed file is missing (CHSD003E).
        StopLine: a sealed file is missing (CHSD107S) or damaged, or not as long as it was when it was written (CHSD108S).
    """

    def __init__(self, source: PartSource) -> None:
        self._path = source.path
        try:
            with _disk_says("CHSD109S", source.path):
                self._file = _opened(source)
        except InputRefused as error:
            if source.file_key is None:
                raise
            raise StopLine("CHSD107S", label=source.label, path=source.path) from error
        if self._file.plain_bytes != source.plain_bytes:
            got = self._file.plain_bytes
            self._file.close()
            raise StopLine(
                "CHSD108S", label=source.label, path=source.path, got=got, expected=source.plain_bytes
            )

    def read_into(self, buffer: memoryview) -> int:
        """Fill ``buffer`` from the present place; fewer bytes only at the end of the part, 0 after it.

        Raises:
            StopLine: the disk refused (CHSD109S), or the part is damaged: a sealed one at once, another one at its end.
        """
        with _disk_says("CHSD109S", self._path):
            return self._file.read_into(buffer)

    def close(self) -> None:
        """Close; harmless when already closed."""
        self._file.close()


def _opened(source: PartSource) -> PartReader:
    if source.age and source.file_key is not None:
        return DeliveredReader(source.path, source.file_key, source.plain_bytes)
    return open_part(source.path, source.file_key, source.sha256)


@contextmanager
def _disk_says(message_id: str, path: Path) -> Iterator[None]:
    """Word what the operating system refused."""
    try:
        yield
    except OSError as error:
        raise StopLine(message_id, path=path, error=error.strerror or type(error).__name__) from error
