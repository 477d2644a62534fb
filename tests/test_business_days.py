"""The business calendar: against the law's holidays as the ``holidays`` package computes them."""

import datetime as dt
from pathlib import Path

import holidays
import pytest

from chosho.business_days import Calendar
from chosho.errors import InputRefused

TEXT = (Path(__file__).resolve().parents[1] / "datasets" / "CALENDAR.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return Calendar.load(TEXT)


def date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_holidays_are_those_of_the_law_from_2015_to_2034(calendar):
    oracle = holidays.country_holidays("JP", years=range(2015, 2035))
    days = [calendar.first + dt.timedelta(days=n) for n in range((calendar.last - calendar.first).days + 1)]
    assert [day for day in days if calendar.holiday(day)] == sorted(oracle)
    assert (calendar.first, calendar.last) == (date("2015-01-01"), date("2034-12-31"))


def test_substitute_holidays_and_moved_holidays_are_named(calendar):
    assert calendar.holiday(date("2019-05-06")) == "振替休日"
    assert calendar.holiday(date("2026-09-22")) == "国民の休日"
    assert calendar.holiday(date("2020-07-24")) == "スポーツの日"
    assert calendar.holiday(date("2020-10-12")) is None


@pytest.mark.parametrize(
    ("day", "business"),
    [
        ("2026-12-30", True),
        ("2026-12-31", False),
        ("2027-01-01", False),
        ("2027-01-03", False),
        ("2027-01-04", True),
        ("2027-01-09", False),
        ("2027-01-10", False),
        ("2027-01-11", False),
        ("2027-01-12", True),
    ],
)
def test_weekends_holidays_and_the_turn_of_the_year_are_no_business_days(calendar, day, business):
    assert calendar.is_business_day(date(day)) is business


def test_next_business_day_lies_after_the_day(calendar):
    assert calendar.next_business_day(date("2026-12-30")) == date("2027-01-04")
    assert calendar.next_business_day(date("2027-01-08")) == date("2027-01-12")


def test_a_due_date_moves_forward_only_when_it_must(calendar):
    assert calendar.roll_forward(date("2027-01-31")) == date("2027-02-01")
    assert calendar.roll_forward(date("2028-01-31")) == date("2028-01-31")


def test_business_days_are_counted_forward_and_backward(calendar):
    assert calendar.add_business_days(date("2027-01-08"), 1) == date("2027-01-12")
    assert calendar.add_business_days(date("2027-01-12"), -1) == date("2027-01-08")
    assert calendar.add_business_days(date("2027-01-09"), 0) == date("2027-01-12")
    assert calendar.add_business_days(date("2019-04-26"), 2) == date("2019-05-08")


def test_a_day_outside_the_calendar_is_refused(calendar):
    with pytest.raises(InputRefused, match="CHSC060E 2035-01-01 is outside"):
        calendar.is_business_day(date("2035-01-01"))
    with pytest.raises(InputRefused, match="CHSC060E"):
        calendar.next_business_day(date("2034-12-29"))


@pytest.mark.parametrize(
    ("found", "wanted"),
    [("2015:\n", "2013:\n"), ("01-12: 成人の日", "02-30: 成人の日"), ("approved_by", "approved")],
    ids=["gap in the years", "no calendar day", "unknown key"],
)
def test_a_wrong_calendar_is_refused(found, wanted):
    with pytest.raises(InputRefused, match="CHSD011E"):
        Calendar.load(TEXT.replace(found, wanted, 1))


def test_the_calendar_is_approved_by_a_role(calendar):
    assert calendar.approved_by.startswith("業務カレンダー管理責任者")


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        ("2027-01-31", "2027-02-01"),  # a Sunday
        ("2027-12-28", "2027-12-28"),  # a Tuesday
        ("2027-12-29", "2028-01-04"),  # the house works, the tax office does not
        ("2027-12-30", "2028-01-04"),
        ("2028-01-01", "2028-01-04"),
        ("2026-12-29", "2027-01-04"),
        ("2022-12-29", "2023-01-04"),
        ("2024-12-28", "2025-01-06"),  # a Saturday; 4 January is one too
        ("2027-05-01", "2027-05-06"),  # a Saturday before the holidays of May
    ],
)
def test_a_deadline_of_tax_law_moves_by_the_laws_own_days(calendar, day, ends):
    assert calendar.tax_deadline(date(day)) == date(ends)


def test_the_houses_own_closure_moves_no_deadline_of_tax_law():
    longer = Calendar.load(
        TEXT.replace('year_end: {from: "12-31", to: "01-03"}', 'year_end: {from: "12-20", to: "02-10"}', 1)
    )
    assert longer.roll_forward(date("2028-01-31")) == date("2028-02-14")
    assert longer.tax_deadline(date("2028-01-31")) == date("2028-01-31")
