"""Findings as records."""

from chosho import copybook
from chosho.codec import batch
from chosho.statement.check import Finding
from chosho.statement.finding import to_block


def test_a_finding_is_one_record():
    found = [
        Finding(record=3_000_000_000, item=14, rule="REQUIRED", severity="E"),
        Finding(record=2, item=0, rule="CRLF", severity="E"),
    ]
    block = to_block("310dat01.txt", found)
    fields = copybook.load("FINDING").named()
    assert (2, 64) == block.shape
    assert [3_000_000_000, 2] == batch.view(fields, block, "RECORD-NO").tolist()
    assert [14, 0] == batch.view(fields, block, "ITEM-NO").tolist()
    assert [b"REQUIRED", b"CRLF    "] == [row.tobytes() for row in batch.view(fields, block, "RULE-ID")]
    assert b"310dat01.txt    " == batch.view(fields, block, "FILE-NAME")[0].tobytes()


def test_no_findings_are_an_empty_block():
    assert (0, 64) == to_block("K310", []).shape
