"""Synthetic payment and match records for the tests: a plain record, changed field by field."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from chosho import copybook
from chosho.codec import batch

Values = Mapping[str, str | int | bytes]

OBLIGOR: Values = {
    "OBLIGOR-ADDRESS": "東京都港区架空台１－２－３",
    "OBLIGOR-NAME": "架空生命保険相互会社",
    "OBLIGOR-PHONE": "03-0000-0000",
    "OBLIGOR-CORPORATE-NO": "7123456789012",
}
PAYEE_NUMBER = "0123456789018"  # individual number 123456789018, a published example with a right check digit
CONTRACTOR_NUMBER = "0987654321026"

LUMP_SUM: Values = {
    **OBLIGOR,
    "POLICY-NO": "00000000001",
    "ROLE-CODE": "21",
    "PAYEE-NO": "01",
    "PAYMENT-NO": "0001",
    "CHANGE-FLAG": "0",
    "INHERITED-FLAG": "0",
    "PAYEE-KANA": "ﾔﾏﾀﾞ ﾀﾛｳ",
    "CONTRACTOR-KANA": "ｽｽﾞｷ ｲﾁﾛｳ",
    "BENEFIT-AMOUNT": 3_000_000,
    "ADDED-BENEFIT-AMOUNT": 200_000,
    "UNPAID-DIVIDEND-AMOUNT": 12_345,
    "LOAN-AND-INTEREST-AMOUNT": 100_000,
    "UNPAID-PREMIUM-AMOUNT": 0,
    "PREPAID-PREMIUM-REFUND": 5_000,
    "NET-PAID-AMOUNT": 3_117_345,
    "PAID-PREMIUM-TOTAL": 2_400_000,
    "STATEMENT-CODE": "310",
    "CORRECTION-MARK": "0",
    "TAX-YEAR": "08",
    "PAYEE-ADDRESS": "東京都千代田区霞が関３－１－１",
    "PAYEE-OVERSEAS": "0",
    "PAYEE-NAME": "山田　太郎",
    "CONTRACTOR-ADDRESS": "大阪府大阪市北区架空１－１",
    "CONTRACTOR-OVERSEAS": "0",
    "CONTRACTOR-NAME": "鈴木　一郎",
    "INSURED-ADDRESS": "大阪府大阪市北区架空１－１",
    "INSURED-OVERSEAS": "0",
    "INSURED-NAME": "鈴木　花子",
    "EVENT-TEXT": "満期",
    "EVENT-YEAR": "08",
    "EVENT-MONTH": "02",
    "EVENT-DAY": "28",
    "INSURANCE-TYPE-TEXT": "養老保険",
    "PAYMENT-YEAR": "08",
    "PAYMENT-MONTH": "03",
    "PAYMENT-DAY": "05",
}
"""A lump sum of 令和8年 to an individual; every item that a plain case fills."""

ANNUITY: Values = {
    **{
        name: value
        for name, value in LUMP_SUM.items()
        if not name.startswith(("EVENT", "INSURANCE", "INSURED"))
    },
    "STATEMENT-CODE": "366",
    "BENEFIT-AMOUNT": 0,
    "ADDED-BENEFIT-AMOUNT": 0,
    "UNPAID-DIVIDEND-AMOUNT": 0,
    "LOAN-AND-INTEREST-AMOUNT": 0,
    "PREPAID-PREMIUM-REFUND": 0,
    "NET-PAID-AMOUNT": 0,
    "PAID-PREMIUM-TOTAL": 0,
    "ANNUITY-TYPE-TEXT": "終身年金",
    "ANNUITY-PAID-AMOUNT": 600_000,
    "ANNUITY-DIVIDEND-AMOUNT": 3_000,
    "ANNUITY-PREMIUM-AMOUNT": 200_000,
    "ANNUITY-NET-AMOUNT": 400_000,
    "WITHHOLDING-TAX": 40_840,
}
"""An annuity payment of 令和8年."""

INHERITANCE: Values = {
    **LUMP_SUM,
    "STATEMENT-CODE": "323",
    "EVENT-TEXT": "死亡",
    "TAX-YEAR": "07",
    "EVENT-YEAR": "07",
    "EVENT-MONTH": "12",
    "EVENT-DAY": "28",
    "PAYEE-PARTY": "1",
    "CONTRACTOR-PARTY": "1",
    "INSURED-PARTY": "1",
    "PREMIUM-DIVIDEND-AMOUNT": 4_321,
    "SUBMISSION-YEAR": "08",
    "SUBMISSION-MONTH": "04",
    "SUBMISSION-DAY": "15",
}
"""A death benefit of 令和8年 for an event of 令和7年, taxed as inheritance."""

CHANGE: Values = {
    **OBLIGOR,
    "POLICY-NO": "00000000001",
    "ROLE-CODE": "01",
    "PAYEE-NO": "00",
    "PAYMENT-NO": "0000",
    "STATEMENT-CODE": "386",
    "CORRECTION-MARK": "0",
    "NEW-KANA": "ﾔﾏﾀﾞ ﾀﾛｳ",
    "NEW-ADDRESS": "東京都千代田区霞が関３－１－１",
    "NEW-OVERSEAS": "0",
    "NEW-NAME": "山田　太郎",
    "NEW-PARTY": "1",
    "DECEASED-ADDRESS": "大阪府大阪市北区架空１－１",
    "DECEASED-OVERSEAS": "0",
    "DECEASED-NAME": "鈴木　一郎",
    "INSURED-ADDRESS": "大阪府大阪市北区架空１－２",
    "INSURED-OVERSEAS": "0",
    "INSURED-NAME": "鈴木　花子",
    "INSURED-PARTY": "1",
    "SURRENDER-VALUE": 2_500_000,
    "PAID-PREMIUM-TOTAL": 1_800_000,
    "DECEASED-PAID-PREMIUM": 1_700_000,
    "VALUATION-CODE": "1",
    "DEATH-YEAR": "08",
    "DEATH-MONTH": "06",
    "DEATH-DAY": "15",
    "INSURANCE-TYPE-TEXT": "養老保険",
    "EFFECTIVE-YEAR": "08",
    "EFFECTIVE-MONTH": "07",
    "EFFECTIVE-DAY": "04",
    "SUBMISSION-YEAR": "09",
    "SUBMISSION-MONTH": "01",
    "SUBMISSION-DAY": "29",
}
"""A change of contractor by death in 令和8年."""

NUMBERS: Values = {"PAYEE-NUMBER": PAYEE_NUMBER, "CONTRACTOR-NUMBER": CONTRACTOR_NUMBER}


def block(member: str, records: Sequence[Values]) -> batch.Block:
    """Return records of a copybook; texts are CP932, what is not given is blank or zero."""
    layout = copybook.load(member)
    data = np.full((len(records), layout.length), 0x20, np.uint8)
    fields = layout.named()
    for field in fields.values():
        if field.kind is copybook.Kind.BINARY:
            batch.view(fields, data, field.name)[:] = 0
    for row, record in enumerate(records):
        for name, value in record.items():
            if isinstance(value, int):
                batch.view(fields, data, name)[row] = value
                continue
            text = value if isinstance(value, bytes) else value.encode("cp932")
            data[row, fields[name].offset : fields[name].offset + fields[name].length] = np.frombuffer(
                text.ljust(fields[name].length), np.uint8
            )
    return data


def pair(
    payments: Sequence[Values], numbers: Sequence[Values] | None = None
) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """Return a PAYDATA batch and the MATCH batch beside it; places are counted from 0."""
    numbers = numbers if numbers is not None else [NUMBERS] * len(payments)
    placed = [{**payment, "PLACE": place} for place, payment in enumerate(payments)]
    key = ("POLICY-NO", "ROLE-CODE", "PAYEE-NO", "PAYMENT-NO", "PLACE")
    matches = [
        {**number, **{name: payment[name] for name in key}}
        for number, payment in zip(numbers, placed, strict=True)
    ]
    return batch.to_batch(block("PAYDATA", placed)), batch.to_batch(block("MATCH", matches))
