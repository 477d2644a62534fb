"""A folder of parts with the keys a supervisor would hand out, for the tests of this package."""

import itertools
from pathlib import Path

import numpy as np

from chosho.dataset.part import PartResult, PartSource, PartTarget
from chosho.dataset.writer import Writer
from chosho.vault.header import digest_key
from chosho.vault.sealed import new_header

COHORT_KEY = bytes(range(32))


class Parts:
    """Hands out targets and finds the sources of what was written; sealed unless told otherwise."""

    def __init__(self, folder: Path, *, lrecl: int = 0, sealed: bool = True) -> None:
        self.folder = folder
        self.lrecl = lrecl
        self.sealed = sealed
        self.targets: dict[str, PartTarget] = {}
        self._numbers = itertools.count(1)

    def new_part(self, label: str = "") -> PartTarget:
        file_id = f"{next(self._numbers):06d}{label}"
        header, file_key = b"", None
        if self.sealed:
            header, file_key = new_header(
                dataset="TEST", cohort="C", cohort_key=COHORT_KEY, file_id=file_id, lrecl=self.lrecl
            )
        target = PartTarget(
            id=file_id,
            path=self.folder / file_id,
            file_key=file_key,
            digest_key=digest_key(COHORT_KEY) if self.sealed else None,
            header=header,
        )
        self.targets[file_id] = target
        return target

    def source(self, result: PartResult) -> PartSource:
        return result.source(self.targets[result.id])


def records(count: int, lrecl: int, seed: int = 1) -> np.ndarray:
    """Return records in the order of a big-endian number at their start."""
    block = np.random.default_rng(seed).integers(0, 256, (count, lrecl), np.uint8)
    block[:, :4] = np.arange(count, dtype=">u4").view(np.uint8).reshape(count, 4)
    return block


def written(parts: Parts, block: np.ndarray, **options: int) -> list[PartSource]:
    """Write records and return the parts for reading."""
    with Writer(parts.new_part, lrecl=block.shape[1], **options) as writer:
        writer.write(block)
    return [parts.source(result) for result in writer.finish()]
