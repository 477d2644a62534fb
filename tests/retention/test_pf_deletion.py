"""PF deletion, night by night: the way of an instruction, sending, chasing, being late, and a hundred thousand keys."""

from datetime import date, timedelta

import pytest

from chosho.errors import StopLine
from chosho.retention.pf_deletion import plan
from chosho.retention.pf_ledger import Instruction, InstructionState, Key, KeyState, digest
from tests.retention.ledgers import (
    CALENDAR,
    FRI,
    MON,
    SAT,
    SUN,
    THU,
    TUE,
    WED,
    World,
    found,
    key,
    ledger,
    sent,
)

FIRST = "PFDEL.20270405.01"


def counted(made) -> dict[str, int]:
    return dict(made.counts())


def accepted(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "00")


# The way --


def test_an_instruction_goes_its_way_and_each_state_keeps_its_date():
    world = World(key("A1"), key("B2"))
    first = world.night(MON)
    assert sent(first) == [(FIRST, ["A1", "B2"])]
    assert world.state(FIRST) == "sent"
    world.night(TUE, world.reply("A", FIRST, accepted("A1", "B2")))
    assert world.state(FIRST) == "acknowledged"
    made = world.night(WED, world.reply("C", FIRST, accepted("A1", "B2")))
    assert world.state(FIRST) == "closed"
    assert world.states() == {"A1": "deleted", "B2": "deleted"}
    dates = {name: value for name, value in world.dates[FIRST].items() if name.endswith("_on")}
    assert dates == {
        "sent_on": "2027-04-05",
        "acknowledged_on": "2027-04-06",
        "certified_on": "2027-04-07",
        "verified_on": "2027-04-07",
        "closed_on": "2027-04-07",
    }
    assert [(one.id, verified) for one, verified in made.closed] == [(FIRST, True)]


def test_both_replies_of_one_day_close_it_on_that_day():
    world = World(key("A1"))
    world.night(MON)
    made = world.night(TUE, world.reply("A", FIRST, accepted("A1")), world.reply("C", FIRST, accepted("A1")))
    assert (world.state(FIRST), counted(made)["closed"], made.findings, made.overdue) == ("closed", 1, (), ())


def test_a_certificate_stands_without_the_acknowledgement_that_was_lost():
    world = World(key("A1"))
    world.night(MON)
    made = world.night(TUE, world.reply("C", FIRST, accepted("A1")))
    assert (world.state(FIRST), made.findings, made.to_send) == ("closed", (), ())
    assert "acknowledged_on" not in world.dates[FIRST]


def test_a_night_without_keys_makes_no_instruction():
    made = World().night(MON)
    assert (made.changes, made.to_send, set(counted(made).values())) == ((), (), {0})


def test_rejected_keys_are_not_instructed():
    world = World(key("A1"), key("B2", "rejected"), key("C3", "disputed"))
    made = world.night(MON)
    assert sent(made) == [(FIRST, ["A1"])]
    assert world.states() == {"A1": "instructed", "B2": "rejected", "C3": "disputed"}
    assert counted(made) == {
        "keys.open": 3,
        "instructed": 1,
        "closed": 0,
        "overdue": 0,
        "findings": 0,
        "sent": 1,
        "resent": 0,
    }


def test_each_night_has_an_instruction_of_its_own_numbered_within_its_date():
    world = World(key("A1"))
    world.night(MON)
    world.enter(key("B2"))
    second = world.night(MON)
    assert sent(second) == [("PFDEL.20270405.02", ["B2"])]
    world.enter(key("C3"))
    made = world.night(TUE, world.reply("A", FIRST, accepted("A1")))
    assert sent(made)[0] == ("PFDEL.20270406.01", ["C3"])


def test_digest_and_count_of_the_keys_are_on_record_when_it_is_prepared():
    made = World(key("B2"), key("A1")).night(MON)
    assert made.changes[0] == {
        "do": "prepare",
        "id": FIRST,
        "business_date": "2027-04-05",
        "keys": 2,
        "digest": digest(["A1", "B2"]),
    }


def test_the_ledger_of_one_night_gives_the_same_plan_again():
    one = ledger(key("B2"), key("A1"))
    other = ledger(key("A1"), key("B2"))
    plans = [plan(each, [], MON, CALENDAR, approval_required=False) for each in (one, one, other)]
    assert plans[0] == plans[1]
    assert plans[0].changes == plans[2].changes


# Approval --


def test_with_approval_nothing_is_sent_before_a_second_person_approved():
    world = World(key("A1"))
    made = world.night(MON, approval=True)
    assert (made.to_send, world.state(FIRST)) == ((), "prepared")
    assert [(one.instruction, one.keys, one.prepared_on) for one in made.waiting] == [(FIRST, 1, MON)]
    world.approve(FIRST)
    made = world.night(TUE, approval=True)
    assert (sent(made), made.waiting, world.dates[FIRST]["sent_on"]) == ([(FIRST, ["A1"])], (), "2027-04-06")


def test_a_late_approval_is_sent_late_and_its_keys_are_overdue_until_they_are_certified():
    world = World(key("A1"))
    overdue = [len(world.night(day, approval=True).overdue) for day in (MON, TUE, WED, THU)]
    assert overdue == [0, 0, 1, 1]
    world.approve(FIRST)
    made = world.night(FRI, approval=True)
    assert (sent(made), [one.due_on for one in made.overdue]) == ([(FIRST, ["A1"])], [TUE])
    reply = world.reply("C", FIRST, accepted("A1"), deleted_at="20270412090000")
    made = world.night(date(2027, 4, 12), reply, approval=True)
    assert (made.overdue, world.state(FIRST)) == ((), "closed")


def test_an_instruction_that_waits_does_not_hold_up_the_next_nights_keys():
    world = World(key("A1"))
    world.night(MON, approval=True)
    world.enter(key("B2"))
    world.night(TUE, approval=True)
    world.approve("PFDEL.20270406.01")
    assert sent(world.night(WED, approval=True)) == [("PFDEL.20270406.01", ["B2"])]
    assert world.state(FIRST) == "prepared"


def test_what_waits_goes_when_the_setting_no_longer_asks():
    world = World(key("A1"))
    world.night(MON, approval=True)
    assert sent(world.night(TUE)) == [(FIRST, ["A1"])]


# Exactly once, and chasing --


def test_an_instruction_is_sent_once_however_often_the_night_is_run():
    world = World(key("A1"))
    assert len(world.night(MON).to_send) == 1
    assert world.night(MON).to_send == ()


def test_without_acknowledgement_it_is_sent_again_each_business_day_under_the_same_id():
    world = World(key("A1"), key("B2"))
    world.night(MON)
    again = [sent(world.night(day)) for day in (TUE, WED)]
    assert again == [[(f"{FIRST}-2", ["A1", "B2"])], [(f"{FIRST}-3", ["A1", "B2"])]]
    made = world.night(THU, world.reply("A", FIRST, accepted("A1", "B2")))
    assert (made.to_send, counted(made)["resent"], world.state(FIRST)) == ((), 0, "acknowledged")


def test_it_is_not_sent_again_on_days_when_the_pf_does_not_work():
    world = World(key("A1", stored_at="20270409101500"))
    world.night(FRI)
    assert [world.night(day).to_send for day in (SAT, SUN)] == [(), ()]
    assert sent(world.night(date(2027, 4, 12))) == [("PFDEL.20270409.01-2", ["A1"])]


def test_after_an_outage_it_is_sent_again_once_and_then_each_business_day():
    world = World(key("A1"))
    world.night(MON)
    assert sent(world.night(FRI)) == [(f"{FIRST}-2", ["A1"])]
    assert [world.night(day).to_send for day in (SAT, SUN)] == [(), ()]
    assert sent(world.night(date(2027, 4, 12))) == [(f"{FIRST}-3", ["A1"])]


def test_every_sending_has_a_file_number_of_its_own_without_gaps():
    world = World(key("A1"))
    numbers = [one.file_no for one in world.night(MON).to_send]
    world.enter(key("B2"))
    numbers += [one.file_no for one in world.night(TUE).to_send]
    numbers += [one.file_no for one in world.night(WED).to_send]
    assert numbers == [1, 2, 3, 4, 5]


def test_a_certificate_that_is_missing_when_the_keys_are_due_is_a_finding_each_night():
    world = World(key("A1"), key("B2", stored_at="20270406101500"))
    world.enter(key("A1"))
    world.night(MON)
    made = world.night(TUE, world.reply("A", FIRST, accepted("A1", "B2")))
    assert found(made) == {"CERT": ("A1",)}
    assert found(world.night(WED)) == {"CERT": ("A1", "B2")}
    made = world.night(THU, world.reply("C", FIRST, accepted("A1", "B2"), deleted_at="20270408090000"))
    assert (made.findings, made.overdue) == ((), ())


def test_keys_that_are_not_those_that_were_prepared_stop_the_line():
    wrong = Instruction(
        id=FIRST, state=InstructionState.APPROVED, business_date=MON, keys=2, digest=digest(["A1", "B2"])
    )
    one = ledger(key("A1", "instructed", instruction=FIRST), instructions=[wrong])
    with pytest.raises(StopLine, match="CHSE010S"):
        plan(one, [], TUE, CALENDAR, approval_required=True)


# Being late --


@pytest.mark.parametrize("state", ["rejected", "due", "disputed"])
def test_an_open_key_is_overdue_from_the_day_after_its_due_day_in_whatever_state(state: str):
    def late(today: date) -> list[str]:
        one = ledger(key("A1", state))
        return [each.key.id for each in plan(one, [], today, CALENDAR, approval_required=True).overdue]

    assert [late(day) for day in (MON, TUE, WED)] == [[], [], ["A1"]]


def test_the_longest_overdue_stands_first():
    one = ledger(key("A1", "rejected"), key("B2", "rejected", stored_at="20270329101500"))
    made = plan(one, [], FRI, CALENDAR, approval_required=False)
    assert [(each.key.id, each.due_on) for each in made.overdue] == [("B2", date(2027, 3, 30)), ("A1", TUE)]


def test_a_key_stored_on_friday_is_not_overdue_on_monday():
    one = ledger(key("A1", "rejected", stored_at="20270409235959"))
    monday = date(2027, 4, 12)
    assert [
        len(plan(one, [], monday + timedelta(days=n), CALENDAR, approval_required=False).overdue)
        for n in (-1, 0, 1)
    ] == [0, 0, 1]


# Many --


@pytest.mark.parametrize("count", [100_000])
def test_a_hundred_thousand_keys_a_night_travel_in_short_changes(count: int):
    names = [f"PF{number:010d}" for number in range(count)]
    world = World(*(Key(name, "20270405101500", KeyState.DUE) for name in names))
    made = world.night(MON)
    assert len(made.to_send[0].keys) == count
    world.night(TUE, world.reply("A", FIRST, dict.fromkeys(names, "00")))
    partial = {name: "00" if number % 2 else "09" for number, name in enumerate(names)}
    closing = world.night(WED, world.reply("C", FIRST, partial))
    for each in (made, closing):
        longest = max(
            len(change.get("ids", change.get("keys", "")))
            for change in each.changes[1:]
            if change["do"] != "prepare"
        )
        assert longest <= 10_000
    assert counted(closing)["closed"] == count // 2
    assert len(found(closing)["NDEL"]) == count // 2
