"""Plan records (媒体計画): the volume plan as VOLPLAN records, and back."""

import functools
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from chosho import copybook
from chosho.media.plan import AMOUNTS, PlannedFile

_NUMBERS = {
    "volume": "VOLUME-NO",
    "volumes": "VOLUME-COUNT",
    "file_no": "FILE-NO",
    "row_offset": "ROW-OFFSET",
    "plain_bytes": "FILE-BYTES",
    "records": "RECORD-COUNT",
    "payments": "PAYMENTS",
}
_CODE = "STATEMENT-CODE"
_TOTALS = tuple(f"AMOUNT-TOTALS({place})" for place in range(1, AMOUNTS + 1))


@functools.cache
def _record() -> np.dtype[np.void]:
    """Return VOLPLAN as a numpy record; binary items are COMP-5, little-endian."""
    layout = copybook.load("VOLPLAN")
    fields = [layout[name] for name in (*_NUMBERS.values(), _CODE, *_TOTALS)]
    return np.dtype(
        {
            "names": [field.name for field in fields],
            "formats": [
                f"S{field.length}" if field.name == _CODE else f"<i{field.length}" for field in fields
            ],
            "offsets": [field.offset for field in fields],
            "itemsize": layout.length,
        }
    )


def to_block(planned: Iterable[PlannedFile]) -> npt.NDArray[np.uint8]:
    """Return the plan as records, shape (files, 192); bytes between the items are blanks."""
    files = list(planned)
    record = _record()
    block = np.full((len(files), record.itemsize), ord(" "), dtype=np.uint8)
    rows = block.reshape(-1).view(record)
    for row, file in zip(rows, files, strict=True):
        row[_CODE] = file.statement_code.encode("ascii")
        for attribute, name in _NUMBERS.items():
            row[name] = getattr(file, attribute)
        for name, amount in zip(_TOTALS, file.amounts, strict=True):
            row[name] = amount
    return block


def from_block(block: npt.NDArray[np.uint8]) -> tuple[PlannedFile, ...]:
    """Return the plan that records hold, in their order."""
    rows = np.ascontiguousarray(block).reshape(-1).view(_record())
    return tuple(
        PlannedFile(
            statement_code=row[_CODE].decode("ascii"),
            amounts=tuple(int(row[name]) for name in _TOTALS),
            **{attribute: int(row[name]) for attribute, name in _NUMBERS.items()},
        )
        for row in rows
    )


def read_plan(blocks: Iterable[npt.NDArray[np.uint8]]) -> tuple[PlannedFile, ...]:
    """Return the whole plan from the blocks of a reader."""
    return tuple(file for block in blocks for file in from_block(block))
