"""The key store: life and death of keys, rotation killed anywhere, and every wrong state named."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chosho.errors import ChoshoError, InputRefused, StopLine
from chosho.vault.header import new_header, open_header
from chosho.vault.keys import KeyState, KeyStore
from chosho.vault.master import FileMasterKeys
from chosho.vault.table import Kind, StoredTable


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    store = KeyStore(tmp_path / "keys", data_root=tmp_path / "root")
    store.init()
    return store


def message_of(raised: pytest.ExceptionInfo[ChoshoError]) -> str:
    return raised.value.message_id


def test_a_cohort_key_comes_back_in_another_process_of_the_same_folder(keys: KeyStore) -> None:
    key = keys.new_cohort("c1", "CHOSHO.TEST")
    assert len(key) == 32
    assert KeyStore(keys.folder).cohort_key("c1") == key
    assert keys.cohort_state("c1") is KeyState.LIVE


def test_everything_in_the_key_folder_is_private(keys: KeyStore) -> None:
    keys.new_cohort("c1", "CHOSHO.TEST")
    keys.rotate_master()
    modes = {path.stat().st_mode & 0o777 for path in keys.folder.rglob("*") if path.is_file()}
    folders = {
        path.stat().st_mode & 0o777 for path in [keys.folder, *keys.folder.rglob("*")] if path.is_dir()
    }
    assert (modes, folders) == ({0o600}, {0o700})


@pytest.mark.parametrize("name", [".", "table.json", "journal.key", "master", "master/000001.key", "heads"])
def test_a_key_folder_that_is_open_to_others_is_refused(keys: KeyStore, name: str) -> None:
    keys.new_cohort("c1", "CHOSHO.TEST")
    path = keys.folder / name
    path.chmod(0o750 if path.is_dir() else 0o640)
    look = keys.journal_key if name == "journal.key" else keys.status
    with pytest.raises(InputRefused, match="CHSK003E"):
        look()


def test_a_key_folder_inside_the_data_root_is_refused(tmp_path: Path) -> None:
    for folder, root in (("root/keys", "root"), ("keys", "keys/root"), ("same", "same")):
        with pytest.raises(InputRefused, match="CHSK004E"):
            KeyStore(tmp_path / folder, data_root=tmp_path / root)


def test_a_key_folder_that_is_a_link_into_the_data_root_is_refused(tmp_path: Path) -> None:
    (tmp_path / "root" / "hidden").mkdir(parents=True)
    (tmp_path / "keys").symlink_to(tmp_path / "root" / "hidden")
    with pytest.raises(InputRefused, match="CHSK004E"):
        KeyStore(tmp_path / "keys", data_root=tmp_path / "root")


def test_a_folder_that_is_not_set_up_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="CHSK001E"):
        KeyStore(tmp_path / "none").status()
    (tmp_path / "empty").mkdir(mode=0o700)
    with pytest.raises(InputRefused, match="CHSK001E"):
        KeyStore(tmp_path / "empty").cohort_key("c1")


def test_setting_up_twice_is_refused_and_changes_nothing(keys: KeyStore) -> None:
    key = keys.new_cohort("c1", "CHOSHO.TEST")
    with pytest.raises(InputRefused, match="CHSK002E"):
        keys.init()
    assert keys.cohort_key("c1") == key


def test_missing_and_destroyed_cohorts_are_told_apart(keys: KeyStore) -> None:
    keys.new_cohort("c1", "CHOSHO.TEST")
    assert keys.destroy_cohort("c1") == 1
    with pytest.raises(StopLine, match=r"CHSK021S.*消去済"):
        keys.cohort_key("c1")
    with pytest.raises(StopLine, match="CHSK020S"):
        keys.cohort_key("c2")
    assert [keys.cohort_state(name) for name in ("c1", "c2")] == [KeyState.DESTROYED, KeyState.UNKNOWN]


def test_destroying_again_is_no_error_and_destroying_the_unknown_destroys_nothing(keys: KeyStore) -> None:
    keys.new_cohort("c1", "CHOSHO.TEST")
    keys.new_cohort("c2", "CHOSHO.TEST")
    with pytest.raises(StopLine, match="CHSK020S"):
        keys.destroy_cohort("c1", "c3")
    assert keys.cohort_state("c1") is KeyState.LIVE
    assert [keys.destroy_cohort("c1", "c2"), keys.destroy_cohort("c1", "c2")] == [2, 0]


def test_an_id_is_never_used_again(keys: KeyStore) -> None:
    keys.new_cohort("c1", "CHOSHO.TEST")
    keys.destroy_cohort("c1")
    keys.rotate_master()
    with pytest.raises(InputRefused, match="CHSK006E"):
        keys.new_cohort("c1", "CHOSHO.TEST")
    for name in ("", "a/b", "../x", "é", "x" * 121):
        with pytest.raises(InputRefused, match="CHSK005E"):
            keys.new_cohort(name, "CHOSHO.TEST")


def test_passwords_are_kept_sealed_and_die(keys: KeyStore) -> None:
    keys.put_password("JANUARY.2027", "0ABCD-EFGHJ")
    keys.rotate_master()
    assert keys.password("JANUARY.2027") == "0ABCD-EFGHJ"
    assert all(b"0ABCD-EFGHJ" not in path.read_bytes() for path in keys.folder.rglob("*") if path.is_file())
    keys.destroy_password("JANUARY.2027")
    with pytest.raises(StopLine, match=r"CHSK023S.*消去済"):
        keys.password("JANUARY.2027")
    with pytest.raises(StopLine, match="CHSK022S"):
        keys.password("OTHER")


def test_rotation_keeps_the_living_and_destroys_the_old_master_key(keys: KeyStore) -> None:
    live = {name: keys.new_cohort(name, "CHOSHO.TEST") for name in ("c1", "c2", "c3")}
    keys.destroy_cohort("c2")
    old = FileMasterKeys(keys.folder / "master").key(1)
    assert keys.rotate_master() == 2
    status = keys.status()
    assert (status.master_version, status.master_versions) == (2, (2,))
    assert status.live_cohorts == (("c1", "CHOSHO.TEST"), ("c3", "CHOSHO.TEST"))
    assert status.destroyed_cohorts == (("c2", "CHOSHO.TEST"),)
    assert {name: keys.cohort_key(name) for name in ("c1", "c3")} == {
        name: live[name] for name in ("c1", "c3")
    }
    assert all(
        old.hex().encode() not in path.read_bytes() for path in keys.folder.rglob("*") if path.is_file()
    )


def test_the_journal_key_outlives_rotation(keys: KeyStore) -> None:
    before = keys.journal_key()
    keys.rotate_master()
    assert keys.journal_key() == before


def test_what_was_erased_cannot_be_read_from_old_copies_with_any_key_that_is_left(keys: KeyStore) -> None:
    """A forgotten copy of the data and of the key table, and the key folder as it is after the erasure."""
    header, _ = new_header(
        dataset="CHOSHO.TEST",
        cohort="c1",
        cohort_key=keys.new_cohort("c1", "CHOSHO.TEST"),
        file_id="f",
        lrecl=None,
    )
    survivor = keys.new_cohort("c2", "CHOSHO.TEST")
    old_table = (keys.folder / "table.json").read_bytes()
    keys.destroy_cohort("c1")
    keys.rotate_master()

    left = [keys.cohort_key("c2"), keys.journal_key(), FileMasterKeys(keys.folder / "master").key(2)]
    assert survivor in left
    for key in left:
        with pytest.raises(StopLine, match="CHSK032S"):
            open_header(header, key)

    (keys.folder / "table.json").write_bytes(old_table)
    with pytest.raises(StopLine, match="CHSK011S"):
        keys.cohort_key("c1")
    # Even with the new master key under the old one's number the old table stays shut.
    (keys.folder / "master" / "000002.key").rename(keys.folder / "master" / "000001.key")
    with pytest.raises(StopLine, match="CHSK018S"):
        keys.cohort_key("c1")


def test_missing_wrong_and_damaged_master_keys_are_told_apart(keys: KeyStore, tmp_path: Path) -> None:
    keys.new_cohort("c1", "CHOSHO.TEST")
    path = keys.folder / "master" / "000001.key"
    right = path.read_bytes()

    path.unlink()
    with pytest.raises(StopLine, match="CHSK010S"):
        keys.cohort_key("c1")

    other = KeyStore(tmp_path / "other")
    other.init()
    shutil.copy(tmp_path / "other" / "master" / "000001.key", path)
    with pytest.raises(StopLine, match="CHSK018S"):
        keys.cohort_key("c1")

    for damaged in (b"", right[:20], right[:70] + b"0000"):
        path.write_bytes(damaged)
        with pytest.raises(StopLine, match="CHSK012S"):
            keys.cohort_key("c1")


def test_a_changed_table_is_found(keys: KeyStore) -> None:
    keys.new_cohort("c1", "CHOSHO.TEST")
    keys.destroy_cohort("c1")
    path = keys.folder / "table.json"
    good = path.read_bytes()
    for bad, message in (
        (good.replace(b'"about":"CHOSHO.TEST"', b'"about":"CHOSHO.BEST"'), "CHSK014S"),
        (good[:-10] + b"0000000000", "CHSK014S"),
        (good[: len(good) // 2], "CHSK013S"),
        (b"", "CHSK013S"),
        (good.replace(b'"format":3', b'"format":4'), "CHSK015S"),
    ):
        path.write_bytes(bad)
        with pytest.raises(StopLine) as raised:
            keys.cohort_key("c1")
        assert message_of(raised) == message


ROTATE = """
import sys
from pathlib import Path
from chosho.vault.keys import KeyStore
keys = KeyStore(Path(sys.argv[1]))
if sys.argv[2] == "rotate":
    keys.rotate_master()
elif sys.argv[2] == "destroy":
    keys.destroy_cohort("c1")
elif sys.argv[2] == "init":
    keys.init()
else:
    for number in range(10):
        keys.new_cohort(f"{sys.argv[2]}.{number}", "CHOSHO.TEST")
"""


def run(folder: Path, act: str, fault: str = "") -> int:
    environment = {**os.environ, "CHOSHO_DISK_FAULT": fault} if fault else dict(os.environ)
    return subprocess.run(
        [sys.executable, "-c", ROTATE, str(folder), act], env=environment, capture_output=True, check=False
    ).returncode


FAULTS = [
    f"{operation}:{number}:KILL"
    for operation, most in (("create", 2), ("write", 3), ("sync", 3), ("sync_folder", 3), ("remove", 1))
    for number in range(1, most + 1)
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_rotation_killed_anywhere_leaves_a_store_that_opens_and_can_rotate(
    keys: KeyStore, fault: str
) -> None:
    key = keys.new_cohort("c1", "CHOSHO.TEST")
    assert run(keys.folder, "rotate", fault) == -9
    assert keys.cohort_key("c1") == key
    version = keys.rotate_master()
    assert keys.cohort_key("c1") == key
    assert keys.status().master_versions == (version,)
    assert [path.name for path in (keys.folder / "master").iterdir()] == [f"{version:06d}.key"]


@pytest.mark.parametrize("fault", ["sync:1:EIO", "write:1:ENOSPC", "sync_folder:2:EIO", "create:2:ENOSPC"])
def test_a_rotation_that_the_disk_refuses_ends_with_an_error_and_can_be_done_again(
    keys: KeyStore, fault: str
) -> None:
    key = keys.new_cohort("c1", "CHOSHO.TEST")
    assert run(keys.folder, "rotate", fault) not in {0, -9}
    keys.rotate_master()
    assert keys.cohort_key("c1") == key
    assert len(keys.status().master_versions) == 1


@pytest.mark.parametrize("fault", ["create:1:KILL", "write:1:KILL", "sync:1:KILL", "sync_folder:1:KILL"])
def test_a_destruction_killed_anywhere_is_all_or_nothing(keys: KeyStore, fault: str) -> None:
    key = keys.new_cohort("c1", "CHOSHO.TEST")
    assert run(keys.folder, "destroy", fault) == -9
    if keys.cohort_state("c1") is KeyState.LIVE:
        assert keys.cohort_key("c1") == key
    keys.destroy_cohort("c1")
    assert keys.cohort_state("c1") is KeyState.DESTROYED


@pytest.mark.parametrize("fault", [f"sync_folder:{number}:KILL" for number in range(1, 5)])
def test_a_set_up_killed_anywhere_is_completed(tmp_path: Path, fault: str) -> None:
    store = KeyStore(tmp_path / "keys")
    assert run(store.folder, "init", fault) == -9
    if not (store.folder / "table.json").exists():
        store.init()
    assert store.status().master_versions == (1,)
    assert len(store.journal_key()) == 32


def test_two_processes_make_keys_at_once_and_none_is_lost(keys: KeyStore) -> None:
    programs = [
        subprocess.Popen([sys.executable, "-c", ROTATE, str(keys.folder), name], stderr=subprocess.PIPE)
        for name in ("a", "b")
    ]
    keys.rotate_master()
    assert [program.wait() for program in programs] == [0, 0]
    for program in programs:
        program.stderr.close()
    assert len(keys.status().live_cohorts) == 20


def test_a_lost_key_table_is_not_made_anew(tmp_path: Path) -> None:
    keys = KeyStore(tmp_path / "keys")
    keys.init()
    (keys.heads / "latest.json").write_text("{}")
    (tmp_path / "keys/table.json").unlink()
    with pytest.raises(StopLine, match="CHSK017S"):
        keys.init()


def test_a_key_folder_behind_a_link_of_the_data_root_is_refused(tmp_path: Path) -> None:
    disk, root = tmp_path / "disk", tmp_path / "root"
    (disk / "data").mkdir(parents=True)
    root.mkdir()
    (root / "data").symlink_to(disk)
    with pytest.raises(InputRefused, match="CHSK004E"):
        KeyStore(disk / "keys", data_root=root)
    (root / "data").unlink()
    (root / "data").symlink_to(disk / "data")
    KeyStore(disk / "keys", data_root=root).init()


def test_a_recipient_is_no_password_to_anybody(keys: KeyStore) -> None:
    """An identity has a kind of its own: nothing that lists, reads, looks for or destroys passwords reaches it."""
    (recipient,) = keys.recipients()
    (identity,) = keys.identities()
    with pytest.raises(InputRefused, match=rf"CHSK009E {recipient.id}") as raised:
        keys.password(recipient.id)
    assert identity not in str(raised.value)
    assert keys.password_state(recipient.id) is KeyState.UNKNOWN
    with pytest.raises(StopLine, match="CHSK022S"):
        keys.destroy_password(recipient.id)
    status = keys.status()
    assert (status.live_passwords, status.destroyed_passwords) == ((), ())
    assert status.live_recipients == (recipient.id,)
    assert keys.identities() == (identity,)


def test_a_wrapped_identity_does_not_open_as_a_password(keys: KeyStore) -> None:
    """Somebody with the master key moves the entry among the passwords: the kind is bound to the wrapped secret."""
    master = FileMasterKeys(keys.folder / "master").key(1)
    stored = StoredTable.parse(keys.folder / "table.json", (keys.folder / "table.json").read_bytes())
    table = stored.open(master)
    table[Kind.PASSWORD].update(table[Kind.IDENTITY])
    (keys.folder / "table.json").write_bytes(table.to_bytes(master))
    with pytest.raises(StopLine, match="CHSK014S"):
        keys.password("recipient-000001")


def test_older_recipients_open_what_is_under_way_until_they_are_retired(keys: KeyStore) -> None:
    first = keys.recipient()
    (old,) = keys.identities()
    second = keys.new_recipient()
    assert (keys.recipient(), second.id) == (second.text, "recipient-000002")
    assert old in keys.identities()
    keys.retire_recipient("recipient-000001")
    assert (keys.recipient(), len(keys.identities())) == (second.text, 1)
    assert old not in keys.identities()
    assert [(one.id, one.text, one.live) for one in keys.recipients()] == [
        ("recipient-000001", first, False),
        ("recipient-000002", second.text, True),
    ]
    keys.retire_recipient("recipient-000001")
    assert keys.new_recipient().id == "recipient-000003"


def test_a_retired_identity_is_dead_in_old_copies_of_the_key_table(keys: KeyStore) -> None:
    keys.new_recipient()
    copy = (keys.folder / "table.json").read_bytes()
    keys.retire_recipient("recipient-000001")
    (keys.folder / "table.json").write_bytes(copy)
    with pytest.raises(StopLine, match="CHSK011S"):
        keys.identities()


def test_the_newest_recipient_and_one_that_never_was_are_not_retired(keys: KeyStore) -> None:
    for recipient, message in (("recipient-000001", "CHSK025E"), ("JANUARY.2027", "CHSK024E")):
        with pytest.raises(InputRefused, match=message):
            keys.retire_recipient(recipient)
    assert len(keys.identities()) == 1
