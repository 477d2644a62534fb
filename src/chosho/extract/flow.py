"""The flow of the extract (抽出の流れ): the driver's side of its rules, as streams of blocks in and out.

It keeps what rules must not: the place of the next record, the number of the next payment data record, the control totals.
Files, sorting and grouping are the step program's.
"""

from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from chosho.codec import batch as batches
from chosho.codec.batch import Block
from chosho.copybook import Layout
from chosho.extract import contract, day, decision, payment, rejection, totals, verdict
from chosho.extract.build import Built, Parameters, build_block, number
from chosho.extract.candidate import CandidateReader
from chosho.extract.scope import Scope


class Teller(Protocol):
    """Whoever takes counts and messages: a step."""

    def count(self, name: str, n: int = 1) -> None: ...  # noqa: D102 - described by the class
    def message(self, message_id: str, **fields: object) -> None: ...  # noqa: D102 - as above


@dataclass(frozen=True, kw_only=True)
class Extract:
    """One extract.

    Attributes:
        payments: layout and code page of the source payments (PAYSRC).
        contracts: layout and code page of the contract master (CONTRACT).
        scope: which statements are made, of the payments of which days.
        obligor: the bytes of the obligor's items, by item (see :func:`obligor.items`).
        submitted_on: 提出年月日 of statement 323, yyyymmdd.
        look_at_amounts: look for odd amounts.
        counts: the control totals so far.
    """

    payments: tuple[Layout, str]
    contracts: tuple[Layout, str]
    scope: Scope
    obligor: dict[str, bytes]
    submitted_on: int = day.NONE
    look_at_amounts: bool = True
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Declare the counts that are there also when they are 0."""
        self.counts.update(dict.fromkeys(totals.always(self.scope.kinds), 0))

    def candidates(self, source: Iterable[Block]) -> Generator[tuple[Block, Block], None, None]:
        """Yield PAYCAND records of the source, and the verdicts of what cannot be judged."""
        reader = CandidateReader(*self.payments)
        for records in source:
            yield reader.read(records, self.counts["read"])
            self.counts["read"] += len(records)

    def decide(self, payees: Block) -> Block:
        """Return the verdicts on whole groups of PAYCAND records (see :func:`decision.decide`)."""
        rules = decision.Parameters(scope=self.scope)
        return batches.block(decision.decide(batches.to_batch(payees), rules))

    def kept(
        self, source: Iterable[Block], verdicts: Iterable[Block]
    ) -> Generator[tuple[Block, Block], None, None]:
        """Yield PAYWORK records of the kept payments, and REJECT records of the rejected ones.

        Raises:
            StopLine: the source is not the same as at the first reading (CHSR001S).
        """
        reader = payment.PaymentReader(*self.payments, self.scope.kinds)
        names = rejection.field_names(self.payments[0], self.contracts[0])
        for first, records, judged in verdict.beside(source, verdicts):
            if len(judged) != len(records):
                raise verdict.changed(first + len(records))
            found, refused = reader.read(records, first, judged)
            left = verdict.is_left_out(judged["outcome"], self.scope.kinds)
            self._count(totals.of_verdicts(judged[left], self.scope.kinds))
            self._count(totals.of_verdicts(refused, self.scope.kinds))
            yield found, rejection.records(records, first, refused, names)

    def terms(self, master: Iterable[Block]) -> Generator[Block, None, None]:
        """Yield the contract master under its ASCII key (see :func:`contract.keyed`)."""
        for records in contract.keyed(master, *self.contracts):
            self.counts["contract.read"] += len(records)
            yield records

    def built(self, groups: Iterable[tuple[Block, Block]]) -> Generator[Built, None, None]:
        """Yield PAYDATA records, numbered, the verdicts of payments that prove bad beside their contract, and odd amounts."""
        layout, code_page = self.contracts
        rules = Parameters(
            scope=self.scope,
            obligor=self.obligor,
            master=layout,
            code_page=code_page,
            submitted_on=self.submitted_on,
            look_at_amounts=self.look_at_amounts,
        )
        for payments, contracts in groups:
            if not len(payments):
                continue
            right = (
                contracts if len(contracts) else np.empty((0, contract.KEY_LENGTH + layout.length), np.uint8)
            )
            found = build_block(payments, right, rules)
            number(found.records, self.counts["kept"])
            self._count(totals.of_payments(found.records, self.scope.kinds))
            self._count({"findings": len(found.findings)})
            yield found

    def refused(self, source: Iterable[Block], verdicts: Iterable[Block]) -> Iterator[Block]:
        """Yield REJECT records of the payments that proved bad beside their contract.

        Raises:
            StopLine: the source is not the same as at the first reading (CHSR001S).
        """
        names = rejection.field_names(self.payments[0], self.contracts[0])
        for first, records, judged in verdict.beside(source, verdicts):
            self._count(totals.of_verdicts(judged, self.scope.kinds))
            yield rejection.records(records, first, judged, names)

    def tell(self, teller: Teller) -> None:
        """Tell the counts, and what a person has to know of the amounts."""
        for name, number_of in self.counts.items():
            teller.count(name, number_of)
        if self.counts["findings"]:
            teller.message("CHSR011W", payments=self.counts["findings"])

    def _count(self, counts: dict[str, int]) -> None:
        self.counts.update(counts)
