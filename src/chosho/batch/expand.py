"""Expansion (展開): a deck as written becomes a job as it will run: procedures in, symbols filled in.

Every fault is collected with its file and line; expansion goes on as far as it can, so that one scan shows
them all.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from chosho import document
from chosho.batch.deck import DSN, Dd, Deck, Disposition, Include, Mode, Parameter, Procedure, Step
from chosho.batch.expression import BadExpressionError, Balance, Condition
from chosho.batch.members import Libraries, Member
from chosho.batch.symbols import UnknownSymbolError, built_in, substitute
from chosho.errors import InputRefused, message

_DSN = re.compile(rf"(?P<name>{DSN})(?:\((?P<relative>0|[+-]\d+)\))?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """A fault of a deck: where it stands and its message of the table."""

    source: str
    line: int
    id: str
    fields: Mapping[str, object]

    def __str__(self) -> str:
        return f"{self.source} line {self.line}: {message(self.id, **self.fields)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class JobDd:
    """A DD of a step that will run. ``relative`` is None for a dataset named without a generation."""

    name: str
    dsn: str
    relative: int | None
    disposition: Disposition
    keep: bool
    optional: bool
    line: int

    @property
    def mode(self) -> Mode:
        """How the dataset is held."""
        return self.disposition.mode

    @property
    def written(self) -> str:
        """The dataset name as the deck has it, the key of the generation map: ``CHOSHO.PAYMENT.DATA(+1)``."""
        if self.relative is None:
            return self.dsn
        return f"{self.dsn}({self.relative:+d})" if self.relative else f"{self.dsn}(0)"


@dataclass(frozen=True, kw_only=True, slots=True)
class JobStep:
    """A step that will run, with where it stands in its source."""

    name: str
    pgm: str
    title: str
    parm: Mapping[str, str]
    when: Condition | None
    dds: tuple[JobDd, ...]
    balances: tuple[Balance, ...]
    fail_at: int | None
    rules: tuple[str, ...]
    source: str
    line: int
    place: Callable[..., int] = field(compare=False, repr=False)

    def dd(self, name: str) -> JobDd | None:
        """Return a DD by its name, or None."""
        return next((dd for dd in self.dds if dd.name == name), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A job that will run.

    Deck, business date, resolved parameters, steps, and the members it was read from.
    """

    name: str
    title: str
    business_date: date
    parameters: Mapping[str, str]
    fail_at: int
    steps: tuple[JobStep, ...]
    members: tuple[Member, ...]

    def step(self, name: str) -> JobStep | None:
        """Return a step by its name, or None."""
        return next((step for step in self.steps if step.name == name), None)


def expand(
    name: str, libraries: Libraries, business_date: date, given: Mapping[str, str]
) -> tuple[Job, list[Fault]]:
    """Read a deck and fill it in; return the job and the faults met.

    Args:
        name: the deck's member name.
        libraries: where decks and procedures are found.
        business_date: the date that the built-in symbols come from.
        given: parameters from the command line.

    Raises:
        InputRefused: there is no such deck (CHSB001E), or it does not fit the model (CHSD010E, CHSD011E).
    """
    member = libraries.deck(name)
    deck = document.load(member.text, source=member.source, model=Deck)
    return _Expansion(libraries, business_date, member).job(deck, given)


class _Expansion:
    def __init__(self, libraries: Libraries, business_date: date, member: Member) -> None:
        self._libraries = libraries
        self._date = business_date
        self._faults: list[Fault] = []
        self._members = [member]
        self._steps: list[JobStep] = []

    def job(self, deck: Deck, given: Mapping[str, str]) -> tuple[Job, list[Fault]]:
        member = self._members[0]
        line = document.lines(member.text, source=member.source)
        if deck.job != member.name:
            self._fault(member, line("job"), "CHSB010E", written=deck.job, member=member.name)
        for key in given:
            if key not in deck.parameters:
                self._fault(member, line("parameters"), "CHSB011E", parameter=key)
        symbols = built_in(self._date)
        parameters = self._parameters(
            deck.parameters, given, symbols, member, lambda key: line("parameters", key)
        )
        symbols |= parameters
        for number, item in enumerate(deck.steps):

            def place(*location: int | str, number: int = number) -> int:
                return line("steps", number, *location)

            if isinstance(item, Include):
                self._include(item, symbols, member, place)
            else:
                self._step(item, symbols, member, place)
        job = Job(
            name=deck.job,
            title=deck.title,
            business_date=self._date,
            parameters=parameters,
            fail_at=deck.fail_at,
            steps=tuple(self._steps),
            members=tuple(self._members),
        )
        return job, self._faults

    def _include(
        self, item: Include, symbols: Mapping[str, str], outer: Member, place: Callable[..., int]
    ) -> None:
        try:
            member = self._libraries.deck(item.include)
            procedure = document.load(member.text, source=member.source, model=Procedure)
        except InputRefused as refusal:
            self._fault(outer, place("include"), refusal.message_id, **refusal.fields)
            return
        self._members.append(member)
        line = document.lines(member.text, source=member.source)
        if procedure.proc != member.name:
            self._fault(member, line("proc"), "CHSB010E", written=procedure.proc, member=member.name)
        given = {}
        for key, value in item.with_.items():
            if key in procedure.parameters:
                given[key] = self._value(value, symbols, outer, place("with", key))
            else:
                self._fault(outer, place("with", key), "CHSB011E", parameter=key)
        inner = dict(symbols)
        inner |= self._parameters(procedure.parameters, given, symbols, outer, lambda _: place("include"))
        for number, step in enumerate(procedure.steps):

            def inner_place(*location: int | str, number: int = number) -> int:
                return line("steps", number, *location)

            self._step(step, inner, member, inner_place)

    def _parameters(
        self,
        declared: Mapping[str, Parameter],
        given: Mapping[str, str],
        symbols: Mapping[str, str],
        member: Member,
        line: Callable[[str], int],
    ) -> dict[str, str]:
        resolved: dict[str, str] = {}
        for key, parameter in declared.items():
            if key in given:
                resolved[key] = given[key]
            elif parameter.default is None:
                self._fault(member, line(key), "CHSB012E", parameter=key)
                resolved[key] = ""
            else:
                resolved[key] = self._value(parameter.default, {**symbols, **resolved}, member, line(key))
        return resolved

    def _step(
        self, step: Step, symbols: Mapping[str, str], member: Member, place: Callable[..., int]
    ) -> None:
        self._steps.append(
            JobStep(
                name=step.step,
                pgm=step.pgm,
                title=step.title,
                parm={k: self._value(v, symbols, member, place("parm", k)) for k, v in step.parm.items()},
                when=self._when(step, member, place),
                dds=tuple(_dd(key, dd, place("dd", key)) for key, dd in step.dd.items()),
                balances=tuple(self._balances(step, member, place)),
                fail_at=step.fail_at,
                rules=tuple(step.rules),
                source=member.source,
                line=place("step"),
                place=place,
            )
        )

    def _when(self, step: Step, member: Member, place: Callable[..., int]) -> Condition | None:
        if step.when is None:
            return None
        try:
            return Condition.parse(step.when)
        except BadExpressionError as error:
            self._fault(member, place("when"), "CHSB014E", text=step.when, problem=error)
            return None

    def _balances(self, step: Step, member: Member, place: Callable[..., int]) -> list[Balance]:
        balances = []
        for number, text in enumerate(step.balance):
            try:
                balances.append(Balance.parse(text))
            except BadExpressionError as error:
                self._fault(member, place("balance", number), "CHSB014E", text=text, problem=error)
        return balances

    def _value(self, value: str, symbols: Mapping[str, str], member: Member, line: int) -> str:
        try:
            return substitute(value, symbols)
        except UnknownSymbolError as error:
            self._fault(member, line, "CHSB013E", symbol=f"&{error.args[0]}")
            return value

    def _fault(self, at: Member, line: int, message_id: str, /, **fields: object) -> None:
        self._faults.append(Fault(source=at.source, line=line, id=message_id, fields=fields))


def _dd(name: str, dd: Dd, line: int) -> JobDd:
    match = _DSN.fullmatch(dd.dsn)
    if match is None:
        raise ValueError(f"dataset name {dd.dsn} does not fit the pattern of the model")
    relative = match["relative"]
    return JobDd(
        name=name,
        dsn=match["name"],
        relative=None if relative is None else int(relative),
        disposition=dd.disp,
        keep=dd.keep == "always",
        optional=dd.optional,
        line=line,
    )
