"""The ledger of a build (集計): places, control totals and counts, as the rows go out.

What depends on everything before it (a row's byte offset, the totals) is kept here, so that the rule itself has no state. Entries
of kinds 366 and 323 wait, sorted and sealed, until all rows of kind 310 are out: the index and the volumes hold the kinds one
after the other.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from chosho import copybook
from chosho.codec import batch
from chosho.statement import entry, layout
from chosho.statement.build import ALL_KINDS, CHANGES, RULES, Outputs

_LOSING = ("GT", "CT", "NP")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Placed:
    """Entries with their places: STMTIDX records with offsets, and what a volume planner needs, one element per statement."""

    index: batch.Block
    codes: NDArray[np.int64]
    row_bytes: NDArray[np.int64]
    payments: NDArray[np.int64]
    amounts: NDArray[np.int64]


def rows(outputs: Outputs, code: str) -> memoryview:
    """Return the bytes of one kind's rows, end to end."""
    column = outputs[f"k{code}"].column("row")
    _, offsets, data = column.buffers()
    if data is None or len(column) == 0:
        return memoryview(b"")
    ends = np.frombuffer(offsets, np.int32)
    return memoryview(data)[ends[column.offset] : ends[column.offset + len(column)]]


def entries(outputs: Outputs, code: str) -> batch.Block:
    """Return one kind's entries, ``uint8[n, entry.LRECL]``."""
    column = outputs[f"k{code}"].column("entry")
    return batch.block(pa.RecordBatch.from_arrays([column], names=[batch.COLUMN]))


class Ledger:
    """Places and totals of one build (作成の集計). Feed every output once, then every entry in the order of the index."""

    def __init__(self) -> None:
        self.read = 0
        """Payments taken so far."""
        self._changes: Counter[str] = Counter()
        self._offsets = dict.fromkeys(ALL_KINDS, 0)
        self._statements = dict.fromkeys(ALL_KINDS, 0)
        self._amounts = {code: np.zeros(entry.SLOTS, np.int64) for code in ALL_KINDS}

    def take(self, payments: int, outputs: Outputs) -> None:
        """Count the payments of one call of the rule, and the changes it made."""
        self.read += payments
        found = batch.block(outputs[CHANGES])
        if len(found):
            rule = copybook.load("CHANGE")["RULE"]
            names, counts = np.unique(
                np.ascontiguousarray(found[:, rule.offset : rule.offset + rule.length]).view("S2"),
                return_counts=True,
            )
            self._changes.update(
                {name.decode(): int(count) for name, count in zip(names, counts, strict=True)}
            )

    def place(self, block: batch.Block) -> Placed:
        """Give entries of one kind the byte offsets of their rows, and add their yen to the control totals."""
        index = block[:, : entry.INDEX].copy()
        amounts = block[:, entry.INDEX :].copy().view(np.int64)
        fields = entry.fields()
        lengths = batch.view(fields, index, "ROW-LENGTH").astype(np.int64)
        codes = _numbers(batch.view(fields, index, "STATEMENT-CODE"))
        if len(block):
            code = str(codes[0])
            ends = np.cumsum(lengths)
            batch.view(fields, index, "ROW-OFFSET")[:] = ends - lengths + self._offsets[code]
            self._offsets[code] += int(ends[-1])
            self._statements[code] += len(block)
            self._amounts[code] += amounts.sum(axis=0)
        payments = batch.view(fields, index, "PAYMENTS").astype(np.int64)
        return Placed(index=index, codes=codes, row_bytes=lengths, payments=payments, amounts=amounts)

    @property
    def losses(self) -> int:
        """How many items were changed with a loss: 〓, cut, a number left out."""
        return sum(self._changes[rule] for rule in _LOSING)

    @property
    def kana_names(self) -> int:
        """How many names were written in kana."""
        return self._changes["KN"]

    def counts(self) -> Iterator[tuple[str, int]]:
        """Yield the counts of the step: payments read, statements, added up, yen per kind and item, changes per rule."""
        statements = sum(self._statements.values())
        yield "read", self.read
        yield "statements", statements
        yield "added_up", self.read - statements
        for code in ALL_KINDS:
            yield f"K{code}.statements", self._statements[code]
            for slot, item in enumerate(layout.load(code).amounts):
                yield f"K{code}.item{item.number}", int(self._amounts[code][slot])
        yield "amount", sum(int(self._amounts[code].sum()) for code in ALL_KINDS)
        for rule in RULES.values():
            yield f"changes.{rule}", self._changes[rule]

    def tell(self, teller: "Teller", others: Mapping[str, int]) -> None:
        """Tell the counts, others of the step too, and what a person has to know of the changes."""
        for name, count in (*self.counts(), *others.items()):
            teller.count(name, count)
        if self.kana_names:
            teller.message("CHSN015I", count=self.kana_names)
        if self.losses:
            teller.message("CHSN014W", count=self.losses)


class Teller(Protocol):
    """Whoever takes counts and messages: a step."""

    def count(self, name: str, n: int = 1) -> None: ...  # noqa: D102 - described by the class
    def message(self, message_id: str, **fields: object) -> None: ...  # noqa: D102 - as above


def _numbers(digits: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return ASCII digits ``uint8[n, width]`` as numbers."""
    weights = 10 ** np.arange(digits.shape[1] - 1, -1, -1, dtype=np.int64)
    numbers: NDArray[np.int64] = (digits.astype(np.int64) - ord("0")) @ weights
    return numbers
