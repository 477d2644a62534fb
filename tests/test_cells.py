"""Cells: one guard against formulas, the same for a cell and for a column of cells."""

import doctest

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from chosho import cells


def test_the_examples_hold() -> None:
    assert doctest.testmod(cells).failed == 0


@pytest.mark.parametrize("begin", cells.STARTS)
def test_a_cell_and_a_column_agree_on_what_is_a_formula(begin: str) -> None:
    assert cells.inert(f"{begin}1") == f"'{begin}1"
    assert pc.match_substring_regex(pa.array([f"{begin}1"]), cells.PATTERN).to_pylist() == [True]


@pytest.mark.parametrize("cell", ["", "1+1", "A-1", "12%", "契約", "'=1", " ", "\\", "^", "]"])
def test_any_other_cell_stays_as_it_is(cell: str) -> None:
    assert cells.inert(cell) == cell
    assert pc.match_substring_regex(pa.array([cell]), cells.PATTERN).to_pylist() == [False]
