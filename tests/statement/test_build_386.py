"""Statement 386 built from hand-made changes: every item with its reason, and random changes against the plain model."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.codec import batch
from chosho.errors import Contradiction
from chosho.media.plan import AMOUNTS
from chosho.statement import layout
from chosho.statement.build import ALL_KINDS, build_changes
from chosho.statement.check import check_bytes
from chosho.statement.ledger import entries, rows
from chosho.statement.parameters import Parameters
from tests.engine import partitioned, streamed
from tests.model.statement import Row
from tests.statement.records import CHANGE, Values, block
from tests.statement.worlds import day, kana, texts, yen

PARAMETERS = Parameters(tax_year=2026)

CHANGE_386 = [
    "386",  # 1
    "",  # 2 整理番号1
    "",  # 3 本支店等区分番号
    "東京都港区架空台１－２－３",  # 4
    "架空生命保険相互会社",  # 5
    "03-0000-0000",  # 6
    "",  # 7 整理番号2
    "",  # 8 提出者: leave empty
    "",  # 9
    "0",  # 10 訂正表示; there is no 年分
    "東京都千代田区霞が関３－１－１",  # 11 the new contractor
    "0",  # 12
    "山田　太郎",  # 13
    "1",  # 14
    "大阪府大阪市北区架空１－１",  # 15 the deceased
    "0",  # 16
    "鈴木　一郎",  # 17
    "大阪府大阪市北区架空１－２",  # 18 the insured
    "0",  # 19
    "鈴木　花子",  # 20
    "1",  # 21
    "2500000",  # 22 解約返戻金相当額
    "1800000",  # 23 既払込保険料等の総額
    "1700000",  # 24 of them by the deceased
    "1",  # 25 評価日: the day of death
    "08",  # 26 the day of death
    "06",  # 27
    "15",  # 28
    "養老保険",  # 29
    "08",  # 30 the day the change took effect
    "07",  # 31
    "04",  # 32
    "09",  # 33 提出年月日
    "01",  # 34
    "29",  # 35
    "",  # 36 摘要
    "7123456789012",  # 37 the obligor's corporate number; nobody's individual number
]


def built(changes, parameters=PARAMETERS):
    """Return the outputs, and the rows as items."""
    outputs = build_changes(batch.to_batch(block("CHGDATA", changes)), parameters)
    lines = bytes(rows(outputs, "386")).decode("cp932").split("\r\n")
    assert lines.pop() == ""
    return outputs, [line.split(",") for line in lines]


def test_a_change_item_by_item():
    outputs, (items,) = built([CHANGE])
    assert len(CHANGE_386) == 37
    assert items == CHANGE_386
    assert check_bytes("386", [rows(outputs, "386")], tax_year=2026).findings == []
    amounts = entries(outputs, "386")[:, 64:].copy().view("<i8")[0].tolist()
    assert amounts == [2_500_000, 1_800_000, 1_700_000] + [0] * 13


def test_a_name_that_cannot_be_written_is_written_in_kana():
    outputs, (items,) = built([CHANGE | {"NEW-NAME": "彅田", "NEW-KANA": "ﾅｷﾞﾀ"}])
    assert items[12] == "ナギタ"
    assert bytes(batch.block(outputs["changes"]))[19:26] == b"38613KN"


def test_a_value_that_does_not_fit_is_a_contradiction():
    with pytest.raises(Contradiction, match="CHSN012E payment record 7, statement 386 item 22"):
        built([CHANGE | {"SURRENDER-VALUE": 10_000_000_000, "PLACE": 7}])


def test_no_changes_give_no_statements():
    outputs, lines = built([])
    assert (lines, outputs["k386"].num_rows, outputs["changes"].num_rows) == ([], 0, 0)


@st.composite
def changes(draw: st.DrawFn) -> list[Values]:
    """Return changes in key order."""
    found: list[Values] = []
    parties = ("NEW", "DECEASED", "INSURED")
    for policy in range(draw(st.integers(0, 5))):
        total = draw(yen)
        dates = {name: draw(day) for name in ("DEATH", "EFFECTIVE", "SUBMISSION")}
        found.append(
            {
                **CHANGE,
                "POLICY-NO": f"{policy:011d}",
                **draw(texts({f"{name}-NAME": 60 for name in parties})),
                **draw(texts({f"{name}-ADDRESS": 120 for name in parties})),
                **draw(texts({"REMARKS": 200, "INSURANCE-TYPE-TEXT": 30})),
                **{
                    f"{name}-{part}": text
                    for name, one in dates.items()
                    for part, text in zip(("YEAR", "MONTH", "DAY"), one, strict=True)
                },
                "NEW-KANA": draw(kana),
                "NEW-PARTY": draw(st.sampled_from("12")),
                "VALUATION-CODE": draw(st.sampled_from("12")),
                "SURRENDER-VALUE": draw(yen),
                "PAID-PREMIUM-TOTAL": total,
                "DECEASED-PAID-PREMIUM": draw(st.integers(0, total)),
                "PLACE": policy,
            }
        )
    return found


@given(changes())
@settings(max_examples=100, deadline=None)
def test_the_builder_agrees_with_the_plain_model(world):
    outputs, lines = built(world)
    model = [Row([one], {}, 2026) for one in world]
    assert lines == [row.change() for row in model]
    expected = [
        f"{row.first['POLICY-NO']}01000000386{item:02d}{rule}" for row in model for item, rule in row.changes
    ]
    actual = [bytes(record).decode().rstrip() for record in batch.block(outputs["changes"])]
    assert sorted(actual) == sorted(expected)


def as_blocks(left, _right):
    """The rule with every output as records of a fixed length."""
    outputs = build_changes(left, PARAMETERS)
    data = np.frombuffer(bytes(rows(outputs, "386")), np.uint8)
    return {
        "rows": batch.to_batch(data.reshape(-1, 1)),
        "entries": batch.to_batch(entries(outputs, "386")),
        "changes": outputs["changes"],
    }


@given(changes(), st.lists(st.integers(1, 3), min_size=1, max_size=3))
@settings(max_examples=30, deadline=None)
def test_cogroup_and_a_partitioned_engine_give_the_same_bytes(world, cuts):
    left, nothing = block("CHGDATA", world), np.empty((0, 11), np.uint8)
    whole = {
        name: batch.block(output).tobytes()
        for name, output in as_blocks(batch.to_batch(left), batch.to_batch(nothing)).items()
    }
    empty = dict.fromkeys(whole, b"")
    assert whole == empty | streamed(as_blocks, left, nothing, 11, cuts)
    assert whole == empty | partitioned(as_blocks, left, nothing, 11, order=(19, 11))


def test_every_layout_fits_the_plan_of_a_volume():
    assert max(len(layout.load(kind).amounts) for kind in ALL_KINDS) <= AMOUNTS
    assert set(ALL_KINDS) == set(layout.kinds())
