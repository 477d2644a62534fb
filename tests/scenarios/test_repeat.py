"""The same input gives the same files, whatever the process, its hash seed, its time zone and its language."""

from pathlib import Path

from tests.scenarios.house import House, Outcome, outcome

SURROUNDINGS = {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C"}


def test_another_run_in_another_root_gives_the_same_files(
    house: House, clean: Outcome, tmp_path: Path
) -> None:
    arguments = ("submit", "JANUARY", "--date", "2027-01-12", "--set", "WORK_FACTOR=10")
    done = house.command(*arguments, environment=SURROUNDINGS)
    assert done.returncode == 4, done.stdout + done.stderr
    assert outcome(house, tmp_path / "plain") == clean


def test_another_business_date_changes_no_statement(house: House, clean: Outcome, tmp_path: Path) -> None:
    arguments = ("submit", "JANUARY", "--date", "2027-01-29", "--set", "WORK_FACTOR=10")
    done = house.command(*arguments)
    assert done.returncode == 4, done.stdout + done.stderr
    assert house.statements(tmp_path / "plain") == clean.files
