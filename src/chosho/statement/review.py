"""The text review (文字審査): what a person should see of the texts of built statements, before and after.

Two things are listed: each change that the builder made of a text (CHANGE; its rules keep their names), and what it leaves as it is
although the recording rules ask for something else, which only a person can judge:

- PZ a postal code in an address, PU another sign than －～・ in it (標準規格 §5(2));
- N2 more than one space in a name, TI a title behind it, CO a company form that does not stand in brackets (§5(3)).

The obligor's own texts are a setting and are not listed. The work is one pass per kind over index, changes and rows, side by
side, then one over the payment data for the text before. No item for numbers is ever listed.
"""

import functools
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chosho import copybook
from chosho.codec import batch
from chosho.errors import StopLine
from chosho.statement import layout
from chosho.statement.layout import Content, Item

LRECL: Final = 480
KEY: Final = 26
"""Bytes at the start of a REVIEW record that order it: the payment's key, kind, item, rule."""
STATEMENT: Final = 22
"""Bytes of the payment's key and the kind, in REVIEW and in STMTIDX."""
PAYMENT: Final = 19
"""Bytes of the payment's key."""
TEXT: Final = 200
"""Bytes of a text field."""
RULES: Final = ("FW", "FD", "KN", "GT", "CT", "SP", "PZ", "PU", "N2", "TI", "CO")
"""Every rule of a REVIEW record: the builder's, then those of this module in the order of the kernel's bits."""
_LOOKED: Final = RULES[6:]
_VOID: Final = "4"
"""提出区分 of a void statement."""
_OURS: Final = ("OBLIGOR-", "SUBMITTER-")

_SIGNS: Final = "　・－～ー々仝ゝゞヽヾ〇〆"
"""What may stand in an address of the signs of JIS X 0208: a space, －～・, and the signs that are letters."""
_TITLES: Final = ("様", "殿", "御中")
_COMPANIES: Final = (
    "株式会社",
    "有限会社",
    "合資会社",
    "合名会社",
    "医療法人",
    "協同組合",
    "農業協同組合",
    "漁業協同組合",
    "企業組合",
    "組合連合会",
    "財団法人",
    "社団法人",
    "社会福祉法人",
    "宗教法人",
    "学校法人",
)
"""The forms that have an abbreviation in brackets (§5(3)); 独立行政法人 has none."""


def _patterns(texts: tuple[str, ...]) -> NDArray[np.uint16]:
    table = np.zeros((len(texts), max(map(len, texts))), np.uint16)
    for row, text in enumerate(texts):
        table[row, : len(text)] = np.frombuffer(text.encode("cp932"), ">u2")
    return table


@functools.cache
def _tables() -> tuple[NDArray[np.uint16], NDArray[np.uint16], NDArray[np.uint16]]:
    return _patterns((_SIGNS,))[0], _patterns(_TITLES), _patterns(_COMPANIES)


@functools.cache
def fields() -> dict[str, copybook.Field]:
    """Return the fields of REVIEW."""
    return copybook.load("REVIEW").named()


def source_field(item: Item) -> str:
    """Return the field of the payment data that a text comes from; empty when the item is no text, or the obligor's."""
    name = item.field.rpartition(".")[2]
    return "" if item.content is not Content.TEXT or name.startswith(_OURS) else name


@functools.cache
def _sources(code: str) -> tuple[str, ...]:
    """Return the source field of each item of a kind, by its number."""
    return ("", *(source_field(item) for item in layout.load(code).items))


@functools.cache
def _looked_at(code: str) -> NDArray[np.uint8]:
    from chosho.codec import review_kernel as kernel  # numba loads at the first call

    kinds = {"ADDRESS": kernel.ADDRESS, "NAME": kernel.NAME}
    return np.array(
        [kinds.get(name.rpartition("-")[2], kernel.NOTHING) for name in _sources(code)[1:]], np.uint8
    )


class Stream:
    """The rows of a kind as bytes that are taken in order (調書の行)."""

    def __init__(self, pieces: Iterator[memoryview]) -> None:
        self._pieces = pieces
        self._rest = np.empty(0, np.uint8)

    def take(self, size: int) -> NDArray[np.uint8]:
        """Return the next ``size`` bytes.

        Raises:
            StopLine: the rows end before (CHSQ020S).
        """
        found, length = [self._rest], len(self._rest)
        while length < size:
            piece = next(self._pieces, None)
            if piece is None:
                raise StopLine("CHSQ020S")
            found.append(np.frombuffer(bytes(piece), np.uint8))
            length += len(piece)
        data = np.concatenate(found)
        self._rest = data[size:]
        return np.ascontiguousarray(data[:size])


def of_kind(blocks: Iterator[batch.Block], member: str, code: str) -> Iterator[batch.Block]:
    """Yield the records of one kind out of STMTIDX or CHANGE records, in their order."""
    named = copybook.load(member).named()
    wanted = np.frombuffer(code.encode("ascii"), np.uint8)
    for block in blocks:
        yield block[(batch.view(named, block, "STATEMENT-CODE") == wanted).all(axis=1)]


def size(index: batch.Block) -> int:
    """Return how many bytes the rows of some statements have."""
    return int(batch.view(copybook.load("STMTIDX").named(), index, "ROW-LENGTH").astype(np.int64).sum())


def listed(
    index: batch.Block, changes: batch.Block, rows: NDArray[np.uint8], code: str, begin: int
) -> batch.Block:
    """Return the REVIEW records of some statements of a kind, in the order of the index, without their text before.

    Args:
        index: their STMTIDX records, in the order of the rows.
        changes: CHANGE records of the kind; each belongs to one of the statements.
        rows: the rows, end to end.
        code: the kind.
        begin: byte offset of the first row in all rows of the kind.

    Raises:
        StopLine: rows, index and changes do not belong together (CHSQ020S).
    """
    from chosho.codec import review_kernel as kernel  # numba loads at the first call

    places = copybook.load("STMTIDX").named()
    lengths = batch.view(places, index, "ROW-LENGTH").astype(np.int64)
    starts = np.cumsum(lengths) - lengths
    if (batch.view(places, index, "ROW-OFFSET") - begin != starts).any() or lengths.sum() != len(rows):
        raise StopLine("CHSQ020S")
    found = np.empty((len(index) * len(_looked_at(code)), 3), np.int64)
    found = found[: kernel.look(rows, starts, lengths, _looked_at(code), *_tables(), found)]
    hits = [found[(found[:, 2] & 1 << bit) != 0, :2] for bit in range(len(_LOOKED))]
    which = np.concatenate([_changed(index, changes, code), *hits])
    rules = np.concatenate(
        [
            _rules(changes, code),
            *(np.full(len(hit), name.encode(), "S2") for hit, name in zip(hits, _LOOKED, strict=True)),
        ]
    )
    order = np.lexsort((rules, which[:, 1], which[:, 0]))
    return _records(index, rows, starts, lengths, which[order], rules[order], code)


def _texts(changes: batch.Block, code: str) -> NDArray[np.bool_]:
    """Return which changes are of a text, and not of the obligor's."""
    is_text = np.array([bool(name) for name in _sources(code)] + [False] * 100)
    found: NDArray[np.bool_] = is_text[_items(changes)]
    return found


def _items(changes: batch.Block) -> NDArray[np.int64]:
    digits = batch.view(copybook.load("CHANGE").named(), changes, "ITEM-NO").astype(np.int64) - ord("0")
    numbers: NDArray[np.int64] = digits @ np.array([10, 1])
    return numbers


def _rules(changes: batch.Block, code: str) -> NDArray[np.bytes_]:
    view = batch.view(copybook.load("CHANGE").named(), changes, "RULE")[_texts(changes, code)]
    return np.ascontiguousarray(view).view("S2").reshape(-1)


def _changed(index: batch.Block, changes: batch.Block, code: str) -> NDArray[np.int64]:
    """Return statement and item of each change of a text."""
    kept = changes[_texts(changes, code)]
    row = keyed(index, kept)
    if (row < 0).any():
        raise StopLine("CHSQ020S")
    return np.column_stack([row, _items(kept)])


def keyed(left: batch.Block, right: batch.Block, key: int = PAYMENT) -> NDArray[np.int64]:
    """Return for each record of ``right`` the row of ``left`` with its key, the payment's; -1 where there is none."""
    known, wanted = (
        np.ascontiguousarray(block[:, :key]).view(f"S{key}").reshape(-1) for block in (left, right)
    )
    if not len(known):
        return np.full(len(wanted), -1)
    row = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return np.where(known[row] == wanted, row, -1)


def _records(
    index: batch.Block,
    rows: NDArray[np.uint8],
    starts: NDArray[np.int64],
    lengths: NDArray[np.int64],
    which: NDArray[np.int64],
    rules: NDArray[np.bytes_],
    code: str,
) -> batch.Block:
    from chosho.codec import review_kernel as kernel

    out = np.full((len(which), LRECL), ord(" "), np.uint8)
    named = fields()
    out[:, :PAYMENT] = index[which[:, 0], :PAYMENT]
    batch.view(named, out, "STATEMENT-CODE")[:] = np.frombuffer(code.encode("ascii"), np.uint8)
    batch.view(named, out, "ITEM-NO")[:] = which[:, 1, None] // np.array([10, 1]) % 10 + ord("0")
    batch.view(named, out, "RULE")[:] = np.frombuffer(rules.tobytes(), np.uint8).reshape(-1, 2)
    width = named["FIELD-NAME"].length
    names = np.array([name.ljust(width).encode("ascii") for name in _sources(code)], f"S{width}")
    batch.view(named, out, "FIELD-NAME")[:] = np.frombuffer(names.tobytes(), np.uint8).reshape(-1, width)[
        which[:, 1]
    ]
    row, item = np.ascontiguousarray(which[:, 0]), np.ascontiguousarray(which[:, 1])
    if not kernel.cells(rows, starts, lengths, row, item, out, named["AFTER-TEXT"].offset, TEXT):
        raise StopLine("CHSQ020S")
    return out


def before(records: batch.Block, payments: batch.Block, named: Mapping[str, copybook.Field]) -> batch.Block:
    """Return REVIEW records with the text that the payment data hold.

    Args:
        records: as :func:`listed` makes them, in the order of the payment's key.
        payments: PAYDATA (or CHGDATA) records in key order, those of each record among them.
        named: the fields of the payments.

    Raises:
        StopLine: a record has no payment (CHSQ020S).
    """
    out = records.copy()
    rows = keyed(payments, records)
    if (rows < 0).any():
        raise StopLine("CHSQ020S")
    width = fields()["FIELD-NAME"].length
    names = np.ascontiguousarray(batch.view(fields(), out, "FIELD-NAME")).view(f"S{width}").reshape(-1)
    for name in np.unique(names).tolist():
        mine = np.flatnonzero(names == name)
        source = named[name.decode("ascii").rstrip()]
        texts = payments[rows[mine], source.offset : source.offset + source.length]
        at = fields()["BEFORE-TEXT"].offset
        out[mine, at : at + source.length] = texts
    return out


def right(index: batch.Block) -> batch.Block:
    """Return the STMTIDX records of statements that say what is so now: all but the void ones."""
    void = batch.view(copybook.load("STMTIDX").named(), index, "FILING-CLASS")[:, 0] == ord(_VOID)
    return np.ascontiguousarray(index[~void])


def among(records: batch.Block, index: batch.Block) -> batch.Block:
    """Return the REVIEW records whose statement is in an index; both in the order of payment and kind."""
    return records[keyed(index, records, STATEMENT) >= 0]


@dataclass(slots=True)
class Totals:
    """How many texts are listed, by rule (文字審査の件数)."""

    rules: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(RULES, 0)))

    def add(self, records: batch.Block) -> None:
        """Count some records."""
        rule = np.ascontiguousarray(batch.view(fields(), records, "RULE")).view("S2").reshape(-1)
        names, counts = np.unique(rule, return_counts=True)
        self.rules.update(dict(zip((name.decode() for name in names), counts.tolist(), strict=True)))

    def counts(self) -> Iterator[tuple[str, int]]:
        """Yield the counts of the step."""
        yield "written", sum(self.rules.values())
        for rule, count in self.rules.items():
            yield f"review.{rule}", count
