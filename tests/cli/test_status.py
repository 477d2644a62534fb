"""``chosho status``: held or not held, on record before it is read, never a number."""

import json
from datetime import timedelta

import pytest

from chosho.vault.keys import KeyStore
from tests.cli.conftest import Answer, Chosho
from tests.jobs.nights import lay, night
from tests.match.masters import block, contractor, individual
from tests.registration.updates import BEFORE, NUMBER, REGREJ, row, sides
from tests.rights import withhold
from tests.step.stage import DAY, Stage

POLICY = "10000000001"
MASTER = [
    contractor(REGISTERED_ON=BEFORE),
    row(NUMBER, "001", "2"),
    row("", "002", "0", REASON_CODE="03"),
    row(individual(6), PAYEE_NO="02"),
    row(individual(7), POLICY_NO="10000000003"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """A data root after its first night."""
    stage = night(tmp_path_factory.mktemp("status"))
    lay(stage, requests=sides([], [])[0], intake=block(REGREJ, []), master=sides([], MASTER)[1])
    assert stage.submit("FIRST", DAY - timedelta(days=1)).rc == 0
    assert stage.submit("TRY").rc == 0
    return stage


@pytest.fixture
def ask(made: Stage, chosho: Chosho):
    """Return a function that calls the command on it."""

    def run(*words: object) -> Answer:
        return chosho("--root", made.root, "--keys", made.keys, "status", *words)

    return run


def test_every_person_of_a_policy_is_shown(ask):
    answer = ask("--policy", POLICY, "--json")
    assert answer.code == 0
    shown = json.loads(answer.out)
    assert shown["dsn"] == "CHOSHO.NUMBER.STATUS.G0001V00"
    common = {"policy": POLICY, "date": "2026-04-01"}
    assert shown["persons"] == [
        {**common, "role": "01", "payee_no": "00", "held": True, "state": "1", "reason": "00"},
        {**common, "role": "02", "payee_no": "01", "held": False, "state": "0", "reason": "03"},
        {**common, "role": "02", "payee_no": "02", "held": True, "state": "1", "reason": "00"},
    ]


def test_a_role_narrows_it(ask):
    shown = json.loads(ask("--policy", POLICY, "--role", "01", "--json").out)
    assert [one["payee_no"] for one in shown["persons"]] == ["00"]


def test_the_table_says_held_or_not_held_and_never_a_number(ask):
    answer = ask("--policy", POLICY)
    lines = [line.split() for line in answer.out.splitlines()[2:]]
    assert lines == [
        [POLICY, "01", "00", "held", "1", "00", "2026-04-01"],
        [POLICY, "02", "01", "not", "held", "0", "03", "2026-04-01"],
        [POLICY, "02", "02", "held", "1", "00", "2026-04-01"],
    ]
    numbers = [one["INDIVIDUAL-NO"] for one in MASTER if one["INDIVIDUAL-NO"]]
    assert not [number for number in numbers if number in answer.out]


def test_a_policy_of_nobody_is_refused(ask):
    for words in (
        ("--policy", "10000000002"),
        ("--policy", "99999999999"),
        ("--policy", "10000000003", "--role", "01"),
    ):
        answer = ask(*words)
        assert (answer.code, answer.err.split()[0], answer.out) == (12, "CHSA061E", "")


@pytest.mark.parametrize(
    "words",
    [
        ("--policy", NUMBER),
        ("--policy", "2222222222"),
        ("--policy", "１０００００００００１"),
        ("--policy", POLICY, "--role", "773"),
    ],
)
def test_what_is_no_policy_number_is_refused_and_not_repeated(ask, words):
    answer = ask(*words)
    assert (answer.code, answer.err.split()[0]) == (12, "CHSA060E")
    assert words[-1] not in answer.err


def test_the_policy_is_an_option_that_must_be_given(ask):
    answer = ask()
    assert answer.code == 12


def test_who_asked_is_on_record_before_anything_is_read_and_the_person_in_the_sealed_column(
    ask, made, monkeypatch
):
    def broken(*_arguments: object) -> None:
        raise OSError(5, "Input/output error", "part")

    monkeypatch.setattr("chosho.cli.status.access.sources", broken)
    answer = ask("--policy", POLICY, "--role", "02")
    assert (answer.code, answer.out) == (16, "")
    keys = KeyStore(made.keys, data_root=made.root)
    with made.store() as store:
        last = list(store.journal.rows())[-1]
        private = store.journal.private(last.seq, keys.journal_column_key())
        assert store.journal.verify() == ()
    assert (last.kind, last.private) == ("status", True)
    assert last.fields == {"dsn": "CHOSHO.NUMBER.STATUS.G0001V00", "right": "status.read"}
    assert private == {"policy": POLICY, "role": "02"}


def test_without_the_right_nothing_is_read_and_nothing_shown(ask, monkeypatch):
    withhold(monkeypatch, "status.read")
    answer = ask("--policy", POLICY)
    assert (answer.code, answer.err.split()[0], answer.out) == (12, "CHSJ040E", "")
    assert "status.read" in answer.err


def test_before_the_first_night_there_is_no_status(tmp_path, chosho):
    fresh = night(tmp_path)
    answer = chosho("--root", fresh.root, "--keys", fresh.keys, "status", "--policy", POLICY)
    assert (answer.code, answer.err.split()[0]) == (12, "CHSD122E")
