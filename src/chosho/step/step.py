"""What a step program sees (ステップ): DDs, parameters, business date; its counts become its code.

::

    def run(step: Step) -> None:
        with step.writer("KEPT") as kept:
            for block in step.reader("IN").blocks():
                kept.write(choose(block))
        step.count("read", step.reader("IN").records)
"""

import multiprocessing
import os
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chosho import disk
from chosho.dataset.part import PartResult, PartSource, PartTarget
from chosho.errors import InputRefused, ReturnCode, message_table
from chosho.step import guard, wire
from chosho.step.channel import Channel
from chosho.step.counts import Counts
from chosho.step.facts import DdFacts, Facts
from chosho.step.registers import Registers

if TYPE_CHECKING:  # the engines behind these bring compiled kernels along; a step loads what it opens
    from chosho.copybook import Layout
    from chosho.dataset.reader import Reader
    from chosho.dataset.sort import ExternalSort
    from chosho.dataset.writer import Writer

_PROGRESS_EVERY = 0.1
"""Seconds between two reports of progress; more would only be noise on a terminal."""

_SEVERITY = {"I": 0, "W": ReturnCode.WARNING, "E": ReturnCode.CONTRADICTION, "S": ReturnCode.STOP}


class Step(Registers):
    """A running step, as its program sees it.

    Args:
        facts: what the supervisor told at the start.
        channel: the way to the supervisor.
    """

    def __init__(self, facts: Facts, channel: Channel) -> None:
        super().__init__(facts, channel)
        self._counts = Counts()
        self._code = 0
        self._writers: dict[str, Writer] = {}
        self._written: dict[str, list[PartResult]] = {}
        self._temporary: dict[str, PartTarget] = {}
        self._next_progress = 0.0

    # Facts --

    @property
    def run_id(self) -> str:
        """Id of the run (実行番号), as ``JANUARY.20270112.01``."""
        return self._facts.run_id

    @property
    def job(self) -> str:
        """Name of the deck."""
        return self._facts.job

    @property
    def step_name(self) -> str:
        """Name of the step in the deck."""
        return self._facts.step

    @property
    def business_date(self) -> date:
        """Business date (業務日付) of the run."""
        return self._facts.business_date

    @property
    def parameters(self) -> Mapping[str, str]:
        """The step's ``parm:``, with its symbols filled in."""
        return MappingProxyType(dict(self._facts.parameters))

    @property
    def settings(self) -> Mapping[str, Any]:
        """The settings of the data root (``SETTINGS.yaml``)."""
        return MappingProxyType(dict(self._facts.settings))

    # DDs --

    def present(self, dd: str) -> bool:
        """Return whether a DD's dataset exists; only an optional one can be missing.

        Raises:
            InputRefused: the deck gives the step no such DD (CHSS010E).
        """
        return self._facts.dd(dd).present

    def given(self, dd: str) -> bool:
        """Return whether the deck gives the step a DD, for a program that can do without."""
        return dd in self._facts.dds

    def dsn(self, dd: str) -> str:
        """Return a DD's dataset name with its absolute generation."""
        return self._facts.dd(dd).dsn

    def code_page(self, dd: str) -> str:
        """Return the code page of a DD's text."""
        return self._facts.dd(dd).code_page

    def lrecl(self, dd: str) -> int:
        """Return a DD's record length in bytes; 0 when it has no fixed records."""
        return self._facts.dd(dd).lrecl

    def key(self, dd: str) -> int:
        """Return how many bytes at the start of a record order it; 0 when the dataset has no order."""
        return self._facts.dd(dd).key

    def layout(self, dd: str) -> "Layout":
        """Return a DD's record layout on the business date.

        Raises:
            InputRefused: the DD has no fixed records (CHSS011E), or the copybook cannot be read.
        """
        facts = self._facts.dd(dd)
        if facts.copybook is None:
            raise InputRefused("CHSS011E", dd=dd, dsn=facts.dsn)
        from chosho import copybook  # loaded when a step asks for a layout

        return copybook.load(facts.copybook)

    def parts(self, dd: str) -> list[PartSource]:
        """Open a DD for reading and return its parts in their order.

        The right to it is checked and the access is journalled before this returns.

        Raises:
            InputRefused: the DD is not there, is written by this step, or the right to it is missing.
            StopLine: its keys are missing or destroyed.
        """
        facts = self._reading(dd)
        return [wire.to_source(part) for part in self._channel.ask("open", dd=facts.name)["parts"]]

    def reader(self, dd: str, *, key: int | None = None) -> "Reader":
        """Open a DD for reading, as :meth:`parts`, and return its reader.

        Args:
            dd: name of the DD.
            key: how many bytes order a record; None takes the catalogue's.
        """
        from chosho.dataset.reader import Reader  # loaded when a step reads

        facts = self._reading(dd)
        return Reader(self.parts(dd), lrecl=facts.lrecl, key=facts.key if key is None else key)

    def writer(self, dd: str) -> "Writer":
        """Open a new dataset for writing; a writer left open is finished by the end of the step.

        Raises:
            InputRefused: the DD is not new (CHSS013E), or has a writer already (CHSS014E).
        """
        from chosho.dataset.writer import Writer  # loaded when a step writes

        facts = self._new(dd)
        if dd in self._writers:
            raise InputRefused("CHSS014E", dd=dd)
        writer = Writer(lambda _label: self.new_part(dd), recfm=facts.recfm, lrecl=facts.lrecl)
        self._writers[dd] = writer
        return writer

    def write_file(self, dd: str, label: str, data: bytes) -> None:
        """Write one small file into a new dataset of recfm U; may be called again with another label."""
        writer = self._writers.get(dd) or self.writer(dd)
        with writer.part(label) as sink:
            sink.write(data)

    def sorter(self, *, lrecl: int, key_length: int, expected: int) -> "ExternalSort":
        """Return an external sort (外部整列) whose sealed work files vanish with the step.

        Args:
            lrecl: bytes of a record.
            key_length: bytes at the start of a record that order it.
            expected: about how many records will come.
        """
        from chosho.dataset.sort import ExternalSort  # loaded when a step sorts

        return ExternalSort(
            lambda: self.new_temp(lrecl), self.open_temp, lrecl, key_length, expected=expected
        )

    # Parts, for worker processes --

    def pool(self, processes: int = 2) -> ProcessPoolExecutor:
        """Return a pool of worker processes that die with the step."""
        return ProcessPoolExecutor(
            processes,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=guard.begin_worker,
            initargs=(os.getpid(),),
        )

    def new_part(self, dd: str) -> PartTarget:
        """Return the place and keys of a fresh part of a new dataset; its INTENT is durable by now."""
        return wire.to_target(self._channel.ask("new", dd=self._new(dd).name)["part"])

    def wrote(self, dd: str, *results: PartResult) -> None:
        """Report parts that a worker has written; they stand in the order of the reports."""
        self._written.setdefault(self._new(dd).name, []).extend(results)

    def new_temp(self, lrecl: int = 0) -> PartTarget:
        """Return the place and keys of a work file, whose key never reaches the disk.

        Args:
            lrecl: bytes of a record, so that sealed segments end with one; 0 when there are none.
        """
        target = wire.to_target(self._channel.ask("temp", lrecl=lrecl)["part"])
        self._temporary[target.id] = target
        return target

    def open_temp(self, result: PartResult) -> PartSource:
        """Return a work file of this step for reading."""
        return result.source(self._temporary[result.id])

    def drop_temp(self, result: PartResult) -> None:
        """Give the room of a work file back before the step ends."""
        disk.remove(self._temporary.pop(result.id).path)

    # Counts, messages --

    @property
    def counts(self) -> dict[str, int]:
        """The counts so far."""
        return self._counts.all()

    def count(self, name: str, n: int = 1) -> None:
        """Add to a count; ``n`` of 0 declares it, which a balance needs.

        Raises:
            ValueError: the name is malformed.
        """
        self._counts.add(name, n)

    def add_counts(self, counts: Mapping[str, int]) -> None:
        """Add to several counts.

        Raises:
            ValueError: a name is malformed.
        """
        for name, n in counts.items():
            self.count(name, n)

    def set_count(self, name: str, n: int) -> None:
        """Set a count.

        Raises:
            ValueError: the name is malformed.
        """
        self._counts.set(name, n)

    def message(self, message_id: str, **fields: object) -> None:
        """Write a message of the table to the job log; W raises the return code to 4, E to 8, S to 16.

        Raises:
            KeyError: there is no such message, or it lacks a field.
        """
        message_table()[message_id].format(**fields)
        self._channel.ask("message", id=message_id, fields=wire.plain(fields))
        self._raise_to(_SEVERITY[message_id[-1]])

    def warn(self) -> None:
        """Raise the return code to 4."""
        self._raise_to(ReturnCode.WARNING)

    def contradiction(self, message_id: str, **fields: object) -> None:
        """Write a message now and end with code 8 at least, after the program has finished its lists."""
        self.message(message_id, **fields)
        self._raise_to(ReturnCode.CONTRADICTION)

    def progress(self, done: int, total: int) -> None:
        """Tell how far the step is, in any unit; cheap enough to call for every block."""
        moment = time.perf_counter()
        if moment >= self._next_progress or done >= total:
            self._next_progress = moment + _PROGRESS_EVERY
            self._channel.ask("progress", done=int(done), total=int(total))

    # Keys, registers --

    def password(self, password_id: str, *, create: bool = False) -> str:
        """Return a medium's passphrase (媒体パスワード), which is kept sealed; the look is journalled.

        Args:
            password_id: its id, which holds the run id.
            create: make a fresh one; one that an earlier attempt of this run left is destroyed.
        """
        return str(self._channel.ask("password", id=password_id, create=create)["text"])

    def password_id(self, password_id: str) -> str:
        """Return the id under which that passphrase is kept.

        An id is never used twice, so a later attempt's has a suffix.
        """
        return str(self._channel.ask("password_id", id=password_id)["id"])

    def register(self, *, dd: str, label: str, **items: object) -> None:
        """Enter a medium in the media register (媒体管理簿); committed with the step.

        Args:
            dd: a DD of this step that holds the image.
            label: the label of the image's part.
            items: the columns of the register (:class:`chosho.control.media.Medium`); the run, the part,
            its path and
                its SHA-256 are filled in.

        Raises:
            InputRefused: there is no such part (CHSB051E), or a column is missing or unknown (CHSB052E).
        """
        values = {name: _json(value) for name, value in items.items()}
        self._channel.ask("register", items={"dd": dd, "label": label, **values})

    def journal_head(self) -> str:
        """Return the head of the journal as ``number:hash``."""
        return self.journal_note()[0]

    def journal_note(self) -> tuple[str, str]:
        """Return the head of the journal as ``number:hash`` and as the signed note that anybody can check."""
        answer = self._channel.ask("journal_head")
        return str(answer["head"]), str(answer["note"])

    # End --

    def finish(self, *, orderly: bool) -> None:
        """Finish the writers that are open and report every part; called by the runner, not by programs.

        Args:
            orderly: False after an error: then only the writers of ``keep: always`` DDs are finished.
        """
        first: Exception | None = None
        for dd in list(self._writers | self._written):
            if not orderly and not self._facts.dd(dd).keep:
                continue
            try:
                self._finish_one(dd)
            except Exception as error:
                if orderly:
                    raise
                first = first or error  # one list that cannot be finished does not take the others along
        if first is not None:
            raise first

    def _finish_one(self, dd: str) -> None:
        writer = self._writers.get(dd)
        if writer is not None:
            self._written.setdefault(dd, []).extend(writer.finish())
            del self._writers[dd]
        parts = [wire.from_result(part) for part in self._written[dd]]
        self._channel.ask("written", dd=dd, parts=parts)

    @property
    def code(self) -> int:
        """The return code as it stands: rejected records make it 4."""
        rejected = ReturnCode.WARNING if self._counts.all().get("rejected") else ReturnCode.CLEAN
        return max(self._code, rejected)

    def _raise_to(self, code: int) -> None:
        self._code = max(self._code, code)

    def _reading(self, dd: str) -> DdFacts:
        facts = self._facts.dd(dd)
        if facts.mode == "NEW":
            raise InputRefused("CHSS012E", dd=dd, dsn=facts.dsn)
        if not facts.present:
            raise InputRefused("CHSS015E", dd=dd, dsn=facts.dsn)
        return facts

    def _new(self, dd: str) -> DdFacts:
        facts = self._facts.dd(dd)
        if facts.mode != "NEW":
            raise InputRefused("CHSS013E", dd=dd, dsn=facts.dsn)
        return facts


def _json(value: object) -> object:
    return value if value is None or isinstance(value, int | str | dict) else str(value)
