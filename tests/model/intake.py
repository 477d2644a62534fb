"""The intake over dictionaries: what becomes of each request of the files that were taken, one after the other."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from stdnum.jp import cn, in_

from tests.model.match import name

Record = Mapping[str, Any]
_TERMINALS = {"1": {"C1", "C2", "C3", "C4", "C5"}, "2": {"M1"}, "4": {"L1"}}
_RECIPIENTS = {"1": {"01", "02", "03"}, "2": {"01", "02", "03"}, "3": {"01", "03"}, "4": {"03"}}


@dataclass
class Intake:
    """A night.

    Attributes:
        today: the business date, yyyymmdd.
        contracts, payees, offices, terminals: the records of the files.
        approvers: employee ids.
        accepted: channel, file number and record number of each accepted request, in the order of TRAN.
        rejected: reason and field, by channel, file number and record number.
    """

    today: str
    contracts: Sequence[Record]
    payees: Sequence[Record]
    offices: Sequence[Record]
    terminals: Sequence[Record]
    approvers: Sequence[str]
    accepted: list[tuple[str, int, int]] = field(default_factory=list)
    rejected: dict[tuple[str, int, int], tuple[str, str]] = field(default_factory=dict)

    def take(self, requests: Iterable[tuple[tuple[str, int, int], Record]]) -> None:
        """Take requests: where each came from, and its items."""
        waiting = []
        for place, record in requests:
            one = {key: str(value).rstrip(" ") for key, value in record.items()}
            # What comes later is only asked when nothing was found before it.
            found = next(chain(self._alone(place[0], one), self._person(one)), None)
            if found:
                self.rejected[place] = found
            else:
                role = "01" if one["RECIPIENT-TYPE"] == "01" else "02"
                person = (one["POLICY-NO"], role, one["PAYEE-NO"])
                waiting.append(((*person, one["ACCEPTED-AT"], *place), place, person, self._said(one)))
        last: dict[tuple[str, ...], tuple[tuple[str, ...], tuple[str, int, int]]] = {}
        for _, place, person, said in sorted(waiting):
            before = last.get(person)
            if before and before[0] == said:
                self.rejected[place] = ("DUPI" if before[1][:2] == place[:2] else "DUPX", "")
            else:
                last[person] = (said, place)
                self.accepted.append(place)

    def _alone(self, channel: str, one: Record) -> Iterator[tuple[str, str]]:
        online = channel == "3"
        kind = "1" if online else one["REQUEST-KIND"]
        recipient, payee = one["RECIPIENT-TYPE"], one["PAYEE-NO"]
        if not re.fullmatch("[0-9A-Z]{11}", one["POLICY-NO"], re.ASCII):
            yield "POLF", "POLICY-NO"
        if recipient not in _RECIPIENTS[channel]:
            yield "RCPT", "RECIPIENT-TYPE"
        if payee != "00" if recipient == "01" else not re.fullmatch("[0-9][1-9]|[1-9][0-9]", payee, re.ASCII):
            yield "PAYN", "PAYEE-NO"
        if online and (one["ROUTE"], recipient) not in {("1", "03"), ("2", "01")}:
            yield "ROUT", "ROUTE"
        if kind not in {"1", "2", "3", "4"}:
            yield "KIND", "REQUEST-KIND"
        yield from self._number(kind, one)
        yield from self._pf(one) if online else self._counter(channel, kind, one)

    def _number(self, kind: str, one: Record) -> Iterator[tuple[str, str]]:
        individual, corporate = self._numbers(one)
        which = "CORPORATE-NO" if corporate else "INDIVIDUAL-NO"
        if kind in {"1", "2"} and not individual and not corporate:
            yield "NONE", "INDIVIDUAL-NO"
        if individual and corporate:
            yield "BOTH", "CORPORATE-NO"
        if corporate and not re.fullmatch("[0-9]{13}", corporate, re.ASCII):
            yield "NDIG", which
        if individual and not re.fullmatch("[0-9]{12}", individual, re.ASCII):
            yield "NDIG", which
        if (individual and not in_.is_valid(individual)) or (corporate and not cn.is_valid(corporate)):
            yield "CHKD", which
        if kind in {"3", "4"} and (individual or corporate):
            yield "NGVN", which
        reason = one.get("REASON-CODE", "")
        good = re.fullmatch("0[1-5]", reason, re.ASCII) if kind == "4" else reason in {"", "00"}
        if not good:
            yield "REAS", "REASON-CODE"

    def _counter(self, channel: str, kind: str, one: Record) -> Iterator[tuple[str, str]]:
        brings = kind in {"1", "2"}
        documents = {"01", "02", "03", "04", "09"} | (set() if brings else {""})
        if one["DOCUMENT-KIND"] not in documents:
            yield "DOCK", "DOCUMENT-KIND"
        if brings and one["VERIFIED"] != "1":
            yield "IDNV", "VERIFIED"
        terminal = next((row for row in self.terminals if row["TERMINAL-ID"] == one["TERMINAL-ID"]), None)
        if terminal is None or terminal["ALLOWED-FROM"] > self.today:
            yield "TRML", "TERMINAL-ID"
        revoked = terminal.get("REVOKED-FROM", "")
        if revoked and revoked <= self.today:
            yield "TRVK", "TERMINAL-ID"
        kind_of = one["TERMINAL-TYPE"]
        if kind_of not in _TERMINALS[channel] or kind_of != terminal["TERMINAL-TYPE"]:
            yield "TTYP", "TERMINAL-TYPE"
        if not re.fullmatch("[0-9A-Za-z]+", one["EMPLOYEE-ID"], re.ASCII):
            yield "EMPL", "EMPLOYEE-ID"
        approver = one.get("APPROVER-ID", "")
        if kind == "3" and (approver not in self.approvers or approver == one["EMPLOYEE-ID"]):
            yield "APRV", "APPROVER-ID"
        if not self._time(one["ACCEPTED-AT"]):
            yield "ACPT", "ACCEPTED-AT"
        if one["OFFICE-NO"] not in {row["OFFICE-NO"] for row in self.offices}:
            yield "OFFC", "OFFICE-NO"

    def _pf(self, one: Record) -> Iterator[tuple[str, str]]:
        if not self._time(one["ACCEPTED-AT"]):
            yield "ACPT", "ACCEPTED-AT"
        if not re.fullmatch("[0-9A-Za-z]*[A-Za-z][0-9A-Za-z]*", one["PF-KEY-ID"], re.ASCII):
            yield "KEYI", "PF-KEY-ID"
        if not self._time(one["PF-STORED-AT"]):
            yield "STOR", "PF-STORED-AT"
        for item, good, reason in (
            ("BIRTH-MATCH", "1", "BRTH"),
            ("SEX-MATCH", "1", "SEXM"),
            ("JPKI-RESULT", "00", "JPKI"),
        ):
            if one[item] != good:
                yield reason, item

    def _time(self, text: str) -> bool:
        if not re.fullmatch("[0-9]{14}", text, re.ASCII) or text[:8] > self.today:
            return False
        try:
            dt.datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
        except ValueError:
            return False
        return not text.endswith(("60", "61"))

    def _person(self, one: Record) -> Iterator[tuple[str, str]]:
        contracts = [row for row in self.contracts if row["POLICY-NO"] == one["POLICY-NO"]]
        if len(contracts) != 1:
            yield "NPOL", "POLICY-NO"
        party, kana = contracts[0]["CONTRACTOR-PARTY"], contracts[0]["CONTRACTOR-KANA"]
        if one["RECIPIENT-TYPE"] != "01":
            payees = [
                row
                for row in self.payees
                if (row["POLICY-NO"], row["PAYEE-NO"]) == (one["POLICY-NO"], one["PAYEE-NO"])
            ]
            if len(payees) != 1:
                yield "NPAY", "PAYEE-NO"
            annuity = one["RECIPIENT-TYPE"] == "03"
            if payees[0]["RECIPIENT-TYPE"] != one["RECIPIENT-TYPE"] or (
                annuity and contracts[0]["CONTRACT-STATUS"] != "2"
            ):
                yield "ROLE", "RECIPIENT-TYPE"
            party, kana = payees[0]["PAYEE-PARTY"], payees[0]["PAYEE-KANA"]
        individual, corporate = self._numbers(one)
        if individual and party != "1":
            yield "PRTY", "INDIVIDUAL-NO"
        if corporate and party != "2":
            yield "PRTY", "CORPORATE-NO"
        mine, theirs = name(one["REGISTRANT-KANA"]), name(kana)
        if not mine or mine != theirs:
            yield "KANA", "REGISTRANT-KANA"

    def _numbers(self, one: Record) -> tuple[str, str]:
        given = (one.get("INDIVIDUAL-NO", ""), one.get("CORPORATE-NO", ""))
        individual, corporate = (number if number.strip("0 ") else "" for number in given)
        return individual, corporate

    def _said(self, one: Record) -> tuple[str, ...]:
        """Return what a request says: said again, it would change nothing in the master."""
        kind, numbers, day = one.get("REQUEST-KIND", "1"), self._numbers(one), one["ACCEPTED-AT"][:8]
        if kind == "2":
            return (kind, *numbers, one["REGISTRANT-KANA"], one["RELATION-CODE"], one["OFFICE-NO"], day)
        return (kind, one["REASON-CODE"], day) if kind == "4" else (kind, *numbers)
