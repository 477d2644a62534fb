"""The extract over dictionaries: which source payments are kept, left out or rejected, and what their payment data say."""

import datetime as dt
import itertools
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chosho.extract import codes

Record = Mapping[str, Any]
LUMP_LIMIT, INHERITANCE_LIMIT, ANNUITY_LIMIT = 1_000_000, 1_000_000, 200_000


@dataclass(frozen=True)
class Scope:
    """The kinds of a deck, the days of its payments (yyyy or yyyymm), the day of submission."""

    kinds: tuple[str, ...] = ("310", "366")
    period: str = "2026"
    submitted_on: int = 0

    @property
    def year(self) -> int:
        return int(self.period[:4])

    def holds(self, day: int) -> bool:
        return str(day).startswith(self.period)


ERAS = (
    ("令和", 20190501, 2019),
    ("平成", 19890108, 1989),
    ("昭和", 19261225, 1926),
    ("大正", 19120730, 1912),
)


def is_day(number: int) -> bool:
    """Whether yyyymmdd is a day."""
    try:
        dt.date(number // 10000, number // 100 % 100, number % 100)
    except ValueError:
        return False
    return True


def era(number: int) -> tuple[str, str, str]:
    """Return a day's era year, month and day, two digits each."""
    if not number:
        return "", "", ""
    first = next(year for _, start, year in ERAS if number >= start)
    return f"{number // 10000 - first + 1:02d}", f"{number // 100 % 100:02d}", f"{number % 100:02d}"


def unreadable(record: Record) -> str | None:
    """Return why a payment cannot be judged, or None."""
    lump = record["PAYMENT-KIND"] == "1"
    amounts = ("BENEFIT-AMOUNT", "ADDED-BENEFIT-AMOUNT", "ANNUITY-PAID-AMOUNT")
    checks = (
        ("CODE", record["PAYMENT-KIND"] in {"1", "2"}),
        ("CODE", record["TAX-CATEGORY"] in ({"1", "3"} if lump else {"2", "3"})),
        ("CODE", lump or record["TAX-CATEGORY"] != "3" or record["INHERITED-FLAG"] == "1"),
        ("DATE", is_day(record["PAYMENT-DATE"])),
        ("DATE", is_day(record["EVENT-DATE"]) or (not lump and not record["EVENT-DATE"])),
        ("CODE", record["EVENT-CODE"] in codes.EVENTS or (not lump and not record["EVENT-CODE"].strip())),
        ("NEGV", all(record.get(name, 0) >= 0 for name in amounts)),
    )
    return next((code for code, sound in checks if not sound), None)


def judge(records: Sequence[Record], scope: Scope) -> list[str]:
    """Return the outcome of each payment after the first reading."""
    outcomes = [unreadable(record) or "" for record in records]
    events: dict[tuple[Any, ...], int] = defaultdict(int)
    years: dict[str, int] = defaultdict(int)
    seen: set[tuple[Any, ...]] = set()
    for place, record in enumerate(records):
        if not outcomes[place]:
            outcomes[place] = _alone(record, scope, seen)
        if not outcomes[place]:
            inheritance = record["TAX-CATEGORY"] == "3"
            due = record["BENEFIT-AMOUNT"] + record.get("ADDED-BENEFIT-AMOUNT", 0)
            events[*_event(record), inheritance] += due
            years[record["CUSTOMER-NO"]] += (
                record["ANNUITY-PAID-AMOUNT"] if record["PAYMENT-KIND"] == "2" else 0
            )
    for place, record in enumerate(records):
        if not outcomes[place]:
            inheritance = record["TAX-CATEGORY"] == "3"
            total = events[*_event(record), inheritance]
            outcomes[place] = _beside(record, total, years[record["CUSTOMER-NO"]], scope)
    return outcomes


def _alone(record: Record, scope: Scope, seen: set[tuple[Any, ...]]) -> str:
    """Return the outcome that a payment has whatever the others are."""
    key = (*_event(record), *_payment(record))
    again = key in seen
    seen.add(key)
    if again:
        return "DUPK"
    return "" if scope.holds(record["PAYMENT-DATE"]) else "YEAR"


def _beside(record: Record, event_total: int, year_total: int, scope: Scope) -> str:
    """Return the outcome that a payment has among those of its payee."""
    if record["PAYMENT-KIND"] == "2":
        needed = record["INHERITED-FLAG"] == "1" or year_total > ANNUITY_LIMIT
        return "K366" if needed or "366" not in scope.kinds else "ANNU"
    kind, limit = ("323", INHERITANCE_LIMIT) if record["TAX-CATEGORY"] == "3" else ("310", LUMP_LIMIT)
    return f"K{kind}" if event_total > limit or kind not in scope.kinds else "LUMP"


def odd(records: Sequence[Record], outcomes: Sequence[str], scope: Scope) -> list[tuple[int, str, int]]:
    """Return record number, rule and item of the odd amounts of annuities that are kept, in the order of their keys."""
    kept = [
        (place, record)
        for place, record in enumerate(records)
        if outcomes[place] == "K366" and "366" in scope.kinds
    ]
    kept.sort(key=lambda one: (*_payment(one[1]), one[0]))
    found = []
    for _, group in itertools.groupby(kept, key=lambda one: _payment(one[1])[:2]):
        annuity = list(group)
        nets = {
            place: record["ANNUITY-PAID-AMOUNT"] - record.get("ANNUITY-PREMIUM-AMOUNT", 0)
            for place, record in annuity
            if record["INHERITED-FLAG"] == "0"
        }
        for place, record in annuity:
            due = nets.get(place, 0) * 1021 // 10000 if sum(nets.values()) >= 250_000 else 0
            resident_person = record["PAYEE-PARTY"] == "1" and record["PAYEE-OVERSEAS"] == "0"
            if resident_person and record.get("WITHHOLDING-TAX", 0) != due:
                found.append((place + 1, "WHTAX", 21))
            total, premiums = record.get("INHERITED-TOTAL-AMOUNT", 0), record.get("PAID-PREMIUM-TOTAL", 0)
            if record["INHERITED-FLAG"] == "1" and total and premiums:
                percent = math.ceil(premiums * 100 / total)
                if record.get("INHERITED-RATIO", 0) != percent * 1000:
                    found.append((place + 1, "RATIO", 32))
    return found


def build(
    records: Sequence[Record], outcomes: Sequence[str], contracts: Sequence[Record], scope: Scope
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the payment data in their order, and the outcomes with those that fail beside their contract."""
    outcomes = list(outcomes)
    known: dict[str, list[Record]] = defaultdict(list)
    for contract in contracts:
        known[contract["POLICY-NO"]].append(contract)
    kept = [place for place, outcome in enumerate(outcomes) if outcome[1:] in scope.kinds]
    kept.sort(key=lambda place: (*_payment(records[place]), place))
    data, seen = [], set()
    for place in kept:
        record = records[place]
        key, found = _payment(record), known.get(record["POLICY-NO"], [])
        if key in seen:
            outcomes[place] = "DUPK"
        elif not found:
            outcomes[place] = "NOCT"
        elif len(found) > 1:
            outcomes[place] = "DUPC"
        else:
            data.append(_data(record, outcomes[place], found[0], scope) | {"PLACE": len(data)})
        seen.add(key)
    return data, outcomes


def _data(record: Record, outcome: str, contract: Record, scope: Scope) -> dict[str, Any]:
    annuity = outcome == "K366"
    tax_year = record["EVENT-DATE"] // 10000 if outcome == "K323" else scope.year
    submitted = era(scope.submitted_on if "323" in scope.kinds else 0)
    inherited = annuity and record["INHERITED-FLAG"] == "1"
    counts = (
        not annuity
        and tax_year >= 2018
        and contract.get("CHANGE-COUNT", 0) > 0
        and contract.get("CHANGE-DATE", 0) >= 20180101
        and contract.get("CHANGE-CAUSE") == "2"
    )
    ratio = f"{record.get('INHERITED-RATIO', 0):06d}"
    event, paid = era(record["EVENT-DATE"]), era(record["PAYMENT-DATE"])
    start = era(record.get("INHERITED-START-DATE", 0) if inherited else 0)
    amounts = {
        name: record.get(name, 0)
        for name in (
            "BENEFIT-AMOUNT", "ADDED-BENEFIT-AMOUNT", "UNPAID-DIVIDEND-AMOUNT", "LOAN-AND-INTEREST-AMOUNT",
            "UNPAID-PREMIUM-AMOUNT", "PREPAID-PREMIUM-REFUND", "NET-PAID-AMOUNT", "PAID-PREMIUM-TOTAL",
            "ANNUITY-PAID-AMOUNT", "ANNUITY-UNPAID-AMOUNT", "ANNUITY-DIVIDEND-AMOUNT", "ANNUITY-PREMIUM-AMOUNT",
            "ANNUITY-NET-AMOUNT", "WITHHOLDING-TAX", "INHERITED-TOTAL-AMOUNT", "INHERITED-VALUATION",
        )
    }  # fmt: skip
    return amounts | {
        "POLICY-NO": record["POLICY-NO"],
        "ROLE-CODE": "02",
        "PAYEE-NO": f"{record['PAYEE-NO']:02d}",
        "PAYMENT-NO": f"{record['PAYMENT-NO']:04d}",
        "CUSTOMER-NO": record["CUSTOMER-NO"],
        "CHANGE-FLAG": "1" if counts else "0",
        "INHERITED-FLAG": record["INHERITED-FLAG"],
        "PAYEE-KANA": record["PAYEE-KANA"],
        "CONTRACTOR-KANA": contract["CONTRACTOR-KANA"],
        "PREMIUM-DIVIDEND-AMOUNT": record.get("PREMIUM-DIVIDEND-AMOUNT", 0),
        **dict(zip(("SUBMISSION-YEAR", "SUBMISSION-MONTH", "SUBMISSION-DAY"), submitted, strict=True)),
        "CAUSE-DATE": record["PAYMENT-DATE" if annuity else "EVENT-DATE"],
        "CURRENT-PAID-PREMIUM": contract.get("CURRENT-PAID-PREMIUM", 0) if counts else 0,
        "STATEMENT-CODE": outcome[1:],
        "CORRECTION-MARK": "0",
        "TAX-YEAR": era(tax_year * 10000 + 1231)[0],
        **{f"PAYEE-{item}": record[f"PAYEE-{item}"] for item in ("ADDRESS", "OVERSEAS", "NAME", "PARTY")},
        **{
            f"CONTRACTOR-{item}": contract[f"CONTRACTOR-{item}"]
            for item in ("ADDRESS", "OVERSEAS", "NAME", "PARTY")
        },
        **{f"INSURED-{item}": contract[f"INSURED-{item}"] for item in ("ADDRESS", "OVERSEAS", "NAME")},
        "INSURED-PARTY": "1",
        "EVENT-TEXT": codes.EVENTS.get(record["EVENT-CODE"], ""),
        **dict(zip(("EVENT-YEAR", "EVENT-MONTH", "EVENT-DAY"), event, strict=True)),
        "INSURANCE-TYPE-TEXT": codes.INSURANCE_TYPES[contract["INSURANCE-TYPE"]],
        **dict(zip(("PAYMENT-YEAR", "PAYMENT-MONTH", "PAYMENT-DAY"), paid, strict=True)),
        "REMARKS": record["REMARKS"],
        "OFFICE-DIVISION-NO": record["OFFICE-NO"],
        "ANNUITY-TYPE-TEXT": codes.ANNUITY_TYPES.get(record["ANNUITY-TYPE"], ""),
        **dict(
            zip(("INHERITED-START-YEAR", "INHERITED-START-MONTH", "INHERITED-START-DAY"), start, strict=True)
        ),
        **{
            f"INHERITED-{name}": f"{record.get(f'INHERITED-{name}', 0):02d}" if inherited else ""
            for name in ("REMAINING-YEARS", "AGE-AT-START", "PAYMENT-YEARS", "GUARANTEE-YEARS")
        },
        "INHERITED-RATIO-INTEGER": ratio[:3] if inherited else "",
        "INHERITED-RATIO-DECIMAL": ratio[3:] if inherited else "",
        "PREVIOUS-ADDRESS": contract["PREVIOUS-ADDRESS"] if counts else "",
        "PREVIOUS-NAME": contract["PREVIOUS-NAME"] if counts else "",
        "CHANGE-COUNT": str(contract["CHANGE-COUNT"]) if counts else "",
    }


def _event(record: Record) -> tuple[Any, ...]:
    return tuple(
        record[name] for name in ("CUSTOMER-NO", "PAYMENT-KIND", "PAYMENT-DATE", "EVENT-DATE", "EVENT-CODE")
    )


def _payment(record: Record) -> tuple[Any, ...]:
    return record["POLICY-NO"], record["PAYEE-NO"], record["PAYMENT-NO"]
