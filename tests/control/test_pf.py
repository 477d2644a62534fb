"""The PF ledger in the control store: what is entered, the changes of a night, the acts of persons, what is on record."""

from collections.abc import Iterator
from datetime import date

import pytest

from chosho.business_days import Calendar
from chosho.control import pf
from chosho.errors import InputRefused, StopLine
from chosho.retention.pf_deletion import Ledger, Overdue, Plan, overdue, plan
from chosho.retention.pf_ledger import digest, due_on
from chosho.retention.pf_reply import Detail, Reply, ReplyKind
from tests.control.conftest import AT, House
from tests.rights import withhold
from tests.step.stage import REPOSITORY

CALENDAR = Calendar.load((REPOSITORY / "datasets" / "CALENDAR.yaml").read_text(encoding="utf-8"))
MON, TUE, WED, THU = (date(2027, 4, day) for day in (5, 6, 7, 8))
FIRST = "PFDEL.20270405.01"
STORED = "20270405101500"
LATER = "20270406101500"


class Books:
    """A ledger with a run that changes it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.ledger = house.store.pf
        self.run = house.begin().id

    def enter(self, *keys: tuple[str, ...]) -> int:
        rows = [(*key, *("", STORED, "due", "")[len(key) :]) for key in keys]
        return self.ledger.enter(rows, run=self.run, at=AT, who="night")

    def stands(self, key: str) -> tuple[str, str, str, str | None]:
        row = self.ledger.key(key)
        return row["state"], row["stored_at"], row["reason"], row["instruction"]

    def read(self) -> Ledger:
        return Ledger.from_rows(self.ledger.open_keys("auditor", at=AT), self.ledger.instructions())

    def night(self, today: date, *replies: Reply, approval: bool = False) -> Plan:
        made = plan(self.read(), replies, today, CALENDAR, approval_required=approval)
        self.ledger.apply(made.changes, run=self.run, at=AT, who="night")
        return made

    def overdue(self, today: date) -> tuple[Overdue, ...]:
        return overdue(self.read().keys, due_on(CALENDAR), today)

    def journal(self, kind: str) -> list[dict[str, object]]:
        return [dict(row.fields) for row in self.house.store.journal.rows() if row.kind == kind]


@pytest.fixture
def books(house: House) -> Iterator[Books]:
    yield Books(house)
    assert house.store.journal.verify() == ()


def reply(kind: str, results: dict[str, str], number: int = 1, instruction: str = FIRST) -> Reply:
    details = [
        Detail(name, STORED, result, "20270406090000" if (kind, result) == ("C", "00") else "")
        for name, result in results.items()
    ]
    return Reply(
        kind=ReplyKind(kind),
        instruction=instruction,
        file=f"PF{number}",
        file_no=number,
        file_date=TUE,
        details=tuple(details),
    )


# Entering --


def test_keys_are_entered_once(books: Books) -> None:
    assert books.enter(("A1",), ("B2", STORED, "rejected", "KANA")) == 2
    assert books.enter(("A1",), ("B2", STORED, "rejected", "KANA")) == 0
    assert books.stands("A1") == ("due", STORED, "", None)
    assert books.stands("B2") == ("rejected", STORED, "KANA", None)
    assert books.journal("pf.entered")[0] == {"run": books.run, "due": 1, "rejected": 1}


EARLIER = "20270402101500"
FILED = "20270406"
DUE = (("A1",),)
REJECTED = (("A1", STORED, "rejected", "DUPX"),)
AGAIN = (("A1", LATER),)
REJECTED_AGAIN = (("A1", LATER, "rejected", "KANA"),)
UNREADABLE = (("A1", FILED, "rejected", "STOR"),)
EVENTS = {
    "accepted, earlier": (("A1", EARLIER),),
    "accepted, same": DUE,
    "accepted, later": AGAIN,
    "rejected, earlier": (("A1", EARLIER, "rejected", "KANA"),),
    "rejected, same": (("A1", STORED, "rejected", "KANA"),),
    "rejected, later": REJECTED_AGAIN,
    "unreadable": UNREADABLE,
}
"""What comes in of a key whose storage of :data:`STORED` is on record."""
DAY = STORED[:8]
KEPT, HELD, DUE_ANEW = None, ("rejected", LATER, "KANA", None), ("due", LATER, "", None)
HELD_UNREADABLE = ("rejected", DAY, "STOR", None)
"""Chased from the day of the storage that was known, which may be the same."""
TRANSITIONS = {
    "none": {
        "accepted, earlier": ("due", EARLIER, "", None),
        "accepted, same": ("due", STORED, "", None),
        "accepted, later": DUE_ANEW,
        "rejected, earlier": ("rejected", EARLIER, "KANA", None),
        "rejected, same": ("rejected", STORED, "KANA", None),
        "rejected, later": HELD,
        "unreadable": ("rejected", FILED, "STOR", None),
    },
    "rejected": {
        "accepted, earlier": KEPT,  # the PF holds the later number, which was not carried into the master
        "accepted, same": ("due", STORED, "", None),
        "accepted, later": DUE_ANEW,
        "rejected, earlier": KEPT,
        "rejected, same": KEPT,
        "rejected, later": HELD,
        "unreadable": HELD_UNREADABLE,
    },
    "due": {
        "accepted, earlier": KEPT,
        "accepted, same": KEPT,
        "accepted, later": DUE_ANEW,
        "rejected, earlier": KEPT,
        "rejected, same": KEPT,  # the same declaration twice: the number is in the master
        "rejected, later": HELD,
        "unreadable": HELD_UNREADABLE,
    },
    "instructed": dict.fromkeys(EVENTS, KEPT),
    "disputed": {
        "accepted, earlier": KEPT,
        "accepted, same": KEPT,
        "accepted, later": DUE_ANEW,
        "rejected, earlier": KEPT,
        "rejected, same": KEPT,
        "rejected, later": HELD,
        "unreadable": HELD_UNREADABLE,
    },
    "deleted": {
        "accepted, earlier": KEPT,
        "accepted, same": KEPT,
        "accepted, later": DUE_ANEW,
        "rejected, earlier": KEPT,
        "rejected, same": KEPT,
        "rejected, later": HELD,
        "unreadable": ("rejected", FILED, "STOR", None),
    },
}
"""State of the key → what comes in → how the key stands then."""


def bring(books: Books, state: str) -> None:
    """Let the key A1 stand in a state."""
    if state == "none":
        return
    books.enter(*(REJECTED if state == "rejected" else DUE))
    if state in {"instructed", "disputed", "deleted"}:
        books.night(MON)
    if state == "disputed":
        books.night(TUE, reply("A", {"A1": "01"}))
    if state == "deleted":
        books.night(TUE, reply("C", {"A1": "00"}))


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("state", TRANSITIONS)
def test_every_declaration_in_every_state_of_its_key(books: Books, state: str, event: str) -> None:
    bring(books, state)
    before = None if state == "none" else books.stands("A1")
    changed = books.enter(*EVENTS[event])
    stands = TRANSITIONS[state][event]
    assert books.stands("A1") == (before if stands is None else stands)
    waits = state == "instructed" and event in {"accepted, later", "rejected, later", "unreadable"}
    assert changed == (1 if stands or waits else 0)
    assert books.enter(*EVENTS[event]) == 0, "the same once more"


WAITING = {
    "accepted, later": ("due", LATER, "", None),
    "rejected, later": ("rejected", LATER, "KANA", None),
    "unreadable": ("rejected", FILED, "STOR", None),
}


@pytest.mark.parametrize(
    "answer",
    [("C", "00"), ("C", "09"), ("A", "01"), ("A", "02")],
    ids=["deleted", "not deleted", "unknown", "refused"],
)
@pytest.mark.parametrize("event", WAITING)
def test_what_comes_in_while_a_key_is_instructed_counts_when_the_instruction_lets_it_go(
    books: Books, event: str, answer: tuple[str, str]
) -> None:
    bring(books, "instructed")
    books.enter(*EVENTS[event])
    kind, result = answer
    made = books.night(TUE, reply(kind, {"A1": result}))
    assert books.stands("A1") == WAITING[event]
    assert books.ledger.key("A1")["later"] is None
    assert len(books.journal("pf.held")) == (WAITING[event][0] == "rejected")
    assert "STOR" not in {one.code for one in made.findings}
    assert books.ledger.instructions()[0]["state"] == "closed"
    assert [sent.keys[0].stored_at for sent in books.night(WED).to_send] == (
        [LATER] if event == "accepted, later" else []
    )


def test_an_instruction_that_is_sent_again_still_names_the_storage_that_it_was_made_for(books: Books) -> None:
    bring(books, "instructed")
    books.enter(*REJECTED_AGAIN)
    (again,) = books.night(TUE).to_send
    assert [key.stored_at for key in again.keys] == [STORED]


def test_of_several_declarations_meanwhile_the_newest_storage_counts(books: Books) -> None:
    bring(books, "instructed")
    newest = ("A1", "20270406235900")
    assert books.enter(*REJECTED_AGAIN, newest, *AGAIN, (*newest, "rejected", "DUPI")) == 1
    books.night(TUE, reply("C", {"A1": "00"}))
    assert books.stands("A1") == ("due", newest[1], "", None)


def test_a_change_behind_the_steps_back_stops_the_line(books: Books) -> None:
    bring(books, "instructed")
    books.enter(*REJECTED_AGAIN)
    made = plan(books.read(), [reply("C", {"A1": "00"})], TUE, CALENDAR, approval_required=False)
    books.enter(("A1", "20270406235900"))
    with pytest.raises(StopLine, match="CHSE011S"):
        books.ledger.apply(made.changes, run=books.run, at=AT, who="night")
    assert books.stands("A1")[0] == "instructed"


@pytest.mark.parametrize("first", [DUE, REJECTED_AGAIN])
def test_in_one_night_it_does_not_matter_which_declaration_is_entered_first(
    books: Books, first: tuple
) -> None:
    """The intake enters what it rejects before the update enters what it accepted, whatever their order in the files."""
    second = DUE if first is REJECTED_AGAIN else REJECTED_AGAIN
    books.enter(*first)
    books.enter(*second)
    assert books.stands("A1") == HELD


def test_both_in_one_call_is_the_same_as_one_after_the_other(books: Books) -> None:
    books.enter(*REJECTED, *DUE, *REJECTED)
    assert books.stands("A1") == ("due", STORED, "", None)


def test_a_key_that_is_held_though_it_was_due_is_on_record(books: Books) -> None:
    books.enter(("A1",), ("B2",), ("C3", STORED, "rejected", "KANA"))
    books.enter(*REJECTED_AGAIN, ("B2",), ("C3", LATER, "rejected", "KANA"))
    assert books.journal("pf.held") == [{"run": books.run, "keys": 1, "named": "A1"}]
    assert {one.key.id for one in books.overdue(THU)} == {"A1", "B2", "C3"}
    assert [key.id for sent in books.night(WED).to_send for key in sent.keys] == ["B2"]


def test_a_key_without_a_readable_time_is_chased_until_it_is_declared_again(books: Books) -> None:
    books.enter(*UNREADABLE)
    books.enter(("A1", "20270407", "rejected", "STOR"))
    assert books.stands("A1")[1] == FILED, "chased from the first day"
    assert [one.due_on for one in books.overdue(THU)] == [WED]
    books.enter(*DUE)  # the PF sends the declaration anew: its own time counts, though it is earlier
    assert books.stands("A1") == ("due", STORED, "", None)
    books.night(MON)
    books.night(TUE, reply("C", {"A1": "00"}))
    assert books.stands("A1")[0] == "deleted"
    assert books.overdue(THU) == ()


# Reading --


def test_the_ledger_is_read_in_pages_and_without_what_is_deleted(books: Books) -> None:
    books.enter(*[(f"K{number}",) for number in range(7)])
    books.night(MON)
    books.night(TUE, reply("C", {"K0": "00", "K6": "00"}))
    assert [row[0] for row in books.ledger.keys(limit=3)] == ["K1", "K2", "K3"]
    assert [row[0] for row in books.ledger.keys("K3", limit=3)] == ["K4", "K5"]
    assert books.ledger.keys("K5") == []
    assert [row[0] for row in books.ledger.open_keys("auditor", at=AT, at_once=2)] == [
        "K1",
        "K2",
        "K3",
        "K4",
        "K5",
    ]
    assert [one["id"] for one in books.ledger.instructions()] == [FIRST]
    assert books.ledger.instructions(open_only=True) == []


def test_overdue_are_the_open_keys_whose_day_is_over(books: Books) -> None:
    books.enter(
        ("A1",),
        ("B2", LATER, "rejected", "KANA"),
        ("C3", "20270402235959"),
        ("D4", "20270407000000"),
    )
    found = books.overdue(date(2027, 4, 8))
    assert [(one.key.id, one.due_on, one.key.state) for one in found] == [
        ("C3", date(2027, 4, 5), "due"),
        ("A1", TUE, "due"),
        ("B2", WED, "rejected"),
    ]
    assert books.overdue(date(2027, 4, 5)) == ()


# A night's changes --


def test_the_way_of_an_instruction_is_on_record(books: Books) -> None:
    books.enter(("A1",), ("B2",))
    books.night(MON)
    books.night(TUE, reply("A", {"A1": "00", "B2": "00"}), reply("C", {"A1": "00", "B2": "00"}, 2))
    (row,) = books.ledger.instructions()
    assert (row["state"], row["keys"], row["digest"], row["sends"]) == ("closed", 2, digest(["A1", "B2"]), 1)
    assert [row[f"{name}_on"] for name in ("sent", "acknowledged", "certified", "verified", "closed")] == [
        "2027-04-05",
        *["2027-04-06"] * 4,
    ]
    assert (row["prepared_by"], row["approved_by"], row["note"]) == ("night", None, "")
    proof = {"instruction": FIRST, "keys": 2, "digest": digest(["A1", "B2"]), "run": books.run}
    for kind in ("prepared", "sent", "acknowledged", "certified", "verified", "closed"):
        (fields,) = books.journal(f"pf.{kind}")
        assert proof.items() <= fields.items()
    assert books.journal("pf.sent")[0]["sends"] == 1


def test_a_finding_names_its_keys_in_the_journal_and_its_code_at_the_instruction(books: Books) -> None:
    names = [f"K{number:04d}" for number in range(450)]
    books.enter(*[(name,) for name in names])
    books.night(MON)
    books.night(TUE, reply("A", dict.fromkeys(names, "02")))
    rows = books.journal("pf.finding")
    assert [row["keys"] for row in rows] == [200, 200, 50]
    assert " ".join(str(row["named"]) for row in rows).split() == names
    assert {(row["code"], row["instruction"], row["file"]) for row in rows} == {("REFU", FIRST, "PF1")}
    assert books.ledger.instructions()[0]["note"] == "REFU"
    assert books.stands("K0000") == ("due", STORED, "REFU", FIRST)


def test_changes_are_made_from_the_state_that_was_seen_or_not_at_all(books: Books) -> None:
    books.enter(("A1",), ("B2",))
    made = plan(books.read(), [], MON, CALENDAR, approval_required=False)
    books.ledger.apply(made.changes, run=books.run, at=AT, who="night")
    with pytest.raises(StopLine, match="CHSJ004S"):
        books.ledger.apply(made.changes, run=books.run, at=AT, who="night")
    with pytest.raises(StopLine, match="CHSE011S"):
        books.ledger.apply(made.changes[1:], run=books.run, at=AT, who="night")
    assert len(books.journal("pf.sent")) == 1


def test_a_step_that_fails_later_in_its_commit_leaves_the_ledger_as_it_was(books: Books) -> None:
    books.enter(("A1",))
    made = plan(books.read(), [], MON, CALENDAR, approval_required=False)
    bad = [*made.changes, {"do": "something"}]
    with pytest.raises(StopLine, match="CHSE011S"):
        books.ledger.apply(bad, run=books.run, at=AT, who="night")
    assert books.stands("A1") == ("due", STORED, "", None)
    assert books.ledger.instructions() == []


@pytest.mark.parametrize("column", ["keys", "digest = 'x', note", "approved_by"])
def test_a_night_sets_the_columns_that_are_its_own_only(books: Books, column: str) -> None:
    books.enter(("A1",))
    books.night(MON)
    change = {"do": "advance", "id": FIRST, "from": "sent", "to": "sent", "set": {column: "2"}}
    with pytest.raises(StopLine, match="CHSE011S"):
        books.ledger.apply([change], run=books.run, at=AT, who="night")


# Acts of persons --


def test_another_person_approves_and_the_next_night_sends(books: Books) -> None:
    books.enter(("A1",))
    books.night(MON, approval=True)
    books.ledger.approve(FIRST, who="suzuki", reason="looked through", at=AT)
    (row,) = books.ledger.instructions()
    assert (row["state"], row["approved_by"], row["approved_at"], row["approval_reason"]) == (
        "approved",
        "suzuki",
        AT,
        "looked through",
    )
    (fields,) = books.journal("pf.approved")
    assert (fields["keys"], fields["reason"]) == (1, "looked through")
    assert [one.label for one in books.night(TUE, approval=True).to_send] == [FIRST]


@pytest.mark.parametrize(
    ("instruction", "who", "reason", "refusal"),
    [
        ("PFDEL.20270405.09", "suzuki", "r", "CHSE040E"),
        (FIRST, "night", "r", "CHSE042E"),
        (FIRST, "suzuki", "  ", "CHSJ041E"),
    ],
)
def test_an_approval_is_refused(books: Books, instruction: str, who: str, reason: str, refusal: str) -> None:
    books.enter(("A1",))
    books.night(MON, approval=True)
    with pytest.raises(InputRefused, match=refusal):
        books.ledger.approve(instruction, who=who, reason=reason, at=AT)
    assert (books.ledger.instructions()[0]["state"], books.journal("pf.approved")) == ("prepared", [])


def test_an_instruction_is_approved_once_and_not_after_it_was_sent(books: Books) -> None:
    books.enter(("A1",))
    books.night(MON, approval=True)
    books.ledger.approve(FIRST, who="suzuki", reason="r", at=AT)
    with pytest.raises(InputRefused, match=r"CHSE041E.*approved"):
        books.ledger.approve(FIRST, who="tanaka", reason="r", at=AT)
    books.night(TUE)
    with pytest.raises(InputRefused, match=r"CHSE041E.*sent"):
        books.ledger.approve(FIRST, who="tanaka", reason="r", at=AT)


def test_a_rejected_key_is_resolved_and_the_next_night_instructs_it(books: Books) -> None:
    books.enter(("A1", STORED, "rejected", "KANA"))
    assert books.night(MON).to_send == ()
    books.ledger.resolve("A1", who="suzuki", reason="declared by mail instead", at=AT)
    (fields,) = books.journal("pf.resolved")
    assert (fields["key"], fields["from"], fields["to"]) == ("A1", "rejected", "due")
    assert len(books.night(TUE).to_send) == 1


def test_a_disputed_key_is_instructed_again_or_declared_gone(books: Books) -> None:
    books.enter(("A1",), ("B2",))
    books.night(MON)
    books.night(TUE, reply("A", {"A1": "01", "B2": "01"}))
    assert books.night(WED).to_send == ()
    books.ledger.resolve("A1", who="suzuki", reason="key corrected at the PF", at=AT)
    books.ledger.resolve("B2", who="suzuki", reason="letter of the PF of 04-07", at=AT, gone=True)
    assert books.stands("A1")[0] == "due"
    assert books.stands("B2")[::2] == ("deleted", "GONE")


ACTS = {"plain": {}, "with the PF's time": {"stored_at": STORED}, "gone": {"gone": True}}
RESOLVED = {
    "rejected": ("due", "CHSE048E", "CHSE045E"),  # the number is certainly there
    "unreadable": ("CHSE046E", "due", "deleted"),
    "due": ("CHSE045E",) * 3,
    "instructed": ("CHSE045E",) * 3,
    "disputed": ("due", "CHSE048E", "deleted"),
    "deleted": ("CHSE045E",) * 3,
}
"""State of the key → what each act comes to, in the order of :data:`ACTS`."""


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", RESOLVED)
def test_every_resolution_in_every_state_of_its_key(books: Books, state: str, act: str) -> None:
    if state == "unreadable":
        books.enter(*UNREADABLE)
    else:
        bring(books, state)
    before = books.stands("A1")
    comes_to = RESOLVED[state][list(ACTS).index(act)]
    if comes_to.startswith("CHSE"):
        with pytest.raises(InputRefused, match=comes_to):
            books.ledger.resolve("A1", who="suzuki", reason="r", at=AT, **ACTS[act])
        assert books.stands("A1") == before
    else:
        books.ledger.resolve("A1", who="suzuki", reason="r", at=AT, **ACTS[act])
        assert books.stands("A1")[0] == comes_to


def test_a_key_without_a_readable_time_is_resolved_with_the_pfs_own_time(books: Books) -> None:
    books.enter(*UNREADABLE)
    with pytest.raises(InputRefused, match="CHSE046E"):
        books.ledger.resolve("A1", who="suzuki", reason="registered at a counter", at=AT)
    books.ledger.resolve("A1", who="suzuki", reason="told by the PF", at=AT, stored_at=STORED)
    assert books.stands("A1") == ("due", STORED, "RSLV", None)
    (fields,) = books.journal("pf.resolved")
    assert (fields["from"], fields["to"], fields["stored_at"]) == ("rejected", "due", "2027-04-05T10:15:00")
    assert books.enter(*REJECTED) == 0, "that storage is resolved"
    (sent,) = books.night(MON).to_send
    assert [key.stored_at for key in sent.keys] == [STORED]
    books.night(TUE, reply("C", {"A1": "00"}))
    assert books.stands("A1")[0] == "deleted"


def test_a_key_without_a_readable_time_is_declared_gone(books: Books) -> None:
    books.enter(*UNREADABLE)
    books.ledger.resolve("A1", who="suzuki", reason="letter of the PF", at=AT, gone=True)
    assert books.stands("A1")[::2] == ("deleted", "GONE")
    assert books.overdue(THU) == ()


@pytest.mark.parametrize(
    ("key", "reason", "gone", "refusal"),
    [
        ("X9", "r", False, "CHSE044E"),
        ("A1", " ", False, "CHSJ041E"),
        ("B2", "r", False, "CHSE045E"),  # due already
        ("A1", "r", True, "CHSE045E"),  # rejected: the number is certainly there
    ],
)
def test_a_resolution_is_refused(books: Books, key: str, reason: str, gone: bool, refusal: str) -> None:
    books.enter(("A1", STORED, "rejected", "KANA"), ("B2",))
    with pytest.raises(InputRefused, match=refusal):
        books.ledger.resolve(key, who="suzuki", reason=reason, at=AT, gone=gone)
    assert books.journal("pf.resolved") == []


def test_each_act_asks_for_its_right(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = withhold(monkeypatch, pf.USE, pf.APPROVE)
    acts = [
        lambda: books.ledger.shown("suzuki", at=AT),
        lambda: list(books.ledger.open_keys("suzuki", at=AT)),
        lambda: books.ledger.approve(FIRST, who="suzuki", reason="r", at=AT),
        lambda: books.ledger.resolve("A1", who="suzuki", reason="r", at=AT),
        lambda: books.ledger.resolve("A1", who="suzuki", reason="r", at=AT, gone=True),
    ]
    for act in acts:
        with pytest.raises(InputRefused, match="CHSJ040E"):
            act()
    assert asked == [("suzuki", right) for right in (pf.USE, pf.USE, pf.APPROVE, pf.USE, pf.APPROVE)]


def test_a_number_in_a_reason_is_not_put_on_record(books: Books) -> None:
    books.enter(("A1", STORED, "rejected", "KANA"))
    with pytest.raises(InputRefused, match="CHSJ042E"):
        books.ledger.resolve("A1", who="suzuki", reason="number 123456789012 was wrong", at=AT)
    assert books.stands("A1")[0] == "rejected"


def test_a_hundred_thousand_keys_are_entered_instructed_and_closed(books: Books) -> None:
    names = [f"PF{number:010d}" for number in range(100_000)]
    assert (
        books.ledger.enter(((name, STORED, "due", "") for name in names), run=books.run, at=AT, who="n")
        == 100_000
    )
    assert [row[0] for row in books.ledger.open_keys("auditor", at=AT)] == names
    made = plan(books.read(), [], MON, CALENDAR, approval_required=False)
    books.ledger.apply(made.changes, run=books.run, at=AT, who="night")
    assert books.stands(names[-1])[0] == "instructed"
