"""Time per statement of building and checking, one core: ``python benchmarks/statement.py``.

As many payments of each kind (310, 366, 323), names and addresses distinct, one text in fifty in need of a change.
Each figure is the best of several runs over one block of 4 MiB; what is built is checked, so both are of the same rows.
Then a million records of each kind are checked as `chosho check` does; making their bytes is in that time.
"""

import resource
import time
from collections.abc import Callable, Iterator

import numpy as np

from chosho.codec import batch, warm
from chosho.copybook import Kind, load
from chosho.statement.build import KINDS, build
from chosho.statement.check import check_bytes
from chosho.statement.check_files import Source, check_files
from chosho.statement.ledger import rows
from chosho.statement.parameters import Parameters

IN_BLOCK = 2340
MILLION = 1_000_000
GENERATOR = np.random.default_rng(20270112)
KANJI = list("東京都大阪府札幌市中央区港山田鈴木佐藤高橋伊渡辺太郎花子一二三丁目番号霞が関北南西野川上下本村")
ODD = list("髙﨑㈱①彅Aｱ -")
TEXTS = {
    "OBLIGOR-ADDRESS": 0, "OBLIGOR-NAME": 0, "PAYEE-ADDRESS": 24, "PAYEE-NAME": 5, "CONTRACTOR-ADDRESS": 24, "CONTRACTOR-NAME": 5,
    "INSURED-ADDRESS": 24, "INSURED-NAME": 5, "EVENT-TEXT": 2, "INSURANCE-TYPE-TEXT": 4, "ANNUITY-TYPE-TEXT": 4,
}  # fmt: skip
SAME = {
    "OBLIGOR-ADDRESS": "東京都港区架空台１－２－３", "OBLIGOR-NAME": "架空生命保険相互会社", "OBLIGOR-PHONE": "03-0000-0000",
    "OBLIGOR-CORPORATE-NO": "7123456789012", "CORRECTION-MARK": "0", "TAX-YEAR": "08", "ROLE-CODE": "21", "PAYEE-NO": "01",
    "PAYMENT-NO": "0001", "PAYEE-OVERSEAS": "0", "CONTRACTOR-OVERSEAS": "0", "INSURED-OVERSEAS": "0", "PAYEE-KANA": "ﾔﾏﾀﾞ ﾀﾛｳ",
    "EVENT-YEAR": "08", "EVENT-MONTH": "03", "EVENT-DAY": "05", "PAYMENT-YEAR": "08", "PAYMENT-MONTH": "03", "PAYMENT-DAY": "31",
    "PAYEE-PARTY": "1", "CONTRACTOR-PARTY": "1", "INSURED-PARTY": "1", "SUBMISSION-YEAR": "08", "SUBMISSION-MONTH": "04",
    "SUBMISSION-DAY": "15",
}  # fmt: skip


def best(work: Callable[[], object], statements: int, repeat: int = 40) -> float:
    """Return the microseconds per statement of the fastest run."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) / statements * 1e6


def text(length: int) -> str:
    """Return a text of about that length, sometimes with a character that has to be changed."""
    letters = GENERATOR.choice(KANJI, int(GENERATOR.integers(max(length - 3, 1), length + 4)))
    found = "".join(letters)
    return found + str(GENERATOR.choice(ODD)) if GENERATOR.random() < 1 / 50 else found


def payments() -> tuple[batch.Block, batch.Block]:
    """Return a block of payments and the block of match records beside it."""
    layout, beside = load("PAYDATA"), load("MATCH")
    left = np.full((IN_BLOCK, layout.length), ord(" "), np.uint8)
    right = np.full((IN_BLOCK, beside.length), ord(" "), np.uint8)
    for block, fields in ((left, layout.named()), (right, beside.named())):
        for field in fields.values():
            if field.kind is Kind.BINARY:
                batch.view(fields, block, field.name)[:] = 0
    for row in range(IN_BLOCK):
        values = SAME | {name: text(length) for name, length in TEXTS.items() if length}
        values |= {"POLICY-NO": f"{row:011d}", "STATEMENT-CODE": KINDS[row % len(KINDS)]}
        for name, value in values.items():
            data = np.frombuffer(value.encode("cp932"), np.uint8)[: layout[name].length]
            left[row, layout[name].offset : layout[name].offset + len(data)] = data
    right[:, :19] = left[:, :19]
    number = np.frombuffer(b"0123456789018", np.uint8)
    for name in ("PAYEE-NUMBER", "CONTRACTOR-NUMBER"):
        batch.view(beside.named(), right, name)[:] = number
    yen = GENERATOR.integers(200_000, 90_000_000, IN_BLOCK)
    for name in ("BENEFIT-AMOUNT", "NET-PAID-AMOUNT", "ANNUITY-PAID-AMOUNT", "ANNUITY-NET-AMOUNT"):
        batch.view(layout.named(), left, name)[:] = yen
    return left, right


def main() -> None:
    """Print the figures."""
    warm()
    left, right = (batch.to_batch(block) for block in payments())
    parameters = Parameters(tax_year=2026)
    outputs = build(left, right, parameters)
    statements = {code: len(outputs[f"k{code}"]) for code in KINDS}
    print(
        f"build  {best(lambda: build(left, right, parameters), sum(statements.values())):6.2f} us per statement"
    )
    for code, count in statements.items():
        data = bytes(rows(outputs, code)) * 50
        errors = check_bytes(code, [data], tax_year=2026).totals.errors
        took = best(lambda code=code, data=data: check_bytes(code, [data], tax_year=2026), 50 * count, 10)
        print(
            f"check {code} {took:6.2f} us per statement of {len(data) // 50 // count} bytes, {errors} errors"
        )
        million(code, bytes(rows(outputs, code)), count)


def million(code: str, data: bytes, count: int) -> None:
    """Check a file of a million records as `chosho check` does, each with a phone number of its own, so that no two are equal."""
    lines = data.splitlines(keepends=True)

    def read() -> Iterator[bytes]:
        for block in range(MILLION // count + 1):
            yield b"".join(lines).replace(b"03-0000-0000", f"03-{block:09d}".encode())

    size = sum(map(len, read()))
    start = time.perf_counter()
    (result,) = check_files([Source(shown=code, name=f"{code}dat01.txt", read=read)], tax_year=2026)
    took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"files {code} {result.totals.records:,} records in {took:.2f} s, {size / took / 1e6:.0f} MB/s, peak {peak:.0f} MiB"
    )


if __name__ == "__main__":
    main()
