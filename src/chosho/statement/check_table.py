"""The tables that the check kernels run on (検査の表): layout, calendar and character set as numbers.

The era of a two-digit year is not written on a disc. A year of 年分 or of a date that no one can mistake is read as the latest
one that is not after the year of the run; a date of our days (payment, submission) is one of the last years of 平成 or of 令和.
"""

import functools

import numpy as np
from numpy.typing import NDArray

from chosho import era
from chosho.codec import check_codes as codes
from chosho.codec import mark_kernel
from chosho.statement import layout
from chosho.statement.layout import Content, Item, Required, StatementLayout, Width, YearOf

NET = {
    "310": {21: 1, 22: 1, 23: 1, 24: -1, 25: -1, 26: 1, 27: codes.NET},
    "366": {16: 1, 19: -1, 20: codes.NET},
    "323": {24: 1, 25: 1, 26: 1, 27: -1, 28: -1, 29: 1, 30: codes.NET},
    "386": {},
}
"""Signs of the amounts in the net amount: 差引支払保険金額等, 差引金額."""

KEPT = {
    "310": {28: codes.V_WHOLE, 44: codes.V_PART},
    "366": {
        14: codes.V_NAME1,
        16: codes.V_PAID,
        19: codes.V_COST,
        21: codes.V_TAX,
        23: codes.V_NAME2,
        **dict.fromkeys(range(24, 31), codes.V_INHERITED),
        32: codes.V_PERCENT,
        33: codes.V_FRACTION,
    },
    "323": {
        11: codes.V_YEAR,
        15: codes.V_PARTY1,
        19: codes.V_PARTY2,
        31: codes.V_WHOLE,
        34: codes.V_EVENT,
        46: codes.V_NUMBER1,
        47: codes.V_NUMBER2,
        51: codes.V_PART,
    },
    "386": {23: codes.V_WHOLE, 24: codes.V_PART},
}
"""Items whose values the rules over several items need."""

OUR_DAYS = 20050101
"""First day of payments and submissions that a disc can tell of: the standard is of 平成17年."""

_CONTENT = {
    Content.CODE: codes.K_CODE,
    Content.DIGITS: codes.K_DIGITS,
    Content.TOKEN: codes.K_TOKEN,
    Content.TEXT: codes.K_TEXT,
    Content.FLAG: codes.K_FLAG,
    Content.PARTY: codes.K_PARTY,
    Content.VALUATION: codes.K_VALUATION,
    Content.TAX_YEAR: codes.K_TAXYEAR,
    Content.YEAR: codes.K_YEAR,
    Content.MONTH: codes.K_MONTH,
    Content.DAY: codes.K_DAY,
    Content.AMOUNT: codes.K_AMOUNT,
    Content.COUNT: codes.K_COUNT,
    Content.RATIO: codes.K_DIGITS,
    Content.CORPORATE: codes.K_CORPORATE,
    Content.NUMBER: codes.K_NUMBER,
    Content.INDIVIDUAL: codes.K_INDIVIDUAL,
    Content.OMITTED: codes.K_OMITTED,
}
_NEED = {Required.ALWAYS: codes.NEED_ALWAYS, Required.EXPECTED: codes.NEED_EXPECTED}
_STAND_INS = "？"
"""What programs put where they could not read a character. 〓 is none: the builder writes it by a setting and lists it."""
_POINTS = "、。，．"
"""Punctuation marks, which an address must not have."""
_DATES = (Content.YEAR, Content.MONTH, Content.DAY)
_YEARS = 100


@functools.cache
def items(code: str) -> NDArray[np.int32]:
    """Return the item table of a kind: a row per item, columns ``T_`` of ``check_codes``."""
    statement = layout.load(code)
    rows = np.zeros((len(statement.items), codes.COLUMNS), np.int32)
    for row, item in zip(rows, statement.items, strict=True):
        _fill(row, item, statement)
    return rows


def _fill(row: NDArray[np.int32], item: Item, statement: StatementLayout) -> None:
    own_year = item.content is Content.TAX_YEAR and statement.head.year_of is YearOf.EVENT
    row[codes.T_KIND] = codes.K_EVENTYEAR if own_year else _CONTENT[item.content]
    row[codes.T_WIDE] = item.wide
    row[codes.T_FIXED] = item.width is Width.HANKAKU_FIXED
    row[codes.T_LENGTH] = item.length
    row[codes.T_NEED] = _NEED.get(item.required, codes.NEED_NONE)
    row[codes.T_SLOT] = statement.amounts.index(item) if item in statement.amounts else 0
    row[codes.T_SIGN] = NET[statement.code].get(item.number, 0)
    row[codes.T_TOGETHER] = bool(item.when) and item.content is not Content.AMOUNT
    row[codes.T_PAYMENT] = item.english.startswith("payment_date")
    row[codes.T_ADDRESS] = item.english.endswith("_address")
    row[codes.T_RECENT] = item.english.startswith(("payment_date", "submission_date"))
    row[codes.T_KEEP] = KEPT[statement.code].get(item.number, codes.V_NONE)


def kept_in(code: str, value: int) -> int:
    """Return the number of the first item that keeps that value, 0 for none."""
    return next((item for item, kept in KEPT[code].items() if kept == value), 0)


@functools.cache
def known(code: str, tax_year: int | None) -> NDArray[np.uint8]:
    """Return for every item and two-digit 年分 whether the item is known then, flat: 100 for each item.

    A kind whose 年分 is the payment's has one of them for the whole file; where it is the event's, each record has its own.
    """
    statement = layout.load(code)
    table = np.ones((len(statement.items), _YEARS), np.uint8)
    if tax_year is not None and statement.head.year_of is not YearOf.NONE:
        for place, item in enumerate(statement.items):
            for digits in range(_YEARS):
                year = _latest(digits, tax_year) if statement.head.year_of is YearOf.EVENT else tax_year
                table[place, digits] = year is None or item.known_in(year)
    return table.reshape(-1)


def _latest(digits: int, tax_year: int) -> int | None:
    """Return the latest year that an era year of two digits can be, up to the year of the run."""
    years = [one.first_year + digits - 1 for one in era.ERAS if digits]
    return max((year for year in years if year <= tax_year), default=None)


@functools.cache
def years(tax_year: int | None) -> NDArray[np.uint8]:
    """Return the era years that the 年分 may be written as, as ASCII digits: 2019 is 31 or 01 (no text says which)."""
    if tax_year is None:
        return np.empty(0, np.uint8)
    digits = {era.two_digits(tax_year * 10_000 + 101), era.two_digits(tax_year * 10_000 + 1231)}
    return np.frombuffer("".join(sorted(digits)).encode(), np.uint8)


@functools.cache
def dates(tax_year: int | None) -> NDArray[np.uint8]:
    """Return which (era year, month, day) is a day of 昭和, 平成 or 令和, then which is one of our days.

    Both end with the year after the 年分.
    """
    year, month, day = np.meshgrid(np.arange(_YEARS), np.arange(13), np.arange(32), indexing="ij")
    last = 99991231 if tax_year is None else (tax_year + 1) * 10_000 + 1231
    both = np.zeros((2, *year.shape), np.bool_)
    names = [one for one in era.ERAS if one.name in {"昭和", "平成", "令和"}]
    for one, following in zip(names, [*names[1:], None], strict=True):
        numbers = (one.first_year + year - 1) * 10_000 + month * 100 + day
        end = last if following is None else min(last, following.first_day - 1)
        real = era.valid_dates(numbers.reshape(-1)).reshape(year.shape)
        held = (year > 0) & real & (one.first_day <= numbers) & (numbers <= end)
        both[0] |= held
        both[1] |= held & (numbers >= OUR_DAYS)
    return both.astype(np.uint8).reshape(-1)


@functools.cache
def pairs() -> NDArray[np.uint8]:
    """Return the class of every two bytes, indexed as a little-endian number: strict Shift_JIS is JIS X 0208 and nothing more."""
    classes = np.full((256, 256), codes.ONE_BYTE, np.uint8)
    leads = [*range(0x81, 0xA0), *range(0xE0, 0xFD)]
    for lead in leads:
        classes[:, lead] = codes.NO_PAIR
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFD)):
            try:
                bytes([lead, trail]).decode("shift_jis")
            except UnicodeDecodeError:
                continue
            classes[trail, lead] = codes.PAIR
    classes[0x40, 0x81] = codes.PAIR_SPACE
    for characters, what in ((_STAND_INS, codes.PAIR_LOST), (_POINTS, codes.PAIR_POINT)):
        for lead, trail in (character.encode("cp932") for character in characters):
            classes[trail, lead] = what
    return classes.reshape(-1)


@functools.cache
def kinds(code: str) -> NDArray[np.uint8]:
    """Return the codes of the kinds, three bytes each, that kind's first."""
    others = [kind for kind in layout.kinds() if kind != code]
    return np.frombuffer("".join([code, *others]).encode(), np.uint8)


@functools.cache
def mark_use(code: str) -> NDArray[np.int64]:
    """Return which marks each item goes into, see ``codec/mark_kernel.py``.

    Whose and which event: kind, 年分, names, dates. The same statement: also what was paid, for what. What may differ between
    two writings of it: addresses and their marks, party codes, numbers, the obligor's items, remarks, the submission date.
    """
    return np.array([_use(item) for item in layout.load(code).items], np.int64)


_LOOSE = (
    Content.NUMBER,
    Content.INDIVIDUAL,
    Content.CORPORATE,
    Content.TOKEN,
    Content.PARTY,
    Content.FLAG,
    Content.OMITTED,
)
_OBLIGOR = ("obligor_", "reference_", "branch_", "submission_")


def _use(item: Item) -> int:
    if item.english == "correction_flag":
        return mark_kernel.IN_CORRECTION
    if (
        item.content in _LOOSE
        or item.english.startswith(_OBLIGOR)
        or item.english.endswith(("_address", "remarks"))
    ):
        return mark_kernel.IN_CONTENT
    previous = item.english.startswith("previous_")
    named = item.english.endswith("_name") and not previous
    if named or item.content in (*_DATES, Content.CODE, Content.TAX_YEAR):
        return mark_kernel.IN_WHO
    return mark_kernel.IN_SAME
