"""The obligor's items from the settings of the house."""

import pytest

from chosho.copybook import load
from chosho.errors import InputRefused
from chosho.extract import obligor
from tests.extract.flows import run
from tests.extract.records import CONTRACT, PAYSRC, contract, host, payment

SETTINGS = {
    "address": "東京都港区架空台１－２－３",
    "name": "架空生命保険相互会社",
    "phone": "03-0000-0000",
    "corporate_no": "7123456789012",
    "branch_division_no": "",
    "reference_no_1": "",
    "reference_no_2": "",
}


def test_the_obligor_stands_on_every_record_and_the_submitter_on_none():
    items = obligor.items(SETTINGS, load("PAYDATA"))
    (row,) = run(host(PAYSRC, [payment()]), host(CONTRACT, [contract()]), obligor=items).data
    assert row["OBLIGOR-ADDRESS"] == SETTINGS["address"]
    assert row["OBLIGOR-NAME"] == SETTINGS["name"]
    assert (row["OBLIGOR-PHONE"], row["OBLIGOR-CORPORATE-NO"]) == ("03-0000-0000", "7123456789012")
    assert (row["SUBMITTER-NAME"], row["SUBMITTER-ADDRESS"], row["CORRECTION-MARK"]) == ("", "", "0")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "架" * 31),
        ("name", "ｶ" * 31),  # would be cut to 30 on every statement
        ("name", None),
        ("name", "　"),
        ("name", "\U00020bb7"),
        ("address", ""),
        ("phone", 300000000),
        ("phone", ""),
        ("phone", "03 0000"),
        ("corporate_no", ""),
        ("corporate_no", "8123456789012"),
        ("corporate_no", "７１２３４５６７８９０１２"),
        ("branch_division_no", "１"),
        ("reference_no_1", "123"),
        ("reference_no_2", "123456789012"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused(key, value):
    with pytest.raises(InputRefused, match=f"CHSR010E setting obligor.{key} "):
        obligor.items({**SETTINGS, key: value}, load("PAYDATA"))
