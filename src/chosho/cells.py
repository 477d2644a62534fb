"""Cells (セル): texts that a spreadsheet opens from a CSV file and must not take for a formula.

>>> inert("=1+1")
"'=1+1"
>>> inert("2027-01-12")
'2027-01-12'
"""

from typing import Final

STARTS: Final = "-=+@－＝＋＠|%\t\r\n"
"""With what a cell begins that a spreadsheet could take for a formula; the hyphen first, where it means itself in a pattern."""
MARK: Final = "'"
"""What a cell gets before it, so that a spreadsheet takes it for a text."""
PATTERN: Final = rf"\A[{STARTS}]"
"""The same as a regular expression, for columns of cells."""


def inert(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"{MARK}{cell}" if cell.startswith(tuple(STARTS)) else cell
