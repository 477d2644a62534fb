"""What is to be done by a day."""

import datetime as dt
from collections.abc import Collection
from pathlib import Path

import pytest

from chosho.business_days import Calendar
from chosho.report import duty
from chosho.report.duty import Duty, Filing

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


YEARLY = [
    ("2015", "2016-02-01"),  # a Sunday
    ("2016", "2017-01-31"),
    ("2017", "2018-01-31"),
    ("2018", "2019-01-31"),
    ("2019", "2020-01-31"),
    ("2020", "2021-02-01"),  # a Sunday
    ("2021", "2022-01-31"),
    ("2022", "2023-01-31"),
    ("2023", "2024-01-31"),
    ("2024", "2025-01-31"),
    ("2025", "2026-02-02"),  # a Saturday
    ("2026", "2027-02-01"),  # a Sunday
    ("2027", "2028-01-31"),
    ("2030", "2031-01-31"),
    ("2031", "2032-02-02"),  # a Saturday
    ("2032", "2033-01-31"),
]
MONTHLY = [
    ("202112", "2022-01-17"),  # a Saturday
    ("202212", "2023-01-16"),  # a Sunday
    ("202312", "2024-01-15"),
    ("202408", "2024-09-17"),  # a Sunday before 敬老の日
    ("202508", "2025-09-16"),  # 敬老の日
    ("202601", "2026-02-16"),  # a Sunday
    ("202607", "2026-08-17"),  # a Saturday; 14 August is a day like any other to the law
    ("202611", "2026-12-15"),
    ("202612", "2027-01-15"),
    ("202704", "2027-05-17"),  # a Saturday
    ("202707", "2027-08-16"),  # a Sunday
    ("202708", "2027-09-15"),
    ("202801", "2028-02-15"),
]
ANNUAL, MONTHS, CHANGES = duty.FILINGS


@pytest.mark.parametrize(("year", "due"), YEARLY)
@pytest.mark.parametrize("filing", [ANNUAL, CHANGES])
def test_the_yearly_statements_are_due_at_the_end_of_january(filing: Filing, year: str, due: str) -> None:
    assert filing.due(year, CALENDAR) == dt.date.fromisoformat(due)
    assert duty.statements_due(int(year) + 1, CALENDAR) == dt.date.fromisoformat(due)


@pytest.mark.parametrize(("month", "due"), MONTHLY)
def test_the_monthly_statements_are_due_on_the_fifteenth_of_the_next_month(month: str, due: str) -> None:
    assert MONTHS.due(month, CALENDAR) == dt.date.fromisoformat(due)


def test_the_kinds_are_those_of_the_law() -> None:
    assert [(filing.kinds, filing.monthly) for filing in duty.FILINGS] == [
        (("310", "366"), False),
        (("323",), True),
        (("386",), False),
    ]


def periods(
    filing: Filing,
    today: str,
    since: str,
    settled: Collection[str] = (),
    begun: Collection[str] = (),
) -> list[str]:
    """Return what is open of one filing."""
    found = duty.of_statements(
        dt.date.fromisoformat(today),
        CALENDAR,
        since=dt.date.fromisoformat(since),
        settled={filing.deck: settled},
        begun={filing.deck: begun},
    )
    return [one.how.split("=")[1] for one in found if filing.deck in one.how]


@pytest.mark.parametrize(
    ("today", "since", "settled", "found"),
    [
        ("2026-12-31", "2026-12-01", [], []),  # the year has not ended
        ("2027-01-01", "2026-12-01", [], ["2026"]),
        ("2027-02-01", "2026-12-01", [], ["2026"]),
        ("2027-02-02", "2026-12-01", [], ["2026"]),  # overdue, and stays
        ("2028-07-01", "2026-12-01", [], ["2026", "2027"]),
        ("2028-07-01", "2026-12-01", ["2026"], ["2027"]),
        ("2027-02-02", "2026-12-01", ["2026"], []),
        ("2027-02-02", "2027-02-01", [], ["2026"]),  # work began on the last day
        ("2027-02-02", "2027-02-02", [], []),  # was due before work began
    ],
)
def test_a_year_is_open_from_its_end_until_it_is_settled(
    today: str, since: str, settled: list[str], found: list[str]
) -> None:
    assert periods(ANNUAL, today, since, settled) == found
    assert periods(CHANGES, today, since, settled) == found


@pytest.mark.parametrize(
    ("today", "since", "settled", "found"),
    [
        ("2027-01-01", "2026-12-20", [], ["202612"]),  # November's were due on 15 December
        ("2027-01-31", "2026-12-15", [], ["202611", "202612"]),
        ("2027-02-01", "2026-12-15", [], ["202611", "202612", "202701"]),
        ("2027-02-01", "2026-12-15", ["202612"], ["202611", "202701"]),
        ("2027-01-31", "2027-01-18", [], []),
    ],
)
def test_a_month_is_open_from_its_end_until_it_is_settled(
    today: str, since: str, settled: list[str], found: list[str]
) -> None:
    assert periods(MONTHS, today, since, settled) == found


def test_a_period_that_was_tried_is_ones_own_however_late() -> None:
    assert periods(ANNUAL, "2027-03-01", "2027-03-01", begun=["2026"]) == ["2026"]
    assert periods(ANNUAL, "2027-03-01", "2027-03-01", begun=["2026"], settled=["2026"]) == []
    assert periods(
        MONTHS, "2027-03-01", "2027-02-20", begun=["202610", "", "2026", "202613", "２０２６１０"]
    ) == [
        "202610",
        "202702",
    ]


def test_statements_are_told_in_the_words_of_the_house() -> None:
    found = duty.of_statements(dt.date(2027, 1, 4), CALENDAR, since=dt.date(2027, 1, 4), settled={})
    assert [(one.due.isoformat(), one.what, one.how) for one in sorted(found)] == [
        (
            "2027-01-15",
            "2026年12月支払分の保険金受取人別支払調書（323）の提出",
            "chosho submit MONTHLY323 --set MONTH=202612",
        ),
        (
            "2027-02-01",
            "2026年分の契約者の異動に関する調書（386）の提出",
            "chosho submit CHANGES386 --set TAX_YEAR=2026",
        ),
        ("2027-02-01", "2026年分の支払調書（310・366）の提出", "chosho submit JANUARY --set TAX_YEAR=2026"),
    ]


@pytest.mark.parametrize(
    ("text", "year", "month"), [("2026", True, False), ("202612", False, True), ("202600", False, False)]
)
def test_a_period_is_four_or_six_digits(text: str, year: bool, month: bool) -> None:
    assert (ANNUAL.is_period(text), MONTHS.is_period(text)) == (year, month)
