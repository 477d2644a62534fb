"""``chosho submit``: exit code, summary, refusals. What runs do is tested with the supervisor and in the scenarios."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Chosho, Ran

JANUARY = ("submit", "JANUARY", "--date", "2027-01-12")


def test_scan_runs_nothing(on: Chosho):
    answer = on(*JANUARY, "--scan")
    assert (answer.code, answer.out) == (0, "JANUARY: 10 steps, no faults\n")


def test_a_finished_run_is_refused_politely(ran: Ran, on: Chosho):
    before = json.loads(on("jobs", "--json").out)
    answer = on(*JANUARY, "--set", "WORK_FACTOR=10")
    assert (answer.code, answer.err.split()[0]) == (12, "CHSB041E")
    assert ran.run in answer.err
    assert json.loads(on("jobs", "--json").out) == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("submit", "NOPE", "--date", "2027-01-12"), "CHSB001E"),
        (("submit", "JANUARY", "--date", "2027-13-12"), "CHSL013E"),
        (("submit", "JANUARY", "--date", "soon"), "CHSL013E"),
        ((*JANUARY, "--set", "MEDIUM"), "CHSL014E"),
        ((*JANUARY, "--set", "NOPE=1", "--scan"), "CHSB002E"),
        (("submit", "JANUARY", "--date", "2026-01-13", "--restart", "best"), "CHSB043E"),
    ],
)
def test_what_cannot_run_is_refused(words: tuple[str, ...], message: str, on: Chosho):
    answer = on(*words)
    assert (answer.code, answer.err.split()[0]) == (12, message)


def test_the_date_is_asked_for(on: Chosho):
    answer = on("submit", "JANUARY")
    assert (answer.code, "--date" in answer.err) == (12, True)


def test_the_cause_of_a_failed_run_is_told_where_it_was_submitted(ran: Ran, chosho: Chosho, tmp_path: Path):
    # On a copy: the other tests of this folder look at what the one run has left.
    for folder in (ran.root, ran.keys):
        shutil.copytree(folder, tmp_path / folder.name)
    where = ("--root", tmp_path / ran.root.name, "--keys", tmp_path / ran.keys.name)
    answer = chosho(*where, "submit", "JANUARY", "--date", "2027-01-14", "--set", "TAX_YEAR=soon")
    assert answer.code == 12
    lines = answer.err.splitlines()
    assert any(line.startswith("CHSN002E") for line in lines), answer.err
    assert any(line.lstrip().startswith("-> ") for line in lines)
