"""A month of nights, told twice: what people, senders and the PF do, and what has to come of it in plain Python.

The requests are drawn one by one; whether each is accepted is said by ``tests.model.intake``, what it does to the master by
``tests.model.update``, both over dictionaries. The PF is a process of its own (:mod:`tests.pf_simulator`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from stdnum.jp import in_

from chosho.copybook import load
from chosho.fixtures.world import World
from chosho.registration.channels import CHANNELS, Channel
from tests.fixtures.judge import records
from tests.model.intake import Intake
from tests.model.update import Master
from tests.registration.intakes import delivered
from tests.scenarios.expected import registrations
from tests.scenarios.house import CONTRACTS, SEED, TAX_YEAR

Record = dict[str, Any]
Place = tuple[str, int, int]
HOST = "IBM-1399"
APPROVERS = ("E9000001", "E9000002")
PERMIT = "PERMIT0001"
ONLINE = "3"
BY_CODE = {channel.code.decode(): channel for channel in CHANNELS}
ROLES = {"01": "01", "02": "02", "03": "02"}


class Draws:
    """Draws that depend on the seed alone."""

    def __init__(self, seed: int) -> None:
        self._generator = np.random.default_rng(seed)

    def random(self) -> float:
        """Return a fraction of one."""
        return float(self._generator.random())

    def randrange(self, start: int, stop: int | None = None) -> int:
        """Return a whole number below ``stop``, from ``start`` (from 0 below ``start``)."""
        return int(self._generator.integers(*((0, start) if stop is None else (start, stop))))

    def choice(self, values: Sequence[Any]) -> Any:
        """Return one of some values."""
        return values[self.randrange(len(values))]


@dataclass
class Town:
    """The files of the contract system, as dictionaries, and draws from them.

    Args:
        source: the folder with the files.
        seed: of the draws.
    """

    source: Path
    seed: int
    contracts: list[Record] = field(init=False)
    payees: list[Record] = field(init=False)
    offices: list[Record] = field(init=False)
    terminals: list[Record] = field(init=False)

    def __post_init__(self) -> None:
        self.draw = Draws(self.seed)
        self._given: dict[str, str] = {}
        self.contracts = self._file("CONTRACT.DAT", "CONTRACT")
        self.payees = self._file("PAYEE.DAT", "PAYEE")
        self.offices = self._file("OFFICE.DAT", "OFFICE")
        self.terminals = self._file("TERMINAL.DAT", "TERMMAST")
        self._people = [*self._contractors(), *self._payees()]

    def _file(self, name: str, member: str) -> list[Record]:
        data = np.frombuffer((self.source / name).read_bytes(), np.uint8)
        return list(records(member, HOST, data.reshape(-1, load(member).length)))

    def _contractors(self) -> Iterator[Record]:
        for row in self.contracts:
            if row["CONTRACTOR-PARTY"] == "1":
                yield {
                    "POLICY-NO": row["POLICY-NO"],
                    "RECIPIENT-TYPE": "01",
                    "PAYEE-NO": "00",
                    "REGISTRANT-KANA": row["CONTRACTOR-KANA"],
                }

    def _payees(self) -> Iterator[Record]:
        paying = {row["POLICY-NO"] for row in self.contracts if row["CONTRACT-STATUS"] == "2"}
        for row in self.payees:
            if row["PAYEE-PARTY"] == "1" and (row["RECIPIENT-TYPE"] == "02" or row["POLICY-NO"] in paying):
                yield {
                    "POLICY-NO": row["POLICY-NO"],
                    "RECIPIENT-TYPE": row["RECIPIENT-TYPE"],
                    "PAYEE-NO": row["PAYEE-NO"],
                    "REGISTRANT-KANA": row["PAYEE-KANA"],
                }

    def person(self, *types: str) -> Record:
        """Draw somebody of some recipient types; one in three draws falls on a few people, who so meet again and again."""
        wanted = [one for one in self._people if one["RECIPIENT-TYPE"] in types]
        return dict(self.draw.choice(wanted[:8] if self.draw.random() < 1 / 3 else wanted))

    def number(self) -> str:
        """Draw an individual number."""
        digits = f"{self.draw.randrange(10**11):011d}"
        return digits + in_.calc_check_digit(digits)

    def _number_of(self, person: Record) -> str:
        """Draw a number for somebody: every other time the one that was given before, if any was."""
        key = f"{person['POLICY-NO']} {person['PAYEE-NO']}"
        if key not in self._given or self.draw.random() < 1 / 2:
            self._given[key] = self.number()
        return self._given[key]

    def request(self, channel: Channel, day: date, places: int) -> Record:
        """Draw a request of a channel that has terminals; one in eight is faulty."""
        draw = self.draw
        kind = draw.choice("1111111223334")
        terminals = [row for row in self.terminals if row["TERMINAL-TYPE"].encode() in channel.terminals]
        terminal = draw.choice(terminals)
        person = self.person(*(one.decode() for one in channel.recipients))
        request: Record = {
            "RECORD-TYPE": "2",
            **person,
            "REQUEST-KIND": kind,
            "INDIVIDUAL-NO": self._number_of(person) if kind in "12" else "",
            "CORPORATE-NO": "",
            "REASON-CODE": f"0{draw.randrange(1, 6)}" if kind == "4" else "",
            "RELATION-CODE": "01",
            "OFFICE-NO": draw.choice(self.offices)["OFFICE-NO"],
            "TERMINAL-TYPE": terminal["TERMINAL-TYPE"],
            "TERMINAL-ID": terminal["TERMINAL-ID"],
            "EMPLOYEE-ID": f"E{draw.randrange(10**7):07d}",
            "APPROVER-ID": draw.choice(APPROVERS) if kind == "3" else "",
            "DOCUMENT-KIND": "01",
            "VERIFIED": "1",
            "ACCEPTED-AT": f"{day:%Y%m%d}{9 + places % 8:02d}{draw.randrange(60):02d}{draw.randrange(60):02d}",
        }
        if draw.random() < 1 / 8:
            request |= draw.choice(
                [
                    {"OFFICE-NO": "99999"},
                    {"REGISTRANT-KANA": "ﾁｶﾞｳ ﾋﾄ"},
                    {"POLICY-NO": "99999999999"},
                    {"VERIFIED": "0"},
                    {"EMPLOYEE-ID": ""},
                    {"DOCUMENT-KIND": "77"},
                    {"INDIVIDUAL-NO": "123456789012"},
                    {"APPROVER-ID": request["EMPLOYEE-ID"]},
                ]
            )
        return request

    def declaration(self, day: date, serial: int) -> Mapping[str, str]:
        """Draw a declaration over the PF, in the simulator's words; one in six is not good."""
        draw = self.draw
        person = self.person("01", "03")
        one = {
            "key_id": f"PF{day:%Y%m%d}X{serial:05d}",
            "policy_no": person["POLICY-NO"],
            "recipient_type": person["RECIPIENT-TYPE"],
            "payee_no": person["PAYEE-NO"],
            "route": "2" if person["RECIPIENT-TYPE"] == "01" else "1",
            "individual_no": self.number(),
            "kana": person["REGISTRANT-KANA"],
            "stored_at": f"{day:%Y%m%d}{draw.randrange(24):02d}{draw.randrange(60):02d}00",
        }
        if draw.random() < 1 / 6:
            one |= draw.choice(
                [{"birth_match": "0"}, {"sex_match": "0"}, {"jpki": "01"}, {"kana": "ﾁｶﾞｳ ﾋﾄ"}, {"route": "9"}]
            )
        return one


def declared(one: Mapping[str, str]) -> Record:
    """Return a declaration as the request that the PF delivers."""
    return {
        "PF-KEY-ID": one["key_id"],
        "POLICY-NO": one["policy_no"],
        "RECIPIENT-TYPE": one["recipient_type"],
        "PAYEE-NO": one["payee_no"],
        "ROUTE": one["route"],
        "REGISTRANT-KANA": one["kana"],
        "INDIVIDUAL-NO": one["individual_no"],
        "BIRTH-MATCH": one.get("birth_match", "1"),
        "SEX-MATCH": one.get("sex_match", "1"),
        "JPKI-RESULT": one.get("jpki", "00"),
        "ACCEPTED-AT": one["stored_at"],
        "PF-STORED-AT": one.get("told_at", one["stored_at"]),
    }


class Model:
    """What has to come of it: the master, the counts, the rejects by reason, and what the PF has to delete.

    Args:
        town: the files of the contract system.
    """

    def __init__(self, town: Town) -> None:
        self._town = town
        self.master = Master(registrations(World(CONTRACTS, SEED, TAX_YEAR)))
        self.reasons: Counter[str] = Counter()
        self.accepted = self.read = 0
        self.held_at_pf: dict[str, str] = {}
        """PF key → ``due`` or ``rejected``."""
        self._stored: dict[str, str] = {}

    def night(self, day: date, requests: Sequence[tuple[Place, Record]]) -> Counter[str]:
        """Take the requests of a night and return its counts."""
        town = self._town
        intake = Intake(
            today=f"{day:%Y%m%d}",
            contracts=town.contracts,
            payees=town.payees,
            offices=town.offices,
            terminals=town.terminals,
            approvers=APPROVERS,
        )
        intake.take(requests)
        by_place = dict(requests)
        counts: Counter[str] = Counter({"read": len(requests), "accepted": len(intake.accepted)})
        for place, (reason, _) in intake.rejected.items():
            counts[f"rejected.{reason}"] += 1
            self._at_pf(place, by_place[place], "rejected")
        for place in intake.accepted:
            outcome = self.master.take(_transaction(place, by_place[place]))
            counts[outcome] += 1
            self._at_pf(place, by_place[place], "rejected" if outcome.startswith("rejected") else "due")
        self.read += len(requests)
        self.accepted += len(intake.accepted)
        self.reasons.update({name: n for name, n in counts.items() if name.startswith("rejected.")})
        return counts

    def _at_pf(self, place: Place, request: Record, state: str) -> None:
        """Note what has to become of the number at the PF: what it stored last counts, and of that the accepted declaration."""
        if place[0] != ONLINE:
            return
        key, stored_at = request["PF-KEY-ID"], request["PF-STORED-AT"]
        if stored_at > self._stored.get(key, "") or self.held_at_pf[key] != "due":
            self.held_at_pf[key], self._stored[key] = state, stored_at


def _transaction(place: Place, request: Record) -> Record:
    """Return an accepted request as the update sees it."""
    online = place[0] == ONLINE
    one = {name: str(value).rstrip() for name, value in request.items()}
    return {
        "POLICY-NO": one["POLICY-NO"],
        "ROLE-CODE": ROLES[one["RECIPIENT-TYPE"]],
        "PAYEE-NO": one["PAYEE-NO"],
        "REQUEST-KIND": "1" if online else one["REQUEST-KIND"],
        "INDIVIDUAL-NO": one["INDIVIDUAL-NO"],
        "CORPORATE-NO": one.get("CORPORATE-NO", ""),
        "REASON-CODE": one.get("REASON-CODE") or "00",
        "RELATION-CODE": one.get("RELATION-CODE", ""),
        "REGISTRANT-KANA": one["REGISTRANT-KANA"],
        "OFFICE-NO": "00000" if online else one["OFFICE-NO"],
        "ACCEPTED-AT": one["ACCEPTED-AT"],
    }


def inbox_file(channel: Channel, details: Sequence[Record], number: int, day: date) -> bytes:
    """Return a channel's file, in plain."""
    head = {"HEAD_FILE_DATE": f"{day:%Y%m%d}", "HEAD_PERMIT_ID": PERMIT if channel.permit else ""}
    return delivered(channel, list(details), number, **head).tobytes()


def days(first: date, last: date) -> Iterator[date]:
    """Yield the days from the first to the last."""
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)
