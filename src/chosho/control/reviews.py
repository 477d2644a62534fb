"""Reviews (文字審査): what persons decided of the records of a review list, by number; the texts stay in the sealed list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chosho.control import rights
from chosho.control.database import Database
from chosho.control.journal import Field, Journal

LOOK: Final = "statement.use"
DECIDE: Final = "review.approve"


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """A decision. ``record`` is None when it is of every record of the rule."""

    record: int | None
    rule: str
    state: str
    """``approved`` or ``overridden``."""
    person: str


class Reviews:
    """The decisions of one control store. Every right is checked here."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def look(self, dsn: str, start: int, count: int, *, at: str, who: str) -> None:
        """Put a look at a list on record, durable when the call returns; only then may it be read.

        Raises:
            InputRefused: the right is missing (CHSJ040E).
        """
        rights.require(self._journal, who, LOOK, at=at)
        fields: dict[str, Field] = {"dsn": dsn, "right": LOOK, "start": start, "count": count}
        self._journal.append("review.look", who, fields, at=at)
        self._journal.write_head()

    def approve(self, generation: int, dsn: str, record: int | None, rule: str, *, at: str, who: str) -> None:
        """Approve a record, or every record of a rule, as it stands.

        Raises:
            InputRefused: the right is missing (CHSJ040E).
        """
        rights.require(self._journal, who, DECIDE, at=at)
        with self._database.transaction():
            fields: dict[str, Field] = {"dsn": dsn, "record": record, "rule": rule}
            seq = self._journal.append("review.approved", who, fields, at=at)
            self._enter(seq, generation, record, rule, "approved", who)
        self._journal.write_head()

    def override(
        self,
        generation: int,
        dsn: str,
        record: int,
        rule: str,
        *,
        private: Mapping[str, str],
        key: bytes,
        at: str,
        who: str,
    ) -> None:
        """Give a record another spelling; on record before it is handed on.

        Args:
            generation: id of the list's generation.
            dsn: its name.
            record: the record's number.
            rule: its rule.
            private: policy number and role, for the sealed column.
            key: key of that column.
            at: when.
            who: who.

        Raises:
            InputRefused: the right is missing (CHSJ040E).
        """
        rights.require(self._journal, who, DECIDE, at=at)
        with self._database.transaction():
            fields: dict[str, Field] = {"dsn": dsn, "record": record, "rule": rule}
            seq = self._journal.append("review.overridden", who, fields, at=at, private=private, key=key)
            self._enter(seq, generation, record, rule, "overridden", who)
        self._journal.write_head()

    def of(self, generation: int) -> tuple[Review, ...]:
        """Return the decisions on a list, the oldest first; of several on one record the last one counts."""
        rows = self._database.rows(
            "SELECT record, rule, state, person FROM reviews WHERE generation = ? ORDER BY seq", generation
        )
        return tuple(Review(**dict(row)) for row in rows)

    def _enter(self, seq: int, generation: int, record: int | None, rule: str, state: str, who: str) -> None:
        row: dict[str, str | int | None] = {
            "seq": seq,
            "generation": generation,
            "record": record,
            "rule": rule,
            "state": state,
            "person": who,
        }
        self._database.insert("reviews", row)
