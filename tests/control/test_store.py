"""The control store as a whole: settings, set-up, age, two processes, kill -9 in a commit."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from chosho.control.runs import StepState
from chosho.control.store import ControlStore
from chosho.errors import InputRefused, StopLine
from tests.control.conftest import AT, DSN, House


def test_the_database_is_private_durable_and_forgets_what_it_deletes(house: House) -> None:
    database = house.store._database
    settings = {
        name: database.rows(f"PRAGMA {name}")[0][0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    folder = house.root / "control"
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_store_is_set_up_once(house: House) -> None:
    with pytest.raises(InputRefused, match="CHSJ002E"):
        ControlStore.create(house.root, house.keys, at=AT, who="tester")
    house.reopen()


def test_a_set_up_that_was_killed_before_its_tables_is_completed(house: House, tmp_path: Path) -> None:
    path = tmp_path / "other" / "control" / "chosho.db"
    path.parent.mkdir(parents=True, mode=0o700)
    path.touch(mode=0o600)
    with pytest.raises(StopLine, match="CHSJ005S"):
        ControlStore.open(tmp_path / "other", house.keys)
    ControlStore.create(tmp_path / "other", house.keys, at=AT, who="tester").close()
    ControlStore.open(tmp_path / "other", house.keys).close()


def test_a_missing_store_is_named(house: House, tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="CHSJ001E"):
        ControlStore.open(tmp_path / "nowhere", house.keys)


@pytest.mark.parametrize(
    "content", [b"no database at all, but a text that is long enough" * 20, b"\0" * 8192]
)
def test_another_file_in_its_place_stops_the_line(house: House, content: bytes) -> None:
    house.store.close()
    for path in (house.root / "control").iterdir():
        path.unlink()
    (house.root / "control" / "chosho.db").write_bytes(content)
    with pytest.raises(StopLine, match=r"CHSJ00[45]S"):
        ControlStore.open(house.root, house.keys)


def test_a_store_of_another_version_stops_the_line(house: House) -> None:
    house.store.close()
    with sqlite3.connect(house.root / "control" / "chosho.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StopLine, match=r"CHSJ005S.*found 99, known 4"):
        ControlStore.open(house.root, house.keys)


def test_a_store_older_than_the_newest_head_stops_the_line(house: House, tmp_path: Path) -> None:
    house.store.journal.write_head()
    house.store.close()
    shutil.copytree(house.root, tmp_path / "backup")
    house.store = ControlStore.open(house.root, house.keys)
    house.begin()
    house.store.journal.write_head()
    house.store.close()
    with pytest.raises(StopLine, match="CHSJ010S"):
        ControlStore.open(tmp_path / "backup", house.keys)
    house.store = ControlStore.open(house.root, house.keys)


def test_a_lost_store_is_not_silently_made_anew(house: House) -> None:
    house.store.journal.write_head()
    house.store.close()
    shutil.rmtree(house.root)
    with pytest.raises(StopLine, match="CHSJ011S"):
        ControlStore.create(house.root, house.keys, at=AT, who="tester")


def test_a_backup_opens_and_holds_the_same(house: House, tmp_path: Path) -> None:
    house.publish(house.begin(), "S1", 1, "f1")
    target = tmp_path / "restored" / "control" / "chosho.db"
    target.parent.mkdir(parents=True, mode=0o700)
    house.store.backup(target)
    assert target.stat().st_mode & 0o777 == 0o600
    with ControlStore.open(tmp_path / "restored", house.keys) as restored:
        assert restored.generations.catalogued(DSN) == house.store.generations.catalogued(DSN)
        assert restored.journal.verify() == ()


def fail_after(house: House, kind: str) -> None:
    """Append a row and fail, in one transaction."""
    with house.store.transaction():
        house.store.journal.append(kind, "tester", at=AT)
        house.store.runs.get("NONE")


def test_a_transaction_that_fails_leaves_nothing(house: House) -> None:
    before = house.store.journal.head()
    with pytest.raises(InputRefused, match="CHSJ023E"):
        fail_after(house, "first")
    assert house.store.runs.list() == ()
    assert house.store.journal.head() == before


def test_an_inner_failure_that_is_caught_leaves_nothing_of_the_inner_part(house: House) -> None:
    with house.store.transaction():
        house.begin()
        with pytest.raises(InputRefused, match="CHSJ023E"):
            fail_after(house, "inner")
    assert [row.kind for row in house.store.journal.rows()] == ["store.create", "run.begin"]
    assert house.store.journal.verify() == ()


WRITE = """
import sys
from pathlib import Path
from chosho.control.store import ControlStore
from chosho.vault.keys import KeyStore
with ControlStore.open(Path(sys.argv[1]), KeyStore(Path(sys.argv[2]))) as store:
    for number in range(20):
        store.journal.append("count", sys.argv[3], {"number": number}, at="t")
"""


def test_two_processes_append_at_once_and_the_chain_holds(house: House) -> None:
    arguments = [sys.executable, "-c", WRITE, str(house.root), str(house.keys.folder)]
    programs = [subprocess.Popen([*arguments, name]) for name in ("a", "b")]
    assert [program.wait() for program in programs] == [0, 0]
    assert sum(row.kind == "count" for row in house.store.journal.rows()) == 40
    assert house.store.journal.verify() == ()


COMMIT = """
import sys
from datetime import date
from pathlib import Path
from chosho.control.files import Output
from chosho.control.runs import Reference
from chosho.control.store import ControlStore, StepCommit
from chosho.vault.keys import KeyStore
from tests.control.conftest import Written
root, keys, name = sys.argv[1:]
with ControlStore.open(Path(root), KeyStore(Path(keys))) as store:
    store.runs.begin("KILLED", date(2027, 1, 1), {"NAME": name}, fingerprint="f", references=[], at="t", who="w")
    run = store.runs.find("KILLED", date(2027, 1, 1), {"NAME": name}).id
    for number in range(1, 10000):
        step = f"S{number}"
        store.runs.step_begin(run, step, at="t")
        ids = [f"{name}.{number}.{part}" for part in range(5)]
        one, other = (
            store.generations.intend(run, step, dsn, f"{dsn}.{name}", number=number, cohort=None, files=files)
            for dsn, files in (("A", {id: id for id in ids[:3]}), ("B", {id: id for id in ids[3:]}))
        )
        outputs = (
            Output(generation=one, parts=[Written(id) for id in ids[:3]]),
            Output(generation=other, parts=[Written(id) for id in ids[3:]]),
        )
        commit = StepCommit(rc=0, failed=False, counts={"n": number}, at="t", elapsed=0.0, who="w", outputs=outputs)
        store.commit_step(run, step, commit)
        print(number, flush=True)
"""


@pytest.mark.parametrize("delay", [0.001, 0.004, 0.007, 0.012])
def test_kill_9_in_the_middle_of_a_commit_leaves_all_or_nothing(house: House, delay: float) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", COMMIT, str(house.root), str(house.keys.folder), "k"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    reported = int(program.stdout.readline())
    time.sleep(delay)
    program.send_signal(signal.SIGKILL)
    reported = max([reported, *map(int, program.stdout.read().split())])
    program.wait()
    program.stdout.close()

    house.reopen()
    run = house.store.runs.list()[0]
    done = {name for name, step in house.store.runs.steps(run.id).items() if step.state is StepState.FINISHED}
    assert len(done) >= reported
    for dsn, parts in (("A.k", 3), ("B.k", 2)):
        generations = house.store.generations.catalogued(dsn)
        assert {f"S{generation.number}" for generation in generations} == done
        assert {len(house.store.generations.parts(generation.id)) for generation in generations} == {parts}
        assert {generation.records for generation in generations} == {parts * 10}
    assert house.store.journal.verify() == ()
    assert {intent.step for intent in house.store.generations.pending_intents()} <= {f"S{len(done) + 1}"}


def test_no_value_of_a_database_error_reaches_a_message(house: House) -> None:
    run = house.begin()
    house.intend(run, "S1", 1, "f1")
    with pytest.raises(StopLine, match=r"CHSJ004S.*UNIQUE constraint failed"):
        house.intend(run, "S1", 1, "f1")
