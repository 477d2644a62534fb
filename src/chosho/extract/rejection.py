"""Rejected records (不良レコード): the source record in its own code page, with the reason and the field at fault."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from chosho.codec import batch as batches
from chosho.codec.batch import Block
from chosho.copybook import Layout, load
from chosho.extract import verdict

_REJECT = load("REJECT")


def field_names(payment: Layout, contract: Layout) -> Sequence[bytes]:
    """Return the names of fields by the FIELD-PLACE of a verdict; those of the contract master are marked as such."""
    names = [name.encode("cp932") for name in payment.named()]
    names += [b""] * (verdict.CONTRACT_FIELDS - len(names))
    return names + [b"CONTRACT." + name.encode("cp932") for name in contract.named()]


def records(block: Block, first: int, refused: npt.NDArray[Any], names: Sequence[bytes]) -> Block:
    """Return REJECT records.

    Args:
        block: source records.
        first: the place of the first one in the file, from 0.
        refused: verdicts of rejected records of the block (see :func:`verdict.unpack`).
        names: see :func:`field_names`.
    """
    fields = _REJECT.named()
    out = np.full((len(refused), _REJECT.length), ord(" "), np.uint8)
    if not len(refused):
        return out
    batches.view(fields, out, "RECORD-NO")[:] = refused["place"].astype(np.int64) + 1
    reason = np.ascontiguousarray(refused["outcome"]).view(np.uint8).reshape(-1, 4)
    batches.view(fields, out, "REASON")[:] = reason
    name_field = batches.view(fields, out, "FIELD-NAME")
    for place in np.unique(refused["field"]):
        name = np.frombuffer(names[place] if place >= 0 else b"", np.uint8)[: name_field.shape[1]]
        name_field[refused["field"] == place, : len(name)] = name
    source = batches.view(fields, out, "SOURCE-RECORD")
    source[:, : block.shape[1]] = block[refused["place"].astype(np.int64) - first]
    return out
