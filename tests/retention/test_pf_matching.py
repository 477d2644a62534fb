"""Replies against their instruction: what agrees moves on, every disagreement is a finding that names the keys."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chosho.retention.pf_finding import MEANINGS
from tests.retention.ledgers import MON, THU, TUE, WED, World, found, key, sent

FIRST = "PFDEL.20270405.01"
SECOND = "PFDEL.20270407.01"


@pytest.fixture
def world() -> World:
    """Three keys, instructed and sent on Monday."""
    made = World(key("A1"), key("B2"), key("C3"))
    made.night(MON)
    return made


def codes(**results: str) -> dict[str, str]:
    return {"A1": "00", "B2": "00", "C3": "00", **results}


def test_a_key_that_the_pf_does_not_know_waits_for_a_person(world: World):
    made = world.night(TUE, world.reply("A", FIRST, codes(B2="01")))
    assert found(made) == {"UNKN": ("B2",), "CERT": ("A1", "C3")}
    made = world.night(WED, world.reply("C", FIRST, {"A1": "00", "C3": "00"}))
    assert world.states() == {"A1": "deleted", "B2": "disputed", "C3": "deleted"}
    assert ("verified_on" in world.dates[FIRST], world.state(FIRST)) == (False, "closed")
    assert world.night(THU).to_send == ()


def test_a_key_that_the_pf_refuses_goes_into_the_next_nights_instruction(world: World):
    made = world.night(TUE, world.reply("A", FIRST, codes(B2="02")))
    assert (found(made)["REFU"], made.to_send, world.keys["B2"].reason) == (("B2",), (), "REFU")
    assert sent(world.night(WED)) == [(SECOND, ["B2"])]


def test_when_no_key_is_accepted_the_instruction_closes_without_a_certificate(world: World):
    made = world.night(TUE, world.reply("A", FIRST, codes(A1="01", B2="02", C3="02")))
    assert [(one.id, verified) for one, verified in made.closed] == [(FIRST, False)]
    assert set(found(made)) == {"UNKN", "REFU"}


def test_what_a_partial_certificate_leaves_goes_into_the_next_nights_instruction(world: World):
    replies = world.reply("A", FIRST, codes()), world.reply("C", FIRST, codes(C3="09"))
    made = world.night(TUE, *replies)
    assert found(made) == {"NDEL": ("C3",)}
    assert made.to_send == ()
    assert world.states() == {"A1": "deleted", "B2": "deleted", "C3": "due"}
    assert world.state(FIRST) == "closed"
    assert "verified_on" not in world.dates[FIRST]
    made = world.night(WED)
    assert (sent(made), made.findings) == ([(SECOND, ["C3"])], ())
    made = world.night(THU, world.reply("C", SECOND, {"C3": "00"}, deleted_at="20270408090000"))
    assert (world.state(SECOND), world.states()["C3"]) == ("closed", "deleted")
    assert "verified_on" in world.dates[SECOND]


def test_keys_that_a_certificate_leaves_out_are_named_and_go_on(world: World):
    made = world.night(TUE, world.reply("C", FIRST, {"A1": "00"}))
    assert (found(made), world.states()["B2"]) == ({"MISS": ("B2", "C3")}, "due")


def test_keys_that_an_acknowledgement_leaves_out_are_named_and_stay(world: World):
    made = world.night(TUE, world.reply("A", FIRST, {"A1": "00"}))
    assert found(made)["MISS"] == ("B2", "C3")
    assert set(world.states().values()) == {"instructed"}


@pytest.mark.parametrize("kind", ["A", "C"])
def test_keys_that_are_not_in_the_instruction_are_named_and_nothing_else_happens_to_them(
    world: World, kind: str
):
    world.enter(key("D4", "rejected"))
    made = world.night(TUE, world.reply(kind, FIRST, codes(D4="00", X9="00")))
    assert found(made)["FORN"] == ("D4", "X9")
    assert world.states()["D4"] == "rejected"
    assert world.state(FIRST) == ("acknowledged" if kind == "A" else "closed")


def test_a_certificate_with_a_foreign_key_still_verifies_the_instruction(world: World):
    made = world.night(TUE, world.reply("C", FIRST, codes(X9="00")))
    assert (found(made), made.closed[0][1]) == ({"FORN": ("X9",)}, True)


def test_a_key_stored_at_another_time_is_not_taken_for_deleted(world: World):
    made = world.night(TUE, world.reply("C", FIRST, codes(), stored_at={"B2": "20270405101501"}))
    assert (found(made), world.states()["B2"]) == ({"STOR": ("B2",)}, "due")
    assert world.keys["B2"].reason == "STOR"


def test_an_acknowledgement_with_another_storage_time_is_a_finding(world: World):
    made = world.night(TUE, world.reply("A", FIRST, codes(), stored_at={"B2": "20270405101501"}))
    assert (found(made)["STOR"], world.states()["B2"]) == (("B2",), "instructed")


@pytest.mark.parametrize("deleted_at", ["20270405101459", "20270407000000"])
def test_a_deletion_before_the_storage_or_still_to_come_is_not_believed(world: World, deleted_at: str):
    made = world.night(TUE, world.reply("C", FIRST, codes(), deleted_at=deleted_at))
    assert found(made) == {"TIME": ("A1", "B2", "C3")}
    assert set(world.states().values()) == {"due"}


@pytest.mark.parametrize("deleted_at", ["20270405101500", "20270406235959"])
def test_a_deletion_from_the_storage_to_the_end_of_today_is_believed(world: World, deleted_at: str):
    made = world.night(TUE, world.reply("C", FIRST, codes(), deleted_at=deleted_at))
    assert (made.findings, set(world.states().values())) == ((), {"deleted"})


def test_a_certificate_for_a_key_that_was_not_known_contradicts(world: World):
    world.night(TUE, world.reply("A", FIRST, codes(B2="01")))
    made = world.night(WED, world.reply("C", FIRST, codes()))
    assert (found(made), world.states()["B2"]) == ({"CONT": ("B2",)}, "disputed")


def test_a_refused_key_that_is_certified_all_the_same_is_deleted(world: World):
    world.night(TUE, world.reply("A", FIRST, codes(B2="02")), world.reply("C", FIRST, codes()))
    assert (world.states()["B2"], world.state(FIRST)) == ("deleted", "closed")
    assert "verified_on" in world.dates[FIRST]


def test_a_refused_key_that_is_certified_as_not_deleted_is_no_new_finding(world: World):
    world.night(TUE, world.reply("A", FIRST, codes(B2="02")))
    made = World.night(world, TUE, world.reply("C", FIRST, codes(B2="09")))
    assert (made.findings, world.state(FIRST)) == ((), "closed")


# Replies that are not applied --


def test_a_reply_to_an_instruction_that_was_never_made_names_its_keys(world: World):
    made = world.night(TUE, world.reply("C", "PFDEL.20270405.09", codes()))
    assert found(made)["UNKI"] == ("A1", "B2", "C3")
    assert set(world.states().values()) == {"instructed"}


def test_a_reply_to_an_instruction_that_was_not_sent_is_not_applied():
    world = World(key("A1"))
    world.night(MON, approval=True)
    made = world.night(TUE, world.reply("C", FIRST, {"A1": "00"}), approval=True)
    assert (found(made), world.states()) == ({"UNSN": ("A1",)}, {"A1": "instructed"})


def test_a_first_acknowledgement_after_the_closing_is_a_finding(world: World):
    world.night(TUE, world.reply("C", FIRST, codes()))
    made = world.night(WED, world.reply("A", FIRST, codes()))
    assert (found(made), world.state(FIRST)) == ({"CLSD": ("A1", "B2", "C3")}, "closed")


@pytest.mark.parametrize("kind", ["A", "C"])
def test_the_same_reply_once_more_is_harmless_before_and_after_the_closing(world: World, kind: str):
    reply = world.reply(kind, FIRST, codes())
    again = world.reply(kind, FIRST, codes())
    assert reply.file != again.file
    made = world.night(TUE, reply, again)
    assert "SECD" not in found(made)
    world.night(TUE, world.reply("C", FIRST, codes()))
    made = world.night(WED, again)
    assert (made.findings, made.changes) == ((), ())


@pytest.mark.parametrize("kind", ["A", "C"])
def test_a_second_reply_that_differs_is_a_finding_and_the_first_stands(world: World, kind: str):
    other = {"A": "01", "C": "09"}[kind]
    world.night(TUE, world.reply(kind, FIRST, codes()))
    states = world.states()
    made = world.night(TUE, world.reply(kind, FIRST, codes(B2=other)))
    assert (found(made)["SECD"], world.states()) == (("A1", "B2", "C3"), states)


def test_a_certificate_of_another_deletion_time_is_a_different_reply(world: World):
    world.night(TUE, world.reply("C", FIRST, codes()))
    made = world.night(TUE, world.reply("C", FIRST, codes(), deleted_at="20270406090001"))
    assert "SECD" in found(made)


def test_a_key_declared_again_after_its_deletion_is_not_deleted_by_the_old_certificate(world: World):
    certificate = world.reply("C", FIRST, codes())
    world.night(TUE, certificate)
    world.enter(key("A1", stored_at="20270407101500"))
    made = world.night(WED, certificate)
    assert (made.findings, sent(made)) == ((), [(SECOND, ["A1"])])


# In general --


@given(
    st.dictionaries(st.sampled_from(["A1", "B2", "C3", "D4", "X9"]), st.sampled_from(["00", "01", "02"])),
    st.dictionaries(st.sampled_from(["A1", "B2", "C3", "D4", "X9"]), st.sampled_from(["00", "09"])),
    st.sampled_from(["A", "C", "AC", "CA", "ACC", "AAC"]),
)
def test_no_key_is_lost_and_none_is_deleted_that_no_certificate_named(
    acknowledged: dict[str, str], certified: dict[str, str], order: str
):
    world = World(key("A1"), key("B2"), key("C3"), key("D4", "rejected"))
    world.night(MON)
    results = {"A": acknowledged, "C": certified}
    made = world.night(TUE, *(world.reply(kind, FIRST, results[kind]) for kind in order))
    states = world.states()
    deleted = {name for name, state in states.items() if state == "deleted"}
    assert deleted <= {name for name, result in certified.items() if result == "00"} - {"D4", "X9"}
    assert states["D4"] == "rejected"
    assert ("verified_on" in world.dates[FIRST]) == (deleted == {"A1", "B2", "C3"})
    assert made.open_keys == len(states) - len(deleted)
    if world.state(FIRST) == "closed":
        assert "instructed" not in states.values()
    assert {one.code for one in made.findings} <= set(MEANINGS)
    # Whatever the PF answered: what is left and not in doubt is instructed again, and nothing else is.
    later = world.night(date(2027, 4, 7))
    again = {name for label, names in sent(later) if label == SECOND for name in names}
    assert again == {name for name, state in states.items() if state == "due"}
