"""S210: extract the payments that need a statement (支払データの抽出); the rules are in ``chosho.extract``.

The source is read twice: to judge each payment among all payments of its payee, then to transcode those that are kept. A third
reading, when there are any, fetches the payments that proved bad only beside their contract.
"""

from chosho import codec
from chosho.dataset.ahead import read_ahead
from chosho.dataset.cogroup import cogroup, groups
from chosho.extract import candidate, day, decision, obligor, payment, verdict
from chosho.extract.flow import Extract
from chosho.extract.scope import Scope
from chosho.statement.parameters import Parameters
from chosho.step import Step


def prepare() -> None:
    """Load the compiled loops, before the step's turn."""
    codec.warm("keys", "rows", "transcode", "assemble")


def run(step: Step) -> None:
    """Write PAYDATA, REJECTS and FINDINGS; PREVIOUS is only counted, the end of the step erases it."""
    period = step.parameters["PERIOD"]
    rules = Parameters.of(period, step.settings)
    extract = Extract(
        payments=(step.layout("PAYIN"), step.code_page("PAYIN")),
        contracts=(step.layout("CONTRACT"), step.code_page("CONTRACT")),
        scope=Scope.of(step.parameters["KINDS"], period),
        obligor=obligor.items(step.settings["obligor"], step.layout("PAYDATA")),
        submitted_on=day.parameter(step.parameters["SUBMITTED_ON"]),
        look_at_amounts=rules.amount_findings == "list",
    )
    if step.present("PREVIOUS"):
        extract.counts["previous.records"] = step.reader("PREVIOUS").records
    source = step.reader("PAYIN")
    many = source.records
    candidates = step.sorter(lrecl=candidate.LRECL, key_length=decision.PAYMENT_KEY, expected=many)
    verdicts = step.sorter(lrecl=verdict.LRECL, key_length=verdict.KEY_LENGTH, expected=many)
    for found, faulty in read_ahead(extract.candidates(source.blocks())):
        candidates.add(found)
        verdicts.add(faulty)
        step.progress(extract.counts["read"], 2 * many)
    for payees in groups(candidates.sorted(), decision.GROUP_KEY):
        verdicts.add(extract.decide(payees))
    kept = step.sorter(lrecl=payment.LRECL, key_length=payment.KEY_LENGTH, expected=many)
    rejects, paydata, findings = (step.writer(dd) for dd in ("REJECTS", "PAYDATA", "FINDINGS"))
    for found, refused in read_ahead(extract.kept(source.blocks(), verdicts.sorted())):
        kept.add(found)
        rejects.write(refused)
    late = step.sorter(lrecl=verdict.LRECL, key_length=verdict.KEY_LENGTH, expected=0)
    # The master's own order is that of the host; the flow checks it under the ASCII key.
    terms = read_ahead(extract.terms(step.reader("CONTRACT", key=0).blocks()))
    for made in read_ahead(extract.built(cogroup(kept.sorted(), terms, payment.POLICY_KEY))):
        paydata.write(made.records)
        findings.write(made.findings)
        late.add(made.refused)
    for refused in extract.refused(source.blocks(), late.sorted()) if late.records else ():
        rejects.write(refused)
    extract.tell(step)
