"""The handling reports (取扱い記録の確認簿): which rows of the journal each day's report covers, and who signed it.

Every row is covered by one report: a report begins where the one before it ended. The same day's report made again, by a restart,
begins where the first one began and takes its place; a signature on that one does not count for more than was signed.
"""

import sqlite3
from dataclasses import dataclass
from datetime import date
from typing import Final

from chosho.control import rights
from chosho.control.database import Database
from chosho.control.journal import Field, Journal
from chosho.control.reason import optional
from chosho.errors import InputRefused, StopLine

USE: Final = "report.use"
"""The right to see the reports and, for them, the journal."""
SIGN: Final = "report.sign"
"""The right to sign a report."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HandlingReport:
    """A day's report. ``signed_by`` is None until another person than ``made_by`` has signed it."""

    business_date: date
    first_seq: int
    last_seq: int
    head: str
    """Head of the journal that the report was made from, as ``number:hash``."""
    run_id: str
    made_by: str
    signed_by: str | None = None
    signed_at: str | None = None
    note: str = ""


class HandlingReports:
    """The handling reports of one control store."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def first_seq(self, business_date: date) -> int:
        """Return the journal row with which a day's report begins."""
        made = self._find(business_date)
        return self.last_seq() + 1 if made is None else made.first_seq

    def last_seq(self) -> int:
        """Return the last journal row that a report covers; 0 when there is none."""
        row = self._database.row("SELECT coalesce(max(last_seq), 0) AS last FROM handling_reports")
        return int(row["last"]) if row else 0

    def add(
        self, business_date: date, *, first: int, last: int, head: str, run_id: str, at: str, who: str
    ) -> None:
        """Enter a report; part of its step's commit. One that was made again takes the place of the former one, unsigned.

        Raises:
            StopLine: it does not begin where it has to, or covers less than the former one (CHSP020S).
        """
        with self._database.transaction():
            former = self._find(business_date)
            expected = self.first_seq(business_date)
            if first != expected or last < (first - 1 if former is None else former.last_seq):
                raise StopLine("CHSP020S", date=business_date, first=first, last=last, expected=expected)
            self._database.change(
                "DELETE FROM handling_reports WHERE business_date = ?", business_date.isoformat()
            )
            row: dict[str, str | int | None] = {
                "business_date": business_date.isoformat(),
                "first_seq": first,
                "last_seq": last,
                "head": head,
                "run_id": run_id,
                "made_by": who,
            }
            self._database.insert("handling_reports", row)
            fields: dict[str, Field] = {"date": business_date.isoformat(), "first": first, "last": last}
            fields |= {"head": head, "run": run_id, "signed_before": former.signed_by if former else None}
            self._journal.append("report.made", who, fields, at=at)

    def all(self) -> tuple[HandlingReport, ...]:
        """Return every report, by business date."""
        rows = self._database.rows("SELECT * FROM handling_reports ORDER BY business_date")
        return tuple(_report(row) for row in rows)

    def get(self, business_date: date) -> HandlingReport:
        """Return the report of a day.

        Raises:
            InputRefused: there is none (CHSP010E).
        """
        found = self._find(business_date)
        if found is None:
            raise InputRefused("CHSP010E", date=business_date)
        return found

    def unsigned(self, before: date, *, who: str, at: str) -> tuple[HandlingReport, ...]:
        """Return the reports of the days before a date that nobody has signed, the oldest first, for a person who may see them.

        Raises:
            InputRefused: the right is missing (CHSJ040E).
        """
        rights.require(self._journal, who, USE, at=at)
        rows = self._database.rows(
            "SELECT * FROM handling_reports WHERE signed_by IS NULL AND business_date < ? ORDER BY business_date",
            before.isoformat(),
        )
        return tuple(_report(row) for row in rows)

    def sign(self, business_date: date, who: str, note: str = "", *, at: str) -> HandlingReport:
        """Sign a report (確認), with a journal row, and return it.

        Args:
            business_date: the report's day.
            who: who has looked through it; another person than the one who made it.
            note: what was found (所見); names no person.
            at: when, as ISO 8601 text.

        Raises:
            InputRefused: the right is missing (CHSJ040E), the note looks as if it held a number (CHSJ042E), there is no such report
                (CHSP010E), it is signed already (CHSP011E), or its maker would sign it (CHSP012E).
        """
        rights.require(self._journal, who, SIGN, at=at)
        said = optional(note)
        with self._database.transaction():
            made = self.get(business_date)
            if made.signed_by is not None:
                raise InputRefused("CHSP011E", date=business_date, person=made.signed_by, at=made.signed_at)
            if made.made_by == who:
                raise InputRefused("CHSP012E", date=business_date, person=who)
            self._database.change(
                "UPDATE handling_reports SET signed_by = ?, signed_at = ?, note = ? WHERE business_date = ?",
                who,
                at,
                said,
                business_date.isoformat(),
            )
            fields: dict[str, Field] = {"date": business_date.isoformat(), "note": said}
            fields |= {"first": made.first_seq, "last": made.last_seq, "head": made.head}
            self._journal.append("report.signed", who, fields, at=at)
            return self.get(business_date)

    def _find(self, business_date: date) -> HandlingReport | None:
        row = self._database.row(
            "SELECT * FROM handling_reports WHERE business_date = ?", business_date.isoformat()
        )
        return None if row is None else _report(row)


def _report(row: sqlite3.Row) -> HandlingReport:
    return HandlingReport(**{**dict(row), "business_date": date.fromisoformat(row["business_date"])})
