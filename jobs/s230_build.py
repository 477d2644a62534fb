"""S230: build the statements (支払調書の作成) and plan the volumes (媒体計画).

Payments and their matched numbers, whole policies at a time, become rows of the disc format; those of kind 310 fill the volumes
first, then the other kinds, whose index entries wait in sealed sorts until then. A kind that has no statement has no rows.
"""

from chosho import codec
from chosho.codec import batch
from chosho.dataset.ahead import read_ahead
from chosho.dataset.cogroup import cogroup
from chosho.media.plan import Planner
from chosho.media.profiles import profile
from chosho.media.volplan import to_block
from chosho.statement import gaiji
from chosho.statement.build import ALL_KINDS, CHANGES, KINDS, built
from chosho.statement.entry import LRECL
from chosho.statement.ledger import Ledger, entries, rows
from chosho.statement.parameters import Parameters
from chosho.step import Step


def prepare() -> None:
    """Load the compiled loops, before the step's turn."""
    codec.warm("keys", "pair", "compose")


def run(step: Step) -> None:
    """Build, place, plan, count."""
    parameters = Parameters.of(step.parameters["TAX_YEAR"], step.settings)
    planner = Planner(profile(step.parameters["MEDIUM"], step.parameters["MEDIUM_BYTES"]))
    payments, matches = step.reader("PAYDATA"), step.reader("MATCH")
    kinds = {kind: step.writer(f"K{kind}") for kind in ALL_KINDS}
    index, changes = step.writer("INDEX"), step.writer("CHANGES")
    first, *others = KINDS
    key, expected = step.key("PAYDATA"), payments.records
    waiting = {kind: step.sorter(lrecl=LRECL, key_length=key, expected=expected) for kind in others}
    ledger = Ledger()
    spellings = step.reader("GAIJI").blocks() if step.present("GAIJI") else ()
    approved = gaiji.Table.of(spellings, step.layout("PAYDATA").named())

    def settle(block: batch.Block) -> None:
        placed = ledger.place(block)
        index.write(placed.index)
        planner.feed(placed.codes, placed.row_bytes, placed.payments, placed.amounts)

    pairs = approved.replaced(cogroup(payments.blocks(), matches.blocks(), gaiji.POLICY))
    for number, outputs in read_ahead(built(pairs, parameters)):
        ledger.take(number, outputs)
        changes.write(batch.block(outputs[CHANGES]))
        for kind in KINDS:
            kinds[kind].write(rows(outputs, kind))
        settle(entries(outputs, first))
        for kind, later in waiting.items():
            later.add(entries(outputs, kind))
        step.progress(ledger.read, payments.records)
    for block in (block for later in waiting.values() for block in later.sorted()):
        settle(block)
    step.writer("PLAN").write(to_block(planner.finish()))
    ledger.tell(step, approved.counts)
