"""The changes of contractor over dictionaries: which contracts need a statement 386, and what its record says."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from chosho.extract import codes
from tests.model.extract import era, is_day

Record = Mapping[str, Any]
FIRST_DAY = 20180101
EXEMPT = 1_000_000
MOST = 9_999_999_999


def judge(contracts: Sequence[Record], year: int, exempt: int = EXEMPT) -> list[str]:
    """Return the outcome of each contract."""
    copies = Counter(one["POLICY-NO"] for one in contracts)
    return [_judge(one, copies[one["POLICY-NO"]] > 1, year, exempt) for one in contracts]


def _judge(one: Record, twice: bool, year: int, exempt: int) -> str:
    if one["CHANGE-CAUSE"] != "1":
        return "NDTH" if one["CHANGE-CAUSE"].strip() in {"", "2"} else "CODE"
    changed = one["CHANGE-DATE"]
    if not is_day(changed):
        return "DATE"
    if changed < FIRST_DAY:
        return "EARL"
    if changed // 10000 != year:
        return "YEAR"
    return _fault(one, twice) or ("EXMT" if one["SURRENDER-VALUE"] <= exempt else "K386")


def _fault(one: Record, twice: bool) -> str:
    """Return why a change of the year cannot be written, or nothing."""
    amounts = [one[name] for name in ("SURRENDER-VALUE", "PAID-PREMIUM-TOTAL", "DECEASED-PAID-PREMIUM")]
    flags = [one[f"{who}-OVERSEAS"] for who in ("CONTRACTOR", "PREVIOUS", "INSURED")]
    checks = (
        ("DUPC", not twice),
        ("DATE", is_day(one["DEATH-DATE"]) and one["DEATH-DATE"] <= one["CHANGE-DATE"]),
        ("CODE", {one["CONTRACTOR-PARTY"], one["VALUATION-CODE"]} <= {"1", "2"} and set(flags) <= {"0", "1"}),
        ("CODE", one["INSURANCE-TYPE"] in codes.INSURANCE_TYPES),
        ("NEGV", min(amounts) >= 0),
        ("OVFL", max(amounts) <= MOST),
        ("NAME", one["CONTRACTOR-NAME"] or one["CONTRACTOR-KANA"]),
        ("NAME", one["PREVIOUS-NAME"] and one["INSURED-NAME"]),
    )
    return next((code for code, sound in checks if not sound), "")


def data(contracts: Sequence[Record], outcomes: Sequence[str], submitted_on: int) -> list[dict[str, Any]]:
    """Return the change records, in the order of the contracts."""
    kept = [one for one, outcome in zip(contracts, outcomes, strict=True) if outcome == "K386"]
    return [_data(one, submitted_on) | {"PLACE": place} for place, one in enumerate(kept)]


def _data(one: Record, submitted_on: int) -> dict[str, Any]:
    days = {"DEATH": one["DEATH-DATE"], "EFFECTIVE": one["CHANGE-DATE"], "SUBMISSION": submitted_on}
    return {
        "POLICY-NO": one["POLICY-NO"],
        "ROLE-CODE": "01",
        "PAYEE-NO": "00",
        "PAYMENT-NO": "0000",
        "CHANGE-CAUSE": "1",
        "INSURANCE-TYPE": one["INSURANCE-TYPE"],
        **{name: one[name] for name in ("SURRENDER-VALUE", "PAID-PREMIUM-TOTAL", "DECEASED-PAID-PREMIUM")},
        "CHANGE-DATE": one["CHANGE-DATE"],
        "DEATH-DATE": one["DEATH-DATE"],
        "NEW-KANA": one["CONTRACTOR-KANA"],
        "STATEMENT-CODE": "386",
        "CORRECTION-MARK": "0",
        **{f"NEW-{item}": one[f"CONTRACTOR-{item}"] for item in ("ADDRESS", "OVERSEAS", "NAME", "PARTY")},
        **{f"DECEASED-{item}": one[f"PREVIOUS-{item}"] for item in ("ADDRESS", "OVERSEAS", "NAME")},
        **{f"INSURED-{item}": one[f"INSURED-{item}"] for item in ("ADDRESS", "OVERSEAS", "NAME")},
        "INSURED-PARTY": "1",
        "VALUATION-CODE": one["VALUATION-CODE"],
        "INSURANCE-TYPE-TEXT": codes.INSURANCE_TYPES[one["INSURANCE-TYPE"]],
        **{
            f"{name}-{part}": text
            for name, day in days.items()
            for part, text in zip(("YEAR", "MONTH", "DAY"), era(day), strict=True)
        },
    }
