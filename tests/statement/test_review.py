"""The text review: every change with its texts, and what a person should look at though nothing was changed."""

import numpy as np
import pytest

from chosho import copybook
from chosho.codec import batch
from chosho.errors import StopLine
from chosho.statement import build, entry, ledger, review
from chosho.statement.parameters import Parameters
from tests.statement.records import ANNUITY, INHERITANCE, LUMP_SUM, NUMBERS, block

PAYDATA = copybook.load("PAYDATA").named()


def reviewed(payments: list[dict], cut: int = 1000) -> list[tuple[str, int, str, str, str, str]]:
    """Build and review payments; return kind, item, rule, field, before and after of what is listed."""
    placed = [{**one, "PLACE": n} for n, one in enumerate(payments)]
    key = ("POLICY-NO", "ROLE-CODE", "PAYEE-NO", "PAYMENT-NO", "PLACE")
    left = block("PAYDATA", placed)
    right = block("MATCH", [{**NUMBERS, **{name: one[name] for name in key}} for one in placed])
    out = build.build(batch.to_batch(left), batch.to_batch(right), Parameters(tax_year=2026))
    changes, books = batch.block(out[build.CHANGES]), ledger.Ledger()
    found = []
    for code in build.KINDS:
        index = (
            books.place(ledger.entries(out, code)).index if len(out[f"k{code}"]) else left[:0, : entry.INDEX]
        )
        data = np.frombuffer(bytes(ledger.rows(out, code)), np.uint8)
        mine, begin = next(review.of_kind(iter([changes]), "CHANGE", code)), 0
        for at in range(0, len(index), cut):
            some = np.ascontiguousarray(index[at : at + cut])
            of_some = mine[review.keyed(some, mine) >= 0]
            size = review.size(some)
            found.append(review.listed(some, of_some, data[begin : begin + size], code, begin))
            begin += size
    records = np.concatenate(found)
    records = records[
        np.argsort(np.ascontiguousarray(records[:, : review.KEY]).view(f"S{review.KEY}")[:, 0], kind="stable")
    ]
    records = review.before(records, left, PAYDATA)

    def text(record: np.ndarray, name: str) -> str:
        field = review.fields()[name]
        return record[field.offset : field.offset + field.length].tobytes().decode("cp932").rstrip(" ")

    names = ("STATEMENT-CODE", "ITEM-NO", "RULE", "FIELD-NAME", "BEFORE-TEXT", "AFTER-TEXT")
    return [(c, int(i), *rest) for c, i, *rest in ([text(one, name) for name in names] for one in records)]


@pytest.mark.parametrize(
    ("name", "before", "rules", "after"),
    [
        ("PAYEE-NAME", "山田　太郎", [], ""),
        ("PAYEE-NAME", "髙橋　花子", ["FD"], "高橋　花子"),
        ("PAYEE-NAME", "褜", ["KN"], "ヤマダ　タロウ"),
        ("PAYEE-NAME", "", ["KN"], "ヤマダ　タロウ"),
        ("PAYEE-NAME", "山田　　太郎", ["SP"], "山田　太郎"),
        ("PAYEE-NAME", "山田　太郎　次郎", ["N2"], "山田　太郎　次郎"),
        ("PAYEE-NAME", "山田　太郎様", ["TI"], "山田　太郎様"),
        ("PAYEE-NAME", "様田　太郎", [], ""),
        ("PAYEE-NAME", "架空株式会社", ["CO"], "架空株式会社"),
        ("PAYEE-NAME", "（株）架空", [], ""),
        ("PAYEE-NAME", "架空（株", [], ""),
        ("PAYEE-ADDRESS", "東京都港区架空台１－２－３", [], ""),
        ("PAYEE-ADDRESS", "東京都港区架空台１ー２～３・４　々", [], ""),
        ("PAYEE-ADDRESS", "１００－０００１東京都港区", ["PZ"], "１００－０００１東京都港区"),
        ("PAYEE-ADDRESS", "〒１東京都港区", ["PZ"], "〒１東京都港区"),
        ("PAYEE-ADDRESS", "東京都、港区", ["PU"], "東京都、港区"),
        ("PAYEE-ADDRESS", "東京都港区（架空）", ["PU"], "東京都港区（架空）"),
        ("PAYEE-ADDRESS", "100-0001 東京都", ["FW", "PZ"], "１００－０００１　東京都"),
        ("PAYEE-ADDRESS", "褜町", ["GT", "PU"], "〓町"),
    ],
)
@pytest.mark.parametrize(("code", "values"), [("310", LUMP_SUM), ("366", ANNUITY), ("323", INHERITANCE)])
def test_a_text_is_listed_with_its_rule(code, values, name, before, rules, after):
    found = reviewed([{**values, name: before}])
    mine = [one for one in found if one[3] == name]
    assert [one[2] for one in mine] == rules
    assert {one[0] for one in found} <= {code}
    assert {one[4:] for one in mine} <= {(before, after)}
    assert [one for one in found if one[3] != name] == []


@pytest.mark.parametrize("cut", [1, 2, 7])
def test_what_is_listed_does_not_depend_on_the_cut(cut):
    payments = []
    for n in range(20):
        values = (LUMP_SUM, ANNUITY, INHERITANCE)[n % 3]
        payments.append(
            {**values, "POLICY-NO": f"{n:011d}", "PAYEE-NAME": "髙橋　花子様", "CONTRACTOR-ADDRESS": "A，B"}
        )
    whole = reviewed(payments)
    assert len(whole) == 20 * 4
    assert reviewed(payments, cut) == whole


def test_the_obligors_texts_and_items_for_numbers_are_not_listed():
    corporate = {**ANNUITY, "OBLIGOR-NAME": "髙橋株式会社様", "OBLIGOR-ADDRESS": "〒１００、東京"}
    assert reviewed([corporate]) == []


def test_rows_that_are_not_the_indexs_stop_the_line():
    index = block("STMTIDX", [{"STATEMENT-CODE": "310", "ROW-LENGTH": 10}])
    nothing = block("CHANGE", [])
    with pytest.raises(StopLine, match="CHSQ020S"):
        review.listed(index, nothing, np.zeros(9, np.uint8), "310", 0)
    with pytest.raises(StopLine, match="CHSQ020S"):
        review.listed(index, nothing, np.zeros(10, np.uint8), "310", 5)
    with pytest.raises(StopLine, match="CHSQ020S"):
        review.Stream(iter([])).take(1)
