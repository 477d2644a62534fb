"""Sealed files: round trips of any size, and every change of the bytes is found."""

import hashlib
import hmac
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chosho import disk
from chosho.errors import ChoshoError, InputRefused, StopLine
from chosho.vault.header import (
    SEGMENT_OVERHEAD,
    digest_key,
    new_header,
    open_header,
    read_header,
    segment_bytes,
)
from chosho.vault.raw import create_part, open_part
from chosho.vault.sealed import SealedReader, SealedWriter, Written
from chosho.vault.wrap import new_key

COHORT_KEY = bytes(range(32))
ON_DISK = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def header_for(file_id: str = "f1", lrecl: int | None = 128) -> tuple[bytes, bytes]:
    return new_header(dataset="CHOSHO.TEST", cohort="c1", cohort_key=COHORT_KEY, file_id=file_id, lrecl=lrecl)


def seal(path: Path, plain: bytes, *, lrecl: int | None = 128, cut: int = 1 << 20) -> tuple[Written, bytes]:
    path.unlink(missing_ok=True)
    header, file_key = header_for(lrecl=lrecl)
    writer = create_part(path, file_key, digest_key(COHORT_KEY), header)
    for start in range(0, len(plain), cut):
        writer.write(plain[start : start + cut])
    return writer.finish(), file_key


def unseal(path: Path, file_key: bytes | None, room: int = 1 << 20) -> bytes:
    reader = open_part(path, file_key)
    out, buffer = bytearray(), memoryview(bytearray(room))
    try:
        while got := reader.read_into(buffer):
            out += buffer[:got]
    finally:
        reader.close()
    return bytes(out)


@ON_DISK
@given(
    size=st.one_of(st.integers(0, 300_000), st.sampled_from([65_536, 131_072, 65_520, 1_048_576])),
    lrecl=st.sampled_from([None, 1, 7, 128, 1792, 65_536]),
    cut=st.integers(500, 400_000),
    room=st.integers(500, 400_000),
)
def test_any_size_in_any_pieces_comes_back(
    tmp_path: Path, size: int, lrecl: int | None, cut: int, room: int
) -> None:
    plain = os.urandom(size)
    path = tmp_path / "part"
    written, file_key = seal(path, plain, lrecl=lrecl, cut=cut)
    stored = path.read_bytes()
    assert unseal(path, file_key, room) == plain
    assert written == Written(
        stored_bytes=len(stored),
        plain_bytes=size,
        sha256=hashlib.sha256(stored).hexdigest(),
        hmac=hmac.digest(digest_key(COHORT_KEY), plain, "sha256").hex(),
    )
    header = read_header(path)
    segments = max(1, -(-size // header.segment))
    # Random bytes do not pack: each segment is as long as its content, and the total stands behind them.
    assert len(stored) == len(header.raw) + size + segments * SEGMENT_OVERHEAD + 8
    assert open_part(path, file_key).plain_bytes == size


@ON_DISK
@given(place=st.integers(0, 10**9), bit=st.integers(0, 7))
def test_any_flipped_bit_is_found(tmp_path: Path, place: int, bit: int) -> None:
    path = tmp_path / "part"
    _, file_key = seal(path, b"n" * 70_000 + os.urandom(130_000))
    stored = bytearray(path.read_bytes())
    stored[place % len(stored)] ^= 1 << bit
    path.write_bytes(stored)
    with pytest.raises(StopLine):
        unseal(path, file_key)


@ON_DISK
@given(keep=st.integers(0, 10**9))
def test_any_cut_is_found(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "part"
    _, file_key = seal(path, b"n" * 70_000 + os.urandom(130_000))
    stored = path.read_bytes()
    path.write_bytes(stored[: keep % len(stored)])
    with pytest.raises(StopLine):
        unseal(path, file_key)


@pytest.mark.parametrize("size", [0, 128, 65_536, 3 * 65_536])
def test_a_cut_between_segments_and_bytes_after_the_end_are_found(tmp_path: Path, size: int) -> None:
    path = tmp_path / "part"
    _, file_key = seal(path, os.urandom(size + 65_536))
    stored = path.read_bytes()
    stride = segment_bytes(128) + SEGMENT_OVERHEAD
    head = len(read_header(path).raw)
    for changed in (stored[: head + stride], stored + b"\0", stored + stored[-stride:], stored[:head]):
        if changed != stored:
            path.write_bytes(changed)
            with pytest.raises(StopLine):
                unseal(path, file_key)


def test_exchanged_segments_are_found(tmp_path: Path) -> None:
    path = tmp_path / "part"
    _, file_key = seal(path, os.urandom(65_536 * 3))
    stored = path.read_bytes()
    head, stride = len(read_header(path).raw), 65_536 + SEGMENT_OVERHEAD
    one, two = stored[head : head + stride], stored[head + stride : head + 2 * stride]
    path.write_bytes(stored[:head] + two + one + stored[head + 2 * stride :])
    with pytest.raises(StopLine, match=r"CHSK031S.*segment 0"):
        unseal(path, file_key)


def test_damage_is_named_by_file_and_segment(tmp_path: Path) -> None:
    path = tmp_path / "part"
    _, file_key = seal(path, os.urandom(65_536 * 3))
    stored = bytearray(path.read_bytes())
    stored[len(read_header(path).raw) + 65_536 + SEGMENT_OVERHEAD + 100] ^= 1
    path.write_bytes(stored)
    with pytest.raises(StopLine) as raised:
        unseal(path, file_key)
    assert raised.value.message_id == "CHSK031S"
    assert raised.value.fields == {"path": path, "segment": 1}


@ON_DISK
@given(words=st.lists(st.sampled_from([b" " * 500, b"0" * 90, b"abc", bytes(range(256))]), max_size=400))
def test_records_that_repeat_are_stored_packed_and_come_back(tmp_path: Path, words: list[bytes]) -> None:
    plain = b"".join(words) + b" " * 100_000
    path = tmp_path / "part"
    written, file_key = seal(path, plain)
    assert unseal(path, file_key) == plain
    assert written.stored_bytes < len(plain) // 2


def test_a_total_that_is_not_the_contents_is_found(tmp_path: Path) -> None:
    path = tmp_path / "part"
    _, file_key = seal(path, b"n" * 200_000)
    stored = path.read_bytes()
    path.write_bytes(stored[:-8] + (200_001).to_bytes(8, "little"))
    with pytest.raises(StopLine, match="CHSK031S"):
        unseal(path, file_key)


def test_no_record_straddles_two_segments() -> None:
    assert segment_bytes(1792) == 36 * 1792
    assert segment_bytes(128) == 65_536
    assert segment_bytes(None) == 65_536
    with pytest.raises(InputRefused, match="CHSK034E"):
        segment_bytes(65_537)


def test_the_same_content_never_gives_the_same_bytes(tmp_path: Path) -> None:
    one, _ = seal(tmp_path / "one", b"n" * 1000)
    other, _ = seal(tmp_path / "other", b"n" * 1000)
    assert one.sha256 != other.sha256
    assert one.hmac == other.hmac


def test_a_header_opens_only_with_its_cohort_and_under_its_own_name() -> None:
    header, file_key = header_for("f1")
    assert open_header(header, COHORT_KEY, file_id="f1") == file_key
    with pytest.raises(StopLine, match="CHSK033S"):
        open_header(header, COHORT_KEY, file_id="f2")
    with pytest.raises(StopLine, match="CHSK032S"):
        open_header(header, new_key())


@given(place=st.integers(0, 10**9), bit=st.integers(0, 7))
def test_any_changed_bit_of_a_header_is_found(place: int, bit: int) -> None:
    header = bytearray(header_for()[0])
    header[place % len(header)] ^= 1 << bit
    with pytest.raises(StopLine):
        open_header(bytes(header), COHORT_KEY)


def test_a_header_put_before_another_files_segments_is_found(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    _, key = seal(one, b"n" * 1000)
    seal(other, b"n" * 1000)
    head = len(read_header(one).raw)
    other.write_bytes(one.read_bytes()[:head] + other.read_bytes()[head:])
    with pytest.raises(StopLine, match="CHSK031S"):
        unseal(other, key)


@pytest.mark.parametrize(
    "content", [b"", b"CHOSHOSF", b"plain text, longer than a header's fixed part", os.urandom(500)]
)
def test_what_is_no_sealed_file_is_named_as_such(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(StopLine, match="CHSK030S"):
        SealedReader(path, new_key())


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="CHSD003E"):
        SealedReader(tmp_path / "gone", new_key())


def test_a_temporary_has_no_digests_and_reads_the_same(tmp_path: Path) -> None:
    header, file_key = header_for()
    writer = SealedWriter(disk.NewFile(tmp_path / "t"), header, file_key, temporary=True)
    writer.write(b"n" * 100_000)
    written = writer.finish()
    assert written[1:] == (100_000, "", None)
    assert written.stored_bytes > 100_000  # what is not made durable is not worth packing
    assert unseal(tmp_path / "t", file_key) == b"n" * 100_000


def test_raw_parts_have_the_same_interface(tmp_path: Path) -> None:
    writer = create_part(tmp_path / "r", None, None, b"")
    writer.write(b"abc" * 1000)
    assert writer.finish() == Written(3000, 3000, hashlib.sha256(b"abc" * 1000).hexdigest(), None)
    assert unseal(tmp_path / "r", None, room=700) == b"abc" * 1000
    assert open_part(tmp_path / "r", None).plain_bytes == 3000


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"x")
    header, file_key = header_for()
    with pytest.raises(StopLine, match="CHSD001S"):
        create_part(tmp_path / "there", file_key, None, header)


def test_a_full_disk_leaves_a_file_that_cannot_be_read_as_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header, file_key = header_for()
    writer = SealedWriter(disk.NewFile(tmp_path / "p"), header, file_key)
    monkeypatch.setattr(disk, "_calls", disk.Counter())
    monkeypatch.setenv("CHOSHO_DISK_FAULT", "write:2:ENOSPC")
    with pytest.raises(OSError, match="ENOSPC"):
        writer.write(os.urandom(3_000_000))
    monkeypatch.delenv("CHOSHO_DISK_FAULT")
    with pytest.raises(ChoshoError):
        unseal(tmp_path / "p", file_key)


def test_plain_content_is_nowhere_in_the_stored_bytes(tmp_path: Path) -> None:
    marker = b"INDIVIDUAL-NO-MARKER"
    seal(tmp_path / "p", marker * 5000)
    assert marker not in (tmp_path / "p").read_bytes()
