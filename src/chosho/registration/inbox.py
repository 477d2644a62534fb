"""The inbox of a channel (受付順): its files in the order of their numbers, each judged when its turn comes.

A file is taken when its number is the next one; so two waiting files in sequence are both taken in one night, and a file behind a
gap waits. A file that is refused leaves the gap open.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from chosho.codec.batch import Block
from chosho.errors import StopLine
from chosho.registration import files, moment
from chosho.registration.files import FileCheck, Head


class Delivered(Protocol):
    """A file that waits in an inbox (受付ファイル)."""

    @property
    def name(self) -> str:
        """Its name, fit for messages."""
        ...

    @property
    def fault(self) -> str:
        """Why its content is not even read; "" when it can be."""
        ...

    @property
    def twin(self) -> str:
        """The name of an earlier file with the same bytes, or ""."""
        ...

    def blocks(self, lrecl: int) -> Iterator[Block]:
        """Yield its records, each time from the start."""
        ...


D = TypeVar("D", bound=Delivered)


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What becomes of a file.

    Attributes:
        reason: why it is refused; "" when it is taken.
        number: its number; 0 when its header cannot be read.
        date: its date; the first of all days when its header cannot be read.
        records: its details, when it was read to its end.
        expected: the number that was due.
    """

    reason: str
    number: int
    date: dt.date
    records: int
    expected: int

    @property
    def message(self) -> str:
        """The id of the message that says why it is refused."""
        return files.REASONS[self.reason]

    @property
    def numbers(self) -> dict[str, int]:
        """What that message says of numbers."""
        return {"number": self.number, "expected": self.expected}


class Inbox:
    """Judges the files of one channel in their order.

    Args:
        check: of the channel.
        lrecl: bytes of a record.
        damaged: what reading a file raises when its content proves damaged.
    """

    def __init__(self, check: FileCheck, lrecl: int, damaged: type[Exception]) -> None:
        self._check = check
        self._lrecl = lrecl
        self._damaged = damaged
        self.dates: set[int] = set()
        """The dates (yyyymmdd) of the files whose header is sound."""

    def judged(self, waiting: Iterable[D], expected: int) -> Iterator[tuple[D, Verdict]]:
        """Yield each file with its verdict, in ascending order of their numbers; unreadable ones come first.

        Args:
            waiting: the files, by name.
            expected: the number that is due next.
        """
        opened = [(self._head(delivery), delivery) for delivery in waiting]
        self.dates.update(head.date for head, _ in opened if not head.reason)
        for head, delivery in sorted(opened, key=lambda one: one[0].number):
            reason, records = self._judge(head, delivery, expected)
            yield (
                delivery,
                Verdict(
                    reason=reason, number=head.number, date=_date(head), records=records, expected=expected
                ),
            )
            expected += not reason

    def details(self, delivery: Delivered, verdict: Verdict, dd: str) -> Iterator[tuple[int, Block]]:
        """Yield the details of a file that is taken, each block with the number of its first record in the file.

        Raises:
            StopLine: the file is not the one that was judged (CHSA015S).
        """
        records = 0
        try:
            for first, block in files.details(delivery.blocks(self._lrecl), verdict.records):
                records += len(block)
                yield first, block
        except self._damaged:
            raise StopLine("CHSA015S", dd=dd, file=delivery.name) from None
        if records != verdict.records:
            raise StopLine("CHSA015S", dd=dd, file=delivery.name)

    def _head(self, delivery: Delivered) -> Head:
        if delivery.fault:
            return Head(reason=delivery.fault)
        try:
            return self._check.head(delivery.blocks(self._lrecl))
        except self._damaged:
            return Head(reason="FDEC")

    def _judge(self, head: Head, delivery: Delivered, expected: int) -> tuple[str, int]:
        if head.reason:
            return head.reason, 0
        if head.number > expected:
            return "FSEQ", 0
        if head.number < expected or delivery.twin:
            return "FDUP", 0
        try:
            return self._check.body(delivery.blocks(self._lrecl), head)
        except self._damaged:
            return "FDEC", 0


def _date(head: Head) -> dt.date:
    if head.date == moment.NONE:
        return dt.date.min
    return dt.date(head.date // 10_000, head.date // 100 % 100, head.date % 100)
