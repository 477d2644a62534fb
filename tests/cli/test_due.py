"""``chosho due``: what is to be done by when, and its exit code."""

import json
from datetime import date
from pathlib import Path

import pytest

from chosho.cli import dates
from chosho.control.inbox import Judgement
from tests.cli.conftest import Chosho
from tests.cli.nights import Night
from tests.rights import withhold

AT = "2027-04-06T22:00:00+09:00"
TUESDAY, WEDNESDAY = "2027-04-06", "2027-04-07"


BEFORE_JANUARY, AFTER_JANUARY = "2026-12-01T09:00:00+09:00", "2027-02-15T09:00:00+09:00"


@pytest.fixture
def night(
    tmp_path: Path, chosho: Chosho, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Night:
    """Return a data root on which nothing has run, set up after January unless the test says when."""
    at = getattr(request, "param", AFTER_JANUARY)
    with pytest.MonkeyPatch.context() as moment:
        moment.setattr(dates.clock, "stamp", lambda: at)
        return Night(tmp_path, chosho, monkeypatch)


def due(night: Night, day: str) -> tuple[int, list[tuple[str, str, int, bool]]]:
    """Return the exit code and the duties."""
    answer = night("due", "--date", day, "--json")
    rows = json.loads(answer.out)
    return answer.code, [(row["source"], row["due"], row["left"], row["overdue"]) for row in rows]


def test_nothing_is_due_at_first(night: Night) -> None:
    assert due(night, TUESDAY) == (0, [])


def test_a_report_is_due_until_it_is_signed_and_overdue_after_its_day(night: Night) -> None:
    night.ran(TUESDAY)
    assert due(night, TUESDAY) == (0, [("REPORT", WEDNESDAY, 1, False)])
    assert due(night, WEDNESDAY) == (0, [("REPORT", WEDNESDAY, 0, False)])
    assert due(night, "2027-04-08") == (8, [("REPORT", WEDNESDAY, -1, True)])
    night.be("reviewer")
    night("report", "sign", TUESDAY)
    assert due(night, "2027-04-08") == (0, [])


def test_pf_deletions_are_due_on_the_business_day_after_the_storage_date(night: Night) -> None:
    night.ran(TUESDAY)
    keys = [
        ("K1", "20270405235959", "due", ""),
        ("K2", "20270406000000", "due", ""),
        ("K3", "20270406120000", "rejected", "KANA"),
        ("K4", "20270409120000", "due", ""),  # a Friday
    ]
    with night.store() as store:
        store.pf.enter(keys, run="NIGHTLY.20270406.01", at=AT, who="operator")
    code, found = due(night, WEDNESDAY)
    assert code == 8
    assert [one for one in found if one[0] == "PF"] == [
        ("PF", TUESDAY, -1, True),
        ("PF", WEDNESDAY, 0, False),
        ("PF", "2027-04-12", 5, False),
    ]
    assert "PF削除 2件" in night("due", "--date", WEDNESDAY).out


def test_a_refused_file_is_due_on_the_next_business_day(night: Night) -> None:
    night.ran(TUESDAY)
    night.refused("C.age", "FDUP")
    assert ("INBOX", WEDNESDAY, 0, False) in due(night, WEDNESDAY)[1]
    assert "C.age 受付不可（FDUP）" in night("due", "--date", WEDNESDAY).out


def judge(night: Night, judgement: Judgement) -> None:
    with night.store() as store:
        store.inbox.judge(
            judgement,
            run="NIGHTLY.20270406.01",
            step="S110",
            business_date=date(2027, 4, 6),
            at=AT,
            who="operator",
        )


@pytest.mark.parametrize("inbox", ["CHOSHO.INBOX.COUNTER", "CHOSHO.INBOX.PFREPLY"])
def test_a_refused_file_is_no_longer_due_when_the_one_in_its_place_is_taken(night: Night, inbox: str) -> None:
    night.ran(TUESDAY)
    bad = Judgement(dsn=inbox, name="C.age", path="inbox/x/C.age", sha256="ab" * 32, reason="FTRL")
    judge(night, bad)
    assert ("INBOX", WEDNESDAY, -1, True) in due(night, "2027-04-08")[1]
    judge(night, Judgement(dsn=inbox, name="C.age", path="inbox/x/C.age", sha256="cd" * 32, file_no=1))
    assert [one for one in due(night, "2027-04-08")[1] if one[0] == "INBOX"] == []
    assert json.loads(night("inbox", "list", "--json").out) == []
    states = [one["state"] for one in json.loads(night("inbox", "list", "--all", "--json").out)]
    assert states == ["replaced", "taken"]


@pytest.mark.parametrize("night", [BEFORE_JANUARY], indirect=True)
def test_the_statements_are_due_in_january_and_overdue_until_they_are_made(night: Night) -> None:
    assert due(night, "2027-01-04") == (0, [("STATEMENTS", "2027-02-01", 28, False)])
    assert due(night, "2027-02-02") == (8, [("STATEMENTS", "2027-02-01", -1, True)])
    assert due(night, TUESDAY) == (8, [("STATEMENTS", "2027-02-01", -64, True)])
    night.ran(TUESDAY, "JANUARY")
    night.be("reviewer")
    night("report", "sign", TUESDAY)
    assert due(night, "2027-04-08") == (0, [])


@pytest.mark.parametrize("night", [BEFORE_JANUARY], indirect=True)
def test_the_statements_of_another_year_do_not_make_those_of_this_one(night: Night) -> None:
    night.reports("JANUARY", parameters="{TAX_YEAR: {default: '&PREVIOUS_YEAR', title: year}}")
    night.ran("2027-01-12", "JANUARY", "--set", "TAX_YEAR=2025")
    assert ("STATEMENTS", "2027-02-01", 20, False) in due(night, "2027-01-12")[1]
    night.ran("2027-01-12", "JANUARY")
    assert [one[0] for one in due(night, "2027-01-12")[1]] == ["REPORT"]


def test_what_is_overdue_says_so_in_words(night: Night) -> None:
    night.ran(TUESDAY)
    answer = night("due", "--date", "2027-04-08")
    assert (answer.code, "-1 OVERDUE" in answer.out) == (8, True)
    assert "chosho report show 2027-04-06" in answer.out


@pytest.mark.parametrize("right", ["pf.use", "report.use", "inbox.use"])
@pytest.mark.parametrize("command", ["due", "morning"])
def test_the_rights_to_what_is_shown_are_asked_for(
    night: Night, monkeypatch: pytest.MonkeyPatch, command: str, right: str
) -> None:
    night.be("stranger")
    asked = withhold(monkeypatch, right)
    answer = night(command, "--date", TUESDAY)
    assert (answer.code, answer.err.split()[0], answer.out) == (12, "CHSJ040E", "")
    assert asked[-1] == ("stranger", right)


def test_today_is_japans(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dates.clock, "stamp", lambda: "2027-04-05T15:00:00+00:00")
    assert dates.today() == date(2027, 4, 6)
    assert "due, as of 2027-04-06" in night("due").out


def test_a_date_that_is_none_is_refused(night: Night) -> None:
    answer = night("due", "--date", "tomorrow")
    assert (answer.code, answer.err.split()[0]) == (12, "CHSL013E")
