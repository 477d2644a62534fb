"""Changes of contractor by death: who needs a statement 386, at the edges of the law; against the model, whatever the batches."""

import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.codec import batch as batches
from chosho.copybook import load
from chosho.dataset.cogroup import groups
from chosho.extract import changes, contract, verdict
from chosho.extract.change_flow import ChangeExtract
from tests.engine import partitioned, streamed
from tests.extract.flows import chunks, rows
from tests.extract.records import CODE_PAGE, CONTRACT, host
from tests.extract.records import contract as terms
from tests.model import changes as model

PARAMETERS = changes.Parameters(
    first=20260101, last=20261231, exempt=1_000_000, obligor={}, submitted_on=20270131
)
DIED = {
    "CHANGE_CAUSE": "1",
    "CHANGE_DATE": 20260704,
    "DEATH_DATE": 20260615,
    "PREVIOUS_NAME": "架空　前子",
    "PREVIOUS_ADDRESS": "設例県高砂市松原７",
    "PREVIOUS_OVERSEAS": "0",
    "SURRENDER_VALUE": 2_500_000,
    "PAID_PREMIUM_TOTAL": 1_800_000,
    "DECEASED_PAID_PREMIUM": 1_700_000,
    "VALUATION_CODE": "1",
}


def extracted(contracts, size=7, parameters=PARAMETERS):
    """Return the CHGDATA records, the rejects (record number, reason, field) and the counts."""
    extract = ChangeExtract(contracts=(CONTRACT, CODE_PAGE), parameters=parameters)
    keyed = contract.keyed(chunks(host(CONTRACT, contracts), size), CONTRACT, CODE_PAGE)
    found, refused = zip(*extract.made(groups(keyed, contract.KEY_LENGTH, 1)), strict=True)
    rejects = rows(load("REJECT"), np.concatenate(refused), besides="SOURCE-RECORD")
    told = [(row["RECORD-NO"], row["REASON"], row["FIELD-NAME"]) for row in rejects]
    return rows(load("CHGDATA"), np.concatenate(found)), told, extract.counts


def outcome(**differences):
    """Return what becomes of one contract whose contractor died, with differences."""
    parameters = differences.pop("parameters", PARAMETERS)
    _, rejects, counts = extracted([terms(**{**DIED, **differences})], parameters=parameters)
    if rejects:
        return rejects[0][1]
    return next((name.partition(".")[2] for name, n in counts.items() if n and "left_out." in name), "K386")


@pytest.mark.parametrize(
    ("differences", "expected"),
    [
        ({}, "K386"),
        ({"CHANGE_CAUSE": "2"}, "NDTH"),
        ({"CHANGE_CAUSE": " "}, "NDTH"),
        ({"CHANGE_DATE": 20251231}, "YEAR"),
        ({"CHANGE_DATE": 20260101, "DEATH_DATE": 20260101}, "K386"),
        ({"CHANGE_DATE": 20261231}, "K386"),
        ({"CHANGE_DATE": 20270101}, "YEAR"),
        ({"CHANGE_DATE": 20171231}, "EARL"),
        ({"SURRENDER_VALUE": 999_999}, "EXMT"),
        ({"SURRENDER_VALUE": 1_000_000}, "EXMT"),
        ({"SURRENDER_VALUE": 1_000_001}, "K386"),
        ({"CHANGE_CAUSE": "9"}, "CODE"),
        ({"CHANGE_DATE": 20260230}, "DATE"),
        ({"CHANGE_DATE": 0}, "DATE"),
        ({"DEATH_DATE": 20260705}, "DATE"),
        ({"DEATH_DATE": 0}, "DATE"),
        ({"VALUATION_CODE": "3"}, "CODE"),
        ({"PREVIOUS_OVERSEAS": " "}, "CODE"),
        ({"INSURANCE_TYPE": "99"}, "CODE"),
        ({"SURRENDER_VALUE": -1}, "NEGV"),
        ({"PAID_PREMIUM_TOTAL": 10_000_000_000}, "OVFL"),
        ({"PREVIOUS_NAME": ""}, "NAME"),
        ({"INSURED_NAME": ""}, "NAME"),
        ({"CONTRACTOR_NAME": "", "CONTRACTOR_KANA": ""}, "NAME"),
        ({"CONTRACTOR_NAME": ""}, "K386"),  # held in kana only
        ({"DEATH_DATE": b"\x40" * 8}, "BLNK"),
        ({"DEATH_DATE": b"\x40" * 8, "CHANGE_DATE": 20250101}, "YEAR"),  # of no concern to this year
        ({"CHANGE_DATE": b"\x40" * 8}, "BLNK"),
    ],
)
def test_who_needs_a_statement(differences, expected):
    assert outcome(**differences) == expected


@pytest.mark.parametrize(("value", "expected"), [(0, "EXMT"), (1, "K386")])
def test_the_exemption_is_a_setting(value, expected):
    parameters = changes.Parameters(
        first=20260101, last=20261231, exempt=0, obligor={}, submitted_on=20270131
    )
    assert outcome(SURRENDER_VALUE=value, parameters=parameters) == expected


@pytest.mark.parametrize(("day", "expected"), [(20171231, "EARL"), (20180101, "K386")])
def test_the_law_begins_on_the_first_of_2018(day, expected):
    parameters = changes.Parameters(
        first=20170101, last=20181231, exempt=0, obligor={}, submitted_on=20190131
    )
    assert outcome(CHANGE_DATE=day, DEATH_DATE=day, parameters=parameters) == expected


def test_a_contract_without_a_change_is_never_looked_at_further():
    assert outcome(CHANGE_CAUSE=" ", CHANGE_DATE=b"\x40" * 8, SURRENDER_VALUE=b"\x40" * 6) == "NDTH"


def test_every_row_names_its_law():
    assert [row.outcome for row in changes.TABLE] == ["NDTH", "EARL", "YEAR", "EXMT", "K386"]
    assert {row.outcome for row in changes.TABLE} == {changes.KEPT, *changes.LEFT_OUT}
    assert all(row.reason and row.law for row in changes.TABLE)


def test_a_policy_that_stands_twice_is_rejected_twice():
    _, rejects, counts = extracted([terms(**DIED), terms(**DIED)], size=1)
    assert rejects == [(1, "DUPC", "CONTRACT.POLICY-NO"), (2, "DUPC", "CONTRACT.POLICY-NO")]
    assert (counts["read"], counts["kept"], counts["rejected"], counts["rejected.DUPC"]) == (2, 0, 2, 2)


def world(seed, policies=60):
    """Return contracts in order, dense in every outcome."""
    draw = np.random.default_rng(seed)

    def one_of(*values):
        return values[int(draw.integers(len(values)))]

    contracts = []
    for number in range(policies):
        one = terms(
            **{
                **DIED,
                "POLICY_NO": f"{10_000_000_000 + number:011d}",
                "CHANGE_CAUSE": one_of("1", "1", "1", "1", "2", " ", "x"),
                "CHANGE_DATE": one_of(20260704, 20260704, 20260615, 20251231, 20260101, 20171231, 20261301),
                "DEATH_DATE": one_of(20260101, 20260101, 20250630, 20260704, 0),
                "SURRENDER_VALUE": one_of(1_000_001, 1_000_000, 5_000_000, 0, -3),
                "CONTRACTOR_PARTY": one_of("1", "1", "2", "0"),
                "INSURANCE_TYPE": one_of("01", "09", "07"),
                "VALUATION_CODE": one_of("1", "2", "1", "2", " "),
                "CONTRACTOR_NAME": one_of("架空　太郎", "架空　太郎", ""),
            }
        )
        contracts += [one] * one_of(1, 1, 1, 1, 1, 1, 2)
    return contracts


@pytest.mark.parametrize("seed", range(6))
def test_the_extract_gives_what_the_model_gives(seed):
    contracts = world(seed)
    found, rejects, counts = extracted(contracts)
    outcomes = model.judge(contracts, 2026)
    names = load("CHGDATA").named()
    assert [{name: value for name, value in row.items() if value != ""} for row in found] == [
        {name: row[name] for name in names if row.get(name, "") != ""}
        for row in model.data(contracts, outcomes, 20270131)
    ]
    left_out = set(changes.LEFT_OUT)
    assert [(number, reason) for number, reason, _ in rejects] == [
        (place + 1, code) for place, code in enumerate(outcomes) if code not in {"K386", *left_out}
    ]
    assert counts["read"] == len(contracts) == counts["kept"] + counts["left_out"] + counts["rejected"]
    assert {code: counts[f"left_out.{code}"] for code in left_out} == {
        code: outcomes.count(code) for code in left_out
    }
    assert counts["kept.yen"] == sum(row["SURRENDER-VALUE"] for row in found)


READER = changes.ChangeReader(CONTRACT, CODE_PAGE, PARAMETERS)


def rule(left, _right):
    """The rule, its places left out: they are the driver's."""
    made, told = READER.read(batches.block(left), 0)
    outcomes = verdict.unpack(told)["outcome"].astype("<u4").view(np.uint8).reshape(-1, 4)
    return {"changes": batches.to_batch(made), "outcomes": batches.to_batch(outcomes)}


@functools.cache
def keyed(seed):
    """Return the keyed contracts of a world."""
    return np.concatenate(list(contract.keyed(chunks(host(CONTRACT, world(seed)), 9), CONTRACT, CODE_PAGE)))


@settings(max_examples=15, deadline=None)
@given(cuts=st.lists(st.integers(1, 40), min_size=1, max_size=5))
def test_the_rule_does_not_depend_on_the_cuts_of_batches(cuts):
    nothing, whole = np.empty((0, contract.KEY_LENGTH), np.uint8), keyed(3)
    assert streamed(rule, whole, nothing, contract.KEY_LENGTH, cuts) == streamed(
        rule, whole, nothing, contract.KEY_LENGTH, [10_000]
    )


@pytest.mark.parametrize("seed", [4, 5])
def test_a_partitioned_engine_gives_the_same_bytes(seed):
    nothing, whole = np.empty((0, contract.KEY_LENGTH), np.uint8), keyed(seed)
    expected = streamed(rule, whole, nothing, contract.KEY_LENGTH, [10_000])
    assert partitioned(rule, whole, nothing, contract.KEY_LENGTH, order=(11, 11)) == expected


def test_an_empty_master_gives_nothing():
    extract = ChangeExtract(contracts=(CONTRACT, CODE_PAGE), parameters=PARAMETERS)
    assert list(extract.made([])) == []
    assert set(extract.counts.values()) == {0}
