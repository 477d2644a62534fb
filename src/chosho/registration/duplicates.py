"""Duplicates (重複): requests that say again what the last request of the same person said.

A request is a duplicate of the one before it of the same person that stays, when the kind is the same and all that the update
compares for that kind (:data:`chosho.registration.update_table.ITEMS`): the second would write nothing. So a 登録 again with
the same number is one, a 修正 only when name, relation, office and day are the same, too. The first in order of acceptance stays.
Only neighbours are compared: after a change of number and back, the last word must count.
"""

import numpy as np
import pyarrow as pa

from chosho.codec import batch as batches
from chosho.codec import rows
from chosho.codec.batch import Block
from chosho.codec.rows import Mask
from chosho.registration import decision, facts, rejection, request
from chosho.registration.decision import RepeatFacts
from chosho.registration.finding import Findings
from chosho.registration.update_table import ITEMS

_FILE = slice(request.FIELDS["CHANNEL"].offset, request.FIELDS["RECORD-NO"].offset)
_CODES = {kind: code.encode() for code, kind in request.KINDS.items()}
_BLANK = np.uint8(ord(" "))


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
    said = _said(block)
    again &= rows.repeats(said, said.shape[1])
    first = np.where(again, 0, np.arange(len(block), dtype=np.int64))
    return again, np.maximum.accumulate(first) if len(block) else first


def _said(block: Block) -> Block:
    """Return what each request says: its kind, and the items that count for that kind, side by side; the others are blank."""
    kinds = batches.view(request.FIELDS, block, "REQUEST-KIND")
    columns = [kinds]
    for item in ITEMS:
        if item.compared:
            column = batches.view(request.FIELDS, block, item.source)
            column = column[:, : item.length or column.shape[1]]
            counts = facts.one_of(kinds, [_CODES[kind] for kind in item.compared])
            columns.append(np.where(counts[:, None], column, _BLANK))
    return np.ascontiguousarray(np.concatenate(columns, axis=1))
