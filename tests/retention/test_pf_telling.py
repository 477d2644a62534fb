"""What the operator is told: every message is worded by the table, and a long list of keys is cut short."""

from chosho.errors import message
from chosho.retention.pf_telling import told
from tests.retention.ledgers import MON, TUE, WED, World, key

FIRST = "PFDEL.20270405.01"


def said(made, today) -> list[str]:
    return [message(name, **fields) for name, fields in told(made, today)]


def ids(made, today) -> list[str]:
    return [name for name, _ in told(made, today)]


def test_a_night_of_each_kind_is_worded():
    world = World(key("A1"), key("B2"))
    assert ids(world.night(MON, approval=True), MON) == ["CHSE022I"]
    assert ids(world.night(TUE, approval=True), TUE) == ["CHSE023W"]
    world.approve(FIRST)
    assert ids(world.night(TUE, approval=True), TUE) == ["CHSE020I"]
    lines = said(world.night(WED, approval=True), WED)
    assert lines[0].startswith(f"CHSE021W instruction {FIRST} is sent again (sending 2): 2 keys")
    assert lines[1] == "CHSE031W 2 keys are overdue, the first since 2027-04-06: A1 B2"
    lines = said(world.night(WED, world.reply("C", FIRST, {"A1": "00", "B2": "09"}), approval=True), WED)
    assert lines[0].startswith("CHSE025W")
    assert lines[1].startswith("CHSE030W finding NDEL (keys that the PF certifies as not deleted)")


def test_a_good_closing_is_information():
    world = World(key("A1"))
    world.night(MON)
    made = world.night(TUE, world.reply("C", FIRST, {"A1": "00"}))
    assert ids(made, TUE) == ["CHSE024I"]


def test_a_long_list_is_cut_short():
    world = World(*(key(f"K{number:02d}", "rejected") for number in range(20)))
    (line,) = said(world.night(WED), WED)
    assert line.endswith("K00 K01 K02 K03 K04 K05 K06 K07 and 12 more")
