"""The extract run in memory: the flow of the step program with a plain sort in place of sealed files."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from chosho.codec import batch as batches
from chosho.codec.batch import Block
from chosho.copybook import Layout, load
from chosho.dataset.cogroup import cogroup, groups
from chosho.extract import decision, payment, verdict
from chosho.extract.flow import Extract
from chosho.extract.scope import Scope
from tests.extract.records import CODE_PAGE, CONTRACT, PAYSRC


@dataclass(frozen=True)
class Result:
    """What an extract gave."""

    paydata: Block
    rejects: Block
    findings: Block
    counts: dict[str, int]

    @property
    def data(self) -> list[dict[str, Any]]:
        return rows(load("PAYDATA"), self.paydata)

    @property
    def rejected(self) -> list[tuple[int, str, str]]:
        """Record number, reason and field of each rejected record."""
        found = rows(load("REJECT"), self.rejects, besides="SOURCE-RECORD")
        return [(row["RECORD-NO"], row["REASON"], row["FIELD-NAME"]) for row in found]


def run(
    source: Block,
    master: Block,
    tax_year: int = 2026,
    size: int = 7,
    obligor: dict[str, bytes] | None = None,
    *,
    kinds: str = "310 366",
    period: str = "",
    submitted_on: int = 20270112,
    look_at_amounts: bool = True,
) -> Result:
    """Extract, with the sources read in blocks of ``size`` records; ``period`` takes the place of the tax year."""
    extract = Extract(
        payments=(PAYSRC, CODE_PAGE),
        contracts=(CONTRACT, CODE_PAGE),
        scope=Scope.of(kinds, period or str(tax_year)),
        obligor=obligor or {},
        submitted_on=submitted_on,
        look_at_amounts=look_at_amounts,
    )
    candidates, verdicts = [], []
    for found, faulty in extract.candidates(chunks(source, size)):
        candidates.append(found)
        verdicts.append(faulty)
    ordered = sort(candidates, decision.PAYMENT_KEY)
    verdicts.extend(extract.decide(payees) for payees in groups(chunks(ordered, size), decision.GROUP_KEY, 1))
    kept, rejects = [], []
    judged = sort(verdicts, verdict.KEY_LENGTH)
    for found, refused in extract.kept(chunks(source, size), chunks(judged, size + 1)):
        kept.append(found)
        rejects.append(refused)
    data, late = [], [np.empty((0, verdict.LRECL), np.uint8)]
    findings = [np.empty((0, load("FINDING").length), np.uint8)]
    payments = chunks(sort(kept, payment.KEY_LENGTH), size)
    pairs = cogroup(payments, extract.terms(chunks(master, size)), payment.POLICY_KEY, 1)
    for made in extract.built(pairs):
        data.append(made.records)
        late.append(made.refused)
        findings.append(made.findings)
    rejects.extend(extract.refused(chunks(source, size), chunks(sort(late, verdict.KEY_LENGTH), size)))
    paydata = np.concatenate([np.empty((0, load("PAYDATA").length), np.uint8), *data])
    return Result(paydata, np.concatenate(rejects), np.concatenate(findings), dict(extract.counts))


def chunks(block: Block, size: int) -> Iterator[Block]:
    """Yield a block in pieces; one without records when there are none."""
    for start in range(0, max(len(block), 1), size):
        yield np.ascontiguousarray(block[start : start + size])


def sort(blocks: list[Block], key_length: int) -> Block:
    """Return all records in key order, stable."""
    whole = np.concatenate(blocks)
    order = sorted(range(len(whole)), key=lambda row: whole[row, :key_length].tobytes())
    return np.ascontiguousarray(whole[order])


def rows(layout: Layout, block: Block, besides: str = "") -> list[dict[str, Any]]:
    """Return work records as dictionaries: texts without trailing spaces, numbers as int."""
    fields = layout.named()
    found = []
    for row in range(len(block)):
        record = {}
        for name in fields:
            if name != besides:
                value = batches.view(fields, block[row : row + 1], name)
                record[name] = (
                    int(value[0]) if value.ndim == 1 else value.tobytes().decode("cp932").rstrip(" ")
                )
        found.append(record)
    return found
