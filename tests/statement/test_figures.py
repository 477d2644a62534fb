"""Figures of the summaries: equal to a plain count, however the bytes are cut."""

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.errors import InputRefused
from chosho.statement import figures, layout
from chosho.statement.figures import Count, Group

PAYEE = {"310": "beneficiary", "366": "payee", "323": "beneficiary", "386": "new_contractor"}
ADDED = {
    "310": {
        "保険金額等": ["benefit_amount", "added_benefit_amount"],
        "差引支払保険金額等": ["net_paid_amount"],
    },
    "366": {"年金の支払金額": ["annuity_paid_amount"], "源泉徴収税額": ["withholding_tax"]},
    "323": {
        "保険金額等": ["benefit_amount", "added_benefit_amount"],
        "差引支払保険金額等": ["net_paid_amount"],
    },
    "386": {},
}
YEAR = {"310": "tax_year_wareki", "366": "tax_year_wareki", "323": "event_year_wareki"}

Row = dict[str, str]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[str, list[list[Row]]]:
    code = draw(st.sampled_from(sorted(PAYEE)))
    amounts = [name for names in ADDED[code].values() for name in names]
    row = st.fixed_dictionaries(
        {
            "correction_flag": st.sampled_from("01"),
            f"{PAYEE[code]}_overseas_flag": st.sampled_from("01"),
            f"{PAYEE[code]}_address": st.sampled_from(["東京都", "東", "", "京都府北区"]),
            f"{PAYEE[code]}_name": st.sampled_from(["山田　太郎", "京都山田　太郎", "山", "ソ表能"]),
            "remarks" if code != "386" else "insured_address": st.sampled_from(["", "備考"]),
            **({YEAR[code]: st.sampled_from(["08", "07", "31"])} if code in YEAR else {}),
            **(
                {"insured_event_text": st.sampled_from(["死亡", "満期", "解約", "高度障害", "死亡等", ""])}
                if code == "323"
                else {}
            ),
            **{name: st.sampled_from(["", "0", "1", "9999999999", "1000001"]) for name in amounts},
        }
    )
    return code, draw(st.lists(st.lists(row, max_size=8), min_size=1, max_size=3))


def written(code: str, rows: list[Row]) -> bytes:
    names = [item.english for item in layout.load(code).items]
    return "".join(",".join(row.get(name, "") for name in names) + "\r\n" for row in rows).encode("cp932")


def plainly(code: str, files: list[list[Row]]) -> dict[Group, tuple[int, int, dict[str, int]]]:
    """Count by dictionaries and sets."""
    groups: dict[Group, list[Row]] = defaultdict(list)
    corrects = {
        id(row) for file in files if any(one["correction_flag"] == "1" for one in file) for row in file
    }
    for row in (row for file in files for row in file):
        cause = ""
        if code == "323":
            cause = (
                row["insured_event_text"]
                if row["insured_event_text"] in {"死亡", "満期", "解約"}
                else "その他"
            )
        year = row[YEAR[code]] if code in YEAR else ""
        overseas = row[f"{PAYEE[code]}_overseas_flag"] == "1"
        void = row["correction_flag"] == "1"
        groups[Group(year, void, overseas, cause, not void and id(row) in corrects)].append(row)
    return {
        group: (
            len(rows),
            len({(row[f"{PAYEE[code]}_address"], row[f"{PAYEE[code]}_name"]) for row in rows}),
            {
                title: sum(int(row[name] or 0) for row in rows for name in names)
                for title, names in ADDED[code].items()
            },
        )
        for group, rows in groups.items()
    }


@given(worlds(), st.integers(1, 400))
@settings(deadline=None)
def test_they_equal_a_plain_count(world: tuple[str, list[list[Row]]], cut: int) -> None:
    code, files = world
    count = Count(code)
    for file in files:
        data = written(code, file)
        for start in range(0, len(data), cut):
            count.feed(data[start : start + cut])
        count.end_file()
    found = {group: (line.statements, line.people, line.amounts) for group, line in count.lines().items()}
    assert found == plainly(code, files)
    assert count.statements == sum(map(len, files))
    everybody = {
        (row[f"{PAYEE[code]}_address"], row[f"{PAYEE[code]}_name"]) for file in files for row in file
    }
    assert count.people(count.lines()) == len(everybody)


def test_a_long_file_is_counted_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "_PIECE", 10_000)
    monkeypatch.setattr(figures, "_MERGE", 50)
    rows = [
        {"correction_flag": "0", "beneficiary_name": f"山田{place % 700}", "benefit_amount": str(place)}
        for place in range(5000)
    ]
    count = Count("310")
    count.feed(written("310", rows))
    count.end_file()
    (line,) = count.lines().values()
    assert (line.statements, line.people) == (5000, 700)
    assert line.amounts["保険金額等"] == sum(range(5000))


def test_a_last_row_without_line_end_counts() -> None:
    count = Count("310")
    count.feed(written("310", [{"benefit_amount": "5"}])[:-2])
    count.end_file()
    assert count.statements == 1


def test_a_kind_that_nobody_knows_is_refused() -> None:
    with pytest.raises((InputRefused, KeyError)):
        Count("999")
