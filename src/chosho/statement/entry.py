"""Entries (明細): what a statement leaves behind besides its row: its STMTIDX record, then its yen per amount item.

An entry is a record of :data:`LRECL` bytes: STMTIDX, then :data:`SLOTS` amounts as int64 in the order of the kind's layout, 0 where
the item is empty. The rule makes it with ROW-OFFSET 0; the ledger, which sees all rows, fills that in.
"""

import functools

import numpy as np
from numpy.typing import NDArray

from chosho import copybook
from chosho.codec import batch

SLOTS = 16
"""Amount items that an entry, and a file of the volume plan, have room for."""

INDEX = 64
"""Bytes of the STMTIDX record at its start."""

LRECL = INDEX + 8 * SLOTS
"""Bytes of an entry."""

KEY = 19
"""Bytes of its key: policy, role, payee, payment."""


@functools.cache
def fields() -> dict[str, copybook.Field]:
    """Return the fields of STMTIDX."""
    return copybook.load("STMTIDX").named()


def blank(code: str, count: int) -> batch.Block:
    """Return entries of a kind before anything is known of their statements, ``uint8[count, LRECL]``."""
    return np.tile(_blank(code), (count, 1))


@functools.cache
def _blank(code: str) -> batch.Block:
    block = np.zeros((1, LRECL), np.uint8)
    block[:, :INDEX] = ord(" ")
    batch.view(fields(), block, "STATEMENT-CODE")[:] = np.frombuffer(code.encode("ascii"), np.uint8)
    for name in ("ROW-OFFSET", "ROW-LENGTH", "PAYMENTS", "MAIN-AMOUNT", "VOIDED-OFFSET", "VOIDED-COPY"):
        batch.view(fields(), block, name)[:] = 0
    return block


@functools.cache
def places() -> NDArray[np.int64]:
    """Return what the kernel writes where: lrecl, key length, offsets of row length, payments, main amount, first amount."""
    offsets = [fields()[name].offset for name in ("ROW-LENGTH", "PAYMENTS", "MAIN-AMOUNT")]
    return np.array([LRECL, KEY, *offsets, INDEX], np.int64)
