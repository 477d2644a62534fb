"""A part (パート): the unit of memory, of restart and of keys. What a step is told of a part, and what it reports back."""

from dataclasses import dataclass
from pathlib import Path

PART_LIMIT = 256 * 1024 * 1024
"""Most bytes of plain content in one part (DESIGN §5)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PartSource:
    """A part to be read. ``file_key`` is None for bytes that are stored as they are (external files, age files, images).

    ``sha256`` is that of the stored bytes as they were written, empty when nobody knows it. It proves the bytes of an unsealed
    part when they were all read; a sealed part proves itself.
    """

    path: Path
    label: str
    records: int
    plain_bytes: int
    stored_bytes: int
    file_key: bytes | None
    sha256: str = ""
    age: bool = False
    """The key is that of an age file which somebody delivered, not of a file that we sealed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PartTarget:
    """A part to be written: its file id, where it goes, its keys and the header to write first (empty when unsealed)."""

    id: str
    path: Path
    file_key: bytes | None
    digest_key: bytes | None
    header: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class PartResult:
    """A part that was written and made durable. ``sha256`` is over the stored bytes, ``hmac`` over the plain ones."""

    id: str
    label: str
    records: int
    plain_bytes: int
    stored_bytes: int
    sha256: str
    hmac: str | None

    def source(self, target: PartTarget) -> PartSource:
        """Return the part for reading by whoever wrote it, with the key it was written under."""
        return PartSource(
            path=target.path,
            label=self.label,
            records=self.records,
            plain_bytes=self.plain_bytes,
            stored_bytes=self.stored_bytes,
            file_key=target.file_key,
        )
