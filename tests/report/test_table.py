"""Text tables."""

import doctest

from chosho.report import table
from chosho.report.table import text_table, width


def test_a_full_width_character_takes_two_columns() -> None:
    assert width("調書310") == 7
    assert width("ｶﾅ") == 2


def test_columns_stay_straight_when_full_width_characters_stand_in_them() -> None:
    lines = text_table(["a", "件数"], [["調書", 1], ["x", 12345]], right={1}).splitlines()
    assert lines == ["a       件数", "----  ------", "調書       1", "x     12,345"]


def test_an_absent_value_stands_empty() -> None:
    assert text_table(["a", "b"], [[None, "x"]]).splitlines()[2] == "   x"


def test_a_table_without_rows_has_its_headers() -> None:
    assert text_table(["a"], []) == "a\n-"


def test_the_example_holds() -> None:
    assert doctest.testmod(table).failed == 0
