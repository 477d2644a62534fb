"""Text tables (表): columns that stay straight when full-width characters stand in them.

A full-width character takes two columns of a terminal (Unicode East Asian Width W and F).

>>> print(text_table(["名称", "件数"], [["一時金", 12], ["年金", 3400]], right={1}))
名称     件数
------  -----
一時金     12
年金    3,400
"""

import unicodedata
from collections.abc import Collection, Iterable, Sequence

_GAP = "  "


def width(text: str) -> int:
    """Return how many columns a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def text_table(
    headers: Sequence[str], rows: Iterable[Sequence[object]], *, right: Collection[int] = ()
) -> str:
    """Return a table with a line under its headers; numbers have thousands separators.

    Args:
        headers: one per column.
        rows: one value per column each; None stands empty.
        right: numbers (from 0) of the columns that are aligned to the right.
    """
    cells = [list(headers), *([_cell(value) for value in row] for row in rows)]
    widths = [max(width(row[column]) for row in cells) for column in range(len(headers))]
    cells.insert(1, ["-" * columns for columns in widths])
    lines = (
        _GAP.join(_pad(cell, widths[column], right=column in right) for column, cell in enumerate(row))
        for row in cells
    )
    return "\n".join(line.rstrip() for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else str(value)


def _pad(text: str, columns: int, *, right: bool) -> str:
    blanks = " " * (columns - width(text))
    return blanks + text if right else text + blanks
