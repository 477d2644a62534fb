"""Erasing: unreadable with every key that is left, on record, and completed after a kill at any point."""

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from chosho import disk
from chosho.control.store import ControlStore
from chosho.dataset.erase import erase
from chosho.dataset.reader import Reader
from chosho.errors import StopLine
from chosho.vault.keys import KeyState, KeyStore
from chosho.vault.sealed import open_header, read_header
from tests.dataset.world import AT, LRECL, WHO
from tests.vault.recoverable import recoverable

REPOSITORY = Path(__file__).resolve().parents[2]


def put_up(world, store, dsn, number):
    """Uncatalogue a generation, as a step's disposition DELETE does."""
    world.begin_step(store)
    world.commit(store, uncatalogued=(store.generations.find(dsn, number).id,))


def test_what_is_erased_is_gone_in_keys_files_and_store_and_stands_in_the_journal(world, store):
    world.write(store, "A.B", cohort="A.B.1")
    world.write(store, "A.B", cohort="A.B.2", content=b"x" * 20)
    version = world.keys.status().master_version
    put_up(world, store, "A.B", 1)
    erasure = erase(world.root, store, world.keys, at=AT, who=WHO)
    assert ([one.number for one in erasure.generations], erasure.files, erasure.cohorts) == (
        [1],
        1,
        ("A.B.1",),
    )
    assert world.keys.cohort_state("A.B.1") is KeyState.DESTROYED
    assert world.keys.status().master_versions == (version + 1,)
    assert len(world.data_files()) == 1
    assert Reader([world.source(store, "A.B", 2)], lrecl=LRECL).read_all() == b"x" * 20
    kinds = Counter(row.kind for row in store.journal.rows())
    assert (kinds["generation.erased"], kinds["keys.destroyed"]) == (1, 1)
    again = erase(world.root, store, world.keys, at=AT, who=WHO)
    assert (again.generations, again.files, again.cohorts) == ((), 0, ())
    assert world.keys.status().master_versions == (version + 1,)


def test_copies_of_the_data_root_and_of_the_keys_are_worthless_afterwards(world, store, tmp_path):
    world.write(store, "A.B", cohort="A.B.1")
    path = world.source(store, "A.B", 1).path
    shutil.copytree(world.root, tmp_path / "root-before")
    table = (world.key_folder / "table.json").read_bytes()
    put_up(world, store, "A.B", 1)
    erase(world.root, store, world.keys, at=AT, who=WHO)
    copied = tmp_path / "root-before" / path.relative_to(world.root)
    with pytest.raises(StopLine, match="CHSK021S"):
        open_header(read_header(copied).raw, world.keys.cohort_key("A.B.1"))
    (world.key_folder / "table.json").write_bytes(table)  # an old copy of the key table comes back
    with pytest.raises(StopLine, match="CHSK0"):
        KeyStore(world.key_folder).cohort_key("A.B.1")


def test_a_restored_data_root_with_an_old_key_backup_and_the_recovery_identities_cannot_be_read(
    world, store, tmp_path
):
    """The promise of erasure: all that was copied before, and all that is left after, opens nothing of it.

    The same steps bring everything back before the erasure: it is the erasure that stops them.
    """
    world.write(store, "A.B", cohort="A.B.1")
    world.write(store, "A.B", cohort="A.B.2", content=b"x" * 20)
    recovery = recoverable(world.keys, tmp_path)
    world.keys.back_up()
    shutil.copytree(world.root, tmp_path / "root-before")
    shutil.copytree(recovery.backups, tmp_path / "backups-before")
    (backup,) = (tmp_path / "backups-before").iterdir()
    erased, kept = (
        tmp_path / "root-before" / world.source(store, "A.B", number).path.relative_to(world.root)
        for number in (1, 2)
    )

    before = KeyStore(tmp_path / "recovered-before")
    before.recover(recovery.open(backup))
    assert open_header(read_header(erased).raw, before.cohort_key("A.B.1"))
    shutil.rmtree(before.folder)

    put_up(world, store, "A.B", 1)
    erase(world.root, store, world.keys, at=AT, who=WHO)
    for holder in (0, 1):
        with pytest.raises(StopLine, match="CHSK061S"):
            recovery.open(backup, holder)
    # The newest backup brings back what lives, and the tombstone of what does not; the erased data open with no key of it.
    after = KeyStore(tmp_path / "recovered-after")
    after.recover(recovery.open(recovery.newest))
    assert open_header(read_header(kept).raw, after.cohort_key("A.B.2"))
    with pytest.raises(StopLine, match="CHSK021S"):
        after.cohort_key("A.B.1")
    with pytest.raises(StopLine, match="CHSK032S"):
        open_header(read_header(erased).raw, after.cohort_key("A.B.2"))


def test_an_erasure_is_not_done_while_the_tally_is_out_of_reach_and_is_completed_later(
    world, store, tmp_path
):
    world.write(store, "A.B", cohort="A.B.1")
    recovery = recoverable(world.keys, tmp_path)
    put_up(world, store, "A.B", 1)
    recovery.tallies.rename(tmp_path / "away")
    with pytest.raises(StopLine, match="CHSK062S"):
        erase(world.root, store, world.keys, at=AT, who=WHO)
    assert [one.number for one in store.generations.pending_erasures()] == [1]
    (tmp_path / "away").rename(recovery.tallies)
    assert erase(world.root, store, world.keys, at=AT, who=WHO).cohorts == ("A.B.1",)
    assert store.generations.pending_erasures() == ()


def test_a_cohort_that_still_seals_something_that_lives_is_waited_for(world, store):
    world.write(store, "A.B", cohort="SHARED")
    world.write(store, "A.B", cohort="SHARED")
    put_up(world, store, "A.B", 1)
    erasure = erase(world.root, store, world.keys, at=AT, who=WHO)
    assert ([one.number for one in erasure.waiting], erasure.generations) == ([1], ())
    assert Reader([world.source(store, "A.B", 2)], lrecl=LRECL).read_all() == b"0123456789"
    put_up(world, store, "A.B", 2)
    erasure = erase(world.root, store, world.keys, at=AT, who=WHO)
    assert sorted(one.number for one in erasure.generations) == [1, 2]
    assert world.data_files() == []


def test_an_unsealed_generation_needs_no_rotation(world, store):
    world.write(store, "A.B", cohort=None)
    version = world.keys.status().master_version
    put_up(world, store, "A.B", 1)
    assert erase(world.root, store, world.keys, at=AT, who=WHO).files == 1
    assert world.keys.status().master_version == version


def test_the_temporaries_of_a_step_die_with_their_cohort_and_not_that_of_its_outputs(world, store):
    result = world.write(store, "A.B", cohort="A.B.1")
    assert result.remove == ()
    world.begin_step(store)
    target, _ = world.target(store, "SORT", None, "TEMP.1")
    disk.write_new(target.path, b"work")
    spare, _ = world.target(store, "SORT", None, "TEMP.1")  # an id that was never used
    result = world.commit(store)
    erasure = erase(world.root, store, world.keys, intents=result.remove, at=AT, who=WHO)
    assert (erasure.files, erasure.cohorts) == (1, ("TEMP.1",))
    assert not spare.path.exists()
    assert store.generations.pending_intents() == ()
    assert Reader([world.source(store, "A.B", 1)], lrecl=LRECL).records == 1


CHILD = """
import sys
from pathlib import Path
from chosho.control.store import ControlStore
from chosho.dataset.erase import erase
from chosho.vault.keys import KeyStore
root, keys = Path(sys.argv[1]), KeyStore(Path(sys.argv[2]))
with ControlStore.open(root, keys) as store:
    erase(root, store, keys, at="2027-01-12T09:00:00", who="operator")
"""


def test_killed_at_any_point_the_same_call_does_the_rest(world, store):
    """Each disk operation of an erasure is made the last one; then recovery's call must end in the same state."""
    points = [
        f"{operation}:{n}"
        for operation in ("create", "write", "sync", "sync_folder", "remove")
        for n in (1, 2, 3)
    ]
    killed = 0
    for number, point in enumerate(points, 1):
        cohort = f"A.B.{number}"
        world.write(store, "A.B", cohort=cohort)
        put_up(world, store, "A.B", number)
        environment = {**os.environ, "CHOSHO_DISK_FAULT": f"{point}:KILL"}
        child = subprocess.run(
            [sys.executable, "-c", CHILD, str(world.root), str(world.key_folder)],
            env=environment,
            cwd=REPOSITORY,
            check=False,
        )
        assert child.returncode in {0, -signal.SIGKILL}
        killed += child.returncode != 0
        keys = KeyStore(world.key_folder)
        with ControlStore.open(world.root, keys) as reopened:
            erase(world.root, reopened, keys, at=AT, who=WHO)
            assert reopened.generations.pending_erasures() == ()
            assert reopened.journal.verify() == ()
        assert keys.cohort_state(cohort) is KeyState.DESTROYED
        assert len(keys.status().master_versions) == 1
        assert world.data_files() == []
    assert killed >= 8
