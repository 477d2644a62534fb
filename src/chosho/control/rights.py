"""Rights (権限): who may open which dataset, asked where a DD is opened, below the command line.

The table allows everything until rights are managed; the question is asked all the same, so that a narrower table changes
nothing else.
"""

from collections.abc import Mapping

from chosho.errors import InputRefused

EVERYBODY = "*"
"""Stands for every person, or for every right."""

TABLE: Mapping[str, frozenset[str]] = {EVERYBODY: frozenset({EVERYBODY})}
"""Person → rights."""


def check(person: str, right: str, table: Mapping[str, frozenset[str]] = TABLE) -> None:
    """Refuse a person who does not have a right.

    Args:
        person: the user's name.
        right: the right that the catalogue names for the dataset, such as ``master.use``.
        table: the table of rights.

    Raises:
        InputRefused: CHSJ040E.
    """
    granted = table.get(person, frozenset()) | table.get(EVERYBODY, frozenset())
    if not granted & {right, EVERYBODY}:
        raise InputRefused("CHSJ040E", person=person, right=right)
