"""S920: PF deletion (PF削除): read the PF's replies, instruct, send, chase; the rules are in ``chosho.retention``."""

from chosho.dataset.delivery import NOT_FOR_US, DamagedDelivery, Delivery
from chosho.retention import pf_deletion, pf_file, pf_inbox, pf_telling
from chosho.retention.pf_file import Refusal
from chosho.retention.pf_reply import Reply
from chosho.step import Step


def run(step: Step) -> None:
    """Write OUT, one file per instruction that is sent; being late, or a finding, undoes nothing (code 4)."""
    plan = pf_deletion.plan(
        step.pf_ledger(),
        _replies(step),
        step.business_date,
        step.calendar,
        approval_required=step.settings["pf"]["approval"] == "required",
    )
    step.writer("OUT")
    for outgoing in plan.to_send:
        step.write_file("OUT", outgoing.label, pf_file.write_instruction(outgoing, step.business_date))
    step.pf_apply(plan)
    for name, number in plan.counts():
        step.set_count(name, number)
    for message, fields in pf_telling.told(plan, step.business_date):
        step.message(message, **fields)


def _replies(step: Step) -> list[Reply]:
    """Take the reply files that are good and in their turn; a bad one stays and is told (code 8)."""
    read = [(file, _read(step, file)) for file in step.deliveries("REPLY")]
    taken, refused = pf_inbox.in_order(read, step.next_file_no("REPLY"))
    for file, refusal in refused:
        step.refuse("REPLY", file, refusal.reason)
        meaning = pf_file.REASONS[refusal.reason]
        step.contradiction("CHSE032E", file=file.name, reason=refusal.reason, meaning=meaning)
    for file, reply in taken:
        step.take("REPLY", file, file_no=reply.file_no, file_date=reply.file_date, records=len(reply.details))
    return [reply for _, reply in taken]


def _read(step: Step, file: Delivery) -> Reply | Refusal:
    if file.fault or file.twin:
        return Refusal(file.fault or "FDUP")
    try:
        blocks = file.blocks(step.lrecl("REPLY"))
        return pf_file.read_reply(blocks, step.business_date, file=file.name)
    except DamagedDelivery:
        return Refusal(NOT_FOR_US)
