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
        ("2026-12-31", False, None),  # the deadline of that January is long over
        ("2027-01-01", False, "2027-02-01"),  # 31 January is a Sunday
        ("2027-02-01", False, "2027-02-01"),
        ("2027-02-02", False, None),
        ("2027-01-20", True, None),
        ("2028-01-04", False, "2028-01-31"),
    ],
)
def test_the_statements_are_due_at_the_end_of_january(today: str, made: bool, due: str | None) -> None:
    found = duty.of_statements(dt.date.fromisoformat(today), CALENDAR, made=made)
    assert [one.due.isoformat() for one in found] == ([due] if due else [])


def test_the_statements_are_those_of_the_year_before() -> None:
    (one,) = duty.of_statements(dt.date(2027, 1, 4), CALENDAR, made=False)
    assert one.what == "2026年分の支払調書の提出"
