"""Building payment data (保険金等の支払データの作成): kept payments joined with their contracts, all items of a statement.

The rule of the second half of the extract. Items that the sources have are taken as they are; ``made`` makes the others; the
obligor and the tax year are the same on every record. What belongs to statement 323 alone (提出年月日, 既払込保険料等の剰余金
又は割戻金) stays empty or zero, and so do the items of the submitter (提出者), which the tax agency wants empty (法令解釈通達
課総3-4 別紙, 310 and 366 items 8-9).
"""

import functools
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from chosho import era
from chosho.codec import batch as batches
from chosho.codec import rows
from chosho.codec.assembly import Assembler, Run, last_partner
from chosho.codec.batch import Block
from chosho.copybook import Kind, Layout, load
from chosho.extract import contract, made, payment, verdict
from chosho.extract.column import Mask, Numbers
from chosho.extract.fault import FaultList

OF_PAYMENT = {"OFFICE-NO": "OFFICE-DIVISION-NO"}
"""Items of PAYWORK that PAYDATA has under another name."""
_PAYWORK, _CTRWORK, _PAYDATA = (load(name).named() for name in ("PAYWORK", "CTRWORK", "PAYDATA"))
_PREVIOUS = ("PREVIOUS-ADDRESS", "PREVIOUS-NAME")
_SPACE = ord(" ")


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """What building depends on beside the records.

    Attributes:
        tax_year: the year of the payments.
        obligor: the bytes of the obligor's items, by item (see :func:`obligor.items`).
        master: the layout CONTRACT.
        code_page: of the contract master.
    """

    tax_year: int
    obligor: dict[str, bytes]
    master: Layout
    code_page: str

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
        """Return what stands on every record: spaces, zero amounts, the obligor, the tax year."""
        template = np.full(target.length, _SPACE, np.uint8)
        for field in target.fields:
            if field.kind is Kind.BINARY:
                template[field.offset : field.offset + field.length] = 0
        # 年分 is one for the whole year, also for payments before the change of an era: that of its last day.
        year = era.two_digits(self.tax_year * 10_000 + 1231).encode()
        # Every insured is a person (個人・法人区分 1); no record is a correction (訂正表示 0).
        fixed = {"CORRECTION-MARK": b"0", "INSURED-PARTY": b"1", "TAX-YEAR": year}
        for name, value in {**fixed, **self.obligor}.items():
            start = target[name].offset
            template[start : start + len(value)] = np.frombuffer(value, np.uint8)
        return template


def build(left: pa.RecordBatch, right: pa.RecordBatch, parameters: Parameters) -> dict[str, pa.RecordBatch]:
    """Build payment data (支払データの作成).

    Args:
        left: PAYWORK records in ascending order of their key, whole groups of the policy number.
        right: keyed contracts (see :func:`contract.keyed`) of these policies and any others, in ascending order, whole groups
            of the policy number.
        parameters: tax year, obligor, contract layout.

    Returns:
        ``paydata``: PAYDATA records in the order of ``left``, their PLACE 0 (the driver numbers them, see :func:`number`);
        ``verdicts``: VERDICT records of the payments that are rejected: without contract, with a contract that is faulty or
        stands twice, or with a payment key that came before.
    """
    paydata, verdicts = build_block(batches.block(left), batches.block(right), parameters)
    return {"paydata": batches.to_batch(paydata), "verdicts": batches.to_batch(verdicts)}


def build_block(payments: Block, contracts: Block, parameters: Parameters) -> tuple[Block, Block]:
    """Do the work of :func:`build` on blocks; the PAYDATA records can be written to."""
    partner = last_partner(payments[:, : payment.POLICY_KEY], contracts[:, : contract.KEY_LENGTH])
    known = partner >= 0
    wanted, partner = _distinct(partner, known)
    terms, faulty = parameters.reader.read(contracts, wanted)
    faults = _judge(payments, known, partner, faulty)
    # Statement 310 names the insured, 366 does not.
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
    counts = made.counting_changes(payments, terms, partner, parameters.tax_year)
    out = parameters.assembler.run(payments, terms, partner, made.make(payments, terms, partner, counts))
    changed = np.flatnonzero(counts)
    for name in _PREVIOUS:
        batches.view(_PAYDATA, out, name)[changed] = batches.view(_CTRWORK, terms, name)[partner[changed]]
    return out, refused


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
