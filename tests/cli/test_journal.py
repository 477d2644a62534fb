"""``chosho journal``."""

import json
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from chosho.media.disc import Disc
from chosho.vault.signature import BEGIN
from tests.cli.conftest import Chosho, Ran
from tests.rights import withhold
from tests.tools import tool


def test_a_sound_journal_shows_its_head(on: Chosho):
    answer = on("journal", "verify")
    assert answer.code == 0
    assert answer.out.startswith("journal sound: ")


def test_rows_are_shown_as_text_and_as_json(on: Chosho):
    assert "run.begin" in on("journal", "show").out
    rows = [json.loads(line) for line in on("journal", "show", "--start", 2, "--json").out.splitlines()]
    assert rows[0]["seq"] == 2
    assert {"at", "kind", "who", "fields"} <= set(rows[0])


def test_an_edited_row_is_found(ran: Ran, tmp_path: Path, chosho: Chosho):
    shutil.copytree(ran.root, tmp_path / "root")
    shutil.copytree(ran.keys, tmp_path / "keys")
    with sqlite3.connect(tmp_path / "root" / "control" / "chosho.db") as database:
        tables = [
            name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ]
        for name in tables:
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE journal SET who = 'somebody' WHERE seq = 3")
    database.close()
    answer = chosho("--root", tmp_path / "root", "--keys", tmp_path / "keys", "journal", "verify")
    assert answer.code == 16
    assert "row 3: " in answer.err
    assert "CHSL020S" in answer.err


def test_the_heads_of_a_job_log_and_of_a_disc_are_in_the_journal(ran: Ran, on: Chosho, tmp_path: Path):
    log = ran.root / "spool" / ran.run / "JOBLOG.txt"
    image = ran.root / json.loads(on("media", "list", "--json").out)[0]["path"]
    note = tmp_path / "journal-head.txt"
    with Disc(image) as disc:
        note.write_bytes(disc.read(note.name))
    answer = on("journal", "verify", "--head", log, "--head", note)
    assert answer.code == 0
    assert (
        f"{log}: 2 heads of this journal, 1 of them signed" in answer.out
    )  # the line, and the note below it
    assert f"{note}: 1 heads of this journal, 1 of them signed" in answer.out


def test_a_head_that_the_journal_never_had_is_found(on: Chosho, tmp_path: Path):
    (tmp_path / "paper").write_text(f"3:{'0' * 64}\n")
    answer = on("journal", "verify", "--head", tmp_path / "paper")
    assert answer.code == 16
    assert "row 3: head" in answer.err


def test_what_holds_no_head_is_refused(on: Chosho, tmp_path: Path):
    (tmp_path / "empty").touch()
    with (tmp_path / "large").open("wb") as file:
        file.truncate(1 << 30)
    for name, message in (("empty", "CHSJ017E"), ("large", "CHSD112E"), ("missing", "CHSD003E")):
        answer = on("journal", "verify", "--head", tmp_path / name)
        assert (answer.code, message in answer.err) == (12, True)


def test_debians_ssh_keygen_verifies_what_journal_note_prints(on: Chosho, tmp_path: Path):
    program = tool("ssh-keygen")
    text, mark, signature = on("journal", "note").out.partition(BEGIN)
    (tmp_path / "sig").write_text(mark + signature)
    (tmp_path / "signers").write_text(on("journal", "public-key").out)
    command = [program, "-Y", "verify", "-f", tmp_path / "signers", "-I", "chosho"]
    command += ["-n", "chosho-journal-head", "-s", tmp_path / "sig"]
    for given, code in ((text, 0), (text.replace("head ", "head 1"), 255)):
        found = subprocess.run(command, input=given.encode(), capture_output=True, check=False)
        assert found.returncode == code


def test_the_data_of_a_january_agree_with_its_journal_until_a_file_is_changed(
    ran: Ran, chosho: Chosho, tmp_path: Path
):
    shutil.copytree(ran.root, tmp_path / "root")
    shutil.copytree(ran.keys, tmp_path / "keys")
    verify = ("--root", tmp_path / "root", "--keys", tmp_path / "keys", "journal", "verify", "--data")
    answer = chosho(*verify)
    assert (answer.code, "agree with the journal" in answer.out) == (0, True), answer.err
    part = max((tmp_path / "root" / "data").iterdir(), key=lambda path: path.stat().st_size)
    part.write_bytes(part.read_bytes()[::-1])
    answer = chosho(*verify)
    assert (answer.code, "CHSL021S" in answer.err, f"data/{part.name}: changed" in answer.err) == (
        16,
        True,
        True,
    )


def test_repeated_refusals_are_told_with_code_4(
    ran: Ran, chosho: Chosho, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    shutil.copytree(ran.root, tmp_path / "root")
    shutil.copytree(ran.keys, tmp_path / "keys")
    settings = tmp_path / "root" / "SETTINGS.yaml"
    text = settings.read_text(encoding="utf-8").replace('opens: "07:00"', 'opens: "00:00"')
    text = text.replace('closes: "21:00"', 'closes: "24:00"').replace("days_off: true", "days_off: false")
    text = text.replace(
        "passphrases: 5", "passphrases: 500"
    )  # other tests have used those of this data root, too
    settings.write_text(text, encoding="utf-8")
    where = ("--root", tmp_path / "root", "--keys", tmp_path / "keys")
    assert chosho(*where, "journal", "unusual").code == 0
    with monkeypatch.context() as patch:
        withhold(patch, "media.use", "journal.use")
        patch.setenv("CHOSHO_PERSON", "suzuki")
        for words in (
            ("browse", "CHOSHO.MEDIA.PLAN"),
            ("browse", "CHOSHO.MEDIA.PLAN"),
            ("journal", "unusual"),
        ):
            answer = chosho(*where, *words)
            assert (answer.code, "CHSJ040E" in answer.err) == (12, True)
    answer = chosho(*where, "journal", "unusual", "--json")
    (found,) = json.loads(answer.out)
    assert (answer.code, found["person"], found["rule"], found["amount"]) == (4, "suzuki", "REFUSALS", 3)
    assert "suzuki" in chosho(*where, "journal", "unusual").out
    looks = [json.loads(line) for line in chosho(*where, "journal", "show", "--json").out.splitlines()]
    assert [row["kind"] for row in looks].count("journal.look") == 3
