"""s140 report (取扱い記録の毎日抽出): the day's acts on specific personal information, out of the verified journal."""

from chosho.errors import StopLine
from chosho.report.handling import Handling, Tally
from chosho.report.handling_pages import to_csv, to_html
from chosho.step import Step


def run(step: Step) -> None:
    """Write the report; ``read`` journal rows are ``listed`` or ``left_out``. A journal that is not sound stops the line."""
    facts = Handling.of(step.business_date, step.journal_state(), step.settings)
    report, tally = step.writer("REPORT"), Tally()
    with report.part(f"{facts.business_date}.csv") as part:
        for piece in to_csv(facts, step.journal(facts.first, facts.last), tally):
            part.write(piece)
    with report.part(f"{facts.business_date}.html") as part:
        for piece in to_html(facts, step.journal(facts.first, facts.last), tally):
            part.write(piece)
    for name, number in tally.counts().items():
        step.set_count(name, number)
    if facts.faults:
        raise StopLine("CHSP001S", faults=facts.faults)
    step.handling_report(first=facts.first, last=facts.last, head=facts.head)
    if tally.unknown:
        step.message("CHSP002W", rows=tally.unknown.total(), kinds=", ".join(sorted(tally.unknown)))
    if overdue := facts.overdue(step.calendar):
        step.message("CHSP003W", days=len(overdue), oldest=overdue[0])
