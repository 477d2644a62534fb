"""Approved spellings: what an entry changes, and that it changes nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho import copybook
from chosho.codec import batch
from chosho.statement import build, gaiji, review, text_table
from chosho.statement.gaiji import Table
from chosho.statement.parameters import Parameters
from tests.statement.records import ANNUITY, INHERITANCE, LUMP_SUM, NUMBERS, block

PAYDATA = copybook.load("PAYDATA").named()
PARAMETERS = Parameters(tax_year=2026)
WRITABLE = "".join(
    bytes([lead, trail]).decode("cp932")
    for lead in (0x82, 0x83, 0x88, 0x89)
    for trail in range(0x40, 0xFD)
    if text_table.table().kind[lead | trail << 8] == text_table.PLAIN
)


def entry(name: str, before: str, after: str, policy: str = LUMP_SUM["POLICY-NO"]) -> batch.Block:
    listed = block(
        "REVIEW",
        [
            {
                "POLICY-NO": policy,
                "ROLE-CODE": "21",
                "PAYEE-NO": "01",
                "FIELD-NAME": name,
                "BEFORE-TEXT": before,
            }
        ],
    )
    return gaiji.entry(listed, after.encode("cp932"), approved_by="reviewer", approved_on="20270112")


def rows(payments: batch.Block, code: str) -> list[list[str]]:
    matches = block("MATCH", [NUMBERS] * len(payments))
    matches[:, :19] = payments[:, :19]
    batch.view(copybook.load("MATCH").named(), matches, "PLACE")[:] = batch.view(PAYDATA, payments, "PLACE")
    made = build.build(batch.to_batch(payments), batch.to_batch(matches), PARAMETERS)
    return [row.decode("cp932").split(",") for row in made[f"k{code}"].column("row").to_pylist()]


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from([("310", LUMP_SUM), ("366", ANNUITY), ("323", INHERITANCE)]),
    st.sampled_from(["PAYEE-NAME", "PAYEE-ADDRESS", "CONTRACTOR-NAME", "CONTRACTOR-ADDRESS"]),
    st.sampled_from(["髙橋　花子", "褜", "１ー２", "ｱｲｳ", ""]),
    st.text(WRITABLE, min_size=1, max_size=30),
)
def test_an_override_gives_its_item_and_nothing_else(kind, name, before, after):
    code, values = kind
    payments = block("PAYDATA", [{**values, name: before, "PLACE": 0}])
    table = Table.of([entry(name, before, after)], PAYDATA)
    plain, replaced = rows(payments, code)[0], rows(table.apply(payments), code)[0]
    items = [n for n, source in enumerate(review._sources(code)) if source == name]
    assert table.counts["gaiji.applied"] == 1
    assert items
    for number, (one, two) in enumerate(zip(plain, replaced, strict=True), 1):
        assert two == (after if number in items else one)


@pytest.mark.parametrize(
    ("change", "applied"),
    [({}, 1), ({"POLICY-NO": "00000000002"}, 0), ({"PAYEE-NO": "02"}, 0), ({"PAYEE-NAME": "髙木"}, 0)],
)
def test_an_entry_applies_where_all_of_it_is_so(change, applied):
    payments = block("PAYDATA", [{**LUMP_SUM, "PAYEE-NAME": "髙橋", **change}])
    table = Table.of([entry("PAYEE-NAME", "髙橋", "高橋")], PAYDATA)
    out = table.apply(payments)
    assert table.counts == {"gaiji.entries": 1, "gaiji.applied": applied}
    assert (out is payments) or applied or np.array_equal(out, payments)


def test_a_contractors_text_is_the_policys():
    payments = block("PAYDATA", [{**LUMP_SUM, "PAYEE-NO": "07", "CONTRACTOR-NAME": "髙橋"}])
    table = Table.of([entry("CONTRACTOR-NAME", "髙橋", "高橋")], PAYDATA)
    table.apply(payments)
    assert table.counts["gaiji.applied"] == 1


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), max_size=30), st.integers(1, 7))
def test_the_result_does_not_depend_on_the_cut(policies, cut):
    values = [{**LUMP_SUM, "POLICY-NO": f"{n:011d}", "PAYEE-NAME": "髙橋"} for n in sorted(policies)]
    payments = block("PAYDATA", values)
    entries = np.concatenate([entry("PAYEE-NAME", "髙橋", "高橋", f"{n:011d}") for n in (1, 3, 8)])
    whole, pieces = Table.of([entries], PAYDATA), Table.of([entries], PAYDATA)
    cuts = [pieces.apply(payments[at : at + cut]) for at in range(0, len(payments), cut)]
    assert np.concatenate([payments[:0], *cuts]).tobytes() == whole.apply(payments).tobytes()
    assert pieces.counts == whole.counts


def test_without_entries_nothing_is_copied():
    payments = block("PAYDATA", [LUMP_SUM])
    assert Table.of([], PAYDATA).apply(payments) is payments


@pytest.mark.parametrize(
    ("text", "fits"),
    [("高橋　花子", True), ("髙橋", False), ("高橋 花子", False), ("高橋　　花子", False), ("　高", False),
     ("高　", False), ("A", False), ("ｱ", False), ("𠮷", False), ("", False), ("あ" * 31, False), ("あ" * 30, True)],
)  # fmt: skip
def test_a_replacement_is_writable_as_it_is(text, fits):
    assert (gaiji.encoded(text, 30) is not None) is fits


def test_the_later_entry_wins_and_an_empty_one_takes_it_back():
    one, two, back = (entry("PAYEE-NAME", "髙橋", after) for after in ("高橋", "高端", ""))
    other = entry("PAYEE-NAME", "髙木", "高木")
    found = gaiji.merged(gaiji.merged(one, [other]), [two])
    assert sorted(record.tobytes() for record in found) == sorted((two.tobytes(), other.tobytes()))
    assert [record.tobytes() for record in found] == sorted(record.tobytes() for record in found)
    assert gaiji.merged(one, [two, back]).tobytes() == b""
    assert gaiji.merged(one[:0], []).tobytes() == b""


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [("POLICY-NO", "1234", "GPOL"), ("FIELD-NAME", "CUSTOMER-NO", "GFLD"), ("FIELD-NAME", "OBLIGOR-NAME", "GFLD"),
     ("AFTER-TEXT", "髙", "GTXT"), ("APPROVED-ON", "today", "GDAY"), ("BEFORE-TEXT", "x", "")],
)  # fmt: skip
def test_an_entry_that_cannot_be_taken_has_its_reason(name, value, reason):
    record = entry("PAYEE-NAME", "髙橋", "高橋")
    field = gaiji.fields()[name]
    record[0, field.offset : field.offset + field.length] = ord(" ")
    data = value.encode("cp932")
    record[0, field.offset : field.offset + len(data)] = np.frombuffer(data, np.uint8)
    assert gaiji.fault(record) == reason
