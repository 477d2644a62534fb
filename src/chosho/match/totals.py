"""Control totals of the match (付定件数): counts by name, as the deck balances them."""

import numpy as np

from chosho.codec import batch as batches
from chosho.codec.batch import Block
from chosho.copybook import load
from chosho.match import decision

ALWAYS = ("read", "written", "matched.payee", "matched.contractor", "empty", "master.read")
"""The counts that are there also when they are 0."""
_MATCH = load("MATCH").named()


def of_matches(block: Block) -> dict[str, int]:
    """Count MATCH records: filled items by party, empty ones by reason (``empty.<reason>``, both items together)."""
    counts = {"written": len(block)}
    for party in ("payee", "contractor"):
        reasons = np.ascontiguousarray(batches.view(_MATCH, block, f"{party.upper()}-REASON")).view("S2")[
            :, 0
        ]
        for reason, number in zip(*np.unique(reasons, return_counts=True), strict=True):
            code = reason.decode("ascii")
            if code == decision.FILLED:
                counts[f"matched.{party}"] = int(number)
            else:
                counts[f"empty.{code}"] = counts.get(f"empty.{code}", 0) + int(number)
                counts["empty"] = counts.get("empty", 0) + int(number)
    return counts


def doubtful(counts: dict[str, int]) -> int:
    """Return how many items stayed empty because of a doubt."""
    return sum(counts.get(f"empty.{reason}", 0) for reason in decision.DOUBTS)
