"""The night: which decks run, in which order, and what becomes of nights that did not end."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from chosho.batch.night import NIGHTLY, PURGE, SCRATCH, Outcome, Part, Turn, missed, night, unfinished
from chosho.business_days import Calendar
from chosho.control.runs import Run, RunState

CALENDAR = Calendar.load(
    (Path(__file__).resolve().parents[2] / "datasets" / "CALENDAR.yaml").read_text(encoding="utf-8")
)
TUESDAY, SATURDAY = date(2027, 1, 12), date(2027, 1, 16)


def run(deck: str, day: date, state: RunState) -> Run:
    return Run(
        id=f"{deck}.{day:%Y%m%d}.01",
        deck=deck,
        business_date=day,
        parameters={},
        fingerprint="",
        state=state,
        rc=None,
        attempt=1,
        begun_at="",
        ended_at=None,
    )


class House:
    """Runs that stand on record, and how executed parts end."""

    def __init__(self, *runs: Run, ends: RunState = RunState.FINISHED) -> None:
        self.runs = list(runs)
        self.ends = ends
        self.executed: list[tuple[str, date, Turn]] = []

    def execute(self, part: Part) -> Outcome:
        self.executed.append((part.deck, part.business_date, part.turn))
        done = run(part.deck, part.business_date, self.ends)
        self.runs = [one for one in self.runs if one.id != done.id] + [done]
        return Outcome(part=part, run_id=done.id, code=0, finished=self.ends is RunState.FINISHED)

    def night(self, day: date) -> list[Outcome]:
        return list(night(day, CALENDAR, lambda: self.runs, self.execute))


def test_a_business_day_has_scratch_nightly_purge() -> None:
    house = House()
    house.night(TUESDAY)
    assert [deck for deck, _, _ in house.executed] == [SCRATCH, NIGHTLY, PURGE]


@pytest.mark.parametrize("day", [SATURDAY, date(2027, 1, 11), date(2026, 12, 31), date(2027, 1, 3)])
def test_any_other_day_has_scratch_and_purge(day: date) -> None:
    house = House()
    outcomes = house.night(day)
    assert [deck for deck, _, _ in house.executed] == [SCRATCH, PURGE]
    assert outcomes[1].part.turn is Turn.NO_BUSINESS_DAY


def test_what_was_finished_is_not_run_again() -> None:
    house = House()
    house.night(TUESDAY)
    again = house.night(TUESDAY)
    assert len(house.executed) == 3
    assert [(one.part.turn, one.code) for one in again] == [(Turn.FINISHED, None)] * 3


@pytest.mark.parametrize("state", [RunState.FAILED, RunState.RUNNING])
def test_what_failed_or_was_killed_goes_on(state: RunState) -> None:
    house = House(run(SCRATCH, TUESDAY, RunState.FINISHED), run(NIGHTLY, TUESDAY, state))
    house.night(TUESDAY)
    assert house.executed == [(NIGHTLY, TUESDAY, Turn.RESTART), (PURGE, TUESDAY, Turn.RUN)]


def test_an_earlier_night_ends_before_a_new_one_begins() -> None:
    before = [date(2027, 1, 8), date(2027, 1, 7)]
    house = House(*(run(NIGHTLY, day, RunState.FAILED) for day in before))
    house.night(TUESDAY)
    assert [(deck, day) for deck, day, _ in house.executed] == [
        (SCRATCH, TUESDAY),
        (NIGHTLY, before[1]),
        (NIGHTLY, before[0]),
        (NIGHTLY, TUESDAY),
        (PURGE, TUESDAY),
    ]


def test_a_night_waits_for_one_that_fails_again_and_purge_runs_all_the_same() -> None:
    house = House(run(NIGHTLY, date(2027, 1, 8), RunState.FAILED), ends=RunState.FAILED)
    outcomes = house.night(TUESDAY)
    assert [deck for deck, _, _ in house.executed] == [SCRATCH, NIGHTLY, PURGE]
    assert [(one.part.turn, one.finished) for one in outcomes if one.part.deck == NIGHTLY] == [
        (Turn.RESTART, False),
        (Turn.WAITS, False),
    ]


@pytest.mark.parametrize("deck", [SCRATCH, PURGE])
@pytest.mark.parametrize("state", [RunState.FAILED, RunState.RUNNING])
def test_what_earlier_dates_left_of_scratch_and_purge_is_ended_behind_tonights(
    deck: str, state: RunState
) -> None:
    before = [date(2027, 1, 9), date(2027, 1, 8)]
    house = House(*(run(deck, day, state) for day in before))
    outcomes = house.night(SATURDAY)
    assert [(day, turn) for done, day, turn in house.executed if done == deck] == [
        (SATURDAY, Turn.RUN),
        (before[1], Turn.RESTART),
        (before[0], Turn.RESTART),
    ]
    assert all(one.finished for one in outcomes)
    house.night(SATURDAY)
    assert len(house.executed) == 4, "nothing is left"


def test_an_earlier_purge_waits_when_tonights_does_not_end_well() -> None:
    house = House(run(PURGE, date(2027, 1, 9), RunState.FAILED), ends=RunState.FAILED)
    last = house.night(SATURDAY)[-1]
    assert (last.part.turn, last.run_id, last.finished, last.weight) == (
        Turn.WAITS_FOR_TONIGHT,
        "PURGE.20270109.01",
        False,
        8,
    )


def test_a_failed_scratch_does_not_keep_the_rest_from_running() -> None:
    house = House(ends=RunState.FAILED)
    house.night(TUESDAY)
    assert [deck for deck, _, _ in house.executed] == [SCRATCH, NIGHTLY, PURGE]


def test_a_closed_night_is_not_waited_for_and_not_run_again() -> None:
    house = House(run(NIGHTLY, date(2027, 1, 8), RunState.CLOSED), run(NIGHTLY, TUESDAY, RunState.CLOSED))
    assert unfinished(house.runs, NIGHTLY, before=TUESDAY) == []
    outcomes = house.night(TUESDAY)
    assert [deck for deck, _, _ in house.executed] == [SCRATCH, PURGE]
    (closed,) = [one for one in outcomes if one.part.deck == NIGHTLY]
    assert (closed.part.turn, closed.run_id, closed.code) == (Turn.CLOSED, "NIGHTLY.20270112.01", 4)


def test_missed_nights_are_business_days_only() -> None:
    friday = run(NIGHTLY, date(2027, 1, 8), RunState.FINISHED)
    assert missed([friday], CALENDAR, TUESDAY) == []  # Saturday, Sunday, 成人の日
    assert missed([friday], CALENDAR, date(2027, 1, 15)) == [TUESDAY, date(2027, 1, 13), date(2027, 1, 14)]
    assert missed([], CALENDAR, TUESDAY) == []
    assert missed([replace(friday, deck=PURGE)], CALENDAR, TUESDAY) == []
