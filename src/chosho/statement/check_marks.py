"""Records held against each other (レコード間の検査): the same statement twice, and 訂正表示 1 records beside the right ones.

Each record stands here as four numbers (``codec/mark_kernel.py``), so that a million of them take 40 MB. More than
:data:`BUDGET` records are compared in parts: a part holds those whose mark of payee and event falls into it, and the files are
read once for each. A disc names no contract, so two contracts that agree in everything look like a record sent twice: a warning.
"""

import numpy as np
from numpy.typing import NDArray

from chosho.codec import mark_kernel
from chosho.statement.check import TakeMarks

Numbers = NDArray[np.int64]
Found = tuple[str, int, Numbers]
"""A rule, the place of the file in the order given, and the records in it that break the rule, counted from 1."""

BUDGET = 2_500_000
"""Records that are compared at once."""
_MOST_PARTS = 1024
_FILE = 40  # bits for the number of a record
_PLACE = mark_kernel.MARKS


class Marks:
    """The marks of the records of some files (照合値): collect, then ask for the findings.

    Args:
        part: which part of the records is compared, from 0.
        parts: how many parts there are, a power of two. The first part finds out by itself.
    """

    def __init__(self, part: int = 0, parts: int = 1) -> None:
        self.part = part
        self.parts = parts
        self._may_part = parts == 1
        self._rows = np.empty((BUDGET, _PLACE + 1), np.int64)
        self._count = 0

    def of_file(self, file: int) -> TakeMarks:
        """Return what takes the marks of a file, given by its place."""

        def take(before: int, marks: Numbers) -> None:
            self._take((file << _FILE) + before + 1, marks)

        return take

    def _take(self, first: int, marks: Numbers) -> None:
        ours = self._ours(marks)
        while self._count + len(ours) > len(self._rows):
            self._make_room()
            ours = self._ours(marks)
        rows = self._rows[self._count : self._count + len(ours)]
        rows[:, :_PLACE] = marks[ours]
        rows[:, _PLACE] = ours + first
        self._count += len(ours)

    def _ours(self, marks: Numbers) -> Numbers:
        part = marks[:, mark_kernel.WHO] & (self.parts - 1)
        return np.flatnonzero((marks[:, mark_kernel.CORRECTION] >= 0) & (part == self.part))

    def _make_room(self) -> None:
        """Halve what is compared; records that all look alike cannot be parted, then there must be more room."""
        if not self._may_part or self.parts == _MOST_PARTS:
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])
            return
        self.parts *= 2
        rows = self._rows[: self._count]
        kept = rows[self._ours(rows)]
        self._count = len(kept)
        self._rows[: self._count] = kept

    def findings(self) -> list[Found]:
        """Return what these records break: DUPROW, DUPKEY, VOIDTWO, VOIDONLY."""
        rows = _worth_comparing(self._rows[: self._count])
        if not len(rows):
            return []
        content, same, who, correction, place = rows.T
        rows = rows[np.lexsort((place, content, correction, same, who))]
        content, same, who, correction, place = rows.T
        before = np.ones(len(rows), np.bool_)  # differs from the record before it in the order of the marks
        before[1:] = (who[1:] != who[:-1]) | (same[1:] != same[:-1]) | (correction[1:] != correction[:-1])
        again = place != _least(place, np.flatnonzero(before))
        before[1:] |= content[1:] != content[:-1]
        whole = ~before
        events = np.flatnonzero(np.r_[True, who[1:] != who[:-1]])
        replaced = _least(correction, events) == 0
        void = correction == 1
        broken = {
            "DUPROW": whole & ~void,
            "DUPKEY": again & ~whole & ~void,
            "VOIDTWO": whole & void,
            "VOIDONLY": void & ~whole & ~replaced,
        }
        return [found for rule, where in broken.items() for found in _by_file(rule, place[where])]


def _least(values: Numbers, starts: Numbers) -> Numbers:
    """Return for every record what is the least in its group; groups are given by their first places."""
    return np.repeat(np.minimum.reduceat(values, starts), np.diff(np.r_[starts, len(values)]))


def _worth_comparing(rows: Numbers) -> Numbers:
    """Return the records that share payee and event with another one, and those that void."""
    who = rows[:, mark_kernel.WHO]
    order = np.argsort(who)
    equal = who[order][1:] == who[order][:-1]
    shared = np.zeros(len(rows), np.bool_)
    shared[order[1:]] |= equal
    shared[order[:-1]] |= equal
    found: Numbers = rows[shared | (rows[:, mark_kernel.CORRECTION] == 1)]
    return found


def _by_file(rule: str, places: Numbers) -> list[Found]:
    places = np.sort(places)
    files = places >> _FILE
    return [(rule, int(file), places[files == file] - (int(file) << _FILE)) for file in np.unique(files)]
