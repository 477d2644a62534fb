"""Check statement files (支払調書の検査): bytes of an NTA file in, control totals and broken rules out.

The same validator serves step s240, the re-read disc and ``chosho check``. It shares nothing with the builder but the layout
data, reads the bytes as a stranger would, and holds about 1 MiB of them at a time. Every finding is counted, the first
:data:`LISTED` of each rule are listed. Rules about whole files and several of them: ``check_files.py``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from chosho.codec import check_codes as codes
from chosho.codec import check_kernel as kernel
from chosho.codec import mark_kernel
from chosho.errors import InputRefused
from chosho.statement import check_table, layout
from chosho.statement.check_across import across
from chosho.statement.check_rules import IDS, NUMBERS, RULES

Data: TypeAlias = bytes | bytearray | memoryview
"""Bytes of a file, in any shape that Python has for them."""

TakeMarks: TypeAlias = Callable[[int, NDArray[np.int64]], None]
"""Takes the marks of records (:data:`chosho.codec.mark_kernel.MARKS` columns): the number of the records before, the block."""

LISTED = 1000
"""Findings that are listed per rule; all are counted."""

_PIECE = 1 << 20
_SLACK = 8
_CODE_LENGTH = 3


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
        code: the kind: 310, 366, 323 or 386.
        tax_year: 西暦 of the 年分 that every row must have (in 323, where it is the event's: the latest that it can be);
            None: any, with the items of the newest layout.
        last_item: "space" when an empty last item may be written as one space (e-Tax), else "empty".
        marks: takes what rules over several records need; None: nothing is made for them.

    Raises:
        InputRefused: there is no layout of that kind (CHSN001E).
    """

    def __init__(
        self,
        code: str,
        *,
        tax_year: int | None = None,
        last_item: str = "empty",
        marks: TakeMarks | None = None,
    ) -> None:
        statement = layout.load(code)
        self._kind = code
        self._items = check_table.items(code)
        self._codes = check_table.kinds(code)
        self._known = check_table.known(code, tax_year)
        self._years = check_table.years(tax_year)
        self._dates = check_table.dates(tax_year)
        self._pairs = check_table.pairs()
        self._mark_use = check_table.mark_use(code)
        self._take_marks = marks
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
            self._note(codes.R_LASTROW, self._totals[:1] + 1, 0)
            self._rest += b"\r\n"
            self._check(len(self._rest))
        return self.totals

    @property
    def totals(self) -> Totals:
        """The totals so far; of the whole file after :meth:`finish`."""
        return Totals(
            records=int(self._totals[0]),
            amounts=tuple(map(int, self._totals[1:])),
            counts={rule: int(count) for rule, count in zip(IDS, self._counts, strict=True) if count},
        )

    @property
    def listed(self) -> list[Finding]:
        """The findings so far, at most :data:`LISTED` per rule, in the order of the records."""
        found = self._found[: self._noted]
        return [
            Finding(record=int(record), item=int(item), rule=IDS[rule], severity=RULES[IDS[rule]].severity)
            for record, item, rule in found[np.argsort(found[:, 0], kind="stable")]
        ]

    def note(self, rule: str, record: int = 0, item: int = 0) -> None:
        """Enter a finding that was made elsewhere: of the whole file, or of several records."""
        self._note(NUMBERS[rule], np.array([record]), item)

    def note_records(self, rule: str, records: NDArray[np.int64]) -> None:
        """Enter one finding for each of some records, numbered from 1."""
        self._note(NUMBERS[rule], records, 0)

    def _check(self, end: int) -> None:
        """Check the rows up to ``end``, and drop them."""
        if end == 0:
            return
        rows = np.zeros(end + _SLACK, np.uint8)
        rows[:end] = np.frombuffer(memoryview(self._rest)[:end], np.uint8)
        del self._rest[:end]
        if self._lost:  # the end of the row that was too long to be one
            self._lost = False
            self._note(codes.R_FIELDS, self._totals[:1] + 1, 0)
            self._totals[0] += 1
            rows = rows[int(np.argmax(rows == ord("\n"))) + 1 :]
        start, stop = rows.ctypes.data, rows.ctypes.data + len(rows) - _SLACK
        before = int(self._totals[0])
        records = int(np.count_nonzero(rows[: len(rows) - _SLACK] == ord("\n")))
        values = np.empty((records, codes.VALUES), np.int64)
        self._noted = kernel.check(
            start,
            stop,
            before,
            self._items,
            self._codes,
            self._known,
            self._years,
            self._dates,
            self._pairs.ctypes.data,
            self._last_space,
            LISTED,
            self._totals,
            self._counts,
            self._found,
            self._noted,
            values,
        )
        for rule, item, places in across(self._kind, values):
            self._note(rule, places + before + 1, item)
        if self._take_marks is not None:
            marks = np.empty((records, mark_kernel.MARKS), np.int64)
            mark_kernel.mark(start, stop, self._mark_use, marks)
            self._take_marks(before, marks)

    def _note(self, rule: int, records: NDArray[np.int64], item: int) -> None:
        listed = records[: max(0, LISTED - int(self._counts[rule]))]
        self._counts[rule] += len(records)
        rows = self._found[self._noted : self._noted + len(listed)]
        rows[:, 0], rows[:, 1], rows[:, 2] = listed, item, rule
        self._noted += len(listed)


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
        if piece is None or len(head) >= _CODE_LENGTH:
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
    for code in layout.kinds():
        if head.startswith(code.encode()):
            return code
    raise InputRefused("CHSN022E", file=source)
