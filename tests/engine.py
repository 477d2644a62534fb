"""A three-partition engine in plain Python: it runs a bulk rule as a distributed engine would, by key range.

The rule must give the same bytes here as behind ``dataset.cogroup``: nothing may depend on batch boundaries or on state.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import pyarrow as pa

from chosho.codec import batch as batches
from chosho.codec.batch import Block
from chosho.dataset.cogroup import cogroup

Rule = Callable[[pa.RecordBatch, pa.RecordBatch], dict[str, pa.RecordBatch]]
"""A rule with its parameters bound."""


def partitioned(
    rule: Rule, left: Block, right: Block, group: int, *, order: tuple[int, int], partitions: int = 3
) -> dict[str, bytes]:
    """Run a rule over key ranges.

    Args:
        rule: the rule.
        left: records in any order.
        right: as ``left``.
        group: bytes of the common key.
        order: bytes of the key that the rule wants each side sorted by; the sort is stable, as every sort of the house.
        partitions: how many key ranges.
    """
    sides = [
        sorted((row.tobytes() for row in side), key=lambda record, length=length: record[:length])
        for side, length in zip((left, right), order, strict=True)
    ]
    groups = sorted({record[:group] for side in sides for record in side})
    cuts = [groups[len(groups) * part // partitions] for part in range(1, partitions)] if groups else []
    outputs: dict[str, bytes] = {}
    for low, high in pairwise([b"", *cuts, b"\xff" * (group + 1)]):
        pair = [
            _batch([record for record in side if low <= record[:group] < high], block.shape[1])
            for side, block in zip(sides, (left, right), strict=True)
        ]
        for name, batch in rule(*pair).items():
            outputs[name] = outputs.get(name, b"") + batches.block(batch).tobytes()
    return outputs


def streamed(rule: Rule, left: Block, right: Block, group: int, cuts: list[int]) -> dict[str, bytes]:
    """Run a rule behind ``dataset.cogroup``, both streams cut into blocks of the sizes ``cuts``, over and over."""
    outputs: dict[str, bytes] = {}
    for pair in cogroup(_chunks(left, cuts), _chunks(right, cuts[::-1]), group, target=1):
        for name, batch in rule(*(batches.to_batch(np.ascontiguousarray(side)) for side in pair)).items():
            outputs[name] = outputs.get(name, b"") + batches.block(batch).tobytes()
    return outputs


def _chunks(block: Block, cuts: list[int]) -> Iterator[Block]:
    start, turn = 0, 0
    while start < len(block):
        size = cuts[turn % len(cuts)]
        yield block[start : start + size]
        start, turn = start + size, turn + 1
    yield block[:0]


def _batch(records: list[bytes], lrecl: int) -> pa.RecordBatch:
    block = np.frombuffer(b"".join(records), np.uint8).reshape(-1, lrecl)
    return batches.to_batch(block)
