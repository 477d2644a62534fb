"""Questions asked of rows of bytes (行の検査): of what bytes they are made, which are equal. Views of any strides are taken."""

import numpy as np
import numpy.typing as npt

from chosho.codec.batch import Block

Mask = npt.NDArray[np.bool_]
"""One truth per row, ``bool[n]``."""


def allowed(characters: bytes) -> Mask:
    """Return the table of the bytes that stand in ``characters``, for :func:`all_in`: ``bool[256]``."""
    table = np.zeros(256, np.bool_)
    table[list(characters)] = True
    return table


DIGITS = allowed(b"0123456789")
"""The ASCII digits."""
SPACES = allowed(b" ")
"""The space."""


def all_in(rows: Block, table: Mask) -> Mask:
    """Return which rows consist of the bytes of a table (see :func:`allowed`)."""
    from chosho.codec import rows_kernel  # numba loads at the first call

    out = np.empty(len(rows), np.bool_)
    rows_kernel.all_in(rows, table, out)
    return out


def equal(rows: Block, others: Block) -> Mask:
    """Return which rows are the same as those of another block of the same shape.

    Raises:
        ValueError: the shapes differ.
    """
    from chosho.codec import rows_kernel

    if rows.shape != others.shape:
        raise ValueError("rows to be compared have one shape")
    out = np.empty(len(rows), np.bool_)
    rows_kernel.equal(rows, others, out)
    return out


def repeats(block: Block, length: int) -> Mask:
    """Return which rows begin with the same ``length`` bytes as the row before."""
    out = np.zeros(len(block), np.bool_)
    if len(block):
        out[1:] = equal(block[1:, :length], block[:-1, :length])
    return out
