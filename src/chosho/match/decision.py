"""Why a number item stays empty (未付定の理由): the decision table of the match.

One row of :data:`TABLE` is one reason, the first row that applies to an item decides; an item to which none applies is filled. A
statement is made whether or not a number is known; a number in doubt is never written (DESIGN §4).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chosho.codec.batch import Block

Mask = npt.NDArray[np.bool_]
"""One truth per item, ``bool[n]``."""

FILLED = "00"
"""The reason of an item that is filled."""
NOT_HELD, HELD, CHANGED, CANCELLED = b"0129"
"""個人番号等取得状態コード."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What is known of n number items.

    Attributes:
        early: the statement carries no number of this person, for 支払事由 or 年分 lie before 2016 (see :mod:`kinds`).
        found: the master has a row for the person; everything below is of the newest (highest 個人番号等登録通番).
        double: that row's key stands twice.
        state: 個人番号等取得状態コード, uint8[n].
        own_reason: the master gives a reason (個人番号等未取得理由コード) of two digits other than 00.
        individual: an individual number is given.
        corporate: a corporate number is given.
        company: the person is a company by the contract system's word.
        person: the person is an individual by the contract system's word.
        persons_only: the item takes individual numbers only (366 支払を受ける者).
        digits: the number to be written is made of ASCII digits.
        check: its check digit is right.
        name: the kana name of the registrant agrees with that of the contract system, or an approved override says so.
    """

    early: Mask
    found: Mask
    double: Mask
    state: Block
    own_reason: Mask
    individual: Mask
    corporate: Mask
    company: Mask
    person: Mask
    persons_only: Mask
    digits: Mask
    check: Mask
    name: Mask


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row of the decision table: the reason, when it applies, what it means, whether somebody has to look into it."""

    reason: str
    applies: Callable[[Facts], Mask]
    meaning: str
    doubt: bool = True


OWN_REASON = "--"
"""The row whose reason is the master's own 個人番号等未取得理由コード."""

TABLE = (
    Row(
        reason="BF",
        applies=lambda f: f.early,
        meaning="支払事由 before 2016-01-01 or 平成27年分 or earlier",
        doubt=False,
    ),
    Row(reason="NR", applies=lambda f: ~f.found, meaning="no row in the number master", doubt=False),
    Row(reason="DU", applies=lambda f: f.double, meaning="key stands twice in the number master"),
    Row(reason="CX", applies=lambda f: f.state == CANCELLED, meaning="registration cancelled", doubt=False),
    Row(
        reason=OWN_REASON,
        applies=lambda f: (f.state == NOT_HELD) & f.own_reason,
        meaning="not held, for the master's own reason",
        doubt=False,
    ),
    Row(reason="NH", applies=lambda f: f.state == NOT_HELD, meaning="not held, no reason given", doubt=False),
    Row(
        reason="CH",
        applies=lambda f: f.state == CHANGED,
        meaning="number changed, the new one is not registered",
    ),
    Row(reason="ST", applies=lambda f: f.state != HELD, meaning="unknown state"),
    Row(
        reason="NN", applies=lambda f: ~f.individual & ~f.corporate, meaning="held, but no number in the row"
    ),
    Row(
        reason="KD",
        applies=lambda f: (
            (f.individual & f.corporate)
            | ~(f.person | f.company)
            | (f.person & ~f.individual)
            | (f.company & (~f.corporate | f.persons_only))
        ),
        meaning="number of a kind that the person or the item does not take (366 payee: individuals only)",
    ),
    Row(reason="DG", applies=lambda f: ~f.digits, meaning="number is not made of ASCII digits"),
    Row(reason="CD", applies=lambda f: ~f.check, meaning="wrong check digit"),
    Row(reason="KN", applies=lambda f: ~f.name, meaning="kana name disagrees"),
)
"""The decision table (判定表); the first row that applies decides."""

DOUBTS = frozenset(row.reason for row in TABLE if row.doubt)
"""Reasons that are a doubt about what the master holds; the others say that no number was to be had."""


def decide(facts: Facts, own_reasons: Block) -> Block:
    """Return the reason of each item, two bytes: :data:`FILLED` or why it stays empty.

    Args:
        facts: of n items.
        own_reasons: uint8[n, 2], the master's 個人番号等未取得理由コード.

    Returns:
        uint8[n, 2].
    """
    number = np.full(len(facts.found), len(TABLE), np.uint8)
    open_items = np.ones(len(facts.found), np.bool_)
    for place, row in enumerate(TABLE):
        decided = open_items & row.applies(facts)
        if decided.any():
            number[decided] = place
            open_items &= ~decided
    texts = "".join([row.reason for row in TABLE] + [FILLED])
    reasons = np.frombuffer(texts.encode(), np.uint8).reshape(-1, 2)[number]
    own = number == [row.reason for row in TABLE].index(OWN_REASON)
    reasons[own] = own_reasons[own]
    return reasons
