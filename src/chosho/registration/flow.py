"""The flow of the intake (受付の流れ): the driver's side of its rules, as streams of blocks in and out, with the control totals.

Files, sorting and grouping are the step program's.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from chosho.codec import batch as batches
from chosho.codec.batch import Block
from chosho.copybook import Layout
from chosho.registration import contract, duplicates, person, rejection, totals
from chosho.registration.channels import Channel
from chosho.registration.contract import MasterWalk
from chosho.registration.files import FileCheck
from chosho.registration.inbox import D, Delivered, Inbox, Verdict
from chosho.registration.reading import RequestReader
from chosho.registration.reference import References, Source, on_day


@dataclass(frozen=True, kw_only=True)
class Intake:
    """One night's intake.

    Attributes:
        references: offices, terminals, approvers, business date.
        permits: the permits that a batch of letters may carry.
        damaged: what reading a file raises when its content proves damaged.
        counts: the control totals so far.
        online_dates: number of each online file that was taken → its date, yyyymmdd.
    """

    references: References
    permits: tuple[str, ...]
    damaged: type[Exception]
    counts: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(totals.ALWAYS, 0)))
    online_dates: dict[str, str] = field(default_factory=dict)

    @classmethod
    def on_day(
        cls,
        day: dt.date,
        settings: Mapping[str, Any],
        tables: tuple[Source, Source],
        damaged: type[Exception],
    ) -> Self:
        """Return the intake of a business date.

        Args:
            day: the business date.
            settings: ``registration`` of the settings: ``permits`` and ``approvers``.
            tables: office file and terminal file.
            damaged: see above.

        Raises:
            InputRefused: office or terminal file cannot be read, or a key stands twice (CHSA016E).
        """
        references = on_day(day, *tables, settings["approvers"])
        return cls(references=references, permits=tuple(settings["permits"]), damaged=damaged)

    def desk(self, channel: Channel, layout: Layout, code_page: str) -> "Desk":
        """Return the desk of a channel, whose details have this layout and code page."""
        return Desk(self, channel, layout, code_page)

    def checked(self, requests: Iterable[Block], *walks: MasterWalk) -> Iterator[tuple[Block, Block]]:
        """Yield the REGTRAN records of accepted requests, in order, and the REGREJ records of the others.

        Args:
            requests: sound ones in ascending order of their key, in blocks that are whole groups of the policy number.
            walks: over contract master and payee register.

        Raises:
            StopLine: a master's key cannot be read (CHSX008S), or it is not in order (CHSX009S).
        """
        for asked, persons in contract.beside(requests, *walks):
            known = person.known(batches.to_batch(asked), batches.to_batch(persons))
            single = duplicates.single(known["requests"])
            transactions = batches.block(single["transactions"])
            self.counts.update(totals.of_transactions(transactions))
            for found in (known, single):
                rejects = batches.block(found["rejects"])
                self.counts.update(totals.of_rejects(rejects))
                yield transactions, rejects
                transactions = transactions[:0]

    def pf_keys(self, layout: Layout, code_page: str) -> rejection.PfKeyReader:
        """Return the reader of the PF's keys in rejected declarations, whose source has this layout and code page."""
        return rejection.PfKeyReader(layout, code_page, self.references.today, self.online_dates)


class Desk:
    """Takes the files of one channel (受付窓口).

    Args:
        intake: the night's.
        channel: the channel.
        layout: of its details.
        code_page: of its files.
    """

    def __init__(self, intake: Intake, channel: Channel, layout: Layout, code_page: str) -> None:
        self._counts = intake.counts
        self._dd, self._channel = channel.dd, channel.name
        self._today = intake.references.today
        self._dates = intake.online_dates if channel.online else {}
        check = FileCheck(channel, layout, code_page, today=self._today, permits=intake.permits)
        self._inbox = Inbox(check, layout.length, intake.damaged)
        self._reader = RequestReader(channel, layout, code_page, intake.references)

    def judged(self, waiting: Iterable[D], expected: int) -> Iterator[tuple[D, Verdict]]:
        """Yield the files that wait with their verdicts, in the order in which they are to be taken (:meth:`Inbox.judged`)."""
        for delivery, verdict in self._inbox.judged(waiting, expected):
            if verdict.reason:
                self._counts["files.refused"] += 1
            else:
                self._counts.update({"files.taken": 1, f"files.taken.{self._channel}": 1})
            yield delivery, verdict
        self._counts["missing"] += self.missing

    def read(self, delivery: Delivered, verdict: Verdict) -> Iterator[tuple[Block, Block]]:
        """Yield the requests of a file that is taken (see :mod:`request`), and the REGREJ records of those that are not sound.

        Raises:
            StopLine: the file is not the one that was judged (CHSA015S).
        """
        self._dates[f"{verdict.number:06d}"] = f"{verdict.date:%Y%m%d}"
        for first, details in self._inbox.details(delivery, verdict, self._dd):
            requests, findings = self._reader.read(details, verdict.number, first)
            rejects = rejection.records(requests, findings)
            self._counts.update({"read": len(requests), f"read.{self._channel}": len(requests)})
            self._counts.update(totals.of_rejects(rejects))
            yield requests[findings.sound], rejects

    @property
    def missing(self) -> bool:
        """Whether no file of the business date has come."""
        return self._today not in self._inbox.dates
