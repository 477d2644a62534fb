"""Figures of a summary table (合計表の計数): statements, people and yen, counted from the bytes of the files themselves.

A summary has a line per group: by 年分, the records that count and those that void submitted ones (訂正表示 1) apart, by whether
the payee lives abroad (居住者・非居住者), 323 also by cause. A record that counts in a file with records that void is a right one.
What is summed follows the notes of the forms (様式十・十一): 保険金額等 is the amount and its increase, 年金の支払金額 is
without the dividends, which are written outside.

People are told apart by name and address as they stand in the rows, never by their numbers; only a 64-bit digest of these two
is kept while counting. The rows must have passed the check.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from chosho.codec import figures_kernel as kernel
from chosho.statement import layout

Data = bytes | bytearray | memoryview

SUMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "310": {
        "保険金額等": ("benefit_amount", "added_benefit_amount"),
        "差引支払保険金額等": ("net_paid_amount",),
    },
    "366": {"年金の支払金額": ("annuity_paid_amount",), "源泉徴収税額": ("withholding_tax",)},
    "323": {
        "保険金額等": ("benefit_amount", "added_benefit_amount"),
        "差引支払保険金額等": ("net_paid_amount",),
    },
    "386": {},
}
"""Kind → what its summary adds up → the items that go into it."""

_PAYEE = {"310": "beneficiary", "366": "payee", "323": "beneficiary", "386": "new_contractor"}
_BY_CAUSE = ("323",)
CAUSES = ("死亡", "満期", "解約")
"""Causes that a summary of 323 names; every other is その他."""
OTHER = "その他"
_PIECE = 1 << 22
_MERGE = 1 << 21


@dataclass(frozen=True, order=True, slots=True)
class Group:
    """A line of a summary.

    ``year`` is the 年分 as two digits ("" for 386); ``void``: its records void submitted ones; ``overseas``: the payee lives
    abroad; ``cause`` for 323 only; ``right``: its records stand in the place of voided ones.
    """

    year: str
    void: bool
    overseas: bool
    cause: str = ""
    right: bool = False


@dataclass(kw_only=True, slots=True)
class Line:
    """The figures of a group (計数): statements, people, yen by what is added up."""

    statements: int = 0
    people: int = 0
    amounts: dict[str, int] = field(default_factory=dict)


class Count:
    """Counts all files of one kind: :meth:`feed` the bytes of each, cut anywhere, :meth:`end_file` after each.

    Args:
        code: the kind.

    Raises:
        InputRefused: there is no layout of that kind (CHSN001E).
    """

    def __init__(self, code: str) -> None:
        self.titles = tuple(SUMS[code])
        self._by_cause = code in _BY_CAUSE
        self._roles = _roles(code)
        self._dated = kernel.R_YEAR in self._roles
        self._rest = bytearray()
        self._lines: dict[Group, Line] = {}
        self._people: dict[Group, list[NDArray[np.uint64]]] = {}
        self._file: dict[Group, tuple[Line, list[NDArray[np.uint64]]]] = {}

    def feed(self, data: Data) -> None:
        """Take the next bytes of a file."""
        self._rest += memoryview(data).cast("B")
        if len(self._rest) >= _PIECE:
            self._count(self._rest.rfind(b"\n") + 1)

    def end_file(self) -> None:
        """Count the rows that are left; a last row without its line end counts."""
        if self._rest and not self._rest.endswith(b"\n"):
            self._rest += b"\n"
        self._count(len(self._rest))
        corrects = any(group.void for group in self._file)
        for group, (line, people) in self._file.items():
            self._enter(replace(group, right=corrects and not group.void), line, people)
        self._file = {}

    @property
    def statements(self) -> int:
        """Statements of the files that have ended."""
        return sum(line.statements for line in self._lines.values())

    def lines(self) -> dict[Group, Line]:
        """Return the figures by group, in a fixed order; people are counted once in each group."""
        for group, line in self._lines.items():
            line.people = self.people([group])
        return dict(sorted(self._lines.items()))

    def people(self, groups: Iterable[Group]) -> int:
        """Return how many people there are in some groups together, each counted once."""
        seen = [part for group in groups for part in self._people.get(group, ())]
        return len(np.unique(np.concatenate(seen))) if seen else 0

    def _count(self, end: int) -> None:
        if end == 0:
            return
        rows = np.frombuffer(bytes(memoryview(self._rest)[:end]), np.uint8)
        del self._rest[:end]
        number = int(np.count_nonzero(rows == ord("\n")))
        sums = np.zeros((number, max(len(self.titles), 1)), np.int64)
        marks = np.full((number, 4), ord("0"), np.uint8)
        words = np.zeros((number, 2), np.uint64)
        kernel.figures(rows, self._roles, sums, marks, words)
        void, overseas = (marks[:, :2] == ord("1")).T
        cause = _causes(words[:, 1]) if self._by_cause else np.zeros(number, np.int64)
        year = (marks[:, 2].astype(np.int64) - ord("0")) * 10 + marks[:, 3] - ord("0")
        keys = (year << 4) + (void << 3) + (overseas << 2) + cause
        for key in np.unique(keys).tolist():
            name = (*CAUSES, OTHER)[key & 3] if self._by_cause else ""
            group = Group(f"{key >> 4:02d}" if self._dated else "", bool(key & 8), bool(key & 4), name)
            mine = keys == key
            self._add(group, sums[mine], words[mine, 0])

    def _add(self, group: Group, sums: NDArray[np.int64], people: NDArray[np.uint64]) -> None:
        line, seen = self._file.setdefault(group, (Line(amounts=dict.fromkeys(self.titles, 0)), []))
        line.statements += len(sums)
        for slot, title in enumerate(self.titles):
            line.amounts[title] += int(sums[:, slot].sum())
        _see(seen, [np.unique(people)])

    def _enter(self, group: Group, found: Line, people: list[NDArray[np.uint64]]) -> None:
        """Add the figures of a file that has ended to those of its group."""
        line = self._lines.setdefault(group, Line(amounts=dict.fromkeys(self.titles, 0)))
        line.statements += found.statements
        for title in self.titles:
            line.amounts[title] += found.amounts[title]
        _see(self._people.setdefault(group, []), people)


def _see(seen: list[NDArray[np.uint64]], people: list[NDArray[np.uint64]]) -> None:
    """Add people to those that were seen, each held about once."""
    seen += people
    if sum(map(len, seen[1:])) > _MERGE:
        seen[:] = [np.unique(np.concatenate(seen))]


def _roles(code: str) -> NDArray[np.int32]:
    items = layout.load(code).items
    roles = np.zeros(len(items), np.int32)
    special = {
        "correction_flag": kernel.R_VOID,
        f"{_PAYEE[code]}_overseas_flag": kernel.R_OVERSEAS,
        f"{_PAYEE[code]}_address": kernel.R_PERSON,
        f"{_PAYEE[code]}_name": kernel.R_PERSON,
    }
    if code in _BY_CAUSE:
        special["insured_event_text"] = kernel.R_CAUSE
    slots = {name: slot for slot, names in enumerate(SUMS[code].values(), start=1) for name in names}
    for place, item in enumerate(items):
        year = kernel.R_YEAR if item.content is layout.Content.TAX_YEAR else kernel.R_NONE
        roles[place] = slots.get(item.english, special.get(item.english, year))
    missing = {*slots, *special} - {item.english for item in items}
    if missing:
        raise ValueError(f"layout {code} has no {', '.join(sorted(missing))}")
    return roles


def _causes(words: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the place of each cause in :data:`CAUSES`, after the last for every other."""
    found = np.full(len(words), len(CAUSES), np.int64)
    for place, cause in enumerate(CAUSES):
        found[words == np.uint64(_fnv(cause.encode("cp932")))] = place
    return found


def _fnv(data: bytes) -> int:
    value = kernel.FNV_START
    for byte in data:
        value = (value ^ byte) * kernel.FNV_STEP & 0xFFFF_FFFF_FFFF_FFFF
    return value
