"""``chosho submission``: a JANUARY run on its way to the tax office, and what is left to correct."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Answer, Chosho, Ran

STEPS = (
    ("suzuki", "check"), ("sato", "check"), ("suzuki", "enclose"), ("suzuki", "mail", "--tracking", "1234-5678-9012"),
    ("suzuki", "submit"), ("sato", "acknowledge", "--receipt", "R-15"),
)  # fmt: skip
STATES = ("checking", "checked", "enclosed", "mailed", "submitted", "acknowledged")
Call = Callable[..., Answer]


@pytest.fixture
def call(ran: Ran, chosho: Chosho, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Return a function that runs the command on a copy of the data root, in February 2027."""
    root, keys = tmp_path / "root", tmp_path / "keys"
    shutil.copytree(ran.root, root)
    shutil.copytree(ran.keys, keys)
    monkeypatch.setattr("chosho.batch.clock.stamp", lambda: "2027-02-01T10:00:00+09:00")

    def run(*words: object, person: str = "suzuki") -> Answer:
        monkeypatch.setenv("CHOSHO_PERSON", person)
        return chosho("--root", root, "--keys", keys, *words)

    return run


def test_a_run_goes_to_the_tax_office(call: Call, ran: Ran) -> None:
    for (person, act, *more), state in zip(STEPS, STATES, strict=True):
        done = call("submission", act, ran.run, "--on", "2027-01-29", *more, person=person)
        assert (done.code, done.err) == (0, "")
        assert f"{ran.run} is {state}, 2027-01-29" in done.out
    (one,) = json.loads(call("submission", "list", "--json").out)
    assert (one["run"], one["state"], one["submitted_on"], one["entered_by"]) == (
        ran.run, "acknowledged", "2027-01-29", None,
    )  # fmt: skip
    assert [step["note"] for step in one["steps"]] == ["", "", "", "1234-5678-9012", "", "R-15"]
    shown = call("submission", "list").out
    assert ran.run in shown
    assert "2027-01-29" in shown
    entered = call("submit", "SUBMITTED", "--date", "2027-02-01", "--set", f"RUN={ran.run}")
    assert entered.code == 0, entered.out + entered.err
    (one,) = json.loads(call("submission", "list", "--json").out)
    assert one["entered_by"] == "SUBMITTED.20270201.01"


def test_the_wrong_step_is_refused_politely(call: Call, ran: Ran) -> None:
    mailed = call("submission", "mail", ran.run, "--tracking", "1234-5678-9012")
    assert (mailed.code, mailed.out) == (12, "")
    assert mailed.err.startswith(f"CHSN061E {ran.run}: mail")
    assert call("submission", "check", ran.run).code == 0
    again = call("submission", "check", ran.run)
    assert (again.code, again.err.split()[0]) == (12, "CHSN062E")
    tomorrow = call("submission", "check", ran.run, "--on", "2027-02-02", person="sato")
    assert (tomorrow.code, tomorrow.err.split()[0]) == (12, "CHSN063E")
    assert call("submission", "submit", ran.run).code == 12  # the day must be said
    personal = call("submission", "withdraw", ran.run, "--reason", "番号 123456789018 の訂正")
    assert (personal.code, personal.out, "123456789018" in personal.err) == (12, "", False)
    gone = call("submission", "withdraw", ran.run, "--reason", "made again")
    assert (gone.code, gone.out) == (0, f"{ran.run} is withdrawn, 2027-02-01\n")


@pytest.mark.parametrize("year", ["2026", "123456789018"])
def test_without_a_supplement_there_is_nothing_to_show(call: Call, year: str) -> None:
    told = call("submission", "diff", "--year", year)
    assert (told.code, told.out) == (12, "")
    assert told.err.startswith("CHSN081E")
    assert "123456789018" not in told.err
