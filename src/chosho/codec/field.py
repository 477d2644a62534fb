"""What the codec needs to know of a field; ``copybook.Field`` has it all."""

from enum import Enum
from typing import Protocol


class FieldLike(Protocol):
    """An elementary field (基本項目) of a fixed-length record."""

    @property
    def name(self) -> str:
        """Name in upper case."""
        ...

    @property
    def kind(self) -> Enum:
        """TEXT, NATIONAL, ZONED, PACKED or BINARY, by the member's name."""
        ...

    @property
    def offset(self) -> int:
        """First byte, from 0."""
        ...

    @property
    def length(self) -> int:
        """Length in bytes."""
        ...

    @property
    def digits(self) -> int:
        """Decimal digits of a number."""
        ...

    @property
    def scale(self) -> int:
        """Decimals of a number; the codec hands out the integer before the point is set."""
        ...

    @property
    def signed(self) -> bool:
        """PIC S."""
        ...

    @property
    def sign_leading(self) -> bool:
        """SIGN LEADING."""
        ...

    @property
    def sign_separate(self) -> bool:
        """SIGN SEPARATE."""
        ...

    @property
    def native(self) -> bool:
        """COMP-5: the machine's own byte order, little-endian."""
        ...

    @property
    def filler(self) -> bool:
        """FILLER: bytes without a name."""
        ...

    @property
    def redefined(self) -> bool:
        """Inside a REDEFINES alternative."""
        ...
