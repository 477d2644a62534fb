"""S910: scratch (消去): what has had its time goes first, each calendar day; the table is ``RETENTION.yaml``."""

from chosho.retention import decision
from chosho.step import Step


def run(step: Step) -> None:
    """Erase what is due today; ``scratched`` counts what was given up, ``records`` the records in it."""
    rules = step.retention_rules
    holdings = step.holdings()
    dues = decision.decide(holdings, rules, step.business_date)
    step.set_count("held", len(holdings))
    for name, number in decision.counts(dues, rules):
        step.set_count(name, number)
    for message, fields in decision.told(dues, rules, step.business_date):
        step.message(message, **fields)
    step.scratch(dues)
    step.set_count("scratched", len(dues))
