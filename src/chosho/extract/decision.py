"""Which payments need a statement (提出範囲): the decision table and the rule that applies it.

One row of :data:`TABLE` is one answer, with the law beside it; the first row that applies to a payment decides. The rows speak
of these facts:

- *event total* (1回に支払うべき金額): over all contracts, the lump sums that one payee, known by the contract system's customer
  number and never by the individual number, is due on the same day for the same insured event. Counted are 保険金額等 and
  増加又は割増保険金額等, the two items that the tax agency's summary form adds up as "保険金額等" (合計表 様式十). Dividends
  (未払利益配当金等) and refunded premiums are not counted, loans and unpaid premiums are not taken off: what counts is the
  amount that the contract fixes (質疑応答事例 法定調書 3-01). Payees that are companies are judged alike (同 注).
- *year total* (その年中の支払金額): over all contracts, 年金の支払金額 of one payee in the tax year. Increased annuities are in
  it, dividends are not (直審3-222: they are written outside). Inherited annuities are annuities and count too.

A lump sum that is taxed as inheritance or gift belongs to statement 323 under another law and adds nothing to an event total.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from chosho.codec import batch as batches
from chosho.codec import keys, rows
from chosho.codec.batch import Block
from chosho.copybook import load
from chosho.extract import verdict
from chosho.extract.column import Mask, Numbers

LUMP_LIMIT = 1_000_000
"""Yen; a lump sum of so much or less needs no statement 310 (所得税法施行規則86条3項2号)."""
ANNUITY_LIMIT = 200_000
"""Yen; annuities of so much or less in a year need no statement 366 (所得税法施行規則86条3項1号)."""
GROUP_KEY = 11
"""Bytes of PAYCAND that make a whole group: CUSTOMER-NO and PAYMENT-KIND."""
EVENT_KEY = 29
"""Bytes of PAYCAND that make one payment event of a payee."""
PAYMENT_KEY = 46
"""Bytes of PAYCAND that order it; they end with the key of the payment."""
LUMP, ANNUITY = ord("1"), ord("2")
"""PAYMENT-KIND: 一時金, 年金."""
ONE_TIME_INCOME, MISCELLANEOUS_INCOME, INHERITANCE = ord("1"), ord("2"), ord("3")
"""TAX-CATEGORY: 一時所得, 雑所得(年金), 相続・贈与."""
_FIELDS = load("PAYCAND").named()


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameters:
    """What the decision depends on beside the payments."""

    tax_year: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """The columns of n payments that the rows of the table speak of."""

    lump: Mask
    in_year: Mask
    inheritance: Mask
    inherited: Mask
    duplicate: Mask
    event_total: Numbers
    year_total: Numbers


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row of the decision table: what becomes of the payments that it applies to, why, and by which law."""

    outcome: str
    applies: Callable[[Facts], Mask]
    reason: str
    law: str


TABLE = (
    Row(
        outcome=verdict.DUPLICATE_PAYMENT,
        applies=lambda facts: facts.duplicate,
        reason="the same payment number of the same payee and policy came before, for the same event",
        law="none: one payment must not count twice",
    ),
    Row(
        outcome=verdict.OTHER_YEAR,
        applies=lambda facts: ~facts.in_year,
        reason="paid in another year",
        law="所得税法施行規則86条1項2号 その年中に支払の確定した生命保険金等の金額",
    ),
    Row(
        outcome=verdict.OTHER_STATEMENT,
        applies=lambda facts: facts.lump & facts.inheritance,
        reason="lump sum taxed as inheritance or gift: statement 323, not 310",
        law="相続税法59条1項1号",
    ),
    Row(
        outcome=verdict.KEPT_310,
        applies=lambda facts: facts.lump & (facts.event_total > LUMP_LIMIT),
        reason="event total over 1,000,000 yen",
        law="所得税法225条1項4号, 所得税法施行規則86条1項",
    ),
    Row(
        outcome=verdict.SMALL_LUMP,
        applies=lambda facts: facts.lump,
        reason="event total of 1,000,000 yen or less",
        law="所得税法施行規則86条3項2号",
    ),
    Row(
        outcome=verdict.KEPT_366,
        applies=lambda facts: facts.inherited,
        reason="相続等生命保険年金: always, whatever the amount",
        law="所得税法施行規則86条3項1号 (from 2013 the limit does not hold for 相続等保険年金)",
    ),
    Row(
        outcome=verdict.KEPT_366,
        applies=lambda facts: facts.year_total > ANNUITY_LIMIT,
        reason="year total over 200,000 yen",
        law="所得税法225条1項4号, 所得税法施行規則86条1項",
    ),
    Row(
        outcome=verdict.SMALL_ANNUITY,
        applies=lambda facts: np.ones(len(facts.lump), np.bool_),
        reason="year total of 200,000 yen or less",
        law="所得税法施行規則86条3項1号",
    ),
)
"""The decision table (判定表); the first row that applies decides."""


def decide(batch: pa.RecordBatch, parameters: Parameters) -> pa.RecordBatch:
    """Judge payments (提出要否の判定).

    Args:
        batch: PAYCAND records, whole groups of :data:`GROUP_KEY`, in ascending order of :data:`PAYMENT_KEY` bytes.
        parameters: the tax year.

    Returns:
        One VERDICT record per payment, in the order of the batch.
    """
    block = batches.block(batch)
    judged = facts(block, parameters)
    codes = np.zeros(len(block), np.uint32)
    open_payments = np.ones(len(block), np.bool_)
    for row in TABLE:
        decided = open_payments & row.applies(judged)
        codes[decided] = verdict.number(row.outcome)
        open_payments &= ~decided
    places = batches.view(_FIELDS, block, "PLACE")
    return batches.to_batch(verdict.pack(places, codes))


def facts(block: Block, parameters: Parameters) -> Facts:
    """Return the facts of PAYCAND records; see :func:`decide` for their order."""

    def column(name: str) -> Block | Numbers:
        return batches.view(_FIELDS, block, name)

    lump = column("PAYMENT-KIND")[:, 0] == LUMP
    year = int.from_bytes(f"{parameters.tax_year:04d}".encode(), "little")
    in_year = column("PAYMENT-DATE")[:, :4].view("<u4")[:, 0] == year
    inheritance = column("TAX-CATEGORY")[:, 0] == INHERITANCE
    duplicate = rows.repeats(block, PAYMENT_KEY)
    counted = in_year & ~duplicate
    lump_amount = np.where(
        counted & lump & ~inheritance, column("BENEFIT-AMOUNT") + column("ADDED-BENEFIT-AMOUNT"), 0
    )
    annuity_amount = np.where(counted & ~lump, column("ANNUITY-PAID-AMOUNT"), 0)
    return Facts(
        lump=lump,
        in_year=in_year,
        inheritance=inheritance,
        inherited=column("INHERITED-FLAG")[:, 0] == ord("1"),
        duplicate=duplicate,
        event_total=_totals(block, EVENT_KEY, lump_amount),
        year_total=_totals(block, GROUP_KEY, annuity_amount),
    )


def _totals(block: Block, prefix: int, amounts: Numbers) -> Numbers:
    """Return for each record the sum of ``amounts`` over the records that share its first ``prefix`` bytes."""
    if not len(block):
        return amounts
    starts = keys.group_starts(block, prefix)
    lengths = np.diff(starts, append=len(block))
    return np.repeat(np.add.reduceat(amounts, starts), lengths)
