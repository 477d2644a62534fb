"""The customer gaiji table (外字置換表): spellings that a person approved, put in the place of texts before statements are built.

An entry names a policy, for a payee's text also role and payee, a field of the payment data, the text that stands there and the
text that is to stand there. It applies where all of these are so: when the contract system corrects the text, the entry is
silent. The replacement is writable as it is (JIS X 0208, full width, single spaces), so the builder does not change it again.

>>> encoded("髙橋　花子", 30) is None
True
>>> encoded("高橋　花子", 30).decode("cp932")
'高橋　花子'
"""

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chosho import copybook
from chosho.codec import batch, keys
from chosho.statement import layout, review, text_table

LRECL: Final = 512
KEY: Final = 239
"""Bytes at the start of a GAIJI record that order it: person, field, text before."""
POLICY: Final = 11
_PERSON: Final = 15
_PAYEE: Final = "PAYEE-"
"""What the fields of a payee's texts begin with; all others belong to the policy."""
_PAIR: Final = 2
_POLICY_NO: Final = re.compile(rb"[0-9A-Z]{11}")
_DAY: Final = re.compile(rb"[0-9]{8}")


@functools.cache
def fields() -> dict[str, copybook.Field]:
    """Return the fields of GAIJI."""
    return copybook.load("GAIJI").named()


@functools.cache
def limits() -> Mapping[str, int]:
    """Return the fields whose texts can be replaced, each with the most characters that every item made of it takes."""
    found: dict[str, int] = {}
    for code in layout.kinds():
        for item in layout.load(code).items:
            if name := review.source_field(item):
                found[name] = min(item.length, found.get(name, item.length))
    return found


def encoded(text: str, limit: int) -> bytes | None:
    """Return a replacement as CP932 bytes; None when it is empty, too long or not writable as it is.

    Args:
        text: the replacement.
        limit: the most characters.
    """
    try:
        data = text.encode("cp932")
    except UnicodeEncodeError:
        return None
    kind = text_table.table().kind
    pairs = np.frombuffer(data, "<u2") if len(data) % _PAIR == 0 else np.empty(0, "<u2")
    if len(pairs) != len(text) or not 0 < len(text) <= limit:
        return None
    spaces = kind[pairs] == text_table.SPACE
    if not (spaces | (kind[pairs] == text_table.PLAIN)).all():
        return None
    if spaces[0] or spaces[-1] or (spaces[1:] & spaces[:-1]).any():
        return None
    return data


def entry(record: batch.Block, replacement: bytes, *, approved_by: str, approved_on: str) -> batch.Block:
    """Return the GAIJI record, ``uint8[1, 512]``, that gives a listed text another spelling.

    Args:
        record: its REVIEW record.
        replacement: see :func:`encoded`; empty to take an entry back.
        approved_by: who.
        approved_on: when, yyyymmdd.
    """
    out, named, source = np.full((1, LRECL), ord(" "), np.uint8), fields(), review.fields()
    for name in ("POLICY-NO", "ROLE-CODE", "PAYEE-NO", "FIELD-NAME", "BEFORE-TEXT"):
        batch.view(named, out, name)[:] = batch.view(source, record, name)
    if not batch.view(named, out, "FIELD-NAME").tobytes().startswith(_PAYEE.encode()):
        out[:, POLICY:_PERSON] = ord(" ")
    for name, text in (
        ("AFTER-TEXT", replacement),
        ("APPROVED-BY", approved_by.encode("cp932", "replace")[: named["APPROVED-BY"].length]),
        ("APPROVED-ON", approved_on.encode("ascii")),
    ):
        batch.view(named, out, name)[0, : len(text)] = np.frombuffer(text, np.uint8)
    return out


def fault(records: batch.Block) -> str:
    """Return why approved entries cannot be taken, as a reason code; empty when they can.

    GPOL no policy number · GFLD no field that can be replaced · GTXT a replacement that is not writable or too long · GDAY no day.
    """
    for record in records:

        def text(name: str, record: NDArray[np.uint8] = record) -> bytes:
            one = fields()[name]
            return record[one.offset : one.offset + one.length].tobytes().rstrip(b" ")

        limit = limits().get(text("FIELD-NAME").decode("ascii", "replace"), 0)
        after = text("AFTER-TEXT")
        for wrong, code in (
            (not _POLICY_NO.fullmatch(text("POLICY-NO")), "GPOL"),
            (not limit, "GFLD"),
            (bool(after) and encoded(after.decode("cp932", "replace"), limit) != after, "GTXT"),
            (not _DAY.fullmatch(text("APPROVED-ON")), "GDAY"),
        ):
            if wrong:
                return code
    return ""


def merged(old: batch.Block, entries: Sequence[batch.Block]) -> batch.Block:
    """Return the table after approvals, in key order: a later entry replaces an earlier one, an empty one takes it away."""
    together = np.concatenate([old, *entries]) if entries else old
    ordered = together[keys.order(together, KEY)]
    starts = keys.group_starts(ordered, KEY) if len(ordered) else np.empty(0, np.int64)
    last = ordered[np.append(starts[1:], len(ordered)) - 1] if len(ordered) else ordered
    after = batch.view(fields(), last, "AFTER-TEXT")
    return np.ascontiguousarray(last[(after != ord(" ")).any(axis=1)])


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Field:
    """The entries of one field. ``known``: person and text before, as one value each, ascending."""

    offset: int
    length: int
    person: int
    known: NDArray[np.bytes_]
    after: NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Table:
    """The table, as it is applied to blocks of payment data (外字置換)."""

    policies: NDArray[np.bytes_]
    entries: tuple[_Field, ...]
    counts: Counter[str] = field(default_factory=Counter)
    """``gaiji.entries``, and ``gaiji.applied``: texts that were replaced."""

    @classmethod
    def of(cls, blocks: Iterable[batch.Block], named: Mapping[str, copybook.Field]) -> "Table":
        """Return the table.

        Args:
            blocks: GAIJI records.
            named: the fields of the records that it is applied to, PAYDATA or CHGDATA; entries of other fields are not its own.
        """
        records = np.concatenate([np.empty((0, LRECL), np.uint8), *(block.copy() for block in blocks)])
        width = fields()["FIELD-NAME"].length
        names = np.ascontiguousarray(batch.view(fields(), records, "FIELD-NAME")).view(f"S{width}")
        found = []
        for name in np.unique(names).tolist():
            target = named.get(name.decode("ascii", "replace").rstrip())
            if target is not None:
                mine = records[(names == name).reshape(-1)]
                found.append(_entries(mine, target, _PERSON if name.startswith(_PAYEE.encode()) else POLICY))
        counts = Counter({"gaiji.entries": sum(len(one.known) for one in found), "gaiji.applied": 0})
        return cls(policies=np.unique(_values(records[:, :POLICY])), entries=tuple(found), counts=counts)

    def replaced(
        self, pairs: Iterable[tuple[batch.Block, batch.Block]]
    ) -> Iterator[tuple[batch.Block, batch.Block]]:
        """Yield pairs of blocks, the left one with its texts replaced."""
        for left, right in pairs:
            yield self.apply(left), right

    def apply(self, block: batch.Block) -> batch.Block:
        """Return a block with its texts replaced: itself when nothing applies, else a copy."""
        if not len(self.policies) or not len(block):
            return block
        policies = _values(block[:, :POLICY])
        rows = np.flatnonzero(_found(self.policies, policies) >= 0)
        if not len(rows):
            return block
        out = block.copy()
        for one in self.entries:
            texts = block[rows, one.offset : one.offset + one.length]
            place = _found(one.known, _values(np.hstack([block[rows, : one.person], texts])))
            hits = np.flatnonzero(place >= 0)
            out[rows[hits], one.offset : one.offset + one.length] = one.after[place[hits]]
            self.counts["gaiji.applied"] += len(hits)
        return out


def _entries(records: batch.Block, target: copybook.Field, person: int) -> _Field:
    """Return the entries of a field, ascending."""
    before = batch.view(fields(), records, "BEFORE-TEXT")[:, : target.length]
    after = batch.view(fields(), records, "AFTER-TEXT")[:, : target.length]
    known = _values(np.hstack([records[:, :person], before]))
    order = np.argsort(known, kind="stable")
    return _Field(
        offset=target.offset,
        length=target.length,
        person=person,
        known=known[order],
        after=np.ascontiguousarray(after[order]),
    )


def _values(block: NDArray[np.uint8]) -> NDArray[np.bytes_]:
    """Return rows of bytes as one value each."""
    return np.ascontiguousarray(block).view(f"S{block.shape[1]}").reshape(-1)


def _found(known: NDArray[np.bytes_], values: NDArray[np.bytes_]) -> NDArray[np.int64]:
    """Return the place of each value in ascending known ones, -1 where it is not."""
    place = np.minimum(np.searchsorted(known, values), len(known) - 1)
    return np.where(known[place] == values, place, -1)
