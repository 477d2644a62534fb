"""``chosho listcat``."""

import json

from tests.cli.conftest import Chosho


def test_it_lists_every_dataset_with_its_generations(on: Chosho):
    answer = on("listcat")
    assert answer.code == 0
    assert "CHOSHO.NUMBER.MASTER" in answer.out
    assert "G0001V00" in answer.out
    assert "external" in answer.out


def test_json_of_one_dataset_names_its_parts(on: Chosho):
    (row,) = json.loads(on("listcat", "CHOSHO.STATEMENT.INDEX", "--json").out)
    assert (row["dsn"], row["generation"], row["run"]) == (
        "CHOSHO.STATEMENT.INDEX",
        "G0001V00",
        "JANUARY.20270112.01",
    )
    assert row["bytes"] == row["records"] * row["lrecl"]
    assert len(row["parts"]) == 1


def test_an_erased_dataset_has_no_generation(on: Chosho):
    (row,) = json.loads(on("listcat", "CHOSHO.PAYMENT.DATA", "--json").out)
    assert row["generation"] is None


def test_an_unknown_dataset_is_refused(on: Chosho):
    answer = on("listcat", "NO.SUCH")
    assert (answer.code, answer.err.split()[0]) == (12, "CHSD100E")
