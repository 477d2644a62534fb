"""CHANGES386 from the contract master to a verified image, against the plain-Python models."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from chosho.batch.expand import expand
from chosho.batch.members import Libraries
from chosho.batch.result import RunResult
from tests.model.extract import Scope
from tests.scenarios.expected import Expected
from tests.scenarios.house import CHEAP, DAY, TAX_YEAR, House
from tests.tools import tool

RUN = "CHANGES386.20270112.01"


@pytest.fixture(scope="module")
def expected(world: House) -> Expected:
    return Expected(world.root, tool("iconv"), Scope((), str(TAX_YEAR), int(f"{DAY:%Y%m%d}")))


@pytest.fixture(scope="module")
def done(world: House, tmp_path_factory: pytest.TempPathFactory) -> tuple[House, RunResult]:
    """A house with a finished run."""
    house = world.copy(tmp_path_factory.mktemp("changes") / "house")
    result = house.submit("CHANGES386", DAY, parameters=CHEAP)
    assert result.rc <= 4, house.log(result.run_id)
    return house, result


def test_the_disc_holds_byte_for_byte_what_the_models_write(
    done: tuple[House, RunResult], expected: Expected, tmp_path: Path
) -> None:
    files = done[0].statements(tmp_path / "plain")
    assert sorted(files) == ["386dat01.txt"]
    rows = files["386dat01.txt"].decode("cp932").split("\r\n")
    assert rows == expected.file("386").decode("cp932").split("\r\n")
    assert {row.count(",") for row in rows[:-1]} == {36}


def test_the_counts_are_those_of_the_models(done: tuple[House, RunResult], expected: Expected) -> None:
    found = {step.name: step.counts for step in done[1].steps}
    told = Counter(expected.changes[1])
    assert set(told) == {"K386", "NDTH", "YEAR", "EXMT"}
    assert found["S211"]["read"] == len(expected.contracts)
    assert found["S211"]["kept"] == told["K386"] > 0
    assert {code: found["S211"][f"left_out.{code}"] for code in ("NDTH", "YEAR", "EXMT")} == {
        code: told[code] for code in ("NDTH", "YEAR", "EXMT")
    }
    yen = sum(int(row[item - 1]) for row in expected.rows["386"] for item in (22, 23, 24))
    for step, name in (("S231", "statements"), ("S240", "read"), ("S250", "read"), ("S270", "read")):
        assert found[step][name] == told["K386"]
    assert (found["S231"]["amount"], found["S270"]["amount"]) == (yen, yen)


def test_every_balance_held_and_the_records_are_gone(done: tuple[House, RunResult]) -> None:
    house, result = done
    assert result.run_id == RUN
    assert {step.rc for step in result.steps} <= {0, 4}
    log = house.log(RUN)
    assert (log.count("CHSB106I"), log.count("CHSB070E")) == (log.count("  balance "), 0)
    visible = house.catalogued()
    assert not visible.get("CHOSHO.CHANGE.DATA")
    for kind in ("310", "366", "323", "386"):
        assert visible[f"CHOSHO.STATEMENT.K{kind}"] == [1]
        assert (house.content(f"CHOSHO.STATEMENT.K{kind}") != b"") == (kind == "386")
    assert house.faults() == []


def test_the_register_names_the_kind(done: tuple[House, RunResult], expected: Expected) -> None:
    with done[0].store() as store:
        (medium,) = store.media.all()
    assert (medium.id, dict(medium.records)) == ("C20270112_01V01", {"386": len(expected.rows["386"])})


def test_a_lower_exemption_brings_more_statements(world: House, tmp_path: Path, expected: Expected) -> None:
    house = world.copy(tmp_path / "house")
    settings = house.root / "SETTINGS.yaml"
    settings.write_text(settings.read_text().replace("change_exempt: 1000000", "change_exempt: 999999"))
    result = house.submit("CHANGES386", DAY, parameters=CHEAP)
    kept = next(step for step in result.steps if step.name == "S211").counts["kept"]
    assert kept > len(expected.rows["386"])


def test_the_tail_of_the_deck_is_that_of_the_procedure() -> None:
    tails = []
    for name in ("JANUARY", "CHANGES386"):
        job, faults = expand(name, Libraries(), date(2027, 1, 12), {})
        assert faults == []
        tails.append(
            [
                (
                    step.name,
                    step.pgm,
                    step.title,
                    dict(step.parm) | {"SUBMISSION": name if "SUBMISSION" in step.parm else ""},
                    step.when.text if step.when else "",
                    [
                        (dd.name, dd.written, dd.disposition, dd.keep)
                        for dd in step.dds
                        if dd.name != "CHANGED"
                    ],
                    [one.text.replace("S231.", "S230.") for one in step.balances],
                )
                for step in job.steps
                if "S240" <= step.name <= "S280"
            ]
        )
    january, changes = (
        [(*one[:3], {**one[3], "SUBMISSION": "X" if one[3]["SUBMISSION"] else ""}, *one[4:]) for one in tail]
        for tail in tails
    )
    assert january == changes
