"""Statements in force (提出済調書): those that stand submitted and are not voided, and how a submission enters them.

One FORCE record per statement: its key, in which statement copy its row stands and where, its 提出区分; no content.
The key is year of the run, kind, policy, role, payee, payment: the first :data:`KEY` bytes. A void on its way carries the key and
the place of the row that it voids, so that it can void that very statement and no later one.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from chosho import copybook
from chosho.codec import batch
from chosho.errors import Contradiction
from chosho.statement import entry

LRECL = 64
"""Bytes of a FORCE record."""
KEY = 26
"""Bytes of its key."""
GROUP = 22
"""Bytes of the key without the payment: year, kind, policy, role, payee."""

NEW, ADDED, RIGHT, VOID = b"1234"
"""提出区分: 新規, 追加, 訂正, 無効."""


@functools.cache
def fields() -> dict[str, copybook.Field]:
    """Return the fields of FORCE."""
    return copybook.load("FORCE").named()


def of_index(index: batch.Block, year: str, generation: int = 0) -> batch.Block:
    """Return FORCE records of STMTIDX records: of what they state, or, of voids, of what they void.

    Args:
        index: ``uint8[n, 64]``.
        year: yyyy, of the run.
        generation: of the copy in which the rows stand.
    """
    there, here = entry.fields(), fields()
    block = np.full((len(index), LRECL), ord(" "), np.uint8)
    batch.view(here, block, "TAX-YEAR")[:] = np.frombuffer(year.encode("ascii"), np.uint8)
    for name in ("STATEMENT-CODE", "POLICY-NO", "ROLE-CODE", "PAYEE-NO", "PAYMENT-NO", "FILING-CLASS",
                 "ROW-LENGTH", "PAYMENTS"):  # fmt: skip
        batch.view(here, block, name)[:] = batch.view(there, index, name)
    filing = block[:, here["FILING-CLASS"].offset]
    filing[filing == ord(" ")] = NEW
    void = filing == VOID
    places = (("ROW-OFFSET", "ROW-OFFSET", "VOIDED-OFFSET"), ("COPY-GENERATION", "", "VOIDED-COPY"))
    for name, usual, voided in places:
        stated = batch.view(there, index, usual) if usual else np.int64(generation)
        batch.view(here, block, name)[:] = np.where(void, batch.view(there, index, voided), stated)
    return block


def of_submission(
    index: batch.Block, year: str, copies: Mapping[str, int], submitted_on: date
) -> batch.Block:
    """Return the FORCE records of a submitted run's STMTIDX records.

    Args:
        index: ``uint8[n, 64]``.
        year: yyyy, of the run.
        copies: kind → generation of its statement copy.
        submitted_on: the day of the submission.

    Raises:
        Contradiction: a statement is of a kind of which the run left no copy (CHSN078E).
    """
    codes = _words(batch.view(entry.fields(), index, "STATEMENT-CODE"))
    block = np.empty((len(index), LRECL), np.uint8)
    for code in np.unique(codes).tolist():
        if code.decode() not in copies:
            raise Contradiction("CHSN078E", kind=code.decode())
        mine = codes == code
        block[mine] = of_index(index[mine], year, copies[code.decode()])
    day = np.frombuffer(f"{submitted_on:%Y%m%d}".encode("ascii"), np.uint8)
    batch.view(fields(), block, "SUBMITTED-ON")[:] = day
    return block


def of_kind(blocks: Iterable[batch.Block], year: str, code: str) -> Iterator[batch.Block]:
    """Yield the FORCE records of one year and kind; at least one block, be it empty."""
    wanted = np.frombuffer(f"{year}{code}".encode("ascii"), np.uint8)
    yield np.empty((0, LRECL), np.uint8)
    for block in blocks:
        chosen = block[(block[:, : len(wanted)] == wanted).all(axis=1)]
        if len(chosen):
            yield chosen


def of_built(blocks: Iterable[batch.Block], year: str, code: str) -> Iterator[batch.Block]:
    """Yield the FORCE records that the statements of one kind would have, of the STMTIDX records of a build."""
    wanted = np.frombuffer(code.encode("ascii"), np.uint8)
    yield np.empty((0, LRECL), np.uint8)
    for block in blocks:
        chosen = block[(batch.view(entry.fields(), block, "STATEMENT-CODE") == wanted).all(axis=1)]
        if len(chosen):
            yield of_index(chosen, year)


def keys(block: batch.Block, length: int = KEY) -> NDArray[np.bytes_]:
    """Return the first bytes of each record as one string each."""
    return _words(block[:, :length])


def _words(part: NDArray[np.uint8]) -> NDArray[np.bytes_]:
    found: NDArray[np.bytes_] = np.ascontiguousarray(part).view(f"S{part.shape[1]}")[:, 0]
    return found


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Entered:
    """What :func:`enter` makes: the statements in force from now on, and what it counted."""

    force: pa.RecordBatch
    added: int
    voided: int
    twice: int
    """Statements that stand submitted already."""
    astray: int
    """Voids of what does not stand submitted."""


def enter(left: pa.RecordBatch, right: pa.RecordBatch) -> Entered:
    """Enter a submission's statements into those in force, whole keys at a time.

    Args:
        left: FORCE records in force, each key once.
        right: the submission's, in key order; of one key the void first.
    """
    held, came = batch.block(left), batch.block(right)
    here = fields()
    void = came[:, here["FILING-CLASS"].offset] == VOID
    held_keys, void_keys = keys(held), keys(came[void])
    place = np.searchsorted(held_keys, void_keys)
    found = place < len(held)
    found[found] = held_keys[place[found]] == void_keys[found]
    for name in ("ROW-OFFSET", "COPY-GENERATION"):
        wanted, there = batch.view(here, came[void], name), batch.view(here, held, name)
        found[found] = there[place[found]] == wanted[found]
    found &= _first(void_keys)
    kept = np.ones(len(held), np.bool_)
    kept[place[found]] = False
    add_keys = keys(came[~void])
    fresh = _first(add_keys) & ~np.isin(add_keys, held_keys[kept])
    force = np.concatenate([held[kept], came[~void][fresh]])
    order = np.argsort(keys(force), kind="stable")
    return Entered(
        force=batch.to_batch(np.ascontiguousarray(force[order])),
        added=int(fresh.sum()),
        voided=int(found.sum()),
        twice=int((~fresh).sum()),
        astray=int((~found).sum()),
    )


def _first(ordered: NDArray[np.bytes_]) -> NDArray[np.bool_]:
    """Return which strings differ from the one before them."""
    first = np.ones(len(ordered), np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    return first
