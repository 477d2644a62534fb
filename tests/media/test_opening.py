"""Opening a disc."""

import stat
from pathlib import Path

import pytest

from chosho.errors import InputRefused, StopLine
from chosho.media.opening import open_image
from tests.media.discs import PASSPHRASE, ROWS, Check, encrypted, make_image, raw_image, tags


def test_the_plain_files_are_what_was_encrypted(tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    opened = open_image(make_image(tmp_path), out, PASSPHRASE, Check)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == ROWS
    assert [(file.path.name, file.records, file.findings) for file in opened] == [
        ("310dat01.txt", 2, 0),
        ("366dat01.txt", 1, 0),
    ]
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "366dat01.txt").write_bytes(b"mine")
    with pytest.raises(InputRefused, match="CHSM042E"):
        open_image(make_image(tmp_path), tmp_path, PASSPHRASE, Check)
    assert (tmp_path / "366dat01.txt").read_bytes() == b"mine"
    assert not (tmp_path / "310dat01.txt").exists()


def test_a_wrong_passphrase_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="CHSM025E"):
        open_image(make_image(tmp_path), tmp_path / "out", "wrong", Check)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_that_breaks_off_takes_the_earlier_ones_with_it(tmp_path: Path) -> None:
    payload = {
        "data/310dat01.txt.age": encrypted(b"310,A,1\r\n"),
        "data/366dat01.txt.age": encrypted(bytes(150_000))[:-1],
    }
    path = raw_image(tmp_path / "x.iso", payload | tags(payload))
    with pytest.raises(StopLine, match=r"CHSM026S.*366dat01"):
        open_image(path, tmp_path / "out", PASSPHRASE, Check)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_damaged_disc_is_not_opened(tmp_path: Path) -> None:
    path = make_image(tmp_path)
    data = bytearray(path.read_bytes())
    data[data.index(b"age-encryption") + 300] ^= 1
    path.write_bytes(data)
    with pytest.raises(StopLine, match="CHSM022S"):
        open_image(path, tmp_path / "out", PASSPHRASE, Check)
    assert not (tmp_path / "out").exists()
