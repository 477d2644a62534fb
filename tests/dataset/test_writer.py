"""The writer, proved by the reader."""

import hashlib
import hmac as hmac_module
import threading

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chosho.dataset import writer as writer_module
from chosho.dataset.reader import Reader
from chosho.dataset.writer import Writer
from chosho.errors import StopLine
from chosho.vault.header import digest_key
from tests.dataset.parts import COHORT_KEY, Parts, records

PROPERTY = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@PROPERTY
@given(
    cuts=st.lists(st.integers(0, 60), max_size=8),
    lrecl=st.integers(1, 40),
    limit=st.integers(1, 700),
    size=st.integers(1, 900),
    sealed=st.booleans(),
)
def test_what_was_written_is_read_whatever_the_sizes(tmp_path_factory, cuts, lrecl, limit, size, sealed):
    parts = Parts(tmp_path_factory.mktemp("p"), lrecl=lrecl, sealed=sealed)
    blocks = [
        np.random.default_rng(n).integers(0, 256, (count, lrecl), np.uint8) for n, count in enumerate(cuts)
    ]
    writer = Writer(parts.new_part, lrecl=lrecl, limit=limit)
    for block in blocks:
        writer.write(block)
        block_copy = block.copy()
        block[:] = 0  # the writer has its own copy
        block[:] = block_copy
    results = writer.finish()
    expected = np.concatenate([*blocks, np.empty((0, lrecl), np.uint8)])
    reader = Reader([parts.source(result) for result in results], lrecl=lrecl)
    actual = [block.copy() for block in reader.blocks(size)]
    assert reader.records == len(expected)
    assert np.array_equal(np.concatenate(actual), expected)
    assert all(result.plain_bytes <= max(limit, lrecl) for result in results)
    assert [result.label for result in results] == [f"{n:04d}" for n in range(1, len(results) + 1)]


@PROPERTY
@given(
    lines=st.lists(st.binary(max_size=30).filter(lambda line: b"\n" not in line), max_size=30),
    cuts=st.lists(st.integers(1, 50), min_size=1, max_size=5),
    limit=st.integers(40, 300),
)
def test_lines_are_cut_at_line_ends_only(tmp_path_factory, lines, cuts, limit):
    parts = Parts(tmp_path_factory.mktemp("t"))
    content = b"".join(line + b"\r\n" for line in lines)
    writer = Writer(parts.new_part, recfm="T", limit=limit)
    place, turn = 0, 0
    while place < len(content):
        writer.write(content[place : place + cuts[turn % len(cuts)]])
        place += cuts[turn % len(cuts)]
        turn += 1
    results = writer.finish()
    sources = [parts.source(result) for result in results]
    assert Reader(sources).read_all() == content
    assert sum(result.records for result in results) == len(lines)
    for source, result in zip(sources, results, strict=True):
        assert result.plain_bytes <= limit
        assert Reader([source]).read_all()[-2:] in {b"\r\n", b""}
    assert b"".join(bytes(piece) for piece in Reader(sources).lines(64)) == content


def test_digests_are_over_the_stored_and_over_the_plain_bytes(tmp_path):
    parts = Parts(tmp_path, lrecl=100)
    block = records(2000, 100)
    writer = Writer(parts.new_part, lrecl=100)
    writer.write(block)
    (result,) = writer.finish()
    stored = (tmp_path / result.id).read_bytes()
    assert result.sha256 == hashlib.sha256(stored).hexdigest()
    assert result.stored_bytes == len(stored)
    assert result.hmac == hmac_module.new(digest_key(COHORT_KEY), block.tobytes(), "sha256").hexdigest()
    assert writer.finish() == (result,)


def test_files_are_written_part_by_part_under_their_labels(tmp_path):
    parts = Parts(tmp_path, sealed=False)
    with Writer(parts.new_part, recfm="U") as writer:
        for label, size in (("V01", 5_000_000), ("V02", 0), ("V03", 10)):
            with writer.part(label) as sink:
                sink.write(b"x" * size)
                assert sink.tell() == size
    results = writer.finish()
    assert [(r.label, r.plain_bytes) for r in results] == [("V01", 5_000_000), ("V02", 0), ("V03", 10)]
    assert (tmp_path / results[2].id).read_bytes() == b"x" * 10


def test_a_dataset_of_files_may_have_none(tmp_path):
    assert Writer(Parts(tmp_path).new_part, recfm="U").finish() == ()


def test_a_block_of_another_width_is_a_mistake_of_the_program(tmp_path):
    writer = Writer(Parts(tmp_path, lrecl=12).new_part, lrecl=12)
    with pytest.raises(ValueError, match="13 bytes"):
        writer.write(np.zeros((1, 13), np.uint8))
    with pytest.raises(ValueError, match="whole records"):
        writer.write(b"x" * 13)
    writer.drop()


def test_a_line_that_is_not_ended_stops_the_line(tmp_path):
    writer = Writer(Parts(tmp_path).new_part, recfm="T")
    writer.write(b"one\r\ntwo")
    with pytest.raises(StopLine, match="CHSD111S"):
        writer.finish()
    writer.drop()


def test_a_full_disk_surfaces_and_nothing_hangs(tmp_path, monkeypatch):
    monkeypatch.setattr(writer_module.disk, "_calls", type(writer_module.disk._calls)())
    monkeypatch.setenv("CHOSHO_DISK_FAULT", "write:3:ENOSPC")
    writer = Writer(Parts(tmp_path, lrecl=1000).new_part, lrecl=1000)
    block = np.zeros((1000, 1000), np.uint8)
    with pytest.raises(StopLine, match="CHSD110S cannot write"):  # noqa: PT012 - whichever call meets it
        for _ in range(40):
            writer.write(block)
        writer.finish()
    with pytest.raises(StopLine, match="CHSD110S"):
        writer.finish()
    writer.drop()


def test_a_failed_fsync_stops_the_line(tmp_path, monkeypatch):
    monkeypatch.setattr(writer_module.disk, "_calls", type(writer_module.disk._calls)())
    monkeypatch.setenv("CHOSHO_DISK_FAULT", "sync:1:EIO")
    writer = Writer(Parts(tmp_path, lrecl=10).new_part, lrecl=10)
    writer.write(b"x" * 100)
    with pytest.raises(StopLine, match="CHSD002S"):
        writer.finish()


def test_leaving_a_writer_by_an_error_ends_its_thread(tmp_path):
    before = threading.active_count()
    writer = Writer(Parts(tmp_path, lrecl=10).new_part, lrecl=10)
    with pytest.raises(ValueError, match="whole records"), writer:
        writer.write(b"x" * 101)
    assert threading.active_count() == before
