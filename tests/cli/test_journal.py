"""``chosho journal``."""

import json
import shutil
import sqlite3
from pathlib import Path

from tests.cli.conftest import Chosho, Ran


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
