"""The e-Tax form of a file (e-Tax用の形式): an empty last item is one half-width space; everything else stays as it is.

The notes of e-Tax's forms ask for the space; the standard for discs does not know it. Comma, CR and LF are never part of a
character of CP932, so bytes can be looked at one by one.
"""

from collections.abc import Iterable, Iterator

_DISC, _ETAX = b",\r\n", b", \r\n"


def to_etax(chunks: Iterable[bytes | bytearray | memoryview]) -> Iterator[bytes]:
    """Yield the bytes of a file in the form of e-Tax; a file that has it already stays as it is."""
    return _replaced(chunks, _DISC, _ETAX)


def to_disc(chunks: Iterable[bytes | bytearray | memoryview]) -> Iterator[bytes]:
    """Yield the bytes of a file in the form of discs, the other way round of :func:`to_etax`."""
    return _replaced(chunks, _ETAX, _DISC)


def _replaced(chunks: Iterable[bytes | bytearray | memoryview], old: bytes, new: bytes) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        data = rest + bytes(chunk)
        # What a chunk ends with may be the beginning of the sign: it waits for the next chunk.
        end = max(data.rfind(b"\n") + 1, len(data) - len(old) + 1)
        yield data[:end].replace(old, new)
        rest = data[end:]
    if rest:
        yield rest.replace(old, new)
