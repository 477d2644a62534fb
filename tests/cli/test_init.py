"""``chosho init`` and ``chosho keys``: setting up."""

import json
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import REPOSITORY, Chosho


def test_a_data_root_and_its_keys_are_closed_to_others(tmp_path: Path, chosho: Chosho):
    root, keys = tmp_path / "root", tmp_path / "keys"
    where = ("--root", root, "--keys", keys)
    assert chosho(*where, "keys", "init").code == 0
    assert chosho(*where, "init", "--definitions", REPOSITORY / "datasets").code == 0
    assert {stat.S_IMODE(path.stat().st_mode) for path in (root, keys, root / "data")} == {0o700}
    assert (root / "CATALOG.yaml").read_bytes() == (REPOSITORY / "datasets" / "CATALOG.yaml").read_bytes()


def test_neither_is_set_up_twice(tmp_path: Path, chosho: Chosho):
    where = ("--root", tmp_path / "root", "--keys", tmp_path / "keys")
    chosho(*where, "keys", "init")
    chosho(*where, "init", "--definitions", REPOSITORY / "datasets")
    again = chosho(*where, "keys", "init")
    assert (again.code, again.err.split()[0]) == (12, "CHSK002E")
    again = chosho(*where, "init", "--definitions", REPOSITORY / "datasets")
    assert (again.code, again.err.split()[0]) == (12, "CHSL010E")


def test_a_folder_without_definitions_is_refused(tmp_path: Path, chosho: Chosho):
    where = ("--root", tmp_path / "root", "--keys", tmp_path / "keys")
    chosho(*where, "keys", "init")
    answer = chosho(*where, "init", "--definitions", tmp_path)
    assert (answer.code, answer.err.split()[0]) == (12, "CHSL011E")


def test_keys_may_not_lie_in_the_data_root(tmp_path: Path, chosho: Chosho):
    answer = chosho("--root", tmp_path / "root", "--keys", tmp_path / "root" / "keys", "keys", "init")
    assert (answer.code, answer.err.split()[0]) == (12, "CHSK004E")


def test_status_counts_keys_and_shows_none(on: Chosho):
    answer = on("keys", "status")
    assert "destroyed cohorts" in answer.out
    state = json.loads(on("keys", "status", "--json").out)
    assert {"CHOSHO.PAYMENT.DATA", "CHOSHO.PAYMENT.MATCH"}.isdisjoint(dsn for _, dsn in state["live_cohorts"])
    assert len(state["destroyed_cohorts"]) == 2


@pytest.fixture
def house(tmp_path: Path, chosho: Chosho) -> Chosho:
    """Return a function that runs a command on a new data root."""
    where = ("--root", tmp_path / "root", "--keys", tmp_path / "keys")
    assert chosho(*where, "keys", "init").code == 0
    assert chosho(*where, "init", "--definitions", REPOSITORY / "datasets").code == 0
    return lambda *words: chosho(*where, *words)


def kinds(house: Chosho) -> list[str]:
    rows = [json.loads(line) for line in house("journal", "show", "--json").out.splitlines()]
    return [row["kind"] for row in rows if row["kind"] != "store.create"]


def test_rotation_leaves_one_master_key_and_is_on_record(house: Chosho):
    assert house("keys", "rotate").code == 0
    assert json.loads(house("keys", "status", "--json").out)["master_versions"] == [2]
    assert kinds(house) == ["keys.rotated"]


def test_a_rotation_needs_the_journal(tmp_path: Path, chosho: Chosho):
    where = ("--root", tmp_path / "root", "--keys", tmp_path / "keys")
    chosho(*where, "keys", "init")
    answer = chosho(*where, "keys", "rotate")
    assert (answer.code, answer.err.split()[0]) == (12, "CHSL030E")
    assert json.loads(chosho(*where, "keys", "status", "--json").out)["master_versions"] == [1]


def test_the_identity_behind_a_recipient_is_shown_to_nobody(house: Chosho):
    answer = house("media", "password", "recipient-000001", "--reason", "to look")
    assert (answer.code, answer.err.split()[0], answer.out) == (12, "CHSK009E", "")
    said = "".join(
        house("keys", *words).out for words in (("recipient", "--list"), ("status", "--json"), ("recipient",))
    )
    assert "age1" in said
    assert "AGE-SECRET-KEY" not in said


def test_a_recipient_is_made_listed_and_retired(house: Chosho):
    first = house("keys", "recipient").out.strip()
    second = house("keys", "recipient", "--new").out.strip()
    assert house("keys", "recipient").out.strip() == second != first
    newest = house("keys", "recipient", "--retire", "recipient-000002")
    assert (newest.code, newest.err.split()[0]) == (12, "CHSK025E")
    assert house("keys", "recipient", "--retire", "recipient-000001").code == 0
    listed = [line.split() for line in house("keys", "recipient", "--list").out.splitlines()]
    assert ["recipient-000001", "retired", first] in listed
    assert ["recipient-000002", "live", second] in listed
    assert kinds(house) == ["recipient.made", "recipient.retired"]


def test_only_one_thing_is_done_with_recipients_at_once(house: Chosho):
    assert house("keys", "recipient", "--new", "--list").code == 12
    assert kinds(house) == []
