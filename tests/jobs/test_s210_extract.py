"""s210 under the real supervisor: its outputs, counts and codes, and what becomes of the payment data of the last run."""

from datetime import date

import pytest
from ruamel.yaml import YAML

from chosho.copybook import load
from chosho.errors import InputRefused
from chosho.extract import obligor
from tests.extract.flows import run
from tests.extract.records import CONTRACT, PAYSRC, contract, host, payment
from tests.extract.worlds import world
from tests.jobs.decks import dumped, stage
from tests.match.masters import NUMMAST, block
from tests.step.stage import REPOSITORY


def test_the_step_writes_what_the_flow_gives_and_erases_the_previous_payment_data(tmp_path):
    records, contracts = world(21)
    source, master = host(PAYSRC, records), host(CONTRACT, contracts)
    settings = YAML(typ="safe").load((REPOSITORY / "datasets" / "SETTINGS.yaml").read_text(encoding="utf-8"))
    expected = run(source, master, obligor=obligor.items(settings["obligor"], load("PAYDATA")))
    made = stage(tmp_path, source, master, block(NUMMAST, []))
    first = made.submit("TRY")
    counts = first.steps[1].counts
    assert (first.rc, first.steps[1].rc) == (4, 4)
    assert counts == expected.counts
    assert dumped(made, "PAYDATA", "PAYDATA").tobytes() == expected.paydata.tobytes()
    assert sorted(map(bytes, dumped(made, "REJECTS", "REJECT"))) == sorted(map(bytes, expected.rejects))
    second = made.submit("TRY", date(2027, 1, 13))
    assert second.steps[1].counts["previous.records"] == expected.counts["kept"]
    assert made.catalogued()["CHOSHO.PAYMENT.DATA"] == [2]


def test_a_clean_source_ends_with_code_0(tmp_path):
    made = stage(tmp_path, host(PAYSRC, [payment()]), host(CONTRACT, [contract()]), block(NUMMAST, []))
    assert made.submit("TRY").steps[1].rc == 0


def test_a_source_that_is_no_whole_number_of_records_is_refused(tmp_path):
    made = stage(tmp_path, host(PAYSRC, [payment()]), host(CONTRACT, [contract()]), block(NUMMAST, []))
    made.put("source/PAYMENT.DAT", b"\x40" * 1401)
    with pytest.raises(InputRefused, match="1401 bytes are no whole number of records of 700 bytes"):
        made.submit("TRY")
    assert "CHOSHO.PAYMENT.DATA" not in made.catalogued()


def test_a_master_out_of_order_stops_the_line(tmp_path):
    contracts = [contract(POLICY_NO=policy) for policy in ("10000000002", "10000000001")]
    made = stage(tmp_path, host(PAYSRC, [payment()]), host(CONTRACT, contracts), block(NUMMAST, []))
    result = made.submit("TRY")
    assert result.rc == 16
    assert "CHSX009S" in made.log(result.run_id)


def test_an_obligor_that_does_not_fit_is_refused(tmp_path):
    made = stage(tmp_path, host(PAYSRC, [payment()]), host(CONTRACT, [contract()]), block(NUMMAST, []))
    settings = made.root / "SETTINGS.yaml"
    settings.write_text(settings.read_text().replace("name: 架空生命保険相互会社", "name: \U00020bb7生命"))
    result = made.submit("TRY")
    assert result.rc == 12
    assert "CHSR010E" in made.log(result.run_id)
