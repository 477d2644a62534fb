"""Payment data and number master records for tests, from dictionaries, with valid numbers made by python-stdnum's formulas."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from stdnum.jp import cn, in_

from chosho.codec.batch import Block
from chosho.copybook import Kind, Layout, load

Record = Mapping[str, Any]
PAYPAIR, NUMMAST = load("PAYPAIR"), load("NUMMAST")

_PAYMENT: Record = {
    "POLICY-NO": "10000000001",
    "ROLE-CODE": "02",
    "PAYEE-NO": "01",
    "PAYMENT-NO": "0001",
    "STATEMENT-CODE": "310",
    "PAYEE-PARTY": "1",
    "PAYEE-KANA": "ｶｸｳ ﾊﾅｺ",
    "CONTRACTOR-PARTY": "1",
    "CONTRACTOR-KANA": "ｶｸｳ ﾀﾛｳ",
    "CAUSE-DATE": 20260601,
}


def individual(seed: int) -> str:
    """Return a valid individual number."""
    base = f"{seed:011d}"
    return base + in_.calc_check_digit(base)


def corporate(seed: int) -> str:
    """Return a valid corporate number."""
    base = f"{seed:012d}"
    return cn.calc_check_digit(base) + base


def payment(**changes: object) -> Record:
    """Return a payment data record of two persons, with changes."""
    return {**_PAYMENT, **{name.replace("_", "-"): value for name, value in changes.items()}}


def payee(number: str | bytes = "", registration: str = "001", **changes: object) -> Record:
    """Return the payee's row of the master, held, with an individual number."""
    return _row(
        {"ROLE-CODE": "02", "PAYEE-NO": "01", "REGISTRANT-KANA": "ｶｸｳ ﾊﾅｺ"},
        number or individual(1),
        registration,
        changes,
    )


def contractor(number: str | bytes = "", registration: str = "001", **changes: object) -> Record:
    """Return the contractor's row of the master, held, with an individual number."""
    return _row(
        {"ROLE-CODE": "01", "PAYEE-NO": "00", "REGISTRANT-KANA": "ｶｸｳ ﾀﾛｳ"},
        number or individual(2),
        registration,
        changes,
    )


def block(layout: Layout, records: Iterable[Record]) -> Block:
    """Return work records: uint8[n, lrecl]; a value given as bytes stands as it is."""
    rows = [b"".join(_field(field, record) for field in layout.fields) for record in records]
    return np.frombuffer(b"".join(rows), np.uint8).reshape(-1, layout.length)


def _row(own: Record, number: str | bytes, registration: str, changes: Mapping[str, object]) -> Record:
    common = {
        "POLICY-NO": "10000000001",
        "REGISTRATION-NO": registration,
        "STATE-CODE": "1",
        "REASON-CODE": "00",
    }
    name = "CORPORATE-NO" if len(number) == 13 else "INDIVIDUAL-NO"
    return {**common, **own, name: number, **{key.replace("_", "-"): value for key, value in changes.items()}}


def _field(field, record: Record) -> bytes:
    value = record.get(field.name, "") if not field.filler else ""
    if isinstance(value, bytes):
        return value
    if field.kind is Kind.BINARY:
        return int(value or 0).to_bytes(field.length, "little", signed=True)
    return str(value).encode("cp932").ljust(field.length)
