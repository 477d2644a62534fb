"""The handling reports: which rows each covers, and its signature."""

from datetime import date

import pytest

from chosho.control.reports import HandlingReports
from chosho.errors import InputRefused, StopLine
from tests.control.conftest import AT, House

MONDAY, TUESDAY, WEDNESDAY = date(2027, 1, 11), date(2027, 1, 12), date(2027, 1, 13)


@pytest.fixture
def run(house: House) -> str:
    return house.begin().id


@pytest.fixture
def reports(house: House) -> HandlingReports:
    return house.store.reports


def add(house: House, day: date, run: str, *, who: str = "maker", last: int | None = None) -> tuple[int, int]:
    """Enter a day's report up to the journal's head, as its step does; return the rows that it covers."""
    head = house.store.journal.head()
    first = house.store.reports.first_seq(day)
    until = head.seq if last is None else last
    house.store.reports.add(day, first=first, last=until, head=str(head), run_id=run, at=AT, who=who)
    return first, until


def test_reports_cover_every_row_once(house: House, reports: HandlingReports, run: str) -> None:
    assert reports.last_seq() == 0
    first = add(house, MONDAY, run)
    second = add(house, TUESDAY, run)
    assert (first[0], second[0]) == (1, first[1] + 1)
    assert reports.last_seq() == second[1]
    assert [(one.business_date, one.first_seq, one.last_seq) for one in reports.all()] == [
        (MONDAY, *first),
        (TUESDAY, *second),
    ]


def test_a_report_is_entered_with_its_steps_commit_and_on_record(house: House, run: str) -> None:
    add(house, MONDAY, run)
    last = list(house.store.journal.rows())[-1]
    assert (last.kind, last.who) == ("report.made", "maker")
    assert last.fields["date"] == "2027-01-11"
    with pytest.raises(StopLine, match="CHSJ034S"), house.store.transaction():
        _added_and_then_refused(house, run)
    assert [one.business_date for one in house.store.reports.all()] == [MONDAY]


def test_a_night_that_is_done_again_makes_its_report_again(
    house: House, reports: HandlingReports, run: str
) -> None:
    first, last = add(house, MONDAY, run)
    reports.sign(MONDAY, "reviewer", "looked through", at=AT)
    again = add(house, MONDAY, run)
    assert again[0] == first
    assert again[1] > last
    made = reports.get(MONDAY)
    assert (made.signed_by, made.signed_at, made.note) == (None, None, "")
    assert list(house.store.journal.rows())[-1].fields["signed_before"] == "reviewer"
    assert add(house, TUESDAY, run)[0] == again[1] + 1


def _added_and_then_refused(house: House, run: str) -> None:
    add(house, TUESDAY, run)
    raise StopLine("CHSJ034S", dsn="X", name="G0001V00", step="S140")


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(("first", "last"), [(2, 5), (0, 5), (1, -1)])
def test_a_report_leaves_no_gap(reports: HandlingReports, run: str, first: int, last: int) -> None:
    with pytest.raises(StopLine, match="CHSP020S"):
        reports.add(MONDAY, first=first, last=last, head="1:ab", run_id=run, at=AT, who="maker")
    assert reports.all() == ()


def test_a_report_made_again_does_not_cover_less(house: House, run: str) -> None:
    add(house, MONDAY, run)
    with pytest.raises(StopLine, match="CHSP020S"):
        add(house, MONDAY, run, last=1)


def test_a_day_without_rows_has_its_report(house: House, reports: HandlingReports, run: str) -> None:
    add(house, MONDAY, run)
    first, last = add(house, TUESDAY, run, last=reports.last_seq())
    assert first == last + 1


def test_unsigned_reports_are_listed_until_they_are_signed(
    house: House, reports: HandlingReports, run: str
) -> None:
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        add(house, day, run)
    assert [one.business_date for one in reports.unsigned(WEDNESDAY, who="tester", at=AT)] == [
        MONDAY,
        TUESDAY,
    ]
    reports.sign(MONDAY, "reviewer", at=AT)
    assert [one.business_date for one in reports.unsigned(WEDNESDAY, who="tester", at=AT)] == [TUESDAY]


def test_a_signature_is_on_record_with_what_was_signed(
    house: House, reports: HandlingReports, run: str
) -> None:
    first, last = add(house, MONDAY, run)
    signed = reports.sign(MONDAY, "reviewer", "異常なし", at=AT)
    assert (signed.signed_by, signed.signed_at, signed.note) == ("reviewer", AT, "異常なし")
    row = list(house.store.journal.rows())[-1]
    assert (row.kind, row.who) == ("report.signed", "reviewer")
    assert row.fields == {
        "date": "2027-01-11",
        "note": "異常なし",
        "first": first,
        "last": last,
        "head": signed.head,
    }


def test_who_made_a_report_does_not_sign_it(house: House, reports: HandlingReports, run: str) -> None:
    add(house, MONDAY, run)
    with pytest.raises(InputRefused, match="CHSP012E"):
        reports.sign(MONDAY, "maker", at=AT)
    assert reports.get(MONDAY).signed_by is None


def test_a_report_is_signed_once(house: House, reports: HandlingReports, run: str) -> None:
    add(house, MONDAY, run)
    reports.sign(MONDAY, "reviewer", at=AT)
    with pytest.raises(InputRefused, match=r"CHSP011E.*reviewer"):
        reports.sign(MONDAY, "another", at=AT)


def test_an_unknown_report_is_not_signed(reports: HandlingReports) -> None:
    with pytest.raises(InputRefused, match="CHSP010E"):
        reports.sign(MONDAY, "reviewer", at=AT)


def test_a_note_with_a_number_is_not_taken(house: House, reports: HandlingReports, run: str) -> None:
    add(house, MONDAY, run)
    with pytest.raises(InputRefused, match="CHSJ042E"):
        reports.sign(MONDAY, "reviewer", "123456789018", at=AT)
    assert reports.get(MONDAY).signed_by is None
