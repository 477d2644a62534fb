"""Acquisition status (個人番号等取得状況): what terminals may know of the number master, held or not held, never a number."""

import numpy as np
import pyarrow as pa

from chosho.codec import batch as batches
from chosho.codec import keys
from chosho.codec.batch import Block
from chosho.copybook import load

PERSON_KEY = 15
"""Bytes that make a whole group, and that order the status: policy, role, payee number."""
_MASTER, _STATUS = load("NUMMAST").named(), load("NUMSTAT").named()
_LRECL = load("NUMSTAT").length
_TAKEN = ("STATE-CODE", "REASON-CODE", "REGISTERED-ON")
_HELD_STATE = ord("1")
_HELD, _NOT_HELD = ord("1"), ord("0")


def status(master: pa.RecordBatch) -> pa.RecordBatch:
    """Return one NUMSTAT record per person.

    The newest registration (highest 個人番号等登録通番) of a person counts; a number is held when its state is 1 and in no other.

    Args:
        master: NUMMAST records in ascending order, whole groups of :data:`PERSON_KEY`.
    """
    block = batches.block(master)
    starts = keys.group_starts(block, PERSON_KEY)
    newest = block[np.append(starts[1:], len(block)) - 1] if len(block) else block
    out = np.full((len(newest), _LRECL), ord(" "), np.uint8)
    out[:, :PERSON_KEY] = newest[:, :PERSON_KEY]
    for name in _TAKEN:
        batches.view(_STATUS, out, name)[:] = batches.view(_MASTER, newest, name)
    held = batches.view(_MASTER, newest, "STATE-CODE")[:, 0] == _HELD_STATE
    batches.view(_STATUS, out, "HELD")[:, 0] = np.where(held, _HELD, _NOT_HELD)
    return batches.to_batch(out)


def held(statuses: Block) -> int:
    """Return how many NUMSTAT records say that a number is held."""
    return int(np.count_nonzero(batches.view(_STATUS, statuses, "HELD")[:, 0] == _HELD))
