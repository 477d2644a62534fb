"""Backup and restore: what was there comes back, what was erased since does not, and damage is found before anything is used."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from chosho import disk
from chosho.control.store import ControlStore
from chosho.dataset import backup_set
from chosho.dataset.backup import make
from chosho.dataset.catalog import Catalog, Entry
from chosho.dataset.erase import erase
from chosho.dataset.proof import differences
from chosho.dataset.reader import Reader
from chosho.dataset.recovery import recover
from chosho.dataset.restore import Restored, prove, restore
from chosho.errors import InputRefused, StopLine
from chosho.vault.keys import KeyState
from tests.dataset.test_erase import put_up
from tests.dataset.world import AT, LRECL, WHO, World
from tests.rights import withhold
from tests.tools import tool

SEALED, PLAIN, STAGING = "A.SEALED", "A.PLAIN", "A.STAGING"


def entry(dsn: str, klass: str, suffix: str, **options: object) -> Entry:
    return Entry.model_validate(
        {
            "dsn": dsn,
            "title": "t",
            "recfm": "U",
            "suffix": suffix,
            "class": klass,
            "right": "a.use",
            "generations": 9,
        }
        | options
    )


CATALOG = Catalog(
    {
        SEALED: entry(SEALED, "specific-personal", ".dat", sealed=True),
        PLAIN: entry(PLAIN, "none", ".dat"),
        STAGING: entry(STAGING, "specific-personal", ".age"),
    }
)


@pytest.fixture
def made(world: World, store: ControlStore, tmp_path: Path) -> Path:
    """A backup of two generations of a sealed dataset and one of a plain one."""
    world.write(store, SEALED, cohort="S.1", content=b"1" * 10)
    world.write(store, SEALED, cohort="S.2", content=b"2" * 20)
    world.write(store, PLAIN, cohort=None, content=b"p" * 30)
    log = world.root / "spool" / world.run_id
    disk.make_folder(log)
    disk.write_new(log / "JOBLOG.txt", b"log")
    make(world.root, store, world.keys, CATALOG, tmp_path / "backup", at=AT, who=WHO)
    return tmp_path / "backup"


def restored(
    world: World, made: Path, newer: Path | None = None, name: str = "again"
) -> tuple[World, Restored]:
    """Restore into a new root beside the old one, with the same keys; return it as a world."""
    root = world.root.parent / name
    done = restore(made, root, world.keys, newer=newer, reason="disk lost", at=AT, who=WHO)
    again = object.__new__(World)
    again.__dict__.update(world.__dict__ | {"root": root})
    return again, done


def content(world: World, dsn: str, number: int) -> bytes:
    with world.store() as store:
        source = world.source(store, dsn, number)
        return Reader([source], lrecl=LRECL).read_all()


def test_what_was_backed_up_is_there_again_and_reads_the_same(world: World, made: Path) -> None:
    again, done = restored(world, made)
    assert (done.files, done.erased, done.lacking) == (4, (), ())
    assert content(again, SEALED, 1) == b"1" * 10
    assert content(again, SEALED, 2) == b"2" * 20
    assert content(again, PLAIN, 1) == b"p" * 30
    assert (again.root / "spool" / world.run_id / "JOBLOG.txt").read_bytes() == b"log"
    with again.store() as store:
        assert store.journal.verify() == ()
        found = recover(again.root, store, again.keys, alive=lambda _: False, at=AT, who=WHO)
        assert (found.quarantined, found.erasure.generations) == ((), ())
        (row,) = store.journal.rows(kinds=("store.restored",))
        assert (row.who, row.fields["reason"], row.fields["lost"]) == (WHO, "disk lost", 1)


def test_a_restored_root_goes_on_working_and_the_lost_heads_are_kept_aside(
    world: World, store: ControlStore, made: Path
) -> None:
    world.write(store, PLAIN, cohort=None)
    store.journal.write_head()
    again, done = restored(world, made)
    assert done.lost > 1
    assert done.return_code == 4
    with again.store() as opened:
        again.begin(opened)
        again.write(opened, PLAIN, cohort=None, content=b"q" * 10)
        opened.journal.write_head()
        assert opened.journal.verify() == ()
    assert any((world.key_folder / "heads" / "superseded").iterdir())
    with pytest.raises(StopLine, match="CHSJ010S"):  # the root that was given up must not go on beside it
        world.store()


def test_what_was_erased_since_does_not_come_back(world: World, store: ControlStore, made: Path) -> None:
    path = next(part.path for part in store.generations.parts(store.generations.find(SEALED, 1).id))
    put_up(world, store, SEALED, 1)
    erase(world.root, store, world.keys, at=AT, who=WHO)
    store.journal.write_head()
    assert prove(made, world.keys).destroyed == (f"{SEALED}.G0001V00",)
    again, done = restored(world, made)
    assert done.erased == (f"{SEALED}.G0001V00",)
    assert not (again.root / path).exists()
    assert world.keys.cohort_state("S.1") is KeyState.DESTROYED
    with again.store() as opened:
        assert [one.number for one in opened.generations.catalogued(SEALED)] == [2]
        assert opened.generations.pending_erasures() == ()
        (row,) = opened.journal.rows(kinds=("generation.erased",))
        assert row.fields["cohort"] == "S.1"
    assert content(again, SEALED, 2) == b"2" * 20


def test_an_erasure_that_only_the_surviving_control_store_knows_is_kept(
    world: World, store: ControlStore, made: Path
) -> None:
    """A plain dataset has no key that could be destroyed: what was erased stands in the journal of the newer store alone."""
    put_up(world, store, PLAIN, 1)
    erase(world.root, store, world.keys, at=AT, who=WHO)
    store.journal.write_head()
    again, done = restored(world, made, newer=world.root)
    assert (done.lost, done.held, done.return_code) == (0, 0, 0)
    with again.store() as opened:
        assert opened.generations.catalogued(PLAIN) == ()
        assert opened.journal.verify() == ()
    assert len(again.data_files()) == 2


def test_a_newer_backup_tells_of_erasures_as_well(
    world: World, store: ControlStore, made: Path, tmp_path: Path
) -> None:
    put_up(world, store, PLAIN, 1)
    erase(world.root, store, world.keys, at=AT, who=WHO)
    make(world.root, store, world.keys, CATALOG, tmp_path / "newer", at=AT, who=WHO)
    again, _ = restored(world, made, newer=tmp_path / "newer")
    with again.store() as opened:
        assert opened.generations.catalogued(PLAIN) == ()
        assert list(opened.journal.rows(kinds=("generation.erased",)))


def test_what_the_newer_store_names_and_the_backup_lacks_is_told_with_code_8(
    world: World, store: ControlStore, made: Path
) -> None:
    world.write(store, PLAIN, cohort=None)
    store.journal.write_head()
    _, done = restored(world, made, newer=world.root)
    assert (done.lacking, done.return_code) == ((f"{PLAIN}.G0002V00",), 8)


def test_a_store_that_is_no_continuation_of_the_backup_is_refused(
    world: World, made: Path, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = World(tmp_path / "other")
    shutil.rmtree(other.key_folder)
    shutil.copytree(world.key_folder, other.key_folder)
    shutil.rmtree(other.key_folder / "heads")
    (other.key_folder / "heads").mkdir(mode=0o700)
    with pytest.raises(StopLine, match="CHSD164S"):
        restore(made, tmp_path / "again", other.keys, newer=other.root, reason="r", at=AT, who=WHO)


def test_keys_of_the_pf_that_were_due_are_held_when_rows_may_be_lost(
    world: World, store: ControlStore, tmp_path: Path
) -> None:
    with store.transaction():
        store.pf.enter([["K1", "20270111100000", "due", ""]], run=world.run_id, at=AT, who=WHO)
    make(world.root, store, world.keys, CATALOG, tmp_path / "backup", at=AT, who=WHO)
    again, done = restored(world, tmp_path / "backup")
    assert done.held == 1
    with again.store() as opened:
        assert (opened.pf.key("K1")["state"], opened.pf.key("K1")["reason"]) == ("disputed", "RSTR")
    survived, done = restored(again, tmp_path / "backup", newer=again.root, name="third")
    assert done.held == 0
    assert survived.root != again.root


def test_no_key_and_nothing_plain_of_a_sealed_dataset_is_in_the_backup(world: World, made: Path) -> None:
    stored = b"".join(path.read_bytes() for path in made.rglob("*") if path.is_file())
    assert b"1" * 10 not in stored
    assert b"2" * 20 not in stored
    secrets = [world.keys.journal_key(), world.keys.cohort_key("S.1"), world.keys.cohort_key("S.2")]
    secrets += [
        bytes.fromhex(path.read_text().split()[0]) for path in (world.key_folder / "master").iterdir()
    ]
    for secret in secrets:
        assert secret not in stored
        assert secret.hex().encode() not in stored
    assert world.keys.recipient().encode() not in stored


def test_debians_tools_verify_a_backup_without_chosho(world: World, made: Path, tmp_path: Path) -> None:
    subprocess.run(["sha256sum", "-c", "--quiet", "manifest-sha256.txt"], cwd=made, check=True)  # noqa: S607
    signers = tmp_path / "signers"
    with world.store() as store:
        signers.write_text(store.journal.allowed_signers())
    command = [tool("ssh-keygen"), "-Y", "verify", "-f", signers, "-I", "chosho", "-n", "chosho-backup"]
    listed = (made / "manifest-sha256.txt").read_bytes()
    command += ["-s", made / "manifest-sha256.txt.sig"]
    for text, code in ((listed, 0), (listed[:-1], 255)):
        assert subprocess.run(command, input=text, capture_output=True, check=False).returncode == code


def test_any_damage_to_the_backup_is_found_by_the_proof_and_by_the_restore(world: World, made: Path) -> None:
    files = [path for path in made.rglob("*") if path.is_file()]
    assert len(files) == 8
    for number, path in enumerate(files):
        whole = path.read_bytes()
        changed = whole[:20] + bytes([whole[20] ^ 1]) + whole[21:] if len(whole) > 20 else whole + b"x"
        for damage in (changed, None):
            path.unlink()
            if damage is not None:
                path.write_bytes(damage)
            with pytest.raises((StopLine, InputRefused), match=r"CHSD16[123]"):
                prove(made, world.keys)
            with pytest.raises((StopLine, InputRefused), match=r"CHSD16[123]"):
                restored(world, made, name=f"damaged{number}{damage is None}")
            path.write_bytes(whole)
    assert prove(made, world.keys).readable == 3
    (made / "stranger").touch()
    with pytest.raises(StopLine, match="CHSD162S"):
        prove(made, world.keys)


def test_a_journal_that_was_forged_before_the_backup_is_found_by_it(
    world: World, store: ControlStore, tmp_path: Path
) -> None:
    with sqlite3.connect(world.root / "control" / "chosho.db") as database:
        database.execute("DROP TRIGGER journal_is_never_edited")
        database.execute("UPDATE journal SET who = 'somebody' WHERE seq = 1")
    database.close()
    make(world.root, store, world.keys, CATALOG, tmp_path / "backup", at=AT, who=WHO)
    with pytest.raises(StopLine, match="CHSD164S"):
        prove(tmp_path / "backup", world.keys)


def test_a_part_that_is_damaged_in_the_data_root_is_found_while_it_is_copied(
    world: World, store: ControlStore, tmp_path: Path
) -> None:
    world.write(store, SEALED, cohort="S.1")
    path = world.source(store, SEALED, 1).path
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StopLine, match="CHSD162S"):
        make(world.root, store, world.keys, CATALOG, tmp_path / "backup", at=AT, who=WHO)
    with pytest.raises(InputRefused, match="CHSD161E"):  # without its signature it is none
        prove(tmp_path / "backup", world.keys)


def test_a_folder_that_is_not_empty_or_not_outside_is_refused(
    world: World, store: ControlStore, made: Path, tmp_path: Path
) -> None:
    for folder, message in (
        (made, "CHSD160E"),
        (world.root / "b", "CHSD165E"),
        (world.key_folder / "b", "CHSD165E"),
    ):
        with pytest.raises(InputRefused, match=message):
            make(world.root, store, world.keys, CATALOG, folder, at=AT, who=WHO)
    (tmp_path / "file").touch()
    with pytest.raises(InputRefused, match="CHSD160E"):
        make(world.root, store, world.keys, CATALOG, tmp_path / "file", at=AT, who=WHO)
    with pytest.raises(InputRefused, match="CHSD165E"):
        restore(made, made / "again", world.keys, newer=None, reason="r", at=AT, who=WHO)
    with pytest.raises(InputRefused, match="CHSD160E"):
        restore(made, world.root, world.keys, newer=None, reason="r", at=AT, who=WHO)
    with pytest.raises(InputRefused, match="CHSJ041E"):
        restore(made, tmp_path / "new", world.keys, newer=None, reason=" ", at=AT, who=WHO)
    assert not (tmp_path / "new").exists()


def test_a_backup_of_another_house_is_refused(made: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = World(tmp_path / "other")
    with pytest.raises(StopLine, match="CHSD163S"):
        prove(made, other.keys)
    with pytest.raises(StopLine, match="CHSD163S"):
        restore(made, tmp_path / "again", other.keys, newer=None, reason="r", at=AT, who=WHO)


def test_both_ask_their_right_first(
    world: World, store: ControlStore, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    withhold(monkeypatch, "backup.make", "backup.restore")
    with pytest.raises(InputRefused, match="CHSJ040E"):
        make(world.root, store, world.keys, CATALOG, tmp_path / "new", at=AT, who=WHO)
    with pytest.raises(InputRefused, match="CHSJ040E"):
        restore(made, tmp_path / "new", world.keys, newer=None, reason="r", at=AT, who=WHO)
    assert not (tmp_path / "new").exists()


def test_a_staging_copy_is_in_no_backup_and_is_noted_as_gone(
    world: World, store: ControlStore, tmp_path: Path
) -> None:
    """Its age files have no cohort key: in a backup nothing would ever erase them."""
    world.write(store, STAGING, cohort=None, content=b"s" * 10)
    path = world.source(store, STAGING, 1).path
    make(world.root, store, world.keys, CATALOG, tmp_path / "backup", at=AT, who=WHO)
    assert not (tmp_path / "backup" / "data" / path.name).exists()
    prove(tmp_path / "backup", world.keys)
    again, done = restored(world, tmp_path / "backup")
    assert (done.left_out, done.lacking) == ((f"{STAGING}.G0001V00",), ())
    with again.store() as opened:
        assert opened.generations.catalogued(STAGING) == ()


def until_it_works(
    monkeypatch: pytest.MonkeyPatch, operation: str, act: Callable[[int], None], after: Callable[[int], None]
) -> int:
    """Let the disk fail at the first call of an operation, at the second, and so on; return at which it was not needed any more."""
    for number in range(1, 1000):
        disk._calls.clear()
        with monkeypatch.context() as patch:
            patch.setenv("CHOSHO_DISK_FAULT", f"{operation}:{number}:ENOSPC")
            try:
                act(number)
            except (OSError, StopLine):
                after(number)
                continue
        return number
    return 0


@pytest.mark.parametrize("operation", ["create", "write", "sync", "sync_folder"])
@pytest.mark.usefixtures("made")
def test_what_breaks_at_any_point_is_no_backup_and_no_root_and_is_done_again(
    world: World, store: ControlStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, operation: str
) -> None:
    disk.write_new(world.root / "CATALOG.yaml", b"catalogue")

    def back_up(number: int) -> None:
        make(world.root, store, world.keys, CATALOG, tmp_path / f"b{number}", at=AT, who=WHO)

    def is_none_or_whole(number: int) -> None:
        try:
            prove(tmp_path / f"b{number}", world.keys)
        except InputRefused as error:
            assert error.message_id == "CHSD161E"  # noqa: PT017 - either is right, depending on the point

    last = until_it_works(monkeypatch, operation, back_up, is_none_or_whole)
    assert last > 8
    backup = tmp_path / f"b{last}"

    def bring_back(number: int) -> None:
        restore(backup, tmp_path / f"r{number}", world.keys, newer=None, reason="r", at=AT, who=WHO)

    def has_a_catalogue_only_when_the_rest_is_there(number: int) -> None:
        root = tmp_path / f"r{number}"
        if (root / "CATALOG.yaml").exists():
            assert (root / "CATALOG.yaml").read_bytes() == b"catalogue"
            assert len(list((root / "data").iterdir())) == 3
            with ControlStore.open(root, world.keys) as opened:
                assert list(opened.journal.rows(kinds=("store.restored",)))

    last = until_it_works(monkeypatch, operation, bring_back, has_a_catalogue_only_when_the_rest_is_there)
    assert last > 4
    with ControlStore.open(tmp_path / f"r{last}", world.keys) as opened:
        assert opened.journal.verify() == ()
        assert list(differences(tmp_path / f"r{last}", opened, world.keys)) == []


def test_a_set_names_only_what_it_lists(made: Path) -> None:
    assert backup_set.is_set(made)
    assert not backup_set.is_set(made / "data")
