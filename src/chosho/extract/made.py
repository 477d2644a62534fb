"""Made items (編集項目): what a payment data record has that neither source has as it stands: era items, words, the change.

Items 41-44 of statement 310 and 48-51 of 323 (直前の保険契約者等, 契約者変更の回数, 現契約者の既払込保険料等) are filled when the
change of contractor counts: the last one happened on 2018-01-01 or later and not by the contractor's death, the master counts
at least one such change, and the statement is a 310 or 323 of 平成30年分 or later (法令解釈通達 課総3-4 別紙; the wording
"死亡に伴い行われるものを除く" is that of 相続税法施行規則30条).

年分 is the year of the payment for 310 and 366, of the insured event for 323 (同 別紙, 項番11).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from chosho import era
from chosho.codec import batch as batches
from chosho.codec.batch import Block
from chosho.copybook import Field, load
from chosho.extract import codes, day
from chosho.extract.column import Mask, Numbers

FIRST_CHANGE_DAY = 20180101
"""Changes of contractor count from this day."""
FIRST_CHANGE_YEAR = 2018
"""Items 41-44 (310) and 48-51 (323) are not for 平成29年分 or earlier."""
NOT_BY_DEATH = ord("2")
"""CHANGE-CAUSE of a change that counts."""
RUNS: Mapping[str, int] = MappingProxyType(
    {
        "CHANGE-FLAG": 1,
        "CURRENT-PAID-PREMIUM": 8,
        "EVENT-TEXT": 30,
        "EVENT-YEAR": day.ITEMS,
        "INSURANCE-TYPE-TEXT": 30,
        "PAYMENT-YEAR": day.ITEMS,
        "ANNUITY-TYPE-TEXT": 20,
        "INHERITED-START-YEAR": 20,
        "CHANGE-COUNT": 2,
        "TAX-YEAR": 2,
        "CAUSE-DATE": 4,
    }
)
"""The made bytes, in order: the first item of PAYDATA that a run fills, and its length. Days fill 年, 月 and 日;
INHERITED-START-YEAR begins the run up to INHERITED-RATIO-DECIMAL."""
STARTS: Mapping[str, int] = MappingProxyType(
    dict(zip(RUNS, (int(end) for end in np.cumsum([0, *RUNS.values()])), strict=False))
)
"""Where each run begins in the made bytes."""
LENGTH = sum(RUNS.values())
_SPACE = np.uint8(ord(" "))
_PAYMENT = load("PAYWORK").named()
_CONTRACT = load("CTRWORK").named()
_EVENTS = codes.words(codes.EVENTS, RUNS["EVENT-TEXT"])
_INSURANCES = codes.words(codes.INSURANCE_TYPES, RUNS["INSURANCE-TYPE-TEXT"])
_ANNUITIES = codes.words(codes.ANNUITY_TYPES, RUNS["ANNUITY-TYPE-TEXT"])


def annuities(payments: Block, fields: Mapping[str, Field] = _PAYMENT) -> Mask:
    """Return which records (PAYWORK, or those of ``fields``) are for statement 366 (bool[n])."""
    return of_kind(payments, "366", fields)


def of_kind(payments: Block, kind: str, fields: Mapping[str, Field] = _PAYMENT) -> Mask:
    """Return which records (PAYWORK, or those of ``fields``) are for statements of a kind (bool[n])."""
    code = batches.view(fields, payments, "STATEMENT-CODE")
    mine: Mask = (code[:, 1] == ord(kind[1])) & (code[:, 2] == ord(kind[2]))
    return mine


def tax_years(payments: Block, year: int) -> Numbers:
    """Return the 年分 of PAYWORK records as calendar years: that of the payments, of the event for 323."""
    events = _column(_PAYMENT, payments, "EVENT-DATE").astype(np.int64) // 10_000
    return np.where(of_kind(payments, "323"), events, year)


def counting_changes(payments: Block, contracts: Block, partner: Numbers, years: Numbers) -> Mask:
    """Return for which payments the change of contractor counts (bool[n]); see the module for the rule.

    ``years`` are their 年分 (see :func:`tax_years`).
    """
    last_counts: Mask = (
        (_column(_CONTRACT, contracts, "CHANGE-COUNT") > 0)
        & (_column(_CONTRACT, contracts, "CHANGE-DATE") >= FIRST_CHANGE_DAY)
        & (_column(_CONTRACT, contracts, "CHANGE-CAUSE")[:, 0] == NOT_BY_DEATH)
    )
    return last_counts[partner] & ~annuities(payments) & (years >= FIRST_CHANGE_YEAR)


def make(payments: Block, contracts: Block, partner: Numbers, counts: Mask, years: Numbers) -> Block:
    """Make the items of payments (項目の編集).

    Args:
        payments: PAYWORK records.
        contracts: CTRWORK records.
        partner: int64[n], the row of each payment's contract.
        counts: bool[n], see :func:`counting_changes`.
        years: int64[n], see :func:`tax_years`.

    Returns:
        uint8[n, LENGTH], the runs of :data:`RUNS` one after the other.
    """
    out = np.full((len(payments), LENGTH), _SPACE, np.uint8)
    insurances = _INSURANCES[codes.numbers(_column(_CONTRACT, contracts, "INSURANCE-TYPE"))]
    _run(out, "CHANGE-FLAG")[:, 0] = counts.astype(np.uint8) + np.uint8(ord("0"))
    _run(out, "CURRENT-PAID-PREMIUM")[:] = 0
    _run(out, "EVENT-TEXT")[:] = _EVENTS[codes.numbers(_column(_PAYMENT, payments, "EVENT-CODE"))]
    _run(out, "EVENT-YEAR")[:] = day.era_items(_column(_PAYMENT, payments, "EVENT-DATE").astype(np.int64))
    _run(out, "INSURANCE-TYPE-TEXT")[:] = insurances[partner]
    _run(out, "PAYMENT-YEAR")[:] = day.era_items(_column(_PAYMENT, payments, "PAYMENT-DATE").astype(np.int64))
    _run(out, "ANNUITY-TYPE-TEXT")[:] = _ANNUITIES[codes.numbers(_column(_PAYMENT, payments, "ANNUITY-TYPE"))]
    # 年分 is one for a whole year, also before the change of an era: that of its last day.
    _run(out, "TAX-YEAR")[:] = era.two_digits_block(years * 10_000 + 1231)
    _run(out, "CAUSE-DATE")[:] = _causes(payments).astype("<i4").view(np.uint8).reshape(-1, 4)
    _fill_inherited(out, payments)
    _fill_change(out, contracts, partner, np.flatnonzero(counts))
    return out


def _causes(payments: Block) -> Numbers:
    """Return the days of the 支払事由: each payment of an annuity has its own, a lump sum that of its insured event."""
    event, paid = (_column(_PAYMENT, payments, name) for name in ("EVENT-DATE", "PAYMENT-DATE"))
    return np.where(annuities(payments), paid, event)


def _fill_inherited(out: Block, payments: Block) -> None:
    """Fill the items of inherited annuities: the day they began, years, ages, ratio."""
    flag = _column(_PAYMENT, payments, "INHERITED-FLAG")[:, 0] == ord("1")
    rows = np.flatnonzero(annuities(payments) & flag)
    target = _run(out, "INHERITED-START-YEAR")
    target[rows, : day.ITEMS] = day.era_items(
        _column(_PAYMENT, payments, "INHERITED-START-DATE")[rows].astype(np.int64)
    )
    first = _PAYMENT["INHERITED-REMAINING-YEARS"].offset
    target[rows, day.ITEMS :] = payments[rows, first : first + target.shape[1] - day.ITEMS]


def _fill_change(out: Block, contracts: Block, partner: Numbers, rows: Numbers) -> None:
    """Fill how often the contractor changed and the present one's premiums, where the change counts."""
    premium = _column(_CONTRACT, contracts, "CURRENT-PAID-PREMIUM")[partner[rows]]
    _run(out, "CURRENT-PAID-PREMIUM")[rows] = premium.astype("<i8").view(np.uint8).reshape(-1, 8)
    changes = _column(_CONTRACT, contracts, "CHANGE-COUNT")[partner[rows]]
    _run(out, "CHANGE-COUNT")[rows] = _up_to_two_digits(changes)


def _run(out: Block, name: str) -> Block:
    """Return the bytes of one run of every record."""
    return out[:, STARTS[name] : STARTS[name] + RUNS[name]]


def _up_to_two_digits(values: Numbers) -> Block:
    """Return numbers from 0 to 99 as digits without zeros in front, left justified (uint8[n, 2])."""
    tens, units = (values // 10 + ord("0")).astype(np.uint8), (values % 10 + ord("0")).astype(np.uint8)
    one = values < 10  # noqa: PLR2004 - the first number of two digits
    return np.stack([np.where(one, units, tens), np.where(one, _SPACE, units)], axis=1)


def _column(fields: Mapping[str, Field], block: Block, name: str) -> np.ndarray[Any, Any]:
    return batches.view(fields, block, name)
