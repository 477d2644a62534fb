"""MONTHLY323 from the source files to a verified image, against the plain-Python models."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from chosho.batch.result import RunResult
from chosho.copybook import load
from tests.model.extract import Scope
from tests.scenarios.expected import Expected
from tests.scenarios.house import CHEAP, House
from tests.tools import tool

DAY = date(2027, 2, 10)
DUE = "20270215"
RUN = "MONTHLY323.20270210.01"
AMOUNTS = (*range(24, 33), 51)
"""The items in yen, counted from 1."""


@pytest.fixture(scope="module")
def expected(world: House) -> Expected:
    return Expected(world.root, tool("iconv"), Scope(("323",), "202701", int(DUE)))


@pytest.fixture(scope="module")
def done(world: House, tmp_path_factory: pytest.TempPathFactory) -> tuple[House, RunResult]:
    """A house with a finished run of the month before."""
    house = world.copy(tmp_path_factory.mktemp("monthly") / "house")
    result = house.submit("MONTHLY323", DAY, parameters={**CHEAP, "SUBMITTED_ON": DUE})
    assert result.rc == 4, house.log(result.run_id)
    return house, result


def counts(done: tuple[House, RunResult]) -> dict[str, dict[str, int]]:
    return {step.name: step.counts for step in done[1].steps}


def test_the_disc_holds_byte_for_byte_what_the_models_write(
    done: tuple[House, RunResult], expected: Expected, tmp_path: Path
) -> None:
    assert done[1].run_id == RUN
    files = done[0].statements(tmp_path / "plain")
    assert sorted(files) == ["323dat01.txt"]
    rows = files["323dat01.txt"].decode("cp932").split("\r\n")
    assert rows == expected.file("323").decode("cp932").split("\r\n")
    assert {row.count(",") for row in rows[:-1]} == {50}


def test_the_counts_are_those_of_the_models(done: tuple[House, RunResult], expected: Expected) -> None:
    found, told = counts(done), expected.outcomes
    statements = len(expected.rows["323"])
    assert statements > 10
    assert found["S210"]["kept"] == found["S210"]["kept.323"] == statements == told["K323"]
    left_out = {code: found["S210"][f"left_out.{code}"] for code in ("YEAR", "LUMP", "ANNU", "K310", "K366")}
    assert left_out == {code: told[code] for code in left_out}
    assert left_out["LUMP"] > 0
    assert found["S210"]["rejected"] == len(expected.rejected)
    yen = sum(int(row[item - 1] or 0) for row in expected.rows["323"] for item in AMOUNTS)
    for step, name in (("S230", "statements"), ("S240", "read"), ("S250", "read"), ("S270", "read")):
        assert found[step][name] == statements
    assert (found["S230"]["amount"], found["S270"]["amount"]) == (yen, yen)
    assert found["S290"]["erased"] == 2 * statements


def test_numbers_of_events_before_2016_are_left_out_with_their_reason(
    done: tuple[House, RunResult], expected: Expected
) -> None:
    layout, data = load("UNMATCH"), done[0].content("CHOSHO.PAYMENT.UNMATCH")
    reason = layout["REASON"]
    found = Counter(
        data[at + reason.offset :][: reason.length].decode() for at in range(0, len(data), layout.length)
    )
    told = Counter(why for numbers in expected.numbers for why, _ in numbers.values() if why != "00")
    assert found == told
    early = [row for row in expected.rows["323"] if row[33:36] == ["27", "12", "31"]]
    first = [row for row in expected.rows["323"] if row[33:36] == ["28", "01", "01"]]
    assert found["BF"] == 2 * len(early) > 0
    assert {row[10] for row in early} == {"27"}
    assert any(row[45] for row in first)
    assert not any(row[45] or row[46] for row in early)


def test_every_step_ran_every_balance_held_and_only_the_copies_stay(done: tuple[House, RunResult]) -> None:
    house, result = done
    assert {step.rc for step in result.steps} <= {0, 4}
    log = house.log(RUN)
    assert (log.count("CHSB106I"), log.count("CHSB070E")) == (log.count("  balance "), 0)
    visible = house.catalogued()
    for kind in ("310", "366", "323", "386"):  # the copies of a run are one set, empty kinds too
        assert visible[f"CHOSHO.STATEMENT.K{kind}"] == [1]
        assert (house.content(f"CHOSHO.STATEMENT.K{kind}") != b"") == (kind == "323")
    assert not visible.get("CHOSHO.PAYMENT.DATA")
    assert not visible.get("CHOSHO.PAYMENT.MATCH")
    assert house.faults() == []


def test_the_register_says_which_month_it_was(done: tuple[House, RunResult], expected: Expected) -> None:
    with done[0].store() as store:
        (medium,) = store.media.all()
    assert medium.id == "M20270210_01V01"
    assert dict(medium.records) == {"323": len(expected.rows["323"])}
    assert medium.data_content.startswith("2027年（令和9年）1月分 支払調書データ（MONTHLY323） 323 ")


def test_january_and_the_month_after_share_no_payment(
    done: tuple[House, RunResult], expected: Expected, tmp_path: Path
) -> None:
    house = done[0].copy(tmp_path / "house")
    result = house.january()
    assert result.rc == 4, house.log(result.run_id)
    january = next(step for step in result.steps if step.name == "S210").counts
    assert january["left_out.YEAR"] >= len(expected.rows["323"])
    assert january["kept.310"] > 0
    assert house.catalogued()["CHOSHO.STATEMENT.K323"] == [1, 2]
