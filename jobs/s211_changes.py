"""S211: extract the changes of contractor by death (異動の抽出); the rules are in ``chosho.extract.changes``."""

from chosho import codec
from chosho.dataset.ahead import read_ahead
from chosho.dataset.cogroup import groups
from chosho.extract import contract, day, obligor, scope
from chosho.extract.change_flow import ChangeExtract
from chosho.extract.changes import Parameters
from chosho.statement.parameters import Parameters as Settings
from chosho.step import Step


def prepare() -> None:
    """Load the compiled loops, before the step's turn."""
    codec.warm("keys", "rows", "transcode")


def run(step: Step) -> None:
    """Write CHANGES and REJECTS."""
    period = step.parameters["TAX_YEAR"]
    first, last = scope.days(period)
    layout, code_page = step.layout("CONTRACT"), step.code_page("CONTRACT")
    extract = ChangeExtract(
        contracts=(layout, code_page),
        parameters=Parameters(
            first=first,
            last=last,
            exempt=Settings.of(period, step.settings).change_exempt,
            obligor=obligor.items(step.settings["obligor"], step.layout("CHANGES")),
            submitted_on=day.parameter(step.parameters["SUBMITTED_ON"]),
        ),
    )
    # The master's own order is that of the host; it is checked under the ASCII key.
    master = step.reader("CONTRACT", key=0)
    keyed = contract.keyed(master.blocks(), layout, code_page)
    changed, rejects = step.writer("CHANGES"), step.writer("REJECTS")
    for found, refused in read_ahead(extract.made(groups(keyed, contract.KEY_LENGTH))):
        changed.write(found)
        rejects.write(refused)
        step.progress(extract.counts["read"], master.records)
    step.add_counts(extract.counts)
