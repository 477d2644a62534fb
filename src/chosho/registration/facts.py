"""Facts of requests (単体検査の事実): what the decision table asks of a request itself, for a whole block."""

from collections.abc import Sequence

import numpy as np

from chosho import identifiers
from chosho.codec import batch as batches
from chosho.codec import rows
from chosho.codec.batch import Block
from chosho.codec.rows import Mask
from chosho.registration import moment
from chosho.registration.channels import ANNUITY_PAYEE, CONTRACTOR, Channel
from chosho.registration.decision import Facts, every
from chosho.registration.reference import References
from chosho.registration.request import FIELDS

REGISTER, CORRECT, DELETE, NOT_OBTAINED = b"1", b"2", b"3", b"4"
"""請求区分: 登録, 修正, 削除, 未取得."""
REASONS = (b"01", b"02", b"03", b"04", b"05")
"""個人番号等未取得理由コード."""
DOCUMENTS = (b"01", b"02", b"03", b"04", b"09")
"""本人確認書類."""
ROUTES = {b"1": ANNUITY_PAYEE, b"2": CONTRACTOR}
"""Online route → 受取人種別: a QR code is printed for payees of annuities, マイページ is the contractors'."""
NO_REASON = b"00"
"""The reason of a request that is not 未取得."""
VALID = b"00"
"""JPKI-RESULT of a valid certificate."""
POLICY_BYTES = rows.allowed(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
"""What a policy number is made of."""
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_WORD = rows.allowed(b"0123456789 " + _LETTERS)
_NO_LETTER = rows.allowed(b"0123456789 ")
_NOTHING = rows.allowed(b" 0")
_YES = ord("1")
_SPACE = ord(" ")


def facts(requests: Block, channel: Channel, references: References) -> Facts:
    """Return the facts of requests of one channel (REGTRAN records, or longer ones that begin with it)."""

    def item(name: str) -> Block:
        return batches.view(FIELDS, requests, name)

    recipient, kind, today = item("RECIPIENT-TYPE"), item("REQUEST-KIND"), references.today
    brings = one_of(kind, (REGISTER, CORRECT))
    individual, corporate = given(item("INDIVIDUAL-NO")), given(item("CORPORATE-NO"))
    reason, document, employee = item("REASON-CODE"), item("DOCUMENT-KIND"), item("EMPLOYEE-ID")
    at = references.terminals.table.find(item("TERMINAL-ID"))
    return Facts(
        policy=rows.all_in(item("POLICY-NO"), POLICY_BYTES),
        recipient=one_of(recipient, channel.recipients),
        payee=_payee_fits(recipient, item("PAYEE-NO")),
        route=_route_fits(item("ROUTE"), recipient) if channel.online else every(len(requests), value=True),
        kind=one_of(kind, (REGISTER, CORRECT, DELETE, NOT_OBTAINED)),
        brings=brings,
        deletes=one_of(kind, (DELETE,)),
        not_obtained=one_of(kind, (NOT_OBTAINED,)),
        individual=individual,
        corporate=corporate,
        digits=_of_digits(item("INDIVIDUAL-NO"), individual) & _of_digits(item("CORPORATE-NO"), corporate),
        check=(~individual | identifiers.individual_numbers_valid(item("INDIVIDUAL-NO")))
        & (~corporate | identifiers.corporate_numbers_valid(item("CORPORATE-NO"))),
        reason=~one_of(reason, (NO_REASON,)) & ~rows.all_in(reason, rows.SPACES),
        reason_known=one_of(reason, REASONS),
        terminal_channel=every(len(requests), value=not channel.online),
        document=one_of(document, DOCUMENTS),
        document_given=~rows.all_in(document, rows.SPACES),
        verified=item("VERIFIED")[:, 0] == _YES,
        terminal=_flags(references.terminals.allowed, at),
        revoked=_flags(references.terminals.revoked, at),
        terminal_type=_type_fits(item("TERMINAL-TYPE"), at, channel, references),
        employee=words(employee),
        approved=(references.approvers.find(item("APPROVER-ID")) >= 0)
        & ~rows.equal(item("APPROVER-ID"), employee),
        accepted_at=by_today(item("ACCEPTED-AT"), today),
        office=references.offices.find(item("OFFICE-NO")) >= 0,
        key=key_ids(item("PF-KEY-ID")),
        stored=by_today(item("PF-STORED-AT"), today),
        birth=item("BIRTH-MATCH")[:, 0] == _YES,
        sex=item("SEX-MATCH")[:, 0] == _YES,
        jpki=one_of(item("JPKI-RESULT"), (VALID,)),
    )


def one_of(field: Block, values: Sequence[bytes]) -> Mask:
    """Return which rows are one of some values, each as wide as the field."""
    found = every(len(field), value=False)
    for value in values:
        found |= rows.equal(field, np.broadcast_to(np.frombuffer(value, np.uint8), field.shape))
    return found


def given(number: Block) -> Mask:
    """Return which numbers are given: not only spaces and zeros (twelve zeros would have the right check digit)."""
    return ~rows.all_in(number, _NOTHING)


def words(field: Block) -> Mask:
    """Return which rows are a word of ASCII letters and digits, left justified, spaces behind it."""
    gap = ((field[:, :-1] == _SPACE) & (field[:, 1:] != _SPACE)).any(axis=1)
    word: Mask = rows.all_in(field, _WORD) & (field[:, 0] != _SPACE) & ~gap
    return word


def key_ids(field: Block) -> Mask:
    """Return which rows are a key id of the PF: a word with a letter in it, so that it can never be a number."""
    return words(field) & ~rows.all_in(field, _NO_LETTER)


def _payee_fits(recipient: Block, payee: Block) -> Mask:
    contractor, none = one_of(recipient, (CONTRACTOR,)), one_of(payee, (b"00",))
    return (contractor & none) | (~contractor & ~none & rows.all_in(payee, rows.DIGITS))


def _route_fits(route: Block, recipient: Block) -> Mask:
    fits = every(len(route), value=False)
    for way, who in ROUTES.items():
        fits |= one_of(route, (way,)) & one_of(recipient, (who,))
    return fits


def _of_digits(number: Block, is_given: Mask) -> Mask:
    return ~is_given | rows.all_in(number, rows.DIGITS)


def by_today(times: Block, today: int) -> Mask:
    """Return which rows are a time (yyyymmddhhmmss) not after a day (yyyymmdd)."""
    day = moment.days_of_times(times)
    good: Mask = (day != moment.NONE) & (day <= today)
    return good


def _flags(flags: Mask, at: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Mask:
    """Return a flag of the terminal of each request; False where the terminal is unknown."""
    return (at >= 0) & flags[at] if len(flags) else at >= 0


def _type_fits(
    types: Block,
    at: np.ndarray[tuple[int], np.dtype[np.int64]],
    channel: Channel,
    references: References,
) -> Mask:
    """Return whose terminal type is one of the channel's and that of the terminal."""
    own = references.terminals.types
    fits = one_of(types, channel.terminals)
    return fits & rows.equal(types, own[at]) if len(own) else fits
