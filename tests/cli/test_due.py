"""``chosho due``: what is to be done by when, and its exit code."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from chosho.cli import dates
from chosho.control.inbox import Judgement
from chosho.control.store import ControlStore
from chosho.vault.keys import KeyStore
from tests.cli.conftest import Chosho, Ran
from tests.cli.nights import Night
from tests.rights import withhold

AT = "2027-04-06T22:00:00+09:00"
TUESDAY, WEDNESDAY = "2027-04-06", "2027-04-07"


BEFORE_JANUARY, AFTER_JANUARY = "2026-12-16T09:00:00+09:00", "2027-02-15T09:00:00+09:00"


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


def statements(night: Night, day: str) -> tuple[int, list[tuple[str, str]]]:
    """Return the exit code, and deck and due date of the statements that are open."""
    answer = night("due", "--date", day, "--json")
    rows = [row for row in json.loads(answer.out) if row["source"] == "STATEMENTS"]
    return answer.code, [(row["how"].split()[2], row["due"]) for row in rows]


ALL = [("MONTHLY323", "2027-01-15"), ("CHANGES386", "2027-02-01"), ("JANUARY", "2027-02-01")]


def deliver(night: Night) -> None:
    """Let there be something to make statements of."""
    source = night.root / "source"
    source.mkdir(exist_ok=True)
    (source / "PAYMENT.DAT").write_bytes(b"")


@pytest.mark.parametrize("night", [BEFORE_JANUARY], indirect=True)
def test_statements_are_due_once_there_is_something_to_make_them_of(night: Night) -> None:
    assert statements(night, "2027-01-04") == (0, [("JANUARY", "2027-02-01")])
    deliver(night)
    assert statements(night, "2027-01-04") == (0, ALL)


def test_what_was_due_before_the_data_root_was_set_up_is_not_its_own(night: Night) -> None:
    deliver(night)
    assert statements(night, "2027-02-15") == (0, [("MONTHLY323", "2027-02-15")])  # the day of the set-up
    assert statements(night, "2027-03-01") == (
        8,
        [("MONTHLY323", "2027-02-15"), ("MONTHLY323", "2027-03-15")],
    )


@pytest.mark.parametrize("night", [BEFORE_JANUARY], indirect=True)
def test_statements_stay_overdue_until_they_are_made(night: Night) -> None:
    deliver(night)
    night.ran("2027-01-04")
    assert statements(night, "2027-01-15")[1] == ALL
    assert statements(night, "2027-02-01") == (8, [*ALL, ("MONTHLY323", "2027-02-15")])
    assert statements(night, "2027-06-30")[0] == 8
    night.ran("2027-02-08", "JANUARY")
    night.be("reviewer")
    for day in ("2027-01-04", "2027-02-08"):
        night("report", "sign", day)
    code, found = statements(night, "2027-02-09")
    assert (code, found) == (8, [ALL[0], ALL[1], ("MONTHLY323", "2027-02-15")])


@pytest.mark.parametrize("night", [BEFORE_JANUARY], indirect=True)
def test_earlier_statement_runs_are_enough(night: Night) -> None:
    night.ran("2027-01-05", "JANUARY")
    assert statements(night, "2027-01-05")[1] == ALL[:2]


def of_month(night: Night, day: str, month: str, made: int) -> None:
    """Put a run of MONTHLY323 on record that made so many statements."""
    with night.store() as store:
        runs = store.runs
        run = runs.begin(
            "MONTHLY323",
            date.fromisoformat(day),
            {"MONTH": month},
            fingerprint="f",
            references=[],
            at=AT,
            who="operator",
        )
        runs.step_begin(run.id, "S230", at=AT)
        counts = {"statements": made}
        runs.step_end(run.id, "S230", rc=0, failed=False, counts=counts, at=AT, elapsed=1.0)
        runs.finish(run.id, 0, failed=False, at=AT, who="operator")


@pytest.mark.parametrize(
    ("runs", "is_open"),
    [
        ([("2027-05-06", 0)], False),
        ([("2027-04-30", 0)], True),  # the month was not over: more payments may have come
        ([("2027-05-06", 0), ("2027-05-10", 9)], True),  # more have come
        ([("2027-05-06", 9), ("2027-05-10", 0)], False),
    ],
)
def test_a_period_is_settled_without_statements_only_by_its_newest_run_after_its_end(
    night: Night, runs: list[tuple[str, int]], is_open: bool
) -> None:
    for day, made in runs:
        of_month(night, day, "202704", made)
    rows = json.loads(night("due", "--date", "2027-05-12", "--json").out)
    assert any("2027年4月支払分" in row["what"] for row in rows) is is_open


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
def test_the_statements_of_another_year_do_not_make_those_of_this_one(night: Night) -> None:
    night.ran("2027-01-12", "JANUARY", "--set", "TAX_YEAR=2025")
    assert ("JANUARY", "2027-02-01") in statements(night, "2027-01-12")[1]
    night.ran("2027-01-12", "JANUARY")
    assert "JANUARY" not in [deck for deck, _ in statements(night, "2027-01-12")[1]]


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


def test_statements_are_due_until_their_submission_is_on_record(
    ran: Ran, tmp_path: Path, chosho: Chosho
) -> None:
    root, keys = tmp_path / "root", tmp_path / "keys"
    shutil.copytree(ran.root, root, symlinks=True)
    shutil.copytree(ran.keys, keys)

    def open_(day: str) -> tuple[int, str]:
        """Return the exit code, and what is to be done next about JANUARY."""
        answer = chosho("--root", root, "--keys", keys, "due", "--date", day, "--json")
        return answer.code, "".join(row["how"] for row in json.loads(answer.out) if "JANUARY" in row["how"])

    day = date(2027, 2, 1)
    assert open_("2027-02-02") == (8, f"chosho submission check {ran.run}")  # made, but not submitted
    with ControlStore.open(root, KeyStore(keys, data_root=root)) as store:
        words = {"on": day, "today": day, "at": "2027-02-01T10:00:00+09:00"}
        store.submissions.check(ran.run, who="one", **words)
        store.submissions.check(ran.run, who="two", **words)
        store.submissions.enclose(ran.run, who="one", **words)
        store.submissions.mail(ran.run, who="one", tracking="1234-5678-90", **words)
        assert open_("2027-02-02")[1] == f"chosho submission submit {ran.run}"
        store.submissions.submit(ran.run, who="one", **words)
    assert not open_("2027-02-02")[1]
