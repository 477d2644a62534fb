"""The match over dictionaries: the numbers of a payment's two persons, and why one stays empty."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from stdnum.jp import cn, in_

Record = Mapping[str, Any]
_SMALL = str.maketrans("ァィゥェォャュョッヮヵヶヰヱ", "アイウエオヤユヨツワカケイエ")


def name(text: str) -> str:
    """Return a kana name in one spelling."""
    wide = unicodedata.normalize("NFKC", text)
    wide = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in wide)
    wide = re.sub("[-‐―−ー]", "ー", wide)
    return re.sub("[ ・.,。、'`]", "", wide).translate(_SMALL).upper()


def item(
    payment: Record,
    master: Sequence[Record],
    role: str,
    overrides: frozenset[bytes] = frozenset(),
    tax_year: int = 2026,
) -> tuple[str, str]:
    """Return the reason and the number of the payee's (role 02) or the contractor's (01) item."""
    if payment["CAUSE-DATE"] < 20160101 or (payment["STATEMENT-CODE"] != "323" and tax_year < 2016):
        return "BF", ""
    who, payee_no = ("PAYEE", payment["PAYEE-NO"]) if role == "02" else ("CONTRACTOR", "00")
    person = (payment["POLICY-NO"], role, payee_no)
    rows = [row for row in master if (row["POLICY-NO"], row["ROLE-CODE"], row["PAYEE-NO"]) == person]
    if not rows:
        return "NR", ""
    newest = max(row["REGISTRATION-NO"] for row in rows)
    rows = [row for row in rows if row["REGISTRATION-NO"] == newest]
    if len(rows) > 1:
        return "DU", ""
    reason = _doubt(payment, rows[0], who)
    if reason == "KN" and "".join(person).encode() in overrides:
        reason = ""
    if reason:
        return reason, ""
    number = rows[0].get("INDIVIDUAL-NO", "")
    return "00", "0" + number if number else rows[0]["CORPORATE-NO"]


def _doubt(payment: Record, row: Record, who: str) -> str:
    state = row["STATE-CODE"]
    if state != "1":
        own = row["REASON-CODE"]
        held_not = own if own not in {"00", "  ", ""} else "NH"
        return {"9": "CX", "0": held_not, "2": "CH"}.get(state, "ST")
    individual, corporate = row.get("INDIVIDUAL-NO", ""), row.get("CORPORATE-NO", "")
    given = {"1": individual, "2": corporate}
    if not individual and not corporate:
        return "NN"
    party = payment[f"{who}-PARTY"]
    other = {"1": corporate, "2": individual}.get(party, "?")
    persons_only = who == "PAYEE" and payment["STATEMENT-CODE"] == "366"
    if other or not given[party] or (party == "2" and persons_only):
        return "KD"
    number = given[party]
    if not re.fullmatch("[0-9]+", number, re.ASCII):
        return "DG"
    if not (in_ if party == "1" else cn).is_valid(number):
        return "CD"
    mine, theirs = name(payment[f"{who}-KANA"]), name(row["REGISTRANT-KANA"])
    return "" if mine and mine == theirs else "KN"
