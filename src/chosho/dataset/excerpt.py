"""Excerpt (抜出し): some bytes of a dataset, read from the parts that hold them and from no other."""

from collections.abc import Sequence

from chosho.dataset.part import PartSource
from chosho.dataset.reader import Reader
from chosho.errors import StopLine


def excerpt(parts: Sequence[PartSource], offset: int, length: int) -> bytes:
    """Return ``length`` bytes from ``offset`` on, counted over all parts; what stands behind them is not read.

    Raises:
        StopLine: the dataset ends before (CHSD113S), or a part is missing or damaged.
    """
    found = bytearray()
    place = 0
    for part in parts:
        first, end = max(offset - place, 0), min(offset + length - place, part.plain_bytes)
        if first < end:
            found += _of_part(part, first, end)
        place += part.plain_bytes
    if len(found) != length or not length:
        raise StopLine("CHSD113S", offset=offset, length=length, size=place)
    return bytes(found)


def _of_part(part: PartSource, first: int, end: int) -> bytes:
    found = bytearray()
    place = 0
    for piece in Reader([part]).stream():
        found += piece[max(first - place, 0) : max(end - place, 0)]
        place += len(piece)
        if place >= end:
            break
    return bytes(found)
