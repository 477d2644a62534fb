"""S120: carry accepted requests into the number master (個人番号等管理マスタの更新); the rules are in ``chosho.registration``."""

from collections import Counter

from chosho import codec
from chosho.codec.batch import block, to_batch
from chosho.dataset.cogroup import cogroup
from chosho.registration import update as rule
from chosho.step import Step


def prepare() -> None:
    """Load the compiled loops, before the step's turn."""
    codec.warm("keys", "rows", "update")


def run(step: Step) -> None:
    """Write NEWMAST and REJECTS; TRAN is erased by the end of the step, OLDMAST stays until it rolls off."""
    requests, master, total = step.reader("TRAN"), rule.no_master(), 0
    if step.present("OLDMAST"):
        old_master = step.reader("OLDMAST")
        master, total = old_master.blocks(), old_master.records
    else:
        step.message("CHSA050I", dsn=step.dsn("NEWMAST"))
    new, rejects = step.writer("NEWMAST"), step.writer("REJECTS")
    rejected = step.sorter(lrecl=rule.REJECT_LRECL, key_length=rule.REJECT_KEY, expected=0)
    counts = Counter(dict.fromkeys(rule.COUNTS, 0))
    for asked, old in cogroup(requests.blocks(), master, rule.GROUP_KEY):
        left, right = to_batch(asked), to_batch(old)
        found = rule.update(left, right, rule.Parameters())
        new.write(block(found["master"]))
        rejected.add(block(found["rejects"]))
        step.pf_keys(rule.pf_keys(left, found))
        counts.update(rule.totals(right, found))
        step.progress(counts["read"] + counts["old"], requests.records + total)
    counts["written"] = new.bytes_taken // rule.MASTER_LRECL
    for records in rejected.sorted():
        rejects.write(records)
    step.add_counts(counts)
    if counts["rejected"]:
        step.message("CHSA051W", requests=counts["rejected"])
