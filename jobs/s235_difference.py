"""S235: statements as built now against those that stand submitted (差異): what is new, what corrects; volumes planned anew.

Takes the place of the whole year's build: behind it the deck goes on with the difference only.
"""

from chosho import codec
from chosho.codec import batch
from chosho.dataset.cogroup import cogroup
from chosho.media.plan import Planner
from chosho.media.profiles import profile
from chosho.media.volplan import to_block
from chosho.statement import correction, difference, force
from chosho.statement.build import ALL_KINDS
from chosho.statement.copies import Copies
from chosho.statement.parameters import Parameters
from chosho.step import Step

OLD_PIECES = 1 << 20
"""Bytes of a piece of a statement copy: many may be open at a time."""


def prepare() -> None:
    """Load the compiled loops, before the step's turn."""
    codec.warm("keys", "difference", "compose")


def run(step: Step) -> None:
    """Compare kind by kind, write what goes out, plan, list, count."""
    year, kinds = correction.year(step.parameters["TAX_YEAR"]), difference.kinds(step.parameters["KINDS"])
    parameters = Parameters.of(year, step.settings)
    planner = Planner(profile(step.parameters["MEDIUM"], step.parameters["MEDIUM_BYTES"]))
    files = {code: step.writer(f"K{code}") for code in ALL_KINDS}
    index, differences = step.writer("INDEX"), step.writer("DIFFER")
    built = step.reader("FRESHIDX")
    standing = step.reader("FORCE") if step.present("FORCE") else None
    cancelled = correction.cancelled(step.reader("CANCEL").blocks() if step.present("CANCEL") else ())
    totals = correction.Totals(kinds)
    for code in kinds:
        for part in correction.parts(parameters.correction_files):
            rule = difference.Comparison.of(
                code, parameters, scope=step.parameters["SCOPE"], part=part, cancelled=cancelled
            )
            old = Copies(code, lambda kind, number: step.older(f"OLD{kind}", number).stream(OLD_PIECES))
            new = Copies(code, lambda kind, _: step.reader(f"FRESH{kind}").stream())
            stands = force.of_kind(standing.blocks() if standing else (), year, code)
            for left, right in cogroup(stands, force.of_built(built.blocks(), year, code), force.GROUP):
                outputs = difference.difference(old.beside(left), new.beside(right), rule)
                placed = totals.take(code, part, (left, right), outputs)
                files[code].write(correction.rows(outputs[difference.SENT]))
                index.write(placed.index)
                differences.write(batch.block(outputs[difference.LISTED]))
                planner.feed(placed.codes, placed.row_bytes, placed.payments, placed.amounts)
            planner.cut()
    step.writer("PLAN").write(to_block(planner.finish()))
    totals.tell(step, year, cancelled)
