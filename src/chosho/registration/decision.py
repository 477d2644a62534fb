"""Why a request is rejected (登録不良理由): the decision tables of the intake.

One row is one reason, the first row that applies decides; a request to which none applies is accepted. :data:`RECORD` asks what the
request itself and the reference tables show, :data:`PERSON` what contract master and payee register show, :data:`REPEATED` whether
the request came before. Before all of them a field that the codec cannot read rejects (``chosho/codec/fault.py``).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, TypeVar

import numpy as np

from chosho.codec.rows import Mask
from chosho.registration.finding import NUMBER_GIVEN, Findings

F = TypeVar("F")
WHOLE = ""
"""The field of a reason that is against the whole record."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What n requests of one channel show by themselves; bool[n] each.

    Attributes:
        policy: the policy number is of 11 ASCII digits and capitals.
        recipient: the kind of recipient is known, and one of the channel's.
        payee: the payee's number fits it: 00 for the contractor, 01-99 for a payee.
        route: the online route fits it (QR code: annuity; マイページ: contractor), or the channel has no routes.
        kind: the kind of request is known.
        brings: 登録 or 修正, which bring a number.
        deletes: 削除.
        not_obtained: 未取得.
        individual: an individual number is given.
        corporate: a corporate number is given.
        digits: what is given is made of ASCII digits.
        check: its check digit is right.
        reason: a reason (個人番号等未取得理由コード) is given.
        reason_known: it is 01-05.
        terminal_channel: the channel has offices, terminals and employees.
        document: the kind of document is known.
        document_given: there is one.
        verified: 本人確認 was done.
        terminal: the terminal is known and allowed by now.
        revoked: it is revoked.
        terminal_type: the type is one of the channel's, and the terminal's own.
        employee: the employee id is of letters and digits.
        approved: the second person is an approver of the settings and not the employee.
        accepted_at: the time of acceptance is a time, not after the business date.
        office: the office is known.
        key: the PF's key id is of letters and digits, with a letter in it.
        stored: the PF's storage time is a time, not after the business date.
        birth, sex: card and contract agree.
        jpki: the certificate is valid.
    """

    policy: Mask
    recipient: Mask
    payee: Mask
    route: Mask
    kind: Mask
    brings: Mask
    deletes: Mask
    not_obtained: Mask
    individual: Mask
    corporate: Mask
    digits: Mask
    check: Mask
    reason: Mask
    reason_known: Mask
    terminal_channel: Mask
    document: Mask
    document_given: Mask
    verified: Mask
    terminal: Mask
    revoked: Mask
    terminal_type: Mask
    employee: Mask
    approved: Mask
    accepted_at: Mask
    office: Mask
    key: Mask
    stored: Mask
    birth: Mask
    sex: Mask
    jpki: Mask


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonFacts:
    """What the contract system knows of the person of each of n requests; bool[n] each, where there is no row without meaning.

    Attributes:
        contract: the policy stands in the contract master, once.
        payee: the request is a payee's.
        registered: the payee stands in the payee register, once.
        same_recipient: the kind of recipient is that of the register.
        annuity: the request is of a payee of an annuity.
        paying: the contract pays an annuity.
        individual: an individual number is given.
        corporate: a corporate number is given.
        person: the person is an individual.
        company: the person is a company.
        name: the kana name agrees.
    """

    contract: Mask
    payee: Mask
    registered: Mask
    same_recipient: Mask
    annuity: Mask
    paying: Mask
    individual: Mask
    corporate: Mask
    person: Mask
    company: Mask
    name: Mask


@dataclass(frozen=True, kw_only=True, slots=True)
class RepeatFacts:
    """How n requests repeat others; bool[n] each.

    Attributes:
        again: the last request of the same person before it that stays says the same (:mod:`chosho.registration.duplicates`).
        same_file: that one came in the same file.
    """

    again: Mask
    same_file: Mask


@dataclass(frozen=True, kw_only=True, slots=True)
class Row(Generic[F]):
    """A row of a decision table: the reason, the field at fault, when it applies, what it means."""

    reason: str
    field: str
    applies: Callable[[F], Mask]
    meaning: str


RECORD: Sequence[Row[Facts]] = (
    Row(
        reason="POLF",
        field="POLICY-NO",
        applies=lambda f: ~f.policy,
        meaning="policy number is not of 11 ASCII digits and capitals",
    ),
    Row(
        reason="RCPT",
        field="RECIPIENT-TYPE",
        applies=lambda f: ~f.recipient,
        meaning="recipient type unknown, or not one that the channel takes",
    ),
    Row(
        reason="PAYN",
        field="PAYEE-NO",
        applies=lambda f: ~f.payee,
        meaning="payee number does not fit the recipient type (contractor 00, payees 01-99)",
    ),
    Row(
        reason="ROUT",
        field="ROUTE",
        applies=lambda f: ~f.route,
        meaning="online route does not fit the recipient type (1 payees of annuities, 2 contractors)",
    ),
    Row(
        reason="KIND",
        field="REQUEST-KIND",
        applies=lambda f: ~f.kind,
        meaning="request kind unknown",
    ),
    Row(
        reason="NONE",
        field="INDIVIDUAL-NO",
        applies=lambda f: f.brings & ~f.individual & ~f.corporate,
        meaning="no number given with 登録 or 修正",
    ),
    Row(
        reason="BOTH",
        field="CORPORATE-NO",
        applies=lambda f: f.individual & f.corporate,
        meaning="individual and corporate number given",
    ),
    Row(
        reason="NDIG",
        field=NUMBER_GIVEN,
        applies=lambda f: ~f.digits,
        meaning="number is not of ASCII digits",
    ),
    Row(
        reason="CHKD",
        field=NUMBER_GIVEN,
        applies=lambda f: ~f.check,
        meaning="wrong check digit",
    ),
    Row(
        reason="NGVN",
        field=NUMBER_GIVEN,
        applies=lambda f: (f.deletes | f.not_obtained) & (f.individual | f.corporate),
        meaning="number given with 削除 or 未取得",
    ),
    Row(
        reason="REAS",
        field="REASON-CODE",
        applies=lambda f: (f.not_obtained & ~f.reason_known) | (~f.not_obtained & f.reason),
        meaning="reason of 未取得 is not 01-05, or given with another kind of request",
    ),
    Row(
        reason="DOCK",
        field="DOCUMENT-KIND",
        applies=lambda f: f.terminal_channel & ~f.document & (f.brings | f.document_given),
        meaning="kind of identity document unknown, or none with 登録 or 修正",
    ),
    Row(
        reason="IDNV",
        field="VERIFIED",
        applies=lambda f: f.terminal_channel & f.brings & ~f.verified,
        meaning="本人確認 not done",
    ),
    Row(
        reason="TRML",
        field="TERMINAL-ID",
        applies=lambda f: f.terminal_channel & ~f.terminal,
        meaning="terminal unknown, or not yet allowed",
    ),
    Row(
        reason="TRVK",
        field="TERMINAL-ID",
        applies=lambda f: f.terminal_channel & f.revoked,
        meaning="terminal revoked",
    ),
    Row(
        reason="TTYP",
        field="TERMINAL-TYPE",
        applies=lambda f: f.terminal_channel & ~f.terminal_type,
        meaning="terminal type not one of the channel's, or not the terminal's own",
    ),
    Row(
        reason="EMPL",
        field="EMPLOYEE-ID",
        applies=lambda f: f.terminal_channel & ~f.employee,
        meaning="employee id missing, or not of letters and digits",
    ),
    Row(
        reason="APRV",
        field="APPROVER-ID",
        applies=lambda f: f.deletes & ~f.approved,
        meaning="削除 without a second person who may approve it",
    ),
    Row(
        reason="ACPT",
        field="ACCEPTED-AT",
        applies=lambda f: ~f.accepted_at,
        meaning="acceptance time is no time, or after the business date",
    ),
    Row(
        reason="OFFC",
        field="OFFICE-NO",
        applies=lambda f: f.terminal_channel & ~f.office,
        meaning="office unknown",
    ),
    Row(
        reason="KEYI",
        field="PF-KEY-ID",
        applies=lambda f: ~f.terminal_channel & ~f.key,
        meaning="the PF's key id is not of letters and digits with a letter in it",
    ),
    Row(
        reason="STOR",
        field="PF-STORED-AT",
        applies=lambda f: ~f.terminal_channel & ~f.stored,
        meaning="the PF's storage time is no time, or after the business date",
    ),
    Row(
        reason="BRTH",
        field="BIRTH-MATCH",
        applies=lambda f: ~f.terminal_channel & ~f.birth,
        meaning="birth date of the card is not that of the contract",
    ),
    Row(
        reason="SEXM",
        field="SEX-MATCH",
        applies=lambda f: ~f.terminal_channel & ~f.sex,
        meaning="sex of the card is not that of the contract",
    ),
    Row(
        reason="JPKI",
        field="JPKI-RESULT",
        applies=lambda f: ~f.terminal_channel & ~f.jpki,
        meaning="certificate revoked, expired or not verified",
    ),
)
"""What the request itself shows (単体検査)."""

PERSON: Sequence[Row[PersonFacts]] = (
    Row(
        reason="NPOL",
        field="POLICY-NO",
        applies=lambda f: ~f.contract,
        meaning="policy is not in the contract master, or stands there twice",
    ),
    Row(
        reason="NPAY",
        field="PAYEE-NO",
        applies=lambda f: f.payee & ~f.registered,
        meaning="payee is not registered with the contract, or stands there twice",
    ),
    Row(
        reason="ROLE",
        field="RECIPIENT-TYPE",
        applies=lambda f: f.payee & (~f.same_recipient | (f.annuity & ~f.paying)),
        meaning="recipient type is not that of the registered payee, or the contract pays no annuity",
    ),
    Row(
        reason="PRTY",
        field=NUMBER_GIVEN,
        applies=lambda f: (f.individual & ~f.person) | (f.corporate & ~f.company),
        meaning="individual number of a company, or corporate number of a person",
    ),
    Row(
        reason="KANA",
        field="REGISTRANT-KANA",
        applies=lambda f: ~f.name,
        meaning="kana name disagrees",
    ),
)
"""What the contract system shows (契約照合)."""

REPEATED: Sequence[Row[RepeatFacts]] = (
    Row(
        reason="DUPI",
        field=WHOLE,
        applies=lambda f: f.again & f.same_file,
        meaning="the same request came before in the same file",
    ),
    Row(
        reason="DUPX",
        field=WHOLE,
        applies=lambda f: f.again,
        meaning="the same request came before in another file",
    ),
)
"""What the requests before it show (重複)."""

MEANINGS: Mapping[str, str] = MappingProxyType(
    {row.reason: row.meaning for table in (RECORD, PERSON, REPEATED) for row in table}
)
"""Every reason of the tables with its meaning."""


def decide(table: Sequence[Row[F]], facts: F, findings: Findings) -> None:
    """Note the reason of each request that has none yet; the first row that applies decides.

    Args:
        table: one of the tables above.
        facts: of n requests.
        findings: of the same requests; filled in.
    """
    for row in table:
        findings.add(row.applies(facts), row.reason, row.field)


def every(count: int, *, value: bool) -> Mask:
    """Return one truth for all of ``count`` requests."""
    return np.full(count, value, np.bool_)
