"""Rights (権限): who may open which dataset, asked where a DD is opened, below the command line.

The table allows everything until rights are managed; the question is asked all the same, so that a narrower table changes
nothing else. Who is refused is on record: :func:`require` journals it, also where the act's own transaction is undone by it.
"""

from collections.abc import Mapping

from chosho.control.journal import Journal
from chosho.errors import InputRefused

EVERYBODY = "*"
"""Stands for every person, or for every right."""

REFUSED = "access.refused"
"""Kind of the journal row of a refusal."""

TABLE: Mapping[str, frozenset[str]] = {EVERYBODY: frozenset({EVERYBODY})}
"""Person → rights."""


def require(journal: Journal, person: str, right: str, *, at: str) -> None:
    """Refuse a person who does not have a right, on record.

    Args:
        journal: the journal of the control store that the act is about.
        person: the user's name.
        right: the right.
        at: when, as ISO 8601 text.

    Raises:
        InputRefused: CHSJ040E.
    """
    try:
        check(person, right)
    except InputRefused:
        journal.append_apart(REFUSED, person, {"right": right}, at=at)
        raise


def check(person: str, right: str, table: Mapping[str, frozenset[str]] = TABLE) -> None:
    """Refuse a person who does not have a right; for :func:`require`, and where there is no journal yet.

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
