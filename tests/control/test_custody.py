"""Custody of the keys: each act asks its right first, and is on record."""

from collections.abc import Callable

import pytest

from chosho.control import custody
from chosho.control.custody import Custody
from chosho.errors import InputRefused
from tests.control.conftest import AT, House
from tests.rights import withhold


def of(house: House) -> Custody:
    return Custody(house.keys, house.store.journal, who="tester", at=AT)


def recorded(house: House) -> list[tuple[str, dict[str, object]]]:
    return [(row.kind, dict(row.fields)) for row in house.store.journal.rows() if row.kind != "store.create"]


def test_a_rotation_is_on_record_and_its_head_in_the_key_folder(house: House) -> None:
    assert of(house).rotate() == 2
    assert recorded(house) == [("keys.rotated", {"key": "master-000002"})]
    (head,) = [row.seq for row in house.store.journal.rows() if row.kind == "keys.rotated"]
    assert f'"seq":{head}' in (house.keys.heads / "latest.json").read_text().replace(" ", "")


def test_a_recipient_is_made_and_retired_on_record(house: House) -> None:
    made = of(house).new_recipient()
    of(house).retire_recipient("recipient-000001")
    assert recorded(house) == [
        ("recipient.made", {"key": made.id}),
        ("recipient.retired", {"key": "recipient-000001"}),
    ]
    assert [one.live for one in house.keys.recipients()] == [False, True]


def test_what_is_refused_is_not_recorded(house: House) -> None:
    for recipient, message in (("recipient-000001", "CHSK025E"), ("recipient-000009", "CHSK024E")):
        with pytest.raises(InputRefused, match=message):
            of(house).retire_recipient(recipient)
    with pytest.raises(InputRefused, match="CHSK009E"):
        of(house).show_passphrase("recipient-000001", "curious")
    assert recorded(house) == []


@pytest.mark.parametrize(
    ("right", "act"),
    [
        (custody.ROTATE, lambda one: one.rotate()),
        (custody.RECIPIENT, lambda one: one.new_recipient()),
        (custody.RECIPIENT, lambda one: one.retire_recipient("recipient-000001")),
        (custody.PASSPHRASE, lambda one: one.show_passphrase("P1", "handing over")),
        (custody.PASSPHRASE, lambda one: one.use_passphrase("P1", "media verify")),
    ],
)
def test_without_its_right_an_act_changes_and_shows_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, right: str, act: Callable[[Custody], object]
) -> None:
    house.keys.put_password("P1", "secret")
    house.keys.new_recipient()
    before = (house.keys.folder / "table.json").read_bytes()
    withhold(monkeypatch, right)
    with pytest.raises(InputRefused, match="CHSJ040E"):
        act(of(house))
    assert (house.keys.folder / "table.json").read_bytes() == before
    assert recorded(house) == [("access.refused", {"right": right})]
