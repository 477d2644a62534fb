"""Approvals (許可): one act on one exact thing, asked for by one person, allowed by another, done once by the one who is named.

A permission (複製許可) names the act, the SHA-256 of what it is done to, who may do it, why, and until when. It is spent by
its one use, before the act begins; whatever happens then, the next act needs a new one. Who approves is never who asked nor
who does it, and the witness (立会者) is neither who does it nor who approved it.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chosho.control.database import Database
from chosho.control.journal import Field, Journal
from chosho.errors import InputRefused


class ApprovalState(StrEnum):
    """Where a permission stands; one that has expired stays where it was."""

    REQUESTED = "requested"
    APPROVED = "approved"
    USED = "used"


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """A permission (許可). Times are ISO 8601 texts with their zone."""

    id: str
    act: str
    subject: str
    digest: str
    person: str
    """Who alone may do it."""
    reason: str
    requested_by: str
    requested_at: str
    expires_at: str
    state: ApprovalState
    approved_by: str | None
    approved_at: str | None
    approval_reason: str | None
    used_at: str | None
    witness: str | None


class Approvals:
    """The permissions of one control store."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def request(
        self,
        act: str,
        subject: str,
        digest: str,
        *,
        person: str,
        reason: str,
        expires_at: str,
        who: str,
        at: str,
    ) -> Approval:
        """Ask for a permission.

        Args:
            act: what is to be done (``disc.duplicate``).
            subject: what it is done to, an id.
            digest: SHA-256 (hex) of exactly that.
            person: who is to do it.
            reason: why; names no person of the statements.
            expires_at: until when; ISO 8601 with its zone.
            who: who asks.
            at: when.

        Raises:
            InputRefused: it would have expired already (CHSJ083E).
        """
        if _moment(expires_at) <= _moment(at):
            raise InputRefused("CHSJ083E", approval=subject, expires=expires_at)
        with self._database.transaction():
            row = self._database.row("SELECT count(*) AS number FROM approvals")
            number = int(row["number"]) + 1 if row else 1
            made = f"PERMIT.{at[:10].replace('-', '')}.{number:04d}"
            values: dict[str, str | int | float | bytes | None] = {
                "id": made,
                "act": act,
                "subject": subject,
                "digest": digest,
                "person": person,
                "reason": reason,
                "requested_by": who,
                "requested_at": at,
                "expires_at": expires_at,
                "state": ApprovalState.REQUESTED,
            }
            self._database.insert("approvals", values)
            fields: dict[str, Field] = {"approval": made, "act": act, "subject": subject, "digest": digest}
            fields |= {"person": person, "reason": reason, "expires": expires_at}
            self._journal.append("approval.requested", who, fields, at=at)
            return self.get(made)

    def approve(self, approval: str, digest: str, *, reason: str, who: str, at: str) -> Approval:
        """Allow what was asked for.

        Args:
            approval: its id.
            digest: SHA-256 (hex) of what the approver has looked at.
            reason: why it may be.
            who: who allows it.
            at: when.

        Raises:
            InputRefused: there is none (CHSJ080E), it was approved or used before (CHSJ081E), who asked or is to do it would
                allow it (CHSJ082E), it has expired (CHSJ083E), or it is about something else (CHSJ084E).
        """
        with self._database.transaction():
            found = self.get(approval)
            self._require(found, ApprovalState.REQUESTED, digest=digest, at=at)
            if who in {found.requested_by, found.person}:
                raise InputRefused("CHSJ082E", approval=approval, person=who)
            self._database.change(
                "UPDATE approvals SET state = 'approved', approved_by = ?, approved_at = ?, approval_reason = ? WHERE id = ?",
                who,
                at,
                reason,
                approval,
            )
            fields: dict[str, Field] = {"approval": approval, "subject": found.subject, "digest": digest}
            self._journal.append("approval.given", who, {**fields, "reason": reason}, at=at)
            return self.get(approval)

    def use(self, approval: str, act: str, digest: str, *, who: str, witness: str, at: str) -> Approval:
        """Spend a permission, before the act begins.

        Args:
            approval: its id.
            act: what is about to be done.
            digest: SHA-256 (hex) of what it is about to be done to.
            who: who does it.
            witness: who stands by.
            at: when.

        Raises:
            InputRefused: there is none for that act (CHSJ080E), it is not approved, or used before (CHSJ081E), it has expired
                (CHSJ083E), it is about something else (CHSJ084E), it names another person (CHSJ085E), or the witness is no
                third person (CHSJ086E).
        """
        with self._database.transaction():
            found = self.get(approval)
            if found.act != act:
                raise InputRefused("CHSJ080E", approval=approval)
            self._require(found, ApprovalState.APPROVED, digest=digest, at=at)
            if who != found.person:
                raise InputRefused("CHSJ085E", approval=approval, person=who)
            if not witness.strip() or witness in {who, found.approved_by}:
                raise InputRefused("CHSJ086E", approval=approval, person=witness)
            self._database.change(
                "UPDATE approvals SET state = 'used', used_at = ?, witness = ? WHERE id = ?",
                at,
                witness,
                approval,
            )
            fields: dict[str, Field] = {"approval": approval, "act": act, "subject": found.subject}
            fields |= {"digest": digest, "witness": witness, "approved_by": found.approved_by}
            self._journal.append("approval.used", who, fields, at=at)
            return self.get(approval)

    def all(self) -> tuple[Approval, ...]:
        """Return every permission, the oldest first."""
        return tuple(
            _approval(row) for row in self._database.rows("SELECT * FROM approvals ORDER BY requested_at, id")
        )

    def get(self, approval: str) -> Approval:
        """Return a permission.

        Raises:
            InputRefused: there is none (CHSJ080E).
        """
        row = self._database.row("SELECT * FROM approvals WHERE id = ?", approval)
        if row is None:
            raise InputRefused("CHSJ080E", approval=approval)
        return _approval(row)

    def _require(self, found: Approval, state: ApprovalState, *, digest: str, at: str) -> None:
        if found.state is not state:
            raise InputRefused("CHSJ081E", approval=found.id, state=found.state)
        if _moment(found.expires_at) <= _moment(at):
            raise InputRefused("CHSJ083E", approval=found.id, expires=found.expires_at)
        if found.digest != digest:
            raise InputRefused("CHSJ084E", approval=found.id)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _approval(row: sqlite3.Row) -> Approval:
    return Approval(**{**dict(row), "state": ApprovalState(row["state"])})
