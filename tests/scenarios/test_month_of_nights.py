"""A month of nights: 30 business days of arrivals, a PF that refuses, loses, repeats and delays, an outage, a kill, doubled files.

At the end number master, PF, registers, reports and counts agree with a plain-Python model of the same month.
"""

import itertools
import json
import signal
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chosho.batch import clock
from chosho.business_days import Calendar
from chosho.copybook import load
from chosho.registration.channels import CHANNELS, MAIL, MOBILE, Channel
from chosho.vault.age import Encryptor
from tests.fixtures.judge import records
from tests.scenarios import month
from tests.scenarios.house import House
from tests.scenarios.month import ONLINE, Model, Place, Record, Town
from tests.step.stage import REPOSITORY

FIRST = date(2027, 4, 19)
"""A Monday; the holidays of late April and May lie in the month."""
BUSINESS_DAYS = 30
PER_CHANNEL, DECLARED = 7, 5
OUTAGE = (10, 11)
"""Business days, from 0, on which nobody starts the night; people, senders and the PF go on."""
KILLED = 15
DOUBLED, LATE_MAIL, LOST = 7, 5, 18
"""The day whose mobile file lies there twice; that on which no mail file comes, but two the next day; that whose mobile file comes
two days later, so that those behind it wait."""
AMENDED = "07"
"""The relation of entries that are amended in nothing else."""
REDECLARED: dict[int, dict[str, str]] = {3: {"jpki": "01"}, 8: {"jpki": "01"}, 16: {}}
"""Days on which somebody who was accepted lately declares again under the same key: with an invalid certificate, or soundly."""
GARBLED = (2, 14)
"""Days on which the storage time of one declaration cannot be read."""
SETTLING = 14
"""Calendar days at the end without arrivals, in which the PF catches up."""
RATES = "refuse=0.06,keep=0.04,lose=0.15,repeat=0.15,delay=0.2,double=0.08,redeclare=0.1"
OPERATOR, REVIEWER = "operator", "reviewer"
UNSIGNED_EVERY = 10


class Story:
    """Plays the month: senders and the PF by day, the night by the command, the operator in the morning."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house = house
        self.town = Town(house.root / "source", seed=3)
        self.model = Model(self.town)
        self.calendar = Calendar.load((house.root / "CALENDAR.yaml").read_text(encoding="utf-8"))
        self.waiting: dict[str, list[tuple[int, list[Record]]]] = {one.code.decode(): [] for one in CHANNELS}
        self.expected: dict[date, Counter[str]] = {}
        self.codes: dict[date, int] = {}
        self.held_back: dict[str, bytes] = {}
        self.declared: dict[str, dict[str, str]] = {}
        self.late: list[date] = []
        self.garbled: list[str] = []
        self.redeclared: dict[str, str] = {}
        """Key → what has to become of its number at the PF."""
        self._numbers: Counter[str] = Counter()
        self._store = folder / "pf.db"
        self._recipient = house.key_store().recipient()

    # By day --

    def arrive(self, day: date, number: int) -> None:
        """Let the channels with terminals deliver their files of a business day."""
        for channel in CHANNELS:
            if not channel.online and (channel, number) != (MAIL, LATE_MAIL):
                self._deliver(channel, day, number)
        if number == LATE_MAIL + 1:
            self._deliver(MAIL, day, number)

    def _deliver(self, channel: Channel, day: date, number: int) -> None:
        code = channel.code.decode()
        details = [self.town.request(channel, day, place) for place in range(PER_CHANNEL)]
        if channel is MOBILE and number % 9 == 4:
            details = []  # an empty file is fine
        elif self.town.draw.random() < 1 / 3:
            details.append(dict(details[0]))
        # An entry once more with another relation alone is a change, with nothing else a duplicate.
        amended = [one for one in details if one["REQUEST-KIND"] == "2"]
        details += [{**one, "RELATION-CODE": AMENDED} for one in amended[:1] for _ in range(2)]
        self._numbers[code] += 1
        file_no = self._numbers[code]
        data = self._encrypted(month.inbox_file(channel, details, file_no, day))
        path = f"inbox/{channel.name}/{channel.dd}.{day:%Y%m%d}.{file_no:06d}.age"
        if (channel, number) == (MOBILE, LOST):
            self.held_back[path] = data
        else:
            self.house.put(path, data)
        if (channel, number) == (MOBILE, DOUBLED):
            self.house.put(path.replace(".age", ".again.age"), data)
        self.waiting[code].append((file_no, details))

    def _encrypted(self, data: bytes) -> bytes:
        pieces: list[bytes] = []
        encryptor = Encryptor(lambda piece: pieces.append(bytes(piece)), recipients=[self._recipient])
        encryptor.write(data)
        encryptor.finish()
        return b"".join(pieces)

    def declare(self, day: date, number: int | None) -> None:
        """Let people declare numbers over the PF; ``number`` is that of a business day."""
        found = [dict(self.town.declaration(day, len(self.declared) + place)) for place in range(DECLARED)]
        if number in GARBLED:
            found[-1]["told_at"] = "20270431999999"
            self.garbled.append(found[-1]["key_id"])
        if number in REDECLARED:
            accepted = [key for key in self.declared if self.model.held_at_pf.get(key) == "due"]
            key = next(key for key in reversed(accepted) if key not in self.redeclared)
            again = {"individual_no": self.town.number(), "stored_at": f"{day:%Y%m%d}120000"}
            found.append({**self.declared[key], **again, **REDECLARED[number]})
            self.redeclared[key] = "rejected" if REDECLARED[number] else "due"
        self.declared |= {one["key_id"]: one for one in found}
        self.pf("declare", given="\n".join(map(json.dumps, found)))

    def pf(self, *words: str, given: str = "") -> Any:
        """Call the PF, a process of its own with a store of its own; what it writes is plain, the data being synthetic."""
        root = self.house.root
        folders = ("--outbox", root / "outbox/pf", "--inbox-online", root / "inbox/online")
        more = ("--inbox-reply", root / "inbox/pf", "--seed", "5", "--rates", RATES)
        command = [
            sys.executable,
            "-m",
            "tests.pf_simulator",
            "--store",
            self._store,
            *folders,
            *more,
            *words,
        ]
        done = subprocess.run(
            list(map(str, command)), cwd=REPOSITORY, input=given, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def pf_works(self, day: date) -> None:
        """Let the PF read instructions, delete, answer, and deliver what was declared."""
        name = self.pf("day", day.isoformat())["online"]
        data = (self.house.root / "inbox/online" / name).read_bytes()
        lines = [data[at : at + 200].decode("ascii", "replace") for at in range(200, len(data) - 200, 200)]
        details = [month.declared(self.declared[line[1:21].rstrip()]) for line in lines]
        self.waiting[ONLINE].append((int(data[2:8]), details))

    # By night --

    def takes(self) -> list[tuple[Place, Record]]:
        """Return the requests that tonight takes: all that wait, but those behind a file that is missing."""
        found = []
        for code, files in self.waiting.items():
            if code == MOBILE.code.decode() and self.held_back:
                continue
            for file_no, details in files:
                found += [((code, file_no, place + 2), one) for place, one in enumerate(details)]
            files.clear()
        return found

    def night(self, day: date, *, killed: bool = False) -> None:
        """Do the night of a date, and hold its counts against the model; the operator then throws doubled files away."""
        if killed:
            process = self.house.mortal("S120:commit", deck="NIGHTLY", day=day)
            assert process.wait(timeout=120) == -signal.SIGKILL
        done = self.chosho("night", day.isoformat())
        self.codes[day] = done.returncode
        assert done.returncode in {0, 4, 8}, done.stdout + done.stderr
        if self.calendar.is_business_day(day):
            self.expected[day] = self.model.night(day, self.takes())
            assert self.counted(day) == +self.expected[day], day
        for one in json.loads(self.chosho("inbox", "list", "--json").stdout):
            if one["reason"] == "FDUP":
                assert (
                    self.chosho("inbox", "discard", str(one["id"]), "--reason", "sent twice").returncode == 0
                )
        duties = json.loads(self.chosho("due", "--date", day.isoformat(), "--json").stdout)
        # The statements of this house, which runs no JANUARY, are late all the time.
        if any(one["overdue"] and one["source"] != "STATEMENTS" for one in duties):
            self.late.append(day)

    def counted(self, day: date) -> Counter[str]:
        """Return what the night counted, in the words of the model."""
        with self.house.store() as store:
            steps = store.runs.steps(f"NIGHTLY.{day:%Y%m%d}.01")
        intake, update = steps["S110"].counts, steps["S120"].counts
        found = Counter({"read": intake["read"], "accepted": intake["accepted"]})
        for counts in (intake, update):
            found.update({n: c for n, c in counts.items() if n.startswith("rejected.") and n[9:].isupper()})
        for name in ("registered", "changed", "corrected", "cancelled", "not_obtained", "unchanged"):
            found[name] = update[name]
        return +found

    def chosho(self, *words: str, person: str = OPERATOR) -> "subprocess.CompletedProcess[str]":
        """Run the command as a person."""
        return self.house.command(*words, environment={"CHOSHO_PERSON": person})

    def sign(self) -> list[str]:
        """Let the reviewer sign the reports but every tenth; return the days that stay unsigned."""
        days = [day.isoformat() for day in self.expected]
        for day in (day for number, day in enumerate(days) if number % UNSIGNED_EVERY):
            done = self.chosho("report", "sign", day, "--note", "異常なし", person=REVIEWER)
            assert done.returncode == 0, done.stderr
        return days[::UNSIGNED_EVERY]


@pytest.fixture(scope="module")
def story(world: House, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The whole month, played once."""
    folder = tmp_path_factory.mktemp("month")
    told = Story(world.copy(folder / "house"), folder)
    day, number = FIRST, 0
    while number < BUSINESS_DAYS:
        business = told.calendar.is_business_day(day)
        told.declare(day, number if business else None)
        if business:
            told.arrive(day, number)
            if number == LOST + 2:
                for path, data in told.held_back.items():
                    told.house.put(path, data)
                told.held_back.clear()
            told.pf_works(day)
        if not (business and number in OUTAGE):
            told.night(day, killed=business and number == KILLED)
        number += business
        day += timedelta(days=1)
    for more in month.days(day, day + timedelta(days=SETTLING)):
        if told.calendar.is_business_day(more):
            told.pf_works(more)
        told.night(more)
    return told


def test_the_month_had_everything_in_it(story: Story) -> None:
    total = sum(story.expected.values(), Counter())
    assert len(story.expected) >= BUSINESS_DAYS - len(OUTAGE)
    for name in ("registered", "changed", "corrected", "cancelled", "not_obtained", "unchanged"):
        assert total[name] > 0, name
    reasons = {name for name in total if name.startswith("rejected.")}
    assert {"rejected.KANA", "rejected.OFFC", "rejected.NHLD", "rejected.NREG", "rejected.DUPI"} <= reasons
    assert {0, 4, 8} >= set(story.codes.values()) >= {4, 8}
    assert story.late, "nothing was ever overdue"


def test_the_number_master_is_that_of_the_model(story: Story) -> None:
    layout = load("NUMMAST")
    data = story.house.content("CHOSHO.NUMBER.MASTER")
    rows = [data[at : at + layout.length] for at in range(0, len(data), layout.length)]
    found = [
        {
            name: row[field.offset :][: field.length].decode("cp932").rstrip(" ")
            for name, field in layout.named().items()
        }
        for row in rows
    ]
    wanted = [
        {name: str(value).rstrip(" ") for name, value in row.items()} for row in story.model.master.rows()
    ]
    assert found == wanted


def test_an_amendment_of_the_relation_alone_has_reached_the_master(story: Story) -> None:
    held = [row for row in story.model.master.rows() if row["RELATION-CODE"] == AMENDED]
    assert len(held) > 3


def test_the_status_for_terminals_is_that_of_the_master(story: Story) -> None:
    layout = load("NUMSTAT")
    data = np.frombuffer(story.house.content("CHOSHO.NUMBER.STATUS"), np.uint8).reshape(-1, layout.length)
    held = {
        (row["POLICY-NO"], row["ROLE-CODE"], row["PAYEE-NO"]): row["HELD"]
        for row in records("NUMSTAT", "CP932", data)
    }
    assert held == {
        person: str(int(rows[-1]["STATE-CODE"] == "1")) for person, rows in story.model.master.people.items()
    }


def test_the_pf_has_deleted_what_is_registered_and_nothing_else(story: Story) -> None:
    at_pf = story.pf("state")
    due = {key for key, state in story.model.held_at_pf.items() if state == "due"}
    assert len(due) > BUSINESS_DAYS
    assert {key for key, one in at_pf.items() if one["deleted_at"]} == due
    with story.house.store() as store:
        left = {key: state for key, _, state, *_ in store.pf.open_keys("auditor", at=clock.stamp())}
        open_still = store.pf.instructions(open_only=True)
    assert left == {key: "rejected" for key, state in story.model.held_at_pf.items() if state == "rejected"}
    assert open_still == []


def test_a_number_that_was_stored_anew_and_rejected_is_held_and_not_deleted(story: Story) -> None:
    at_pf = story.pf("state")
    assert sorted(story.redeclared.values()) == ["due", "rejected", "rejected"]
    assert {key: "rejected" if at_pf[key]["deleted_at"] is None else "due" for key in story.redeclared} == (
        story.redeclared
    )
    assert {story.model.held_at_pf[key] for key in story.garbled} == {"rejected"}


def test_a_rejected_number_is_deleted_when_a_person_has_resolved_it(story: Story) -> None:
    held = [key for key, state in story.model.held_at_pf.items() if state == "rejected"]
    plain = next(key for key in held if key not in story.garbled and key not in story.redeclared)
    anew = next(key for key, state in story.redeclared.items() if state == "rejected")
    for key in (plain, anew):
        assert story.chosho("pf", "resolve", key, "--reason", "declared anew at a counter").returncode == 0
    for key in story.garbled:
        assert story.chosho("pf", "resolve", key, "--reason", "told by the PF").returncode == 12
        # In process: to the command, which asks the clock, the month is still to come.
        with story.house.store() as store:
            told, at = story.declared[key]["stored_at"], "2027-06-30T09:00:00+09:00"
            store.pf.resolve(key, who=OPERATOR, reason="told by the PF", at=at, stored_at=told)
            store.journal.write_head()
    resolved = (plain, anew, *story.garbled)
    last = max(story.codes)
    for day in month.days(last + timedelta(days=1), last + timedelta(days=12)):
        if story.calendar.is_business_day(day):
            story.pf_works(day)
        story.night(day)
    for key in resolved:
        assert story.pf("state")[key]["deleted_at"]
        story.model.held_at_pf[key] = "due"


def test_every_instruction_was_sent_and_closed_and_each_key_certified_once(story: Story) -> None:
    with story.house.store() as store:
        closed = [row.fields for row in store.journal.rows() if row.kind == "pf.closed"]
        sent = [row.fields["instruction"] for row in store.journal.rows() if row.kind == "pf.sent"]
        instructions = {one["id"]: one for one in store.pf.instructions()}
    assert {one["state"] for one in instructions.values()} == {"closed"}
    assert {one["instruction"] for one in closed} == set(instructions)
    assert Counter(sent) == {name: one["sends"] for name, one in instructions.items()}
    assert max(Counter(sent).values()) > 1, "nothing was ever sent again"


def test_every_file_was_taken_once_and_is_gone(story: Story) -> None:
    with story.house.store() as store:
        files = store.inbox.all()
    taken = [(one.dsn, one.file_no) for one in files if one.file_no is not None and not one.reason]
    assert len(taken) == len(set(taken))
    assert {str(one.state) for one in files} <= {"taken", "erased"}
    kept = [path for path in (story.house.root / "inbox").rglob("*") if path.is_file()]
    last = {one.path for one in files if str(one.state) == "taken"}
    assert {str(path.relative_to(story.house.root)) for path in kept} == last


def test_the_reports_cover_the_journal_without_a_gap_and_the_unsigned_are_listed(story: Story) -> None:
    unsigned = story.sign()
    with story.house.store() as store:
        reports = store.reports.all()
        assert [
            one.business_date.isoformat()
            for one in store.reports.unsigned(date(2028, 1, 1), who="auditor", at=clock.stamp())
        ] == unsigned
        assert store.journal.verify() == ()
    assert reports[0].first_seq == 1
    assert all(one.last_seq + 1 == two.first_seq for one, two in itertools.pairwise(reports))
    assert story.chosho("report", "sign", unsigned[0], "--note", "x").returncode == 12, "its maker signs it"


def test_nothing_is_left_half_done(story: Story) -> None:
    assert story.house.faults() == []
    with story.house.store() as store:
        assert [run.id for run in store.runs.list(limit=1000) if run.state != "finished"] == []
