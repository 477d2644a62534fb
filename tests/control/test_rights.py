"""Rights: everything is allowed today, and a narrower table is obeyed."""

import re
from pathlib import Path

import pytest

from chosho.control import custody, inbox, pf, reports
from chosho.control.custody import Custody
from chosho.control.rights import EVERYBODY, REFUSED, check
from chosho.errors import InputRefused
from tests.control.conftest import AT, House
from tests.rights import withhold

SOURCE = Path(__file__).resolve().parents[2] / "src" / "chosho"


def test_the_table_of_today_allows_everything() -> None:
    check("anybody", "master.use")


def test_a_narrower_table_is_obeyed() -> None:
    table = {
        "tanaka": frozenset({"master.use"}),
        EVERYBODY: frozenset({"media.use"}),
        "root": frozenset({EVERYBODY}),
    }
    check("tanaka", "master.use", table)
    check("tanaka", "media.use", table)
    check("root", "payment.use", table)
    with pytest.raises(InputRefused, match="CHSJ040E"):
        check("suzuki", "master.use", table)


def test_every_refusal_of_a_library_call_is_on_record(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    store, keys = house.store, Custody(house.keys, house.store.journal, who="suzuki", at=AT)
    day = house.begin().business_date
    acts = [
        (pf.USE, lambda: list(store.pf.open_keys("suzuki", at=AT))),
        (pf.APPROVE, lambda: store.pf.approve("I", who="suzuki", reason="r", at=AT)),
        (inbox.USE, lambda: store.inbox.shown("suzuki", at=AT)),
        (inbox.DISCARD, lambda: store.inbox.discard(1, reason="r", at=AT, who="suzuki")),
        (reports.USE, lambda: store.reports.unsigned(day, who="suzuki", at=AT)),
        (custody.ROTATE, keys.rotate),
        (custody.PASSPHRASE, lambda: keys.show_passphrase("PW", "r")),
    ]
    withhold(monkeypatch, *(right for right, _ in acts))
    for _, act in acts:
        with pytest.raises(InputRefused) as raised:
            act()
        assert raised.value.return_code == 12
    rows = [(row.who, row.at, row.fields) for row in store.journal.rows(kinds=(REFUSED,))]
    assert rows == [("suzuki", AT, {"right": right}) for right, _ in acts]
    assert store.journal.verify() == ()


def test_a_refusal_stays_on_record_when_the_transaction_around_it_is_undone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    withhold(monkeypatch, inbox.USE)

    def act() -> None:
        with house.store.transaction(), house.store.transaction():
            house.store.journal.append("undone", "suzuki", at=AT)
            house.store.inbox.shown("suzuki", at=AT)

    with pytest.raises(InputRefused):
        act()
    assert [row.kind for row in house.store.journal.rows()] == ["store.create", REFUSED]
    # Who catches the refusal goes on, and it is recorded behind what was done.
    with house.store.transaction():
        with pytest.raises(InputRefused):
            house.store.inbox.shown("suzuki", at=AT)
        house.store.journal.append("done", "suzuki", at=AT)
    assert [row.kind for row in house.store.journal.rows(start=3)] == ["done", REFUSED]
    assert house.store.journal.verify() == ()


def test_no_right_is_asked_off_the_record_where_there_is_a_journal() -> None:
    """A restore and a recovery have no journal yet, a disc may be made without one; an inquiry enters its own refusals."""
    asking = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if re.search(r"\brights\.check\(|rights import .*\bcheck\b", path.read_text(encoding="utf-8"))
    }
    assert asking == {
        "cli/stores.py",
        "control/custody.py",
        "control/inquiries.py",
        "dataset/restore.py",
    }
