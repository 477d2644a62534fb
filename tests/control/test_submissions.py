"""The ledger of submissions: its steps and their order, two persons, dates, what may not be sent twice."""

import itertools
from datetime import date
from typing import Any

import pytest

from chosho.control.database import canonical
from chosho.control.submissions import NONE, TRANSITIONS, WITHDRAWN, Submission, Submissions
from chosho.errors import ChoshoError, InputRefused, StopLine
from tests.control.conftest import AT, House

FORCE = "CHOSHO.STATEMENT.FORCE"
RUN = "JANUARY.20270112.01"
DAY, TODAY = date(2027, 1, 29), date(2027, 2, 1)
FACTS: dict[str, Any] = {"on": DAY, "today": TODAY, "at": AT}
TRACKING = "1234-5678-9012"
ORDER = ("check", "check", "enclose", "mail", "submit", "acknowledge")


def made(house: House, deck: str = "JANUARY", day: int = 12, *, references: tuple[tuple[int, int], ...] = (),
         volumes: int = 1, state: str = "finished", **parameters: str) -> str:  # fmt: skip
    """Make a run that has left discs, and return its id."""
    database = house.store.submissions._database
    number = len(database.rows("SELECT id FROM runs"))
    run = f"{deck}.202701{day:02d}.{number + 1:02d}"
    if not database.rows("SELECT id FROM runs"):
        run = f"{deck}.202701{day:02d}.01"
    database.insert(
        "runs",
        {
            "id": run, "deck": deck, "business_date": f"2027-01-{day:02d}", "state": state, "attempt": 1,
            "parameters": canonical({"TAX_YEAR": "2026", **parameters}), "fingerprint": "f", "begun_at": AT,
        },
    )  # fmt: skip
    for relative, generation in references:
        row = {"run_id": run, "dsn": FORCE, "relative": relative, "number": generation}
        database.insert("run_references", row)
    for volume in range(1, volumes + 1):
        part = f"{run}{volume}"
        database.insert("files", {"id": part, "path": part, "state": "committed"})
        database.insert(
            "media",
            {
                "id": part, "run_id": run, "data_content": "", "purpose": "", "made_on": "2027-01-12", "moved_to": "",
                "person_in_charge": "", "kept_for": "", "volume": volume, "volumes": volumes, "image_sha256": "",
                "password_id": "", "part_id": part, "path": part, "medium": "CD-700",
                "records": canonical({"310": 10, "366": 5}),
            },
        )  # fmt: skip
    return run


def act(ledger: Submissions, name: str, run: str, who: str, **facts: Any) -> Submission:
    more = {"mail": {"tracking": TRACKING}, "withdraw": {"reason": "a test"}}.get(name, {})
    found: Submission = getattr(ledger, name)(run, who=who, **{**FACTS, **more, **facts})
    return found


def through(ledger: Submissions, run: str, *names: str) -> Submission:
    """Do some steps, each by another person than the one before."""
    found = None
    for name, who in zip(names or ORDER, itertools.cycle(("suzuki", "sato"))):
        found = act(ledger, name, run, who)
    assert found is not None
    return found


def test_a_submission_goes_through_its_steps(house: House) -> None:
    run = made(house, volumes=2)
    found = through(house.store.submissions, run)
    assert found == house.store.submissions.get(run)
    assert [one.state for one in found.acts] == [
        "checking", "checked", "enclosed", "mailed", "submitted", "acknowledged",
    ]  # fmt: skip
    assert [one.who for one in found.acts] == ["suzuki", "sato"] * 3
    assert found.acts[3].note == TRACKING
    assert (found.records, found.volumes, found.year) == ({"310": 20, "366": 10}, 2, "2026")
    assert found.submitted_on == DAY
    kinds = [row.kind for row in house.store.journal.rows() if row.kind.startswith("submission.")]
    assert kinds == [f"submission.{one.state}" for one in found.acts]
    last = list(house.store.journal.rows())[-1]
    assert (last.who, last.fields["on"], last.fields["kinds"]) == ("sato", "2027-01-29", "310:20 366:10")


@pytest.mark.parametrize("name", sorted(TRANSITIONS))
@pytest.mark.parametrize("steps", range(len(ORDER) + 1))
def test_only_the_next_step_may_be_entered(house: House, name: str, steps: int) -> None:
    """The whole table: every act in every state."""
    ledger, run = house.store.submissions, made(house)
    if steps:
        through(ledger, run, *ORDER[:steps])
    before = ledger.find(run)
    state = NONE if before is None else before.state
    if state in TRANSITIONS[name]:
        assert act(ledger, name, run, "yamada").state == TRANSITIONS[name][state]
        return
    with pytest.raises(InputRefused, match="CHSN061E"):
        act(ledger, name, run, "yamada")
    assert ledger.find(run) == before


@pytest.mark.parametrize("name", sorted(TRANSITIONS))
def test_a_withdrawn_submission_is_at_its_end(house: House, name: str) -> None:
    ledger, run = house.store.submissions, made(house)
    assert through(ledger, run, "check", "check", "enclose", "withdraw").state == WITHDRAWN
    with pytest.raises(InputRefused, match="CHSN061E"):
        act(ledger, name, run, "yamada")


def test_two_persons_check(house: House) -> None:
    ledger, run = house.store.submissions, made(house)
    act(ledger, "check", run, "suzuki")
    with pytest.raises(InputRefused, match=r"CHSN062E .*suzuki"):
        act(ledger, "check", run, "suzuki")
    assert ledger.get(run).state == "checking"
    assert act(ledger, "check", run, "sato").state == "checked"


@pytest.mark.parametrize("day", [date(2027, 1, 28), date(2027, 2, 2)])
def test_a_step_is_not_before_the_one_before_it_nor_in_the_future(house: House, day: date) -> None:
    ledger, run = house.store.submissions, made(house)
    act(ledger, "check", run, "suzuki")
    with pytest.raises(InputRefused, match="CHSN063E"):
        act(ledger, "check", run, "sato", on=day)
    assert act(ledger, "check", run, "sato", on=TODAY).acts[-1].on == TODAY


def test_the_first_step_is_not_before_the_run(house: House) -> None:
    with pytest.raises(InputRefused, match="CHSN063E"):
        act(house.store.submissions, "check", made(house), "suzuki", on=date(2027, 1, 11))
    assert house.store.submissions.all() == ()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("123456789012", TRACKING), ("1234-5678-9012", TRACKING), (" rr123456789jp ", "RR123456789JP"),
     ("12345678901", "12345678901"), ("12345678901234", "1234-5678-9012-34")],
)  # fmt: skip
def test_a_tracking_number_is_kept_in_groups(house: House, typed: str, kept: str) -> None:
    ledger, run = house.store.submissions, made(house)
    through(ledger, run, *ORDER[:3])
    assert act(ledger, "mail", run, "suzuki", tracking=typed).acts[-1].note == kept
    assert list(house.store.journal.rows())[-1].fields["note"] == kept


@pytest.mark.parametrize("typed", ["", "-", "12_34", "山田太郎", "1" * 21, "ABC", "1--2"])
def test_a_malformed_tracking_number_is_refused_and_not_repeated(house: House, typed: str) -> None:
    ledger, run = house.store.submissions, made(house)
    through(ledger, run, *ORDER[:3])
    with pytest.raises(InputRefused, match="CHSN064E") as refusal:
        act(ledger, "mail", run, "suzuki", tracking=typed)
    assert "山田" not in str(refusal.value)


def test_a_receipt_is_kept_and_a_malformed_one_refused(house: House) -> None:
    ledger, run = house.store.submissions, made(house)
    through(ledger, run, *ORDER[:5])
    with pytest.raises(InputRefused, match="CHSN084E"):
        act(ledger, "acknowledge", run, "sato", receipt="no 1")
    assert act(ledger, "acknowledge", run, "sato", receipt="R-2027-15").acts[-1].note == "R-2027-15"


def test_a_withdrawal_has_a_reason(house: House) -> None:
    ledger, run = house.store.submissions, made(house)
    act(ledger, "check", run, "suzuki")
    with pytest.raises(InputRefused, match="CHSJ041E"):
        act(ledger, "withdraw", run, "suzuki", reason=" ")


@pytest.mark.parametrize(
    "what", [{"volumes": 0}, {"state": "failed"}, {"state": "running"}, {"TAX_YEAR": "all"}]
)
def test_only_a_finished_run_with_discs_can_be_submitted(house: House, what: dict[str, Any]) -> None:
    with pytest.raises(InputRefused, match="CHSN060E"):
        act(house.store.submissions, "check", made(house, **what), "suzuki")
    assert house.store.submissions.all() == ()


def test_a_run_that_nobody_knows_is_refused(house: House) -> None:
    with pytest.raises(ChoshoError, match="CHSJ023E"):
        act(house.store.submissions, "check", RUN, "suzuki")


# Nothing twice --------------------------------------------------------------------------------------------------------


def test_the_twin_of_a_submission_is_refused(house: House) -> None:
    ledger = house.store.submissions
    first, twin = made(house, MEDIUM="CD-700"), made(house, day=14, MEDIUM="DVD")
    other = made(house, day=15, TAX_YEAR="2025")
    monthly = [made(house, "MONTHLY323", day, MONTH=f"2026{day:02d}") for day in (11, 12)]
    act(ledger, "check", first, "suzuki")
    with pytest.raises(InputRefused, match=f"CHSN065E {twin}: submission {first}"):
        act(ledger, "check", twin, "suzuki")
    for run in (other, *monthly):
        act(ledger, "check", run, "suzuki")
    act(ledger, "withdraw", first, "suzuki")
    act(ledger, "check", twin, "suzuki")


def test_a_supplement_waits_for_what_is_under_way_and_must_know_what_was_entered(house: House) -> None:
    ledger = house.store.submissions
    january = made(house)
    early = made(house, "SUPPLEMENT", 13, SCOPE="ALL")
    through(ledger, january)
    with pytest.raises(InputRefused, match="CHSN065E"):
        act(ledger, "check", early, "suzuki")
    entering = made(house, "SUBMITTED", 30, references=((1, 1),))
    ledger.enter(january, by=entering, at=AT, who="operator")
    with pytest.raises(InputRefused, match="CHSN066E"):
        act(ledger, "check", early, "suzuki")
    late = made(house, "SUPPLEMENT", 14, references=((0, 1),), SCOPE="ALL")
    assert through(ledger, late, *ORDER[:2]).state == "checked"
    # Another submission is entered while it lies there: it must not be mailed any more.
    twin = made(house, "SUPPLEMENT", 15, references=((0, 1),), SCOPE="ALL")
    ledger._database.insert(
        "submissions",
        {"run_id": twin, "year": "2026", "state": "submitted", "records": '{"310":1}', "volumes": 1},
    )
    ledger.enter(twin, by=made(house, "SUBMITTED", 16, references=((0, 1), (1, 2))), at=AT, who="operator")
    with pytest.raises(InputRefused, match="CHSN066E"):
        act(ledger, "enclose", late, "suzuki")


def test_a_submission_is_entered_once(house: House) -> None:
    ledger, run = house.store.submissions, made(house)
    one, two = made(house, "SUBMITTED", 13), made(house, "SUBMITTED", 14)
    for before in ORDER[:4]:
        with pytest.raises(InputRefused, match="CHSN067E"):
            ledger.to_enter(run, by=one)
        act(ledger, before, run, "sato" if ledger.find(run) else "suzuki")
    with pytest.raises(StopLine, match="CHSN080S"):
        ledger.enter(run, by=one, at=AT, who="operator")
    act(ledger, "submit", run, "sato")
    assert ledger.to_enter(run, by=one).submitted_on == DAY
    ledger.enter(run, by=one, at=AT, who="operator")
    assert ledger.get(run).entered_by == one
    assert ledger.to_enter(run, by=one).entered_by == one  # a restart of the same run
    with pytest.raises(InputRefused, match="CHSN067E"):
        ledger.to_enter(run, by=two)
    with pytest.raises(StopLine, match="CHSN080S"):
        ledger.enter(run, by=two, at=AT, who="operator")
    assert act(ledger, "acknowledge", run, "sato").entered_by == one


@pytest.mark.parametrize("name", ["shown", *sorted(TRANSITIONS)])
def test_the_ledger_needs_its_right(house: House, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run = made(house)
    through(house.store.submissions, run, *{"enclose": ORDER[:2], "mail": ORDER[:3], "submit": ORDER[:4],
            "acknowledge": ORDER[:5], "withdraw": ORDER[:1]}.get(name, ("check",)))  # fmt: skip
    monkeypatch.setattr("chosho.control.rights.check", _nobody)
    ledger = house.store.submissions
    call = (
        (lambda who: ledger.shown(who, at=AT)) if name == "shown" else lambda who: act(ledger, name, run, who)
    )
    with pytest.raises(InputRefused, match="CHSJ040E"):
        call("sato")


def _nobody(person: str, right: str) -> None:
    raise InputRefused("CHSJ040E", person=person, right=right)
