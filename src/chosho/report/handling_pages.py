"""The pages of the handling report (取扱い記録の様式): HTML that prints on A4, and CSV; both row by row.

The memory does not grow with the day: the lines come from an iterator, and what is written goes out in pieces. The summary stands
before the lines, so the page needs a tally that is whole; writing the CSV first makes one.

The same rows give the same bytes.
"""

import csv
import io
import itertools
from collections.abc import Iterable, Iterator

from chosho.cells import inert
from chosho.report.handling import Handling, JournalRow, Line, Tally, lines
from chosho.report.handling_table import Act, laws, order
from chosho.report.page import template, with_weekday

COLUMNS = (
    "業務日付",
    "記録番号",
    "日時",
    "区分",
    "内容",
    "特定個人情報ファイル",
    "データセット等",
    "利用者",
    "部署",
    "目的",
    "件数",
    "実行番号",
    "工程",
    "備考",
    "記録種別",
    "記録事項",
)
"""Columns of the CSV."""

_BLOCK = 500
"""Lines that go out at once."""
_MARK = "\ufeff"  # a spreadsheet takes UTF-8 without it for the local code page


def to_csv(facts: Handling, rows: Iterable[JournalRow], tally: Tally) -> Iterator[bytes]:
    """Yield the report as CSV (UTF-8 with a mark, CRLF), in pieces, and fill the tally."""
    yield _MARK.encode() + _csv([COLUMNS])
    day = facts.business_date.isoformat()
    cells = ([day, *_cells(line)] for line in lines(facts, rows, tally))
    while block := list(itertools.islice(cells, _BLOCK)):
        yield _csv([[inert(cell) if isinstance(cell, str) else cell for cell in row] for row in block])


def to_html(facts: Handling, rows: Iterable[JournalRow], tally: Tally) -> Iterator[bytes]:
    """Yield the report as an HTML page, in pieces.

    Args:
        facts: the day.
        rows: the rows once more.
        tally: what :func:`to_csv` counted.
    """
    stream = template("handling.html").stream(
        facts=facts,
        tally=tally,
        date=with_weekday(facts.business_date),
        gap=facts.last - facts.first + 1 - tally.rows,
        summary=[(act, tally.of(act), _details(act, tally), laws(act)) for act in Act],
        unsigned=[with_weekday(day) for day in facts.unsigned],
        lines=lines(facts, rows, Tally()),
    )
    stream.enable_buffering(_BLOCK)
    for piece in stream:
        yield piece.encode()


def _details(act: Act, tally: Tally) -> list[tuple[str, int, int]]:
    """Return what was done in an act, how often, and with how many records or keys."""
    return [
        (what, tally.lines[act, what], tally.numbers[act, what])
        for what in order(act)
        if tally.lines[act, what]
    ]


def _cells(line: Line) -> list[object]:
    return [
        line.seq,
        line.at,
        line.act,
        line.what,
        line.title,
        line.dsn,
        line.who,
        line.department,
        line.purpose,
        "" if line.number is None else line.number,
        line.run,
        line.step,
        line.note,
        line.kind,
        line.law,
    ]


def _csv(rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
