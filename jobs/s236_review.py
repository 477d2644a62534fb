"""S236: list the texts that a person should see (文字審査一覧の作成); the rules are in ``chosho.statement.review``.

Index, changes and rows of each kind are walked side by side; what is listed waits in a sealed sort for the texts before, which the
payment data hold. Of a build of which only the difference goes out (SENT is there), the texts of that are listed.
"""

from chosho import codec
from chosho.dataset.cogroup import cogroup
from chosho.statement import review
from chosho.step import Step


def prepare() -> None:
    """Load the compiled loops, before the step's turn."""
    codec.warm("keys", "review")


def run(step: Step) -> None:
    """Write REVIEW, in the order of payment, kind, item and rule."""
    step.count("read", 0)
    changes = step.reader("CHANGES", key=0)
    waiting = step.sorter(lrecl=review.LRECL, key_length=review.KEY, expected=changes.records)
    for kind in step.parameters["KINDS"].split():
        rows, begin = review.Stream(step.reader(f"K{kind}").stream()), 0
        index = review.of_kind(step.reader("INDEX").blocks(), "STMTIDX", kind)
        changed = review.of_kind(changes.blocks(), "CHANGE", kind)
        for statements, found in cogroup(index, changed, review.PAYMENT):
            data = rows.take(review.size(statements))
            waiting.add(review.listed(statements, found, data, kind, begin))
            begin += len(data)
            step.count("read", len(statements))
    listed = waiting.sorted()
    if step.given("SENT"):
        sent = step.sorter(lrecl=step.lrecl("SENT"), key_length=review.STATEMENT, expected=changes.records)
        for block in step.reader("SENT").blocks():
            sent.add(review.right(block))
        listed = (review.among(*pair) for pair in cogroup(listed, sent.sorted(), review.STATEMENT))
    totals, out = review.Totals(), step.writer("REVIEW")
    fields = step.layout("PAYDATA").named()
    for payments, records in cogroup(step.reader("PAYDATA").blocks(), listed, review.PAYMENT):
        if len(records):
            out.write(review.before(records, payments, fields))
            totals.add(records)
    step.add_counts(dict(totals.counts()))
