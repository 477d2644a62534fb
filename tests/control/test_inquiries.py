"""Inquiries: rights, reasons, limits of the hour, and what stands in the journal whether they are admitted or not."""

from dataclasses import replace

import pytest

from chosho.control import rights
from chosho.control.inquiries import REVEAL, RIGHT, Limits, Request
from chosho.control.journal import Row
from chosho.errors import InputRefused
from tests.control.conftest import House

LIMITS = Limits(per_hour=20, reveals_per_hour=3)
PRIVATE = {"policy": "10000000001", "payee": "01"}
LOOK = Request(person="clerk", private=PRIVATE)
SHOW = replace(LOOK, reveal=True, terminal=True, case="CASE-1", reason="税務署の照会")
NOON = "2027-02-01T12:00:00+09:00"


def ask(house: House, request: Request = LOOK, at: str = NOON, limits: Limits = LIMITS) -> str:
    """Return the message id of the refusal, or nothing."""
    try:
        house.store.inquiries.admit(request, limits, at=at, key=house.keys.journal_column_key())
    except InputRefused as refused:
        return refused.message_id
    return ""


def last(house: House) -> Row:
    return list(house.store.journal.rows())[-1]


def test_an_inquiry_is_on_record_with_the_person_in_the_sealed_column(house: House) -> None:
    assert ask(house, SHOW) == ""
    row = last(house)
    assert (row.kind, row.who, row.at) == ("inquiry", "clerk", NOON)
    assert row.fields == {"right": REVEAL, "reveal": True, "case": "CASE-1", "reason": "税務署の照会"}
    assert house.store.journal.private(row.seq, house.keys.journal_column_key()) == PRIVATE
    assert house.store.journal.verify() == ()


def test_the_head_is_written_with_it(house: House) -> None:
    ask(house)
    seq = house.store.journal.head().seq
    assert (house.keys.heads / f"{seq:012d}.json").exists()


@pytest.mark.parametrize(
    ("lacking", "request_", "refused", "right"),
    [
        (RIGHT, LOOK, "CHSJ040E", RIGHT),
        (RIGHT, SHOW, "CHSJ040E", RIGHT),
        (REVEAL, SHOW, "CHSJ040E", REVEAL),
        (REVEAL, LOOK, "", RIGHT),
        ("", replace(SHOW, case=""), "CHSQ003E", REVEAL),
        ("", replace(SHOW, reason=""), "CHSQ003E", REVEAL),
        ("", replace(SHOW, terminal=False), "CHSQ004E", REVEAL),
    ],
)
def test_what_is_refused_is_on_record_too(
    house: House,
    monkeypatch: pytest.MonkeyPatch,
    lacking: str,
    request_: Request,
    refused: str,
    right: str,
) -> None:
    def check(person: str, asked: str) -> None:
        if asked == lacking:
            raise InputRefused("CHSJ040E", person=person, right=asked)

    monkeypatch.setattr(rights, "check", check)
    assert ask(house, request_) == refused
    row = last(house)
    assert row.private
    assert row.fields["right"] == right
    if refused:
        assert (row.kind, row.fields) == ("access.refused", {"right": right, "message": refused})
    else:
        assert row.kind == "inquiry"


@pytest.mark.parametrize(
    ("before", "request_", "at", "refused"),
    [
        ([(20, LOOK, "11:30")], LOOK, "12:00", "CHSQ001E"),
        ([(19, LOOK, "11:30")], LOOK, "12:00", ""),
        ([(20, LOOK, "11:00")], LOOK, "12:00", ""),  # an hour ago, to the second
        ([(20, LOOK, "11:01")], LOOK, "12:00", "CHSQ001E"),
        ([(20, LOOK, "12:30")], LOOK, "12:00", "CHSQ001E"),  # the clock was set back
        ([(3, SHOW, "11:30")], SHOW, "12:00", "CHSQ002E"),
        ([(2, SHOW, "11:30"), (17, LOOK, "11:40")], SHOW, "12:00", ""),
        ([(3, SHOW, "11:30")], LOOK, "12:00", ""),
        ([(3, SHOW, "11:30"), (17, LOOK, "11:40")], SHOW, "12:00", "CHSQ001E"),
        ([(3, SHOW, "10:59")], SHOW, "12:00", ""),
        ([(20, replace(LOOK, person="another"), "11:59")], LOOK, "12:00", ""),
        (
            [(20, replace(LOOK, person="another"), "11:59")],
            replace(LOOK, person="another"),
            "12:00",
            "CHSQ001E",
        ),
    ],
)
def test_the_limits_of_the_hour(
    house: House, before: list[tuple[int, Request, str]], request_: Request, at: str, refused: str
) -> None:
    plenty = Limits(per_hour=1000, reveals_per_hour=1000)
    for count, request, clock in before:
        for _ in range(count):
            assert ask(house, request, f"2027-02-01T{clock}:00+09:00", plenty) == ""
    assert ask(house, request_, f"2027-02-01T{at}:00+09:00") == refused


def test_a_refusal_does_not_count(house: House) -> None:
    one = Limits(per_hour=1, reveals_per_hour=1)
    for _ in range(3):
        assert ask(house, replace(SHOW, case=""), limits=one) == "CHSQ003E"
    assert ask(house, limits=one) == ""
    assert ask(house, limits=one) == "CHSQ001E"


def test_the_times_are_compared_across_zones(house: House) -> None:
    one = Limits(per_hour=1, reveals_per_hour=0)
    assert ask(house, at="2027-02-01T03:00:00+00:00", limits=one) == ""  # noon in Japan
    assert ask(house, at="2027-02-01T12:59:00", limits=one) == "CHSQ001E"
    assert ask(house, at="2027-02-01T13:00:00", limits=one) == ""


def test_the_limits_outlive_the_process(house: House) -> None:
    one = Limits(per_hour=1, reveals_per_hour=0)
    assert ask(house, limits=one) == ""
    house.reopen()
    assert ask(house, limits=one) == "CHSQ001E"


def test_what_is_about_to_be_shown_is_on_record(house: House) -> None:
    key = house.keys.journal_column_key()
    private = {**PRIVATE, "role": "02", "payment": "0001"}
    house.store.inquiries.shown(SHOW, "CHOSHO.STATEMENT.K310.G0001V00", private, at=NOON, key=key)
    row = last(house)
    assert row.kind == "inquiry.shown"
    assert row.fields == {
        "dsn": "CHOSHO.STATEMENT.K310.G0001V00",
        "right": REVEAL,
        "reveal": True,
        "case": "CASE-1",
    }
    assert house.store.journal.private(row.seq, key) == private
