"""What is erased today: a claim for every event, a claim for every row of the house's table, and the calendar's edges."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chosho.dataset.catalog import Catalog
from chosho.dataset.retention_table import EraseEvent, RetentionTable
from chosho.retention.decision import EVENTS, counts, decide, one_month_later, told
from chosho.retention.holding import SPOOL, Due, Holding, HoldingKind, Rule
from tests.step.stage import REPOSITORY

DATASETS = REPOSITORY / "datasets"
TABLE = RetentionTable.load(DATASETS, Catalog.load(DATASETS))
RULES = [
    Rule(
        id=row.id,
        title=row.title,
        datasets=row.datasets,
        events=tuple(event.value for event in row.erase),
        days=row.days,
    )
    for row in TABLE.rules
]
MADE = date(2027, 1, 12)
LONG_AFTER = date(2099, 12, 31)


def holding(dataset: str = "T.X", made_on: date = MADE, **fields: object) -> Holding:
    given = {"kind": HoldingKind.GENERATION, "id": "1", "name": "G0001V00", **fields}
    return Holding(dataset=dataset, made_on=made_on, **given)


def rule(*events: str, days: int | None = None) -> Rule:
    return Rule(id="T", title="t", datasets=("T.X",), events=events, days=days)


def first_day(one: Holding, *rules: Rule) -> date | None:
    """Return the first day on which a holding is due, by asking day after day for a good year."""
    for days in range(450):
        today = one.made_on + timedelta(days=days)
        if decide([one], rules, today):
            return today
    return None


# Events --


def test_the_table_has_the_events_of_the_retention_table():
    assert set(EVENTS) == {event.value for event in EraseEvent}
    assert all(row.source and row.id == name for name, row in EVENTS.items())


@pytest.mark.parametrize(
    ("made_on", "due_on"),
    [
        (date(2027, 1, 12), date(2027, 1, 13)),
        (date(2027, 1, 15), date(2027, 1, 16)),  # Friday: the Saturday after it, business day or not
        (date(2027, 1, 31), date(2027, 2, 1)),
        (date(2028, 2, 28), date(2028, 2, 29)),
        (date(2027, 12, 31), date(2028, 1, 1)),
    ],
)
def test_next_day_start_is_the_calendar_day_after(made_on: date, due_on: date):
    assert first_day(holding(made_on=made_on), rule("next-day-start")) == due_on


@pytest.mark.parametrize(
    ("made_on", "due_on"),
    [
        (date(2027, 1, 12), date(2027, 2, 12)),
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2028, 3, 29)),
        (date(2027, 3, 31), date(2027, 4, 30)),
        (date(2027, 11, 30), date(2027, 12, 30)),
        (date(2027, 12, 31), date(2028, 1, 31)),
    ],
)
def test_one_month_is_the_same_day_of_the_next_month_or_its_last(made_on: date, due_on: date):
    assert first_day(holding(made_on=made_on), rule("one-month")) == due_on


@given(st.dates(date(2016, 1, 1), date(2098, 12, 31)))
def test_one_month_later_lies_in_the_next_month_and_never_beyond_the_day(made_on: date):
    later = one_month_later(made_on)
    assert (later.year * 12 + later.month) - (made_on.year * 12 + made_on.month) == 1
    assert later.day == made_on.day or (later + timedelta(days=1)).day == 1 < later.day < made_on.day


def test_after_days_counts_calendar_days():
    assert first_day(holding(), rule("after-days", days=400)) == MADE + timedelta(days=400)


def test_verified_output_is_due_on_the_runs_own_day_and_not_before_it_is_verified():
    assert first_day(holding(), rule("verified-output")) is None
    assert first_day(holding(verified=True), rule("verified-output")) == MADE


def test_the_next_extract_makes_what_it_supersedes_due_when_it_is_seen():
    assert first_day(holding(), rule("next-extract")) is None
    (due,) = decide([holding(newer=True)], [rule("next-extract")], date(2027, 5, 1))
    assert due.due_on == date(2027, 5, 1)


@pytest.mark.parametrize("event", [name for name, row in EVENTS.items() if row.step != "S910"])
def test_the_events_in_fiscal_years_are_left_to_their_own_steps(event: str):
    one = holding(verified=True, newer=True)
    assert decide([one], [rule(event)], LONG_AFTER) == []


@pytest.mark.parametrize(
    ("fields", "event", "due_on"),
    [
        ({}, "one-month", date(2027, 2, 12)),
        ({"newer": True}, "next-extract", date(2027, 1, 20)),
        ({"verified": True}, "verified-output", MADE),
        ({"verified": True, "newer": True}, "verified-output", MADE),
    ],
)
def test_of_several_events_the_earliest_counts(fields: dict[str, bool], event: str, due_on: date):
    rules = [rule("verified-output", "next-extract", "one-month")]
    today = max(due_on, date(2027, 1, 20))
    (due,) = decide([holding(**fields)], rules, today)
    assert (due.event, due.due_on) == (event, due_on)


# Rows of the house's table --


def made(dataset: str, kind: HoldingKind, **fields: object) -> Holding:
    return holding(dataset, kind=kind, **fields)


ROWS: dict[str, tuple[HoldingKind, dict[str, bool], date | None]] = {
    "STAGING": (HoldingKind.GENERATION, {}, date(2027, 1, 13)),
    "PAYMENT": (HoldingKind.GENERATION, {}, date(2027, 2, 12)),
    "WORK": (HoldingKind.GENERATION, {}, date(2027, 2, 12)),
    "REJECTS": (HoldingKind.GENERATION, {}, date(2027, 2, 12)),
    "INBOX": (HoldingKind.DELIVERY, {}, date(2027, 1, 13)),
    "SPOOL": (HoldingKind.SPOOL, {}, date(2028, 2, 16)),
    "NUMBER": (HoldingKind.GENERATION, {"newer": True}, None),
    "COPY": (HoldingKind.GENERATION, {"newer": True, "verified": True}, None),
    "REGISTER": (HoldingKind.GENERATION, {}, None),
}
"""Row → a holding of 2027-01-12 under it, and the first day on which S910 erases that; None: never by S910."""


@pytest.mark.parametrize("row", RULES, ids=lambda row: row.id)
def test_a_row_of_the_table_erases_each_of_its_datasets_on_its_day(row: Rule):
    kind, fields, due_on = ROWS[row.id]
    for dataset in row.covers:
        assert first_day(made(dataset, kind, **fields), *RULES) == due_on


def test_no_claim_is_made_for_a_row_that_the_table_does_not_have():
    assert set(ROWS) == {row.id for row in RULES}


def test_payment_data_go_when_their_media_are_verified_and_when_the_next_extract_is_there():
    verified = holding("CHOSHO.PAYMENT.DATA", verified=True)
    superseded = holding("CHOSHO.PAYMENT.MATCH", newer=True)
    found = decide([verified, superseded], RULES, date(2027, 1, 13))
    assert [(due.holding, due.event) for due in found] == [
        (verified, "verified-output"),
        (superseded, "next-extract"),
    ]


# Deliveries, order, counts --


def test_a_delivery_stays_while_its_run_has_not_ended_well():
    delivered = made("CHOSHO.INBOX.ONLINE", HoldingKind.DELIVERY, finished=False)
    assert decide([delivered], RULES, LONG_AFTER) == []
    assert decide([made("CHOSHO.INBOX.ONLINE", HoldingKind.DELIVERY)], RULES, LONG_AFTER)


def test_a_generation_goes_whether_or_not_its_run_ended_well():
    assert decide([holding("CHOSHO.MEDIA.AGE", finished=False)], RULES, date(2027, 1, 13))


def test_what_no_rule_covers_stays():
    assert decide([holding("CHOSHO.PF.INSTRUCTION")], RULES, LONG_AFTER) == []


def test_nothing_is_due_on_the_day_it_was_made():
    all_of_them = [made(dataset, ROWS[row.id][0]) for row in RULES for dataset in row.covers]
    assert decide(all_of_them, RULES, MADE) == []


def test_staging_copies_come_first_and_then_the_rows_in_their_order():
    held = [
        made(SPOOL, HoldingKind.SPOOL, name="JANUARY.20250101.01", made_on=date(2025, 1, 1)),
        made("CHOSHO.INBOX.MAIL", HoldingKind.DELIVERY, name="b"),
        made("CHOSHO.INBOX.MAIL", HoldingKind.DELIVERY, name="a"),
        holding("CHOSHO.MEDIA.IMAGE"),
    ]
    found = decide(held, RULES, date(2027, 1, 13))
    assert [(due.rule, due.holding.name) for due in found] == [
        ("STAGING", "G0001V00"),
        ("INBOX", "a"),
        ("INBOX", "b"),
        ("SPOOL", "JANUARY.20250101.01"),
    ]


def test_every_rule_is_counted_also_when_nothing_is_due():
    held = [holding("CHOSHO.MEDIA.AGE", records=3), holding("CHOSHO.MEDIA.IMAGE", records=4)]
    found = dict(counts(decide(held, RULES, date(2027, 1, 13)), RULES))
    assert (found["due"], found["due.STAGING"], found["due.INBOX"], found["records"]) == (2, 2, 0, 7)
    assert {name for name in found if name.startswith("due.")} == {f"due.{row.id}" for row in RULES}


def test_what_is_late_is_told_with_its_days():
    dues: list[Due] = decide([holding("CHOSHO.MEDIA.AGE")], RULES, date(2027, 1, 16))
    messages = list(told(dues, RULES, date(2027, 1, 16)))
    assert [message for message, _ in messages] == ["CHSE001I", "CHSE002I"]
    assert messages[1][1]["days"] == 3
    assert [message for message, _ in told(dues, RULES, date(2027, 1, 13))] == ["CHSE001I"]
