"""Key backups: either holder brings the keys back with the tally; nobody does after the rotation that killed them."""

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chosho.errors import ChoshoError, InputRefused, StopLine
from chosho.vault import age, x25519
from chosho.vault.backup import Backup
from chosho.vault.keys import KeyState, KeyStore
from chosho.vault.life import BackupState
from chosho.vault.master import FileMasterKeys
from chosho.vault.recovery import Recovery
from chosho.vault.tally import Tallies
from tests.tools import tool
from tests.vault.recoverable import Recoverable, recoverable


@pytest.fixture
def house(tmp_path: Path) -> Recoverable:
    keys = KeyStore(tmp_path / "keys", data_root=tmp_path / "root")
    keys.init()
    return recoverable(keys, tmp_path)


def refusal(house: Recoverable, backup: Path, **rest: object) -> str:
    with pytest.raises(ChoshoError) as raised:
        house.open(backup, **rest)
    return raised.value.message_id


@pytest.mark.parametrize("holder", [0, 1])
def test_either_holder_brings_everything_back_into_a_new_folder(
    house: Recoverable, tmp_path: Path, holder: int
) -> None:
    key = house.keys.new_cohort("c1", "CHOSHO.TEST")
    house.keys.put_password("P1", "0ABCD-EFGHJ")
    house.keys.new_cohort("c2", "CHOSHO.TEST")
    house.keys.destroy_cohort("c2")
    (house.keys.heads / "latest.json").write_text('{"seq": 7}')
    house.keys.back_up()
    before, signs, identities = house.keys.status(), house.keys.journal_key(), house.keys.identities()
    shutil.rmtree(house.keys.folder)

    new = KeyStore(tmp_path / "new")
    new.recover(house.open(house.newest, holder))
    assert new.cohort_key("c1") == key
    assert new.password("P1") == "0ABCD-EFGHJ"
    assert new.cohort_state("c2") is KeyState.DESTROYED
    assert (new.journal_key(), new.identities()) == (signs, identities)
    assert (new.heads / "latest.json").read_text() == '{"seq": 7}'
    assert {path.stat().st_mode & 0o777 for path in new.folder.rglob("*") if path.is_file()} == {0o600}
    # It goes on where the lost one stopped, and kills the backup that it came from.
    used = tmp_path / "used.age"
    shutil.copy(house.newest, used)
    assert (new.rotate_master(), new.recovery().people) == (
        before.master_version + 1,
        ("Holder A", "Holder B"),
    )
    assert refusal(house, used) == "CHSK061S"


def test_a_rotation_leaves_one_tally_and_one_backup_and_kills_the_older(
    house: Recoverable, tmp_path: Path
) -> None:
    key = house.keys.new_cohort("c1", "CHOSHO.TEST")
    house.keys.back_up()
    old = tmp_path / "old.age"
    shutil.copy(house.newest, old)
    assert house.open(old).version == 2
    assert house.keys.rotate_master() == 3
    assert [path.name for path in house.tallies.iterdir()] == ["000003.txt"]
    assert [path.name for path in house.backups.iterdir()] == ["000003.age"]
    for holder in (0, 1):
        assert refusal(house, old, holder=holder) == "CHSK061S"
    new = KeyStore(tmp_path / "new")
    new.recover(house.open(house.newest))
    assert new.cohort_key("c1") == key


def test_an_old_backup_of_a_destroyed_cohort_opens_with_nothing_that_is_left(
    house: Recoverable, tmp_path: Path
) -> None:
    """By hand, past every check of ours: the sealed half opens under no identity that exists any more."""
    house.keys.new_cohort("c1", "CHOSHO.TEST")
    _, old = house.keys.back_up()
    table = (house.keys.folder / "table.json").read_bytes()
    house.keys.destroy_cohort("c1")
    house.keys.rotate_master()
    tally = next(house.tallies.iterdir()).read_text().strip()
    left = [*house.identities, tally, *house.keys.identities()]
    outer = json.loads(age.decrypt(old, identities=[house.identities[0]]))
    for identity in left:
        with pytest.raises(InputRefused, match="CHSK041E"):
            age.decrypt(base64.b64decode(outer["sealed"]), identities=[identity])
    # Nor does it help to put the old table beside the keys that a new backup brings back.
    new = KeyStore(tmp_path / "new")
    new.recover(house.open(house.newest))
    assert new.cohort_state("c1") is KeyState.DESTROYED
    (new.folder / "table.json").write_bytes(table)
    with pytest.raises(StopLine, match="CHSK011S"):
        new.cohort_key("c1")


def test_debian_age_opens_a_backup_with_either_identity_and_the_tally(
    house: Recoverable, tmp_path: Path
) -> None:
    """Without chosho: age, base64 and age again. What comes out is the master key itself."""
    program = tool("age")
    for number, identity in enumerate(house.identities):
        holder = tmp_path / f"holder{number}.txt"
        holder.write_text(f"{identity}\n")
        outer = subprocess.run(
            [program, "-d", "-i", holder, house.newest], capture_output=True, check=True
        ).stdout
        opened = json.loads(outer)
        inner = subprocess.run(
            [program, "-d", "-i", house.tallies / "000002.txt"],
            input=base64.b64decode(opened["sealed"]),
            capture_output=True,
            check=True,
        ).stdout
        assert json.loads(inner)["master"] == FileMasterKeys(house.keys.folder / "master").key(2).hex()
        # Neither half opens with the other's key.
        assert subprocess.run(
            [program, "-d", "-i", house.tallies / "000002.txt", house.newest],
            capture_output=True,
            check=False,
        ).returncode
        assert subprocess.run(
            [program, "-d", "-i", holder],
            input=base64.b64decode(opened["sealed"]),
            capture_output=True,
            check=False,
        ).returncode


def test_wrong_missing_old_and_foreign_keys_of_a_backup_each_say_so(
    house: Recoverable, tmp_path: Path
) -> None:
    stranger, _ = x25519.new_identity()
    with pytest.raises(InputRefused, match="CHSK041E"):
        Backup.open(house.newest.read_bytes(), stranger, Tallies(house.tallies))
    with pytest.raises(InputRefused, match="CHSK045E"):
        Backup.open(house.newest.read_bytes(), "AGE-SECRET-KEY-1NONSENSE", Tallies(house.tallies))

    other = KeyStore(tmp_path / "other")
    other.init()
    foreign = recoverable(other, tmp_path / "of-other")
    assert refusal(house, house.newest, tallies=foreign.tallies) == "CHSK063S"
    assert refusal(house, house.newest, tallies=tmp_path / "nowhere") == "CHSK062S"
    damaged = house.tallies / "000002.txt"
    damaged.write_text(damaged.read_text()[:-5])
    assert refusal(house, house.newest) == "CHSK063S"
    damaged.chmod(0o640)
    assert refusal(house, house.newest) == "CHSK003E"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"not age", "CHSK040S"),
        (b"[]", "CHSK064S"),
        (b"\x00", "CHSK064S"),
        (b'{"key backup": 2}', "CHSK064S"),
        (b'{"key backup": 1, "version": 2}', "CHSK064S"),
    ],
)
def test_a_file_that_is_no_key_backup_says_so(
    house: Recoverable, tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "file.age"
    sealed = (
        content
        if content == b"not age"
        else age.encrypt(content, recipients=house.keys.recovery().recipients)
    )
    path.write_bytes(sealed)
    assert refusal(house, path) == message


def sealed_with(house: Recoverable, **changes: object) -> bytes:
    """Return a backup by somebody who has the holders' recipients and the tally's: both are public."""
    good = house.open(house.newest)
    recovery = house.keys.recovery()
    fields = {"version": good.version, "master": good.master, "table": good.table, "files": good.files}
    return Backup(**{**fields, **changes}).seal(recovery)


def test_a_backup_writes_no_other_files_than_keys_and_the_newest_head(
    house: Recoverable, tmp_path: Path
) -> None:
    for name in ("../evil.key", "/etc/passwd", "table.json", "master/000009.key", "heads/../x.key"):
        path = tmp_path / "forged.age"
        path.write_bytes(sealed_with(house, files={name: "x"}))
        assert refusal(house, path) == "CHSK064S"


def test_a_backup_whose_table_and_master_key_do_not_fit_is_refused(
    house: Recoverable, tmp_path: Path
) -> None:
    path = tmp_path / "forged.age"
    path.write_bytes(sealed_with(house, master=bytes(32)))
    assert refusal(house, path) == "CHSK018S"
    path.write_bytes(sealed_with(house, master=bytes(31)))
    assert refusal(house, path) == "CHSK064S"


def test_a_living_key_folder_is_not_recovered_over(house: Recoverable, tmp_path: Path) -> None:
    backup = house.open(house.newest)
    before = (house.keys.folder / "table.json").read_bytes()
    with pytest.raises(InputRefused, match="CHSK071E"):
        house.keys.recover(backup)
    assert (house.keys.folder / "table.json").read_bytes() == before

    other = KeyStore(tmp_path / "other")
    other.init()
    (other.folder / "table.json").unlink()
    with pytest.raises(InputRefused, match="CHSK071E"):
        other.recover(backup)
    # Its own folder that lost the table alone gets it back, and keeps a newer head.
    (house.keys.heads / "latest.json").write_text('{"seq": 9}')
    (house.keys.folder / "table.json").unlink()
    house.keys.recover(backup)
    assert house.keys.status().master_version == 2
    assert (house.keys.heads / "latest.json").read_text() == '{"seq": 9}'


def test_two_persons_with_two_identities_and_folders_apart_are_asked_for(
    house: Recoverable, tmp_path: Path
) -> None:
    one, other = house.keys.recovery().recipients
    places = (tmp_path / "t", tmp_path / "b")
    for holders in (
        [("A", one)],
        [("A", one), ("A", other)],
        [("A", one), ("B", one)],
        [("A", one), (" ", other)],
        [("A", one), ("B", other), ("C", x25519.new_identity()[1])],
    ):
        with pytest.raises(InputRefused, match="CHSK060E"):
            house.keys.set_recovery(holders, *places)
    with pytest.raises(InputRefused, match="CHSK045E"):
        house.keys.set_recovery([("A", one), ("B", other[:-1])], *places)
    both = [("A", one), ("B", other)]
    for tallies, backups in (
        (tmp_path / "t", tmp_path / "t" / "b"),
        (tmp_path / "t", tmp_path / "t"),
        (house.keys.folder / "t", tmp_path / "b"),
        (tmp_path / "t", tmp_path / "root" / "b"),
    ):
        with pytest.raises(InputRefused, match="CHSK069E"):
            house.keys.set_recovery(both, tallies, backups)
    assert house.keys.status().master_version == 2
    bare = KeyStore(tmp_path / "bare")
    bare.init()
    with pytest.raises(InputRefused, match="CHSK065E"):
        bare.back_up()


def test_nothing_is_rotated_while_the_tally_that_must_die_is_out_of_reach(
    house: Recoverable, tmp_path: Path
) -> None:
    """An empty folder where the device was mounted: a new tally there would leave the old one alive on the device."""
    away = tmp_path / "away"
    house.tallies.rename(away)
    house.tallies.mkdir(mode=0o700)
    with pytest.raises(StopLine, match="CHSK062S"):
        house.keys.rotate_master()
    assert (house.keys.status().master_version, list(house.tallies.iterdir())) == (2, [])
    house.keys.new_cohort("c1", "CHOSHO.TEST")  # what needs no rotation goes on
    house.tallies.rmdir()
    away.rename(house.tallies)
    assert house.keys.rotate_master() == 3


def test_a_lost_tally_is_replaced_by_setting_recovery_anew(house: Recoverable, tmp_path: Path) -> None:
    shutil.rmtree(house.tallies)
    found = house.keys.recovery()
    assert house.keys.set_recovery(found.holders, tmp_path / "t2", house.backups) == 3
    assert house.open(house.newest, tallies=tmp_path / "t2").version == 3
    assert house.keys.rotate_master() == 4


def test_a_tally_of_an_earlier_folder_dies_when_the_folder_is_changed(
    house: Recoverable, tmp_path: Path
) -> None:
    found = house.keys.recovery()
    house.keys.set_recovery(found.holders, tmp_path / "t2", house.backups)
    assert list(house.tallies.iterdir()) == []


def test_status_says_whether_the_newest_backup_holds_the_table(house: Recoverable, tmp_path: Path) -> None:
    bare = KeyStore(tmp_path / "bare")
    bare.init()
    assert (bare.status().backup, bare.status().recovery_holders) == (BackupState.NONE, ())
    assert house.keys.status().recovery_holders == ("Holder A", "Holder B")
    assert house.keys.status().backup is BackupState.CURRENT
    house.keys.new_cohort("c1", "CHOSHO.TEST")
    assert house.keys.status().backup is BackupState.BEHIND
    house.keys.back_up()
    assert house.keys.status().backup is BackupState.CURRENT


def test_settings_come_back_as_they_were_written(house: Recoverable) -> None:
    found = house.keys.recovery()
    assert Recovery.from_json(json.loads(json.dumps(found.to_json()))) == found


CHILD = """
import sys
from pathlib import Path
from chosho.vault.backup import Backup
from chosho.vault.keys import KeyStore
from chosho.vault.tally import Tallies
act, folder = sys.argv[1], Path(sys.argv[2])
if act == "rotate":
    KeyStore(folder).rotate_master()
else:
    opened = Backup.open(Path(sys.argv[3]).read_bytes(), sys.argv[4], Tallies(Path(sys.argv[5])))
    KeyStore(folder).recover(opened)
"""


def child(fault: str, *words: object) -> int:
    return subprocess.run(
        [sys.executable, "-c", CHILD, *map(str, words)],
        env={**os.environ, "CHOSHO_DISK_FAULT": fault},
        capture_output=True,
        check=False,
    ).returncode


ROTATION = {"create": 5, "write": 8, "sync": 8, "sync_folder": 10, "remove": 3}
"""Disk operations of a rotation with recovery set up; the test proves that there is no further one."""

RECOVERY = {"create": 4, "write": 4, "sync": 4, "sync_folder": 8}
"""Disk operations of a recovery into a new folder."""


def points(counts: dict[str, int]) -> list[str]:
    return [f"{name}:{number}:KILL" for name, most in counts.items() for number in range(1, most + 1)]


@pytest.mark.parametrize("fault", points(ROTATION))
def test_a_rotation_killed_anywhere_leaves_a_backup_that_opens_and_kills_the_old_one_when_done_again(
    house: Recoverable, tmp_path: Path, fault: str
) -> None:
    key = house.keys.new_cohort("c1", "CHOSHO.TEST")
    house.keys.new_cohort("c2", "CHOSHO.TEST")
    house.keys.back_up()
    old = tmp_path / "old.age"
    shutil.copy(house.newest, old)
    house.keys.destroy_cohort("c2")
    assert child(fault, "rotate", house.keys.folder) == -9
    # The key folder is lost at this very moment: the newest backup that opens brings the rest back.
    assert any(
        _brings_back(house, path, key, tmp_path) for path in (old, *sorted(house.backups.glob("0*.age")))
    )
    version = house.keys.rotate_master()
    assert house.keys.cohort_key("c1") == key
    assert [path.name for path in house.tallies.glob("*.txt")] == [f"{version:06d}.txt"]
    assert [path.name for path in house.backups.glob("0*.age")] == [f"{version:06d}.age"]
    assert refusal(house, old) == "CHSK061S"
    assert house.keys.status().backup is BackupState.CURRENT


def _brings_back(house: Recoverable, backup: Path, key: bytes, tmp_path: Path) -> bool:
    new = KeyStore(tmp_path / f"new-{backup.name}")
    try:
        new.recover(house.open(backup))
    except ChoshoError:
        return False
    return new.cohort_key("c1") == key


@pytest.mark.parametrize("fault", points(RECOVERY))
def test_a_recovery_killed_anywhere_is_completed_by_the_same_call(
    house: Recoverable, tmp_path: Path, fault: str
) -> None:
    key = house.keys.new_cohort("c1", "CHOSHO.TEST")
    (house.keys.heads / "latest.json").write_text('{"seq": 7}')
    house.keys.back_up()
    words = ("recover", tmp_path / "new", house.newest, house.identities[0], house.tallies)
    assert child(fault, *words) == -9
    new = KeyStore(tmp_path / "new")
    if not (new.folder / "table.json").exists():
        new.recover(house.open(house.newest))
    assert (new.cohort_key("c1"), new.journal_key()) == (key, house.keys.journal_key())


def test_the_points_at_which_rotation_and_recovery_are_killed_are_all_there_are(
    house: Recoverable, tmp_path: Path
) -> None:
    (house.keys.heads / "latest.json").write_text('{"seq": 7}')
    house.keys.back_up()
    for name, most in RECOVERY.items():
        words = ("recover", tmp_path / f"new-{name}", house.newest, house.identities[0], house.tallies)
        assert child(f"{name}:{most + 1}:KILL", *words) == 0, name
    for name, most in ROTATION.items():
        assert child(f"{name}:{most + 1}:KILL", "rotate", house.keys.folder) == 0, name
