"""Check statement files (支払調書の検査): bytes of an NTA file in, control totals and broken rules out.

The same validator serves step s240, the re-read disc and ``chosho check``. It shares nothing with the builder but the layout
data, reads the bytes as a stranger would, and holds about 1 MiB of them at a time. Every finding is counted, the first
:data:`LISTED` of each rule are listed.
"""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from chosho import era
from chosho.codec import check_kernel as kernel
from chosho.errors import InputRefused
from chosho.statement import layout
from chosho.statement.check_rules import IDS, RULES
from chosho.statement.layout import Content, Item, Required, StatementLayout, Width

Data: TypeAlias = bytes | bytearray | memoryview
"""Bytes of a file, in any shape that Python has for them."""

LISTED = 1000
"""Findings that are listed per rule; all are counted."""

_PIECE = 1 << 20
_SLACK = 8
_CODES = ("310", "366")
_NET = {
    "310": {21: 1, 22: 1, 23: 1, 24: -1, 25: -1, 26: 1, 27: kernel.NET},
    "366": {16: 1, 19: -1, 20: kernel.NET},
}
"""Signs of the amounts in the net amount: 差引支払保険金額等, 差引金額."""

_CONTENT = {
    Content.CODE: kernel.K_CODE,
    Content.DIGITS: kernel.K_DIGITS,
    Content.TOKEN: kernel.K_TOKEN,
    Content.TEXT: kernel.K_TEXT,
    Content.FLAG: kernel.K_FLAG,
    Content.TAX_YEAR: kernel.K_TAXYEAR,
    Content.YEAR: kernel.K_YEAR,
    Content.MONTH: kernel.K_MONTH,
    Content.DAY: kernel.K_DAY,
    Content.AMOUNT: kernel.K_AMOUNT,
    Content.COUNT: kernel.K_COUNT,
    Content.RATIO: kernel.K_DIGITS,
    Content.CORPORATE: kernel.K_CORPORATE,
    Content.NUMBER: kernel.K_NUMBER,
    Content.INDIVIDUAL: kernel.K_INDIVIDUAL,
    Content.OMITTED: kernel.K_OMITTED,
}
_STAND_INS = "？"
"""What programs put where they could not read a character. 〓 is none: the builder writes it by a setting and lists it."""
_POINTS = "、。，．"
"""Punctuation marks, which an address must not have."""
_NEED = {Required.ALWAYS: kernel.NEED_ALWAYS, Required.EXPECTED: kernel.NEED_EXPECTED}


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A broken rule (検査結果): record from 1, item from 1 (0 the whole row), rule id, severity. Never any content."""

    record: int
    item: int
    rule: str
    severity: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """What a checked file holds: records, yen per amount item in the order of the layout, and findings counted by rule id."""

    records: int
    amounts: tuple[int, ...]
    counts: dict[str, int]

    @property
    def errors(self) -> int:
        """Findings of severity E."""
        return sum(count for rule, count in self.counts.items() if RULES[rule].severity == "E")

    @property
    def warnings(self) -> int:
        """Findings of severity W."""
        return sum(self.counts.values()) - self.errors

    @property
    def findings(self) -> int:
        """Findings that stop a disc: those of severity E."""
        return self.errors


class RowCheck:
    """The check of one file (一ファイルの検査): feed its bytes in order, cut anywhere, then finish.

    Args:
        code: the kind, "310" or "366".
        tax_year: 西暦 of the 年分 that every row must have; None: any, with the items of the newest layout.
        last_item: "space" when an empty last item may be written as one space (e-Tax), else "empty".

    Raises:
        InputRefused: there is no layout of that kind (CHSN001E).
    """

    def __init__(self, code: str, *, tax_year: int | None = None, last_item: str = "empty") -> None:
        statement = layout.load(code)
        self._items = _items(code, tax_year)
        self._code = np.frombuffer(code.encode(), np.uint8)
        self._years = _years(tax_year)
        self._dates = _dates(tax_year)
        self._last_space = last_item == "space"
        self._totals = np.zeros(1 + len(statement.amounts), np.int64)
        self._counts = np.zeros(len(IDS), np.int64)
        self._found = np.empty((len(IDS) * LISTED, 3), np.int64)
        self._noted = 0
        self._rest = bytearray()
        self._lost = False  # inside a row longer than _PIECE, which is no row at all

    def feed(self, data: Data) -> None:
        """Take the next bytes of the file."""
        self._rest += memoryview(data).cast("B")
        if len(self._rest) >= _PIECE:
            self._check(self._rest.rfind(b"\n") + 1)
            if len(self._rest) >= _PIECE:
                self._lost = True
                self._rest.clear()

    def finish(self) -> Totals:
        """Check what is left and return the totals.

        A last row without its CR LF is a finding; its items are checked all the same.
        """
        self._check(self._rest.rfind(b"\n") + 1)
        if self._rest or self._lost:
            self._note(kernel.R_LASTROW, int(self._totals[0]) + 1)
            self._rest += b"\r\n"
            self._check(len(self._rest))
        return Totals(
            records=int(self._totals[0]),
            amounts=tuple(map(int, self._totals[1:])),
            counts={rule: int(count) for rule, count in zip(IDS, self._counts, strict=True) if count},
        )

    @property
    def listed(self) -> list[Finding]:
        """The findings so far, at most :data:`LISTED` per rule, in the order of the records."""
        return [
            Finding(record=int(record), item=int(item), rule=IDS[rule], severity=RULES[IDS[rule]].severity)
            for record, item, rule in self._found[: self._noted]
        ]

    def _check(self, end: int) -> None:
        """Check the rows up to ``end``, and drop them."""
        if end == 0:
            return
        rows = np.zeros(end + _SLACK, np.uint8)
        rows[:end] = np.frombuffer(memoryview(self._rest)[:end], np.uint8)
        del self._rest[:end]
        if self._lost:  # the end of the row that was too long to be one
            self._lost = False
            self._note(kernel.R_FIELDS, int(self._totals[0]) + 1)
            self._totals[0] += 1
            rows = rows[int(np.argmax(rows == ord("\n"))) + 1 :]
        self._noted = kernel.check(
            rows.ctypes.data,
            rows.ctypes.data + len(rows) - _SLACK,
            int(self._totals[0]),
            self._items,
            self._code,
            self._years,
            self._dates,
            _pairs().ctypes.data,
            self._last_space,
            LISTED,
            self._totals,
            self._counts,
            self._found,
            self._noted,
        )

    def _note(self, rule: int, record: int) -> None:
        self._counts[rule] += 1
        if self._counts[rule] <= LISTED:
            self._found[self._noted] = record, 0, rule
            self._noted += 1


def new_check(code: str, tax_year: int | None = None) -> RowCheck:
    """Return the check of a file of that kind by one who knows no setting: an empty last item may be written in either form."""
    return RowCheck(code, tax_year=tax_year, last_item="space")


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckResult:
    """The outcome of :func:`check_bytes`. ``amounts``: yen by item number."""

    code: str
    totals: Totals
    amounts: dict[int, int]
    findings: list[Finding]


def check_bytes(
    code: str | None, chunks: Iterable[Data], tax_year: int | None = None, last_item: str = "empty"
) -> CheckResult:
    """Check one whole file.

    Args:
        code: the kind; None: it is read from the file's first item.
        chunks: the bytes of the file in order, cut anywhere.
        tax_year: see :class:`RowCheck`.
        last_item: see :class:`RowCheck`.

    Raises:
        InputRefused: the kind is not known (CHSN001E), or cannot be read from the file (CHSN022E).
    """
    pieces = iter(chunks)
    head = b""
    while code is None:
        piece = next(pieces, None)
        head += bytes(memoryview(piece).cast("B")) if piece is not None else b""
        if piece is None or len(head) >= len(_CODES[0]):
            code = sniff(head)
    check = RowCheck(code, tax_year=tax_year, last_item=last_item)
    check.feed(head)
    for piece in pieces:
        check.feed(piece)
    totals = check.finish()
    numbers = [item.number for item in layout.load(code).amounts]
    amounts = dict(zip(numbers, totals.amounts, strict=True))
    return CheckResult(code=code, totals=totals, amounts=amounts, findings=check.listed)


def sniff(head: bytes, source: str = "the file") -> str:
    """Return the kind that a file's first bytes name.

    Raises:
        InputRefused: they name no kind that chosho knows (CHSN022E).
    """
    for code in _CODES:
        if head.startswith(code.encode()):
            return code
    raise InputRefused("CHSN022E", file=source)


@functools.cache
def _items(code: str, tax_year: int | None) -> NDArray[np.int32]:
    statement = layout.load(code)
    rows = np.zeros((len(statement.items), kernel.COLUMNS), np.int32)
    for row, item in zip(rows, statement.items, strict=True):
        _fill(row, item, statement)
        row[kernel.T_KNOWN] = tax_year is None or item.known_in(tax_year)
    return rows


def _fill(row: NDArray[np.int32], item: Item, statement: StatementLayout) -> None:
    row[kernel.T_KIND] = _CONTENT[item.content]
    row[kernel.T_WIDE] = item.wide
    row[kernel.T_FIXED] = item.width is Width.HANKAKU_FIXED
    row[kernel.T_LENGTH] = item.length
    row[kernel.T_NEED] = _NEED.get(item.required, kernel.NEED_NONE)
    row[kernel.T_SLOT] = statement.amounts.index(item) if item in statement.amounts else 0
    row[kernel.T_SIGN] = _NET[statement.code].get(item.number, 0)
    row[kernel.T_TOGETHER] = bool(item.when) and item.content is not Content.AMOUNT
    row[kernel.T_PAYMENT] = item.field.startswith("PAYMENT-")
    row[kernel.T_ADDRESS] = item.english.endswith("_address")


def _years(tax_year: int | None) -> NDArray[np.uint8]:
    """Return the era years that the 年分 may be written as, as ASCII digits: 2019 is 31 or 01 (no text says which)."""
    if tax_year is None:
        return np.empty(0, np.uint8)
    digits = {era.two_digits(tax_year * 10_000 + 101), era.two_digits(tax_year * 10_000 + 1231)}
    return np.frombuffer("".join(sorted(digits)).encode(), np.uint8)


@functools.cache
def _dates(tax_year: int | None) -> NDArray[np.uint8]:
    """Return which (era year, month, day) is a day of 昭和, 平成 or 令和, up to the end of the year after the 年分."""
    year, month, day = np.meshgrid(np.arange(100), np.arange(13), np.arange(32), indexing="ij")
    last = 99991231 if tax_year is None else (tax_year + 1) * 10_000 + 1231
    known = np.zeros(year.shape, np.bool_)
    names = [one for one in era.ERAS if one.name in {"昭和", "平成", "令和"}]
    for one, following in zip(names, [*names[1:], None], strict=True):
        dates = (one.first_year + year - 1) * 10_000 + month * 100 + day
        end = last if following is None else min(last, following.first_day - 1)
        real = era.valid_dates(dates.reshape(-1)).reshape(year.shape)
        known |= (year > 0) & real & (one.first_day <= dates) & (dates <= end)
    return known.astype(np.uint8).reshape(-1)


@functools.cache
def _pairs() -> NDArray[np.uint8]:
    """Return the class of every two bytes, indexed as a little-endian number: strict Shift_JIS is JIS X 0208 and nothing more."""
    classes = np.full((256, 256), kernel.ONE_BYTE, np.uint8)
    leads = [*range(0x81, 0xA0), *range(0xE0, 0xFD)]
    for lead in leads:
        classes[:, lead] = kernel.NO_PAIR
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFD)):
            try:
                bytes([lead, trail]).decode("shift_jis")
            except UnicodeDecodeError:
                continue
            classes[trail, lead] = kernel.PAIR
    classes[0x40, 0x81] = kernel.PAIR_SPACE
    for characters, what in ((_STAND_INS, kernel.PAIR_LOST), (_POINTS, kernel.PAIR_POINT)):
        for lead, trail in (character.encode("cp932") for character in characters):
            classes[trail, lead] = what
    return classes.reshape(-1)
