"""``chosho report returns|status``: what a night of the demo hands out, from the command line."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chosho.copybook import load
from tests.scenarios.house import House

if TYPE_CHECKING:
    from subprocess import CompletedProcess

DAY, DATED, SATURDAY = "2027-01-08", "20270108", "2027-01-09"
RETURN, STATUS, MASTER = "CHOSHO.REGISTRATION.RETURN", "CHOSHO.NUMBER.STATUS", "CHOSHO.NUMBER.MASTER"
NUMBER = re.compile(rb"(?<![0-9])[0-9]{12,13}(?![0-9])")


@pytest.fixture(scope="module")
def night(world: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house with the demo's night behind it."""
    house = world.copy(tmp_path_factory.mktemp("night"))
    assert house.command("fixtures", "arrivals", "--date", DAY, "--requests", "500").returncode == 0
    assert house.command("night", DAY).returncode == 4
    return house


def ask(house: House, what: str, day: str, out: Path, **more: str) -> "CompletedProcess[str]":
    """Hand out."""
    return house.command("report", what, day, "--out", str(out), environment=more)


def handed_out(house: House) -> list[tuple[str, dict]]:
    """Return who handed out what."""
    with house.store() as store:
        return [(row.who, row.fields) for row in store.journal.rows(kinds=("dataset.handed_out",))]


def numbers(house: House) -> set[bytes]:
    """Return every number that the number master holds."""
    field = load("NUMMAST").named()["INDIVIDUAL-NO"]
    length, data = load("NUMMAST").length, house.content(MASTER)
    cells = (data[at + field.offset :][: field.length].strip() for at in range(0, len(data), length))
    return {cell for cell in cells if cell.isdigit()}


def test_each_office_gets_its_list_and_nothing_else(night: House, tmp_path: Path) -> None:
    out = tmp_path / "a" / "returns"
    before = len(handed_out(night))
    done = ask(night, "returns", DAY, out, CHOSHO_PERSON="clerk")
    assert done.returncode == 0, done.stderr
    expected = night.contents(RETURN)
    assert len(expected) > 10
    found = {path.name: path.read_bytes() for path in out.iterdir()}
    assert found == {f"RETURN.{DATED}.{office}.csv": data for office, data in expected.items()}
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}
    assert f"{len(expected)} files" in done.stdout
    for office, data in expected.items():
        rows = data.decode("cp932").splitlines()[1:]
        assert rows
        if not office.startswith("NO-OFFICE"):
            assert {row.split('"')[1] for row in rows} == {office}
    ((who, fields),) = handed_out(night)[before:]
    wanted = {"dsn": f"{RETURN}.G0001V00", "right": "return.use", "parts": len(expected)}
    assert (who, fields) == ("clerk", wanted)


def test_the_status_is_one_file_of_records(night: House, tmp_path: Path) -> None:
    done = ask(night, "status", DAY, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    (path,) = (tmp_path / "out").iterdir()
    assert (path.name, path.stat().st_mode & 0o777) == (f"STATUS.{DATED}.DAT", 0o600)
    assert path.read_bytes() == night.content(STATUS)
    assert handed_out(night)[-1][1]["records"] == len(night.content(STATUS)) // load("NUMSTAT").length


def test_no_number_is_handed_out(night: House, tmp_path: Path) -> None:
    secret = numbers(night)
    assert len(secret) > 500
    for what in ("returns", "status"):
        assert ask(night, what, DAY, tmp_path).returncode == 0
    for path in tmp_path.iterdir():
        data = path.read_bytes()
        assert not [number for number in secret if number in data], path.name
        if path.suffix == ".csv":
            assert not NUMBER.search(data), path.name


def test_nothing_is_overwritten(night: House, tmp_path: Path) -> None:
    office = max(night.parts(RETURN))
    taken = tmp_path / f"RETURN.{DATED}.{office}.csv"
    taken.symlink_to(tmp_path / "elsewhere")
    before = len(handed_out(night))
    done = ask(night, "returns", DAY, tmp_path)
    assert (done.returncode, done.stderr.split()[0]) == (12, "CHSD151E")
    assert [path.name for path in tmp_path.iterdir()] == [taken.name], "not even a part of it"
    assert len(handed_out(night)) == before
    done = ask(night, "returns", DAY, tmp_path / "file")
    assert done.returncode == 0
    (tmp_path / "plain").write_text("x")
    assert ask(night, "status", DAY, tmp_path / "plain").stderr.split()[0] == "CHSD151E"


@pytest.mark.parametrize("inside", ["root", "root/source", "root/new/deeper", "keys", "link"])
def test_the_data_root_and_the_keys_are_no_place_for_it(night: House, tmp_path: Path, inside: str) -> None:
    (tmp_path / "link").symlink_to(night.root / "source")
    out = tmp_path / "link" if inside == "link" else night.folder / inside
    for what in ("returns", "status"):
        done = ask(night, what, DAY, out)
        assert (done.returncode, done.stderr.split()[0]) == (12, "CHSD152E")
    assert not (night.root / "new").exists()


@pytest.mark.parametrize("what", ["returns", "status"])
def test_a_day_without_a_night_has_none(night: House, tmp_path: Path, what: str) -> None:
    done = ask(night, what, SATURDAY, tmp_path / "out")
    assert (done.returncode, done.stderr.split()[0], SATURDAY in done.stderr) == (12, "CHSP016E", True)
    assert not (tmp_path / "out").exists()
    done = ask(night, what, "yesterday", tmp_path / "out")
    assert (done.returncode, done.stderr.split()[0]) == (12, "CHSL013E")


def test_what_is_not_kept_any_more_says_so_and_each_date_has_its_own(night: House, tmp_path: Path) -> None:
    house = night.copy(tmp_path / "later")
    first = house.contents(RETURN)
    assert house.command("fixtures", "arrivals", "--date", "2027-01-12", "--requests", "50").returncode == 0
    assert house.command("night", "2027-01-12").returncode == 4
    assert ask(house, "returns", DAY, tmp_path / "old").returncode == 0
    assert ask(house, "returns", "2027-01-12", tmp_path / "new").returncode == 0
    assert {path.read_bytes() for path in (tmp_path / "old").iterdir()} == set(first.values())
    assert {path.read_bytes() for path in (tmp_path / "new").iterdir()} == set(
        house.contents(RETURN).values()
    )
    assert house.command("night", "2027-02-09").returncode == 4  # a month later SCRATCH has erased them
    done = ask(house, "returns", DAY, tmp_path / "gone")
    assert (done.returncode, done.stderr.split()[0]) == (12, "CHSP017E")
    done = ask(house, "returns", "2027-02-09", tmp_path / "none")  # nothing came, nothing was rejected
    assert (done.returncode, "0 files" in done.stdout, list((tmp_path / "none").iterdir())) == (0, True, [])


def test_an_output_stands_in_the_next_handling_report(night: House, tmp_path: Path) -> None:
    house = night.copy(tmp_path / "later")
    for what in ("returns", "status"):
        assert ask(house, what, DAY, tmp_path / "out", CHOSHO_PERSON="desk").returncode == 0
    assert house.command("night", "2027-01-12").returncode == 4
    report = house.command("report", "show", "2027-01-12", "--csv").stdout
    lines = [line for line in report.splitlines() if "平文ファイルの引渡し" in line and "desk" in line]
    assert [RETURN in line for line in lines] == [True, False]
    assert all("出力" in line for line in lines)
    assert STATUS in lines[1]


def test_a_damaged_list_leaves_no_file(night: House, tmp_path: Path) -> None:
    house = night.copy(tmp_path / "damaged")
    path = house.paths(RETURN)[max(house.parts(RETURN))]
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    done = ask(house, "returns", DAY, tmp_path / "out")
    assert (done.returncode, "Traceback" in done.stderr) == (16, False)
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("fault", ["write:3:ENOSPC", "name:2:EIO", "sync:2:EIO"])
def test_a_disk_that_refuses_leaves_no_file_and_a_killed_call_is_done_again(
    night: House, tmp_path: Path, fault: str
) -> None:
    done = ask(night, "returns", DAY, tmp_path, CHOSHO_DISK_FAULT=fault)
    assert (done.returncode, list(tmp_path.iterdir())) == (16, []), done.stderr
    killed = ask(night, "returns", DAY, tmp_path, CHOSHO_DISK_FAULT="name:1:KILL")
    assert killed.returncode == -9
    assert all(path.name.startswith(".") for path in tmp_path.iterdir())
    assert ask(night, "returns", DAY, tmp_path).returncode == 0
    assert len(list(tmp_path.iterdir())) == len(night.contents(RETURN))
