"""A plain model of a statement row, written from the rules a second time: strings, one record at a time, no tables of offsets.

It takes the values of a payment as text (what CP932 says the bytes are; a byte or pair that is no character is U+E000) and
returns the items and the changes. Only the layout and ``fold.csv`` are shared with the builder.
"""

import csv
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

FOLDS = {
    row["character"]: row["replacement"]
    for row in csv.DictReader(
        (Path(__file__).parents[2] / "src/chosho/statement/fold.csv").read_text(encoding="utf-8").splitlines()
    )
}
LOST = "\ue000"
"""Stands for every character that is neither half-width nor in JIS X 0208 nor in the fold table."""

AMOUNT_310 = (
    "BENEFIT-AMOUNT", "ADDED-BENEFIT-AMOUNT", "UNPAID-DIVIDEND-AMOUNT", "LOAN-AND-INTEREST-AMOUNT",
    "UNPAID-PREMIUM-AMOUNT", "PREPAID-PREMIUM-REFUND", "NET-PAID-AMOUNT", "PAID-PREMIUM-TOTAL",
)  # fmt: skip
AMOUNT_366 = (
    "ANNUITY-PAID-AMOUNT", "ANNUITY-UNPAID-AMOUNT", "ANNUITY-DIVIDEND-AMOUNT", "ANNUITY-PREMIUM-AMOUNT",
    "ANNUITY-NET-AMOUNT", "WITHHOLDING-TAX",
)  # fmt: skip


def characters(data: bytes) -> list[str]:
    """Return the characters of CP932 bytes; what is none is :data:`LOST`."""
    found = []
    while data:
        for length in (1, 2):
            try:
                found.append(data[:length].decode("cp932"))
                break
            except UnicodeDecodeError:
                continue
        else:
            # A lead byte without a trail byte is one lost byte; a pair that no character has is one lost pair.
            length = (
                2
                if len(data) > 1 and (0x40 <= data[1] <= 0xFC and data[1] != 0x7F) and 0x80 < data[0] != 0xA0
                else 1
            )
            if data[0] in (0x80, 0xA0, 0xFD, 0xFE, 0xFF):
                length = 1
            found.append(LOST)
        if found[-1] < " " or found[-1] in "\x7f\x80\xa0" or "\ue000" <= found[-1] <= "\uf8ff":
            found[-1] = LOST
        data = data[length:]
    return found


def in_jis(character: str) -> bool:
    """Return whether strict Shift_JIS has it as a pair."""
    try:
        return len(character.encode("cp932").decode("shift_jis").encode("shift_jis")) == 2
    except UnicodeError:
        return False


def one_character(text: list[str], place: int, *, geta: bool) -> tuple[str | None, set[str], int]:
    """Return what is written for the character at ``place``, the rules used, and the next place; None when it cannot be written."""
    one, following = text[place], text[place + 1 : place + 2]
    if in_jis(one):
        return one, set(), place + 1
    if one in FOLDS:
        return FOLDS[one], {"FD"}, place + 1
    if "!" <= one <= "~" or "｡" <= one <= "ﾟ":
        joined = unicodedata.normalize("NFKC", one + following[0]) if following in (["ﾞ"], ["ﾟ"]) else ""
        if len(joined) == 1 and in_jis(joined):
            return joined, {"FW"}, place + 2
        return half(one), {"FW"}, place + 1
    return ("〓", {"GT"}, place + 1) if geta else (None, set(), place + 1)


def written(data: bytes, limit: int, *, geta: bool) -> tuple[str | None, set[str]]:
    """Return the text as a disc takes it and the rules used; None when a character cannot be written and ``geta`` is false."""
    text = characters(data.rstrip(b" "))
    out, used, spaces, place = "", set(), "", 0
    while place < len(text):
        if text[place] in " 　":
            spaces += text[place]
            place += 1
            continue
        new, rules, place = one_character(text, place, geta=geta)
        if new is None:
            return None, set()
        if spaces and out:
            if len(out) + 1 >= limit:
                return out, used | {"CT"}
            out += "　"
            used |= {"FW"} if spaces[0] == " " else set()
        if len(spaces) > 1 or (spaces and len(out) == 0):
            used |= {"SP"}
        spaces = ""
        if len(out) == limit:
            return out, used | {"CT"}
        used |= rules
        if len(out) + len(new) > limit:
            return out + new[: limit - len(out)], used | {"CT"}
        out += new
    return out, used


def half(one: str) -> str:
    """Return the full-width form of a half-width character."""
    special = {'"': "”", "'": "’", "\\": "￥", "ﾞ": "゛", "ﾟ": "゜"}
    if one in special:
        return special[one]
    return chr(ord(one) + 0xFEE0) if one < "\x7f" else unicodedata.normalize("NFKC", one)


class Row:
    """One statement, item by item (from 1), with its changes."""

    def __init__(
        self, payments: Sequence[Mapping[str, str | int | bytes]], number: Mapping[str, str], year: int
    ) -> None:
        self.payments, self.first, self.number, self.year = payments, payments[0], number, year
        self.items: list[str] = []
        self.changes: list[tuple[int, str]] = []

    def bytes(self, name: str) -> bytes:
        value = self.first.get(name, "")
        return value if isinstance(value, bytes) else str(value).encode("cp932")

    def half(self, *names: str) -> None:
        self.items += [self.bytes(name).decode("ascii").strip() for name in names]

    def wide(self, name: str, limit: int, kana: str = "") -> None:
        text, rules = written(self.bytes(name), limit, geta=not kana)
        if kana and not text:
            spoken, cut = written(self.bytes(kana), limit, geta=False)
            if spoken:
                text, rules = spoken, {"KN"} | (cut & {"CT"})
            else:
                text, rules = written(self.bytes(name), limit, geta=True)
        self.items.append(text or "")
        self.changes += [
            (len(self.items), rule) for rule in ("FW", "FD", "KN", "GT", "CT", "SP") if rule in rules
        ]

    def amount(self, *names: str) -> None:
        self.items += [str(sum(int(payment.get(name, 0)) for payment in self.payments)) for name in names]

    def head(self) -> None:
        self.half("STATEMENT-CODE", "REFERENCE-NO-1", "BRANCH-DIVISION-NO")
        self.wide("OBLIGOR-ADDRESS", 60)
        self.wide("OBLIGOR-NAME", 30)
        self.half("OBLIGOR-PHONE", "REFERENCE-NO-2")
        self.items += ["", ""]
        self.half("CORRECTION-MARK", "TAX-YEAR")

    def numbers(self, *values: str) -> None:
        self.items += [value if self.year >= 2016 else "" for value in values]

    def lump_sum(self) -> list[str]:
        self.head()
        for party, kana in (("PAYEE", "PAYEE-KANA"), ("CONTRACTOR", "CONTRACTOR-KANA"), ("INSURED", "")):
            self.wide(f"{party}-ADDRESS", 60)
            self.half(f"{party}-OVERSEAS")
            self.wide(f"{party}-NAME", 30, kana)
        self.amount(*AMOUNT_310)
        self.wide("EVENT-TEXT", 15)
        self.half("EVENT-YEAR", "EVENT-MONTH", "EVENT-DAY")
        self.wide("INSURANCE-TYPE-TEXT", 15)
        self.half("PAYMENT-YEAR", "PAYMENT-MONTH", "PAYMENT-DAY")
        self.wide("REMARKS", 100)
        self.numbers(
            self.bytes("OBLIGOR-CORPORATE-NO").decode(),
            self.number["PAYEE-NUMBER"],
            self.number["CONTRACTOR-NUMBER"],
        )
        if self.first.get("CHANGE-FLAG") == "1" and self.year >= 2018:
            self.wide("PREVIOUS-ADDRESS", 60)
            self.wide("PREVIOUS-NAME", 30)
            self.items.append(str(int(str(self.first["CHANGE-COUNT"]))))
            self.items.append(str(self.first["CURRENT-PAID-PREMIUM"]))
        else:
            self.items += [""] * 4
        return self.items

    def inheritance(self) -> list[str]:
        """Statement 323. Its 年分 is that of the event: the record says which numbers and changes it has."""
        self.head()
        for party, kana in (("PAYEE", "PAYEE-KANA"), ("CONTRACTOR", "CONTRACTOR-KANA"), ("INSURED", "")):
            self.wide(f"{party}-ADDRESS", 60)
            self.half(f"{party}-OVERSEAS")
            self.wide(f"{party}-NAME", 30, kana)
            self.half(f"{party}-PARTY")
        self.amount(*AMOUNT_310, "PREMIUM-DIVIDEND-AMOUNT")
        self.wide("EVENT-TEXT", 15)
        self.half("EVENT-YEAR", "EVENT-MONTH", "EVENT-DAY")
        self.wide("INSURANCE-TYPE-TEXT", 15)
        self.half("PAYMENT-YEAR", "PAYMENT-MONTH", "PAYMENT-DAY")
        self.half("SUBMISSION-YEAR", "SUBMISSION-MONTH", "SUBMISSION-DAY")
        self.wide("REMARKS", 100)
        self.half("OBLIGOR-CORPORATE-NO")
        self.items += [self.number["PAYEE-NUMBER"], self.number["CONTRACTOR-NUMBER"]]
        if self.first.get("CHANGE-FLAG") == "1":
            self.wide("PREVIOUS-ADDRESS", 60)
            self.wide("PREVIOUS-NAME", 30)
            self.items.append(str(int(str(self.first["CHANGE-COUNT"]))))
            self.items.append(str(self.first["CURRENT-PAID-PREMIUM"]))
        else:
            self.items += [""] * 4
        return self.items

    def change(self) -> list[str]:
        """Statement 386, of a CHGDATA record."""
        self.head()
        self.items.pop()  # it has no 年分
        for party, kana in (("NEW", "NEW-KANA"), ("DECEASED", ""), ("INSURED", "")):
            self.wide(f"{party}-ADDRESS", 60)
            self.half(f"{party}-OVERSEAS")
            self.wide(f"{party}-NAME", 30, kana)
            if party != "DECEASED":
                self.half(f"{party}-PARTY")
        self.amount("SURRENDER-VALUE", "PAID-PREMIUM-TOTAL", "DECEASED-PAID-PREMIUM")
        self.half("VALUATION-CODE", "DEATH-YEAR", "DEATH-MONTH", "DEATH-DAY")
        self.wide("INSURANCE-TYPE-TEXT", 15)
        self.half("EFFECTIVE-YEAR", "EFFECTIVE-MONTH", "EFFECTIVE-DAY")
        self.half("SUBMISSION-YEAR", "SUBMISSION-MONTH", "SUBMISSION-DAY")
        self.wide("REMARKS", 100)
        self.half("OBLIGOR-CORPORATE-NO")
        return self.items

    def made(self) -> list[str]:
        """Return the items of a statement made of payments, whatever its kind."""
        kinds = {"310": self.lump_sum, "366": self.annuity, "323": self.inheritance}
        return kinds[str(self.first["STATEMENT-CODE"])]()

    def annuity(self) -> list[str]:
        self.head()
        self.wide("PAYEE-ADDRESS", 60)
        self.half("PAYEE-OVERSEAS")
        self.wide("PAYEE-NAME", 30, "PAYEE-KANA")
        self.wide("ANNUITY-TYPE-TEXT", 10)
        self.amount(*AMOUNT_366)
        self.wide("CONTRACTOR-ADDRESS", 60)
        self.wide("CONTRACTOR-NAME", 30, "CONTRACTOR-KANA")
        if self.first.get("INHERITED-FLAG") == "1":
            self.half("INHERITED-START-YEAR", "INHERITED-START-MONTH", "INHERITED-START-DAY")
            self.half("INHERITED-REMAINING-YEARS", "INHERITED-AGE-AT-START", "INHERITED-PAYMENT-YEARS")
            self.half("INHERITED-GUARANTEE-YEARS")
            self.items.append(str(self.first["INHERITED-TOTAL-AMOUNT"]))
            self.half("INHERITED-RATIO-INTEGER", "INHERITED-RATIO-DECIMAL")
            self.items.append(str(self.first["INHERITED-VALUATION"]))
        else:
            self.items += [""] * 11
        self.wide("REMARKS", 100)
        self.numbers(
            self.bytes("OBLIGOR-CORPORATE-NO").decode(),
            self.number["PAYEE-NUMBER"],
            self.number["CONTRACTOR-NUMBER"],
        )
        return self.items
