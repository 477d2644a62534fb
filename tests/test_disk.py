"""The disk: who may reach what is made, and what is no file is refused."""

import os
import socket
import stat
from pathlib import Path

import pytest

from chosho import disk
from chosho.errors import InputRefused


def test_every_folder_that_is_made_is_its_owners_alone(tmp_path: Path):
    before = os.umask(0o022)
    try:
        disk.make_folder(tmp_path / "root" / "control" / "locks")
    finally:
        os.umask(before)
    made = [tmp_path / "root", tmp_path / "root/control", tmp_path / "root/control/locks"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in made] == [0o700] * 3


def test_the_entry_of_every_folder_that_is_made_is_durable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    synced: list[Path] = []
    monkeypatch.setattr(disk, "sync_folder", synced.append)
    disk.make_folder(tmp_path / "root" / "data")
    disk.make_folder(tmp_path / "root" / "data")
    assert synced == [tmp_path, tmp_path / "root"]


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path):
    (tmp_path / "wide").mkdir()
    (tmp_path / "wide").chmod(0o755)
    disk.make_folder(tmp_path / "wide")
    assert stat.S_IMODE((tmp_path / "wide").stat().st_mode) == 0o755


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path))


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, _socket, lambda path: path.symlink_to("/etc/passwd")])
def test_what_is_no_file_is_refused_and_never_waited_for(tmp_path: Path, make):
    make(tmp_path / "thing")
    with pytest.raises(InputRefused, match="CHSD004E"):
        disk.OldFile(tmp_path / "thing")
