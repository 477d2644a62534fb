"""``chosho jobs`` and ``chosho spool``: the runs and their job logs."""

import json

import pytest

from tests.cli.conftest import Chosho, Ran


def test_jobs_lists_the_newest_run_first(on: Chosho):
    runs = json.loads(on("jobs", "--json").out)
    assert [(run["run"], run["state"]) for run in runs] == [
        ("JANUARY.20270112.01", "finished"),
        ("FIXTURES.20261231.01", "finished"),
    ]
    assert runs[0]["rc"] in {0, 4}


def test_jobs_shows_a_table(on: Chosho):
    answer = on("jobs", "--limit", 1)
    assert "JANUARY.20270112.01" in answer.out
    assert "FIXTURES" not in answer.out


def test_spool_shows_the_job_log_and_the_events(ran: Ran, on: Chosho):
    log = on("spool", ran.run)
    assert log.code == 0
    assert "S210" in log.out
    events = on("spool", ran.run, "--events").out.splitlines()
    assert len(events) > 9
    assert all(json.loads(line) for line in events)


@pytest.mark.parametrize("run", ["NONE", "../control", ".", "JANUARY.20270112.99"])
def test_spool_refuses_what_is_no_run(run: str, on: Chosho):
    answer = on("spool", run)
    assert (answer.code, answer.err.split()[0]) == (12, "CHSL015E")
