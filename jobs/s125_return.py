"""S125: give rejected requests back to their offices (登録不良の返却); the rules are in ``chosho.registration``."""

import itertools
from operator import itemgetter

from chosho import codec
from chosho.dataset.cogroup import cogroup
from chosho.registration import returns
from chosho.step import Step


def prepare() -> None:
    """Load the compiled loops, before the step's turn."""
    codec.warm("keys", "rows")


def run(step: Step) -> None:
    """Write RETURN, one list per office, from the rejected requests of INTAKE and of UPDATE."""
    intake, update = step.reader("INTAKE"), step.reader("UPDATE")
    for name in ("written", "offices"):
        step.count(name, 0)
    step.count("read", intake.records + update.records)
    out = step.writer("RETURN")
    merged = returns.by_office(cogroup(intake.blocks(), update.blocks(), returns.KEY_LENGTH))
    for label, pieces in itertools.groupby(merged, key=itemgetter(0)):
        with out.part(label) as part:
            part.write(returns.header())
            for _, text, records in pieces:
                part.write(text)
                step.count("written", records)
        step.count("offices")
