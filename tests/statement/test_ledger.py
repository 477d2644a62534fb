"""The ledger: offsets, control totals, counts."""

import numpy as np

from chosho import copybook
from chosho.codec import batch
from chosho.statement.build import build
from chosho.statement.entry import LRECL
from chosho.statement.ledger import Ledger, entries, rows
from chosho.statement.parameters import Parameters
from tests.statement.records import ANNUITY, LUMP_SUM, pair

PARAMETERS = Parameters(tax_year=2026)
PAYMENTS = [
    LUMP_SUM,
    ANNUITY | {"PAYMENT-NO": "0002"},
    ANNUITY | {"PAYMENT-NO": "0003"},
    LUMP_SUM | {"PAYMENT-NO": "0004", "PAYEE-NAME": "彅田　一", "INSURED-NAME": "彅"},
]


def booked():
    """Return the ledger of the payments, taken in two calls, and its placed index."""
    ledger = Ledger()
    calls = [build(*pair(PAYMENTS[:3]), PARAMETERS), build(*pair(PAYMENTS[3:]), PARAMETERS)]
    for count, outputs in zip((3, 1), calls, strict=True):
        ledger.take(count, outputs)
    placed = [ledger.place(entries(outputs, code)) for code in ("310", "366") for outputs in calls]
    return ledger, calls, placed


def test_rows_stand_where_the_index_says():
    _, calls, placed = booked()
    fields = copybook.load("STMTIDX").named()
    whole = {code: b"".join(bytes(rows(outputs, code)) for outputs in calls) for code in ("310", "366")}
    seen = dict.fromkeys(whole, 0)
    for one in placed:
        offsets = batch.view(fields, one.index, "ROW-OFFSET")
        lengths = batch.view(fields, one.index, "ROW-LENGTH")
        for code, offset, length in zip(one.codes, offsets, lengths, strict=True):
            assert seen[str(code)] == offset
            seen[str(code)] += int(length)
            assert whole[str(code)][offset : offset + length].endswith(b"\r\n")
            assert 1 == whole[str(code)][offset : offset + length].count(b"\n")
    assert seen == {code: len(data) for code, data in whole.items()}


def test_counts_balance_and_name_every_amount_item():
    ledger, _, _ = booked()
    counts = dict(ledger.counts())
    assert (4, 3, 1) == (counts["read"], counts["statements"], counts["added_up"])
    assert (2, 1) == (counts["K310.statements"], counts["K366.statements"])
    assert 2 * 3_117_345 == counts["K310.item27"]
    assert 1_200_000 == counts["K366.item16"]
    assert counts["amount"] == sum(count for name, count in counts.items() if ".item" in name)


def test_changes_are_counted_by_rule_and_losses_apart_from_kana():
    ledger, _, _ = booked()
    counts = dict(ledger.counts())
    assert {"FW": 0, "FD": 0, "KN": 1, "GT": 1, "CT": 0, "SP": 0, "NP": 0} == {
        name.removeprefix("changes."): count for name, count in counts.items() if name.startswith("changes.")
    }
    assert (1, 1) == (ledger.losses, ledger.kana_names)


def test_a_planner_gets_one_element_per_statement():
    _, _, placed = booked()
    assert [310, 310, 366] == [int(code) for one in placed for code in one.codes]
    assert [1, 1, 2] == [int(count) for one in placed for count in one.payments]
    assert all(one.amounts.shape == (len(one.codes), 16) for one in placed)


def test_nothing_built_gives_zero_counts():
    ledger = Ledger()
    ledger.place(np.zeros((0, LRECL), np.uint8))
    assert {0} == set(dict(ledger.counts()).values())
