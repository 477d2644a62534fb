"""Runs: identity, restart, steps."""

from datetime import date

import pytest

from chosho.control.runs import Reference, RunState, StepState
from chosho.errors import InputRefused, StopLine
from tests.control.conftest import AT, DSN, House


def restart(house: House, run_id: str, fingerprint: str = "f"):
    return house.store.runs.restart(run_id, fingerprint=fingerprint, at=AT, who="tester")


def test_a_run_is_its_deck_date_and_parameters(house: House) -> None:
    one = house.begin(A="1", B="2")
    assert one.id == "JANUARY.20270112.01"
    assert house.begin(A="1", B="3").id == "JANUARY.20270112.02"
    assert house.begin(day=13, A="1", B="2").id == "JANUARY.20270113.01"
    assert house.store.runs.find("JANUARY", date(2027, 1, 12), {"B": "2", "A": "1"}) == one
    assert house.store.runs.find("JANUARY", date(2027, 1, 12), {"A": "1"}) is None
    assert house.store.runs.get(one.id) == one
    with pytest.raises(InputRefused, match="CHSJ023E"):
        house.store.runs.get("NONE")


def test_a_finished_run_is_refused_a_second_time(house: House) -> None:
    run = house.begin()
    assert house.finish(run, 4).state is RunState.FINISHED
    with pytest.raises(InputRefused, match=r"CHSJ020E.*JANUARY.20270112.01"):
        house.begin()
    with pytest.raises(InputRefused, match="CHSJ020E"):
        restart(house, run.id)


def test_a_failed_run_restarts_under_the_same_id_and_generations(house: House) -> None:
    run = house.begin(number=5)
    assert house.finish(run, 8).state is RunState.FAILED
    with pytest.raises(InputRefused, match="CHSJ021E"):
        house.begin()
    again = restart(house, run.id)
    assert (again.id, again.state, again.attempt, again.rc) == (run.id, RunState.RUNNING, 2, None)
    assert house.store.runs.references(run.id) == (Reference(dsn=DSN, relative=1, number=5),)


def test_a_run_whose_supervisor_was_killed_restarts_and_its_running_step_counts_as_failed(
    house: House,
) -> None:
    run = house.begin()
    house.publish(run, "S1", 1, "f1")
    house.store.runs.step_begin(run.id, "S2", at=AT)
    house.reopen()
    restart(house, run.id)
    steps = house.store.runs.steps(run.id)
    assert [(step.name, step.state) for step in steps.values()] == [
        ("S1", StepState.FINISHED),
        ("S2", StepState.FAILED),
    ]
    house.store.runs.step_begin(run.id, "S2", at=AT)
    assert house.store.runs.steps(run.id)["S2"].attempt == 2


def test_a_changed_deck_does_not_continue_a_run(house: House) -> None:
    run = house.begin()
    house.finish(run, 16)
    with pytest.raises(InputRefused, match="CHSJ022E"):
        restart(house, run.id, fingerprint="other")
    assert house.store.runs.get(run.id).attempt == 1


def test_a_step_keeps_its_code_counts_and_time(house: House) -> None:
    run = house.begin()
    house.publish(run, "S1", 1, "f1", rc=4)
    house.store.runs.step_skip(run.id, "S2", at=AT)
    one, two = house.store.runs.steps(run.id).values()
    assert (one.state, one.rc, one.counts, one.elapsed) == (StepState.FINISHED, 4, {"read": 10}, 1.5)
    assert (two.state, two.rc, two.counts) == (StepState.SKIPPED, None, {})


def test_a_step_that_does_not_run_cannot_end(house: House) -> None:
    run = house.begin()
    with pytest.raises(StopLine, match="CHSJ030S"):
        house.commit(run, "S1")
    house.store.runs.step_begin(run.id, "S1", at=AT)
    house.commit(run, "S1")
    with pytest.raises(StopLine, match="CHSJ030S"):
        house.commit(run, "S1")


def test_runs_are_listed_newest_first(house: House) -> None:
    ids = [house.begin(day=day).id for day in (10, 11, 12)]
    assert [run.id for run in house.store.runs.list()] == ids[::-1]
    assert [run.id for run in house.store.runs.list(limit=1)] == ids[2:]


def test_begin_restart_and_end_are_in_the_journal(house: House) -> None:
    run = house.begin()
    house.finish(run, 8)
    restart(house, run.id)
    house.finish(run, 0)
    kinds = [row.kind for row in house.store.journal.rows() if row.fields.get("run") == run.id]
    assert kinds == ["run.begin", "run.end", "run.restart", "run.end"]
