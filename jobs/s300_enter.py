"""S300: the statements of a submitted run enter those in force (提出済調書の登録): voids remove, others add; nothing twice."""

from datetime import date

import numpy as np

from chosho import codec
from chosho.codec import batch
from chosho.dataset.cogroup import cogroup
from chosho.errors import InputRefused
from chosho.statement import force
from chosho.statement.build import ALL_KINDS
from chosho.step import Step


def prepare() -> None:
    """Load the compiled loops, before the step's turn."""
    codec.warm("keys")


def run(step: Step) -> None:
    """Balance the old generation against the submission; ``read`` counts the statements of the submission."""
    run_id = step.parameters["RUN"]
    submission = step.submission(run_id)
    indexes = step.generations("INDEX")
    if run_id not in indexes:
        raise InputRefused("CHSN079E", run=run_id)
    index = step.older("INDEX", indexes[run_id])
    made = {code: step.generations(f"K{code}") for code in ALL_KINDS}
    copies = {code: found[run_id] for code, found in made.items() if run_id in found}
    coming = step.sorter(lrecl=force.LRECL, key_length=force.KEY, expected=index.records)
    submitted_on = date.fromisoformat(submission["submitted_on"])
    for block in index.blocks():
        coming.add(force.of_submission(block, submission["year"], copies, submitted_on))
    there = step.present("OLDFORCE")
    old = step.reader("OLDFORCE").blocks() if there else iter([np.empty((0, force.LRECL), np.uint8)])
    new = step.writer("NEWFORCE")
    for name in ("read", "old", "new", "added", "voided", "twice", "astray"):
        step.count(name, 0)
    for left, right in cogroup(old, coming.sorted(), force.KEY):
        entered = force.enter(batch.to_batch(left), batch.to_batch(right))
        stands = batch.block(entered.force)
        new.write(stands)
        for name in ("added", "voided", "twice", "astray"):
            step.count(name, getattr(entered, name))
        step.count("read", len(right))
        step.count("old", len(left))
        step.count("new", len(stands))
    for name, message_id in (("twice", "CHSN068E"), ("astray", "CHSN069E")):
        if step.counts[name]:
            step.contradiction(message_id, run=run_id, count=step.counts[name])
    if step.counts["read"] != sum(submission["records"].values()):
        step.contradiction("CHSN082E", run=run_id, found=step.counts["read"])
    step.submission_entered(run_id)
