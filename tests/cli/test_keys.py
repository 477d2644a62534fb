"""``chosho keys``: recovery, backup, destruction and locks of the master key, as an operator calls them."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from chosho.vault import x25519
from chosho.vault.keys import KeyStore
from tests.cli.conftest import REPOSITORY, Answer, Chosho
from tests.tools import tool


@dataclass(frozen=True)
class House:
    """A new data root with its keys, and two people who hold a recovery identity."""

    folder: Path
    chosho: Chosho

    def __call__(self, *words: object, keys: str = "keys") -> Answer:
        return self.chosho("--root", self.folder / "root", "--keys", self.folder / keys, *words)

    @property
    def setting(self) -> tuple[object, ...]:
        recipients = [(self.folder / f"{who}.pub").read_text() for who in "ab"]
        holders = ("--holder", "Aoki", recipients[0], "--holder", "Baba", recipients[1])
        return (*holders, "--tallies", self.folder / "tallies", "--backups", self.folder / "backups")

    def recover(self, backup: Path, who: str = "a", *more: object, keys: str = "new") -> Answer:
        identity = ("--identity", self.folder / f"{who}.txt", "--tallies", self.folder / "tallies")
        return self("keys", "recover", backup, *identity, *more, keys=keys)

    def status(self, keys: str = "keys") -> dict[str, object]:
        return json.loads(self("keys", "status", "--json", keys=keys).out)

    def kinds(self, keys: str = "keys") -> list[str]:
        shown = self("journal", "show", "--json", keys=keys).out
        return [row["kind"] for row in map(json.loads, shown.splitlines()) if row["kind"] != "store.create"]


@pytest.fixture
def house(tmp_path: Path, chosho: Chosho) -> House:
    made = House(tmp_path, chosho)
    assert made("keys", "init").code == 0
    assert made("init", "--definitions", REPOSITORY / "datasets").code == 0
    for who in "ab":
        identity, recipient = x25519.new_identity()
        (tmp_path / f"{who}.txt").write_text(f"# made by age-keygen\n{identity}\n")
        (tmp_path / f"{who}.pub").write_text(recipient)
    return made


@pytest.mark.parametrize("who", ["a", "b"])
def test_lost_keys_are_recovered_by_either_holder_on_record(house: House, who: str):
    assert house("keys", "recovery", *house.setting).code == 0
    KeyStore(house.folder / "keys").new_cohort("C1", "CHOSHO.TEST")
    assert house.status()["backup"] == "behind"
    copy = house.folder / "copy.age"
    assert house("keys", "backup", "--out", copy).code == 0
    assert house.status()["backup"] == "current"
    key = KeyStore(house.folder / "keys").cohort_key("C1")
    shutil.rmtree(house.folder / "keys")

    assert house.recover(copy, who, "--check").code == 0
    assert not (house.folder / "new").exists()
    assert house.recover(copy, who).code == 0
    assert KeyStore(house.folder / "new").cohort_key("C1") == key
    again = house.recover(copy, who)
    assert (again.code, again.err.split()[0]) == (12, "CHSK071E")
    assert house("keys", "rotate", keys="new").code == 0
    dead = house.recover(copy, who, keys="third")
    assert (dead.code, dead.err.split()[0]) == (16, "CHSK061S")
    assert house.kinds("new") == ["keys.recovery", "keys.backup", "keys.recovered", "keys.rotated"]
    assert house("journal", "verify", keys="new").code == 0


def test_an_older_data_root_is_refused_with_recovered_keys(house: House):
    """The backup carries the newest journal head: a restored control store from before it stays shut."""
    shutil.copytree(house.folder / "root", house.folder / "root-before")
    house("keys", "recovery", *house.setting)
    house("keys", "backup")
    house("keys", "backup")  # the first one is on record: its head goes along
    shutil.rmtree(house.folder / "root")
    (house.folder / "root-before").rename(house.folder / "root")
    answer = house.recover(house.folder / "backups/000002.age")
    assert (answer.code, answer.err.split()[0]) == (16, "CHSJ010S")


def test_recovery_is_shown_and_no_secret_is(house: House):
    unset = house("keys", "recovery")
    assert (unset.code, unset.err.split()[0]) == (12, "CHSK065E")
    unset = house("keys", "backup")
    assert (unset.code, unset.err.split()[0]) == (12, "CHSK065E")
    house("keys", "recovery", *house.setting)
    shown = house("keys", "recovery").out
    assert all(word in shown for word in ("Aoki", "Baba", str(house.folder / "tallies")))
    assert "AGE-SECRET-KEY" not in shown
    assert house("keys", "recovery", "--tallies", house.folder / "tallies").code == 12


def test_a_backup_is_written_over_nothing(house: House):
    house("keys", "recovery", *house.setting)
    answer = house("keys", "backup", "--out", house.folder / "a.txt")
    assert (answer.code, answer.err.split()[0]) == (12, "CHSK073E")
    assert "AGE-SECRET-KEY" in (house.folder / "a.txt").read_text()


def test_an_identity_that_is_none_or_not_a_holders_is_refused(house: House):
    house("keys", "recovery", *house.setting)
    backup = house.folder / "backups/000002.age"
    (house.folder / "a.txt").write_text("nothing of the kind\n")
    answer = house.recover(backup)
    assert (answer.code, answer.err.split()[0]) == (12, "CHSK045E")
    (house.folder / "a.txt").write_text(x25519.new_identity()[0])
    answer = house.recover(backup)
    assert (answer.code, answer.err.split()[0]) == (12, "CHSK041E")


def test_identities_of_debians_age_keygen_are_taken(house: House):
    for who in "ab":
        (house.folder / f"{who}.txt").unlink()
        subprocess.run(
            [tool("age-keygen"), "-o", house.folder / f"{who}.txt"], capture_output=True, check=True
        )
        public = subprocess.run(
            [tool("age-keygen"), "-y", house.folder / f"{who}.txt"],
            capture_output=True,
            check=True,
            text=True,
        )
        (house.folder / f"{who}.pub").write_text(public.stdout.strip())
    assert house("keys", "recovery", *house.setting).code == 0
    assert house.recover(house.folder / "backups/000002.age", "b").code == 0


def test_a_cohort_is_destroyed_with_a_reason_and_no_backup_brings_it_back(house: House):
    house("keys", "recovery", *house.setting)
    KeyStore(house.folder / "keys").new_cohort("C1", "CHOSHO.TEST")
    house("keys", "backup", "--out", house.folder / "copy.age")
    assert house("keys", "destroy", "C1").code == 12
    answer = house("keys", "destroy", "C1", "--reason", "left by a run that was closed")
    assert answer.code == 0
    assert ["C1", "CHOSHO.TEST"] in house.status()["destroyed_cohorts"]
    assert house.recover(house.folder / "copy.age").err.split()[0] == "CHSK061S"
    assert house.recover(house.folder / "backups/000003.age").code == 0
    assert ["C1", "CHOSHO.TEST"] in house.status("new")["destroyed_cohorts"]
    unknown = house("keys", "destroy", "C9", "--reason", "mistyped")
    assert (unknown.code, unknown.err.split()[0]) == (12, "CHSK074E")


def test_the_cohort_of_what_is_visible_is_not_destroyed(on: Chosho):
    cohort, dsn = json.loads(on("keys", "status", "--json").out)["live_cohorts"][0]
    answer = on("keys", "destroy", cohort, "--reason", "tidying up")
    assert (answer.code, answer.err.split()[0]) == (12, "CHSK072E")
    assert dsn in answer.err
    assert [cohort, dsn] in json.loads(on("keys", "status", "--json").out)["live_cohorts"]


def test_the_master_key_is_locked_with_a_credential_and_with_a_rotation_not_any_more(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    (house.folder / "credentials").mkdir()
    (house.folder / "credentials/chosho-master").write_bytes(bytes(range(32)))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(house.folder / "credentials"))
    assert house("keys", "rotate", "--lock", "credential").code == 0
    assert house("keys", "rotate").code == 0
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    answer = house("keys", "status")
    assert (answer.code, answer.err.split()[0]) == (12, "CHSK070E")
    answer = house("keys", "rotate", "--lock", "file")
    assert (answer.code, answer.err.split()[0]) == (12, "CHSK070E")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(house.folder / "credentials"))
    assert house("keys", "rotate", "--lock", "file").code == 0
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    assert house("keys", "status").code == 0


def test_a_passphrase_that_nobody_can_type_is_told(house: House):
    answer = house("keys", "rotate", "--lock", "passphrase")
    assert (answer.code, answer.err.split()[0]) == (12, "CHSK066E")
    assert house.status()["master_versions"] == [1]
