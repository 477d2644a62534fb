"""Generations: intent, one commit, numbers, roll-off, erasure, quarantine."""

import pytest

from chosho.control.files import Output, State
from chosho.errors import StopLine
from tests.control.conftest import AT, DSN, House, Written


def test_an_intent_is_invisible_until_its_commit(house: House) -> None:
    run = house.begin()
    house.store.runs.step_begin(run.id, "S1", at=AT)
    generation = house.intend(run, "S1", 1, "f1")
    assert house.intend(run, "S1", 1, "f2") == generation
    assert house.names() == []
    assert [intent.file_id for intent in house.store.generations.pending_intents()] == ["f1", "f2"]
    parts = [Written("f2", label="K310", records=3), Written("f1", label="K366", records=4)]
    house.commit(run, "S1", Output(generation=generation, parts=parts))
    assert house.names() == ["G0001V00"]
    assert [(part.id, part.label, part.path) for part in house.store.generations.parts(generation)] == [
        ("f2", "K310", "data/f2"),
        ("f1", "K366", "data/f1"),
    ]
    found = house.store.generations.find(DSN, 1)
    assert found is not None
    assert (found.records, found.plain_bytes, found.cohort) == (7, 2560, f"{DSN}.{run.id}")
    assert house.store.generations.pending_intents() == ()
    assert house.store.generations.datasets() == (DSN,)


def test_temporaries_and_spare_ids_are_to_be_removed_after_the_commit(house: House) -> None:
    run = house.begin()
    house.store.runs.step_begin(run.id, "S1", at=AT)
    generation = house.intend(run, "S1", 1, "used", "spare")
    assert house.intend(run, "S1", None, "sort1", "sort2", dsn="TEMPORARY") == 0
    result = house.commit(run, "S1", Output(generation=generation, parts=[Written("used")]))
    assert [intent.file_id for intent in result.remove] == ["sort1", "sort2", "spare"]
    house.store.generations.mark_removed("sort1", "sort2", "spare")
    assert house.store.generations.pending_intents() == ()
    assert house.store.generations.files() == {"data/used": State.COMMITTED}
    assert house.names() == ["G0001V00"]


def test_a_failed_step_publishes_only_what_is_always_kept(house: House) -> None:
    run = house.begin()
    house.store.runs.step_begin(run.id, "S1", at=AT)
    data = house.intend(run, "S1", 1, "f1", "f2")
    rejects = house.intend(run, "S1", 1, "r1", dsn="CHOSHO.REJECT")
    result = house.commit(
        run,
        "S1",
        Output(generation=data, parts=[Written("f1")]),
        Output(generation=rejects, parts=[Written("r1")], keep=True),
        rc=16,
        failed=True,
    )
    assert (house.names(), house.names("CHOSHO.REJECT")) == ([], ["G0001V00"])
    assert [generation.id for generation in result.erase] == [data]
    assert house.store.generations.paths(data) == ("data/f1", "data/f2")
    house.store.generations.mark_erased(data, at=AT, who="tester")
    assert house.store.generations.files() == {"data/r1": State.COMMITTED}
    assert house.store.generations.pending_erasures() == ()


def test_a_step_done_again_replaces_what_was_kept_by_a_new_version(house: House) -> None:
    run = house.begin()
    house.publish(run, "S1", 1, "old")
    house.finish(run, 16)
    house.store.runs.restart(run.id, fingerprint="f", at=AT, who="tester")
    result = house.publish(run, "S1", 1, "new")
    assert house.names() == ["G0001V01"]
    assert [generation.name for generation in result.erase] == ["G0001V00"]


def test_a_number_that_only_a_failed_attempt_used_is_used_again(house: House) -> None:
    run = house.begin()
    house.store.runs.step_begin(run.id, "S1", at=AT)
    house.intend(run, "S1", 1, "f1")
    result = house.commit(run, "S1", rc=16, failed=True)
    house.store.runs.restart(run.id, fingerprint="f", at=AT, who="tester")
    house.publish(run, "S1", 1, "f2")
    assert house.names() == ["G0001V00"]
    assert [generation.state for generation in result.erase] == [State.ERASE_PENDING]


def test_the_next_number_is_above_all_that_was_is_or_will_be(house: House) -> None:
    generations = house.store.generations
    assert generations.next_number(DSN) == 1
    first = house.begin(number=1)
    assert generations.next_number(DSN) == 2
    house.finish(first)
    assert generations.next_number(DSN) == 1
    second = house.begin(number=1, day=13)
    house.publish(second, "S1", 1, "f1")
    house.finish(second)
    assert generations.next_number(DSN) == 2
    third = house.begin(number=2, day=14)
    house.store.runs.step_begin(third.id, "S1", at=AT)
    visible = generations.find(DSN, 1)
    assert visible is not None
    house.commit(third, "S1", uncatalogued=(visible.id,))
    generations.mark_erased(visible.id, at=AT, who="tester")
    house.finish(third)
    assert generations.next_number(DSN) == 2


def test_what_is_beyond_the_limit_rolls_off_but_never_what_an_unfinished_run_holds(house: House) -> None:
    failed = house.begin(number=1)
    house.publish(failed, "S1", 1, "f1")
    house.finish(failed, 16)
    for number in (2, 3, 4):
        run = house.begin(number=number, day=12 + number)
        result = house.publish(run, "S1", number, f"f{number}", limits={DSN: 2})
        house.finish(run)
    # 1 is held by the failed run; 2 was rolled off when 4 came.
    assert house.names() == ["G0001V00", "G0003V00", "G0004V00"]
    assert [generation.name for generation in result.erase] == ["G0002V00"]
    house.store.runs.restart(failed.id, fingerprint="f", at=AT, who="tester")
    house.finish(failed)
    house.store.generations.roll_off({DSN: 2}, at=AT, who="tester")
    assert house.names() == ["G0003V00", "G0004V00"]


def test_a_disposition_deletes_only_when_the_step_ends_well(house: House) -> None:
    run = house.begin()
    house.publish(run, "S1", 1, "f1")
    generation = house.store.generations.catalogued(DSN)[0]
    house.store.runs.step_begin(run.id, "S2", at=AT)
    assert house.commit(run, "S2", uncatalogued=(generation.id,), rc=8, failed=True).erase == ()
    assert house.names() == ["G0001V00"]
    house.store.runs.step_begin(run.id, "S3", at=AT)
    result = house.commit(run, "S3", uncatalogued=(generation.id,))
    assert house.names() == []
    assert [erased.id for erased in result.erase] == [generation.id]
    with pytest.raises(StopLine, match="CHSJ036S"):
        house.store.generations.uncatalogue(generation.id, at=AT, who="tester")


def test_an_erasure_is_marked_once_and_journalled(house: House) -> None:
    run = house.begin()
    house.publish(run, "S1", 1, "f1")
    generation = house.store.generations.catalogued(DSN)[0]
    with pytest.raises(StopLine, match="CHSJ033S"):
        house.store.generations.mark_erased(generation.id, at=AT, who="tester")
    house.store.generations.uncatalogue(generation.id, at=AT, who="tester")
    house.store.generations.mark_erased(generation.id, at=AT, who="tester")
    row = list(house.store.journal.rows())[-1]
    assert row.kind == "generation.erased"
    assert row.fields["generation"] == "G0001V00"
    assert house.store.generations.get(generation.id).state is State.ERASED
    with pytest.raises(StopLine, match="CHSJ033S"):
        house.store.generations.mark_erased(generation.id, at=AT, who="tester")


def test_a_killed_steps_files_are_known_by_their_intents(house: House) -> None:
    run = house.begin()
    house.store.runs.step_begin(run.id, "S1", at=AT)
    generation = house.intend(run, "S1", 1, "f1", "f2")
    house.reopen()
    pending = house.store.generations.pending_intents(run.id)
    assert [intent.path for intent in pending] == ["data/f1", "data/f2"]
    assert house.store.generations.pending_intents("OTHER") == ()
    house.store.generations.mark_removed("f1")
    assert house.store.generations.get(generation).state is State.INTENT
    house.store.generations.mark_removed("f2")
    assert house.store.generations.get(generation).state is State.ERASED
    house.store.runs.restart(run.id, fingerprint="f", at=AT, who="tester")
    house.publish(run, "S1", 1, "f3")
    assert house.names() == ["G0001V00"]


def test_nothing_is_published_that_was_not_intended_and_then_nothing_is_changed(house: House) -> None:
    run = house.begin()
    house.store.runs.step_begin(run.id, "S1", at=AT)
    house.store.runs.step_begin(run.id, "S2", at=AT)
    generation = house.intend(run, "S1", 1, "f1")
    for step, part, message in (("S2", "f1", "CHSJ034S"), ("S1", "stranger", "CHSJ035S")):
        with pytest.raises(StopLine, match=message):
            house.commit(run, step, Output(generation=generation, parts=[Written(part)]))
    with pytest.raises(StopLine, match="CHSJ032S"):
        house.commit(run, "S1", Output(generation=99, parts=[]))
    assert house.names() == []
    house.commit(run, "S1", Output(generation=generation, parts=[Written("f1")]))
    assert house.names() == ["G0001V00"]


def test_two_steps_cannot_intend_the_same_generation(house: House) -> None:
    run = house.begin()
    house.intend(run, "S1", 1, "f1")
    with pytest.raises(StopLine, match="CHSJ031S"):
        house.intend(run, "S2", 1, "f2")


def test_a_file_that_nobody_knows_is_put_aside_on_record(house: House) -> None:
    house.store.generations.quarantine("data/stranger", at=AT, who="tester")
    assert house.store.generations.files() == {"data/stranger": State.QUARANTINED}
    assert list(house.store.journal.rows())[-1].fields == {"path": "data/stranger"}


def test_the_journal_holds_a_digest_of_every_published_generation(house: House) -> None:
    run = house.begin()
    house.publish(run, "S1", 1, "f1", "f2")
    rows = {row.kind: row.fields for row in house.store.journal.rows()}
    assert rows["generation.catalogued"]["records"] == 20
    assert len(str(rows["generation.catalogued"]["sha256"])) == 64
    assert rows["step.end"] == {"run": run.id, "step": "S1", "rc": 0, "failed": False}
