"""Control totals of the extract (件数・金額の集計): counts by name, as the deck balances them."""

from typing import Any

import numpy as np
import numpy.typing as npt

from chosho.codec import batch as batches
from chosho.codec.batch import Block
from chosho.copybook import load
from chosho.extract import made, verdict

ALWAYS = (
    "read",
    "kept",
    "kept.yen",
    *(f"kept.{code}{unit}" for code in ("310", "366") for unit in ("", ".yen")),
    "left_out",
    *(f"left_out.{code}" for code in verdict.LEFT_OUT),
    "rejected",
    "contract.read",
    "previous.records",
)
"""The counts that are there also when they are 0."""
_PAYDATA = load("PAYDATA").named()


def of_verdicts(judged: npt.NDArray[Any]) -> dict[str, int]:
    """Count verdicts: ``left_out`` and ``rejected``, each also by its code; kept ones are counted when they are built."""
    counts: dict[str, int] = {}
    for outcome, number in zip(*np.unique(judged["outcome"], return_counts=True), strict=True):
        code = verdict.text(outcome)
        if code in verdict.KEPT:
            continue
        name = "left_out" if code in verdict.LEFT_OUT else "rejected"
        counts[name] = counts.get(name, 0) + int(number)
        counts[f"{name}.{code}"] = int(number)
    return counts


def of_payments(block: Block) -> dict[str, int]:
    """Count PAYDATA records and yen: ``kept``, ``kept.yen``, and both by statement.

    The amount is that of the statement's main item: 差引支払保険金額等 for 310, 年金の支払金額 for 366.
    """
    annuity = made.annuities(block, _PAYDATA)
    net = batches.view(_PAYDATA, block, "NET-PAID-AMOUNT")[~annuity]
    paid = batches.view(_PAYDATA, block, "ANNUITY-PAID-AMOUNT")[annuity]
    lump_yen, annuity_yen = int(net.sum()), int(paid.sum())
    return {
        "kept": len(block),
        "kept.yen": lump_yen + annuity_yen,
        "kept.310": len(net),
        "kept.310.yen": lump_yen,
        "kept.366": len(paid),
        "kept.366.yen": annuity_yen,
    }
