"""The whole extract against its plain-Python model, whatever the cuts of its blocks."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.copybook import load
from chosho.errors import StopLine
from chosho.extract import verdict
from chosho.extract.flow import Extract
from tests.extract.flows import chunks, run
from tests.extract.records import CODE_PAGE, CONTRACT, PAYSRC, host, payment
from tests.extract.worlds import world
from tests.model import extract as model


@pytest.mark.parametrize("seed", range(6))
def test_the_extract_gives_what_the_model_gives(seed):
    records, contracts = world(seed)
    expected, outcomes = model.build(records, model.judge(records, 2026), contracts, 2026)
    result = run(host(PAYSRC, records), host(CONTRACT, contracts))
    names = load("PAYDATA").named()
    assert [{name: row[name] for name in row if row[name] != ""} for row in result.data] == [
        {name: row[name] for name in names if name in row and row[name] != ""} for row in expected
    ]
    refused = {
        place + 1: code
        for place, code in enumerate(outcomes)
        if code not in (*verdict.KEPT, *verdict.LEFT_OUT)
    }
    assert {number: reason for number, reason, _ in result.rejected} == refused
    left = Counter(code for code in outcomes if code in verdict.LEFT_OUT)
    assert {code: result.counts[f"left_out.{code}"] for code in verdict.LEFT_OUT} == {
        code: left[code] for code in verdict.LEFT_OUT
    }


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
        payments=(PAYSRC, CODE_PAGE), contracts=(CONTRACT, CODE_PAGE), tax_year=2026, obligor={}
    )
    source = host(PAYSRC, [payment(PAYMENT_NO=number) for number in range(1, 3)])
    (found, _faulty), *_ = extract.candidates(chunks(source, 5))
    other = host(PAYSRC, [payment(PAYMENT_NO=number) for number in range(1, 1 + second)])
    with pytest.raises(StopLine, match="CHSR001S"):
        list(extract.kept(chunks(other, 5), [extract.decide(found)]))
