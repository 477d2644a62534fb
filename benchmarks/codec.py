"""Time per record of the codec's kernels, one core: ``python benchmarks/codec.py [RECORDS]``.

The source record is like the payment file's (700 bytes, 24 fields: two double-byte texts, kana, one mixed text, eight
packed numbers, dates), the work record has 1,792 bytes. Each figure is the best of several runs over a block of 4 MiB;
keys are timed over RECORDS.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from chosho.codec import keys, warm
from chosho.codec.decode import decode
from chosho.codec.encode import encode
from chosho.codec.text import encode_text
from chosho.codec.transcoder import Transcoder

PAGE, LRECL, WORK_LRECL, IN_BLOCK = "IBM-1399", 700, 1792, 6000
GENERATOR = np.random.default_rng(20270112)


class Kind(Enum):
    """Kinds of field."""

    TEXT = "X"
    NATIONAL = "N"
    ZONED = "Z"
    PACKED = "P"
    BINARY = "B"


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field as the codec asks for it."""

    name: str
    kind: Kind
    offset: int
    length: int
    digits: int = 0
    scale: int = 0
    signed: bool = False
    sign_leading: bool = False
    sign_separate: bool = False
    native: bool = False
    filler: bool = False
    redefined: bool = False


def best(work: Callable[[], object], records: int, repeat: int = 9) -> float:
    """Return the nanoseconds per record of the fastest run."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) / records * 1e9


def pool(alphabet: str, shortest: int, longest: int, length: int, *, national: bool) -> npt.NDArray[np.uint8]:
    """Return a random text field for a block of records."""
    letters = np.array(list(alphabet))
    texts = ["".join(GENERATOR.choice(letters, GENERATOR.integers(shortest, longest))) for _ in range(500)]
    return encode_text(texts, PAGE, length, national=national)[GENERATOR.integers(0, 500, IN_BLOCK)]


def source() -> tuple[list[Field], npt.NDArray[np.uint8]]:
    """Return the fields of a source record and a block of records."""
    fields: list[Field] = []
    parts: list[npt.NDArray[np.uint8]] = []

    def add(name: str, kind: Kind, data: npt.NDArray[np.uint8], digits: int = 0) -> None:
        offset = sum(field.length for field in fields)
        signed = kind in {Kind.PACKED, Kind.BINARY}
        fields.append(
            Field(name=name, kind=kind, offset=offset, length=data.shape[1], digits=digits, signed=signed)
        )
        parts.append(data)

    def digits(count: int) -> npt.NDArray[np.uint8]:
        return (0xF0 + GENERATOR.integers(0, 10, (IN_BLOCK, count))).astype(np.uint8)

    for name, length in (
        ("POLICY", 11),
        ("KIND", 1),
        ("TAX", 1),
        ("CUSTOMER", 10),
        ("PARTY", 1),
        ("OVERSEAS", 1),
        ("EVENT", 2),
    ):
        add(name, Kind.TEXT, digits(length))
    for name, length in (("PAYEE", 2), ("PAYMENT", 4), ("PAID-ON", 8), ("EVENT-ON", 8)):
        add(name, Kind.ZONED, digits(length), length)
    add("NAME", Kind.NATIONAL, pool("山田太郎花子鈴木佐藤高橋中伊渡辺本村小林加吉", 3, 8, 60, national=True))
    add(
        "ADDRESS",
        Kind.NATIONAL,
        pool("東京都千代田区丸内西新宿港北中央町大本１２３４－番", 12, 45, 120, national=True),
    )
    add("KANA", Kind.TEXT, pool("ﾔﾏﾀﾞﾛｳｻﾄｳﾊﾅｺ ", 8, 20, 40, national=False))
    add("REMARKS", Kind.TEXT, pool("契約者貸付金相殺後 ABC123", 0, 30, 120, national=False))
    for number in range(8):
        amount = GENERATOR.integers(0, 10, (IN_BLOCK, 12))
        amount[:, 11] = 0xC
        add(f"AMOUNT{number}", Kind.PACKED, (amount[:, ::2] << 4 | amount[:, 1::2]).astype(np.uint8), 11)
    add("SERIAL", Kind.BINARY, GENERATOR.integers(0, 256, (IN_BLOCK, 4)).astype(np.uint8), 9)
    tail = LRECL - sum(field.length for field in fields)
    parts.append(np.full((IN_BLOCK, tail), 0x40, np.uint8))
    return fields, np.ascontiguousarray(np.hstack(parts))


def work_fields(fields: list[Field]) -> list[Field]:
    """Return the same fields as a work record has them."""
    out: list[Field] = []
    offset = 0
    for field in fields:
        if field.kind in {Kind.PACKED, Kind.BINARY}:
            offset = (offset + 7) // 8 * 8
            out.append(
                Field(
                    name=field.name,
                    kind=Kind.BINARY,
                    offset=offset,
                    length=8,
                    digits=18,
                    signed=True,
                    native=True,
                )
            )
        else:
            out.append(Field(name=field.name, kind=Kind.TEXT, offset=offset, length=field.length))
        offset += out[-1].length
    return out


def key_block(records: int, lrecl: int) -> npt.NDArray[np.uint8]:
    """Return records whose key is like the payment data's: policy, role, payee number, payment number."""
    block = np.full((records, lrecl), 0x20, np.uint8)
    block[:, :19] = 0x30 + GENERATOR.integers(0, 10, (records, 19))
    block[:, 11:14] = [0x30, 0x32, 0x30]
    block[:, 14] = 0x30 + GENERATOR.integers(1, 4, records)
    return block


def key_figures(records: int, lrecl: int) -> dict[str, float]:
    """Return the figures of the key kernels for one record length."""
    block = key_block(records, lrecl)
    rows, ordered = keys.order(block, 19), np.empty_like(block)
    keys.gather(block, rows, ordered)
    edges = np.ascontiguousarray(ordered[:: max(1, records // 64), :19])
    return {
        f"order, 19 of {lrecl} bytes": best(lambda: keys.order(block, 19), records, 5),
        f"gather {lrecl} bytes": best(lambda: keys.gather(block, rows, ordered), records, 5),
        f"partition {lrecl}, {len(edges)} edges": best(lambda: keys.partition(block, 19, edges), records, 5),
        f"descent {lrecl}": best(lambda: keys.descent(ordered, 19), records, 5),
    }


def main(records: int) -> None:
    """Print the table."""
    start = time.perf_counter()
    warm()
    print(f"{'kernels loaded or compiled':34}{time.perf_counter() - start:10.2f} s")
    fields, block = source()
    moves = [(field.name, field.name) for field in fields]
    transcoder, out = (
        Transcoder(fields, PAGE, work_fields(fields), WORK_LRECL, moves),
        np.empty((IN_BLOCK, WORK_LRECL), np.uint8),
    )
    batch, faults = decode(fields, PAGE, block, raw=True)
    if len(faults):
        raise SystemExit("the benchmark's records have faults")
    figures = {
        f"transcode {LRECL} -> {WORK_LRECL}, {len(moves)} moves": best(
            lambda: transcoder.run(block, out), IN_BLOCK
        ),
        f"decode {len(fields)} fields": best(lambda: decode(fields, PAGE, block), IN_BLOCK),
        f"encode {len(fields)} fields": best(lambda: encode(fields, PAGE, LRECL, batch), IN_BLOCK),
    }
    for lrecl in (400, LRECL):
        figures |= key_figures(records, lrecl)
    for name, figure in figures.items():
        print(f"{name:34}{figure:10.0f} ns/record")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
