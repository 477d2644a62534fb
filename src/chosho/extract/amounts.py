"""Odd amounts (金額の点検): amounts of annuities that are not what the law makes of the others. They are listed, never rejected.

What the disc cannot take at all (a negative amount, one of more than ten digits, a net amount that is not its parts) is rejected
by :mod:`payment`. The rest is what the payer reckoned: a statement must show what was really withheld, so that a doubt about it
drops nothing, it is a warning that somebody looks into. The rules:

- ``WHTAX`` (item 21 of 366): of each payment, 10.21 % of the annuity without its corresponding premiums, floored to the yen, 10 %
  outside of 2013-2037; none when that difference comes to less than 250,000 yen in the year, and none for inherited annuities
  (所得税法207条, 208条, 209条; 所得税法施行令326条; 復興財源確保法28条; タックスアンサー No.1610). Payees abroad and companies
  follow other rules and are not looked at.
- ``RATIO`` (items 32-33 of 366): the share of the premiums in the whole of an inherited annuity, to two decimals, the third rounded
  up (所得税法施行令183条1項), so whole percents; looked at where the source has both amounts.
"""

import numpy as np

from chosho.codec import batch as batches
from chosho.codec import keys
from chosho.codec.batch import Block
from chosho.copybook import load
from chosho.extract import made
from chosho.extract.column import Mask, Numbers

PAYEE_KEY = 15
"""Bytes of PAYWORK that name policy and payee: the annuity whose payments of a year are added up."""
FREE_BELOW = 250_000
"""Yen; nothing is withheld when the year's annuity without its premiums is less (所得税法209条)."""
RATE, PLAIN_RATE, WHOLE = 1_021, 1_000, 10_000
"""10.21 %: 所得税 and 復興特別所得税; 10 %: 所得税 alone."""
FIRST_RECONSTRUCTION_YEAR, LAST_RECONSTRUCTION_YEAR = 2013, 2037
_PERCENT, _THOUSANDTHS = 100, 1_000
_RULES = (("WHTAX", 21), ("RATIO", 32))
_FIELDS = load("PAYWORK").named()
_FINDING = load("FINDING")


def findings(payments: Block) -> Block:
    """Return what is odd about the amounts of payments.

    Args:
        payments: PAYWORK records in ascending order of their key, whole groups of policy and payee.

    Returns:
        FINDING records in the order of the payments; RECORD-NO is the record of the source file, from 1.
    """
    if not len(payments):
        return np.empty((0, _FINDING.length), np.uint8)
    odd = np.stack([_withheld(payments), _ratio(payments)], axis=1)
    row, rule = np.nonzero(odd)
    fields = _FINDING.named()
    out = np.full((len(row), _FINDING.length), ord(" "), np.uint8)
    batches.view(fields, out, "RECORD-NO")[:] = _numbers("PLACE", payments)[row] + 1
    for name, values in (("FILE-NAME", "PAYMENT"), ("SEVERITY", "W")):
        batches.view(fields, out, name)[:, : len(values)] = np.frombuffer(values.encode(), np.uint8)
    for place, (name, item) in enumerate(_RULES):
        here = np.flatnonzero(rule == place)
        batches.view(fields, out, "RULE-ID")[here, : len(name)] = np.frombuffer(name.encode(), np.uint8)
        batches.view(fields, out, "ITEM-NO")[here] = item
    return out


def withholding(net: Numbers, year_net: Numbers, year: Numbers) -> Numbers:
    """Return the tax to be withheld from payments of annuities (源泉徴収税額), yen.

    Args:
        net: the payment without its corresponding premiums.
        year_net: the same of all payments of the annuity in the year.
        year: of the payment.
    """
    reconstruction = (year >= FIRST_RECONSTRUCTION_YEAR) & (year <= LAST_RECONSTRUCTION_YEAR)
    rate = np.where(reconstruction, RATE, PLAIN_RATE)
    return np.where(year_net >= FREE_BELOW, net * rate // WHOLE, 0)


def premium_percent(premiums: Numbers, total: Numbers) -> Numbers:
    """Return the share of premiums in a total above 0, to two decimals, rounded up, as whole percents."""
    return -(-premiums * _PERCENT // total)


def _withheld(payments: Block) -> Mask:
    """Return which payments have another 源泉徴収税額 than the rule gives."""
    inherited = _is("INHERITED-FLAG", "1", payments)
    taxed = made.annuities(payments) & ~inherited
    net = _numbers("ANNUITY-PAID-AMOUNT", payments) - _numbers("ANNUITY-PREMIUM-AMOUNT", payments)
    net = np.maximum(np.where(taxed, net, 0), 0)
    starts = keys.group_starts(payments, PAYEE_KEY)
    lengths = np.diff(starts, append=len(payments))
    year_net = np.repeat(np.add.reduceat(net, starts), lengths)
    due = withholding(net, year_net, _numbers("PAYMENT-DATE", payments) // 10_000)
    looked_at = (
        made.annuities(payments) & _is("PAYEE-PARTY", "1", payments) & _is("PAYEE-OVERSEAS", "0", payments)
    )
    odd: Mask = looked_at & (_numbers("WITHHOLDING-TAX", payments) != due)
    return odd


def _ratio(payments: Block) -> Mask:
    """Return which inherited annuities have another ratio than their amounts give."""
    total, premiums = _numbers("INHERITED-TOTAL-AMOUNT", payments), _numbers("PAID-PREMIUM-TOTAL", payments)
    known = made.annuities(payments) & _is("INHERITED-FLAG", "1", payments) & (total > 0) & (premiums > 0)
    digits = batches.view(_FIELDS, payments, "INHERITED-RATIO").astype(np.int64) - ord("0")
    written = digits @ (10 ** np.arange(digits.shape[1] - 1, -1, -1, dtype=np.int64))
    odd: Mask = known & (written != premium_percent(premiums, np.where(known, total, 1)) * _THOUSANDTHS)
    return odd


def _numbers(name: str, payments: Block) -> Numbers:
    found: Numbers = batches.view(_FIELDS, payments, name).astype(np.int64)
    return found


def _is(name: str, value: str, payments: Block) -> Mask:
    same: Mask = batches.view(_FIELDS, payments, name)[:, 0] == ord(value)
    return same
