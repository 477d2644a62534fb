"""What a request does to a person's registrations (更新表): the table of the update, and what each action writes.

One row of :data:`TABLE` says what becomes of a request of one kind (請求区分) when the person's newest registration is in one of
the states named and the request, beside it, brings one of the contents named. Every combination has exactly one row. An
:class:`Action` says what then happens to the rows of the number master, :data:`ITEMS` which bytes it writes.

Nothing here knows of a person's death: there is no such request, and the number of a dead person is kept like any other.
"""

import functools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chosho.codec import update_kernel as kernel
from chosho.copybook import load
from chosho.registration.request import CORRECTION, DELETION, KINDS, NOT_OBTAINED, REGISTRATION

NO_ROW, NOT_HELD, HELD, CHANGED, CANCELLED = "no row", "0", "1", "2", "9"
"""The person has no row, or the 個人番号等取得状態コード of the newest one; an unknown state is taken as changed."""
STATES = (NO_ROW, NOT_HELD, HELD, CHANGED, CANCELLED)
NOTHING, SAME, OTHER = kernel.NOTHING, kernel.SAME, kernel.OTHER
"""A 登録 or 修正 without a number · what it brings is what the newest row has (登録: both numbers; 修正 and 未取得: all that
would be written) · something else."""
CONTENTS = (NOTHING, SAME, OTHER)
_UNKNOWN_KIND = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """What is done.

    Attributes:
        outcome: the count that the request adds to.
        reason: why it is rejected.
        field: the field of the request that a rejected one fails on.
        adds: a row with the next 個人番号等登録通番 is put behind the newest one; earlier rows stay as history.
        before: the state that the newest row gets before that.
        state: the state that the newest row has afterwards; empty leaves it.
        drops: the person's rows but the newest are dropped: they hold numbers.
        holds: the number that the request brings is held afterwards.
    """

    outcome: str
    reason: str = ""
    field: str = ""
    adds: bool = False
    before: str = ""
    state: str = ""
    drops: bool = False
    holds: bool = False


REGISTER = Action(outcome="registered", adds=True, state=HELD, holds=True)
CHANGE = Action(outcome="changed", adds=True, before=CHANGED, state=HELD, holds=True)
CORRECT = Action(outcome="corrected", holds=True)
CANCEL = Action(outcome="cancelled", state=CANCELLED, drops=True)
ADD_REASON = Action(outcome="not_obtained", adds=True, state=NOT_HELD)
SET_REASON = Action(outcome="not_obtained")
KEEP_NUMBER = Action(outcome="unchanged", holds=True)
KEEP_REASON = Action(outcome="unchanged")
REJECT_NOT_REGISTERED = Action(outcome="rejected", reason="NREG", field="REQUEST-KIND")
REJECT_NOT_HELD = Action(outcome="rejected", reason="NHLD", field="REQUEST-KIND")
REJECT_HELD = Action(outcome="rejected", reason="HELD", field="REQUEST-KIND")
REJECT_USED_UP = Action(outcome="rejected", reason="RGNO", field="REGISTRATION-NO")
REJECT_NO_NUMBER = Action(outcome="rejected", reason="NONE", field="INDIVIDUAL-NO")
REJECT_KIND = Action(outcome="rejected", reason="KIND", field="REQUEST-KIND")

ACTIONS = (
    REGISTER, CHANGE, CORRECT, CANCEL, ADD_REASON, SET_REASON, KEEP_NUMBER, KEEP_REASON,
    REJECT_NOT_REGISTERED, REJECT_NOT_HELD, REJECT_HELD, REJECT_USED_UP, REJECT_NO_NUMBER, REJECT_KIND,
)  # fmt: skip
"""The actions by their numbers. :data:`REJECT_USED_UP` is in no row of the table: it comes instead of an action that adds a row
when 登録通番 would exceed 999."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row of the table: kind of request, states of the newest registration, contents → action, and what it means."""

    kind: str
    states: tuple[str, ...]
    contents: tuple[int, ...]
    action: Action
    meaning: str


TABLE = (
    Row(
        kind=REGISTRATION,
        states=(NO_ROW,),
        contents=(SAME, OTHER),
        action=REGISTER,
        meaning="first registration of the person, number 001",
    ),
    Row(
        kind=REGISTRATION,
        states=(NOT_HELD, CHANGED, CANCELLED),
        contents=(SAME, OTHER),
        action=REGISTER,
        meaning="no number was held: a new registration, the earlier ones stay as history",
    ),
    Row(
        kind=REGISTRATION,
        states=(HELD,),
        contents=(SAME,),
        action=KEEP_NUMBER,
        meaning="the number that is held already: nothing is written",
    ),
    Row(
        kind=REGISTRATION,
        states=(HELD,),
        contents=(OTHER,),
        action=CHANGE,
        meaning="change of number: the newest wins, the older one stays as history",
    ),
    Row(
        kind=REGISTRATION,
        states=STATES,
        contents=(NOTHING,),
        action=REJECT_NO_NUMBER,
        meaning="nothing to register; the intake lets none through",
    ),
    Row(
        kind=CORRECTION,
        states=(HELD,),
        contents=(OTHER,),
        action=CORRECT,
        meaning="a wrong entry is replaced in its row: no history of a wrong number",
    ),
    Row(
        kind=CORRECTION,
        states=(HELD,),
        contents=(SAME,),
        action=KEEP_NUMBER,
        meaning="the entry says so already: nothing is written",
    ),
    Row(
        kind=CORRECTION,
        states=(NO_ROW, NOT_HELD, CHANGED, CANCELLED),
        contents=(SAME, OTHER),
        action=REJECT_NOT_REGISTERED,
        meaning="no registration that holds a number, so nothing to correct",
    ),
    Row(
        kind=CORRECTION,
        states=STATES,
        contents=(NOTHING,),
        action=REJECT_NO_NUMBER,
        meaning="nothing to correct it to; the intake lets none through",
    ),
    Row(
        kind=DELETION,
        states=(HELD,),
        contents=CONTENTS,
        action=CANCEL,
        meaning="every number of the person leaves the master; one cancelled row says so",
    ),
    Row(
        kind=DELETION,
        states=(NO_ROW, NOT_HELD, CHANGED, CANCELLED),
        contents=CONTENTS,
        action=REJECT_NOT_HELD,
        meaning="no number is held that could be deleted",
    ),
    Row(
        kind=NOT_OBTAINED,
        states=(NO_ROW, CHANGED, CANCELLED),
        contents=CONTENTS,
        action=ADD_REASON,
        meaning="the person was asked and gave no number: a new row with the reason",
    ),
    Row(
        kind=NOT_OBTAINED,
        states=(NOT_HELD,),
        contents=(NOTHING, OTHER),
        action=SET_REASON,
        meaning="still no number: reason and date of the row are replaced",
    ),
    Row(
        kind=NOT_OBTAINED,
        states=(NOT_HELD,),
        contents=(SAME,),
        action=KEEP_REASON,
        meaning="the row says so already: nothing is written",
    ),
    Row(
        kind=NOT_OBTAINED,
        states=(HELD,),
        contents=CONTENTS,
        action=REJECT_HELD,
        meaning="a number is held; it goes by 削除 only",
    ),
    Row(
        kind=_UNKNOWN_KIND,
        states=STATES,
        contents=CONTENTS,
        action=REJECT_KIND,
        meaning="no kind of request; the intake lets none through",
    ),
)
"""The table (更新表)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """An item of the number master: where it comes from, which actions write it, for which kinds it is part of the content.

    Attributes:
        source: field of REGTRAN; empty: the item becomes spaces.
        target: field of NUMMAST.
        length: bytes taken from the start of the source, when not all.
        written: the actions.
        compared: the kinds.
        number: a number, which counts as not given when it is all zeros.
    """

    source: str
    target: str
    length: int = 0
    written: tuple[Action, ...]
    compared: tuple[str, ...] = ()
    number: bool = False


_HELD_ROW = (REGISTER, CHANGE, CORRECT)
_NEW_TEXT = (*_HELD_ROW, ADD_REASON)
_DATED = (*_NEW_TEXT, SET_REASON, CANCEL)
_NUMBERED = (REGISTRATION, CORRECTION)
_NUMBERS = ("INDIVIDUAL-NO", "CORPORATE-NO")

ITEMS = (
    *(
        Item(source=name, target=name, written=_HELD_ROW, compared=_NUMBERED, number=True)
        for name in _NUMBERS
    ),
    *(Item(source="", target=name, written=(CANCEL,)) for name in _NUMBERS),
    *(
        Item(source=name, target=name, written=_NEW_TEXT, compared=(CORRECTION,))
        for name in ("REGISTRANT-KANA", "OFFICE-NO", "RELATION-CODE")
    ),
    Item(
        source="REASON-CODE",
        target="REASON-CODE",
        written=(ADD_REASON, SET_REASON),
        compared=(NOT_OBTAINED,),
    ),
    # The day on which the request was accepted, so that a night that is done again writes the same.
    Item(
        source="ACCEPTED-AT",
        target="REGISTERED-ON",
        length=8,
        written=_DATED,
        compared=(CORRECTION, NOT_OBTAINED),
    ),
)
"""What is written into the newest row, and what of it makes the content of a request."""
HELD_REASON = "00"
"""個人番号等未取得理由コード of a row that holds a number."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Tables:
    """The tables as the kernel takes them; see :mod:`chosho.codec.update_kernel`."""

    place: npt.NDArray[np.int64]
    kind_of: npt.NDArray[np.uint8]
    state_of: npt.NDArray[np.uint8]
    actions: npt.NDArray[np.uint8]
    effects: npt.NDArray[np.int64]
    items: npt.NDArray[np.int64]
    template: npt.NDArray[np.uint8]


@functools.cache
def tables() -> Tables:
    """Return the kernel's tables, made once.

    Raises:
        ValueError: a combination of kind, state and content has no row, or two.
    """
    request, master = load("REGTRAN"), load("NUMMAST")
    kinds = (_UNKNOWN_KIND, *KINDS.values())
    kind_of, state_of = np.zeros(256, np.uint8), np.full(256, STATES.index(CHANGED), np.uint8)
    for code, kind in KINDS.items():
        kind_of[ord(code)] = kinds.index(kind)
    for state in STATES[1:]:
        state_of[ord(state)] = STATES.index(state)
    cells = np.full((len(kinds), len(STATES), len(CONTENTS)), len(ACTIONS), np.uint8)
    for row in TABLE:
        wanted = np.ix_([kinds.index(row.kind)], [STATES.index(state) for state in row.states], row.contents)
        if (cells[wanted] != len(ACTIONS)).any():
            raise ValueError(f"two rows for {row.kind}: {row.meaning}")
        cells[wanted] = ACTIONS.index(row.action)
    if (cells == len(ACTIONS)).any():
        raise ValueError("a combination of kind, state and content has no row")
    registration = master["REGISTRATION-NO"]
    template = np.full(master.length, ord(" "), np.uint8)
    reason = master["REASON-CODE"]
    template[reason.offset : reason.offset + reason.length] = list(HELD_REASON.encode())
    place = np.zeros(6, np.int64)
    place[kernel.P_PERSON] = registration.offset
    place[kernel.P_KIND] = request["REQUEST-KIND"].offset
    place[kernel.P_STATE] = master["STATE-CODE"].offset
    place[kernel.P_REGISTRATION], place[kernel.P_DIGITS] = registration.offset, registration.length
    place[kernel.P_USED_UP] = ACTIONS.index(REJECT_USED_UP)
    return Tables(
        place=place,
        kind_of=kind_of,
        state_of=state_of,
        actions=cells,
        effects=np.array([_effects(action) for action in ACTIONS], np.int64),
        items=np.array([_item_row(item, kinds) for item in ITEMS], np.int64),
        template=template,
    )


def _effects(action: Action) -> list[int]:
    row = [0] * 4
    row[kernel.E_ADDS], row[kernel.E_DROPS] = int(action.adds), int(action.drops)
    row[kernel.E_BEFORE], row[kernel.E_AFTER] = (
        ord(state or "\0") for state in (action.before, action.state)
    )
    return row


def _item_row(item: Item, kinds: tuple[str, ...]) -> list[int]:
    request, master = load("REGTRAN"), load("NUMMAST")
    row = [0] * 6
    row[kernel.I_SOURCE] = request[item.source].offset if item.source else -1
    row[kernel.I_TARGET] = master[item.target].offset
    row[kernel.I_LENGTH] = item.length or master[item.target].length
    row[kernel.I_WRITTEN] = sum(1 << ACTIONS.index(action) for action in item.written)
    row[kernel.I_COMPARED] = sum(1 << kinds.index(kind) for kind in item.compared)
    row[kernel.I_NUMBER] = int(item.number)
    return row
