"""Custody of the keys: each act asks its right first, and is on record."""

from collections.abc import Callable
from pathlib import Path

import pytest

from chosho.control import custody
from chosho.control.custody import Custody
from chosho.control.generations import Generations
from chosho.errors import InputRefused, StopLine
from chosho.vault.keys import KeyState, KeyStore
from tests.control.conftest import AT, House
from tests.rights import withhold
from tests.vault.recoverable import Recoverable, recoverable


def of(house: House) -> Custody:
    return Custody(house.keys, house.store.journal, who="tester", at=AT)


NOBODYS: Generations = None  # type: ignore[assignment]  # never looked at: the right is asked first


def recorded(house: House) -> list[tuple[str, dict[str, object]]]:
    return [(row.kind, dict(row.fields)) for row in house.store.journal.rows() if row.kind != "store.create"]


def test_a_rotation_is_on_record_and_its_head_in_the_key_folder(house: House) -> None:
    assert of(house).rotate() == 2
    assert recorded(house) == [("keys.rotated", {"key": "master-000002"})]
    (head,) = [row.seq for row in house.store.journal.rows() if row.kind == "keys.rotated"]
    assert f'"seq":{head}' in (house.keys.heads / "latest.json").read_text().replace(" ", "")


def test_a_recipient_is_made_and_retired_on_record(house: House) -> None:
    made = of(house).new_recipient()
    of(house).retire_recipient("recipient-000001", waiting=0)
    assert recorded(house) == [
        ("recipient.made", {"key": made.id}),
        ("recipient.retired", {"key": "recipient-000001"}),
    ]
    assert [one.live for one in house.keys.recipients()] == [False, True]


def test_what_is_refused_is_not_recorded(house: House) -> None:
    for recipient, message in (("recipient-000001", "CHSK025E"), ("recipient-000009", "CHSK024E")):
        with pytest.raises(InputRefused, match=message):
            of(house).retire_recipient(recipient, waiting=0)
    of_old = house.keys.new_recipient()
    with pytest.raises(InputRefused, match="CHSK026E"):
        of(house).retire_recipient("recipient-000001", waiting=1)
    assert [one.id for one in house.keys.recipients() if one.live] == ["recipient-000001", of_old.id]
    with pytest.raises(InputRefused, match="CHSK009E"):
        of(house).show_passphrase("recipient-000001", "curious")
    assert recorded(house) == []


@pytest.mark.parametrize(
    ("right", "act"),
    [
        (custody.ROTATE, lambda one: one.rotate()),
        (custody.RECIPIENT, lambda one: one.new_recipient()),
        (custody.RECIPIENT, lambda one: one.retire_recipient("recipient-000001", waiting=0)),
        (custody.RECOVERY, lambda one: one.set_recovery([("A", "a"), ("B", "b")], Path("t"), Path("b"))),
        (custody.BACKUP, lambda one: one.back_up()),
        (custody.DESTROY, lambda one: one.destroy(["C1"], "left over", NOBODYS)),
        (custody.PASSPHRASE, lambda one: one.show_passphrase("P1", "handing over")),
        (custody.PASSPHRASE, lambda one: one.use_passphrase("P1", "media verify")),
    ],
)
def test_without_its_right_an_act_changes_and_shows_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, right: str, act: Callable[[Custody], object]
) -> None:
    house.keys.put_password("P1", "secret")
    house.keys.new_cohort("C1", "CHOSHO.TEST")
    house.keys.new_recipient()
    before = (house.keys.folder / "table.json").read_bytes()
    withhold(monkeypatch, right)
    with pytest.raises(InputRefused, match="CHSJ040E"):
        act(of(house))
    assert (house.keys.folder / "table.json").read_bytes() == before
    assert recorded(house) == [("access.refused", {"right": right})]


def test_recovery_and_backups_are_on_record(house: House, tmp_path: Path) -> None:
    of_vault = recoverable(house.keys, tmp_path)
    found = house.keys.recovery()
    assert of(house).set_recovery(found.holders, tmp_path / "t2", of_vault.backups) == 3
    version, data = of(house).back_up()
    assert (version, of_vault.newest.read_bytes()) == (3, data)
    assert recorded(house) == [
        ("keys.recovery", {"key": "master-000003", "holders": "Holder A / Holder B"}),
        ("keys.backup", {"key": "master-000003", "bytes": len(data)}),
    ]


def test_keys_are_recovered_by_right_only(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_vault = recoverable(house.keys, tmp_path)
    backup = of_vault.open(of_vault.newest)
    new = KeyStore(tmp_path / "new")
    withhold(monkeypatch, custody.RECOVERY)
    with pytest.raises(InputRefused, match="CHSJ040E"):
        custody.recover(new, backup, who="tester")
    assert not new.folder.exists()


def test_a_cohort_is_destroyed_by_hand_with_its_older_backups_and_on_record(
    house: House, tmp_path: Path
) -> None:
    house.keys.new_cohort("C1", "CHOSHO.TEST")
    of_vault: Recoverable = recoverable(house.keys, tmp_path)
    old = tmp_path / "old.age"
    old.write_bytes(of_vault.newest.read_bytes())
    generations = house.store.generations
    assert of(house).destroy(["C1"], " left by a test ", generations) == 3
    assert house.keys.cohort_state("C1") is KeyState.DESTROYED
    with pytest.raises(StopLine, match="CHSK061S"):
        of_vault.open(old)
    fields = {"cohorts": "C1", "master": 3, "reason": "left by a test"}
    assert recorded(house) == [("keys.destroyed", fields)]
    # Killed before it was on record, the same call records it.
    assert of(house).destroy(["C1"], "again", generations) == 4
    assert [kind for kind, _ in recorded(house)] == ["keys.destroyed"] * 2


def test_what_is_in_use_or_unknown_or_without_a_reason_is_not_destroyed(house: House) -> None:
    run = house.begin()
    house.publish(run, "S1", 1, "f1")
    house.store.runs.step_begin(run.id, "S2", at=AT)
    house.intend(run, "S2", None, "f2", dsn="CHOSHO.WORK")
    visible, writing = f"CHOSHO.TEST.{run.id}", f"CHOSHO.WORK.{run.id}"
    for cohort in (visible, writing, "FREE"):
        house.keys.new_cohort(cohort, "CHOSHO.TEST")
    generations = house.store.generations
    for ids, reason, message in (
        (["FREE", visible], "tidying", "CHSK072E"),
        (["FREE", writing], "tidying", "CHSK072E"),
        (["FREE", "NEVER"], "tidying", "CHSK074E"),
        (["FREE"], " ", "CHSJ041E"),
        (["FREE"], "number 123456789012", "CHSJ042E"),
    ):
        with pytest.raises((InputRefused, StopLine), match=message):
            of(house).destroy(ids, reason, generations)
    assert {house.keys.cohort_state(name) for name in (visible, writing, "FREE")} == {KeyState.LIVE}
    assert "keys.destroyed" not in [kind for kind, _ in recorded(house)]
