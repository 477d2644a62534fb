"""S130: the acquisition status for terminals (個人番号等取得状況の作成); the rules are in ``chosho.registration``."""

from chosho import codec
from chosho.codec.batch import block, to_batch
from chosho.dataset.cogroup import groups
from chosho.registration.status import PERSON_KEY, held, status
from chosho.step import Step


def prepare() -> None:
    """Load the compiled loops, before the step's turn."""
    codec.warm("keys")


def run(step: Step) -> None:
    """Write STATUS, one record per person of NUMMAST, without a number."""
    master, out = step.reader("NUMMAST"), step.writer("STATUS")
    for name in ("read", "written", "held", "not_held"):
        step.count(name, 0)
    for registrations in groups(master.blocks(), PERSON_KEY):
        found = block(status(to_batch(registrations)))
        out.write(found)
        here = held(found)
        step.count("read", len(registrations))
        step.count("written", len(found))
        step.count("held", here)
        step.count("not_held", len(found) - here)
        step.progress(step.counts["read"], master.records)
