"""S220: match the numbers of payees and contractors to the payments (個人番号等の付定); the rules are in ``chosho.match``."""

from collections import Counter

from chosho import codec
from chosho.codec.batch import block, to_batch
from chosho.dataset.cogroup import cogroup
from chosho.match import totals
from chosho.match.numbers import GROUP_KEY, Parameters, double_keys, numbers
from chosho.match.pair import pairs
from chosho.statement.parameters import year_of
from chosho.step import Step


def prepare() -> None:
    """Load the compiled loops, before the step's turn."""
    codec.warm("keys", "rows", "assemble", "kana")


def run(step: Step) -> None:
    """Write MATCH, one record per payment in the same order, and UNMATCH, the items that stay empty."""
    payments, master = step.reader("PAYDATA"), step.reader("NUMMAST")
    rules = Parameters(tax_year=year_of(step.parameters["TAX_YEAR"]))
    match, unmatch = step.writer("MATCH"), step.writer("UNMATCH")
    counts = Counter(dict.fromkeys(totals.ALWAYS, 0))
    double = 0
    for paid, registered in cogroup(pairs(payments.blocks()), master.blocks(), GROUP_KEY):
        counts.update({"read": len(paid), "master.read": len(registered)})
        double += double_keys(registered)
        if len(paid):
            found = numbers(to_batch(paid), to_batch(registered), rules)
            match.write(block(found["match"]))
            unmatch.write(block(found["unmatch"]))
            counts.update(totals.of_matches(block(found["match"])))
        step.progress(counts["read"], payments.records)
    step.add_counts(counts)
    if totals.doubtful(counts):
        step.message("CHSR021W", items=totals.doubtful(counts))
    if double:
        step.contradiction("CHSR020E", records=double)
