"""Deliveries: what waits in an inbox, and what is wrong with it."""

from pathlib import Path

import numpy as np
import pytest

from chosho.dataset import delivery
from chosho.vault.age import Encryptor
from chosho.vault.x25519 import new_identity

LRECL = 200
RECORDS = np.arange(400 * LRECL, dtype=np.uint64).astype(np.uint8).reshape(-1, LRECL)
IDENTITY, RECIPIENT = new_identity()


def encrypted(data: bytes, recipient: str = RECIPIENT) -> bytes:
    pieces: list[bytes] = []
    encryptor = Encryptor(lambda piece: pieces.append(bytes(piece)), recipients=[recipient])
    encryptor.write(data)
    encryptor.finish()
    return b"".join(pieces)


def looked(folder: Path, name: str, data: bytes, *, plain: bool = False) -> delivery.Delivery:
    (folder / name).write_bytes(data)
    return delivery.look(folder, name, lrecl=LRECL, identities=[IDENTITY], plain=plain)


def content(found: delivery.Delivery) -> bytes:
    return b"".join(block.tobytes() for block in found.blocks(LRECL))


@pytest.mark.parametrize("records", [0, 1, 327, 328, 400])
def test_a_file_for_us_is_read_as_it_was_sent_and_can_be_read_again(tmp_path: Path, records: int) -> None:
    """328 records cross the border of an age chunk (65,536 bytes)."""
    data = RECORDS[:records].tobytes()
    found = looked(tmp_path, "COUNTER.20270112.000001.age", encrypted(data))
    assert (found.fault, found.part and found.part.records) == ("", records)
    assert content(found) == data == content(found)


def test_a_plain_file_is_refused_except_where_data_are_synthetic(tmp_path: Path) -> None:
    data = RECORDS.tobytes()
    assert looked(tmp_path, "a", data).fault == delivery.PLAIN
    assert content(looked(tmp_path, "b", data, plain=True)) == data


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (encrypted(RECORDS.tobytes(), new_identity()[1]), delivery.NOT_FOR_US),
        (encrypted(RECORDS.tobytes())[:100], delivery.NOT_FOR_US),
        (encrypted(b"")[:-1], delivery.NOT_FOR_US),
        (encrypted(RECORDS.tobytes()[:-1]), delivery.NO_RECORDS),
        (encrypted(RECORDS.tobytes())[:-1], delivery.NO_RECORDS),
    ],
    ids=[
        "for another",
        "cut in its header",
        "cut in its only chunk",
        "sent as no whole records",
        "cut by a byte",
    ],
)
def test_what_cannot_be_read_at_all_has_its_reason(tmp_path: Path, data: bytes, fault: str) -> None:
    found = looked(tmp_path, "a", data)
    assert (found.fault, found.part) == (fault, None)


def test_a_damaged_content_is_found_while_it_is_read(tmp_path: Path) -> None:
    data = bytearray(encrypted(RECORDS.tobytes()))
    data[-20] ^= 1
    found = looked(tmp_path, "a", bytes(data))
    with pytest.raises(delivery.DamagedDelivery):
        content(found)


def test_a_content_that_was_cut_off_by_whole_records_is_found(tmp_path: Path) -> None:
    found = looked(tmp_path, "a", encrypted(RECORDS.tobytes())[: -5 * LRECL])
    assert found.fault == ""
    with pytest.raises(delivery.DamagedDelivery):
        content(found)


def test_files_still_being_written_do_not_wait(tmp_path: Path) -> None:
    for name in (".a.new", "b", "a"):
        (tmp_path / name).write_bytes(b"")
    assert delivery.waiting(tmp_path) == ["a", "b"]
    assert delivery.waiting(tmp_path / "none") == []


def test_a_link_is_not_followed_and_a_name_says_no_number(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"")
    (tmp_path / "123456789012").symlink_to(tmp_path / "target")
    found = delivery.look(tmp_path, "123456789012", lrecl=LRECL, identities=[IDENTITY], plain=True)
    assert (found.fault, found.name) == (delivery.NO_FILE, "_")
