"""Totals of a supplement (追加・訂正の集計): places, control totals and counts, as the difference goes out."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from chosho.codec import batch
from chosho.errors import InputRefused
from chosho.statement import difference, entry, layout
from chosho.statement.copies import row_bytes
from chosho.statement.difference import LISTED, LISTING, SENT, Outputs
from chosho.statement.ledger import Placed, Teller

FILINGS = {"2": "added", "3": "right", "4": "void"}
"""提出区分 → what it is called in the counts."""
WHAT = {"N": "new", "C": "changed", "G": "gone", "X": "cancelled"}
"""WHAT of a DIFFER record → what it is called in the counts."""

MOST_CANCELLED = 100_000
CANCEL = 32
"""Bytes of a CANCEL record."""


class Totals:
    """The totals of one run. Feed every output of the rule, kind by kind."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self._kinds = kinds
        self._offsets = dict.fromkeys(kinds, 0)
        self._amounts = {code: np.zeros(entry.SLOTS, np.int64) for code in kinds}
        self._counts: Counter[str] = Counter()

    @property
    def differences(self) -> int:
        """Statements that differ, sent or not."""
        return sum(self._counts[name] for name in WHAT.values())

    @property
    def statements(self) -> int:
        """Statements that go out."""
        return sum(self._counts[name] for name in FILINGS.values())

    def take(self, code: str, part: str, sides: tuple[batch.Block, batch.Block], outputs: Outputs) -> Placed:
        """Count one call of the rule, and give what goes out its places.

        Args:
            code: the kind.
            part: what the call gave out; what is compared once for each part is counted once.
            sides: the FORCE records that were compared: in force, built.
            outputs: what the rule gave.
        """
        if part in LISTING:
            self._counts.update(in_force=len(sides[0]), built=len(sides[1]))
            self._listed(batch.block(outputs[LISTED]))
        return self._place(code, outputs[SENT])

    def _listed(self, records: batch.Block) -> None:
        """Count what differs."""
        for code, number in _counted(records[:, difference.list_fields()["WHAT"].offset]):
            self._counts[WHAT[code]] += number

    def _place(self, code: str, sent: pa.RecordBatch) -> Placed:
        """Give what goes out its places in the rows of its kind, and add it up."""
        entries = batch.block(pa.RecordBatch.from_arrays([sent.column("entry")], names=[batch.COLUMN]))
        index, amounts = entries[:, : entry.INDEX].copy(), entries[:, entry.INDEX :].copy().view(np.int64)
        lengths = batch.view(entry.fields(), index, "ROW-LENGTH").astype(np.int64)
        ends = np.cumsum(lengths)
        batch.view(entry.fields(), index, "ROW-OFFSET")[:] = ends - lengths + self._offsets[code]
        self._offsets[code] += int(lengths.sum())
        self._amounts[code] += amounts.sum(axis=0)
        for filing, number in _counted(index[:, entry.fields()["FILING-CLASS"].offset]):
            self._counts[FILINGS[filing]] += number
            self._counts[f"K{code}.filing{filing}"] += number
        return Placed(
            index=index,
            codes=np.full(len(index), int(code), np.int64),
            row_bytes=lengths,
            payments=batch.view(entry.fields(), index, "PAYMENTS").astype(np.int64),
            amounts=amounts,
        )

    def counts(self) -> Iterator[tuple[str, int]]:
        """Yield the counts of the step: what was compared, what differs, what goes out per 提出区分, kind and item."""
        for name in ("in_force", "built", *WHAT.values(), *FILINGS.values()):
            yield name, self._counts[name]
        corrected = sum(self._counts[name] for name in ("changed", "gone", "cancelled"))
        same = self._counts["in_force"] - corrected
        yield "same", same
        yield "held", self._counts["built"] - same - self._counts["changed"] - self._counts["new"]
        yield "statements", self.statements
        for code in self._kinds:
            filings = {filing: self._counts[f"K{code}.filing{filing}"] for filing in FILINGS}
            yield f"K{code}.statements", sum(filings.values())
            for filing, number in filings.items():
                yield f"K{code}.filing{filing}", number
            for slot, item in enumerate(layout.load(code).amounts):
                yield f"K{code}.item{item.number}", int(self._amounts[code][slot])
        yield "amount", sum(int(amounts.sum()) for amounts in self._amounts.values())

    def tell(self, teller: Teller, year: str, listed: batch.Block) -> None:
        """Tell the counts, and what a person has to know.

        Args:
            teller: the step.
            year: of the statements.
            listed: the list of cancellations.
        """
        for name, count in self.counts():
            teller.count(name, count)
        teller.count("cancel.listed", len(listed))
        if not self._counts["in_force"]:
            teller.message("CHSN074W", year=year)
        if not self.differences:
            teller.message("CHSN076I", year=year)
        elif self.statements:
            filings = {f"filing{filing}": self._counts[name] for filing, name in FILINGS.items()}
            teller.message("CHSN083I", year=year, **filings)


def _counted(column: NDArray[np.uint8]) -> Iterator[tuple[str, int]]:
    values, numbers = np.unique(column, return_counts=True)
    for value, number in zip(values.tolist(), numbers.tolist(), strict=True):
        yield chr(value), number


def rows(sent: pa.RecordBatch) -> memoryview:
    """Return the bytes of the rows that go out, end to end."""
    data, at = row_bytes(sent.column("row"))
    return data[at[0] : at[-1]].data


def parts(correction_files: str) -> Sequence[str]:
    """Return the parts in which a kind's difference goes out: new statements, then what corrects in one part or in two."""
    apart = correction_files == "apart"
    corrections = (difference.VOIDS, difference.RIGHTS) if apart else (difference.CORRECTIONS,)
    return (difference.ADDITIONS, *corrections)


def year(text: str) -> str:
    """Return the year whose statements are compared; a month would make everything else of the year look gone.

    Raises:
        InputRefused: it is no year yyyy (CHSN002E).
    """
    if not re.fullmatch("[0-9]{4}", text, re.ASCII):
        raise InputRefused("CHSN002E", year=text)
    return text


def cancelled(blocks: Iterable[batch.Block]) -> batch.Block:
    """Return the list of cancellations, which is short; CANCEL records.

    Raises:
        InputRefused: it has more than :data:`MOST_CANCELLED` records (CHSN075E).
    """
    found = [np.empty((0, CANCEL), np.uint8)]
    for block in blocks:
        found.append(block.copy())
        if sum(map(len, found)) > MOST_CANCELLED:
            raise InputRefused("CHSN075E", limit=MOST_CANCELLED)
    return np.concatenate(found)
