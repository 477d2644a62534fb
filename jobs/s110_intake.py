"""S110: take what four channels delivered (登録請求の受付); the rules are in ``chosho.registration``.

Each file is read twice: to judge it whole, then to read its requests.
"""

from collections.abc import Iterator

from chosho import codec
from chosho.codec.batch import Block
from chosho.copybook import Layout
from chosho.dataset.cogroup import groups
from chosho.dataset.delivery import DamagedDelivery
from chosho.registration import contract, rejection, request
from chosho.registration.channels import CHANNELS, ONLINE
from chosho.registration.flow import Intake
from chosho.step import Step


def prepare() -> None:
    """Load the compiled loops, before the step's turn."""
    codec.warm("keys", "rows", "transcode", "assemble", "kana")


def run(step: Step) -> None:
    """Write TRAN, the accepted requests in order, and REJECTS, the others by office; the files taken are used up."""
    tables = (_source(step, "OFFICE"), _source(step, "TERMINAL"))
    intake = Intake.on_day(step.business_date, step.settings["registration"], tables, DamagedDelivery)
    requests = step.sorter(lrecl=request.LRECL, key_length=request.KEY_LENGTH, expected=0)
    rejects = step.sorter(lrecl=rejection.LRECL, key_length=rejection.KEY_LENGTH, expected=0)
    for channel in CHANNELS:
        dd = channel.dd
        desk = intake.desk(channel, step.layout(dd), step.code_page(dd))
        for file, verdict in desk.judged(step.deliveries(dd), step.next_file_no(dd)):
            if verdict.reason:
                step.refuse(dd, file, verdict.reason)
                step.message(verdict.message, dd=dd, file=file.name, **verdict.numbers)
                continue
            step.take(dd, file, file_no=verdict.number, file_date=verdict.date, records=verdict.records)
            for found, refused in desk.read(file, verdict):
                requests.add(found)
                rejects.add(refused)
        if desk.missing:
            step.message("CHSA014W", dd=dd, date=step.business_date)
    masters = contract.contractors(*_source(step, "CONTRACT")), contract.payees(*_source(step, "PAYEE"))
    accepted, listed = step.writer("TRAN"), step.writer("REJECTS")
    for found, refused in intake.checked(groups(requests.sorted(), request.POLICY_KEY), *masters):
        accepted.write(found)
        rejects.add(refused)
        step.progress(intake.counts["accepted"] + intake.counts["rejected"], intake.counts["read"])
    keys = intake.pf_keys(step.layout(ONLINE.dd), step.code_page(ONLINE.dd))
    for records in rejects.sorted():
        listed.write(records)
        step.pf_keys(keys.keys(records))
    step.add_counts(intake.counts)


def _source(step: Step, dd: str) -> tuple[Iterator[Block], Layout, str]:
    """Return what a file of another system is read with; whoever needs its order checks it."""
    return step.reader(dd, key=0).blocks(), step.layout(dd), step.code_page(dd)
