"""Faults of cells (項目の誤り): which record, which field, why.

A bad record is a value, not an exception: the step writes it to its reject dataset with the reason's four letters and goes on.
A fault holds places and a reason only, never the content of a record.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Self

import numpy as np
import numpy.typing as npt


class Reason(IntEnum):
    """Why a cell cannot be decoded, encoded or transcoded.

    The numbers are compiled into the kernels and stand in reject datasets: add new ones at the end, change none.
    """

    UNMP = 1
    """A code that stands for no character, or for one that the other page lacks."""
    SOSI = 2
    """SO or SI without its partner, inside half a character, or left open at the end of the field."""
    DBCS = 3
    """Half of a double-byte character, or bytes that cannot be one."""
    FILL = 4
    """Well understood but not the spelling that encode writes: an empty or needless shift, a second code of a character."""
    CTRL = 5
    """A control character in a text."""
    ZDIG = 6
    """A byte of a zoned number that is no digit."""
    ZSGN = 7
    """A bad sign of a zoned number; strict: also a sign that encode would not write."""
    PDIG = 8
    """A nibble of a packed number that is no digit, or a digit above its PICTURE."""
    PSGN = 9
    """A bad sign nibble of a packed number; strict: also a sign that encode would not write."""
    BLNK = 10
    """A number whose bytes are all spaces."""
    LOWV = 11
    """A zoned or packed number whose bytes are all zero (low-values)."""
    OVFL = 12
    """A value that does not fit in its field."""
    NEGV = 13
    """A negative value in a field without sign."""
    MISS = 14
    """No value (null) to encode, and no base record to keep."""

    @property
    def code(self) -> str:
        """The four letters written to reject datasets and lists."""
        return self.name


@dataclass(frozen=True, kw_only=True, slots=True)
class Faults:
    """The faults of a block, at most the first of each field of each record, in the order of records and fields."""

    record: npt.NDArray[np.int64]
    """Row in the block."""
    field: npt.NDArray[np.int32]
    """Place in the fields, or in the moves of a transcoder."""
    reason: npt.NDArray[np.uint8]
    """A :class:`Reason`."""

    @classmethod
    def unpack(cls, packed: npt.NDArray[np.int64]) -> Self:
        """Return the faults that a kernel wrote as ``record << 32 | field << 8 | reason``."""
        return cls(
            record=packed >> 32,
            field=((packed >> 8) & 0xFFFFFF).astype(np.int32),
            reason=(packed & 0xFF).astype(np.uint8),
        )

    def rows(self) -> npt.NDArray[np.int64]:
        """Return the rows that have a fault, ascending, each once."""
        return np.unique(self.record)

    def mask(self, count: int) -> npt.NDArray[np.bool_]:
        """Return for each of ``count`` rows whether it has a fault."""
        out = np.zeros(count, np.bool_)
        out[self.record] = True
        return out

    def __len__(self) -> int:
        return len(self.record)
