"""The reader: order, ends, harm."""

import threading

import numpy as np
import pytest

from chosho.dataset.part import PartSource
from chosho.dataset.reader import Reader
from chosho.errors import InputRefused, StopLine
from tests.dataset.parts import Parts, records, written


def reading_threads() -> int:
    return sum(thread.name == "read-ahead" for thread in threading.enumerate())


def test_an_empty_dataset_has_one_part_and_gives_one_block_of_its_width(tmp_path):
    parts = Parts(tmp_path, lrecl=12)
    sources = written(parts, np.empty((0, 12), np.uint8))
    assert len(sources) == 1
    assert [block.shape for block in Reader(sources, lrecl=12).blocks()] == [(0, 12)]


def test_closing_early_ends_the_reading_thread(tmp_path):
    sources = written(Parts(tmp_path, lrecl=1000), records(5000, 1000))
    blocks = Reader(sources, lrecl=1000).blocks(100_000)
    next(blocks)
    assert reading_threads() == 1
    blocks.close()
    assert reading_threads() == 0


def test_a_descent_is_found_with_its_record_number_also_between_blocks_and_parts(tmp_path):
    block = records(400, 50)
    for row in (7, 100, 399):
        wrong = block.copy()
        wrong[row, :4] = 0
        folder = tmp_path / str(row)
        folder.mkdir()
        sources = written(Parts(folder, lrecl=50), wrong, limit=5000)
        with pytest.raises(StopLine, match=f"CHSD106S .* record {row + 1} "):
            list(Reader(sources, lrecl=50, key=4).blocks(50))
    assert len(list(Reader(written(Parts(tmp_path, lrecl=50), block), lrecl=50, key=4).blocks())) == 1


def test_a_record_length_that_does_not_divide_is_refused_with_the_numbers(tmp_path):
    sources = written(Parts(tmp_path, lrecl=10, sealed=False), np.zeros((3, 10), np.uint8))
    with pytest.raises(InputRefused, match=r"CHSD105E .*: 30 bytes .* of 7 bytes; 2 bytes"):
        Reader(sources, lrecl=7)


@pytest.mark.parametrize("harm", ["flip", "cut", "remove"])
def test_a_harmed_sealed_part_stops_the_line(tmp_path, harm):
    sources = written(Parts(tmp_path, lrecl=100), records(3000, 100))
    path = sources[0].path
    stored = bytearray(path.read_bytes())
    path.unlink()
    if harm == "flip":
        stored[150_000] ^= 1
        path.write_bytes(stored)
    if harm == "cut":
        path.write_bytes(stored[:-65_000])
    expected = {"flip": "CHSK031S", "cut": "CHSK031S|CHSD108S", "remove": "CHSD107S"}[harm]
    with pytest.raises(StopLine, match=expected):
        list(Reader(sources, lrecl=100).blocks())
    assert reading_threads() == 0


def test_a_missing_or_changed_file_of_another_system_is_named(tmp_path):
    sources = written(Parts(tmp_path, lrecl=10, sealed=False), np.zeros((30, 10), np.uint8))
    path = sources[0].path
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(StopLine, match=r"CHSD108S .* has 200 bytes and not 300"):
        list(Reader(sources, lrecl=10).blocks())
    path.unlink()
    with pytest.raises(InputRefused, match="CHSD003E"):
        list(Reader(sources, lrecl=10).blocks())


def test_lines_without_an_end_are_not_gathered(tmp_path):
    path = tmp_path / "lines"
    path.write_bytes(b"one\r\n" + b"x" * 500_000)
    part = PartSource(
        path=path, label="1", records=1, plain_bytes=500_005, stored_bytes=500_005, file_key=None
    )
    given = Reader([part]).lines(65_536)
    with pytest.raises(StopLine, match=r"CHSD111S .* 65536 bytes"):
        list(given)
    path.write_bytes(b"one\r\n" * 100_001)
    assert b"".join(Reader([part]).lines(65_536)) == path.read_bytes()
