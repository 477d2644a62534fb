"""Item tables: the layout of a kind, the copybooks and the parameters, made into the numbers that the kernel runs on."""

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chosho import copybook
from chosho.codec import compose_kernel as kernel
from chosho.statement import layout
from chosho.statement.layout import Content, Item, StatementLayout, Width, YearOf
from chosho.statement.parameters import Parameters

_WORD = 8  # bytes of an amount

_OPERATIONS = {
    Content.CODE: kernel.OP_DIGITS,
    Content.DIGITS: kernel.OP_DIGITS,
    Content.TOKEN: kernel.OP_TOKEN,
    Content.TEXT: kernel.OP_TEXT,
    Content.FLAG: kernel.OP_DIGITS,
    Content.PARTY: kernel.OP_DIGITS,
    Content.VALUATION: kernel.OP_DIGITS,
    Content.TAX_YEAR: kernel.OP_DIGITS,
    Content.YEAR: kernel.OP_DIGITS,
    Content.MONTH: kernel.OP_DIGITS,
    Content.DAY: kernel.OP_DIGITS,
    Content.AMOUNT: kernel.OP_AMOUNT,
    Content.COUNT: kernel.OP_COUNT,
    Content.RATIO: kernel.OP_DIGITS,
    Content.CORPORATE: kernel.OP_DIGITS,
    Content.NUMBER: kernel.OP_NUMBER,
    Content.INDIVIDUAL: kernel.OP_INDIVIDUAL,
    Content.OMITTED: kernel.OP_EMPTY,
}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ItemTable:
    """One kind's table; ``longest_row`` in bytes.

    ``cached`` items depend on ``cache_length`` payment bytes from ``cache_start`` only (the obligor's).
    """

    layout: StatementLayout
    items: NDArray[np.int32]
    cached: int
    cache_start: int
    cache_length: int
    main_slot: int
    longest_row: int


_MAIN_AMOUNT = {
    "310": "NET-PAID-AMOUNT",
    "366": "ANNUITY-PAID-AMOUNT",
    "323": "NET-PAID-AMOUNT",
    "386": "CHGDATA.SURRENDER-VALUE",
}
RECORDS = {"386": "CHGDATA"}
"""The copybook of the records that a kind is built from, where it is not PAYDATA."""


@functools.cache
def table(code: str, parameters: Parameters) -> ItemTable:
    """Return the table of a kind ("310", "366", "323", "386") for a 年分 and settings.

    Where the 年分 is that of each event (323), all items of the layout are in the table: the records themselves say which stay
    empty, numbers by the match, the change of contractor by its flag.

    Raises:
        InputRefused: there is no such kind (CHSN001E), or the layout names a field that the copybook lacks.
    """
    statement = layout.load(code)
    slots = [item.number for item in statement.amounts]
    rows = np.zeros((len(statement.items), kernel.COLUMNS), np.int32)
    for row, item in zip(rows, statement.items, strict=True):
        row[kernel.C_KANA] = row[kernel.C_WHEN] = -1
        row[kernel.C_SLOT] = slots.index(item.number) if item.number in slots else 0
        if statement.head.year_of is not YearOf.PAYMENT or item.known_in(parameters.tax_year):
            _fill(row, item, parameters)
        elif item.content is Content.AMOUNT:
            _never(row)
    cached, start, length = _constant_part(statement, rows)
    main = next(place for place, item in enumerate(statement.amounts) if item.field == _MAIN_AMOUNT[code])
    return ItemTable(
        layout=statement,
        items=rows,
        cached=cached,
        cache_start=start,
        cache_length=length,
        main_slot=main,
        longest_row=statement.longest_row,
    )


def _fill(row: NDArray[np.int32], item: Item, parameters: Parameters) -> None:
    record, _, name = item.field.rpartition(".")
    row[kernel.C_OP] = _OPERATIONS[item.content]
    row[kernel.C_LIMIT] = item.length
    row[kernel.C_FIXED] = item.width is Width.HANKAKU_FIXED
    row[kernel.C_SUM] = item.added_up == "sum"
    if item.content is Content.OMITTED:
        return
    field = _field(item.field)
    row[kernel.C_MATCH] = record == "MATCH"
    row[kernel.C_OFFSET], row[kernel.C_LENGTH] = field.offset, field.length
    if item.content is Content.AMOUNT and field.length != _WORD:
        raise ValueError(f"amount {name} of {record or 'PAYDATA'} is no 64-bit number")
    if item.kana:
        kana = _field(item.kana)
        row[kernel.C_KANA], row[kernel.C_KANA_LENGTH] = kana.offset, kana.length
    if item.when:
        condition, _, value = item.when.partition("=")
        row[kernel.C_WHEN], row[kernel.C_WHEN_VALUE] = _field(condition).offset, ord(value)
    if item.content is Content.COUNT and parameters.change_count == "zero":
        row[kernel.C_ELSE] = ord("0")
    if item.content is Content.RATIO and parameters.ratio_decimal == "right":
        row[kernel.C_OP] = kernel.OP_RATIO_RIGHT


def _field(name: str) -> copybook.Field:
    """Return a field by its name in a layout: one of PAYDATA, or ``MEMBER.FIELD``."""
    record, _, field = name.rpartition(".")
    return copybook.load(record or "PAYDATA")[field]


def _never(row: NDArray[np.int32]) -> None:
    """Keep an amount item of another 年分 empty, its slot of the totals at 0: a condition that no byte of a record meets."""
    row[kernel.C_OP] = kernel.OP_AMOUNT
    row[kernel.C_WHEN], row[kernel.C_WHEN_VALUE] = 0, -1


def _constant_part(statement: StatementLayout, rows: NDArray[np.int32]) -> tuple[int, int, int]:
    """Return how many leading items are much the same for a whole file, and which bytes of the record they come from."""
    kinds = (Content.CODE, Content.DIGITS, Content.TOKEN, Content.FLAG, Content.TAX_YEAR, Content.OMITTED)
    obligor = (item for item in statement.items if item.content in kinds or "OBLIGOR" in item.field)
    cached = sum(1 for place, item in enumerate(obligor, start=1) if item.number == place)
    used = rows[:cached][rows[:cached, kernel.C_OP] != kernel.OP_EMPTY]
    start = int(used[:, kernel.C_OFFSET].min())
    end = int((used[:, kernel.C_OFFSET] + used[:, kernel.C_LENGTH]).max())
    return cached, start, end - start
