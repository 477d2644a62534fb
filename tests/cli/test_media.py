"""``chosho media`` and ``chosho check``: register, passphrase, verify, open, check."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Chosho


@pytest.fixture
def disc(on: Chosho) -> dict[str, object]:
    """Return the one row of the media register."""
    (row,) = json.loads(on("media", "list", "--json").out)
    return row


@pytest.fixture
def passphrase(disc: dict[str, object], on: Chosho, tmp_path: Path) -> Path:
    """Return a file with the disc's passphrase."""
    answer = on("media", "password", disc["password_id"], "--reason", "handing over")
    path = tmp_path / "passphrase"
    path.write_text(answer.out)
    return path


def test_the_register_names_path_password_and_digest(disc: dict[str, object], on: Chosho):
    assert {"path", "password_id", "sha256", "volume"} <= set(disc)
    assert Path(str(disc["path"])).is_file()
    assert str(disc["id"]) in on("media", "list").out


def test_each_look_at_a_passphrase_is_on_record(disc: dict[str, object], passphrase: Path, on: Chosho):
    assert passphrase.read_text().strip()
    rows = [json.loads(line) for line in on("journal", "show", "--json").out.splitlines()]
    last = [row for row in rows if row["kind"] == "password.show"][-1]
    assert last["fields"] == {"password": disc["password_id"], "reason": "handing over"}
    assert passphrase.read_text().strip() not in json.dumps(rows)


def test_a_look_needs_a_reason(disc: dict[str, object], on: Chosho):
    answer = on("media", "password", disc["password_id"], "--reason", "  ")
    assert (answer.code, answer.err.split()[0], answer.out) == (12, "CHSJ041E", "")


def test_verify_reads_the_image_with_the_kept_passphrase(disc: dict[str, object], on: Chosho):
    answer = on("media", "verify", disc["path"])
    assert (answer.code, "310dat01.txt" in answer.out) == (0, True)
    report = json.loads(on("media", "verify", disc["path"], "--json").out)
    assert report["image_sha256"] == disc["sha256"]


def test_a_stranger_opens_the_disc_with_its_passphrase_only(
    disc: dict[str, object], passphrase: Path, tmp_path: Path, chosho: Chosho
):
    answer = chosho("media", "open", disc["path"], "--out", tmp_path / "out", "--passphrase-file", passphrase)
    assert answer.code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["310dat01.txt", "366dat01.txt"]
    again = chosho("media", "open", disc["path"], "--out", tmp_path / "out", "--passphrase-file", passphrase)
    assert (again.code, again.err.split()[0]) == (12, "CHSM042E")


def test_a_mistyped_passphrase_is_told_before_the_image_is_read(
    disc: dict[str, object], passphrase: Path, tmp_path: Path, chosho: Chosho
):
    text = passphrase.read_text().strip()
    passphrase.write_text(text[:-1] + ("0" if text[-1] != "0" else "1"))
    answer = chosho("media", "open", disc["path"], "--out", tmp_path / "out", "--passphrase-file", passphrase)
    assert (answer.code, answer.err.split()[0]) == (12, "CHSK050E")
    assert text[:5] not in answer.err


def test_an_empty_passphrase_file_is_refused(disc: dict[str, object], tmp_path: Path, chosho: Chosho):
    empty = tmp_path / "empty"
    empty.write_text("\n")
    answer = chosho("media", "open", disc["path"], "--out", tmp_path / "out", "--passphrase-file", empty)
    assert (answer.code, answer.err.split()[0]) == (12, "CHSL016E")


def test_what_is_no_image_stops(passphrase: Path, tmp_path: Path, chosho: Chosho):
    answer = chosho("media", "open", passphrase, "--out", tmp_path / "out", "--passphrase-file", passphrase)
    assert answer.code == 16
    assert not (tmp_path / "out").exists()


def test_check_takes_files_and_folders(
    disc: dict[str, object], passphrase: Path, tmp_path: Path, chosho: Chosho
):
    chosho("media", "open", disc["path"], "--out", tmp_path / "out", "--passphrase-file", passphrase)
    assert chosho("check", tmp_path / "out").code == 0
    results = json.loads(chosho("check", tmp_path / "out" / "310dat01.txt", "--json").out)
    assert [(one["kind"], one["errors"]) for one in results] == [("310", 0)]


def test_check_counts_what_is_wrong_and_shows_no_content(
    disc: dict[str, object], passphrase: Path, tmp_path: Path, chosho: Chosho
):
    chosho("media", "open", disc["path"], "--out", tmp_path / "out", "--passphrase-file", passphrase)
    path = tmp_path / "out" / "310dat01.txt"
    rows = path.read_bytes().split(b"\r\n")
    path.write_bytes(b"\r\n".join([rows[0] + b",", *rows[1:]]))
    answer = chosho("check", path)
    assert answer.code == 8
    assert rows[0].split(b",")[13].decode("cp932") not in answer.out


@pytest.mark.parametrize(
    ("name", "message"), [("nothing.txt", "CHSD003E"), (".", "CHSL028E"), ("disc.iso", "CHSD003E")]
)
def test_check_refuses_what_is_no_statement_file(name: str, message: str, tmp_path: Path, chosho: Chosho):
    answer = chosho("check", tmp_path / name)
    assert (answer.code, answer.err.split()[0]) == (12, message)
