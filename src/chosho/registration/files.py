"""Delivered files (受付ファイル): whether a file is sound, which is known before one of its requests is looked at.

A file is a header, details and a trailer, read block by block: the trailer is only known when nothing comes behind it. The first
reason in the order of :data:`REASONS` decides; a file with a reason is refused whole and stays in the inbox.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from chosho.codec import batch as batches
from chosho.codec.batch import Block
from chosho.codec.codepages import Table
from chosho.codec.codepages import code_page as page
from chosho.codec.transcoder import Transcoder
from chosho.copybook import Layout, load
from chosho.registration import moment
from chosho.registration.channels import Channel
from chosho.registration.facts import CORRECT, DELETE, NOT_OBTAINED, REGISTER

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "FPLN": "CHSA001E",
        "FDEC": "CHSA002E",
        "FLEN": "CHSA003E",
        "FNAM": "CHSA004E",
        "FACC": "CHSA017E",
        "FHDR": "CHSA005E",
        "FCHN": "CHSA006E",
        "FDAT": "CHSA007E",
        "FSEQ": "CHSA008E",
        "FDUP": "CHSA009E",
        "FTRL": "CHSA010E",
        "FTYP": "CHSA011E",
        "FCNT": "CHSA012E",
        "FPER": "CHSA013E",
    }
)
"""Why a whole file is refused, in the order in which it is asked, and the message that says so."""
HEADER, DETAIL, TRAILER = b"128"
"""RECORD-TYPE."""
KIND_TOTALS = {
    REGISTER: "REGISTERED",
    CORRECT: "CORRECTED",
    DELETE: "DELETED",
    NOT_OBTAINED: "NOT-OBTAINED",
}
"""Kind of request → its control total in the trailer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What a header says (ファイル見出し); ``reason`` when it is not sound, the other items are then 0 or empty."""

    reason: str = ""
    number: int = 0
    date: int = moment.NONE
    permit: str = ""


class FileCheck:
    """Judges the files of one channel.

    Args:
        channel: the channel.
        layout: of its details.
        code_page: of its files.
        today: the business date, yyyymmdd.
        permits: the permits that a batch of letters may carry.
    """

    def __init__(
        self, channel: Channel, layout: Layout, code_page: str, *, today: int, permits: Iterable[str] = ()
    ) -> None:
        self._channel = channel
        self._today = today
        self._permits = frozenset(permits)
        self._ascii = page(code_page).single
        self._lrecl = layout.length
        self._type = layout["RECORD-TYPE"].offset
        self._kind = layout["REQUEST-KIND"].offset if "REQUEST-KIND" in layout else None
        self._head = _Items("INBHEAD", code_page)
        self._tail = _Items("INBTRLR", code_page)

    def head(self, blocks: Iterable[Block]) -> Head:
        """Read the header of a file, the first record of its first block."""
        items = None
        for block in blocks:
            if len(block):
                items = self._head.read(block[:1])
                break
        if items is None or not self._is_header(items):
            return Head(reason="FHDR")
        day = _day(items["FILE-DATE"])
        number = int(items["FILE-NO"])
        reason = ""
        if items["CHANNEL"] != self._channel.code.decode():
            reason = "FCHN"
        elif day == moment.NONE or day > self._today:
            reason = "FDAT"
        return Head(reason=reason, number=number, date=day, permit=items["PERMIT-ID"].rstrip(" "))

    def body(self, blocks: Iterable[Block], head: Head) -> tuple[str, int]:
        """Read a whole file whose header is sound, and return what is wrong with it ("" for nothing) and its details."""
        tally = _Tally(self._ascii, self._type, self._kind)
        header, last = 1, np.empty((0, self._lrecl), np.uint8)
        for block in blocks:
            rest = block[header:]
            header = max(header - len(block), 0)
            if len(rest):
                # The last record so far is a detail as soon as another one follows.
                tally.add(last)
                tally.add(rest[:-1])
                last = rest[-1:].copy()
        return self._judge(tally, last, head), tally.records

    def _judge(self, tally: "_Tally", last: Block, head: Head) -> str:
        if not len(last) or self._ascii[last[0, self._type]] != TRAILER:
            return "FTRL"
        items = self._tail.read(last)
        own = (self._channel.code.decode(), f"{head.number:06d}")
        if items is not None and (items["CHANNEL"], items["FILE-NO"]) != own:
            return "FTRL"
        if tally.wrong:
            return "FTYP"
        if items is None or not tally.balances(items):
            return "FCNT"
        if self._channel.permit and head.permit not in self._permits:
            return "FPER"
        return ""

    def _is_header(self, items: dict[str, str]) -> bool:
        """Whether the items of a header are what they must be; channel and date have reasons of their own."""
        number = items["FILE-NO"]
        return (
            items["RECORD-TYPE"] == chr(HEADER)
            and _is_digits(number)
            and int(number) > 0
            and not (items["MESSAGE-KIND"] + items["INSTRUCTION-ID"]).strip(" ")
        )


def details(blocks: Iterable[Block], records: int) -> Iterator[tuple[int, Block]]:
    """Yield the details of a file that was found sound, with the number of the first of each block (the header is 1)."""
    number = 1
    for block in blocks:
        start, end = max(2 - number, 0), min(len(block), records + 2 - number)
        if start < end:
            yield number + start, block[start:end]
        number += len(block)


class _Items:
    """Reads the items of a header or trailer as texts."""

    def __init__(self, member: str, code_page: str) -> None:
        layout = load(member)
        self._fields = layout.named()
        self._length = layout.length
        self._transcoder = Transcoder(
            layout.fields, code_page, layout.fields, layout.length, [(name, name) for name in self._fields]
        )

    def read(self, record: Block) -> dict[str, str] | None:
        """Return the items of one record (uint8[1, 200]), or None when one cannot be read or is not ASCII."""
        out = np.empty((1, self._length), np.uint8)
        faults = self._transcoder.run(np.ascontiguousarray(record), out)
        if len(faults) or (out > ord("~")).any():
            return None
        return {
            name: batches.view(self._fields, out, name).tobytes().decode("ascii") for name in self._fields
        }


class _Tally:
    """Counts the details of a file.

    Args:
        to_ascii: page byte → CP932 code.
        type_at: where RECORD-TYPE stands.
        kind_at: where REQUEST-KIND stands; None where every detail is a 登録.
    """

    def __init__(self, to_ascii: Table, type_at: int, kind_at: int | None) -> None:
        self._ascii = to_ascii
        self._type, self._kind = type_at, kind_at
        self._kinds = dict.fromkeys(KIND_TOTALS, 0)
        self.records = 0
        self.wrong = False
        """Whether a record between header and trailer is no detail."""

    def add(self, records: Block) -> None:
        """Count some records."""
        self.wrong |= bool((self._ascii[records[:, self._type]] != DETAIL).any())
        self.records += len(records)
        if self._kind is None:
            self._kinds[REGISTER] += len(records)
            return
        kinds = self._ascii[records[:, self._kind]]
        for kind in self._kinds:
            self._kinds[kind] += int(np.count_nonzero(kinds == kind[0]))

    def balances(self, items: Mapping[str, str]) -> bool:
        """Return whether the totals of a trailer are those counted."""
        counted = {"RECORD-COUNT": self.records} | {KIND_TOTALS[kind]: n for kind, n in self._kinds.items()}
        return all(_is_digits(items[name]) and int(items[name]) == n for name, n in counted.items())


def _day(text: str) -> int:
    return int(moment.days(np.frombuffer(text.encode("ascii"), np.uint8).reshape(1, -1))[0])


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
