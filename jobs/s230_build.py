"""S230: build the statements (支払調書の作成) and plan the volumes (媒体計画).

Payments and their matched numbers, whole policies at a time, become rows of the disc format; the rows of kind 310 fill the volumes
first, then those of kind 366, whose index entries wait in a sealed sort until then.
"""

from chosho import codec
from chosho.codec import batch
from chosho.dataset.ahead import read_ahead
from chosho.dataset.cogroup import cogroup
from chosho.media.plan import Planner
from chosho.media.profiles import profile
from chosho.media.volplan import to_block
from chosho.statement.build import CHANGES, built
from chosho.statement.entry import LRECL
from chosho.statement.ledger import Ledger, Placed, entries, rows
from chosho.statement.parameters import Parameters
from chosho.step import Step

POLICY = 11
"""Bytes of the policy number: the groups that stay together."""


def prepare() -> None:
    """Load the compiled loops, before the step's turn."""
    codec.warm("keys", "pair", "compose")


def run(step: Step) -> None:
    """Build, place, plan, count."""
    parameters = Parameters.of(step.parameters["TAX_YEAR"], step.settings)
    planner = Planner(profile(step.parameters["MEDIUM"], step.parameters["MEDIUM_BYTES"]))
    payments, matches = step.reader("PAYDATA"), step.reader("MATCH")
    lump_sums, annuities = step.writer("K310"), step.writer("K366")
    index, changes = step.writer("INDEX"), step.writer("CHANGES")
    waiting = step.sorter(lrecl=LRECL, key_length=step.key("PAYDATA"), expected=payments.records)
    ledger = Ledger()

    def settle(placed: Placed) -> None:
        index.write(placed.index)
        planner.feed(placed.codes, placed.row_bytes, placed.payments, placed.amounts)

    pairs = cogroup(payments.blocks(), matches.blocks(), POLICY)
    for number, outputs in read_ahead(built(pairs, parameters)):
        ledger.take(number, outputs)
        lump_sums.write(rows(outputs, "310"))
        annuities.write(rows(outputs, "366"))
        changes.write(batch.block(outputs[CHANGES]))
        settle(ledger.place(entries(outputs, "310")))
        waiting.add(entries(outputs, "366"))
        step.progress(ledger.read, payments.records)
    for block in waiting.sorted():
        settle(ledger.place(block))
    step.writer("PLAN").write(to_block(planner.finish()))
    for name, count in ledger.counts():
        step.count(name, count)
    if ledger.kana_names:
        step.message("CHSN015I", count=ledger.kana_names)
    if ledger.losses:
        step.message("CHSN014W", count=ledger.losses)
