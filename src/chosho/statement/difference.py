"""Difference (差異): statements as the contract master would give them now, against those that stand submitted.

The rule of step s235, over whole key groups (year, kind, policy, role, payee) of both sides. A statement is

- **new** when none of its key stands submitted: it is sent with 提出区分 2 (追加);
- **changed** when an item differs: what stands submitted is sent again as it was, with 訂正表示 1 and 提出区分 4 (無効), then the
  right one with 提出区分 3 (訂正);
- **gone** when no payment states it any more: it is voided only;
- **cancelled** when the list of cancellations names it: it is voided only, and what the contract master states of it is held back;
- **the same** otherwise.

The key is that of the statement with its payment, but one annuity statement of a payee beside one that stands submitted are the
same statement, whichever payment comes first in it now. 提出年月日 and 訂正表示 are no content. The order of what is sent is that
of the keys, a void before its right statement. New statements stand in files of their own, before those that correct: a summary
table counts each 提出区分 apart, and a record with 訂正表示 0 does not say whether it is new or right.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from chosho import copybook
from chosho.codec import batch
from chosho.errors import Contradiction, InputRefused
from chosho.statement import copies, entry, force, item_table, layout
from chosho.statement.parameters import Parameters

SCOPES: Final = ("ALL", "NEW", "CORRECTIONS")
"""What a run sends: all, new statements only, or what corrects those that stand submitted."""
WHOLE, ADDITIONS, CORRECTIONS, VOIDS, RIGHTS = "whole", "additions", "corrections", "voids", "rights"
"""Which part of the difference a call gives out: the whole, or one file's share."""
LISTING: Final = (WHOLE, CORRECTIONS, VOIDS)
"""The parts that list what differs; every way of parting has one of them."""

SENT, LISTED = "sent", "listed"
CHANGED, GONE, ADDED, CANCELLED = b"CGNX"
"""WHAT of a DIFFER record."""

Outputs: TypeAlias = Mapping[str, pa.RecordBatch]
"""``sent``: one row per statement: ``row`` (binary) and ``entry`` (binary(192), see :mod:`chosho.statement.entry`). ``listed``:
``record`` (binary(48), DIFFER), one per statement that differs, sent or not; in one of :data:`LISTING` only."""

_ADDED_UP = frozenset({"366"})
_MARK, _SUBMITTED = "訂正表示", "提出年月日"
_LIST = 48


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Comparison:
    """How the statements of one kind are compared, and what is given out."""

    code: str
    mark: int
    """Number of the item 訂正表示."""
    ignored: NDArray[np.uint8]
    """1 for the numbers of items that are no content."""
    slots: NDArray[np.int64]
    """Slot of an item's yen, -1 when it is no amount."""
    main_slot: int
    scope: str
    part: str
    cancelled: NDArray[np.bytes_]
    """Keys of the kind without the year, of statements that shall not stand, sorted; of an added-up kind without the payment."""

    @classmethod
    def of(
        cls,
        code: str,
        parameters: Parameters,
        *,
        scope: str = SCOPES[0],
        part: str = WHOLE,
        cancelled: batch.Block | None = None,
    ) -> Self:
        """Return the comparison of a kind.

        Args:
            code: the kind.
            parameters: of the build.
            scope: one of :data:`SCOPES`.
            part: what a call gives out.
            cancelled: CANCEL records, any kinds.

        Raises:
            InputRefused: there is no such kind (CHSN001E) or scope (CHSN070E).
        """
        if scope not in SCOPES:
            raise InputRefused("CHSN070E", parameter="SCOPE", choices=" | ".join(SCOPES))
        items = layout.load(code).items
        from chosho.codec.difference_kernel import ITEMS  # numba loads at the first call

        ignored, slots = np.zeros(ITEMS, np.uint8), np.full(ITEMS, -1, np.int64)
        for slot, item in enumerate(layout.load(code).amounts):
            slots[item.number] = slot
        for item in items:
            ignored[item.number] = item.name == _MARK or item.name.startswith(_SUBMITTED)
        return cls(
            code=code,
            mark=next(item.number for item in items if item.name == _MARK),
            ignored=ignored,
            slots=slots,
            main_slot=item_table.table(code, parameters).main_slot,
            scope=scope,
            part=part,
            cancelled=_cancelled(code, cancelled),
        )

    @property
    def added_up(self) -> bool:
        """Whether payments are added up into one statement of this kind."""
        return self.code in _ADDED_UP

    def cancels(self, keys: batch.Block) -> NDArray[np.bool_]:
        """Return which FORCE keys the list of cancellations names."""
        end = force.GROUP if self.added_up else force.KEY
        return np.isin(force.keys(np.ascontiguousarray(keys[:, 4:end]), end - 4), self.cancelled)


def kinds(text: str) -> Sequence[str]:
    """Return the kinds that a deck names, separated by blanks.

    Raises:
        InputRefused: it names none (CHSN070E), or one that has no layout (CHSN001E).
    """
    found = text.split()
    if not found or len(set(found)) < len(found):
        raise InputRefused("CHSN070E", parameter="KINDS", choices="kinds, each once, as 310 366")
    for code in found:
        layout.load(code)
    return found


def _cancelled(code: str, records: batch.Block | None) -> NDArray[np.bytes_]:
    end = (force.GROUP if code in _ADDED_UP else force.KEY) - 4
    if records is None or not len(records):
        return np.empty(0, f"S{end}")
    mine = records[(records[:, :3] == np.frombuffer(code.encode("ascii"), np.uint8)).all(axis=1)]
    return np.unique(force.keys(mine, end))


def difference(left: pa.RecordBatch, right: pa.RecordBatch, comparison: Comparison) -> Outputs:
    """Return what separates the two sides; see the module.

    Args:
        left: statements in force of one year and kind, whole key groups: ``record`` (FORCE) and ``row``, in key order.
        right: statements as they would be built now, of the same groups, likewise.
        comparison: how, and what is given out.

    Raises:
        Contradiction: a key stands twice on one side (CHSN071E), or a row is marked as a correction (CHSN072E).
    """
    old, new = _Side.of(left, "in force"), _Side.of(right, "built")
    from chosho.codec import difference_kernel  # numba loads at the first call

    old_pair, new_pair = _pair_keys(old.records, new.records, comparison.added_up)
    partner = _found_in(old_pair, new_pair)
    pairs = np.flatnonzero(partner >= 0)
    item = np.zeros(len(old.records), np.int64)
    item_of_pairs = np.empty(len(pairs), np.int64)
    difference_kernel.compare(
        old.data, old.at, new.data, new.at, pairs, partner[pairs], comparison.ignored, item_of_pairs
    )
    item[pairs] = item_of_pairs
    old_stops, new_stops = comparison.cancels(old.records), comparison.cancels(new.records)
    paired = np.zeros(len(new.records), np.bool_)
    paired[partner[pairs]] = True

    what = np.full(len(old.records), CHANGED, np.uint8)
    what[partner < 0] = GONE
    stopped = old_stops.copy()
    stopped[pairs] |= new_stops[partner[pairs]]
    what[stopped] = CANCELLED
    void = np.flatnonzero(stopped | (partner < 0) | (item > 0))
    changed = void[what[void] == CHANGED]
    added = np.flatnonzero(~paired & ~new_stops)

    send_old, send_new = comparison.scope != "NEW", comparison.scope != "CORRECTIONS"
    sent = _sent(comparison, old, new, void, changed, partner, added, (send_old, send_new))
    listed = np.empty((0, _LIST), np.uint8)
    if comparison.part in LISTING:
        listed = np.concatenate(
            [
                _list(
                    old.records[void], what[void], np.where(what[void] == CHANGED, item[void], 0), send_old
                ),
                _list(new.records[added], np.uint8(ADDED), np.zeros(len(added), np.int64), send_new),
            ]
        )
        listed = listed[np.argsort(force.keys(listed), kind="stable")]
    return {SENT: sent, LISTED: batch.to_batch(np.ascontiguousarray(listed))}


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """FORCE records, and the bytes and places of their rows."""

    records: batch.Block
    data: NDArray[np.uint8]
    at: NDArray[np.int64]

    @classmethod
    def of(cls, found: pa.RecordBatch, side: str) -> "_Side":
        records = batch.block(found.select([batch.COLUMN]))
        keys = force.keys(records)
        if (keys[1:] <= keys[:-1]).any():
            raise Contradiction("CHSN071E", side=side)
        return cls(records, *copies.row_bytes(found.column(copies.ROW)))


def _pair_keys(
    old: batch.Block, new: batch.Block, added_up: bool
) -> tuple[NDArray[np.bytes_], NDArray[np.bytes_]]:
    """Return the keys by which statements are paired: without the payment where each side has one statement of a payee."""
    if not added_up:
        return force.keys(old), force.keys(new)
    groups = force.keys(old, force.GROUP), force.keys(new, force.GROUP)
    found = []
    for side, mine in zip((old, new), groups, strict=True):
        alone = np.ones(len(side), np.bool_)
        for other in groups:
            first, last = (np.searchsorted(other, mine, side=end) for end in ("left", "right"))
            alone &= last - first == 1
        key = side[:, : force.KEY].copy()
        key[alone, force.GROUP :] = ord("0")
        found.append(force.keys(key))
    return found[0], found[1]


def _found_in(wanted: NDArray[np.bytes_], ordered: NDArray[np.bytes_]) -> NDArray[np.int64]:
    """Return where each string stands among ordered ones, -1 when it does not."""
    place = np.searchsorted(ordered, wanted).astype(np.int64)
    there = place < len(ordered)
    there[there] = ordered[place[there]] == wanted[there]
    return np.where(there, place, -1)


def _sent(
    comparison: Comparison,
    old: _Side,
    new: _Side,
    void: NDArray[np.int64],
    changed: NDArray[np.int64],
    partner: NDArray[np.int64],
    added: NDArray[np.int64],
    scope: tuple[bool, bool],
) -> pa.RecordBatch:
    """Return the rows that go out, with their entries: by key, a void before its right statement."""
    from chosho.codec import difference_kernel

    none = np.empty(0, np.int64)
    voids = void if scope[0] and comparison.part in {WHOLE, CORRECTIONS, VOIDS} else none
    rights = changed if scope[0] and comparison.part in {WHOLE, CORRECTIONS, RIGHTS} else none
    added = added if scope[1] and comparison.part in {WHOLE, ADDITIONS} else none
    # A right statement stands behind the one that it replaces, also when its own payment number is another.
    keys = [force.keys(old.records[voids]), force.keys(old.records[rights]), force.keys(new.records[added])]
    order = np.argsort(np.concatenate(keys), kind="stable")
    rows = np.concatenate([voids, partner[rights], added])[order]
    filing = np.repeat(
        np.array([force.VOID, force.RIGHT, force.ADDED], np.uint8), [len(voids), len(rights), len(added)]
    )[order]
    voided = (filing == force.VOID).astype(np.uint8)
    lengths = np.where(
        voided == 1, np.diff(old.at)[rows.clip(max=len(old.at) - 2)] if len(old.at) > 1 else 0,
        np.diff(new.at)[rows.clip(max=len(new.at) - 2)] if len(new.at) > 1 else 0,
    )  # fmt: skip
    out, ends = np.empty(int(lengths.sum()), np.uint8), np.empty(len(rows), np.int64)
    wrong = difference_kernel.compose(
        old.data, old.at, new.data, new.at, voided, rows, comparison.mark, out, ends
    )
    if wrong >= 0:
        side = "in force" if voided[wrong] else "built"
        raise Contradiction("CHSN072E", kind=comparison.code, item=comparison.mark, side=side)
    records = np.empty((len(rows), force.LRECL), np.uint8)
    records[voided == 1] = old.records[rows[voided == 1]]
    records[voided == 0] = new.records[rows[voided == 0]]
    at = np.concatenate([[0], ends]).astype(np.int64)
    entries = _entries(comparison, records, filing, out, at)
    return pa.RecordBatch.from_arrays(
        [copies.row_column(out, lengths.astype(np.int64)), batch.to_batch(entries).column(0)],
        names=["row", "entry"],
    )


def _entries(
    comparison: Comparison,
    records: batch.Block,
    filing: NDArray[np.uint8],
    data: NDArray[np.uint8],
    at: NDArray[np.int64],
) -> batch.Block:
    from chosho.codec import difference_kernel

    here, there = force.fields(), entry.fields()
    entries = entry.blank(comparison.code, len(records))
    for name in ("POLICY-NO", "ROLE-CODE", "PAYEE-NO", "PAYMENT-NO", "ROW-LENGTH", "PAYMENTS"):
        batch.view(there, entries, name)[:] = batch.view(here, records, name)
    entries[:, there["FILING-CLASS"].offset] = filing
    void = filing == force.VOID
    for name, source in (("VOIDED-OFFSET", "ROW-OFFSET"), ("VOIDED-COPY", "COPY-GENERATION")):
        batch.view(there, entries, name)[:] = np.where(void, batch.view(here, records, source), 0)
    yen = np.zeros((len(records), entry.SLOTS), np.int64)
    difference_kernel.amounts(data, at, comparison.slots, yen)
    entries[:, entry.INDEX :] = yen.view(np.uint8)
    batch.view(there, entries, "MAIN-AMOUNT")[:] = yen[:, comparison.main_slot]
    return entries


@functools.cache
def list_fields() -> dict[str, copybook.Field]:
    """Return the fields of DIFFER."""
    return copybook.load("DIFFER").named()


def _list(
    records: batch.Block, what: NDArray[np.uint8] | np.uint8, item: NDArray[np.int64], sent: bool
) -> batch.Block:
    fields = list_fields()
    block = np.full((len(records), _LIST), ord(" "), np.uint8)
    block[:, : force.KEY] = records[:, : force.KEY]
    block[:, fields["WHAT"].offset] = what
    place = fields["ITEM-NO"].offset
    block[:, place], block[:, place + 1] = item // 10 + ord("0"), item % 10 + ord("0")
    block[:, fields["SENT"].offset] = ord("1" if sent else "0")
    return block
