"""Findings as records (検査結果): what the check lists, in the FINDING layout."""

from collections.abc import Sequence

import numpy as np

from chosho import copybook
from chosho.codec import batch
from chosho.statement.check import Finding


def to_block(file_name: str, findings: Sequence[Finding]) -> batch.Block:
    """Return findings of one file as FINDING records.

    Args:
        file_name: what the file is called, at most 16 ASCII characters ("K310", "310dat01.txt").
        findings: the findings, none of which holds content.
    """
    layout = copybook.load("FINDING")
    fields = layout.named()
    block = np.full((len(findings), layout.length), 0x20, np.uint8)
    batch.view(fields, block, "RECORD-NO")[:] = [finding.record for finding in findings]
    batch.view(fields, block, "ITEM-NO")[:] = [finding.item for finding in findings]
    for name, texts in (
        ("FILE-NAME", [file_name] * len(findings)),
        ("RULE-ID", [finding.rule for finding in findings]),
        ("SEVERITY", [finding.severity for finding in findings]),
    ):
        width = fields[name].length
        padded = "".join(text.ljust(width) for text in texts).encode("ascii")
        batch.view(fields, block, name)[:] = np.frombuffer(padded, np.uint8).reshape(-1, width)
    return block
