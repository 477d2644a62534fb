"""The inbox register: a number is taken once, a refused file is judged again, what a closed run took comes back."""

from datetime import date

import pytest

from chosho.control.inbox import DeliveryState, Judgement
from chosho.errors import InputRefused, StopLine
from tests.control.conftest import AT, House

DSN = "CHOSHO.INBOX.COUNTER"
WHO = "tester"
DAY = date(2027, 1, 12)


def judgement(number: int | None = 1, name: str = "a", sha256: str = "aa", reason: str = "") -> Judgement:
    return Judgement(
        dsn=DSN,
        name=name,
        path=f"inbox/counter/{name}",
        sha256=sha256,
        reason=reason,
        file_no=number,
        file_date=date(2027, 1, 12),
        records=3,
    )


def judge(house: House, run: str, one: Judgement) -> None:
    house.store.inbox.judge(one, run=run, step="S110", business_date=DAY, at=AT, who=WHO)


def test_the_next_number_follows_the_last_that_was_taken(house: House) -> None:
    run = house.begin().id
    assert house.store.inbox.next_no(DSN) == 1
    judge(house, run, judgement(1))
    judge(house, run, judgement(2, "b", "bb"))
    judge(house, run, judgement(7, "c", "cc", "FSEQ"))
    assert house.store.inbox.next_no(DSN) == 3
    assert house.store.inbox.next_no("CHOSHO.INBOX.MAIL") == 1


def test_a_run_that_is_redone_takes_the_same_file_again(house: House) -> None:
    run = house.begin().id
    judge(house, run, judgement())
    inbox = house.store.inbox
    assert inbox.next_no(DSN, run=run) == 1
    assert inbox.gone(DSN, run=run) == set()
    assert inbox.gone(DSN, run="ANOTHER") == {("inbox/counter/a", "aa")}
    assert (inbox.twins(DSN, run=run), inbox.twins(DSN, run="ANOTHER")) == ({}, {"aa": "a"})
    judge(house, run, judgement())
    assert len(inbox.all()) == 1


def test_a_number_is_taken_once(house: House) -> None:
    run = house.begin().id
    judge(house, run, judgement())
    with pytest.raises(StopLine, match="CHSJ004S"):
        judge(house, run, judgement(1, "b", "bb"))


def test_a_refused_file_is_judged_again_until_it_is_taken(house: House) -> None:
    run = house.begin().id
    judge(house, run, judgement(2, reason="FSEQ"))
    assert house.store.inbox.gone(DSN, run="ANOTHER") == set()
    judge(house, run, judgement(2))
    (one,) = house.store.inbox.all()
    assert (one.state, one.reason, one.file_no) == (DeliveryState.TAKEN, "", 2)
    kinds = [row.kind for row in house.store.journal.rows() if row.kind.startswith("inbox.")]
    assert kinds == ["inbox.refused", "inbox.taken"]


def test_only_a_refused_file_can_be_discarded(house: House) -> None:
    run = house.begin().id
    judge(house, run, judgement(reason="FTRL"))
    (one,) = house.store.inbox.all()
    house.store.inbox.discard(one.id, reason="sent again", at=AT, who=WHO)
    assert house.store.inbox.gone(DSN, run=run) == {("inbox/counter/a", "aa")}
    with pytest.raises(InputRefused, match="CHSJ060E"):
        house.store.inbox.discard(one.id, reason="again", at=AT, who=WHO)


def states(house: House) -> list[tuple[str, str, str]]:
    return [(one.sha256, str(one.state), one.reason) for one in house.store.inbox.all()]


def test_a_refused_file_is_closed_on_record_when_another_of_its_name_is_taken(house: House) -> None:
    run = house.begin().id
    judge(house, run, judgement(None, reason="FTRL"))
    judge(house, run, judgement(None, sha256="bb", reason="FCNT"))
    assert [state for _, state, _ in states(house)] == ["refused", "refused"]  # what lies there is still bad
    judge(house, run, judgement(1, sha256="cc"))
    assert states(house) == [("aa", "replaced", "FTRL"), ("bb", "replaced", "FCNT"), ("cc", "taken", "")]
    rows = [dict(row.fields) for row in house.store.journal.rows() if row.kind == "inbox.replaced"]
    assert [(row["file"], row["reason"], row["number"]) for row in rows] == [
        ("a", "FTRL", 1),
        ("a", "FCNT", 1),
    ]
    judge(house, run, judgement(1, sha256="cc"))  # the run is redone
    assert len([row for row in house.store.journal.rows() if row.kind == "inbox.replaced"]) == 2


def test_only_a_file_of_the_same_inbox_and_name_that_was_refused_is_replaced(house: House) -> None:
    run = house.begin().id
    judge(house, run, judgement(None, "b", "bb", reason="FTRL"))
    judge(house, run, judgement(None, "a", "aa", reason="FTRL"))
    (_, one) = house.store.inbox.all()
    house.store.inbox.discard(one.id, reason="sent again", at=AT, who=WHO)
    judge(house, run, judgement(1, "a", "cc"))
    assert [state for _, state, _ in states(house)] == ["refused", "discarded", "taken"]
    assert house.store.inbox.gone(DSN, run="ANOTHER")["inbox/counter/a"] == "cc"


def test_a_replaced_file_that_comes_again_is_judged_again(house: House) -> None:
    run = house.begin().id
    judge(house, run, judgement(None, reason="FTRL"))
    judge(house, run, judgement(1, sha256="cc"))
    assert house.store.inbox.gone(DSN, run="ANOTHER") == {"inbox/counter/a": "cc"}
    later = house.begin(day=13).id
    judge(house, later, judgement(None, reason="FTRL"))
    assert [state for _, state, _ in states(house)] == ["replaced", "taken", "refused"]


def test_the_number_of_an_erased_file_stays_taken(house: House) -> None:
    run = house.begin().id
    judge(house, run, judgement())
    (one,) = house.store.inbox.all()
    house.store.inbox.give_up(one.id)
    house.store.inbox.mark_erased(one.id, at=AT, who=WHO)
    house.store.inbox.mark_erased(one.id, at=AT, who=WHO)
    assert house.store.inbox.next_no(DSN, run=run) == 2
    assert [row.kind for row in house.store.journal.rows()].count("inbox.erased") == 1


def test_a_file_that_comes_again_after_it_was_erased_is_shown_and_its_number_stays_taken(
    house: House,
) -> None:
    """The same bytes under the same name: refused as doubled, the row of the first one is not touched."""
    run = house.begin().id
    judge(house, run, judgement())
    (one,) = house.store.inbox.all()
    house.store.inbox.give_up(one.id)
    house.store.inbox.mark_erased(one.id, at=AT, who=WHO)
    later = house.begin(day=13).id
    assert house.store.inbox.gone(DSN, run=later) == set()
    assert house.store.inbox.twins(DSN, run=later) == {"aa": "a"}
    judge(house, later, judgement(None, reason="FDUP"))
    assert [str(row.state) for row in house.store.inbox.all()] == ["erased", "refused"]
    assert house.store.inbox.next_no(DSN, run=later) == 2


def test_what_a_closed_run_took_comes_back(house: House) -> None:
    run = house.begin().id
    judge(house, run, judgement())
    house.store.runs.close(run, reason="given up", at=AT, who=WHO)
    assert house.store.inbox.put_back(run, after=0, at=AT, who=WHO) == 1
    assert house.store.inbox.gone(DSN, run="ANOTHER") == set()
    assert house.store.inbox.next_no(DSN) == 1
    with pytest.raises(InputRefused, match="CHSJ024E"):
        house.store.runs.close(run, reason="again", at=AT, who=WHO)
