"""Building payment data (保険金等の支払データの作成): kept payments joined with their contracts, all items of a statement.

The rule of the second half of the extract. Items that the sources have are taken as they are; ``made`` makes the others; the
obligor is the same on every record, and so is 提出年月日, which is filled by a deck that makes statement 323. The items of the
submitter (提出者) stay empty, as the tax agency wants them (法令解釈通達 課総3-4 別紙, items 8-9). What is odd about amounts
(see :mod:`amounts`) is found on the way; it drops no payment.
"""

import functools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from chosho.codec import batch as batches
from chosho.codec import rows
from chosho.codec.assembly import Assembler, Run, last_partner
from chosho.codec.batch import Block
from chosho.copybook import Kind, Layout, load
from chosho.extract import amounts, contract, day, made, payment, verdict
from chosho.extract.column import Mask, Numbers
from chosho.extract.fault import FaultList
from chosho.extract.scope import Scope

OF_PAYMENT = {"OFFICE-NO": "OFFICE-DIVISION-NO"}
"""Items of PAYWORK that PAYDATA has under another name."""
_PAYWORK, _CTRWORK, _PAYDATA = (load(name).named() for name in ("PAYWORK", "CTRWORK", "PAYDATA"))
_PREVIOUS = ("PREVIOUS-ADDRESS", "PREVIOUS-NAME")
_SPACE = ord(" ")


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """What building depends on beside the records.

    Attributes:
        scope: what the deck makes, of which days.
        obligor: the bytes of the obligor's items, by item (see :func:`obligor.items`).
        master: the layout CONTRACT.
        code_page: of the contract master.
        submitted_on: 提出年月日 of statement 323, yyyymmdd; 0 leaves it empty.
        look_at_amounts: look for odd amounts.
    """

    scope: Scope
    obligor: dict[str, bytes]
    master: Layout
    code_page: str
    submitted_on: int = day.NONE
    look_at_amounts: bool = True

    @functools.cached_property
    def reader(self) -> contract.ContractReader:
        """The reader of the contract master's records."""
        return contract.ContractReader(self.master, self.code_page)

    @functools.cached_property
    def assembler(self) -> Assembler:
        """The copies that make a payment data record."""
        target = load("PAYDATA")
        left = _shared("PAYWORK", target, OF_PAYMENT, besides={"PLACE"})
        right = _shared("CTRWORK", target, {}, besides={"POLICY-NO", *_PREVIOUS})
        own = [
            Run(start=made.STARTS[name], target=target[name].offset, length=length)
            for name, length in made.RUNS.items()
        ]
        return Assembler(self._template(target), left, right, own)

    def _template(self, target: Layout) -> Block:
        """Return what stands on every record: spaces, zero amounts, the obligor, the day of submission."""
        template = np.full(target.length, _SPACE, np.uint8)
        for field in target.fields:
            if field.kind is Kind.BINARY:
                template[field.offset : field.offset + field.length] = 0
        # Every insured is a person (個人・法人区分 1); no record is a correction (訂正表示 0).
        fixed = {"CORRECTION-MARK": b"0", "INSURED-PARTY": b"1"}
        if "323" in self.scope.kinds:
            fixed["SUBMISSION-YEAR"] = day.era_items(np.array([self.submitted_on])).tobytes()
        for name, value in {**fixed, **self.obligor}.items():
            start = target[name].offset
            template[start : start + len(value)] = np.frombuffer(value, np.uint8)
        return template


class Built(NamedTuple):
    """What becomes of kept payments: PAYDATA records, VERDICT records of rejected ones, FINDING records of odd amounts."""

    records: Block
    refused: Block
    findings: Block


def build(left: pa.RecordBatch, right: pa.RecordBatch, parameters: Parameters) -> dict[str, pa.RecordBatch]:
    """Build payment data (支払データの作成).

    Args:
        left: PAYWORK records in ascending order of their key, whole groups of the policy number.
        right: keyed contracts (see :func:`contract.keyed`) of these policies and any others, in ascending order, whole groups
            of the policy number.
        parameters: scope, obligor, contract layout.

    Returns:
        ``paydata``: PAYDATA records in the order of ``left``, their PLACE 0 (the driver numbers them, see :func:`number`);
        ``verdicts``: VERDICT records of the payments that are rejected: without contract, with a contract that is faulty or
        stands twice, or with a payment key that came before; ``findings``: FINDING records of odd amounts of the payments built.
    """
    built = build_block(batches.block(left), batches.block(right), parameters)
    names = ("paydata", "verdicts", "findings")
    return {name: batches.to_batch(block) for name, block in zip(names, built, strict=True)}


def build_block(payments: Block, contracts: Block, parameters: Parameters) -> Built:
    """Do the work of :func:`build` on blocks; the PAYDATA records can be written to."""
    partner = last_partner(payments[:, : payment.POLICY_KEY], contracts[:, : contract.KEY_LENGTH])
    known = partner >= 0
    wanted, partner = _distinct(partner, known)
    terms, faulty = parameters.reader.read(contracts, wanted)
    faults = _judge(payments, known, partner, faulty)
    # Statements 310 and 323 name the insured, 366 does not.
    nameless = rows.all_in(batches.view(_CTRWORK, terms, "INSURED-NAME"), rows.SPACES)
    if nameless.any():
        bare = known & nameless[partner] & ~made.annuities(payments)
        faults.add(bare, verdict.NO_NAME, parameters.reader.place("INSURED-NAME"))
    sound = faults.sound
    refused = np.empty((0, verdict.LRECL), np.uint8)
    if not sound.all():
        places = batches.view(_PAYWORK, payments, "PLACE")
        refused = verdict.pack(places[~sound], faults.codes[~sound], faults.fields[~sound])
        payments, partner = payments[sound], partner[sound]
    years = made.tax_years(payments, parameters.scope.year)
    counts = made.counting_changes(payments, terms, partner, years)
    items = made.make(payments, terms, partner, counts, years)
    out = parameters.assembler.run(payments, terms, partner, items)
    changed = np.flatnonzero(counts)
    for name in _PREVIOUS:
        batches.view(_PAYDATA, out, name)[changed] = batches.view(_CTRWORK, terms, name)[partner[changed]]
    findings = amounts.findings(payments if parameters.look_at_amounts else payments[:0])
    return Built(out, refused, findings)


def number(block: Block, first: int) -> None:
    """Set the PLACE of PAYDATA records, counted from ``first``."""
    batches.view(_PAYDATA, block, "PLACE")[:] = np.arange(first, first + len(block), dtype=np.int64)


def _distinct(partner: Numbers, known: Mask) -> tuple[Numbers, Numbers]:
    """Return the contracts wanted, each once, and which of them belongs to each payment (0 where none is known)."""
    wanted = partner[known]
    # Payments and contracts stand in the same order, so equal ones stand together.
    first = np.ones(len(wanted), np.bool_)
    first[1:] = wanted[1:] != wanted[:-1]
    found = np.zeros(len(partner), np.int64)
    found[known] = np.cumsum(first) - 1
    return wanted[first], found


def _judge(payments: Block, known: Mask, partner: Numbers, faulty: FaultList) -> FaultList:
    """Return the faults of payments: of their key, of their having a contract, of the contract."""
    faults = FaultList(len(payments))
    faults.add(rows.repeats(payments, payment.KEY_LENGTH), verdict.DUPLICATE_PAYMENT, verdict.NO_FIELD)
    faults.add(~known, verdict.NO_CONTRACT, verdict.NO_FIELD)
    if faulty.sound.all():
        return faults
    wrong = np.flatnonzero(faults.sound)
    wrong = wrong[~faulty.sound[partner[wrong]]]
    faults.codes[wrong], faults.fields[wrong] = faulty.codes[partner[wrong]], faulty.fields[partner[wrong]]
    return faults


def _shared(member: str, target: Layout, renamed: dict[str, str], besides: set[str]) -> list[Run]:
    """Return the copies of the items that a work record and PAYDATA share, ``besides`` some and those that are made."""
    runs = []
    for name, field in load(member).named().items():
        to = renamed.get(name, name)
        if to in target and to not in besides and not _is_made(target, to):
            runs.append(Run(start=field.offset, target=target[to].offset, length=field.length))
    return runs


def _is_made(target: Layout, name: str) -> bool:
    """Whether an item lies in a run that is made."""
    offset = target[name].offset
    return any(0 <= offset - target[first].offset < length for first, length in made.RUNS.items())
