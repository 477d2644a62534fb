"""Faults of records (不良): the first fault found in each record of a block, whoever finds it."""

import functools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from chosho.codec.fault import Faults, Reason
from chosho.extract.column import Mask, Numbers
from chosho.extract.verdict import Codes, number


class FaultList:
    """The first fault of each of n records: its code as a number and the place of the field."""

    def __init__(self, count: int) -> None:
        self.codes: Codes = np.zeros(count, np.uint32)
        self.fields: npt.NDArray[np.int32] = np.full(count, -1, np.int32)

    def add(self, at: Mask | Numbers, code: str, field: int) -> None:
        """Note a fault where none is noted yet.

        Args:
            at: bool[n], or the numbers of the records.
            code: four characters.
            field: the place of the field among the fields of the source.
        """
        rows = np.flatnonzero(at) if at.dtype == np.bool_ else at
        rows = rows[self.codes[rows] == 0]
        self.codes[rows], self.fields[rows] = number(code), field

    def add_faults(self, faults: Faults, fields: Sequence[int]) -> None:
        """Note the faults of the codec, for each record the one of the first move.

        Args:
            faults: of one run of a transcoder over the block.
            fields: for each move of the transcoder, the place of its source field among the fields of the source.
        """
        if not len(faults):
            return
        order = np.lexsort((faults.field, faults.record))
        rows, first = np.unique(faults.record[order], return_index=True)
        first = order[first]
        new = self.codes[rows] == 0
        self.codes[rows[new]] = _codes()[faults.reason[first[new]]]
        self.fields[rows[new]] = np.array(fields, np.int32)[faults.field[first[new]]]

    @property
    def sound(self) -> Mask:
        """Which records are without fault (bool[n])."""
        sound: Mask = self.codes == 0
        return sound


@functools.cache
def _codes() -> Codes:
    """Return the codes of the codec's reasons, by their number."""
    table = np.zeros(max(Reason) + 1, np.uint32)
    for reason in Reason:
        table[reason] = number(reason.code)
    return table
