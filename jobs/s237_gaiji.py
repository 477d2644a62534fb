"""S237: take approved spellings into the gaiji table (外字置換表の更新); the rules are in ``chosho.statement.gaiji``."""

from collections.abc import Iterable

import numpy as np

from chosho import codec
from chosho.codec.batch import Block
from chosho.dataset.delivery import DamagedDelivery, Delivery
from chosho.statement import gaiji
from chosho.step import Step

DAMAGED, TWIN = "FDEC", "FDUP"


def prepare() -> None:
    """Load the compiled loops, before the step's turn."""
    codec.warm("keys")


def run(step: Step) -> None:
    """Write NEW from OLD and the files of approvals, which are used up; a file that cannot be taken stays where it is."""
    old = _records(step.reader("OLD").blocks() if step.present("OLD") else ())
    approved, number = list[Block](), step.next_file_no("ENTRIES")
    for file in step.deliveries("ENTRIES"):
        records, reason = _judged(step, file)
        if reason:
            step.refuse("ENTRIES", file, reason)
            step.contradiction("CHSQ021E", file=file.name, reason=reason)
            continue
        step.take("ENTRIES", file, file_no=number, file_date=step.business_date, records=len(records))
        approved.append(records)
        number += 1
    table = gaiji.merged(old, approved)
    step.writer("NEW").write(table)
    step.add_counts({"old": len(old), "read": sum(map(len, approved)), "written": len(table)})


def _judged(step: Step, file: Delivery) -> tuple[Block, str]:
    """Return a file's records, and why it cannot be taken."""
    none = _records(())
    if file.fault or file.twin:
        return none, file.fault or TWIN
    try:
        records = _records(file.blocks(step.lrecl("ENTRIES")))
    except DamagedDelivery:
        return none, DAMAGED
    return records, gaiji.fault(records)


def _records(blocks: Iterable[Block]) -> Block:
    return np.concatenate([np.empty((0, gaiji.LRECL), np.uint8), *(block.copy() for block in blocks)])
