"""The validator against the plain model, on rows of all kinds that were changed at random."""

import zlib
from collections.abc import Sequence

import numpy as np
import pytest

from chosho.statement import check as check_module
from chosho.statement import layout
from chosho.statement.check import RowCheck
from chosho.statement.layout import StatementLayout
from tests.model import check as model
from tests.statement import golden
from tests.statement.test_build import INDIVIDUAL_310, PLAIN_366

ROWS = 4000
BASES = {
    "310": [INDIVIDUAL_310],
    "366": [
        PLAIN_366,
        [
            *PLAIN_366[:20],
            "0",
            *PLAIN_366[21:23],
            *["31", "04", "30", "10", "60", "10", "05", "6000000", "033", "500", "5500000"],
            *PLAIN_366[34:],
        ],
    ],
    "323": [golden.items(golden.DEATH_323), golden.items(golden.COMPANY_323)],
    "386": [golden.items(golden.CHANGE_386)],
}
POOL = [
    *(
        "",
        "0",
        "1",
        "2",
        "3",
        "00",
        "01",
        "07",
        "08",
        "09",
        "12",
        "13",
        "28",
        "29",
        "30",
        "31",
        "32",
        "64",
        "99",
        "100",
        "999",
    ),
    *(
        "000",
        "0100",
        "249999",
        "250000",
        "250001",
        "600000",
        "9999999999",
        "10000000000",
        "40840",
        "40839",
        "40828",
        "-1",
        "1 0",
    ),
    *(
        "0123456789018",
        "0123456789012",
        "7123456789012",
        "8123456789012",
        "0000000000000",
        "012345678901",
        "03(0000)0000",
    ),
    *(
        "310",
        "366",
        "323",
        "386",
        "375",
        "A",
        "a-1",
        "/",
        '"',
        "ｱ",
        "０",
        "山田　太郎",
        "　山田",
        "山田　",
        "山　　田",
        "？",
        "〓",
        "、",
    ),
    *(
        "東京都。",
        "髙橋",
        "①",
        "㈱",
        "々〆ヶ",
        "\udc81",
        "\udc81A",
        "山\udc81\udcfd",
        "\udcfd",
        "\r",
        "あ\r",
        "一" * 31,
        "一" * 61,
        "一" * 101,
    ),
]
"""Texts that are put in place of others."""


class Draw:
    """Draws that are the same in every run."""

    def __init__(self, seed: str) -> None:
        self._random = np.random.default_rng(zlib.crc32(seed.encode()))

    def below(self, count: int) -> int:
        """Return a number from 0, less than that."""
        return int(self._random.integers(count))

    def happens(self, chance: float) -> bool:
        """Return true with that probability."""
        return float(self._random.random()) < chance

    def one(self, choices: Sequence[str]) -> str:
        """Return one of them."""
        return choices[self.below(len(choices))]

    def text(self, letters: str, most: int) -> str:
        """Return a text of up to so many letters."""
        return "".join(self.one(letters) for _ in range(self.below(most + 1)))


def mutated(draw: Draw, code: str, statement: StatementLayout) -> bytes:
    """Return a row with one to three items changed, now and then an item too many or too few, or of another kind."""
    items = list(BASES[code][draw.below(len(BASES[code]))])
    for _ in range(1 + draw.below(3)):
        place = draw.below(len(items))
        item = statement.items[place]
        if draw.happens(0.3) and item.wide:
            items[place] = draw.text("山田太郎　？。Aｱ髙東京", item.length + 1)
        elif draw.happens(0.3):
            items[place] = "".join(draw.one("0123456789") for _ in range(item.length))
        elif draw.happens(0.1):
            items[place] = draw.one(items)
        else:
            items[place] = draw.one(POOL)
    if draw.happens(0.02):
        items.append("")
    if draw.happens(0.02):
        del items[draw.below(len(items))]
    if draw.happens(0.01):
        items = list(BASES[draw.one(list(BASES))][0])
    return ",".join(items).encode("cp932", errors="surrogateescape")


@pytest.mark.parametrize("year", [None, 2016, 2019, 2026])
@pytest.mark.parametrize("code", [*BASES])
def test_validator_and_model_agree_on_every_row(code, year, monkeypatch):
    monkeypatch.setattr(check_module, "LISTED", 4 * ROWS)
    statement = layout.load(code)
    draw = Draw(f"{code} {year}")
    rows = [mutated(draw, code, statement) for _ in range(ROWS)]
    check = RowCheck(code, tax_year=year)
    check.feed(b"".join(row + b"\r\n" for row in rows))
    check.finish()
    found: list[model.Found] = [set() for _ in rows]
    for one in check.listed:
        found[one.record - 1].add((one.item, one.rule))
    for row, ours in zip(rows, found, strict=True):
        assert (row, ours) == (row, model.findings(row, statement, year))
    assert len({rule for ours in found for _, rule in ours}) > 12  # the draws reach many rules


def test_the_model_takes_the_hand_written_rows_for_good():
    for code, bases in BASES.items():
        for items in bases:
            assert model.findings(",".join(items).encode("cp932"), layout.load(code), None) == set()
