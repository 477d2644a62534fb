"""The update over dictionaries: what each request does to the rows of its person, one request after the other."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

Record = Mapping[str, Any]
_PERSON = ("POLICY-NO", "ROLE-CODE", "PAYEE-NO")
_NUMBERS = ("INDIVIDUAL-NO", "CORPORATE-NO")
_TEXTS = ("REGISTRANT-KANA", "OFFICE-NO", "RELATION-CODE")


class Master:
    """A number master that requests are carried into.

    Args:
        rows: NUMMAST records as dictionaries, in any order; of equal keys the later one is the newer.
    """

    def __init__(self, rows: Sequence[Record]) -> None:
        self.people: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in sorted(rows, key=lambda row: (*_person(row), row["REGISTRATION-NO"])):
            self.people.setdefault(_person(row), []).append(dict(row))
        self.counts: Counter[str] = Counter(old=len(rows))

    def rows(self) -> list[dict[str, Any]]:
        """Return the records in key order."""
        return [row for person in sorted(self.people) for row in self.people[person]]

    def take(self, request: Record) -> str:
        """Carry out one request and return its outcome, or ``rejected.<reason>``."""
        outcome = self._outcome(request, self.people.setdefault(_person(request), []))
        if not self.people[_person(request)]:
            del self.people[_person(request)]
        self.counts["read"] += 1
        for name in {outcome, outcome.partition(".")[0]}:
            self.counts[name] += 1
        return outcome

    def take_all(self, requests: Sequence[Record]) -> list[str]:
        """Carry out requests that stand in the order of their keys, and return their outcomes."""
        outcomes = [self.take(request) for request in requests]
        self.counts["new"] = len(self.rows())
        return outcomes

    def _outcome(self, request: Record, rows: list[dict[str, Any]]) -> str:
        newest = rows[-1] if rows else {}
        does = {"1": self._register, "2": self._correct, "3": self._delete, "4": self._not_obtained}
        kind = request["REQUEST-KIND"]
        if kind not in does:
            return "rejected.KIND"
        if kind in {"1", "2"} and not any(_numbers(request)):
            return "rejected.NONE"
        return does[kind](request, rows, newest)

    def _register(self, request: Record, rows: list[dict[str, Any]], newest: dict[str, Any]) -> str:
        holds = newest.get("STATE-CODE") == "1"
        if holds and _numbers(newest) == _numbers(request):
            return "unchanged"
        number = _next(rows)
        if number is None:
            return "rejected.RGNO"
        if holds:
            newest["STATE-CODE"] = "2"
        self._add(rows, request, number, state="1", reason="00", numbers=_numbers(request))
        return "changed" if holds else "registered"

    def _correct(self, request: Record, rows: list[dict[str, Any]], newest: dict[str, Any]) -> str:
        if newest.get("STATE-CODE") != "1":
            return "rejected.NREG"
        before = (_numbers(newest), [_value(newest, name) for name in (*_TEXTS, "REGISTERED-ON")])
        after = {name: _value(request, name) for name in _TEXTS}
        after["REGISTERED-ON"] = request["ACCEPTED-AT"][:8]
        if before == (_numbers(request), list(after.values())):
            return "unchanged"
        rows[-1] = {**newest, **after, **dict(zip(_NUMBERS, _numbers(request), strict=True))}
        return "corrected"

    def _delete(self, request: Record, rows: list[dict[str, Any]], newest: dict[str, Any]) -> str:
        if newest.get("STATE-CODE") != "1":
            return "rejected.NHLD"
        self.counts["dropped"] += len(rows) - 1
        blank = {"STATE-CODE": "9", "INDIVIDUAL-NO": "", "CORPORATE-NO": ""}
        rows[:] = [{**newest, **blank, "REGISTERED-ON": request["ACCEPTED-AT"][:8]}]
        return "cancelled"

    def _not_obtained(self, request: Record, rows: list[dict[str, Any]], newest: dict[str, Any]) -> str:
        state = newest.get("STATE-CODE")
        if state == "1":
            return "rejected.HELD"
        said = {"REASON-CODE": request["REASON-CODE"], "REGISTERED-ON": request["ACCEPTED-AT"][:8]}
        if state == "0":
            before = dict(newest)
            newest.update(said)
            return "unchanged" if newest == before else "not_obtained"
        number = _next(rows)
        if number is None:
            return "rejected.RGNO"
        self._add(rows, request, number, state="0", reason=request["REASON-CODE"], numbers=("", ""))
        return "not_obtained"

    def _add(
        self,
        rows: list[dict[str, Any]],
        request: Record,
        number: str,
        *,
        state: str,
        reason: str,
        numbers: tuple[str, str],
    ) -> None:
        rows.append(
            {
                **{name: request[name] for name in _PERSON},
                "REGISTRATION-NO": number,
                **dict(zip(_NUMBERS, numbers, strict=True)),
                **{name: _value(request, name) for name in _TEXTS},
                "STATE-CODE": state,
                "REASON-CODE": reason,
                "REGISTERED-ON": request["ACCEPTED-AT"][:8],
            }
        )
        self.counts["added"] += 1


def _person(record: Record) -> tuple[str, ...]:
    return tuple(str(record[name]) for name in _PERSON)


def _value(record: Record, name: str) -> str:
    return str(record.get(name, ""))


def _numbers(record: Record) -> tuple[str, str]:
    """Return both numbers; one of spaces and zeros only is none."""
    first, second = (_value(record, name) if _value(record, name).strip(" 0\0") else "" for name in _NUMBERS)
    return first, second


def _next(rows: Sequence[Record]) -> str | None:
    """Return the next registration number, None when none is left."""
    if not rows:
        return "001"
    last = str(rows[-1]["REGISTRATION-NO"])
    return f"{int(last) + 1:03d}" if last.isascii() and last.isdigit() and last != "999" else None
