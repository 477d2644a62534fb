"""The simulated PF: its files are as the layouts say, it keeps its word, and it misbehaves as it is told."""

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chosho import copybook
from chosho.retention.pf_deletion import Plan
from chosho.retention.pf_file import LRECL, read_reply, write_instruction
from chosho.retention.pf_reply import Reply
from tests.retention.ledgers import FRI, MON, THU, TUE, WED, World, found, key
from tests.step.stage import REPOSITORY
from tests.tools import tool

FIRST = "PFDEL.20270405.01"
PERSON = {
    "policy_no": "00000000001",
    "individual_no": "123456789018",
    "kana": "ｶｹﾞﾂ ﾀﾛｳ",
    "stored_at": "20270405101500",
}


class Outside:
    """The PF's process and the folders between it and us."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.outbox, self.online, self.replies = (folder / name for name in ("out", "online", "reply"))
        self.outbox.mkdir()
        self.world = World()
        self._read: set[str] = set()

    def call(self, *words: object, text: str = "") -> Any:
        command = [sys.executable, "-m", "tests.pf_simulator", "--store", self.folder / "pf.db"]
        places = ["--outbox", self.outbox, "--inbox-online", self.online, "--inbox-reply", self.replies]
        done = subprocess.run(
            [str(word) for word in [*command, *places, *words]],
            cwd=REPOSITORY,
            input=text,
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    def declare(self, *names: str, stored_at: str = PERSON["stored_at"]) -> None:
        lines = [json.dumps({**PERSON, "key_id": name, "stored_at": stored_at}) for name in names]
        assert self.call("declare", text="\n".join(lines)) == list(names)
        self.world.enter(*(key(name, stored_at=stored_at) for name in names))

    def day(self, today: date, *options: object, **script: int) -> dict[str, Any]:
        path = self.folder / "script.json"
        path.write_text(json.dumps({today.isoformat(): script}))
        return self.call("--script", path, *options, "day", today)

    def night(self, today: date) -> Plan:
        """Be our night: read the replies, lay the instructions out."""
        replies = []
        for path in sorted(self.replies.glob("*")) if self.replies.is_dir() else []:
            if path.name in self._read or ".again" in path.name:
                continue
            self._read.add(path.name)
            reply = read_reply([rows(path)], today, file=path.name)
            assert isinstance(reply, Reply)
            replies.append(reply)
        assert [one.file_no for one in replies] == sorted(one.file_no for one in replies)
        made = self.world.night(today, *replies)
        for one in made.to_send:
            (self.outbox / f"{one.label}.dat").write_bytes(write_instruction(one, today))
        return made

    def held(self) -> list[str]:
        return [name for name, one in self.call("state").items() if one["deleted_at"] is None]


def rows(path: Path) -> np.ndarray:
    return np.frombuffer(path.read_bytes(), np.uint8).reshape(-1, LRECL)


@pytest.fixture
def outside(tmp_path: Path) -> Outside:
    return Outside(tmp_path)


def text(member: str, row: np.ndarray, name: str) -> str:
    one = copybook.load(member).named()[name]
    return row[one.offset : one.offset + one.length].tobytes().decode("cp932").rstrip()


def test_an_online_file_is_as_the_layouts_say(outside: Outside):
    outside.declare("PFA1")
    assert outside.day(MON)["online"] == "ONLINE.000001.dat"
    head, detail, tail = rows(outside.online / "ONLINE.000001.dat")
    assert [text("INBHEAD", head, name) for name in ("RECORD-TYPE", "CHANNEL", "FILE-NO", "FILE-DATE")] == [
        "1",
        "3",
        "000001",
        "20270405",
    ]
    fields = {name: text("REGONL", detail, name) for name in copybook.load("REGONL").named()}
    assert {
        "PF-KEY-ID": "PFA1",
        "POLICY-NO": "00000000001",
        "RECIPIENT-TYPE": "03",
        "ROUTE": "1",
        "REGISTRANT-KANA": "ｶｹﾞﾂ ﾀﾛｳ",
        "INDIVIDUAL-NO": "123456789018",
        "JPKI-RESULT": "00",
        "PF-STORED-AT": "20270405101500",
    }.items() <= fields.items()
    totals = ("FILE-NO", "RECORD-COUNT", "REGISTERED", "NOT-OBTAINED", "KEY-DIGEST")
    assert [text("INBTRLR", tail, name) for name in totals] == [
        "000001",
        "00000001",
        "00000001",
        "00000000",
        "",
    ]


def test_each_declaration_is_delivered_once_and_an_empty_day_has_its_file(outside: Outside):
    outside.declare("PFA1")
    outside.declare("PFB2", stored_at="20270407090000")
    names = [outside.day(day)["online"] for day in (MON, TUE, WED)]
    assert [len(rows(outside.online / name)) - 2 for name in names] == [1, 0, 1]
    assert outside.day(THU, "--no-empty")["online"] is None


def test_it_deletes_on_the_day_after_the_instruction_and_answers(outside: Outside):
    outside.declare("PFA1", "PFB2")
    outside.night(MON)
    assert outside.day(TUE)["replies"] == ["PFREPLY.000001.dat", "PFREPLY.000002.dat"]
    made = outside.night(TUE)
    assert (outside.held(), outside.world.state(FIRST), made.findings, made.overdue) == ([], "closed", (), ())
    assert outside.call("state")["PFA1"]["deleted_at"] == "20270406090000"


@pytest.mark.parametrize(("vice", "code"), [("refuse", "REFU"), ("keep", "NDEL")])
def test_it_refuses_or_keeps_a_key_once(outside: Outside, vice: str, code: str):
    outside.declare("PFA1", "PFB2")
    outside.night(MON)
    outside.day(TUE, **{vice: 1})
    assert found(outside.night(TUE))[code] == ("PFA1",)
    outside.night(WED)
    outside.day(THU, **{vice: 9})
    outside.night(THU)
    assert (outside.held(), set(outside.world.states().values())) == ([], {"deleted"})


def test_it_loses_an_instruction_once(outside: Outside):
    outside.declare("PFA1")
    outside.night(MON)
    assert outside.day(TUE, lose=1)["read"] == []
    assert [one.sends for one in outside.night(TUE).to_send] == [2]
    assert outside.day(WED, lose=1)["read"] == [f"{FIRST}-2.dat"]
    outside.night(WED)
    assert outside.world.state(FIRST) == "closed"


def test_it_repeats_a_reply_under_a_number_of_its_own(outside: Outside):
    outside.declare("PFA1")
    outside.night(MON)
    assert len(outside.day(TUE, repeat=2)["replies"]) == 4
    made = outside.night(TUE)
    assert (outside.world.state(FIRST), made.findings) == ("closed", ())


def test_it_delays_its_answers_and_answers_what_was_sent_again_in_the_same_words(outside: Outside):
    outside.declare("PFA1")
    outside.night(MON)
    assert outside.day(TUE, delay=2, delay_days=2)["replies"] == []
    outside.night(TUE)  # sends again
    assert len(outside.day(WED)["replies"]) == 2
    assert outside.night(WED).findings == ()
    assert len(outside.day(THU)["replies"]) == 2
    made = outside.night(THU)
    assert (outside.world.state(FIRST), made.findings) == ("closed", ())


def test_it_doubles_files_and_declarations(outside: Outside):
    outside.declare("PFA1")
    name = outside.day(MON, double=1, redeclare=1)["online"]
    names = sorted(path.name for path in outside.online.iterdir())
    assert names == ["ONLINE.000001.again.dat", name]
    assert len({path.read_bytes() for path in outside.online.iterdir()}) == 1
    assert len(rows(outside.online / name)) == 4


def test_it_does_not_know_a_key_that_nobody_declared(outside: Outside):
    outside.world.enter(key("PFX9"))
    outside.night(MON)
    outside.day(TUE)
    assert found(outside.night(TUE)) == {"UNKN": ("PFX9",)}


def test_it_obeys_no_instruction_that_is_not_whole(outside: Outside):
    outside.declare("PFA1")
    outside.night(MON)
    path = outside.outbox / f"{FIRST}.dat"
    path.write_bytes(path.read_bytes()[: 2 * LRECL])
    with pytest.raises(subprocess.CalledProcessError):
        outside.day(TUE)
    assert outside.held() == ["PFA1"]


def test_by_rates_the_same_seed_gives_the_same_files(tmp_path: Path):
    def week(name: str, seed: int) -> tuple[dict[str, bytes], set[str]]:
        folder = tmp_path / name
        folder.mkdir()
        outside = Outside(folder)
        outside.declare(*(f"PF{number:03d}A" for number in range(40)))
        rates = "refuse=0.2,keep=0.2,repeat=0.3,delay=0.3,lose=0.5,redeclare=0.1,double=0.2"
        for days in range(14):
            today = MON + timedelta(days=days)
            if days:
                outside.call("--seed", seed, "--rates", rates, "day", today)
            outside.night(today)
        files = {
            path.name: path.read_bytes() for path in (*outside.online.iterdir(), *outside.replies.iterdir())
        }
        assert outside.held() == []
        return files, set(outside.world.states().values())

    first, states = week("first", 7)
    assert (states, week("second", 7)[0] == first, week("third", 8)[0] == first) == ({"deleted"}, True, False)


def test_with_a_recipient_its_files_are_age_files(outside: Outside, tmp_path: Path):
    age, keygen = tool("age"), tool("age-keygen")
    made = subprocess.run([keygen], capture_output=True, text=True, check=True).stdout
    (tmp_path / "identity").write_text(made)
    recipient = next(line.split()[-1] for line in made.splitlines() if "public key" in line)
    outside.declare("PFA1")
    name = outside.day(FRI, "--recipient", recipient)["online"]
    data = subprocess.run(
        [age, "-d", "-i", tmp_path / "identity", outside.online / name],
        capture_output=True,
        check=True,
    ).stdout
    assert len(data) == 3 * LRECL
