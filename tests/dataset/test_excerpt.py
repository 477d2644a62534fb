"""An excerpt is the bytes that were asked for, and reads no part that does not hold them."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.dataset import excerpt as module
from chosho.dataset.excerpt import excerpt
from chosho.dataset.part import PartSource
from chosho.errors import StopLine

DATA = bytes(range(200))
CUTS = (0, 70, 70, 150, 200)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[PartSource]:
    folder = tmp_path_factory.mktemp("parts")
    return [
        _part(folder / str(number), DATA[first:end]) for number, (first, end) in enumerate(pairwise(CUTS))
    ]


def _part(path: Path, data: bytes) -> PartSource:
    path.write_bytes(data)
    return PartSource(
        path=path, label="", records=1, plain_bytes=len(data), stored_bytes=len(data), file_key=None
    )


@settings(deadline=None)
@given(st.integers(0, 199), st.integers(1, 200))
def test_the_bytes_are_those_of_the_whole(parts: list[PartSource], offset: int, length: int) -> None:
    if offset + length <= len(DATA):
        assert excerpt(parts, offset, length) == DATA[offset : offset + length]
    else:
        with pytest.raises(StopLine, match="CHSD113S"):
            excerpt(parts, offset, length)


def test_only_the_parts_that_hold_them_are_read(
    parts: list[PartSource], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    reader = module.Reader

    def watched(some: list[PartSource]) -> object:
        opened.extend(part.path.name for part in some)
        return reader(some)

    monkeypatch.setattr(module, "Reader", watched)
    assert excerpt(parts, 80, 10) == DATA[80:90]
    assert opened == ["2"]
    assert excerpt(parts, 60, 20) == DATA[60:80]
    assert opened == ["2", "0", "2"]


@pytest.mark.parametrize(("offset", "length"), [(0, 0), (-1, 5), (200, 1)])
def test_nothing_and_what_is_not_there_stop_the_line(
    parts: list[PartSource], offset: int, length: int
) -> None:
    with pytest.raises(StopLine, match="CHSD113S"):
        excerpt(parts, offset, length)
