"""How fast sealed datasets are written, read and sorted: ``python benchmarks/dataset.py [--records N] [--lrecl L]``.

The records are random, their keys are 19 digits in random order; they are made once, outside the timing. The files go to
``--folder`` (default: the temporary folder), so the disk and its cache are part of the figures. Peak RSS is that of this process.
"""

import argparse
import itertools
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from chosho.dataset.part import PartResult, PartSource, PartTarget
from chosho.dataset.reader import Reader
from chosho.dataset.sort import ExternalSort
from chosho.dataset.writer import Writer
from chosho.vault.header import digest_key
from chosho.vault.sealed import new_header

KEY = 19
COHORT_KEY = bytes(32)


class Parts:
    """Hands out sealed parts in one folder."""

    def __init__(self, folder: Path, lrecl: int) -> None:
        self._folder = folder
        self._lrecl = lrecl
        self._targets: dict[str, PartTarget] = {}
        self._numbers = itertools.count(1)

    def new(self, _label: str = "") -> PartTarget:
        """Return the place and keys of a new part."""
        file_id = f"part{next(self._numbers):05d}"
        header, file_key = new_header(
            dataset="BENCH", cohort="C", cohort_key=COHORT_KEY, file_id=file_id, lrecl=self._lrecl
        )
        path = self._folder / file_id
        target = PartTarget(
            id=file_id, path=path, file_key=file_key, digest_key=digest_key(COHORT_KEY), header=header
        )
        self._targets[file_id] = target
        return target

    def source(self, result: PartResult) -> PartSource:
        """Return a written part for reading."""
        return result.source(self._targets[result.id])


def blocks(records: int, lrecl: int) -> Iterator[np.ndarray]:
    """Yield the records, about 4 MiB at a time, always the same."""
    draw = np.random.default_rng(20270112)
    body = draw.integers(0, 256, (max(4 * 1024 * 1024 // lrecl, 1), lrecl), np.uint8)
    for start in range(0, records, len(body)):
        block = body[: min(len(body), records - start)]
        block[:, :KEY] = draw.integers(48, 58, (len(block), KEY), np.uint8)
        yield block


def timed(name: str, size: int, work: Callable[[], None], idle: float = 0.0) -> None:
    """Run and print one line; ``idle`` seconds are the making of the data, taken off."""
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start - idle
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:34} {seconds:8.2f} s {size / seconds / 1e6:8.0f} MB/s   peak RSS {peak:6.0f} MiB")


def main(arguments: list[str]) -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=1_000_000)
    options.add_argument("--lrecl", type=int, default=420)
    options.add_argument("--memory", type=int, nargs="*", default=[64, 192], help="MiB of the sorts")
    options.add_argument("--folder", type=Path)
    chosen = options.parse_args(arguments)
    records, lrecl = chosen.records, chosen.lrecl
    size = records * lrecl
    start = time.perf_counter()
    for _ in blocks(records, lrecl):
        pass
    making = time.perf_counter() - start
    print(f"{records:,} records of {lrecl} bytes, {size / 1e6:,.0f} MB")
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        parts = Parts(Path(folder), lrecl)
        written: list[PartSource] = []

        def write() -> None:
            with Writer(parts.new, lrecl=lrecl) as writer:
                for block in blocks(records, lrecl):
                    writer.write(block)
            written.extend(parts.source(result) for result in writer.finish())

        def read() -> None:
            total = sum(len(block) for block in Reader(written, lrecl=lrecl).blocks())
            if total != records:
                raise SystemExit("records were lost")

        def sort(memory: int) -> None:
            sorter = ExternalSort(parts.new, parts.source, lrecl, KEY, memory=memory << 20, expected=records)
            for block in Reader(written, lrecl=lrecl).blocks():
                sorter.add(block)
            if sum(len(block) for block in sorter.sorted()) != records:
                raise SystemExit("records were lost")

        sorter = ExternalSort(parts.new, parts.source, lrecl, KEY)
        sorter.add(next(blocks(1000, lrecl)))
        list(sorter.sorted())  # the kernels are loaded outside the timing
        timed("write, sealed, with digests, fsync", size, write, making)
        timed("read, decrypt", size, read)
        for memory in chosen.memory:
            timed(f"read and sort in {memory} MiB", size, lambda memory=memory: sort(memory))


if __name__ == "__main__":
    main(sys.argv[1:])
