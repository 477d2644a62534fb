"""The pair of persons of a payment (付定対象): what the match needs of a payment data record, a thirteenth of its bytes."""

from collections.abc import Iterable, Iterator

import numpy as np

from chosho.codec import batch as batches
from chosho.codec.batch import Block
from chosho.copybook import load

_PAYDATA, _PAIR = load("PAYDATA").named(), load("PAYPAIR").named()
_LRECL = load("PAYPAIR").length
_SAME = _PAIR["STATEMENT-CODE"].offset
"""Bytes at the start that both records have."""
_TAKEN = ("STATEMENT-CODE", "PAYEE-PARTY", "CONTRACTOR-PARTY", "CAUSE-DATE")


def pairs(payments: Iterable[Block]) -> Iterator[Block]:
    """Yield for each block of PAYDATA records their PAYPAIR records."""
    for block in payments:
        out = np.full((len(block), _LRECL), ord(" "), np.uint8)
        out[:, :_SAME] = block[:, :_SAME]
        for name in _TAKEN:
            batches.view(_PAIR, out, name)[:] = batches.view(_PAYDATA, block, name)
        yield out
