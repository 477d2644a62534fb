"""Returns to the offices (登録不良返却一覧): rejected requests as one CSV list per office, without number and without name.

A list is CP932 with CRLF, every cell in quotes, because offices open it in Excel, which reads a CSV file in that code page. What
stands in a rejected record may be anything: only printable ASCII of it is shown, any other byte as ``*``, so that neither a name
nor a line end gets into a cell; a cell that would be a formula gets an apostrophe before it; a time of acceptance that is
none stays empty, because it is long enough to be a number that slipped into the wrong item.
"""

import csv
import functools
import importlib.resources
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from chosho import cells
from chosho.codec import batch as batches
from chosho.codec import keys, rows
from chosho.codec.batch import Block
from chosho.copybook import load
from chosho.registration.channels import CHANNELS
from chosho.registration.request import KINDS, REJECT_KEY

KEY_LENGTH, OFFICE = REJECT_KEY, 5
"""Bytes that order the rejected records; of these, the office."""
COLUMNS = (
    "局所番号", "入手経路", "ファイル番号", "レコード番号", "証書番号", "対象者コード", "受取人登録通番", "請求区分", "受付日時",
    "端末番号", "社員番号", "項目", "理由コード", "理由",
)  # fmt: skip
"""The columns of a list."""
CODE_PAGE = "cp932"
NO_OFFICE = "NO-OFFICE"
"""Label of the list of requests without an office that could be read: those that were damaged."""
_FIELDS = load("REGREJ").named()
_CHANNELS = {channel.code.decode("ascii"): channel.title for channel in CHANNELS}
_STAR = ord("*")
_TIME = b"yyyy-mm-dd hh:mm:ss"
_TIME_PLACES = [place for place, byte in enumerate(_TIME) if chr(byte).isalpha()]
_TIME_LIMITS = ((4, 1, 12), (6, 1, 31), (8, 0, 23), (10, 0, 59), (12, 0, 59))
"""Place of two digits in yyyymmddhhmmss, least and greatest value."""


def reasons() -> Mapping[str, str]:
    """Return the reason codes of rejected requests with their texts (``reasons.csv``)."""
    return _table("reasons.csv")


def items() -> Mapping[str, str]:
    """Return the field names of requests with what offices call them (``items.csv``)."""
    return _table("items.csv")


def header() -> bytes:
    """Return the first line of a list."""
    return (",".join(f'"{column}"' for column in COLUMNS) + "\r\n").encode(CODE_PAGE)


def lines(batch: pa.RecordBatch, starts: Sequence[int]) -> list[bytes]:
    """Return the lines of rejected records (REGREJ), in their order, in one piece for each run of records.

    Args:
        batch: the records.
        starts: the first row of each run, ascending, from 0; empty when there are no records.
    """
    block = batches.block(batch)
    cells = [
        _cells(block, "OFFICE-NO"),
        _worded(block, "CHANNEL", _CHANNELS),
        _cells(block, "FILE-NO"),
        _cells(block, "RECORD-NO"),
        _cells(block, "POLICY-NO"),
        _cells(block, "ROLE-CODE"),
        _cells(block, "PAYEE-NO"),
        _worded(block, "REQUEST-KIND", KINDS),
        _times(block),
        _cells(block, "TERMINAL-ID"),
        _cells(block, "EMPLOYEE-ID"),
        _worded(block, "FIELD-NAME", items()),
        _cells(block, "REASON"),
        _worded(block, "REASON", reasons()),
    ]
    joined = pc.binary_join_element_wise(*cells, '","')
    whole = pc.binary_join_element_wise('"', joined, '"\r\n', "")
    runs = pa.ListArray.from_arrays([*starts, len(whole)], whole)
    return [text.encode(CODE_PAGE) for text in pc.binary_join(runs, "").to_pylist()]


def by_office(pairs: Iterable[tuple[Block, Block]]) -> Iterator[tuple[str, bytes, int]]:
    """Yield lines office by office: the label of the office's list, lines that belong in it, and how many.

    Lines of one list come one after the other, in any number of pieces.

    Args:
        pairs: records of the intake and of the update in the same key range (see ``dataset.cogroup``), by the whole key.
    """
    office, label, without = b"", "", 0
    for pair in pairs:
        both = np.concatenate(pair)
        merged = np.empty_like(both)
        keys.gather(both, keys.order(both, KEY_LENGTH), merged)
        starts = keys.group_starts(merged, OFFICE).tolist()
        ends = [*starts[1:], len(merged)]
        for start, end, text in zip(starts, ends, lines(batches.to_batch(merged), starts), strict=True):
            here = merged[start, :OFFICE].tobytes()
            if here != office:
                office, label = here, here.decode("ascii", "replace")
                if not (label.isascii() and label.isalnum()):
                    without += 1
                    label = NO_OFFICE if without == 1 else f"{NO_OFFICE}-{without}"
            yield label, text, end - start


@functools.cache
def _table(name: str) -> Mapping[str, str]:
    text = (importlib.resources.files("chosho.registration") / name).read_text(encoding="utf-8")
    return MappingProxyType(dict(list(csv.reader(text.splitlines()))[1:]))


def _shown(block: Block, name: str) -> Any:  # noqa: ANN401 - Arrow's arrays are untyped
    """Return a field as texts of printable ASCII without spaces around them."""
    field = np.array(batches.view(_FIELDS, block, name))
    field[(field < ord(" ")) | (field > ord("~"))] = _STAR
    texts = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(field.shape[1]), len(field), [None, pa.py_buffer(field)]
    )
    return pc.utf8_trim(texts.cast(pa.binary()).cast(pa.string()), " ")


def _safe(texts: Any) -> Any:  # noqa: ANN401 - as above
    """Return texts as cells: no formula, quotes doubled."""
    marked = pc.binary_join_element_wise(cells.MARK, texts, "")
    plain = pc.if_else(pc.match_substring_regex(texts, cells.PATTERN), marked, texts)
    return pc.replace_substring(plain, '"', '""')


def _cells(block: Block, name: str) -> Any:  # noqa: ANN401 - as above
    return _safe(_shown(block, name))


def _worded(block: Block, name: str, words: Mapping[str, str]) -> Any:  # noqa: ANN401 - as above
    """Return cells with the word for each code; a code that has none as it is."""
    texts = _shown(block, name)
    place = pc.index_in(texts, value_set=pa.array(list(words)))
    return pc.coalesce(pa.array(list(words.values())).take(place), _safe(texts))


def _times(block: Block) -> Any:  # noqa: ANN401 - as above
    """Return times of acceptance as ``2027-01-12 09:15:00``; empty where it is no time."""
    field = batches.view(_FIELDS, block, "ACCEPTED-AT")
    good = rows.all_in(field, rows.DIGITS)
    digits = field.astype(np.int64) - ord("0")
    for place, least, greatest in _TIME_LIMITS:
        value = digits[:, place] * 10 + digits[:, place + 1]
        good &= (value >= least) & (value <= greatest)
    out = np.empty((len(field), len(_TIME)), np.uint8)
    out[:] = np.frombuffer(_TIME, np.uint8)
    out[:, _TIME_PLACES] = field
    out[~good] = ord(" ")
    texts = pa.FixedSizeBinaryArray.from_buffers(pa.binary(len(_TIME)), len(out), [None, pa.py_buffer(out)])
    return pc.utf8_trim(texts.cast(pa.binary()).cast(pa.string()), " ")
