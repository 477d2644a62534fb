"""The tables that the composing kernel runs on."""

import pytest

from chosho import copybook
from chosho.codec import compose_kernel as kernel
from chosho.statement import item_table
from chosho.statement.parameters import Parameters

PARAMETERS = Parameters(tax_year=2026)


@pytest.mark.parametrize("code", ["310", "366"])
def test_the_obligors_items_come_from_one_stretch_of_the_payment(code):
    table = item_table.table(code, PARAMETERS)
    payment = copybook.load("PAYDATA")
    assert 11 == table.cached
    assert payment["STATEMENT-CODE"].offset == table.cache_start
    assert payment["TAX-YEAR"].offset + payment["TAX-YEAR"].length == table.cache_start + table.cache_length


@pytest.mark.parametrize(("code", "field"), [("310", "NET-PAID-AMOUNT"), ("366", "ANNUITY-PAID-AMOUNT")])
def test_the_main_amount_is_that_of_the_index(code, field):
    table = item_table.table(code, PARAMETERS)
    assert field == table.layout.amounts[table.main_slot].field


def test_items_of_a_later_year_have_no_operation_and_no_amount():
    rows = item_table.table("310", Parameters(tax_year=2015)).items
    assert {kernel.OP_EMPTY} == set(rows[37:43, kernel.C_OP])
    assert (kernel.OP_AMOUNT, 0, -1) == tuple(rows[43, [kernel.C_OP, kernel.C_WHEN, kernel.C_WHEN_VALUE]])


def test_names_of_payee_and_contractor_have_kana_and_no_other_text_has():
    for code, items in (("310", [14, 17]), ("366", [14, 23])):
        rows = item_table.table(code, PARAMETERS).items
        assert items == [number + 1 for number, row in enumerate(rows) if row[kernel.C_KANA] >= 0]
