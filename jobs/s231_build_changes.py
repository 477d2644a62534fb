"""S231: build the statements 386 of the year's changes (異動調書の作成) and plan the volumes (媒体計画).

The step before made one record per change; the other kinds have no rows here, so that copies and index stay one set per run.
"""

from chosho import codec
from chosho.codec import batch
from chosho.media.plan import Planner
from chosho.media.profiles import profile
from chosho.media.volplan import to_block
from chosho.statement import gaiji
from chosho.statement.build import ALL_KINDS, CHANGES, build_changes
from chosho.statement.ledger import Ledger, entries, rows
from chosho.statement.parameters import Parameters
from chosho.step import Step

KIND = "386"


def prepare() -> None:
    """Load the compiled loops, before the step's turn."""
    codec.warm("compose")


def run(step: Step) -> None:
    """Build, place, plan, count."""
    parameters = Parameters.of(step.parameters["TAX_YEAR"], step.settings)
    planner = Planner(profile(step.parameters["MEDIUM"], step.parameters["MEDIUM_BYTES"]))
    kinds = {kind: step.writer(f"K{kind}") for kind in ALL_KINDS}
    source, ledger = step.reader("CHANGED"), Ledger()
    index, changes = step.writer("INDEX"), step.writer("CHANGES")
    spellings = step.reader("GAIJI").blocks() if step.present("GAIJI") else ()
    approved = gaiji.Table.of(spellings, step.layout("CHANGED").named())
    for block in source.blocks():
        outputs = build_changes(batch.to_batch(approved.apply(block)), parameters)
        ledger.take(len(block), outputs)
        kinds[KIND].write(rows(outputs, KIND))
        changes.write(batch.block(outputs[CHANGES]))
        placed = ledger.place(entries(outputs, KIND))
        index.write(placed.index)
        planner.feed(placed.codes, placed.row_bytes, placed.payments, placed.amounts)
        step.progress(ledger.read, source.records)
    step.writer("PLAN").write(to_block(planner.finish()))
    ledger.tell(step, approved.counts)
