"""Build statements (支払調書の作成): payments beside their matched numbers in, rows of the disc format out.

The rule of step s230, over whole key groups of PAYDATA and MATCH:

- a payment of kind 310 or 323 is one statement; the annuity payments of the same policy, role and payee are added up into one of
  kind 366 (its yearly amounts are summed; texts, and the amounts of the inherited annuity as a whole, are the first payment's);
  another customer number or another mark of 相続等生命保険年金 begins a statement of its own: neither a second person nor the
  items of an inherited annuity vanish in a sum;
- every item of ``copybooks/nta/<kind>.csv`` in its order, items - 1 commas, CR LF, no header, no quotes; CP932;
- text is made writable (:mod:`chosho.statement.text_table`); a name that cannot be written becomes the kana name, any other
  text has 〓 for each such character; text that is too long is cut. Each change is one CHANGE record;
- an item that the 年分 does not know stays empty.

Statement 386 has no payments: :func:`build_changes` makes it of CHGDATA records, one statement each, by the same kernel.
"""

import functools
from collections.abc import Generator, Iterable, Mapping
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from chosho import copybook
from chosho.codec import batch, pair_kernel
from chosho.codec import compose_kernel as kernel
from chosho.errors import Contradiction, InputRefused
from chosho.statement import entry, item_table, text_table
from chosho.statement.parameters import Parameters

KINDS = ("310", "366", "323")
"""The kinds that are built of payments, in the order of their rows on the volumes."""
ALL_KINDS = (*KINDS, "386")
"""All kinds that are built, in that order."""

CHANGES = "changes"
RULES = {
    kernel.WIDENED: "FW",
    kernel.FOLDED: "FD",
    kernel.KANA: "KN",
    kernel.GETA: "GT",
    kernel.CUT: "CT",
    kernel.SQUEEZED: "SP",
    kernel.MISPLACED: "NP",
}
"""The rules of a CHANGE record: half to full width · folded by table · whole name to kana · 〓 · cut · spaces squeezed to one ·
a corporate number left out of an item for individual numbers only."""

Outputs: TypeAlias = Mapping[str, pa.RecordBatch]
"""``k310``, ``k366``, ``k323``, or ``k386``: one row per statement: ``row`` (binary, with its CR LF) and ``entry`` (binary, see
:mod:`chosho.statement.entry`). ``changes``: ``record`` (binary(48), CHANGE)."""

_WHAT = {
    "310": (pair_kernel.LUMP_SUM,),
    "366": (pair_kernel.ANNUITY, pair_kernel.CONTINUED),
    "323": (pair_kernel.INHERITED_SUM,),
}
_KEY = entry.KEY
_GROUP = 15  # policy, role, payee: what the payments of one annuity statement have in common


def built(
    pairs: Iterable[tuple[batch.Block, batch.Block]], parameters: Parameters
) -> Generator[tuple[int, Outputs], None, None]:
    """Yield for each pair of PAYDATA and MATCH blocks how many payments it has and what :func:`build` makes of it."""
    for payments, matches in pairs:
        yield len(payments), build(batch.to_batch(payments), batch.to_batch(matches), parameters)


def build(left: pa.RecordBatch, right: pa.RecordBatch, parameters: Parameters) -> Outputs:
    """Build the statements of whole key groups.

    Args:
        left: PAYDATA records, every payment of each policy in the batch, in key order.
        right: MATCH records, one per payment, in the same order.
        parameters: the 年分 and the settings.

    Returns:
        the outputs named in :data:`Outputs`, in the order of the payments.

    Raises:
        Contradiction: payments and matches do not stand side by side (CHSN010E), a payment is of no kind (CHSN011E), or a value
            does not fit its item (CHSN012E).
        InputRefused: a text cannot be written and the setting says stop (CHSN013E).
    """
    payments, matches = batch.block(left), batch.block(right)
    what = _pair(payments, matches)
    changes: list[NDArray[np.int64]] = []
    outputs: dict[str, pa.RecordBatch] = {}
    for code in KINDS:
        members = np.flatnonzero(np.isin(what, _WHAT[code]))
        starts = np.append(np.flatnonzero(what[members] != pair_kernel.CONTINUED), len(members))
        outputs[f"k{code}"] = _compose(code, payments, matches, members, starts, parameters, changes)
    outputs[CHANGES] = _change_records(payments, np.concatenate(changes), parameters)
    return outputs


def build_changes(changes: pa.RecordBatch, parameters: Parameters) -> Outputs:
    """Build statements 386 (保険契約者等の異動に関する調書).

    Args:
        changes: CHGDATA records in key order.
        parameters: the settings.

    Returns:
        ``k386`` and ``changes``, see :data:`Outputs`.

    Raises:
        Contradiction, InputRefused: see :func:`build`.
    """
    records = batch.block(changes)
    rows, noted = np.arange(len(records) + 1), list[NDArray[np.int64]]()
    outputs = {"k386": _compose("386", records, records, rows[:-1], rows, parameters, noted)}
    outputs[CHANGES] = _change_records(records, np.concatenate(noted), parameters)
    return outputs


@functools.cache
def _fields(member: str) -> dict[str, copybook.Field]:
    return copybook.load(member).named()


def _pair(payments: batch.Block, matches: batch.Block) -> NDArray[np.uint8]:
    """Return what each payment is (see :func:`chosho.codec.pair_kernel.pair`), after a look at the record beside it."""
    fields, beside = _fields("PAYDATA"), _fields("MATCH")
    if len(payments) != len(matches):
        raise Contradiction(
            "CHSN010E", record=_place(payments, min(len(payments), len(matches), len(payments) - 1))
        )
    what = np.empty(len(payments), np.uint8)
    code, here, there = fields["STATEMENT-CODE"].offset, fields["PLACE"].offset, beside["PLACE"].offset
    customer, flag = fields["CUSTOMER-NO"], fields["INHERITED-FLAG"].offset
    found = pair_kernel.pair(
        payments, matches, _KEY, _GROUP, customer.offset, customer.length, flag, code, here, there, what
    )
    if found >= 0:
        raise Contradiction("CHSN010E", record=_place(payments, found))
    if found < -1:
        raise Contradiction("CHSN011E", record=_place(payments, -2 - found))
    return what


def _place(payments: batch.Block, row: int) -> int:
    """Return the number of the record in its whole generation, for messages; CHGDATA has its place where PAYDATA has it."""
    if not 0 <= row < len(payments):
        return 0
    return int(batch.view(_fields("PAYDATA"), payments, "PLACE")[row])


def _compose(
    code: str,
    payments: batch.Block,
    matches: batch.Block,
    members: NDArray[np.int64],
    starts: NDArray[np.int64],
    parameters: Parameters,
    changes: list[NDArray[np.int64]],
) -> pa.RecordBatch:
    """Return one kind's batch, and append its events as (first payment, code, item, bits)."""
    table, text = item_table.table(code, parameters), text_table.table()
    count = len(starts) - 1
    out = np.empty(count * table.longest_row + 8, np.uint8)  # 8: the kernel copies by words
    ends = np.empty(count, np.int64)
    entries = entry.blank(code, count)
    events = np.empty((count * len(table.items), 3), np.int32)
    written, noted = kernel.compose(
        payments.ctypes.data,
        payments.shape[1],
        matches.ctypes.data,
        matches.shape[1],
        members,
        starts,
        table.items,
        table.cached,
        table.cache_start,
        table.cache_length,
        parameters.zero_amount == "empty",
        parameters.last_item == "space",
        text.kind.ctypes.data,
        text.wide.ctypes.data,
        text.fold_at.ctypes.data,
        text.fold.ctypes.data,
        out.ctypes.data,
        ends,
        entries.ctypes.data,
        entry.places(),
        table.main_slot,
        events,
    )
    first = members[starts[:-1]]
    seen = events[:noted].astype(np.int64)
    changes.append(np.column_stack([first[seen[:, 0]], np.full(noted, int(code)), seen[:, 1], seen[:, 2]]))
    offsets = np.zeros(count + 1, np.int32)
    offsets[1:] = ends
    rows = pa.Array.from_buffers(
        pa.binary(), count, [None, pa.py_buffer(offsets), pa.py_buffer(out[:written])]
    )
    return pa.RecordBatch.from_arrays([rows, batch.to_batch(entries).column(0)], names=["row", "entry"])


def _change_records(
    payments: batch.Block, events: NDArray[np.int64], parameters: Parameters
) -> pa.RecordBatch:
    """Return the CHANGE records of the events, in the order of payment, item and rule."""
    events = events[np.lexsort((events[:, 2], events[:, 0]))]
    for bits, message in ((kernel.UNFIT, "CHSN012E"), (kernel.GETA, "CHSN013E")):
        found = np.flatnonzero(events[:, 3] & bits)
        if len(found) and message == "CHSN012E":
            row, code, item, _ = events[found[0]]
            raise Contradiction(message, record=_place(payments, int(row)), kind=int(code), item=int(item))
        if len(found) and parameters.address_unwritable == "stop":
            row, code, item, _ = events[found[0]]
            raise InputRefused(message, record=_place(payments, int(row)), kind=int(code), item=int(item))
    hits = [(np.flatnonzero(events[:, 3] & bits), rule) for bits, rule in RULES.items()]
    which = np.concatenate([found for found, _ in hits])
    rules = np.repeat(np.array([rule.encode() for _, rule in hits]), [len(found) for found, _ in hits])
    order = np.argsort(which, kind="stable")
    return _changes(payments, events[which[order]], rules[order])


def _changes(payments: batch.Block, events: NDArray[np.int64], rules: NDArray[np.bytes_]) -> pa.RecordBatch:
    fields = _fields("CHANGE")
    block = np.full((len(events), copybook.load("CHANGE").length), 0x20, np.uint8)
    block[:, :_KEY] = payments[events[:, 0], :_KEY]
    batch.view(fields, block, "STATEMENT-CODE")[:] = _digits(events[:, 1], 3)
    batch.view(fields, block, "ITEM-NO")[:] = _digits(events[:, 2], 2)
    batch.view(fields, block, "RULE")[:] = np.frombuffer(rules.tobytes(), np.uint8).reshape(-1, 2)
    return batch.to_batch(block)


def _digits(numbers: NDArray[np.int64], width: int) -> NDArray[np.uint8]:
    """Return numbers as ASCII digits, zero padded to ``width``: uint8[n, width]."""
    places = 10 ** np.arange(width - 1, -1, -1)
    return (numbers[:, None] // places % 10 + ord("0")).astype(np.uint8)
