"""Duplicates (重複): requests that say again what the last request of the same person said.

A request is a duplicate of the one before it of the same person that stays, when kind, numbers and reason are the same; the
first in order of acceptance stays. Only neighbours are compared: after a change of number and back, the last word must count.
"""

import numpy as np
import pyarrow as pa

from chosho.codec import batch as batches
from chosho.codec import rows
from chosho.codec.batch import Block
from chosho.codec.rows import Mask
from chosho.registration import decision, rejection, request
from chosho.registration.decision import RepeatFacts
from chosho.registration.finding import Findings

_SAME = slice(request.FIELDS["REQUEST-KIND"].offset, request.FIELDS["RELATION-CODE"].offset)
"""What a request says: kind, both numbers and reason stand in a row."""
_FILE = slice(request.FIELDS["CHANNEL"].offset, request.FIELDS["RECORD-NO"].offset)


def single(requests: pa.RecordBatch) -> dict[str, pa.RecordBatch]:
    """Take duplicates out of requests (重複の排除).

    Args:
        requests: in ascending order of their key, whole groups of the policy number.

    Returns:
        ``transactions``: REGTRAN records of those that stay, in order; ``rejects``: REGREJ records of the others, in order.
    """
    block = batches.block(requests)
    again, stays = _repeats(block)
    findings = Findings(block)
    same_file = rows.equal(block[:, _FILE], block[stays][:, _FILE])
    decision.decide(decision.REPEATED, RepeatFacts(again=again, same_file=same_file), findings)
    return {
        "transactions": batches.to_batch(request.transactions(block[~again])),
        "rejects": batches.to_batch(rejection.records(block, findings)),
    }


def _repeats(block: Block) -> tuple[Mask, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Return which requests are duplicates, and for each request the row of the one that stays (itself when it does)."""
    again = rows.repeats(block, request.PERSON_KEY)
    said = np.ascontiguousarray(block[:, _SAME])
    again &= rows.repeats(said, said.shape[1])
    first = np.where(again, 0, np.arange(len(block), dtype=np.int64))
    return again, np.maximum.accumulate(first) if len(block) else first
