"""Which payments need a statement (提出範囲): the decision table and the rule that applies it.

One row of :data:`TABLE` is one answer, with the law beside it; the first row that applies to a payment decides. The rows speak
of these facts:

- *event total* (1回に支払うべき金額): over all contracts, the lump sums that one payee, known by the contract system's customer
  number and never by the individual number, is due on the same day for the same insured event. Counted are 保険金額等 and
  増加又は割増保険金額等, the two items that the tax agency's summary form adds up as "保険金額等" (合計表 様式十). Dividends
  (未払利益配当金等) and refunded premiums are not counted, loans and unpaid premiums are not taken off: what counts is the
  amount that the contract fixes (質疑応答事例 法定調書 3-01).
- *year total* (その年中の支払金額): over all contracts, 年金の支払金額 of one payee in the tax year. Increased annuities are in
  it, dividends are not (直審3-222: they are written outside). Inherited annuities are annuities and count too.

- *inheritance total*: the same sum for lump sums taxed as inheritance or gift (statement 323). The two add nothing to each other,
  for they belong to different laws.

Payees that are companies (法人) are judged like persons for 310 and 366 (質疑応答 3-01 注), and for 323 too: its layout foresees
them (個人・法人区分 2), and 相続税法59条 exempts nobody but by the amount. A contract's change of contractor is no payment: by
death it is statement 386 (:mod:`chosho.extract.changes`), else it only fills items 41-44 of 310 and 48-51 of 323
(:mod:`chosho.extract.made`).

One table serves every deck. Which statements a deck makes, and of which days, is its :class:`~chosho.extract.scope.Scope`; what
becomes a statement that it does not make is left out under the code of that statement.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from chosho.codec import batch as batches
from chosho.codec import keys, rows
from chosho.codec.batch import Block
from chosho.copybook import load
from chosho.extract import day, table, verdict
from chosho.extract.column import Mask, Numbers
from chosho.extract.scope import Scope
from chosho.extract.table import Row

LUMP_LIMIT = 1_000_000
"""Yen; a lump sum of so much or less needs no statement 310 (所得税法施行規則86条3項2号)."""
INHERITANCE_LIMIT = 1_000_000
"""Yen; a lump sum of so much or less needs no statement 323 (相続税法59条1項, 相続税法施行規則30条)."""
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
    """What the decision depends on beside the payments: what the deck makes, and of which days."""

    scope: Scope


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """The columns of n payments that the rows of the table speak of, and the statements that the deck makes."""

    kinds: tuple[str, ...]
    lump: Mask
    in_period: Mask
    inheritance: Mask
    inherited: Mask
    duplicate: Mask
    event_total: Numbers
    inheritance_total: Numbers
    year_total: Numbers

    def made_elsewhere(self, kind: str) -> Mask:
        """Return that another deck makes statements of a kind (one truth for all n payments)."""
        return np.full(len(self.lump), kind not in self.kinds)


TABLE: Sequence[Row[Facts]] = (
    Row(
        outcome=verdict.DUPLICATE_PAYMENT,
        applies=lambda facts: facts.duplicate,
        reason="the same payment number of the same payee and policy came before, for the same event",
        law="none: one payment must not count twice",
    ),
    Row(
        outcome=verdict.OTHER_PERIOD,
        applies=lambda facts: ~facts.in_period,
        reason="paid outside of the deck's year or month",
        law="所得税法施行規則86条1項2号 その年中に支払の確定した生命保険金等の金額; 相続税法59条1項 支払つた日の属する月の翌月15日",
    ),
    Row(
        outcome=verdict.KEPT_323,
        applies=lambda facts: facts.lump & facts.inheritance & facts.made_elsewhere("323"),
        reason="lump sum taxed as inheritance or gift: statement 323, not 310",
        law="相続税法59条1項1号",
    ),
    Row(
        outcome=verdict.KEPT_323,
        applies=lambda facts: facts.lump & facts.inheritance & (facts.inheritance_total > INHERITANCE_LIMIT),
        reason="taxed as inheritance or gift, event total over 1,000,000 yen",
        law="相続税法59条1項1号, 相続税法施行規則30条",
    ),
    Row(
        outcome=verdict.SMALL_LUMP,
        applies=lambda facts: facts.lump & facts.inheritance,
        reason="taxed as inheritance or gift, event total of 1,000,000 yen or less",
        law="相続税法59条1項ただし書, 相続税法施行規則30条",
    ),
    Row(
        outcome=verdict.KEPT_310,
        applies=lambda facts: facts.lump & facts.made_elsewhere("310"),
        reason="lump sum taxed as 一時所得: statement 310, another deck's",
        law="所得税法225条1項4号",
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
        applies=lambda facts: facts.made_elsewhere("366"),
        reason="annuity, also an inherited one: statement 366, another deck's",
        law="所得税法225条1項4号",
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
        parameters: the scope of the deck.

    Returns:
        One VERDICT record per payment, in the order of the batch.
    """
    block = batches.block(batch)
    codes = table.decide(TABLE, facts(block, parameters), len(block))
    places = batches.view(_FIELDS, block, "PLACE")
    return batches.to_batch(verdict.pack(places, codes))


def facts(block: Block, parameters: Parameters) -> Facts:
    """Return the facts of PAYCAND records; see :func:`decide` for their order."""

    def column(name: str) -> Block | Numbers:
        return batches.view(_FIELDS, block, name)

    lump = column("PAYMENT-KIND")[:, 0] == LUMP
    paid = day.from_text(batches.view(_FIELDS, block, "PAYMENT-DATE"))
    in_period = (paid >= parameters.scope.first) & (paid <= parameters.scope.last)
    inheritance = column("TAX-CATEGORY")[:, 0] == INHERITANCE
    duplicate = rows.repeats(block, PAYMENT_KEY)
    counted = in_period & ~duplicate
    lump_amount = np.where(counted & lump, column("BENEFIT-AMOUNT") + column("ADDED-BENEFIT-AMOUNT"), 0)
    annuity_amount = np.where(counted & ~lump, column("ANNUITY-PAID-AMOUNT"), 0)
    return Facts(
        kinds=parameters.scope.kinds,
        lump=lump,
        in_period=in_period,
        inheritance=inheritance,
        inherited=column("INHERITED-FLAG")[:, 0] == ord("1"),
        duplicate=duplicate,
        event_total=_totals(block, EVENT_KEY, np.where(inheritance, 0, lump_amount)),
        inheritance_total=_totals(block, EVENT_KEY, np.where(inheritance, lump_amount, 0)),
        year_total=_totals(block, GROUP_KEY, annuity_amount),
    )


def _totals(block: Block, prefix: int, amounts: Numbers) -> Numbers:
    """Return for each record the sum of ``amounts`` over the records that share its first ``prefix`` bytes."""
    if not len(block):
        return amounts
    starts = keys.group_starts(block, prefix)
    lengths = np.diff(starts, append=len(block))
    return np.repeat(np.add.reduceat(amounts, starts), lengths)
