"""What the operator is told of a night's PF deletion (報告): messages as id and fields; a long list of keys is cut short.

The control store and ``chosho pf list`` have all keys; a message names the first few.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from chosho.retention.pf_deletion import Plan

NAMED: Final = 8
"""Most keys that a message names."""


def told(plan: Plan, today: date) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the messages of a plan."""
    for outgoing in plan.to_send:
        fields: dict[str, object] = {"instruction": outgoing.instruction, "keys": len(outgoing.keys)}
        if outgoing.sends == 1:
            yield "CHSE020I", fields
        else:
            yield "CHSE021W", {**fields, "sends": outgoing.sends}
    for waiting in plan.waiting:
        late = waiting.prepared_on < today
        fields = {"instruction": waiting.instruction, "keys": waiting.keys, "date": waiting.prepared_on}
        yield "CHSE023W" if late else "CHSE022I", fields
    for closed, verified in plan.closed:
        yield "CHSE024I" if verified else "CHSE025W", {"instruction": closed.id, "keys": closed.keys}
    for finding in plan.findings:
        yield (
            "CHSE030W",
            {
                "code": finding.code,
                "meaning": finding.meaning,
                "instruction": finding.instruction,
                "keys": len(finding.keys),
                "named": names(finding.keys),
            },
        )
    if plan.overdue:
        yield (
            "CHSE031W",
            {
                "keys": len(plan.overdue),
                "first": plan.overdue[0].due_on,
                "named": names([one.key.id for one in plan.overdue]),
            },
        )


def names(keys: Sequence[str]) -> str:
    """Return the first keys of a list, and how many more there are.

    >>> names(["A1", "B2"])
    'A1 B2'
    """
    more = len(keys) - NAMED
    return " ".join(keys[:NAMED]) + (f" and {more} more" if more > 0 else "")
