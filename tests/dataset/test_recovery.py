"""Recovery: what a killed run left is erased, what nobody knows is put aside, what lives is left alone."""

import os

import pytest

from chosho import disk
from chosho.dataset.reader import Reader
from chosho.dataset.recovery import recover
from chosho.errors import ReturnCode
from chosho.vault.keys import KeyState
from tests.dataset.world import AT, LRECL, WHO


def recovered(world, store, *, alive=()):
    return recover(world.root, store, world.keys, alive=lambda run: run in alive, at=AT, who=WHO)


def test_what_a_killed_step_left_is_erased_and_the_number_is_free_again(world, store):
    world.write(store, "A.B", cohort="A.B.1")
    world.begin_step(store)
    for _ in range(2):
        target, _ = world.target(store, "A.B", 2, "A.B.2")
        disk.write_new(target.path, b"half")
    temporary, _ = world.target(store, "SORT", None, "TEMP.2")
    disk.write_new(temporary.path, b"work")
    recovery = recovered(world, store)
    assert len(recovery.given_up) == 3
    assert recovery.erasure.cohorts == ("A.B.2", "TEMP.2")
    assert recovery.return_code is ReturnCode.CLEAN
    assert len(world.data_files()) == 1
    assert world.keys.cohort_state("A.B.2") is KeyState.DESTROYED
    assert store.generations.pending_intents() == ()
    assert store.generations.next_number("A.B") == 2
    assert Reader([world.source(store, "A.B", 1)], lrecl=LRECL).read_all() == b"0123456789"
    again = recovered(world, store)
    assert (again.given_up, again.erasure.cohorts, again.quarantined) == ((), (), ())


def test_files_of_a_living_run_are_left_alone(world, store):
    world.begin_step(store)
    target, _ = world.target(store, "A.B", 1, "A.B.1")
    disk.write_new(target.path, b"half")
    recovery = recovered(world, store, alive={world.run_id})
    assert (recovery.given_up, recovery.quarantined) == ((), ())
    assert target.path.exists()
    assert world.keys.cohort_state("A.B.1") is KeyState.LIVE


def test_an_intent_whose_key_was_never_kept_is_given_up_too(world, store):
    world.begin_step(store)
    store.generations.intend(
        world.run_id, world.step, "OUT", "A.B", number=1, cohort="NEVER", files={"f": "data/f"}
    )
    assert len(recovered(world, store).given_up) == 1


def test_a_file_that_nobody_knows_is_put_aside_and_never_deleted(world, store):
    disk.write_new(world.root / "data/stranger", b"whose?")
    recovery = recovered(world, store)
    assert recovery.quarantined == ("quarantine/stranger",)
    assert recovery.return_code is ReturnCode.CONTRADICTION
    assert (world.root / "quarantine/stranger").read_bytes() == b"whose?"
    assert world.data_files() == []
    assert [row.fields["path"] for row in store.journal.rows() if row.kind == "file.quarantined"] == [
        "quarantine/stranger"
    ]
    assert recovered(world, store).return_code is ReturnCode.CLEAN
    disk.write_new(world.root / "data/stranger", b"again")
    assert recovered(world, store).quarantined == ("quarantine/stranger.1",)


def test_a_recovery_that_was_killed_after_the_move_records_it_the_next_time(world, store):
    disk.write_new(world.root / "data/stranger", b"whose?")
    disk.set_aside(world.root / "data/stranger", world.root / "quarantine")
    assert recovered(world, store).quarantined == ("quarantine/stranger",)


def test_a_generation_without_files_is_given_up_with_its_key(world, store):
    world.begin_step(store)
    world.keys.new_cohort("A.B.1", "A.B")
    store.generations.intend(world.run_id, world.step, "OUT", "A.B", number=1, cohort="A.B.1", files={})
    assert recovered(world, store, alive={world.run_id}).erasure.generations == ()
    assert recovered(world, store).erasure.cohorts == ("A.B.1",)
    assert world.keys.cohort_state("A.B.1") is KeyState.DESTROYED
    again = store.generations.intend(
        world.run_id, world.step, "OUT", "A.B", number=1, cohort="A.B.2", files={"f": "data/f"}
    )
    assert again is not None


@pytest.mark.parametrize("name", ["202701120930", "1234567890123.bak", "調書.txt", os.fsdecode(b"\xff")])
def test_a_strangers_name_cannot_stop_the_recovery_and_stays_out_of_the_journal(world, store, name):
    disk.write_new(world.root / "data" / name, b"whose?")
    (found,) = recovered(world, store).quarantined
    assert (world.root / found).read_bytes() == b"whose?"
    assert name not in found
    disk.write_new(world.root / "quarantine" / name, b"another")
    assert len(recovered(world, store).quarantined) == 1
    assert recovered(world, store).quarantined == ()
