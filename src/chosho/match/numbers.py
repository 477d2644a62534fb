"""Numbers for payments (個人番号等の付定): the rule of the match.

Payments meet the number master on 保険証書記号番号, 個人番号等対象者コード and 受取人登録通番: the payee under role 02
and the payee's number, the contractor under role 01 and number 00. Of several registrations the one with the highest
個人番号等登録通番 counts. A number is written as on the statement: ``0`` and the 12 digits of an individual number, or the 13
digits of a corporate number (法令解釈通達 課総3-4 別紙, 310 items 39-40, 366 items 37-38, 323 items 46-47). Which kind of statement
carries whose number, and from when, stands in :mod:`kinds`.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from chosho import identifiers
from chosho.codec import batch as batches
from chosho.codec import kana, rows
from chosho.codec.assembly import last_partner
from chosho.codec.batch import Block
from chosho.copybook import load
from chosho.match import decision, kinds
from chosho.match.decision import Facts, Mask

GROUP_KEY = 11
"""Bytes that make a whole group on both sides: the policy number."""
PERSON_KEY = 15
"""Bytes that name a person: policy, role, payee number."""
MASTER_KEY = 18
"""Bytes that order the number master: the person and the registration number."""
CONTRACTOR, PAYEE = b"01", b"02"
"""個人番号等対象者コード."""
_PAYMENT_KEY = 19
_PAYMENTS = load("PAYPAIR").named()
_MASTER = load("NUMMAST").named()
_FILLED = int.from_bytes(decision.FILLED.encode(), "little")
_MATCH, _UNMATCH = load("MATCH").named(), load("UNMATCH").named()
_MASTER_LRECL, _MATCH_LRECL, _UNMATCH_LRECL = (load(name).length for name in ("NUMMAST", "MATCH", "UNMATCH"))
_SPACE, _ZERO = ord(" "), ord("0")
_ZEROS, _NOTHING = rows.allowed(b"0"), rows.allowed(b" 0\0")


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameters:
    """What the match depends on beside the records.

    Attributes:
        tax_year: the year of the deck.
        overrides: the persons (policy, role, payee number; 15 bytes) whose number is written although the kana name disagrees,
            each approved by a second person.
    """

    tax_year: int
    overrides: frozenset[bytes] = frozenset()


def numbers(left: pa.RecordBatch, right: pa.RecordBatch, parameters: Parameters) -> dict[str, pa.RecordBatch]:
    """Match numbers to payments (番号の付定).

    Args:
        left: PAYPAIR records (see :mod:`pair`) in ascending order of their key, whole groups of the policy number.
        right: NUMMAST records of these policies and any others, in ascending order, whole groups of the policy number.
        parameters: approved overrides.

    Returns:
        ``match``: one MATCH record per payment, in the order of ``left``; ``unmatch``: UNMATCH records of the items that stay
        empty, in that order, the contractor's before the payee's.
    """
    payments, master = batches.block(left), batches.block(right)
    again = rows.repeats(master, MASTER_KEY)
    payee = _item(payments, master, again, PAYEE, parameters)
    contractor = _item(payments, master, again, CONTRACTOR, parameters)
    out = np.full((len(payments), _MATCH_LRECL), _SPACE, np.uint8)
    out[:, :_PAYMENT_KEY] = payments[:, :_PAYMENT_KEY]
    batches.view(_MATCH, out, "PLACE")[:] = batches.view(_PAYMENTS, payments, "PLACE")
    for name, (reasons, written) in (("PAYEE", payee), ("CONTRACTOR", contractor)):
        batches.view(_MATCH, out, f"{name}-REASON")[:] = reasons
        batches.view(_MATCH, out, f"{name}-NUMBER")[:] = written
    empty = _empty(payments, contractor[0], payee[0])
    return {"match": batches.to_batch(out), "unmatch": batches.to_batch(empty)}


def double_keys(master: Block) -> int:
    """Return how many NUMMAST records, in ascending order, have the key of the one before; groups must be whole."""
    return int(rows.repeats(master, MASTER_KEY).sum())


def _item(
    payments: Block, master: Block, again: Mask, role: bytes, parameters: Parameters
) -> tuple[Block, Block]:
    """Return the reasons (uint8[n, 2]) and the written numbers (uint8[n, 13]) of one item of each payment.

    ``again`` marks the rows of the master that have the key of the row before.
    """
    who = "PAYEE" if role == PAYEE else "CONTRACTOR"
    person = _person_keys(payments, role)
    row = last_partner(person, master[:, :PERSON_KEY])
    found = row >= 0
    # Where there is no row any will do: the table looks at nothing else then.
    newest = master[np.where(found, row, 0)] if len(master) else _blank_master(len(row))
    individual = batches.view(_MASTER, newest, "INDIVIDUAL-NO")
    corporate = batches.view(_MASTER, newest, "CORPORATE-NO")
    company = batches.view(_PAYMENTS, payments, f"{who}-PARTY")[:, 0] == ord("2")
    written = _written(individual, corporate, company)
    own_reason = batches.view(_MASTER, newest, "REASON-CODE")
    facts = Facts(
        early=_early(payments, parameters),
        found=found,
        double=found & (again[row] if len(master) else found),
        state=batches.view(_MASTER, newest, "STATE-CODE")[:, 0],
        own_reason=rows.all_in(own_reason, rows.DIGITS) & ~rows.all_in(own_reason, _ZEROS),
        individual=_given(individual),
        corporate=_given(corporate),
        company=company,
        person=batches.view(_PAYMENTS, payments, f"{who}-PARTY")[:, 0] == ord("1"),
        persons_only=_persons_only(payments, role),
        digits=rows.all_in(written, rows.DIGITS),
        check=_check(written, company),
        name=_agrees(payments, newest, who, person, parameters),
    )
    reasons = decision.decide(facts, own_reason)
    written[_is_empty(reasons)] = _SPACE
    return reasons, written


def _person_keys(payments: Block, role: bytes) -> Block:
    """Return the keys of the persons to look for (uint8[n, 15])."""
    if role == PAYEE:
        # The payment's own key begins with it.
        return payments[:, :PERSON_KEY]
    keys = np.empty((len(payments), PERSON_KEY), np.uint8)
    keys[:, :GROUP_KEY] = payments[:, :GROUP_KEY]
    keys[:, GROUP_KEY:] = np.frombuffer(role + b"00", np.uint8)
    return keys


def _blank_master(count: int) -> Block:
    """Return blank NUMMAST records."""
    return np.full((count, _MASTER_LRECL), _SPACE, np.uint8)


def _written(individual: Block, corporate: Block, company: Mask) -> Block:
    """Return the number that the item would show (uint8[n, 13])."""
    written = np.empty((len(individual), identifiers.CORPORATE_DIGITS), np.uint8)
    written[:, 0], written[:, 1:] = _ZERO, individual
    written[company] = corporate[company]
    return written


def _check(written: Block, company: Mask) -> Mask:
    """Return which written numbers have the right check digit."""
    right = identifiers.individual_numbers_valid(written[:, 1:])
    right[company] = identifiers.corporate_numbers_valid(written[company])
    return right


def _persons_only(payments: Block, role: bytes) -> Mask:
    """Return which items take individual numbers only: the payee's of statement 366."""
    found = np.zeros(len(payments), np.bool_)
    for row in kinds.TABLE:
        if role == PAYEE and row.payee_persons_only:
            found |= _of_kind(payments, row.kind)
    return found


def _early(payments: Block, parameters: Parameters) -> Mask:
    """Return which payments are too early for any number."""
    causes = batches.view(_PAYMENTS, payments, "CAUSE-DATE").astype(np.int64)
    early = np.zeros(len(payments), np.bool_)
    for row in kinds.TABLE:
        early |= _of_kind(payments, row.kind) & kinds.too_early(row.kind, causes, parameters.tax_year)
    return early


def _of_kind(payments: Block, kind: str) -> Mask:
    code = batches.view(_PAYMENTS, payments, "STATEMENT-CODE")
    mine: Mask = (code[:, 1] == ord(kind[1])) & (code[:, 2] == ord(kind[2]))
    return mine


def _agrees(payments: Block, newest: Block, who: str, person: Block, parameters: Parameters) -> Mask:
    """Return whose kana name agrees, or is overridden."""
    same = kana.agree(
        batches.view(_PAYMENTS, payments, f"{who}-KANA"), batches.view(_MASTER, newest, "REGISTRANT-KANA")
    )
    if parameters.overrides:
        for row in np.flatnonzero(~same):
            same[row] = person[row].tobytes() in parameters.overrides
    return same


def _empty(payments: Block, contractor: Block, payee: Block) -> Block:
    """Return the UNMATCH records."""
    reasons = np.stack([contractor, payee], axis=1)
    row, item = np.nonzero(np.stack([_is_empty(contractor), _is_empty(payee)], axis=1))
    out = np.full((len(row), _UNMATCH_LRECL), _SPACE, np.uint8)
    out[:, :_PAYMENT_KEY] = payments[row, :_PAYMENT_KEY]
    batches.view(_UNMATCH, out, "ITEM-ROLE")[:] = np.frombuffer(CONTRACTOR + PAYEE, np.uint8).reshape(2, 2)[
        item
    ]
    batches.view(_UNMATCH, out, "REASON")[:] = reasons[row, item]
    return out


def _is_empty(reasons: Block) -> Mask:
    """Return which items stay empty."""
    empty: Mask = reasons.view("<u2")[:, 0] != _FILLED
    return empty


def _given(number: Block) -> Mask:
    """Return which numbers are there: not only spaces, zeros and 00 (twelve zeros have the right check digit)."""
    return ~rows.all_in(number, _NOTHING)
