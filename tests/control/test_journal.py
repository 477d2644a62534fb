"""The journal: every edit, removal, exchange and cut is found; nothing personal gets in."""

import json
import sqlite3

import pytest

from chosho.control.journal import Fault
from chosho.errors import StopLine
from chosho.vault.wrap import new_key
from tests.control.conftest import AT, House


def fill(house: House, rows: int = 8) -> None:
    for number in range(rows):
        house.store.journal.append("test", "tester", {"number": number, "name": "あ"}, at=AT)


def forge(house: House, *statements: str) -> None:
    """Change the journal as somebody with the file and a database program would."""
    connection = sqlite3.connect(house.root / "control" / "chosho.db")
    connection.executescript("DROP TRIGGER journal_is_never_edited; DROP TRIGGER journal_is_never_cut;")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_rows_come_back_in_order_and_the_chain_holds(house: House) -> None:
    fill(house)
    rows = list(house.store.journal.rows())
    assert [row.seq for row in rows] == list(range(1, 10))
    assert rows[-1].fields == {"number": 7, "name": "あ"}
    assert house.store.journal.head().hash == rows[-1].hash
    assert house.store.journal.verify() == ()
    assert [row.seq for row in house.store.journal.rows(start=8)] == [8, 9]


def test_rows_of_some_kinds_come_back_in_order(house: House) -> None:
    for kind in ("one", "two", "three", "one"):
        house.store.journal.append(kind, "tester", at=AT)
    assert [row.kind for row in house.store.journal.rows(kinds=("three", "one"))] == ["one", "three", "one"]
    assert [row.seq for row in house.store.journal.rows(start=3, kinds=("one", "two"))] == [3, 5]


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE journal SET fields = '{}' WHERE seq = 4", Fault(seq=4, problem="edited")),
        ("UPDATE journal SET at = '2020-01-01' WHERE seq = 4", Fault(seq=4, problem="edited")),
        ("UPDATE journal SET who = 'nobody' WHERE seq = 9", Fault(seq=9, problem="edited")),
        ("UPDATE journal SET sealed = x'00' WHERE seq = 1", Fault(seq=1, problem="edited")),
        ("DELETE FROM journal WHERE seq = 4", Fault(seq=4, problem="missing")),
        ("DELETE FROM journal WHERE seq = 1", Fault(seq=1, problem="missing")),
        ("DELETE FROM journal WHERE seq >= 7", Fault(seq=9, problem="missing")),
    ],
)
def test_an_edit_a_removal_and_a_cut_are_found(house: House, statement: str, fault: Fault) -> None:
    fill(house)
    house.store.journal.write_head()
    forge(house, statement)
    assert fault in house.store.journal.verify()


def test_exchanged_rows_are_found(house: House) -> None:
    fill(house)
    forge(
        house,
        "UPDATE journal SET seq = 100 WHERE seq = 4",
        "UPDATE journal SET seq = 4 WHERE seq = 5",
        "UPDATE journal SET seq = 5 WHERE seq = 100",
    )
    assert {fault.seq for fault in house.store.journal.verify()} >= {4, 5}


def test_a_journal_that_was_written_anew_from_an_edited_row_on_is_found_by_its_head(house: House) -> None:
    fill(house)
    house.store.journal.write_head()
    rows = [(row.kind, row.who, row.fields) for row in house.store.journal.rows(start=5)]
    forge(house, "DELETE FROM journal WHERE seq >= 5")
    for kind, who, fields in rows:
        house.store.journal.append(kind, who, {**fields, "number": 99}, at=AT)
    assert house.store.journal.verify() == (Fault(seq=9, problem="head"),)
    with pytest.raises(StopLine, match="CHSJ010S"):
        house.reopen()


def test_an_older_head_finds_a_rewriting_that_the_latest_head_was_made_to_fit(house: House) -> None:
    fill(house)
    house.store.journal.write_head()
    forge(house, "DELETE FROM journal WHERE seq >= 5")
    fill(house, 10)
    with pytest.raises(StopLine, match="CHSJ010S"):
        house.store.journal.require_current()
    assert Fault(seq=9, problem="head") in house.store.journal.verify()


def test_the_database_itself_refuses_edits(house: House) -> None:
    fill(house)
    for statement in ("UPDATE journal SET who = 'x'", "DELETE FROM journal"):
        with pytest.raises(StopLine, match=r"CHSJ004S.*append-only"):
            house.store._database.change(statement)


def test_every_job_end_leaves_a_head_and_the_latest_is_the_last(house: House) -> None:
    first = house.store.journal.write_head()
    fill(house)
    second = house.store.journal.write_head()
    assert house.store.journal.write_head() == second
    names = sorted(path.name for path in house.keys.heads.iterdir())
    assert names == [f"{first.seq:012d}.json", f"{second.seq:012d}.json", "latest.json"]
    assert json.loads((house.keys.heads / "latest.json").read_text())["hash"] == second.hash


def test_a_head_survives_a_rotation_of_the_master_key(house: House) -> None:
    house.store.journal.write_head()
    house.keys.rotate_master()
    house.reopen()
    assert house.store.journal.verify() == ()


@pytest.mark.parametrize("name", ["latest.json", "000000000001.json"])
def test_a_head_that_was_changed_stops_the_line(house: House, name: str) -> None:
    head = house.store.journal.write_head()
    path = house.keys.heads / name
    body = json.loads(path.read_text())
    for changed in (json.dumps({**body, "seq": 0}), json.dumps({**body, "hash": "0" * 64}), "{}", ""):
        path.write_text(changed)
        with pytest.raises(StopLine, match="CHSJ012S"):
            house.store.journal.require_current()
        with pytest.raises(StopLine, match="CHSJ012S"):
            house.store.journal.verify()
    assert head.seq == 1


def test_a_removed_latest_head_is_replaced_by_the_numbered_ones(house: House) -> None:
    fill(house)
    house.store.journal.write_head()
    (house.keys.heads / "latest.json").unlink()
    forge(house, "DELETE FROM journal WHERE seq >= 5")
    with pytest.raises(StopLine, match="CHSJ010S"):
        house.store.journal.require_current()


def test_a_person_is_named_in_the_sealed_column_only(house: House) -> None:
    key = new_key()
    person = {"policy": "01234567890", "role": "1"}
    seq = house.store.journal.append("inquiry", "tester", {"count": 1}, at=AT, private=person, key=key)
    row = list(house.store.journal.rows())[-1]
    assert (row.private, row.fields) == (True, {"count": 1})
    assert house.store.journal.private(seq, key) == person
    assert house.store.journal.verify() == ()
    stored = b"".join(path.read_bytes() for path in (house.root / "control").iterdir())
    assert b"01234567890" not in stored
    for wrong in ((seq, new_key()), (1, key), (99, key)):
        with pytest.raises(StopLine, match="CHSJ015S"):
            house.store.journal.private(*wrong)
    with pytest.raises(StopLine, match="CHSJ014S"):
        house.store.journal.append("inquiry", "tester", at=AT, private=person)


@pytest.mark.parametrize("text", ["123456789018", "number 123456789018", "T7123456789012", "7123456789012"])
def test_a_text_like_an_individual_number_is_refused_and_not_repeated(house: House, text: str) -> None:
    if text.startswith("T"):
        house.store.journal.append("test", "tester", {"name": text}, at=AT)
        return
    with pytest.raises(StopLine) as raised:
        house.store.journal.append("test", "tester", {"name": text}, at=AT)
    assert raised.value.message_id == "CHSJ013S"
    assert text not in str(raised.value)
