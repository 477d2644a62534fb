"""Assembly of records (組立): partners found by key, and records put together from runs of their partners' bytes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chosho.codec.batch import Block


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A run of bytes to be copied: where it stands in its source, where it goes, how long it is."""

    start: int
    target: int
    length: int


class Assembler:
    """Puts records of one layout together (レコードの組立).

    Args:
        template: uint8[lrecl], the bytes of a record before anything is copied into it.
        left: runs taken from the record itself.
        right: runs taken from its partner.
        made: runs taken from the record of made items.
    """

    def __init__(
        self, template: Block, left: Sequence[Run], right: Sequence[Run], made: Sequence[Run]
    ) -> None:
        self._template = np.ascontiguousarray(template)
        self._moves = np.array(
            [
                (source, run.start, run.target, run.length)
                for source, runs in enumerate((left, right, made))
                for run in _joined(runs)
            ],
            np.int64,
        ).reshape(-1, 4)

    def run(self, left: Block, right: Block, partner: npt.NDArray[np.int64], made: Block) -> Block:
        """Return one record for each record of ``left``.

        Args:
            left: uint8[n, any], C-contiguous.
            right: uint8[m, any], C-contiguous.
            partner: int64[n], the row of ``right`` that belongs to each row of ``left``.
            made: uint8[n, any], C-contiguous.

        Raises:
            IndexError: a partner is not in ``right``.
        """
        from chosho.codec import assemble_kernel  # numba loads at the first call

        if len(partner) and (int(partner.min()) < 0 or int(partner.max()) >= len(right)):
            raise IndexError("a partner is not in the right block")
        out = np.empty((len(left), len(self._template)), np.uint8)
        assemble_kernel.assemble(out, self._template, left, right, partner, made, self._moves)
        return out


def last_partner(left: Block, right: Block) -> npt.NDArray[np.int64]:
    """Return for each key the last row of ``right`` that has it, or -1.

    Args:
        left: uint8[n, k], keys in ascending order; any strides.
        right: uint8[m, k], keys in ascending order; any strides.

    Returns:
        int64[n].
    """
    from chosho.codec import assemble_kernel

    out = np.empty(len(left), np.int64)
    assemble_kernel.last_partner(left, right, out)
    return out


def _joined(runs: Sequence[Run]) -> list[Run]:
    """Return the runs in the order of their targets, neighbours that continue each other made one."""
    joined: list[Run] = []
    for run in sorted(runs, key=lambda one: one.target):
        last = joined[-1] if joined else None
        if last and last.start + last.length == run.start and last.target + last.length == run.target:
            joined[-1] = Run(start=last.start, target=last.target, length=last.length + run.length)
        else:
            joined.append(run)
    return joined
