"""The transcoder (コード変換): source records → work records, one compiled loop over a table of moves.

A work record holds its texts in CP932, left justified and padded with 20, and its numbers as aligned COMP-5, so that reading one is
a view. Trailing spaces of the source, half- and full-width, become padding.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from chosho.codec import plan
from chosho.codec.batch import Block
from chosho.codec.codepages import code_page
from chosho.codec.fault import Faults
from chosho.codec.field import FieldLike
from chosho.errors import InputRefused


class Transcoder:
    """Fills work records from source records, field by field, as its moves say.

    ========================  =====================================================================
    source                    target
    ========================  =====================================================================
    TEXT, NATIONAL            TEXT: CP932 bytes; longer than the target → ``OVFL``, never cut
    ZONED, PACKED, BINARY     TEXT or unsigned ZONED: digits with zeros in front; negative → ``NEGV``
    ZONED, PACKED, BINARY     BINARY COMP-5 of the same scale
    ========================  =====================================================================

    Signs are read as the host's compilers read them (A C E F plus, B D minus), needless shifts are let pass; what
    :func:`~chosho.codec.decode.decode` would call ``FILL`` is no fault here.
    """

    def __init__(
        self,
        source_fields: Sequence[FieldLike],
        source_code_page: str,
        target_fields: Sequence[FieldLike],
        target_lrecl: int,
        moves: Sequence[tuple[str, str]],
        *,
        unmappable: Literal["reject", "marker"] = "reject",
    ) -> None:
        """Check and plan the moves.

        Args:
            source_fields: fields of the source record.
            source_code_page: its code page.
            target_fields: fields of the work record (CP932), FILLER included.
            target_lrecl: its length.
            moves: pairs of source and target field names; their places are ``Faults.field``.
            unmappable: what a host character that CP932 lacks becomes: the fault ``UNMP``, or the marker F9FC.

        Raises:
            InputRefused: a field is missing, cannot be held, or a move is not in the table above.
        """
        page = code_page(source_code_page)
        self._zone, self._wide_space = page.zone, plan.low_first(page.wide_space)
        self._single, self._double = plan.reading_tables(page, strict=False, marker=unmappable == "marker")
        self._target_lrecl = target_lrecl
        sources = {field.name: field for field in source_fields if not field.filler}
        targets = {field.name: field for field in target_fields if not field.filler}
        self._source_end = max((field.offset + field.length for field in sources.values()), default=0)
        rows = []
        for source_name, target_name in moves:
            for name, known in ((source_name, sources), (target_name, targets)):
                if name not in known:
                    raise InputRefused("CHSX002E", field=name)
            source, target = sources[source_name], targets[target_name]
            plan.check(target, target_lrecl)
            rows.append(_move(plan.field_row(source, page, self._source_end), source, target))
        self._plan = plan.table(rows, 9)
        self._template = _template(target_fields, target_lrecl)

    def run(self, block: Block, out: Block, rows: npt.NDArray[np.int64] | None = None) -> Faults:
        """Write the work record of ``block[rows[i]]`` to ``out[i]`` (all rows when ``rows`` is None), every byte of it.

        A field with a fault keeps its initial value: spaces, or zero. ``Faults.record`` is the row in ``block``.

        Raises:
            ValueError: ``out`` is not one work record per row, or the records of ``block`` are shorter than its fields.
        """
        from chosho.codec import transcode_kernel  # numba loads at the first call

        if rows is None:
            rows = np.arange(len(block), dtype=np.int64)
        elif len(rows) and (int(rows.min()) < 0 or int(rows.max()) >= len(block)):
            raise IndexError("a row to transcode is not in the block")
        if out.shape != (len(rows), self._target_lrecl) or block.shape[1] < self._source_end:
            raise ValueError("the blocks do not have the shape of their layouts")
        # Room for every fault there can be; pages that are not written are never backed by memory.
        faults = np.empty(max(1, len(rows) * len(self._plan)), np.int64)
        count = transcode_kernel.transcode(
            block.reshape(-1),
            block.shape[1],
            rows,
            self._plan,
            self._single,
            self._double,
            self._zone,
            self._wide_space,
            self._template,
            out.reshape(-1),
            faults,
        )
        return Faults.unpack(faults[:count].copy())


def _move(row: list[int], source: FieldLike, target: FieldLike) -> list[int]:
    """Return the row of one move, or refuse it."""
    kind = target.kind.name
    digits = kind == "ZONED" and not target.signed
    if plan.is_text(source):
        allowed = kind == "TEXT"
    else:
        allowed = kind == "TEXT" or (
            (digits or (kind == "BINARY" and target.native)) and source.scale == target.scale
        )
    if not allowed:
        raise InputRefused("CHSX007E", source=source.name, target=target.name)
    if row[0] == plan.ZONED and not source.signed and kind != "BINARY" and target.length >= source.length:
        row[0] = plan.DIGITS
    to = plan.TO_BINARY if kind == "BINARY" else plan.TO_TEXT
    return [*row, to, target.offset, target.length, plan.flags(target) if kind == "BINARY" else 0]


def _template(fields: Sequence[FieldLike], lrecl: int) -> npt.NDArray[np.uint8]:
    """Return the work record before any move: spaces, zeros in numbers."""
    out = np.full(lrecl, 0x20, np.uint8)
    for field in fields:
        place = slice(field.offset, field.offset + field.length)
        if field.redefined or field.kind.name == "TEXT":
            continue
        if field.kind.name == "NATIONAL":
            out[place] = [0x81, 0x40] * (field.length // 2)
        elif field.kind.name == "PACKED":
            out[place] = 0
            out[place.stop - 1] = 0x0C if field.signed else 0x0F
        else:
            out[place] = 0x30 if field.kind.name == "ZONED" else 0
    return out
