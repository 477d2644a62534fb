"""Unusual access: each rule of the table tells more than its limit, of a person and a day, and nothing else."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from chosho.business_days import Calendar
from chosho.report.handling_table import KINDS as ALL_KINDS
from chosho.report.unusual import KINDS, RULES, Finding, Limits, unusual

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
CALENDAR = Calendar.load((DATASETS / "CALENDAR.yaml").read_text(encoding="utf-8"))
LIMITS = Limits(
    opens="07:00",
    closes="21:00",
    days_off=True,
    looks=3,
    records=100,
    outputs=1,
    passphrases=2,
    refusals=2,
)
TUE, SAT = dt.date(2027, 1, 12), dt.date(2027, 1, 16)


@dataclass
class Row:
    kind: str
    at: str = "2027-01-12T10:00:00+09:00"
    who: str = "tanaka"
    seq: int = 1
    fields: dict[str, object] = field(default_factory=dict)


def told(*rows: Row, limits: Limits = LIMITS) -> list[tuple[dt.date, str, str, int]]:
    for number, row in enumerate(rows, 1):
        row.seq = number
    found: tuple[Finding, ...] = unusual(rows, limits, CALENDAR, first=TUE, last=SAT)
    return [(one.day, one.who, one.rule.id, one.amount) for one in found]


@pytest.mark.parametrize(
    ("at", "off"),
    [
        ("2027-01-12T06:59:59+09:00", True),
        ("2027-01-12T07:00:00+09:00", False),
        ("2027-01-12T20:59:59+09:00", False),
        ("2027-01-12T21:00:00+09:00", True),
        ("2027-01-12T12:00:00+00:00", True),  # 21:00 in Japan
        ("2027-01-12T00:30:00+00:00", False),
        ("2027-01-16T10:00:00+09:00", True),  # a Saturday
    ],
)
def test_hours_are_those_of_japan_on_business_days(at: str, off: bool) -> None:
    assert bool(told(Row("browse", at))) is off


def test_days_off_may_be_working_days() -> None:
    row = Row("browse", "2027-01-16T10:00:00+09:00")
    assert [rule for _, _, rule, _ in told(row)] == ["HOURS"]
    limits = {name: getattr(LIMITS, name) for name in LIMITS.__dataclass_fields__} | {"days_off": False}
    assert told(row, limits=Limits(**limits)) == []


@pytest.mark.parametrize(
    ("kind", "rule", "usual"),
    [
        ("status", "LOOKS", 3),
        ("report.look", "LOOKS", 3),
        ("dataset.handed_out", "OUTPUTS", 1),
        ("password.show", "PASSPHRASES", 2),
        ("access.refused", "REFUSALS", 2),
    ],
)
def test_one_more_than_usual_is_told(kind: str, rule: str, usual: int) -> None:
    assert told(*(Row(kind) for _ in range(usual))) == []
    assert told(*(Row(kind) for _ in range(usual + 1))) == [(TUE, "tanaka", rule, usual + 1)]


def test_records_shown_add_up() -> None:
    assert told(Row("browse", fields={"count": 50}), Row("browse", fields={"count": 50})) == []
    found = told(Row("browse", fields={"count": 50}), Row("browse", fields={"count": 51}))
    assert found == [(TUE, "tanaka", "RECORDS", 101)]


def test_each_person_and_each_day_counts_by_itself() -> None:
    rows = [Row("access.refused", f"2027-01-{day}T10:00:00+09:00", who) for day in (12, 13) for who in "ab"]
    assert told(*rows, *rows) == []
    assert told(*rows, *rows, *rows[:1], *rows[3:]) == [
        (TUE, "a", "REFUSALS", 3),
        (dt.date(2027, 1, 13), "b", "REFUSALS", 3),
    ]


def test_the_rows_between_which_it_stands_are_named() -> None:
    rows = [Row("run.begin", seq=1), *(Row("access.refused", seq=number) for number in (2, 5, 9))]
    (one,) = unusual(rows, LIMITS, CALENDAR, first=TUE, last=TUE)
    assert (one.first, one.last, one.limit) == (2, 9, 2)


def test_other_days_and_the_work_of_jobs_are_left_alone() -> None:
    night = "2027-01-12T23:00:00+09:00"
    assert told(*(Row(kind, night) for kind in ("dd.open", "dd.create", "run.begin", "step.end"))) == []
    assert told(Row("browse", "2027-01-11T23:00:00+09:00"), Row("browse", "2027-01-17T10:00:00+09:00")) == []


def test_the_table_knows_only_kinds_that_are_written_and_names_each_rule_once() -> None:
    assert set(KINDS) <= set(ALL_KINDS)
    assert len({rule.id for rule in RULES}) == len(RULES)
