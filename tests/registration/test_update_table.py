"""The table of the update: one test per cell, and the table's own soundness."""

from itertools import product

import numpy as np
import pytest

from chosho.copybook import load
from chosho.registration import update_table as table
from tests.registration.updates import BEFORE, NUMBER, OTHER_NUMBER, Updated, request, row

OLDEST = row(OTHER_NUMBER, "001", "2")
MASTERS = {
    "no row": [],
    "0": [OLDEST, row("", "002", "0", REASON_CODE="01")],
    "1": [OLDEST, row(NUMBER, "002", "1")],
    "2": [OLDEST, row(NUMBER, "002", "2")],
    "9": [row("", "002", "9")],
}
"""State of the newest row → a person's rows."""
AS_IT_STANDS = {"ACCEPTED_AT": BEFORE + "090000"}
"""A request that was accepted on the day on which the row was registered."""
REQUESTS = {
    ("1", "same"): request("1", NUMBER),
    ("1", "other"): request("1", OTHER_NUMBER),
    ("1", "nothing"): request("1"),
    ("2", "same"): request("2", NUMBER, **AS_IT_STANDS),
    ("2", "other"): request("2", OTHER_NUMBER),
    ("2", "nothing"): request("2"),
    ("3", "any"): request("3"),
    ("4", "same"): request("4", REASON_CODE="01", **AS_IT_STANDS),
    ("4", "other"): request("4", REASON_CODE="02"),
    ("7", "any"): request("7", NUMBER),
}
EXPECTED = {
    ("1", "same"): ("registered", "registered", "unchanged", "registered", "registered"),
    ("1", "other"): ("registered", "registered", "changed", "registered", "registered"),
    ("1", "nothing"): ("rejected.NONE",) * 5,
    ("2", "same"): ("rejected.NREG", "rejected.NREG", "unchanged", "rejected.NREG", "rejected.NREG"),
    ("2", "other"): ("rejected.NREG", "rejected.NREG", "corrected", "rejected.NREG", "rejected.NREG"),
    ("2", "nothing"): ("rejected.NONE",) * 5,
    ("3", "any"): ("rejected.NHLD", "rejected.NHLD", "cancelled", "rejected.NHLD", "rejected.NHLD"),
    ("4", "same"): ("not_obtained", "unchanged", "rejected.HELD", "not_obtained", "not_obtained"),
    ("4", "other"): ("not_obtained", "not_obtained", "rejected.HELD", "not_obtained", "not_obtained"),
    ("7", "any"): ("rejected.KIND",) * 5,
}
"""Kind and content of a request → its outcome by the state of the newest row, in the order of :data:`MASTERS`."""
CELLS = [
    pytest.param(state, REQUESTS[asked], outcome, id=f"{asked[0]}-{asked[1]}-{state}")
    for asked, outcomes in EXPECTED.items()
    for state, outcome in zip(MASTERS, outcomes, strict=True)
]


@pytest.mark.parametrize(("state", "asked", "outcome"), CELLS)
def test_a_cell_of_the_table(state, asked, outcome):
    done = Updated([asked], MASTERS[state])
    assert done.outcomes == [outcome]
    assert (len(done.rejects), done.counts["rejected"]) == ((1, 1) if "rejected" in outcome else (0, 0))
    if outcome.startswith(("rejected", "unchanged")):
        assert (done.block == Updated([], MASTERS[state]).block).all()


def test_every_combination_has_exactly_one_row():
    cells = [(one.kind, *cell) for one in table.TABLE for cell in product(one.states, one.contents)]
    assert len(cells) == len(set(cells)) == 5 * 5 * 3
    assert table.tables().actions.shape == (5, 5, 3)


def test_two_rows_for_one_combination_are_refused(monkeypatch):
    monkeypatch.setattr(table, "TABLE", (*table.TABLE, table.TABLE[0]))
    with pytest.raises(ValueError, match="two rows"):
        table.tables.__wrapped__()


def test_a_combination_without_a_row_is_refused(monkeypatch):
    monkeypatch.setattr(table, "TABLE", table.TABLE[1:])
    with pytest.raises(ValueError, match="no row"):
        table.tables.__wrapped__()


def test_every_row_says_what_it_means_and_every_action_is_used():
    assert all(one.meaning for one in table.TABLE)
    used = {one.action for one in table.TABLE} | {table.REJECT_USED_UP}
    assert used == set(table.ACTIONS)
    assert len(set(table.ACTIONS)) == len(table.ACTIONS) < 64, "an action is a bit of a table of int64"


def test_an_item_fits_where_it_goes():
    request_layout, master = load("REGTRAN"), load("NUMMAST")
    for item in table.ITEMS:
        length = item.length or master[item.target].length
        assert length == master[item.target].length
        if item.source:
            assert length == (item.length or request_layout[item.source].length)


def test_person_and_registration_number_stand_first_in_both_records():
    for name in ("POLICY-NO", "ROLE-CODE", "PAYEE-NO"):
        assert load("REGTRAN")[name].offset == load("NUMMAST")[name].offset
    assert load("NUMMAST")["REGISTRATION-NO"].offset == 15


def test_an_unknown_state_is_taken_as_changed():
    for asked, outcome in (("1", "registered"), ("2", "rejected.NREG"), ("3", "rejected.NHLD")):
        assert Updated([request(asked, NUMBER)], [row(NUMBER, state="7")]).outcomes == [outcome]


def test_the_death_of_a_person_changes_nothing():
    """There is no such input: no kind of request, no state and no item says that somebody has died; the number stays."""
    assert set(table.KINDS.values()) == {"登録", "修正", "削除", "未取得"}
    assert {one.kind for one in table.TABLE} == {*table.KINDS.values(), ""}
    names = {*load("REGTRAN").named(), *load("NUMMAST").named()}
    assert not [name for name in names if "DEATH" in name or "DECEASED" in name]
    held = [row(NUMBER)]
    assert (Updated([], held).block == Updated([request("9")], held).block).all()


def test_the_tables_are_those_of_the_kernel():
    made = table.tables()
    assert made.template.tobytes().decode().strip() == table.HELD_REASON
    assert made.effects.shape == (len(table.ACTIONS), 4)
    assert set(np.unique(made.state_of)) == set(range(1, 5))
    assert made.kind_of[ord("3")] == 3
