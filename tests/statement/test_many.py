"""100,000 random statements: builder, validator and the plain model agree, item by item and in every sum."""

import functools
from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np
import pytest

from chosho.statement.build import KINDS, build
from chosho.statement.check import check_bytes
from chosho.statement.ledger import rows
from chosho.statement.parameters import Parameters
from tests.model import statement as model
from tests.statement.records import (
    ANNUITY,
    CONTRACTOR_NUMBER,
    INHERITANCE,
    LUMP_SUM,
    PAYEE_NUMBER,
    Values,
    pair,
)
from tests.statement.worlds import KANJI, LOST_BYTES, ODD

T = TypeVar("T")
STATEMENTS, AT_ONCE = 100_000, 2_000
TEXTS = 400
"""Different texts of each width; the model takes its time with each of them once."""
YEAR = 2026
DAYS = (("08", "02", "28"), ("31", "04", "30"), ("01", "05", "01"), ("04", "02", "29"))
NAMES, ADDRESSES = ("PAYEE-NAME", "CONTRACTOR-NAME"), ("PAYEE-ADDRESS", "CONTRACTOR-ADDRESS")
PARTS = ("BENEFIT-AMOUNT", "ADDED-BENEFIT-AMOUNT", "UNPAID-DIVIDEND-AMOUNT", "PREPAID-PREMIUM-REFUND")


class Drawer:
    """Draws payments, each of a policy of its own."""

    def __init__(self, seed: int) -> None:
        self._draw = np.random.default_rng(seed)
        self._texts = {width: [self._text(width) for _ in range(TEXTS)] for width in (20, 30, 60, 120, 200)}

    def _text(self, width: int) -> bytes:
        usual = [one.encode("cp932") for one in KANJI]
        odd = [*usual, *(one.encode("cp932") for one in ODD), *LOST_BYTES]
        pieces = odd if self._draw.random() < 0.3 else usual
        places = self._draw.integers(0, len(pieces), self._draw.integers(1, width // 2 + 1))
        return b"".join(pieces[place] for place in places)[:width]

    def one_of(self, values: Sequence[T]) -> T:
        return values[self._draw.integers(len(values))]

    def text(self, width: int) -> bytes:
        return self.one_of(self._texts[width])

    def yen(self, most: int = 900_000_000) -> int:
        return int(self._draw.integers(0, self.one_of((0, min(99_999, most), most)) + 1))

    def payment(self, policy: int) -> tuple[Values, Values]:
        base = (LUMP_SUM, ANNUITY, INHERITANCE)[policy % 3]
        numbers = {
            "PAYEE-NUMBER": self.one_of(("", PAYEE_NUMBER, CONTRACTOR_NUMBER)),
            "CONTRACTOR-NUMBER": self.one_of(("", PAYEE_NUMBER, "7123456789012")),
        }
        parties = {
            f"{who}-PARTY": "1" if numbers[f"{who}-NUMBER"] < "1" else "2" for who in ("PAYEE", "CONTRACTOR")
        }
        return {
            **base,
            "POLICY-NO": f"{policy:011d}",
            **parties,
            "INSURED-PARTY": "1",
            **{name: self.text(60) for name in NAMES},
            **{name: self.text(120) for name in ADDRESSES},
            "REMARKS": self.text(200),
            **(self._annuity() if base is ANNUITY else self._lump_sum(base)),
        }, numbers

    def _annuity(self) -> Values:
        paid = self.yen()
        premium = self.yen(paid)
        return {
            "ANNUITY-TYPE-TEXT": self.text(20),
            "ANNUITY-PAID-AMOUNT": paid,
            "ANNUITY-UNPAID-AMOUNT": self.yen(),
            "ANNUITY-DIVIDEND-AMOUNT": self.yen(),
            "ANNUITY-PREMIUM-AMOUNT": premium,
            "ANNUITY-NET-AMOUNT": paid - premium,
            "WITHHOLDING-TAX": self.yen(),
            "INHERITED-FLAG": self.one_of("01"),
            "INHERITED-TOTAL-AMOUNT": self.yen(),
            "INHERITED-VALUATION": self.yen(),
        }

    def _lump_sum(self, base: Values) -> Values:
        parts = {name: self.yen() for name in PARTS}
        loan = self.yen(parts["BENEFIT-AMOUNT"])
        event = self.one_of(DAYS)
        found: Values = {
            **parts,
            "LOAN-AND-INTEREST-AMOUNT": loan,
            "UNPAID-PREMIUM-AMOUNT": 0,
            "NET-PAID-AMOUNT": sum(parts.values()) - loan,
            "PAID-PREMIUM-TOTAL": self.yen(),
            "INSURED-NAME": self.text(60),
            "INSURED-ADDRESS": self.text(120),
            "EVENT-TEXT": self.text(30),
            "INSURANCE-TYPE-TEXT": self.text(30),
            "EVENT-YEAR": event[0],
            "EVENT-MONTH": event[1],
            "EVENT-DAY": event[2],
        }
        if base is INHERITANCE:
            found |= {
                "TAX-YEAR": "01" if event[0] == "31" else event[0],
                "PREMIUM-DIVIDEND-AMOUNT": self.yen(),
            }
        return found


def worlds() -> Iterator[tuple[list[Values], list[Values]]]:
    drawer = Drawer(seed=4)
    for start in range(0, STATEMENTS, AT_ONCE):
        drawn = [drawer.payment(policy) for policy in range(start, start + AT_ONCE)]
        yield [payment for payment, _ in drawn], [numbers for _, numbers in drawn]


def test_a_hundred_thousand_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "written", functools.lru_cache(None)(model.written))
    parameters, compared = Parameters(tax_year=YEAR), 0
    for found, numbers in worlds():
        outputs = build(*pair(found, numbers), parameters)
        lines: dict[str, list[list[str]]] = {code: [] for code in KINDS}
        for payment, number in zip(found, numbers, strict=True):
            lines[str(payment["STATEMENT-CODE"])].append(model.Row([payment], number, YEAR).made())
        for code in KINDS:
            made = rows(outputs, code)
            items = [row.split(",") for row in bytes(made).decode("cp932").split("\r\n")[:-1]]
            assert items == lines[code]
            result = check_bytes(code, [made], tax_year=YEAR)
            # An extract may give a name that comes out empty; that is for the check to say.
            assert {one.rule for one in result.findings if one.severity == "E"} <= {"REQUIRED"}
            sums = {item: sum(int(row[item - 1] or 0) for row in lines[code]) for item in result.amounts}
            assert result.amounts == sums
            compared += result.totals.records
    assert compared == STATEMENTS
