"""Source records for tests, from dictionaries: each field is written by a few lines of plain Python, not by the codec's kernels.

A value given as bytes stands in the record as it is: that is how a test spoils a field.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from chosho.codec.batch import Block
from chosho.codec.text import encode_text
from chosho.copybook import Field, Kind, Layout, load

Record = Mapping[str, Any]
CODE_PAGE = "IBM-1399"
PAYSRC, CONTRACT = load("PAYSRC"), load("CONTRACT")

_PAYMENT: Record = {
    "POLICY-NO": "10000000001",
    "PAYEE-NO": 1,
    "PAYMENT-NO": 1,
    "PAYMENT-KIND": "1",
    "TAX-CATEGORY": "1",
    "CUSTOMER-NO": "0000000001",
    "PAYEE-PARTY": "1",
    "PAYEE-NAME": "架空　花子",
    "PAYEE-KANA": "ｶｸｳ ﾊﾅｺ",
    "PAYEE-ADDRESS": "架空県青葉市中央１－２－３",
    "PAYEE-OVERSEAS": "0",
    "PAYMENT-DATE": 20260615,
    "EVENT-DATE": 20260601,
    "EVENT-CODE": "02",
    "BENEFIT-AMOUNT": 3_000_000,
    "ANNUITY-TYPE": "  ",
    "INHERITED-FLAG": "0",
    "OFFICE-NO": "12345",
    "REMARKS": "摘要",
}
_CONTRACT: Record = {
    "POLICY-NO": "10000000001",
    "CONTRACT-STATUS": "1",
    "INSURANCE-TYPE": "03",
    "CONTRACT-DATE": 20000401,
    "CONTRACTOR-CUSTOMER-NO": "0000000002",
    "CONTRACTOR-PARTY": "1",
    "CONTRACTOR-NAME": "架空　太郎",
    "CONTRACTOR-KANA": "ｶｸｳ ﾀﾛｳ",
    "CONTRACTOR-ADDRESS": "見本県緑山市本町４－５",
    "CONTRACTOR-OVERSEAS": "0",
    "INSURED-NAME": "架空　次郎",
    "INSURED-ADDRESS": "試験府若草市旭町６",
    "INSURED-OVERSEAS": "0",
    "CHANGE-CAUSE": " ",
}


def payment(**changes: object) -> Record:
    """Return a source payment: a lump sum of 3,000,000 yen, with changes (``BENEFIT_AMOUNT=1`` is BENEFIT-AMOUNT)."""
    return _with_net({**_PAYMENT, **_named(changes)}, changes)


def annuity(**changes: object) -> Record:
    """Return a source payment: an annuity of 300,000 yen, with changes."""
    own = {
        "PAYMENT-KIND": "2",
        "TAX-CATEGORY": "2",
        "EVENT-CODE": "05",
        "BENEFIT-AMOUNT": 0,
        "ANNUITY-TYPE": "01",
        "ANNUITY-PAID-AMOUNT": 300_000,
    }
    return _with_net({**_PAYMENT, **own, **_named(changes)}, changes)


def _with_net(record: Record, changes: Mapping[str, object]) -> Record:
    """Return a payment whose net amounts are what their parts make, unless the test says what they are."""

    def yen(*names: str) -> int:
        values = [record.get(name, 0) for name in names]
        return sum(value for value in values if isinstance(value, int))

    benefit = yen(
        "BENEFIT-AMOUNT", "ADDED-BENEFIT-AMOUNT", "UNPAID-DIVIDEND-AMOUNT", "PREPAID-PREMIUM-REFUND"
    )
    loans = yen("LOAN-AND-INTEREST-AMOUNT", "UNPAID-PREMIUM-AMOUNT")
    annuity = yen("ANNUITY-PAID-AMOUNT") - yen("ANNUITY-PREMIUM-AMOUNT")
    net = {"NET-PAID-AMOUNT": max(benefit - loans, 0), "ANNUITY-NET-AMOUNT": max(annuity, 0)}
    return {**record, **{name: value for name, value in net.items() if name.replace("-", "_") not in changes}}


def contract(**changes: object) -> Record:
    """Return a contract, with changes."""
    return {**_CONTRACT, **_named(changes)}


def host(layout: Layout, records: Iterable[Record]) -> Block:
    """Return records in host code: uint8[n, lrecl]."""
    rows = [b"".join(_field(field, record) for field in layout.fields) for record in records]
    return np.frombuffer(b"".join(rows), np.uint8).reshape(-1, layout.length)


def _named(changes: Mapping[str, object]) -> dict[str, object]:
    return {name.replace("_", "-"): value for name, value in changes.items()}


def _field(field: Field, record: Record) -> bytes:
    if field.filler:
        return b"\x40" * field.length
    value = record.get(field.name)
    if isinstance(value, bytes):
        return value.ljust(field.length, b"\x40")[: field.length]
    if field.kind in {Kind.TEXT, Kind.NATIONAL}:
        text = encode_text([value or ""], CODE_PAGE, field.length, national=field.kind is Kind.NATIONAL)
        return text.tobytes()
    number = int(value or 0)
    if field.kind is Kind.ZONED:
        return bytes(0xF0 + int(digit) for digit in f"{number:0{field.length}d}")
    if field.kind is Kind.PACKED:
        return bytes.fromhex(f"{abs(number):0{field.length * 2 - 1}d}" + ("d" if number < 0 else "c"))
    return number.to_bytes(field.length, "big", signed=True)
