"""S240: check the built statements against the recording rules (記録要領の検査).

Every row is read again as a stranger would read it; one error refuses the job, the list of findings survives.
"""

from chosho.statement.build import ALL_KINDS
from chosho.statement.check import RowCheck
from chosho.statement.check_rules import IDS
from chosho.statement.finding import to_block
from chosho.statement.parameters import Parameters
from chosho.step import Step


def run(step: Step) -> None:
    """Check all kinds, list and count what was found."""
    parameters = Parameters.of(step.parameters["TAX_YEAR"], step.settings)
    findings = step.writer("FINDINGS")
    for code in ALL_KINDS:
        file = f"K{code}"
        check = RowCheck(code, tax_year=parameters.tax_year, last_item=parameters.last_item)
        for piece in step.reader(file).stream():
            check.feed(piece)
        totals = check.finish()
        findings.write(to_block(file, check.listed))
        step.count("read", totals.records)
        step.count("amount", sum(totals.amounts))
        for rule in IDS:
            step.count(f"findings.{rule}", totals.counts.get(rule, 0))
        if totals.errors:
            step.contradiction("CHSN020E", file=file, count=totals.errors)
        if totals.warnings:
            step.message("CHSN021W", file=file, count=totals.warnings)
