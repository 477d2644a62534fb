"""``chosho pf``: the open ledger with its due days, the approval, the resolution."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chosho.cli import dates
from chosho.retention.pf_deletion import Ledger, plan
from chosho.retention.pf_reply import Detail, Reply, ReplyKind
from tests.cli.conftest import Answer, Chosho
from tests.control.test_pf import reply
from tests.retention.ledgers import CALENDAR
from tests.step.stage import REPOSITORY, Stage

MON, TUE, WED, THU = (date(2027, 4, day) for day in (5, 6, 7, 8))
FIRST = "PFDEL.20270405.01"
AT = "2027-04-05T22:00:00+09:00"
KEYS = (("A1", "20270405101500", "due", ""), ("B2", "20270405235959", "rejected", "KANA"))
DECK = """
    job: NIGHT
    title: a run that the ledger's rows can name
    steps:
      - {step: S1, pgm: nothing}
    """


class Ledgers:
    """A data root with a PF ledger, and the command on it."""

    def __init__(self, stage: Stage, chosho: Chosho) -> None:
        self.stage = stage
        self.run = stage.submit("NIGHT", MON).run_id
        self._chosho = chosho
        with stage.store() as store:
            store.pf.enter(KEYS, run=self.run, at=AT, who="operator")

    def night(self, today: date, *replies: Reply, approval: bool = True) -> None:
        with self.stage.store() as store:
            ledger = Ledger.from_rows(store.pf.open_keys("operator", at=AT), store.pf.instructions())
            made = plan(ledger, replies, today, CALENDAR, approval_required=approval)
            store.pf.apply(made.changes, run=self.run, at=AT, who="operator")

    def chosho(self, *words: object) -> Answer:
        return self._chosho("--root", self.stage.root, "--keys", self.stage.keys, *words)

    def call(self, *words: object) -> Answer:
        return self.chosho("pf", *words)

    def listed(self, *words: object) -> dict[str, Any]:
        return json.loads(self.call("list", "--json", "--date", *words).out)

    def key(self, name: str) -> dict[str, Any]:
        with self.stage.store() as store:
            return store.pf.key(name)


@pytest.fixture
def ledgers(tmp_path: Path, chosho: Chosho, monkeypatch: pytest.MonkeyPatch) -> Ledgers:
    monkeypatch.setenv("CHOSHO_PERSON", "suzuki")
    stage = Stage(tmp_path)
    if not (stage.root / "CALENDAR.yaml").exists():
        shutil.copy(REPOSITORY / "datasets" / "CALENDAR.yaml", stage.root)
    stage.deck("NIGHT", DECK)
    stage.program("nothing", "pass")
    return Ledgers(stage, chosho)


def test_the_list_has_each_open_key_with_its_day_and_each_open_instruction(ledgers: Ledgers):
    ledgers.night(MON)
    found = ledgers.listed(MON)
    assert [(one["id"], one["state"], one["keys"]) for one in found["instructions"]] == [
        (FIRST, "prepared", 1)
    ]
    assert [(one["id"], one["state"], one["due_on"], one["overdue"]) for one in found["keys"]] == [
        ("A1", "instructed", "2027-04-06", False),
        ("B2", "rejected", "2027-04-06", False),
    ]
    answer = ledgers.call("list", "--date", MON)
    assert (answer.code, answer.err) == (0, "")
    for word in (FIRST, "prepared", "A1", "B2", "KANA", "2027-04-06"):
        assert word in answer.out


def test_an_overdue_key_is_marked(ledgers: Ledgers):
    assert [ledgers.call("list", "--date", day).out.count("overdue") for day in (TUE, WED)] == [0, 2]


def test_what_is_deleted_is_not_listed(ledgers: Ledgers):
    ledgers.night(MON, approval=False)
    ledgers.night(TUE, reply("C", {"A1": "00"}))
    found = ledgers.listed(TUE)
    assert ([one["id"] for one in found["keys"]], found["instructions"]) == (["B2"], [])


def test_a_long_list_is_cut_on_the_terminal_only(ledgers: Ledgers):
    with ledgers.stage.store() as store:
        more = [(f"K{number:03d}", "20270405101500", "due", "") for number in range(150)]
        store.pf.enter(more, run=ledgers.run, at=AT, who="operator")
    assert "and 52 more" in ledgers.call("list", "--date", MON).out
    assert len(ledgers.listed(MON)["keys"]) == 152


def test_a_second_person_approves(ledgers: Ledgers):
    ledgers.night(MON)
    answer = ledgers.call("approve", FIRST, "--reason", "looked through")
    assert (answer.code, answer.out) == (0, f"{FIRST} is approved\n")
    (one,) = ledgers.listed(MON)["instructions"]
    assert (one["state"], one["prepared_by"], one["approved_by"]) == ("approved", "operator", "suzuki")


@pytest.mark.parametrize(
    ("person", "words", "message"),
    [
        ("operator", ("approve", FIRST, "--reason", "r"), "CHSE042E"),
        ("suzuki", ("approve", FIRST, "--reason", " "), "CHSJ041E"),
        ("suzuki", ("approve", "PFDEL.20270405.07", "--reason", "r"), "CHSE040E"),
        ("suzuki", ("resolve", "A1", "--reason", "r"), "CHSE045E"),
        ("suzuki", ("resolve", "X9", "--reason", "r"), "CHSE044E"),
        ("suzuki", ("resolve", "B2", "--reason", "r", "--gone"), "CHSE045E"),
        ("suzuki", ("list", "--date", "someday"), "CHSL013E"),
    ],
)
def test_what_may_not_be_is_refused(
    ledgers: Ledgers, monkeypatch: pytest.MonkeyPatch, person: str, words: tuple[str, ...], message: str
):
    ledgers.night(MON)
    monkeypatch.setenv("CHOSHO_PERSON", person)
    answer = ledgers.call(*words)
    assert (answer.code, answer.err.split()[0], answer.out) == (12, message, "")


@pytest.mark.parametrize("act", ["approve", "resolve"])
def test_an_act_needs_a_reason(ledgers: Ledgers, act: str):
    assert ledgers.call(act, FIRST).code == 12


def test_a_rejected_key_is_resolved_on_record(ledgers: Ledgers):
    answer = ledgers.call("resolve", "B2", "--reason", "declared by mail instead")
    assert (answer.code, answer.out) == (0, "B2 is due\n")
    assert ledgers.key("B2")["state"] == "due"
    with ledgers.stage.store() as store:
        last = list(store.journal.rows())[-1]
        assert store.journal.verify() == ()
    assert (last.kind, last.who) == ("pf.resolved", "suzuki")


@pytest.fixture
def unreadable(ledgers: Ledgers, monkeypatch: pytest.MonkeyPatch) -> Ledgers:
    """Return a ledger with one open key, whose storage time nobody could read; it is 5 April, the day of that storage."""
    monkeypatch.setattr(dates.clock, "stamp", lambda: "2027-04-05T14:59:59+00:00")
    ledgers.night(MON, approval=False)
    ledgers.night(TUE, reply("C", {"A1": "00"}))
    with ledgers.stage.store() as store:
        store.pf.resolve("B2", who="suzuki", reason="r", at=AT)
    ledgers.night(TUE, approval=False)
    told = Reply(
        kind=ReplyKind.CERTIFICATE,
        instruction="PFDEL.20270406.01",
        file="PF2",
        file_no=2,
        file_date=WED,
        details=(Detail("B2", "20270405235959", "00", "20270406090000"),),
    )
    ledgers.night(WED, told)
    with ledgers.stage.store() as store:
        store.pf.enter([("C3", "20270406", "rejected", "STOR")], run=ledgers.run, at=AT, who="operator")
    return ledgers


def overdue(ledgers: Ledgers, day: date) -> list[str]:
    """Return what is overdue at the PF; that ``due`` says so with code 8 is held too."""
    answer = ledgers.chosho("due", "--json", "--date", day)
    late = [row for row in json.loads(answer.out) if row["overdue"]]
    assert answer.code == (8 if late else 0)
    return [row["due"] for row in late if row["source"] == "PF"]


def test_a_key_whose_time_could_not_be_read_is_chased_and_closed_by_the_pfs_own_time(unreadable: Ledgers):
    (key,) = unreadable.listed(WED)["keys"]
    assert (key["state"], key["due_on"], key["reason"]) == ("rejected", "2027-04-07", "STOR")
    assert [overdue(unreadable, day) for day in (WED, THU)] == [[], ["2027-04-07"]]
    answer = unreadable.call("resolve", "C3", "--reason", "registered at a counter")
    assert (answer.code, answer.err.split()[0]) == (12, "CHSE046E")
    answer = unreadable.call("resolve", "C3", "--reason", "told by the PF", "--stored-at", "20270405101500")
    assert (answer.code, answer.out) == (0, "C3 is due\n")
    assert unreadable.listed(WED)["keys"][0]["due_on"] == "2027-04-06", "its own time counts"
    unreadable.night(WED, approval=False)
    unreadable.night(THU, reply("C", {"C3": "00"}, instruction="PFDEL.20270407.01"))
    assert (unreadable.listed(THU)["keys"], overdue(unreadable, THU)) == ([], [])


def test_a_time_that_stands_there_is_not_replaced(ledgers: Ledgers):
    """Another one would move the day by which the PF must have deleted."""
    with ledgers.stage.store() as store:
        store.pf.enter([("R1", "20270405101500", "rejected", "KANA")], run=ledgers.run, at=AT, who="operator")
    answer = ledgers.call("resolve", "R1", "--reason", "later", "--stored-at", "20260405101600")
    assert (answer.code, answer.err.split()[0]) == (12, "CHSE048E")
    assert ledgers.key("R1")["stored_at"] == "20270405101500"


def test_a_key_whose_time_could_not_be_read_is_declared_gone(unreadable: Ledgers):
    assert unreadable.call("resolve", "C3", "--reason", "letter", "--gone").out == "C3 is closed\n"
    assert overdue(unreadable, THU) == []


@pytest.mark.parametrize(
    "words", [("20270405",), ("20270405250000",), ("20270406000000",), ("20270405101500", "--gone")]
)
def test_a_time_that_is_none_or_does_not_belong_is_refused(unreadable: Ledgers, words: tuple[str, ...]):
    answer = unreadable.call("resolve", "C3", "--reason", "r", "--stored-at", *words)
    assert (answer.code, answer.err.split()[0]) == (12, "CHSE047E")
    assert unreadable.key("C3")["state"] == "rejected"


def test_a_key_that_is_stored_anew_and_rejected_is_held_and_what_waits_is_shown(ledgers: Ledgers):
    ledgers.night(MON)
    with ledgers.stage.store() as store:
        again = [("A1", "20270406101500", "rejected", "KANA")]
        store.pf.enter(again, run=ledgers.run, at=AT, who="operator")
    assert "then rejected KANA" in ledgers.call("list", "--date", TUE).out
    first = ledgers.listed(TUE)["keys"][0]
    assert (first["state"], first["later"]) == ("instructed", ["20270406101500", "rejected", "KANA"])
    assert ledgers.call("resolve", "A1", "--reason", "r").err.split()[0] == "CHSE045E"
    assert ledgers.call("approve", FIRST, "--reason", "looked through").code == 0
    ledgers.night(TUE)
    ledgers.night(WED, reply("C", {"A1": "00"}))
    assert (ledgers.key("A1")["state"], ledgers.key("A1")["stored_at"]) == ("rejected", "20270406101500")
    assert overdue(ledgers, THU) == ["2027-04-06", "2027-04-07"]


def test_a_disputed_key_is_declared_gone(ledgers: Ledgers):
    ledgers.night(MON, approval=False)
    ledgers.night(TUE, reply("A", {"A1": "01"}))
    assert ledgers.listed(TUE)["keys"][0]["state"] == "disputed"
    assert ledgers.call("resolve", "A1", "--reason", "letter of the PF", "--gone").out == "A1 is closed\n"
    assert ledgers.key("A1")["state"] == "deleted"
