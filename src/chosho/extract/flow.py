"""The flow of the extract (抽出の流れ): the driver's side of its rules, as streams of blocks in and out.

It keeps what rules must not: the place of the next record, the number of the next payment data record, the control totals.
Files, sorting and grouping are the step program's.
"""

from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from chosho.codec import batch as batches
from chosho.codec.batch import Block
from chosho.copybook import Layout
from chosho.extract import contract, decision, payment, rejection, totals, verdict
from chosho.extract.build import Parameters, build_block, number
from chosho.extract.candidate import CandidateReader


@dataclass(frozen=True, kw_only=True)
class Extract:
    """One extract.

    Attributes:
        payments: layout and code page of the source payments (PAYSRC).
        contracts: layout and code page of the contract master (CONTRACT).
        tax_year: the year whose payments are extracted.
        obligor: the bytes of the obligor's items, by item (see :func:`obligor.items`).
        counts: the control totals so far.
    """

    payments: tuple[Layout, str]
    contracts: tuple[Layout, str]
    tax_year: int
    obligor: dict[str, bytes]
    counts: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(totals.ALWAYS, 0)))

    def candidates(self, source: Iterable[Block]) -> Generator[tuple[Block, Block], None, None]:
        """Yield PAYCAND records of the source, and the verdicts of what cannot be judged."""
        reader = CandidateReader(*self.payments)
        for records in source:
            yield reader.read(records, self.counts["read"])
            self.counts["read"] += len(records)

    def decide(self, payees: Block) -> Block:
        """Return the verdicts on whole groups of PAYCAND records (see :func:`decision.decide`)."""
        rules = decision.Parameters(tax_year=self.tax_year)
        return batches.block(decision.decide(batches.to_batch(payees), rules))

    def kept(
        self, source: Iterable[Block], verdicts: Iterable[Block]
    ) -> Generator[tuple[Block, Block], None, None]:
        """Yield PAYWORK records of the kept payments, and REJECT records of the rejected ones.

        Raises:
            StopLine: the source is not the same as at the first reading (CHSR001S).
        """
        reader = payment.PaymentReader(*self.payments)
        names = rejection.field_names(self.payments[0], self.contracts[0])
        for first, records, judged in verdict.beside(source, verdicts):
            if len(judged) != len(records):
                raise verdict.changed(first + len(records))
            found, refused = reader.read(records, first, judged)
            self._count(totals.of_verdicts(judged[verdict.is_left_out(judged["outcome"])]))
            self._count(totals.of_verdicts(refused))
            yield found, rejection.records(records, first, refused, names)

    def terms(self, master: Iterable[Block]) -> Generator[Block, None, None]:
        """Yield the contract master under its ASCII key (see :func:`contract.keyed`)."""
        for records in contract.keyed(master, *self.contracts):
            self.counts["contract.read"] += len(records)
            yield records

    def built(self, groups: Iterable[tuple[Block, Block]]) -> Generator[tuple[Block, Block], None, None]:
        """Yield PAYDATA records, numbered, and the verdicts of payments that prove bad beside their contract."""
        layout, code_page = self.contracts
        rules = Parameters(tax_year=self.tax_year, obligor=self.obligor, master=layout, code_page=code_page)
        for payments, contracts in groups:
            if not len(payments):
                continue
            right = (
                contracts if len(contracts) else np.empty((0, contract.KEY_LENGTH + layout.length), np.uint8)
            )
            records, refused = build_block(payments, right, rules)
            number(records, self.counts["kept"])
            self._count(totals.of_payments(records))
            yield records, refused

    def refused(self, source: Iterable[Block], verdicts: Iterable[Block]) -> Iterator[Block]:
        """Yield REJECT records of the payments that proved bad beside their contract.

        Raises:
            StopLine: the source is not the same as at the first reading (CHSR001S).
        """
        names = rejection.field_names(self.payments[0], self.contracts[0])
        for first, records, judged in verdict.beside(source, verdicts):
            self._count(totals.of_verdicts(judged))
            yield rejection.records(records, first, judged, names)

    def _count(self, counts: dict[str, int]) -> None:
        self.counts.update(counts)
