"""s130 under the real supervisor: one status per person of the new master."""

from datetime import timedelta

from chosho.codec import batch as batches
from chosho.copybook import load
from chosho.registration.status import status
from tests.extract.flows import rows
from tests.jobs.nights import dumped, lay, night
from tests.match.masters import block
from tests.registration.updates import NUMBER, OTHER_NUMBER, REGREJ, request, row, sides
from tests.step.stage import DAY


def ran(tmp_path, requests, master):
    made = night(tmp_path)
    lay(made, requests=sides(requests, [])[0], intake=block(REGREJ, []), master=sides([], master)[1])
    assert made.submit("FIRST", DAY - timedelta(days=1)).rc == 0
    return made, made.submit("TRY")


def test_the_status_is_that_of_the_new_master(tmp_path):
    held = [row(NUMBER), row(NUMBER, PAYEE_NO="02"), row("", state="0", REASON_CODE="04", PAYEE_NO="03")]
    requests = [request("1", OTHER_NUMBER), request("3", PAYEE_NO="02")]
    made, result = ran(tmp_path, requests, held)
    found = rows(load("NUMSTAT"), dumped(made, "STATUS", "NUMSTAT"))
    assert [(one["PAYEE-NO"], one["HELD"], one["STATE-CODE"], one["REASON-CODE"]) for one in found] == [
        ("01", "1", "1", "00"),
        ("02", "0", "9", "00"),
        ("03", "0", "0", "04"),
    ]
    assert result.steps[3].counts == {"read": 4, "written": 3, "held": 1, "not_held": 2}
    assert (result.rc, result.steps[3].rc) == (0, 0)


def test_no_number_is_in_the_status(tmp_path):
    made, _ = ran(tmp_path, [], [row(NUMBER)])
    assert NUMBER.encode() not in dumped(made, "STATUS", "NUMSTAT").tobytes()


def test_a_status_of_many_blocks_is_that_of_the_rule(tmp_path):
    number = 70_000
    master = sides([], [row(NUMBER)])[1].repeat(number, axis=0)
    keys = [
        {
            "POLICY-NO": f"{10_000_000_000 + n // 3:011d}",
            "ROLE-CODE": "02",
            "PAYEE-NO": "01",
            "REGISTRATION-NO": f"{n % 3:03d}",
        }
        for n in range(number)
    ]
    master[:, :18] = block(load("NUMMAST"), keys)[:, :18]
    made = night(tmp_path)
    lay(made, requests=sides([], [])[0], intake=block(REGREJ, []), master=master)
    assert made.submit("FIRST", DAY - timedelta(days=1)).rc == 0
    assert made.submit("TRY").rc == 0
    whole = batches.block(status(batches.to_batch(master)))
    assert dumped(made, "STATUS", "NUMSTAT").tobytes() == whole.tobytes()
