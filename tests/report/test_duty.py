"""What is to be done by a day."""

import datetime as dt
from pathlib import Path

import pytest

from chosho.business_days import Calendar
from chosho.report import duty
from chosho.report.duty import Duty

CALENDAR = Calendar.load(
    (Path(__file__).resolve().parents[2] / "datasets" / "CALENDAR.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    ("today", "left", "overdue"),
    [("2027-01-10", 2, False), ("2027-01-12", 0, False), ("2027-01-13", -1, True)],
)
def test_a_duty_is_overdue_after_its_day(today: str, left: int, overdue: bool) -> None:
    one = Duty(due=dt.date(2027, 1, 12), source="PF", what="x")
    day = dt.date.fromisoformat(today)
    assert (one.left(day), one.overdue(day)) == (left, overdue)


def test_the_earliest_comes_first() -> None:
    found = sorted(duty.of_pf_keys({dt.date(2027, 1, 13): 2, dt.date(2027, 1, 8): 1}))
    assert [(one.due.day, one.what) for one in found] == [(8, "PF削除 1件"), (13, "PF削除 2件")]


def test_a_report_is_to_be_signed_on_the_next_business_day() -> None:
    (one,) = duty.of_unsigned([dt.date(2027, 1, 8)], CALENDAR)
    assert (one.due, one.how) == (dt.date(2027, 1, 12), "chosho report show 2027-01-08")


def test_a_refused_file_is_to_be_settled_on_the_next_business_day() -> None:
    (one,) = duty.of_refused([("窓口端末", "C.age", "FDUP", dt.date(2027, 1, 12))], CALENDAR)
    assert (one.due, one.what) == (dt.date(2027, 1, 13), "窓口端末 C.age 受付不可（FDUP）")


@pytest.mark.parametrize(
    ("today", "made", "due"),
    [
        ("2026-12-31", {2025}, []),
        ("2027-01-01", {2025}, ["2027-02-01"]),  # 31 January is a Sunday
        ("2027-02-01", {2025}, ["2027-02-01"]),
        ("2027-02-02", {2025}, ["2027-02-01"]),  # overdue, until they are made
        ("2027-12-31", {2025}, ["2027-02-01"]),
        ("2027-01-20", {2025, 2026}, []),
        ("2027-02-02", {2025, 2026}, []),
        ("2028-01-04", {2025, 2026}, ["2028-01-31"]),
        ("2028-01-04", {2025}, ["2027-02-01", "2028-01-31"]),
    ],
)
def test_the_statements_are_due_at_the_end_of_january_and_stand_until_they_are_made(
    today: str, made: set[int], due: list[str]
) -> None:
    found = duty.of_statements(dt.date.fromisoformat(today), CALENDAR, made=made, since=dt.date(2025, 12, 1))
    assert [one.due.isoformat() for one in found] == due


@pytest.mark.parametrize(
    ("since", "today", "years"),
    [
        ("2027-01-20", "2027-03-01", ["2026"]),
        ("2027-02-01", "2027-03-01", ["2026"]),
        ("2027-02-02", "2027-03-01", []),  # somebody else's deadline
        ("2027-02-02", "2027-02-01", ["2026"]),  # asked as of a day before the data root was set up
        ("2027-02-02", "2028-03-01", ["2027"]),
        ("1999-01-01", "2015-03-01", ["2014"]),  # what the calendar does not hold is not asked of it
    ],
)
def test_deadlines_before_the_data_root_was_set_up_are_not_told(
    since: str, today: str, years: list[str]
) -> None:
    day, begun = dt.date.fromisoformat(today), dt.date.fromisoformat(since)
    assert [one.what[:4] for one in duty.of_statements(day, CALENDAR, made=set(), since=begun)] == years


def test_the_statements_are_those_of_the_year_before() -> None:
    (one,) = duty.of_statements(dt.date(2027, 1, 4), CALENDAR, made=set(), since=dt.date(2027, 1, 4))
    assert (one.what, one.how) == ("2026年分の支払調書の提出", "chosho submit JANUARY")
    (late, _) = duty.of_statements(dt.date(2028, 1, 4), CALENDAR, made=set(), since=dt.date(2027, 1, 4))
    assert late.how == "chosho submit JANUARY --set TAX_YEAR=2026"
