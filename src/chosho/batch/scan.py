"""Scan (検査実行, TYPRUN=SCAN): every fault of a deck at once, with file and line, before anything runs.

It goes past JCL's scan: programs and datasets must exist, the life of each dataset is followed from step to
step (made before it is read, made once, not read after its deletion), and conditions and balances must look
back, never forward.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Protocol

from chosho.batch.deck import Disposition, Mode
from chosho.batch.expand import Fault, Job, JobDd, JobStep
from chosho.batch.members import Libraries
from chosho.errors import InputRefused


class Entry(Protocol):
    """What a scan asks of a catalogue entry."""

    @property
    def foreign(self) -> bool:
        """Whether it is a file of another system, or an inbox, and no dataset of ours."""

    @property
    def recfm(self) -> str:
        """F, T or U; only F has a record layout."""

    def layout(self, business_date: date) -> object:
        """Return the record layout on a date, or refuse."""


def scan(
    job: Job,
    libraries: Libraries,
    entry: Callable[[str], Entry | None],
    rules: Collection[str] = (),
) -> list[Fault]:
    """Return the faults of an expanded job.

    Args:
        job: what :func:`chosho.batch.expand.expand` gave.
        libraries: where step programs are found.
        entry: gives the catalogue's entry of a dataset name, or None.
        rules: names of the rules of the retention table.
    """
    return _Scan(job, libraries, entry, rules).faults()


def refuse(deck: str, faults: list[Fault]) -> None:
    """Refuse a deck that has faults.

    Raises:
        InputRefused: there is one at least (CHSB002E); its text lists them all, one a line.
    """
    if faults:
        ordered = sorted(faults, key=lambda fault: (fault.source, fault.line))
        listed = "\n  ".join(map(str, ordered))
        raise InputRefused("CHSB002E", deck=deck, number=len(faults), faults=f"\n  {listed}")


class _Scan:
    def __init__(
        self, job: Job, libraries: Libraries, entry: Callable[[str], Entry | None], rules: Collection[str]
    ) -> None:
        self._job = job
        self._rules = rules
        self._libraries = libraries
        self._entry = entry
        self._faults: list[Fault] = []
        self._seen: dict[str, JobStep] = {}
        self._made: dict[str, str] = {}
        self._deleted: dict[str, str] = {}

    def faults(self) -> list[Fault]:
        names = {step.name for step in self._job.steps}
        for step in self._job.steps:
            if step.name in self._seen:
                self._fault(step, step.line, "CHSB020E", step=step.name)
            if self._libraries.program(step.pgm) is None:
                self._fault(step, step.place("pgm"), "CHSB021E", step=step.name, pgm=step.pgm)
            for dd in step.dds:
                self._dd(step, dd)
            for number, rule in enumerate(step.rules):
                if rule not in self._rules:
                    self._fault(step, step.place("rules", number), "CHSB034E", step=step.name, rule=rule)
            for dd in step.dds:
                if dd.mode is Mode.NEW:
                    self._made[dd.written] = step.name
                if dd.disposition.deletes:
                    self._deleted[dd.written] = step.name
            self._looks_back(step, names)
            self._seen[step.name] = step
        return self._faults

    def _dd(self, step: JobStep, dd: JobDd) -> None:
        entry = self._entry(dd.dsn)
        fields: Mapping[str, object] = {"step": step.name, "dd": dd.name, "dsn": dd.written}
        if entry is None:
            self._fault(step, dd.line, "CHSB022E", **fields)
            return
        if entry.recfm == "F":
            try:
                entry.layout(self._job.business_date)
            except InputRefused as refusal:
                self._fault(step, dd.line, refusal.message_id, **refusal.fields)
        if entry.foreign:
            if dd.relative is not None or dd.disposition is not Disposition.SHR:
                self._fault(step, dd.line, "CHSB023E", **fields)
        elif dd.relative is None:
            self._fault(step, dd.line, "CHSB024E", **fields)
        elif dd.mode is Mode.NEW:
            self._creates(step, dd, fields)
        else:
            self._uses(step, dd, fields)

    def _uses(self, step: JobStep, dd: JobDd, fields: Mapping[str, object]) -> None:
        if (dd.relative or 0) > 0 and dd.written not in self._made:
            self._fault(step, dd.line, "CHSB025E", **fields)
        if dd.written in self._deleted:
            self._fault(step, dd.line, "CHSB027E", **fields, earlier=self._deleted[dd.written])
        if dd.keep:
            self._fault(step, dd.line, "CHSB030E", **fields)

    def _creates(self, step: JobStep, dd: JobDd, fields: Mapping[str, object]) -> None:
        if dd.optional:
            self._fault(step, dd.line, "CHSB031E", **fields)
        relative = dd.relative or 0
        twin = sum(other.written == dd.written and other.mode is Mode.NEW for other in step.dds) > 1
        if relative < 1:
            self._fault(step, dd.line, "CHSB032E", **fields)
        elif dd.written in self._made or twin:
            self._fault(step, dd.line, "CHSB026E", **fields, earlier=self._made.get(dd.written, step.name))
        elif relative > 1 and not self._made_before(step, dd, relative - 1):
            self._fault(step, dd.line, "CHSB033E", **fields, missing=f"{dd.dsn}(+{relative - 1})")

    def _made_before(self, step: JobStep, dd: JobDd, relative: int) -> bool:
        wanted = f"{dd.dsn}(+{relative})"
        return wanted in self._made or any(
            other.written == wanted for other in step.dds[: step.dds.index(dd)]
        )

    def _looks_back(self, step: JobStep, names: set[str]) -> None:
        if step.when is not None:
            for other in step.when.steps:
                if other not in self._seen:
                    self._fault(step, step.place("when"), "CHSB028E", step=step.name, other=other)
        for number, balance in enumerate(step.balances):
            for name in balance.names:
                head, _, rest = name.partition(".")
                if rest and head in names and head not in self._seen and head != step.name:
                    self._fault(step, step.place("balance", number), "CHSB029E", step=step.name, name=name)

    def _fault(self, at: JobStep, line: int, message_id: str, /, **fields: object) -> None:
        self._faults.append(Fault(source=at.source, line=line, id=message_id, fields=fields))
