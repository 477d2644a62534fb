"""Permissions: who, when, over which digest; each rule with its refusal."""

import pytest

from chosho.control.approvals import Approval, ApprovalState
from chosho.errors import InputRefused, StopLine
from tests.control.conftest import House

ACT = "disc.duplicate"
DIGEST = "ab" * 32
OTHER = "cd" * 32
ASKED, GIVEN, DONE, UNTIL = (
    "2027-01-28T09:00:00+09:00",
    "2027-01-28T10:00:00+09:00",
    "2027-01-28T11:00:00+09:00",
    "2027-01-29T09:00:00+09:00",
)
LATE = "2027-01-29T00:00:01+00:00"
"""One second after UNTIL, in another zone."""


def asked(house: House, **other: str) -> Approval:
    words = {"act": ACT, "subject": "S20270129_11V01", "digest": DIGEST, "person": "P1", "reason": "副本"}
    words |= {"expires_at": UNTIL, "who": "P1", "at": ASKED} | other
    return house.store.approvals.request(**words)


def given(house: House, **other: str) -> Approval:
    made = asked(house)
    words = {"reason": "提出に要る", "who": "P2", "at": GIVEN} | other
    return house.store.approvals.approve(made.id, words.pop("digest", DIGEST), **words)


def used(house: House, approval: str, **other: str) -> Approval:
    words = {"act": ACT, "digest": DIGEST, "who": "P1", "witness": "P3", "at": DONE} | other
    return house.store.approvals.use(approval, **words)


def test_it_is_asked_for_given_and_used_once(house: House) -> None:
    made = given(house)
    done = used(house, made.id)
    assert (done.state, done.requested_by, done.approved_by, done.witness) == (
        ApprovalState.USED,
        "P1",
        "P2",
        "P3",
    )
    assert (done.requested_at, done.approved_at, done.used_at) == (ASKED, GIVEN, DONE)
    assert (done.digest, done.approval_reason) == (DIGEST, "提出に要る")
    assert house.store.approvals.all() == (done,)
    rows = [(row.kind, row.who, row.fields.get("digest")) for row in house.store.journal.rows()]
    assert rows[-3:] == [
        ("approval.requested", "P1", DIGEST),
        ("approval.given", "P2", DIGEST),
        ("approval.used", "P1", DIGEST),
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"who": "P1"}, "CHSJ082E"),
        ({"digest": OTHER}, "CHSJ084E"),
        ({"at": LATE}, "CHSJ083E"),
    ],
)
def test_what_cannot_be_approved(house: House, words: dict[str, str], message: str) -> None:
    with pytest.raises(InputRefused, match=message):
        given(house, **words)
    assert house.store.approvals.all()[0].state is ApprovalState.REQUESTED


def test_who_is_to_do_it_cannot_approve_what_another_asked_for(house: House) -> None:
    made = asked(house, who="P9")
    with pytest.raises(InputRefused, match="CHSJ082E"):
        house.store.approvals.approve(made.id, DIGEST, reason="r", who="P1", at=GIVEN)
    with pytest.raises(InputRefused, match="CHSJ082E"):
        house.store.approvals.approve(made.id, DIGEST, reason="r", who="P9", at=GIVEN)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"digest": OTHER}, "CHSJ084E"),
        ({"at": LATE}, "CHSJ083E"),
        ({"who": "P4"}, "CHSJ085E"),
        ({"act": "number.delete"}, "CHSJ080E"),
        ({"witness": "P1"}, "CHSJ086E"),
        ({"witness": "P2"}, "CHSJ086E"),
        ({"witness": " "}, "CHSJ086E"),
    ],
)
def test_what_cannot_be_used(house: House, words: dict[str, str], message: str) -> None:
    made = given(house)
    before = house.store.journal.head()
    with pytest.raises(InputRefused, match=message):
        used(house, made.id, **words)
    assert house.store.approvals.get(made.id).state is ApprovalState.APPROVED
    assert house.store.journal.head() == before


def test_neither_use_nor_approval_can_be_done_again(house: House) -> None:
    made = given(house)
    with pytest.raises(InputRefused, match="CHSJ081E"):
        house.store.approvals.approve(made.id, DIGEST, reason="r", who="P5", at=GIVEN)
    used(house, made.id)
    with pytest.raises(InputRefused, match="CHSJ081E"):
        used(house, made.id)


def test_one_that_nobody_approved_cannot_be_used(house: House) -> None:
    with pytest.raises(InputRefused, match="CHSJ081E"):
        used(house, asked(house).id)


def test_one_that_nobody_asked_for_is_none(house: House) -> None:
    with pytest.raises(InputRefused, match="CHSJ080E"):
        used(house, "PERMIT.20270128.0009")


def test_one_that_would_have_expired_already_is_refused(house: House) -> None:
    with pytest.raises(InputRefused, match="CHSJ083E"):
        asked(house, expires_at=ASKED)


def test_each_has_an_id_of_its_own(house: House) -> None:
    assert [asked(house).id for _ in range(3)] == [f"PERMIT.20270128.{number:04d}" for number in (1, 2, 3)]


@pytest.mark.parametrize(
    "change",
    [
        "state = 'approved', approved_by = requested_by, approved_at = 'x'",
        "state = 'approved'",
        "state = 'used', approved_by = 'P2', used_at = 'x', witness = person",
    ],
)
def test_the_table_itself_refuses_what_the_rules_refuse(house: House, change: str) -> None:
    asked(house)
    with pytest.raises(StopLine, match="CHSJ004S"):
        house.store._database.change(f"UPDATE approvals SET {change}")  # noqa: S608 - words of this test
