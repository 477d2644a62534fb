"""Inquiries (照会): who may look at a statement and how often, decided and put on record before anything is read.

:data:`RIGHT` is needed for every inquiry, :data:`REVEAL` also for one that shows a number. Within the hour before it a person must
have made fewer inquiries than the limits say, counted by the times of the journal rows; a row with a later time counts too, so that
a clock that was set back gives nobody more. Whatever is refused here is a row of the journal as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final

from chosho.control import rights
from chosho.control.database import Database
from chosho.control.journal import Field, Journal
from chosho.errors import InputRefused

RIGHT: Final = "inquiry.use"
REVEAL: Final = "inquiry.reveal"
WINDOW: Final = 3600
"""Seconds for which an inquiry counts."""
_JAPAN: Final = timezone(timedelta(hours=9))


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How many inquiries a person may make within an hour, and how many of them may reveal a number."""

    per_hour: int
    reveals_per_hour: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What somebody asks for. Whether its texts may stand in the journal has been looked at before."""

    person: str
    private: Mapping[str, str]
    """Policy number and, when they were given, payee and payment; for the sealed column."""
    reveal: bool = False
    """Show individual numbers as they are."""
    terminal: bool = False
    """The answer goes to a terminal and nowhere else."""
    case: str = ""
    """The case (案件番号) for which a number is revealed."""
    reason: str = ""


class Inquiries:
    """The inquiries of one control store."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def admit(self, request: Request, limits: Limits, *, at: str, key: bytes) -> int:
        """Put an inquiry on record, durable when the call returns; then, and only then, its statement may be read.

        Args:
            request: what is asked for.
            limits: the limits of the hour.
            at: when, as ISO 8601 text; Japan's time when it names no zone.
            key: key of the journal's sealed column.

        Returns:
            the number of its journal row.

        Raises:
            InputRefused: a right is missing (CHSJ040E), a number is to be revealed without case and reason (CHSQ003E) or elsewhere
                than on a terminal (CHSQ004E), or the hour's limit is reached (CHSQ001E, CHSQ002E). The refusal is on record.
        """
        right = REVEAL if request.reveal else RIGHT
        with self._database.transaction():
            refusal = self._refusal(request, limits, moment=_moment(at))
            if refusal is None:
                fields: dict[str, Field] = {"right": right, "reveal": request.reveal}
                if request.case:
                    fields["case"] = request.case
                if request.reason:
                    fields["reason"] = request.reason
                seq = self._journal.append(
                    "inquiry", request.person, fields, at=at, private=request.private, key=key
                )
                row: dict[str, str | int | None] = {
                    "seq": seq,
                    "person": request.person,
                    "moment": _moment(at),
                    "reveals": int(request.reveal),
                }
                self._database.insert("inquiries", row)
            else:
                fields = {"right": str(refusal.fields.get("right", right)), "message": refusal.message_id}
                self._journal.append(
                    "access.refused", request.person, fields, at=at, private=request.private, key=key
                )
        self._journal.write_head()
        if refusal is not None:
            raise refusal
        return seq

    def shown(self, request: Request, dsn: str, private: Mapping[str, str], *, at: str, key: bytes) -> None:
        """Put on record which statement is about to be shown; before its part is opened.

        Args:
            request: the inquiry that was admitted.
            dsn: the generation that holds the statement.
            private: the statement's key, for the sealed column.
            at: as for :meth:`admit`.
            key: as for :meth:`admit`.
        """
        fields: dict[str, Field] = {
            "dsn": dsn,
            "right": REVEAL if request.reveal else RIGHT,
            "reveal": request.reveal,
        }
        if request.case:
            fields["case"] = request.case
        self._journal.append("inquiry.shown", request.person, fields, at=at, private=private, key=key)
        self._journal.write_head()

    def _refusal(self, request: Request, limits: Limits, *, moment: int) -> InputRefused | None:
        """Return why the inquiry is refused, or None."""
        try:
            rights.check(request.person, RIGHT)
            if request.reveal:
                rights.check(request.person, REVEAL)
        except InputRefused as refused:
            return refused
        if request.reveal and not (request.case and request.reason):
            return InputRefused("CHSQ003E")
        if request.reveal and not request.terminal:
            return InputRefused("CHSQ004E")
        row = self._database.row(
            "SELECT count(*) AS asked, coalesce(sum(reveals), 0) AS revealed FROM inquiries "
            "WHERE person = ? AND moment > ?",
            request.person,
            moment - WINDOW,
        )
        asked, revealed = (row["asked"], row["revealed"]) if row else (0, 0)
        if asked >= limits.per_hour:
            return InputRefused("CHSQ001E", person=request.person, limit=limits.per_hour)
        if request.reveal and revealed >= limits.reveals_per_hour:
            return InputRefused("CHSQ002E", person=request.person, limit=limits.reveals_per_hour)
        return None


def _moment(at: str) -> int:
    """Return a time as seconds of UTC."""
    when = datetime.fromisoformat(at)
    return int((when if when.tzinfo else when.replace(tzinfo=_JAPAN)).timestamp())
