"""``chosho inquiry``: one statement, on record before it is shown, and never a number unless it is revealed."""

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from chosho import copybook
from chosho.batch import inquiry
from chosho.batch.inquiry import Desk, Question
from chosho.codec import batch
from chosho.control import rights
from chosho.control.inquiries import Limits
from chosho.control.journal import Journal
from chosho.control.store import ControlStore
from chosho.dataset import access
from chosho.dataset.reader import Reader
from chosho.errors import InputRefused
from chosho.vault.keys import KeyStore
from tests.cli.conftest import Answer, Chosho, Ran

REVEAL = ("--reveal", "--case", "CASE-1", "--reason", "税務署の照会")
NUMBER = "123456789018"


class House:
    """A copy of a data root on which JANUARY has run, and what its statements are."""

    def __init__(self, ran: Ran, folder: Path, chosho: Chosho) -> None:
        self.root, self.keys, self.run = folder / "root", folder / "keys", ran.run
        shutil.copytree(ran.root, self.root, symlinks=True)
        shutil.copytree(ran.keys, self.keys)
        self._chosho = chosho

    def __call__(self, *words: object) -> Answer:
        return self._chosho("--root", self.root, "--keys", self.keys, "inquiry", *words)

    def key_store(self) -> KeyStore:
        return KeyStore(self.keys, data_root=self.root)

    def store(self) -> ControlStore:
        return ControlStore.open(self.root, self.key_store())

    def statements(self) -> list[tuple[str, str, str, str, list[str]]]:
        """Return kind, policy, payee, payment and cells of every statement, read as a whole."""
        fields = copybook.load("STMTIDX").named()
        with self.store() as store:
            data = {}
            for name in ("INDEX", "K310", "K366"):
                generation = store.generations.catalogued(f"CHOSHO.STATEMENT.{name}")[-1]
                parts = access.sources(self.root, store, self.key_store(), generation)
                data[name] = Reader(parts, lrecl=64 if name == "INDEX" else 0).read_all()
        block = batch.np.frombuffer(data["INDEX"], "u1").reshape(-1, 64)

        def texts(name: str) -> list[str]:
            return [row.tobytes().decode().strip() for row in batch.view(fields, block, name)]

        lines = [
            line.decode("cp932").split(",")
            for name in ("K310", "K366")
            for line in data[name].split(b"\r\n")[:-1]
        ]
        columns = (texts(name) for name in ("STATEMENT-CODE", "POLICY-NO", "PAYEE-NO", "PAYMENT-NO"))
        return list(zip(*columns, lines, strict=True))

    def rows(self) -> list[tuple[str, dict[str, object]]]:
        with self.store() as store:
            return [(row.kind, row.fields) for row in store.journal.rows()]

    def desk(self, store: ControlStore, **others: object) -> Desk:
        words = {
            "root": self.root,
            "store": store,
            "keys": self.key_store(),
            "limits": Limits(per_hour=20, reveals_per_hour=3),
            "person": "clerk",
            "terminal": True,
            "at": "2027-02-01T12:00:00+09:00",
        }
        return Desk(**{**words, **others})


@pytest.fixture
def house(ran: Ran, tmp_path: Path, chosho: Chosho) -> Iterator[House]:
    return House(ran, tmp_path, chosho)


@pytest.fixture
def one(house: House) -> tuple[str, list[str]]:
    """Return a policy with a single statement, which shows an individual number, and the statement's cells."""
    made = house.statements()
    policies = [policy for _, policy, *_ in made]
    found = [
        (policy, cells)
        for kind, policy, *_, cells in made
        if kind == "310" and policies.count(policy) == 1 and cells[38].startswith("0")
    ]
    return found[0]


def test_a_statement_is_shown_as_it_was_built_with_its_number_masked(house, one):
    policy, cells = one
    answer = house("--policy", policy, "--json")
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)["statement"]
    assert (told["kind"], told["year"], told["run"], told["submitted"]) == ("310", 2026, house.run, "")
    assert [item["item"] for item in told["items"]] == list(range(1, 45))
    masked = {item["item"] for item in told["items"] if item["masked"]}
    assert 39 in masked
    assert [item["content"] for item in told["items"] if item["item"] not in masked] == [
        cell for number, cell in enumerate(cells, 1) if number not in masked
    ]
    assert told["items"][26]["name"] == "差引支払保険金額等"
    assert cells[38] not in answer.out
    assert cells[38][1:] not in answer.out


def test_the_table_has_every_item_and_no_number(house, one):
    policy, cells = one
    answer = house("--policy", policy)
    assert answer.code == 0
    assert len([line for line in answer.out.splitlines()[1:] if re.match(r" *\d+  ", line)]) == 44
    assert cells[13] in answer.out
    assert cells[38][1:] not in answer.out
    assert "*" * 13 in answer.out


def test_every_statement_can_be_asked_for(house):
    made = house.statements()
    kinds = {}
    for kind, policy, payee, payment, cells in made:
        kinds.setdefault(kind, []).append((policy, payee, payment, cells))
    with house.store() as store:
        desk = house.desk(store, limits=Limits(per_hour=10_000, reveals_per_hour=10_000))
        for kind, found in kinds.items():
            for policy, payee, payment, cells in (found[0], found[len(found) // 2], found[-1]):
                question = Question(
                    policy=policy, payee=payee, payment=payment, reveal=True, case="C", reason="r"
                )
                answer = desk.answer(question)
                assert answer.shown.kind == kind
                assert [item.text for item in answer.items] == cells


def test_several_statements_are_listed_by_key_and_one_is_picked(house, one, monkeypatch):
    policy, _ = one
    records = Desk._records

    def twice(self: Desk, *words: object) -> Iterator[object]:
        for record in records(self, *words):
            yield record
            yield record

    monkeypatch.setattr(Desk, "_records", twice)
    answer = house("--policy", policy, "--json")
    told = json.loads(answer.out)
    assert (answer.code, answer.err.split()[0]) == (4, "CHSQ015I")
    assert told["statement"] is None
    assert len(told["matches"]) == 2
    assert "content" not in answer.out
    listed = house("--policy", policy)
    assert (listed.code, "content" in listed.out) == (4, False)
    second = json.loads(house("--policy", policy, "--pick", 2, "--json").out)["statement"]
    assert second["no"] == 2
    key = told["matches"][1]
    words = ("--payee", key["payee"], "--payment", key["payment"], "--year", 2026)
    asked = json.loads(house("--policy", policy, *words, "--json").out)
    assert [match["no"] for match in asked["matches"]] == [1, 2]


@pytest.mark.parametrize("words", [("--year", 2025), ("--payee", "99"), ("--payment", "9999"), ("--pick", 7)])
def test_what_is_not_there_is_refused_without_a_word_about_it(house, one, words):
    answer = house("--policy", one[0], *words)
    assert (answer.code, answer.err.split()[0], answer.out) == (12, "CHSQ011E", "")
    assert one[0] not in answer.err


@pytest.mark.parametrize(
    ("parameters", "year"),
    [({"TAX_YEAR": "2026"}, 2026), ({"MONTH": "202612"}, 2026), ({}, 2027), ({"TAX_YEAR": "x"}, 2027)],
)
def test_the_year_is_that_of_the_runs_payments(house, parameters, year):
    with house.store() as store:
        run = store.runs.get(house.run)
    assert inquiry.year_of(replace(run, parameters=parameters)) == year


def test_a_run_that_did_not_finish_was_not_submitted(house, one):
    with house.store() as store:
        store._database.change("UPDATE runs SET state = 'failed'")
    assert house("--policy", one[0]).err.split()[0] == "CHSQ011E"


@pytest.mark.parametrize(
    "words",
    [
        ("--policy", NUMBER),
        ("--policy", "１０００００００００１"),
        ("--policy", "1000000000'"),
        ("--policy", "10000000001\n"),
        ("--policy", "10000000001", "--payee", NUMBER),
        ("--policy", "10000000001", "--payment", NUMBER),
        ("--policy", "10000000001", "--case", NUMBER),
        ("--policy", "10000000001", "--case", "1234-5678-9018"),
        ("--policy", "10000000001", "--case", "X10000000001"),
        ("--policy", "10000000001", "--case", "../\x1b[2J"),
        ("--policy", "10000000001", "--reason", f"about {NUMBER}"),
        ("--policy", "10000000001", "--reason", "１２３４ ５６７８ ９０１８"),
        ("--policy", "10000000001", "--reason", "a\x1b[2Jb"),
        ("--policy", "10000000001", "--reason", "x" * 201),
    ],
)
def test_a_hostile_argument_is_refused_not_repeated_and_leaves_no_row(house, words):
    before = len(house.rows())
    answer = house(*words)
    assert (answer.code, answer.err.split()[0], answer.out) == (12, "CHSQ010E", "")
    assert words[-1] not in answer.err
    assert len(house.rows()) == before


@pytest.mark.parametrize("option", ["--year", "--pick"])
def test_a_number_in_place_of_a_year_is_not_taken(house, option):
    answer = house("--policy", "10000000001", option, "x")
    assert answer.code == 12


def test_both_rows_stand_before_the_first_item_is_read(house, one):
    policy, _ = one
    before = len(house.rows())
    house("--policy", policy)
    added = house.rows()[before:]
    assert [kind for kind, _ in added] == ["inquiry", "inquiry.shown"]
    assert added[1][1]["dsn"] == "CHOSHO.STATEMENT.K310.G0001V00"
    assert policy not in json.dumps([fields for _, fields in added])
    with house.store() as store:
        last = list(store.journal.rows())[-1]
        private = store.journal.private(last.seq, house.key_store().journal_column_key())
        assert (private["policy"], private["role"]) == (policy, "02")
        assert store.journal.verify() == ()


@pytest.mark.parametrize(
    ("place", "rows"), [("sources", ["inquiry"]), ("excerpt", ["inquiry", "inquiry.shown"])]
)
def test_a_fault_after_the_record_shows_nothing(house, one, monkeypatch, place, rows):
    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error", "part")

    monkeypatch.setattr(inquiry.access if place == "sources" else inquiry, place, broken)
    before = len(house.rows())
    answer = house("--policy", one[0])
    assert (answer.code, answer.out) == (16, "")
    assert [kind for kind, _ in house.rows()[before:]] == rows


@pytest.mark.parametrize("failing", ["inquiry", "inquiry.shown", "head"])
def test_without_its_record_nothing_is_read_or_shown(house, one, monkeypatch, failing):
    append, excerpted = Journal.append, []

    def refusing(self: Journal, kind: str, *words: object, **others: object) -> int:
        if kind == failing:
            raise OSError(28, "No space left on device", "store")
        return append(self, kind, *words, **others)

    def no_head(_: Journal) -> None:
        raise OSError(28, "No space left on device", "heads")

    if failing == "head":
        monkeypatch.setattr(Journal, "write_head", no_head)
    else:
        monkeypatch.setattr(Journal, "append", refusing)
    monkeypatch.setattr(inquiry, "excerpt", lambda *words: excerpted.append(words))
    answer = house("--policy", one[0])
    assert (answer.code, answer.out, excerpted) == (16, "", [])


def test_the_record_is_committed_when_the_statement_is_read(house, one, monkeypatch):
    seen = []

    def watched(parts: object, offset: int, length: int) -> bytes:
        with house.store() as other:  # another connection sees what is committed
            seen.append([row.kind for row in other.journal.rows()][-2:])
        return real(parts, offset, length)

    real = inquiry.excerpt
    monkeypatch.setattr(inquiry, "excerpt", watched)
    assert house("--policy", one[0]).code == 0
    assert seen == [["inquiry", "inquiry.shown"]]


@pytest.mark.parametrize("right", ["inquiry.use", "inquiry.reveal"])
def test_without_the_right_the_library_call_refuses(house, one, monkeypatch, right):
    def check(person: str, asked: str) -> None:
        if asked == right:
            raise InputRefused("CHSJ040E", person=person, right=asked)

    monkeypatch.setattr(rights, "check", check)
    monkeypatch.setattr(access, "sources", lambda *_: pytest.fail("read without the right"))
    question = Question(policy=one[0], reveal=True, case="CASE-1", reason="x")
    with house.store() as store, pytest.raises(InputRefused, match="CHSJ040E"):
        house.desk(store).answer(question)
    assert house.rows()[-1] == ("access.refused", {"right": right, "message": "CHSJ040E"})


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (("--reveal",), "CHSQ003E"),
        (("--reveal", "--case", "C1"), "CHSQ003E"),
        (("--reveal", "--reason", "x"), "CHSQ003E"),
        (("--reveal", "--case", "C1", "--reason", "  "), "CHSQ003E"),
        (REVEAL, "CHSQ004E"),  # the test's output is no terminal
        ((*REVEAL, "--json"), "CHSQ004E"),
    ],
)
def test_revealing_without_a_reason_or_into_a_file_is_refused_and_on_record(house, one, words, refused):
    answer = house("--policy", one[0], *words)
    assert (answer.code, answer.err.split()[0], answer.out) == (12, refused, "")
    assert house.rows()[-1] == ("access.refused", {"right": "inquiry.reveal", "message": refused})


def test_the_limits_are_settings(house, one):
    path = house.root / "SETTINGS.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("per_hour: 20", "per_hour: 2"), encoding="utf-8")
    assert [house("--policy", one[0]).code for _ in range(3)] == [0, 0, 12]
    assert house.rows()[-1][1]["message"] == "CHSQ001E"


def _on_terminal(house: House, *words: str) -> tuple[int, str]:
    """Run the command in a process of its own, whose output is a terminal."""
    ours, theirs = pty.openpty()
    program = "from chosho.cli.main import main; main()"
    where = ("--root", str(house.root), "--keys", str(house.keys))
    with subprocess.Popen(
        [sys.executable, "-c", program, *where, "inquiry", *words],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.PIPE,
        env={**os.environ, "COLUMNS": "200"},
    ) as process:
        os.close(theirs)
        shown = bytearray()
        while True:
            try:
                shown += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
        code = process.wait()
    os.close(ours)
    return code, shown.decode()


def test_on_a_terminal_a_number_is_revealed(house, one):
    policy, cells = one
    code, shown = _on_terminal(house, "--policy", policy, *REVEAL)
    assert (code, cells[38] in shown) == (0, True)
    row = house.rows()[-2]
    assert row[1] == {
        "right": "inquiry.reveal",
        "reveal": True,
        "case": "CASE-1",
        "reason": "税務署の照会",
    }
    code, shown = _on_terminal(house, "--policy", policy)
    assert (code, cells[38][1:] in shown) == (0, False)
