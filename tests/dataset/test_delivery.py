"""Deliveries: what waits in an inbox, and what is wrong with it."""

import errno
import hashlib
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from chosho import disk
from chosho.dataset import delivery
from chosho.vault.age import Encryptor
from chosho.vault.x25519 import new_identity
from tests.dataset.unreadable import unreadable

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
    return look(folder, name, plain=plain)


def look(folder: Path, name: str, *, plain: bool = True) -> delivery.Delivery:
    return delivery.look(folder.parent, folder.name, name, lrecl=LRECL, identities=[IDENTITY], plain=plain)


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
    found = look(tmp_path, "123456789012")
    assert (found.fault, found.name) == (delivery.NO_FILE, "_")


BYTES = b"x" * LRECL
STRANGE = b"\x8e\xf3\x95t.dat"
"""A name in Shift_JIS, which is no UTF-8."""


def lay(folder: Path, what: str, name: str = "entry") -> Path:
    """Lay something into a folder that is no file which can be read."""
    path = folder / name
    if what == "link":
        (folder.parent / "target").write_bytes(BYTES)
        path.symlink_to(folder.parent / "target")
    elif what == "broken link":
        path.symlink_to(folder / "nowhere")
    elif what == "folder":
        path.mkdir()
        (path / "inside").write_bytes(BYTES)
    elif what == "pipe":
        os.mkfifo(path)
    elif what == "file":
        path.write_bytes(BYTES)
    return path


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("what", ["link", "broken link", "folder", "pipe"])
def test_what_is_no_plain_file_is_refused_by_itself(inbox: Path, what: str) -> None:
    lay(inbox, what)
    found = look(inbox, "entry")
    assert (found.fault, found.sha256, found.part) == (delivery.NO_FILE, "", None)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO])
def test_a_file_that_the_system_does_not_let_us_read_is_refused_by_itself(
    inbox: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    lay(inbox, "file")
    unreadable(monkeypatch, "entry", number)
    found = look(inbox, "entry")
    assert (found.fault, found.sha256, found.part) == (delivery.UNREADABLE, "", None)


def test_a_name_that_is_no_text_is_refused_and_its_path_is_found_again(inbox: Path) -> None:
    name = os.fsdecode(STRANGE)
    lay(inbox, "file", name)
    found = look(inbox, name)
    assert (found.fault, found.part) == (delivery.NO_FILE, None)
    assert found.path.encode() == b"inbox//8ef395742e646174"
    assert delivery.located(inbox.parent, found.path) == inbox / name
    assert delivery.remove(inbox.parent, found.path, found.sha256)
    assert list(inbox.iterdir()) == []


OTHER, SAME, NONE = "other", hashlib.sha256(BYTES).hexdigest(), ""


@pytest.mark.parametrize(
    ("what", "given_up", "gone", "stays"),
    [
        ("nothing", SAME, True, False),
        ("nothing", NONE, True, False),
        ("file", SAME, True, False),
        ("file", OTHER, True, True),  # another file, which a night judges
        ("file", NONE, False, True),  # it can be read only now, and nobody has judged it
        ("link", NONE, True, False),
        ("broken link", NONE, True, False),
        ("pipe", NONE, True, False),
        ("folder", NONE, False, True),
        ("link", SAME, False, True),  # the file may lie where the link leads
        ("broken link", SAME, False, True),
        ("folder", SAME, False, True),
    ],
)
def test_what_was_given_up_is_gone_only_when_it_lies_there_no_more(
    inbox: Path, what: str, given_up: str, gone: bool, stays: bool
) -> None:
    path = lay(inbox, what)
    assert delivery.remove(inbox.parent, "inbox/entry", given_up) is gone
    assert os.path.lexists(path) is stays
    assert (inbox.parent / "target").exists() is (what == "link")  # never what a link leads to


@pytest.mark.parametrize(("given_up", "gone"), [(NONE, True), (SAME, False)])
def test_a_file_that_cannot_be_read_is_gone_when_it_was_given_up_as_such(
    inbox: Path, monkeypatch: pytest.MonkeyPatch, given_up: str, gone: bool
) -> None:
    path = lay(inbox, "file")
    unreadable(monkeypatch, "entry", errno.EACCES)
    assert delivery.remove(inbox.parent, "inbox/entry", given_up) is gone
    assert path.exists() is not gone


def test_what_the_system_does_not_let_us_remove_is_not_gone(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(inbox, "file")
    monkeypatch.setenv("CHOSHO_DISK_FAULT", "remove:1:EROFS")
    monkeypatch.setattr(disk, "_calls", Counter())
    assert not delivery.remove(inbox.parent, "inbox/entry", SAME)
