"""After the erasing step a byte copy of the data root taken before it is worthless: no key that is left opens the payment data."""

import base64
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from chosho.copybook import load
from chosho.errors import ChoshoError, StopLine
from chosho.vault.keys import KeyStore
from chosho.vault.master import read_key_file
from chosho.vault.sealed import open_header, read_header
from chosho.vault.wrap import unwrap
from tests.scenarios.house import House
from tests.vault.recoverable import recoverable

Before = Callable[[str], House]
ERASED = ("CHOSHO.PAYMENT.DATA", "CHOSHO.PAYMENT.MATCH")
STAYING = ("CHOSHO.STATEMENT.K310", "CHOSHO.STATEMENT.K366", "CHOSHO.STATEMENT.INDEX", "CHOSHO.NUMBER.MASTER")


@pytest.fixture(scope="module")
def copied(snapshots: Path, tmp_path_factory: pytest.TempPathFactory) -> House:
    """The byte copy: the house when S290 of the finished run began (its own keys are used by no test but one)."""
    return House(snapshots / "S290").copy(tmp_path_factory.mktemp("copy"))


def secrets(house: House) -> dict[str, bytes]:
    """Return every 256-bit key that the key folder of a house still holds, by what it is called."""
    keys = house.key_store()
    found = {cohort: keys.cohort_key(cohort) for cohort, _ in keys.status().live_cohorts}
    found |= {path.name: read_key_file(path) for path in sorted(house.keys.rglob("*.key"))}
    return found


def opens(path: Path, key: bytes) -> bool:
    """Return whether a key opens the header of a sealed file."""
    try:
        open_header(read_header(path).raw, key)
    except ChoshoError:
        return False
    return True


def test_no_key_that_is_left_opens_the_copied_payment_data(copied: House, finished: House) -> None:
    left = secrets(finished)
    assert len(left) >= 9  # seven cohorts, the master key, the journal's key
    for dsn in ERASED:
        paths = list(copied.paths(dsn).values())
        assert paths
        assert [(dsn, name) for path in paths for name, key in left.items() if opens(path, key)] == []


def test_the_same_keys_open_the_copied_statements(copied: House, finished: House) -> None:
    """The other side of the test above: the keys were tried in the right way."""
    left = secrets(finished)
    for dsn in STAYING:
        assert [
            dsn for path in copied.paths(dsn).values() if any(opens(path, key) for key in left.values())
        ] == [dsn]


def test_no_sealed_file_of_the_copy_opens_but_those_that_are_still_catalogued(
    copied: House, finished: House
) -> None:
    left = secrets(finished)
    files = [path for path in (copied.root / "data").iterdir() if path.suffix == ""]
    sealed = {path.name for path in files if any(opens(path, key) for key in left.values())}
    with finished.store() as store:
        living = {
            part.id
            for dsn in store.generations.datasets()
            for one in store.generations.catalogued(dsn)
            if one.cohort
            for part in store.generations.parts(one.id)
        }
    assert sealed == living & {path.name for path in files}
    assert {path.name for dsn in ERASED for path in copied.paths(dsn).values()}.isdisjoint(sealed)


def test_the_copied_control_store_with_the_keys_that_are_left_reads_nothing_of_it(
    copied: House, finished: House, tmp_path: Path
) -> None:
    """A restored data root beside the living keys: it is older than the journal head, and refuses to be opened at all."""
    house = House(tmp_path / "restored")
    shutil.copytree(copied.root, house.root)
    shutil.copytree(finished.keys, house.keys)
    with pytest.raises(StopLine, match="CHSJ010S"):
        house.store()
    with finished.store() as store:
        erased = [row.fields for row in store.journal.rows() if row.kind == "keys.destroyed"]
    cohorts = " ".join(str(fields["cohorts"]) for fields in erased)
    assert all(dsn in cohorts for dsn in ERASED)
    for dsn in ERASED:
        cohort = read_header(next(iter(copied.paths(dsn).values()))).cohort
        with pytest.raises(StopLine, match="CHSK021S"):
            finished.key_store().cohort_key(cohort)


def test_a_copy_of_the_key_table_is_dead_under_the_master_key_that_is_left(
    copied: House, finished: House, tmp_path: Path
) -> None:
    folder = tmp_path / "keys"
    shutil.copytree(finished.keys, folder)
    shutil.copy(copied.keys / "table.json", folder / "table.json")
    with pytest.raises(StopLine, match="CHSK011S"):
        KeyStore(folder).status()
    (master,) = (folder / "master").glob("*.key")
    body = json.loads((folder / "table.json").read_text().splitlines()[0])
    assert body["version"] != int(master.stem)
    wrapped = {name: entry for name, entry in body["entries"]["cohort"].items() if entry["wrapped"]}
    assert {entry["about"] for entry in wrapped.values()} >= set(ERASED)
    for name, entry in wrapped.items():
        old, wrong = base64.b64decode(entry["wrapped"]), StopLine("CHSK020S", cohort=name)
        with pytest.raises(StopLine, match="CHSK020S"):
            unwrap(read_key_file(master), old, "cohort", name, entry["about"], otherwise=wrong)
        (before,) = (copied.keys / "master").glob("*.key")
        assert len(unwrap(read_key_file(before), old, "cohort", name, entry["about"], otherwise=wrong)) == 32


def test_the_payment_data_are_gone_and_the_statement_copy_is_readable(finished: House, copied: House) -> None:
    for dsn in ERASED:
        assert finished.paths(dsn) == {}
        for path in copied.paths(dsn).values():
            assert not (finished.root / "data" / path.name).exists()
    rows = finished.content("CHOSHO.STATEMENT.K310")
    assert rows.count(b"\r\n") == copied.content("CHOSHO.STATEMENT.K310").count(b"\r\n") > 0
    assert len(copied.content("CHOSHO.PAYMENT.DATA")) % load("PAYDATA").length == 0, (
        "with its own keys the copy was whole"
    )


def test_a_restored_data_root_with_an_old_key_backup_and_both_recovery_identities_reads_nothing_erased(
    before: Before, tmp_path: Path
) -> None:
    """A byte copy of the data root and of the key backups from before S290, the holders' identities, and all that is left."""
    house = before("S290")
    recovery = recoverable(house.key_store(), tmp_path)
    house.key_store().back_up()
    restored = House(tmp_path / "restored")
    shutil.copytree(house.root, restored.root)
    (backup,) = shutil.copytree(recovery.backups, tmp_path / "old-backups").iterdir()

    restored.key_store().recover(recovery.open(backup))
    assert restored.content("CHOSHO.PAYMENT.DATA") == house.content("CHOSHO.PAYMENT.DATA") != b""
    erased = [path for dsn in ERASED for path in restored.paths(dsn).values()]
    stays = next(iter(restored.paths("CHOSHO.STATEMENT.K310").values()))
    shutil.rmtree(restored.keys)

    assert house.january(restart="best").rc in {0, 4}
    for holder in (0, 1):
        with pytest.raises(StopLine, match="CHSK061S"):
            recovery.open(backup, holder)
    # The newest backup has the keys of what lives, and its journal head keeps the restored control store shut.
    restored.key_store().recover(recovery.open(recovery.newest))
    left = secrets(restored) | secrets(house)
    assert any(opens(stays, key) for key in left.values())
    assert [name for path in erased for name, key in left.items() if opens(path, key)] == []
    house.key_store().back_up()
    shutil.rmtree(restored.keys)
    restored.key_store().recover(recovery.open(recovery.newest))
    with pytest.raises(StopLine, match="CHSJ010S"):
        restored.content("CHOSHO.PAYMENT.DATA")


def test_previous_payment_data_are_erased_by_the_next_extract(before: Before) -> None:
    """A run that never came to its end leaves payment data; the extract of the next one erases them."""
    house = before("S250")
    left = list(house.paths("CHOSHO.PAYMENT.DATA").values())
    assert left
    other = {"WORK_FACTOR": "10", "MEDIUM": "CD-650"}
    result = house.january(parameters=other)
    assert result.rc == 4, house.log(result.run_id)
    assert result.steps[0].counts["previous.records"] == result.steps[0].counts["kept"]
    assert not any(path.exists() for path in left)
    live = {dsn for _, dsn in house.key_store().status().live_cohorts}
    assert "CHOSHO.PAYMENT.DATA" not in live
