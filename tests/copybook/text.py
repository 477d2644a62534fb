"""Copybook text for tests: short lines put into the columns of fixed format."""

import pytest

from chosho.copybook import Layout, parse
from chosho.errors import InputRefused


def fixed(*lines: str) -> str:
    """Return the lines in columns 8 and up; a line that does not fit is a mistake of the test."""
    assert all(len(line) <= 65 for line in lines)
    return "".join(f"{'':7}{line}\n" for line in lines)


def layout(*lines: str, dialect: str = "ibm", record: str | None = None) -> Layout:
    """Return the layout of lines that are put into columns 8 and up."""
    return parse(fixed(*lines), source="T.cpy", dialect=dialect, record=record)


def refusal(*lines: str, dialect: str = "ibm", record: str | None = None) -> str:
    """Return the message that such lines are refused with."""
    with pytest.raises(InputRefused) as caught:
        layout(*lines, dialect=dialect, record=record)
    return str(caught.value)
