"""The external sort against Python's own."""

import threading
import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chosho.dataset import sort as sort_module
from chosho.dataset.sort import ExternalSort
from chosho.errors import StopLine
from tests.dataset.parts import Parts

LRECL, KEY = 1200, 6


def keyed(keys: np.ndarray) -> np.ndarray:
    """Return records with the numbers as keys and their place of arrival behind them."""
    block = np.zeros((len(keys), LRECL), np.uint8)
    block[:, :KEY] = np.char.zfill(keys.astype("S6"), KEY).view(np.uint8).reshape(-1, KEY)
    block[:, KEY : KEY + 8] = np.arange(len(keys), dtype="<i8").view(np.uint8).reshape(-1, 8)
    return block


def check(folder, keys, *, memory, expected, step=700):
    parts = Parts(folder, lrecl=LRECL)
    sorter = ExternalSort(parts.new_part, parts.source, LRECL, KEY, memory=memory, expected=expected)
    block = keyed(keys)
    for start in range(0, len(block), step):
        sorter.add(block[start : start + step])
    actual = np.concatenate([piece.copy() for piece in sorter.sorted()])
    assert np.array_equal(actual, block[np.argsort(keys, kind="stable")])
    assert list(folder.iterdir()) == []
    return parts


@pytest.mark.parametrize(
    "shape",
    ["random", "ascending", "descending", "few", "one", "heavy", "late"],
    ids=lambda shape: f"{shape} keys",
)
@pytest.mark.parametrize("expected", [0, 4000, 100_000])
def test_more_than_memory_is_sorted_stably_through_the_disk(tmp_path, shape, expected):
    draw = np.random.default_rng(5)
    count = 4000  # 4.8 MB through 1 MB
    keys = {
        "random": draw.integers(0, 999_999, count),
        "ascending": np.arange(count),
        "descending": np.arange(count)[::-1],
        "few": draw.integers(0, 4, count),
        "one": np.full(count, 7),
        "heavy": np.where(draw.random(count) < 0.7, 500_000, draw.integers(0, 999_999, count)),
        "late": np.concatenate([np.zeros(1500, int), draw.integers(0, 999_999, count - 1500)]),
    }[shape]
    parts = check(tmp_path, keys, memory=1 << 20, expected=expected)
    assert parts.targets


def test_what_fits_in_memory_never_touches_the_disk(tmp_path):
    keys = np.random.default_rng(1).integers(0, 999_999, 1000)
    assert not check(tmp_path, keys, memory=2 << 20, expected=1000).targets


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=st.lists(st.integers(0, 50), max_size=60), memory=st.integers(1, 40_000), step=st.integers(1, 30))
def test_any_records_any_memory(tmp_path_factory, keys, memory, step):
    if keys:
        check(tmp_path_factory.mktemp("s"), np.array(keys), memory=memory, expected=0, step=step)


def test_no_record_gives_one_block_of_the_width(tmp_path):
    parts = Parts(tmp_path, lrecl=LRECL)
    sorter = ExternalSort(parts.new_part, parts.source, LRECL, KEY)
    assert [block.shape for block in sorter.sorted()] == [(0, LRECL)]


def test_closing_early_removes_the_temporary_parts(tmp_path):
    parts = Parts(tmp_path, lrecl=LRECL)
    sorter = ExternalSort(parts.new_part, parts.source, LRECL, KEY, memory=1 << 20)
    sorter.add(keyed(np.random.default_rng(1).integers(0, 999_999, 4000)))
    blocks = sorter.sorted()
    next(blocks)
    assert list(tmp_path.iterdir())
    blocks.close()
    assert list(tmp_path.iterdir()) == []
    assert not [thread for thread in threading.enumerate() if thread.name in {"read-ahead", "spill"}]


def test_a_full_disk_surfaces_and_nothing_hangs(tmp_path, monkeypatch):
    monkeypatch.setattr(sort_module.disk, "_calls", type(sort_module.disk._calls)())
    monkeypatch.setenv("CHOSHO_DISK_FAULT", "write:9:ENOSPC")
    parts = Parts(tmp_path, lrecl=LRECL)
    sorter = ExternalSort(parts.new_part, parts.source, LRECL, KEY, memory=1 << 20)
    with pytest.raises(StopLine, match="CHSD110S"):  # noqa: PT012 - whichever call meets it
        for _ in range(10):
            sorter.add(keyed(np.arange(1000)))
        list(sorter.sorted())
    sorter.drop()


def test_a_damaged_temporary_part_stops_the_line(tmp_path):
    parts = Parts(tmp_path, lrecl=LRECL)

    def open_damaged(result):
        source = parts.source(result)
        stored = bytearray(source.path.read_bytes())
        stored[-9] ^= 1  # the last byte before the total
        source.path.write_bytes(stored)
        return source

    sorter = ExternalSort(parts.new_part, open_damaged, LRECL, KEY, memory=1 << 20)
    sorter.add(keyed(np.arange(4000)))
    with pytest.raises(StopLine, match="CHSK031S"):
        list(sorter.sorted())


def test_a_program_that_reads_twice_is_told(tmp_path):
    parts = Parts(tmp_path, lrecl=LRECL)
    sorter = ExternalSort(parts.new_part, parts.source, LRECL, KEY)
    list(sorter.sorted())
    with pytest.raises(ValueError, match="once"):
        list(sorter.sorted())


def test_the_memory_does_not_grow_with_the_records(tmp_path):
    def peak(count):
        folder = tmp_path / str(count)
        folder.mkdir()
        parts = Parts(folder, lrecl=LRECL)
        sorter = ExternalSort(parts.new_part, parts.source, LRECL, KEY, memory=8 << 20, expected=count)
        draw = np.random.default_rng(count)
        tracemalloc.start()
        for _ in range(0, count, 500):
            sorter.add(keyed(draw.integers(0, 999_999, 500)))
        total = sum(len(block) for block in sorter.sorted())
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert total == count
        return most

    peak(1000)  # loads what is loaded once
    small, large = peak(30_000), peak(60_000)
    assert large < 1.1 * small
    assert large < 1.5 * 8 * 2**20 + 16 * 2**20
