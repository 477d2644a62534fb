"""``chosho init`` and ``chosho keys``: setting up."""

import json
import stat
from pathlib import Path

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


def test_rotation_leaves_one_master_key_and_the_data_readable(tmp_path: Path, chosho: Chosho):
    where = ("--root", tmp_path / "root", "--keys", tmp_path / "keys")
    chosho(*where, "keys", "init")
    assert chosho(*where, "keys", "rotate").code == 0
    assert json.loads(chosho(*where, "keys", "status", "--json").out)["master_versions"] == [2]
