"""Control totals of the extract (件数・金額の集計): counts by name, as the deck balances them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from chosho.codec import batch as batches
from chosho.codec.batch import Block
from chosho.copybook import load
from chosho.extract import made, verdict

_PAYDATA = load("PAYDATA").named()
_MAIN = {"310": "NET-PAID-AMOUNT", "366": "ANNUITY-PAID-AMOUNT", "323": "NET-PAID-AMOUNT"}


def always(kinds: Sequence[str]) -> tuple[str, ...]:
    """Return the counts that a deck of these kinds has also when they are 0."""
    return (
        "read",
        "kept",
        "kept.yen",
        *(f"kept.{kind}{unit}" for kind in kinds for unit in ("", ".yen")),
        "left_out",
        *(f"left_out.{code}" for code in verdict.left_out(kinds)),
        "rejected",
        "findings",
        "contract.read",
        "previous.records",
    )


def of_verdicts(judged: npt.NDArray[Any], kinds: Sequence[str]) -> dict[str, int]:
    """Count verdicts: ``left_out`` and ``rejected``, each also by its code; kept ones are counted when they are built."""
    counts: dict[str, int] = {}
    for outcome, number in zip(*np.unique(judged["outcome"], return_counts=True), strict=True):
        code = verdict.text(outcome)
        if code in verdict.kept(kinds):
            continue
        name = "left_out" if code in verdict.left_out(kinds) else "rejected"
        counts[name] = counts.get(name, 0) + int(number)
        counts[f"{name}.{code}"] = int(number)
    return counts


def of_payments(block: Block, kinds: Sequence[str]) -> dict[str, int]:
    """Count PAYDATA records and yen: ``kept``, ``kept.yen``, and both by statement.

    The amount is that of the statement's main item: 差引支払保険金額等 for 310 and 323, 年金の支払金額 for 366.
    """
    counts = {"kept": len(block), "kept.yen": 0}
    for kind in kinds:
        mine = made.of_kind(block, kind, _PAYDATA)
        yen = int(batches.view(_PAYDATA, block, _MAIN[kind])[mine].sum())
        counts |= {f"kept.{kind}": int(np.count_nonzero(mine)), f"kept.{kind}.yen": yen}
        counts["kept.yen"] += yen
    return counts
