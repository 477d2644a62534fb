"""The whole extract against its plain-Python model, whatever the cuts of its blocks."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.copybook import load
from chosho.errors import StopLine
from chosho.extract import verdict
from chosho.extract.flow import Extract
from chosho.extract.scope import Scope
from tests.extract.flows import chunks, rows, run
from tests.extract.records import CODE_PAGE, CONTRACT, PAYSRC, host, payment
from tests.extract.worlds import world
from tests.model import extract as model

DECKS = {"JANUARY": ("310 366", "2026"), "MONTHLY323": ("323", "202606"), "all": ("310 366 323", "2026")}
"""Kinds and period."""


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("deck", DECKS)
def test_the_extract_gives_what_the_model_gives(deck, seed):
    kinds, period = DECKS[deck]
    records, contracts = world(seed)
    scope = model.Scope(tuple(kinds.split()), period, 20270112)
    expected, outcomes = model.build(records, model.judge(records, scope), contracts, scope)
    result = run(host(PAYSRC, records), host(CONTRACT, contracts), kinds=kinds, period=period)
    names = load("PAYDATA").named()
    assert [{name: row[name] for name in row if row[name] != ""} for row in result.data] == [
        {name: row[name] for name in names if name in row and row[name] != ""} for row in expected
    ]
    refused = {
        place + 1: code
        for place, code in enumerate(outcomes)
        if code not in (*verdict.STATEMENTS, *verdict.LEFT_OUT)
    }
    assert {number: reason for number, reason, _ in result.rejected} == refused
    told, left = Counter(outcomes), verdict.left_out(scope.kinds)
    assert {code: result.counts[f"left_out.{code}"] for code in left} == {code: told[code] for code in left}
    assert {code: result.counts[f"kept.{code}"] for code in scope.kinds} == {
        code: told[f"K{code}"] for code in scope.kinds
    }
    assert [
        (row["RECORD-NO"], row["RULE-ID"], row["ITEM-NO"]) for row in rows(load("FINDING"), result.findings)
    ] == model.odd(records, outcomes, scope)


@pytest.mark.parametrize("seed", range(3))
def test_every_record_read_is_kept_left_out_or_rejected(seed):
    records, contracts = world(seed)
    result = run(host(PAYSRC, records), host(CONTRACT, contracts))
    counts = result.counts
    assert counts["read"] == len(records)
    assert counts["read"] == counts["kept"] + counts["left_out"] + counts["rejected"]
    assert counts["rejected"] == len(result.rejects)
    assert counts["contract.read"] == len(contracts)
    yen = sum(
        row["NET-PAID-AMOUNT"] if row["STATEMENT-CODE"] == "310" else row["ANNUITY-PAID-AMOUNT"]
        for row in result.data
    )
    assert counts["kept.yen"] == yen == counts["kept.310.yen"] + counts["kept.366.yen"]


@settings(max_examples=12, deadline=None)
@given(size=st.integers(1, 130))
def test_the_cuts_of_blocks_change_nothing(size):
    records, contracts = world(11)
    source, master = host(PAYSRC, records), host(CONTRACT, contracts)
    cut, whole = run(source, master, size=size), run(source, master, size=1000)
    assert cut.paydata.tobytes() == whole.paydata.tobytes()
    assert sorted(map(bytes, cut.rejects)) == sorted(map(bytes, whole.rejects))
    assert cut.counts == whole.counts


def test_an_empty_source_gives_empty_outputs():
    result = run(host(PAYSRC, []), host(CONTRACT, []))
    assert (len(result.paydata), len(result.rejects)) == (0, 0)
    assert set(result.counts.values()) == {0}


@pytest.mark.parametrize("second", [0, 1, 3])
def test_a_source_that_changes_between_two_readings_stops_the_line(second):
    extract = Extract(
        payments=(PAYSRC, CODE_PAGE),
        contracts=(CONTRACT, CODE_PAGE),
        scope=Scope.of("310 366", "2026"),
        obligor={},
    )
    source = host(PAYSRC, [payment(PAYMENT_NO=number) for number in range(1, 3)])
    (found, _faulty), *_ = extract.candidates(chunks(source, 5))
    other = host(PAYSRC, [payment(PAYMENT_NO=number) for number in range(1, 1 + second)])
    with pytest.raises(StopLine, match="CHSR001S"):
        list(extract.kept(chunks(other, 5), [extract.decide(found)]))
