"""``chosho backup``, ``verify-backup`` and ``restore`` on a data root on which JANUARY has run."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from chosho.batch.locks import Locks, dataset_lock
from tests.cli.conftest import Answer, Chosho, Ran

Call = Callable[..., Answer]


@pytest.fixture
def house(ran: Ran, chosho: Chosho, tmp_path: Path) -> Call:
    """Return a function that runs a command on a root in ``tmp_path``, named first; ``root`` is a copy of ``ran``'s."""
    shutil.copytree(ran.root, tmp_path / "root")
    shutil.copytree(ran.keys, tmp_path / "keys")

    def run(root: str, *words: object) -> Answer:
        return chosho("--root", tmp_path / root, "--keys", tmp_path / "keys", *words)

    return run


def test_a_january_comes_back_and_goes_on(house: Call, tmp_path: Path) -> None:
    answer = house("root", "backup", tmp_path / "backup")
    assert answer.code == 0, answer.err
    answer = house("root", "verify-backup", tmp_path / "backup")
    assert answer.code == 0, answer.err
    assert "backup sound: " in answer.out
    answer = house("again", "restore", tmp_path / "backup", "--reason", "disk lost")
    assert answer.code == 4, answer.err
    assert "CHOSHO.MEDIA.IMAGE.G0001V00 is a staging copy" in answer.out
    before, after = (house(root, "listcat").out.splitlines() for root in ("root", "again"))
    gone = [line for line in before if line not in after]
    assert all("CHOSHO.MEDIA.AGE" in line or "CHOSHO.MEDIA.IMAGE" in line for line in gone), gone
    for words in (
        ("journal", "verify", "--data"),
        ("browse", "CHOSHO.PAYMENT.REJECT"),
        ("submit", "SCRATCH", "--date", "2027-01-13"),
    ):
        answer = house("again", *words)
        assert answer.code == 0, (words, answer.err)
    answer = house("root", "journal", "verify")  # the root that was given up
    assert (answer.code, "CHSJ010S" in answer.err) == (16, True)


def test_a_backup_beside_a_run_is_refused_and_leaves_nothing(house: Call, tmp_path: Path) -> None:
    locks = Locks(tmp_path / "root" / "control" / "locks")
    for name, exclusive in ((dataset_lock("CHOSHO.PAYMENT.DATA"), True), ("night", True)):
        assert locks.attempt(name, exclusive=exclusive)
        answer = house("root", "backup", tmp_path / "backup")
        locks.release_all()
        assert (answer.code, "CHSB066E" in answer.err) == (12, True)
    assert not (tmp_path / "backup").exists()


def test_a_reader_does_not_keep_a_backup_from_being_made(house: Call, tmp_path: Path) -> None:
    locks = Locks(tmp_path / "root" / "control" / "locks")
    assert locks.attempt(dataset_lock("CHOSHO.STATEMENT.K310"), exclusive=False)
    assert house("root", "backup", tmp_path / "backup").code == 0
    locks.release_all()


def test_what_is_wrong_has_its_message_and_code(house: Call, tmp_path: Path) -> None:
    assert house("root", "backup", tmp_path / "backup").code == 0
    for words, code, message in (
        (("backup", tmp_path / "backup"), 12, "CHSD160E"),
        (("restore", tmp_path / "backup", "--reason", "r"), 12, "CHSD160E"),
        (("verify-backup", tmp_path / "nowhere"), 12, "CHSD161E"),
    ):
        answer = house("root", *words)
        assert (answer.code, message in answer.err) == (code, True), answer.err
    assert "CHSJ041E" in house("new", "restore", tmp_path / "backup").err
    part = max((tmp_path / "backup" / "data").iterdir(), key=lambda path: path.stat().st_size)
    part.write_bytes(part.read_bytes()[:-1])
    for words in (("verify-backup", tmp_path / "backup"), ("restore", tmp_path / "backup", "--reason", "r")):
        answer = house("new", *words)
        assert (answer.code, "CHSD162S" in answer.err) == (16, True), answer.err
    assert not (tmp_path / "new" / "CATALOG.yaml").exists()
