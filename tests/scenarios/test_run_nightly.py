"""``run_nightly.sh`` as cron and systemd call it: order, exit code, one at a time, the hook, what January awaits."""

import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

from chosho.batch.locks import Locks
from tests.scenarios.house import House
from tests.step.stage import REPOSITORY

SCRIPT = str(REPOSITORY / "run_nightly.sh")
FRIDAY, SATURDAY, TUESDAY = "2027-01-08", "2027-01-09", "2027-01-12"


def nightly(house: House | None, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Call the script as cron does: no terminal, a bare environment, another current directory."""
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **more}
    if house is not None:
        environment |= {"CHOSHO_ROOT": str(house.root), "CHOSHO_KEYS": str(house.keys)}
    return subprocess.run(
        [SCRIPT, *words],
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env=environment,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )


def decks(house: House) -> list[str]:
    """Return the runs of a house, oldest first, but the one that made its world."""
    with house.store() as store:
        begun = [str(row.fields["run"]) for row in store.journal.rows() if row.kind == "run.begin"]
        return [f"{run} {store.runs.get(run).state}" for run in begun if not run.startswith("FIXTURES")]


def arrive(house: House, day: str) -> None:
    """Let the four channels deliver."""
    done = house.command("fixtures", "arrivals", "--date", day, "--requests", "400")
    assert done.returncode == 0, done.stderr


def test_a_business_day_has_its_three_jobs_and_the_highest_code(house: House) -> None:
    arrive(house, FRIDAY)
    done = nightly(house, FRIDAY)
    assert done.returncode == 4, done.stdout + done.stderr
    assert [one.split(".")[0] for one in decks(house)] == ["SCRATCH", "NIGHTLY", "PURGE"]
    assert "NIGHTLY  2027-01-08 run code 4 NIGHTLY.20270108.01" in done.stdout
    page = house.root / "spool" / "PURGE.20270108.01" / "MORNING.html"
    assert "NIGHTLY" in page.read_text(encoding="utf-8")
    assert "登録不良 68 件" in done.stdout, "those of the intake and those of the update"


def test_called_again_it_finds_nothing_to_do(house: House) -> None:
    nightly(house, SATURDAY)
    before = decks(house)
    done = nightly(house, SATURDAY)
    assert (done.returncode, decks(house)) == (0, before)
    assert done.stdout.count("finished already") == 2


def test_a_day_that_is_no_business_day_has_no_nightly(house: House) -> None:
    done = nightly(house, SATURDAY)
    assert (done.returncode, [one.split(".")[0] for one in decks(house)]) == (0, ["SCRATCH", "PURGE"])
    assert "NIGHTLY  2027-01-09 no business day" in done.stdout


def test_without_files_the_night_warns_and_runs(house: House) -> None:
    done = nightly(house, FRIDAY)
    assert done.returncode == 4
    with house.store() as store:
        assert store.runs.steps("NIGHTLY.20270108.01")["S110"].counts["missing"] == 4


def test_what_failed_goes_on_at_the_next_call_and_purge_ran_all_the_same(house: House) -> None:
    arrive(house, FRIDAY)
    contracts = house.root / "source" / "CONTRACT.DAT"
    data = contracts.read_bytes()
    contracts.write_bytes(data[700:1400] + data[:700] + data[1400:])  # out of order
    done = nightly(house, FRIDAY)
    assert done.returncode == 16, done.stdout + done.stderr
    assert "CHSX009S" in done.stderr
    assert [one.rsplit(" ")[1] for one in decks(house)] == ["finished", "failed", "finished"]
    contracts.write_bytes(data)
    done = nightly(house, FRIDAY)
    assert done.returncode == 4, done.stdout + done.stderr
    assert "NIGHTLY  2027-01-08 restart code 4 NIGHTLY.20270108.01" in done.stdout


def test_what_cannot_begin_has_its_code_and_the_night_goes_on(house: House) -> None:
    (house.root / "source" / "CONTRACT.DAT").rename(house.root / "source" / "gone")
    done = nightly(house, FRIDAY)
    assert (done.returncode, "CHSD104E" in done.stderr) == (12, True)
    assert [one.split(".")[0] for one in decks(house)] == ["SCRATCH", "PURGE"]


def test_an_earlier_night_is_ended_first_and_missed_days_are_told(house: House) -> None:
    arrive(house, FRIDAY)
    process = house.mortal("S120:begin", deck="NIGHTLY", day=date(2027, 1, 8))
    process.wait(timeout=60)
    done = nightly(house, "2027-01-14")
    assert done.returncode == 4, done.stdout + done.stderr
    assert [one.split()[0] for one in decks(house) if one.startswith("NIGHTLY")] == [
        "NIGHTLY.20270108.01",
        "NIGHTLY.20270114.01",
    ]
    assert [
        day for day in ("2027-01-11", "2027-01-12", "2027-01-13") if f"CHSL041W {day}" in done.stderr
    ] == [
        "2027-01-12",
        "2027-01-13",
    ]


@pytest.mark.parametrize(
    ("at", "words", "read"), [("S120:begin", [], 400), ("S125:begin", ["--unlisted"], 0)]
)
def test_a_night_that_is_closed_gives_back_what_has_not_reached_the_master(
    house: House, at: str, words: list[str], read: int
) -> None:
    arrive(house, FRIDAY)
    house.mortal(at, deck="NIGHTLY", day=date(2027, 1, 8)).wait(timeout=60)
    close = ("jobs", "close", "NIGHTLY.20270108.01", "--reason", "the program is withdrawn")
    assert house.command(*close).returncode == (12 if words else 0)
    assert not words or house.command(*close, *words).returncode == 0
    assert nightly(house, TUESDAY).returncode == 4
    with house.store() as store:
        assert store.runs.steps("NIGHTLY.20270112.01")["S110"].counts["read"] == read
    assert nightly(house, "2027-01-13").returncode == 4
    assert list((house.root / "inbox").rglob("*.age")) == []


def test_one_instance_at_a_time(house: House) -> None:
    locks = Locks(house.root / "control" / "locks")
    locks.take({"night": True}, wait=0, message="CHSL040E", job="night")
    try:
        done = nightly(house, FRIDAY)
    finally:
        locks.release_all()
    assert (done.returncode, "CHSL040E" in done.stderr, decks(house)) == (12, True, [])


def hook_in(folder: Path) -> Path:
    """Return a hook that writes down what it is told, and fails."""
    hook = folder / "hook"
    hook.write_text(
        '#!/bin/sh\nprintf "%s\\n" "$#" "$@" >"$(dirname "$0")/told"\nenv >"$(dirname "$0")/env"\nexit 7\n'
    )
    hook.chmod(0o700)
    return hook


@pytest.mark.parametrize("option", [True, False])
def test_the_hook_is_told_of_a_night_without_a_data_root(tmp_path: Path, option: bool) -> None:
    hook = f"'{hook_in(tmp_path)}' 'two words'"
    words, more = ((FRIDAY, "--hook", hook), {}) if option else ((FRIDAY,), {"CHOSHO_HOOK": hook})
    done = nightly(None, *words, CHOSHO_KEYS="/keys", **more)
    assert (done.returncode, "the hook failed: code 7" in done.stderr) == (12, True)
    assert (tmp_path / "told").read_text().split("\n")[:-1] == ["3", "two words", "12", "-"]
    assert "CHOSHO" not in (tmp_path / "env").read_text()


def test_the_hook_is_told_the_code_and_the_run_and_nothing_else(house: House, tmp_path: Path) -> None:
    hook = hook_in(tmp_path)
    done = nightly(house, FRIDAY, CHOSHO_HOOK=str(hook))
    assert (done.returncode, "CHSL042W" in done.stderr) == (4, True), "a hook that fails changes no code"
    assert (tmp_path / "told").read_text().split() == ["2", "4", "NIGHTLY.20270108.01"]
    names = {line.partition("=")[0] for line in (tmp_path / "env").read_text().splitlines()}
    assert not {name for name in names if name.startswith("CHOSHO")}


def test_in_january_it_says_what_the_statements_await(house: House) -> None:
    (house.root / "source" / "PAYMENT.DAT").rename(house.root / "source" / "later")
    done = nightly(house, SATURDAY)
    assert "JANUARY: the statements of 2026 are due on 2027-02-01 (23 days left)" in done.stdout
    assert "CHOSHO.SOURCE.PAYMENT is awaited" in done.stdout
    assert "JANUARY:" not in nightly(house, "2027-02-06").stdout


@pytest.mark.parametrize("words", [("yesterday",), ("2027-02-30",), ("2027-01-08", "2027-01-09")])
def test_a_date_that_is_none_is_refused(house: House, words: tuple[str, ...]) -> None:
    done = nightly(house, *words)
    assert (done.returncode, "Traceback" in done.stderr, decks(house)) == (12, False, [])


def test_without_a_data_root_it_says_so() -> None:
    done = nightly(None, FRIDAY)
    assert (done.returncode, "CHOSHO_ROOT is not set" in done.stderr) == (12, True)


def test_a_day_that_the_calendar_does_not_hold_is_refused_before_anything_runs(house: House) -> None:
    done = nightly(house, "2099-01-05")
    assert (done.returncode, "CHSC060E" in done.stderr, decks(house)) == (12, True, [])


def test_the_default_is_today_in_japan(house: House) -> None:
    """The machine's own zone does not matter: in Honolulu it is often still yesterday."""
    done = nightly(house, TZ="Pacific/Honolulu")
    expected = subprocess.run(
        ["/bin/date", "+%Y-%m-%d"],
        env={**os.environ, "TZ": "JST-9"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"SCRATCH  {expected.stdout.strip()} run" in done.stdout, done.stdout + done.stderr
