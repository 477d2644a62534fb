"""Delivered files, masters and reference files for tests of the intake, from dictionaries, and the intake run over them in memory.

Every base record is sound; a test changes one thing. A value given as bytes stands in the record as it is.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from chosho.codec.batch import Block
from chosho.codec.codepages import code_page
from chosho.codec.text import encode_text
from chosho.copybook import Layout, load
from chosho.dataset.cogroup import groups
from chosho.registration import contract, rejection, request
from chosho.registration.channels import CHANNELS, COUNTER, MAIL, MOBILE, ONLINE, Channel
from chosho.registration.flow import Intake
from chosho.registration.inbox import Verdict
from tests.extract.flows import rows, sort
from tests.match.masters import corporate, individual

Record = Mapping[str, Any]
TODAY, DAY = dt.date(2027, 1, 12), "20270112"
HOST = "IBM-1399"
PAGES = {COUNTER.dd: HOST, MOBILE.dd: HOST, ONLINE.dd: "CP932", MAIL.dd: HOST}
CONTRACT, PAYEE, OFFICE, TERMINAL = (load(name) for name in ("CONTRACT", "PAYEE", "OFFICE", "TERMMAST"))
PERMITS, APPROVERS = ("PERMIT0001", "PERMIT0002"), ("E9000001", "E9000002")
POLICY, ANNUITY_POLICY = "10000000001", "10000000002"
NUMBER, OTHER_NUMBER, COMPANY_NUMBER = individual(1), individual(2), corporate(5)
KEY_ID = "PF20270112ABC0000001"

_COMMON = {
    "RECORD-TYPE": "2",
    "REQUEST-KIND": "1",
    "INDIVIDUAL-NO": NUMBER,
    "RELATION-CODE": "02",
    "OFFICE-NO": "12345",
    "EMPLOYEE-ID": "E0000001",
    "DOCUMENT-KIND": "01",
    "VERIFIED": "1",
    "ACCEPTED-AT": DAY + "101500",
}
_LUMP = {"POLICY-NO": POLICY, "RECIPIENT-TYPE": "02", "PAYEE-NO": "01", "REGISTRANT-KANA": "ｶｸｳ ﾊﾅｺ"}
_ANNUITY = {
    "POLICY-NO": ANNUITY_POLICY,
    "RECIPIENT-TYPE": "03",
    "PAYEE-NO": "01",
    "REGISTRANT-KANA": "ﾐﾎﾝ ｼﾞﾛｳ",
}
BASE: Mapping[str, Record] = {
    COUNTER.dd: {**_COMMON, **_LUMP, "TERMINAL-TYPE": "C1", "TERMINAL-ID": "C100000001"},
    MOBILE.dd: {**_COMMON, **_LUMP, "TERMINAL-TYPE": "M1", "TERMINAL-ID": "M100000001"},
    MAIL.dd: {
        **_COMMON,
        **_ANNUITY,
        "TERMINAL-TYPE": "L1",
        "TERMINAL-ID": "L100000001",
        "LETTER-NO": "L000000001",
    },
    ONLINE.dd: {
        "RECORD-TYPE": "2",
        "PF-KEY-ID": KEY_ID,
        **_ANNUITY,
        "ROUTE": "1",
        "INDIVIDUAL-NO": NUMBER,
        "BIRTH-MATCH": "1",
        "SEX-MATCH": "1",
        "JPKI-RESULT": "00",
        "ACCEPTED-AT": DAY + "101500",
        "PF-STORED-AT": DAY + "101300",
    },
}
CONTRACTOR: Record = {"RECIPIENT-TYPE": "01", "PAYEE-NO": "00", "REGISTRANT-KANA": "ｶｸｳ ﾀﾛｳ"}
"""Changes that make a request of the contractor's."""
COMPANY: Record = {
    "PAYEE-NO": "02",
    "INDIVIDUAL-NO": "",
    "CORPORATE-NO": COMPANY_NUMBER,
    "REGISTRANT-KANA": "ｶｸｳｼｮｳｶｲ",
}
"""Changes that make it one of the payee that is a company."""
MY_PAGE: Record = {**CONTRACTOR, "POLICY-NO": POLICY, "ROUTE": "2"}
"""Changes that make a declaration the contractor's, by マイページ."""
DELETION: Record = {"REQUEST-KIND": "3", "INDIVIDUAL-NO": "", "APPROVER-ID": APPROVERS[0]}
NOT_OBTAINED: Record = {"REQUEST-KIND": "4", "INDIVIDUAL-NO": "", "REASON-CODE": "02"}
TERMINALS: Sequence[Record] = (
    {"TERMINAL-ID": "C100000001", "TERMINAL-TYPE": "C1", "ALLOWED-FROM": "20260401"},
    {"TERMINAL-ID": "C100000002", "TERMINAL-TYPE": "C1", "ALLOWED-FROM": "20270113"},
    {"TERMINAL-ID": "C100000003", "TERMINAL-TYPE": "C1", "ALLOWED-FROM": DAY, "REVOKED-FROM": DAY},
    {"TERMINAL-ID": "C100000004", "TERMINAL-TYPE": "C1", "ALLOWED-FROM": DAY, "REVOKED-FROM": "20270113"},
    {"TERMINAL-ID": "C200000001", "TERMINAL-TYPE": "C2", "ALLOWED-FROM": "20260401"},
    {"TERMINAL-ID": "L100000001", "TERMINAL-TYPE": "L1", "ALLOWED-FROM": "20260401"},
    {"TERMINAL-ID": "M100000001", "TERMINAL-TYPE": "M1", "ALLOWED-FROM": "20260401"},
)
OFFICES: Sequence[Record] = tuple({"OFFICE-NO": number, "OFFICE-KIND": "1"} for number in ("12345", "23456"))
CONTRACTS: Sequence[Record] = (
    {"POLICY-NO": POLICY, "CONTRACT-STATUS": "1", "CONTRACTOR-PARTY": "1", "CONTRACTOR-KANA": "ｶｸｳ ﾀﾛｳ"},
    {
        "POLICY-NO": ANNUITY_POLICY,
        "CONTRACT-STATUS": "2",
        "CONTRACTOR-PARTY": "2",
        "CONTRACTOR-KANA": "ｶｸｳｼﾖｳｼﾞ",
    },
)
PAYEES: Sequence[Record] = (
    {
        "POLICY-NO": POLICY,
        "PAYEE-NO": "01",
        "RECIPIENT-TYPE": "02",
        "PAYEE-PARTY": "1",
        "PAYEE-KANA": "ｶｸｳ ﾊﾅｺ",
    },
    {
        "POLICY-NO": POLICY,
        "PAYEE-NO": "02",
        "RECIPIENT-TYPE": "02",
        "PAYEE-PARTY": "2",
        "PAYEE-KANA": "ｶｸｳｼｮｳｶｲ",
    },
    {
        "POLICY-NO": POLICY,
        "PAYEE-NO": "03",
        "RECIPIENT-TYPE": "03",
        "PAYEE-PARTY": "1",
        "PAYEE-KANA": "ﾐﾎﾝ ｼﾞﾛｳ",
    },
    {
        "POLICY-NO": ANNUITY_POLICY,
        "PAYEE-NO": "01",
        "RECIPIENT-TYPE": "03",
        "PAYEE-PARTY": "1",
        "PAYEE-KANA": "ﾐﾎﾝ ｼﾞﾛｳ",
    },
)
"""The lump sum's three payees: a person, a company, and one of an annuity that the contract does not pay."""


class Damaged(Exception):  # noqa: N818 - what it stands for is
    """Stands for the engine's DamagedDelivery."""


def named(changes: Mapping[str, object]) -> dict[str, object]:
    """Return changes by field name (``POLICY_NO`` is POLICY-NO)."""
    return {name.replace("_", "-"): value for name, value in changes.items()}


def detail(channel: Channel, *more: Record, **changes: object) -> Record:
    """Return a sound request of a channel, with changes."""
    record = {**BASE[channel.dd], **{name: value for one in more for name, value in one.items()}}
    return {**record, **named(changes)}


def records(layout: Layout, values: Iterable[Record], page: str = HOST) -> Block:
    """Return records of a layout in a code page: uint8[n, lrecl]; fields that are not text are filled with zero bytes."""
    space = bytes([code_page(page).space])
    data = []
    for record in values:
        for one in layout.fields:
            value = "" if one.filler else record.get(one.name, "")
            national = one.kind.name == "NATIONAL"
            if isinstance(value, bytes):
                data.append(value.ljust(one.length, space)[: one.length])
            else:
                data.append(encode_text([value], page, one.length, national=national).tobytes())
    return np.frombuffer(b"".join(data), np.uint8).reshape(-1, layout.length)


def delivered(
    channel: Channel, details: Sequence[Record], number: int = 1, page: str = "", **changes: object
) -> Block:
    """Return a file with its header and trailer; ``HEAD_...`` and ``TAIL_...`` change these."""
    page = page or PAGES[channel.dd]
    kinds = Counter(str(one.get("REQUEST-KIND", "1")) for one in details)
    common = {"CHANNEL": channel.code.decode(), "FILE-NO": f"{number:06d}"}
    head = {
        **common,
        "RECORD-TYPE": "1",
        "FILE-DATE": DAY,
        "SENDER-ID": "SENDER",
        "PERMIT-ID": PERMITS[0] if channel.permit else "",
    }
    tail = {
        **common,
        "RECORD-TYPE": "8",
        "RECORD-COUNT": f"{len(details):08d}",
        "REGISTERED": f"{kinds['1']:08d}",
        "CORRECTED": f"{kinds['2']:08d}",
        "DELETED": f"{kinds['3']:08d}",
        "NOT-OBTAINED": f"{kinds['4']:08d}",
    }
    for name, value in named(changes).items():
        where, _, item = name.partition("-")
        (head if where == "HEAD" else tail)[item] = value
    return np.concatenate(
        [
            records(load("INBHEAD"), [head], page),
            records(load(channel.member), details, page),
            records(load("INBTRLR"), [tail], page),
        ]
    )


@dataclass
class Waiting:
    """A file in an inbox; ``cuts`` are the sizes of its blocks, over and over; ``damaged_at`` a record that cannot be read."""

    content: Block
    name: str = "FILE.age"
    fault: str = ""
    twin: str = ""
    cuts: Sequence[int] = (1000,)
    damaged_at: int | None = None

    def blocks(self, lrecl: int) -> Iterator[Block]:
        assert lrecl == self.content.shape[1]
        for start, block in cut(self.content, self.cuts):
            if self.damaged_at is not None and start + len(block) > self.damaged_at:
                raise Damaged
            # The buffer is used again, as the reader does it.
            copy = block.copy()
            yield copy
            copy[:] = 0xFF


def cut(content: Block, cuts: Sequence[int]) -> Iterator[tuple[int, Block]]:
    """Yield a block in pieces of some sizes, with the place of each; one without records when there are none."""
    start, turn = 0, 0
    while start < max(len(content), 1):
        size = cuts[turn % len(cuts)]
        yield start, np.ascontiguousarray(content[start : start + size])
        start, turn = start + size, turn + 1


@dataclass
class World:
    """What an intake meets beside the files."""

    contracts: Sequence[Record] = CONTRACTS
    payees: Sequence[Record] = PAYEES
    offices: Sequence[Record] = OFFICES
    terminals: Sequence[Record] = TERMINALS
    permits: Sequence[str] = PERMITS
    approvers: Sequence[str] = APPROVERS
    cuts: Sequence[int] = (1000,)

    def source(self, layout: Layout) -> tuple[Iterator[Block], Layout, str]:
        """Return a master in blocks, its layout and its code page."""
        values = {
            "CONTRACT": self.contracts,
            "PAYEE": self.payees,
            "OFFICE": self.offices,
            "TERMMAST": self.terminals,
        }
        content = (
            contracts(values[layout.name])
            if layout.name == "CONTRACT"
            else records(layout, values[layout.name])
        )
        return (block for _, block in cut(content, self.cuts)), layout, HOST

    def intake(self) -> Intake:
        """Return the intake of the day."""
        own = {"permits": self.permits, "approvers": self.approvers}
        return Intake.on_day(TODAY, own, (self.source(OFFICE), self.source(TERMINAL)), Damaged)


def contracts(values: Sequence[Record]) -> Block:
    """Return contract master records; only what the intake looks at is filled."""
    out = np.full((len(values), CONTRACT.length), 0x40, np.uint8)
    for name in ("POLICY-NO", "CONTRACT-STATUS", "CONTRACTOR-PARTY", "CONTRACTOR-KANA"):
        one = CONTRACT[name]
        for row, record in enumerate(values):
            value = record.get(name, "")
            raw = value if isinstance(value, bytes) else encode_text([value], HOST, one.length).tobytes()
            out[row, one.offset : one.offset + len(raw)] = np.frombuffer(raw, np.uint8)
    return out


@dataclass
class Result:
    """What an intake gave."""

    transactions: Block
    rejects: Block
    counts: dict[str, int]
    verdicts: dict[str, list[tuple[str, Verdict]]] = field(default_factory=dict)
    pf_keys: list[tuple[str, str, str, str]] = field(default_factory=list)

    @property
    def accepted(self) -> list[dict[str, Any]]:
        return rows(load("REGTRAN"), self.transactions)

    @property
    def rejected(self) -> list[dict[str, Any]]:
        return rows(load("REGREJ"), self.rejects, besides="SOURCE-RECORD")

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """Reason and field of each rejected record, in the order of the list."""
        return [(one["REASON"], one["FIELD-NAME"]) for one in self.rejected]

    def refused(self, channel: Channel) -> list[str]:
        """The reason of each file of a channel, in the order in which they were judged."""
        return [verdict.reason for _, verdict in self.verdicts[channel.dd]]


def run(
    files: Mapping[str, Sequence[Waiting]],
    world: World | None = None,
    *,
    expected: int = 1,
    pages: Mapping[str, str] = PAGES,
    target: int = 1,
) -> Result:
    """Take in files: the flow of the step program with plain sorts in place of sealed files.

    Args:
        files: by DD of the channel.
        world: what stands beside them.
        expected: the number that every inbox expects.
        pages: code page of each channel.
        target: see :func:`groups`.
    """
    world = world or World()
    intake = world.intake()
    requests, rejects, verdicts = (
        [np.empty((0, request.LRECL), np.uint8)],
        [np.empty((0, rejection.LRECL), np.uint8)],
        {},
    )
    for channel in CHANNELS:
        desk = intake.desk(channel, load(channel.member), pages[channel.dd])
        verdicts[channel.dd] = []
        for waiting, verdict in desk.judged(files.get(channel.dd, ()), expected):
            verdicts[channel.dd].append((waiting.name, verdict))
            if not verdict.reason:
                for found, refused in desk.read(waiting, verdict):
                    requests.append(found.copy())
                    rejects.append(refused.copy())
    ordered = (block for _, block in cut(sort(requests, request.KEY_LENGTH), world.cuts))
    walks = (
        contract.contractors(*world.source(CONTRACT)),
        contract.payees(*world.source(PAYEE)),
    )
    accepted = [np.empty((0, request.TRAN_LRECL), np.uint8)]
    for found, refused in intake.checked(groups(ordered, request.POLICY_KEY, target), *walks):
        accepted.append(found.copy())
        rejects.append(refused.copy())
    listed = sort(rejects, rejection.KEY_LENGTH)
    reader = intake.pf_keys(load(ONLINE.member), pages[ONLINE.dd])
    return Result(
        np.concatenate(accepted),
        listed,
        dict(intake.counts),
        verdicts,
        list(reader.keys(listed)),
    )


def alone(
    channel: Channel, *more: Record, world: World | None = None, page: str = "", **changes: object
) -> Result:
    """Take in one request alone."""
    content = delivered(channel, [detail(channel, *more, **changes)], page=page)
    pages = {**PAGES, channel.dd: page} if page else PAGES
    return run({channel.dd: [Waiting(content)]}, world, pages=pages)
