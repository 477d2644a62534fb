"""s220 under the real supervisor: one match record per payment, doubts listed, a contradicting master."""

from chosho.copybook import load
from tests.extract.flows import rows
from tests.extract.records import CONTRACT, PAYSRC, contract, host, payment
from tests.jobs.decks import dumped, stage
from tests.match.masters import NUMMAST, block, contractor, individual, payee

SOURCES = (
    host(PAYSRC, [payment(PAYMENT_NO=2), payment(PAYMENT_NO=1)]),
    host(CONTRACT, [contract()]),
)


def matches(made):
    """Return the MATCH records as dictionaries."""
    return rows(load("MATCH"), dumped(made, "MATCH", "MATCH"))


def test_every_payment_gets_its_numbers_in_its_place(tmp_path):
    made = stage(tmp_path, *SOURCES, block(NUMMAST, [contractor(), payee()]))
    result = made.submit("TRY")
    assert (result.rc, result.steps[2].rc) == (0, 0)
    found = [
        (row["PAYMENT-NO"], row["PLACE"], row["PAYEE-NUMBER"], row["CONTRACTOR-NUMBER"])
        for row in matches(made)
    ]
    numbers = ("0" + individual(1), "0" + individual(2))
    assert found == [("0001", 0, *numbers), ("0002", 1, *numbers)]
    counts = result.steps[2].counts
    assert (counts["read"], counts["written"], counts["master.read"]) == (2, 2, 2)
    assert (counts["matched.payee"], counts["matched.contractor"], counts["empty"]) == (2, 2, 0)


def test_a_number_that_is_not_known_is_no_warning(tmp_path):
    made = stage(tmp_path, *SOURCES, block(NUMMAST, []))
    result = made.submit("TRY")
    assert result.steps[2].rc == 0
    assert result.steps[2].counts["empty.NR"] == 4


def test_a_number_in_doubt_is_a_warning_and_in_the_list(tmp_path):
    made = stage(tmp_path, *SOURCES, block(NUMMAST, [contractor(), payee("123456789012")]))
    result = made.submit("TRY")
    assert result.steps[2].rc == 4
    assert result.steps[2].counts["empty.CD"] == 2
    log = made.log(result.run_id)
    assert "CHSR021W 2 number items" in log
    assert "123456789012" not in log
    assert len(dumped(made, "UNMATCH", "UNMATCH")) == 2


def test_a_double_key_in_the_master_contradicts_and_leaves_only_the_list(tmp_path):
    made = stage(tmp_path, *SOURCES, block(NUMMAST, [contractor(), payee(), payee(individual(5))]))
    result = made.submit("TRY")
    assert result.steps[2].rc == 8
    assert "CHSR020E" in made.log(result.run_id)
    catalogued = made.catalogued()
    assert "CHOSHO.PAYMENT.MATCH" not in catalogued
    assert catalogued["CHOSHO.PAYMENT.UNMATCH"] == [1]


def test_a_master_out_of_order_stops_the_line(tmp_path):
    made = stage(tmp_path, *SOURCES, block(NUMMAST, [payee(), contractor()]))
    assert made.submit("TRY").steps[2].rc == 16
