"""s120 under the real supervisor: a new generation of the master, rejects in order, keys of the PF, counts that balance."""

from datetime import timedelta

from chosho.codec import batch as batches
from chosho.dataset import access
from chosho.dataset.reader import Reader
from chosho.registration import update
from chosho.vault.keys import KeyStore
from tests.extract.flows import rows
from tests.jobs.nights import dumped, lay, night
from tests.match.masters import block, individual
from tests.model.update import Master
from tests.registration.updates import NUMBER, NUMMAST, OTHER_NUMBER, REGREJ, ordered, request, row, sides
from tests.step.stage import DAY

NO_REJECTS = block(REGREJ, [])
PF_KEY = {"CHANNEL": "3", "PF_KEY_ID": "KEY-A1", "PF_STORED_AT": "20270111235900"}
HELD = [row(NUMBER), row(individual(8), POLICY_NO="10000000002"), row(individual(9), POLICY_NO="10000000005")]
REQUESTS = ordered(
    [
        request("1", OTHER_NUMBER, **PF_KEY),
        request("3", POLICY_NO="10000000002"),
        request("1", individual(3), POLICY_NO="10000000003"),
        request("3", POLICY_NO="10000000004", OFFICE_NO="99999"),
        request(
            "2",
            NUMBER,
            POLICY_NO="10000000004",
            OFFICE_NO="11111",
            PF_KEY_ID="KEY-B2",
            PF_STORED_AT="20270110000000",
        ),
    ]
)


def ran(tmp_path, requests, master):
    """Run FIRST when there is a master, then TRY; return the stage and the result."""
    made = night(tmp_path)
    lay(made, requests=sides(requests, [])[0], intake=NO_REJECTS, master=sides([], master or [])[1])
    if master is not None:
        assert made.submit("FIRST", DAY - timedelta(days=1)).rc == 0
    return made, made.submit("TRY")


def test_a_night_makes_the_master_that_the_model_makes(tmp_path):
    made, result = ran(tmp_path, REQUESTS, HELD)
    model = Master(HELD)
    model.take_all(REQUESTS)
    assert dumped(made, "MASTER", "NUMMAST").tobytes() == block(NUMMAST, model.rows()).tobytes()
    counts = result.steps[1].counts
    expected = {name: model.counts[name] for name in update.COUNTS if name != "written"}
    assert {name: counts[name] for name in expected} == expected
    assert counts["written"] == counts["new"] == 5
    assert set(update.COUNTS) <= set(counts), "every count is declared, also at 0"
    assert (result.rc, result.steps[1].rc) == (4, 4)
    assert "CHSA051W 2 requests" in made.log(result.run_id)


def test_the_deleted_number_is_not_in_the_new_master(tmp_path):
    made, _ = ran(tmp_path, REQUESTS, HELD)
    content = dumped(made, "MASTER", "NUMMAST").tobytes()
    assert individual(8).encode() not in content
    assert NUMBER.encode() in content, "history of a change stays"


def test_rejects_stand_in_the_order_of_offices(tmp_path):
    made, _ = ran(tmp_path, REQUESTS, HELD)
    found = rows(REGREJ, dumped(made, "REJECTS", "REGREJ"))
    assert [(one["OFFICE-NO"], one["REASON"]) for one in found] == [("11111", "NREG"), ("99999", "NHLD")]


def test_keys_of_the_pf_are_entered_with_the_step(tmp_path):
    made, _ = ran(tmp_path, REQUESTS, HELD)
    with made.store() as store:
        found = store._database.rows("SELECT id, stored_at, state, reason FROM pf_keys ORDER BY id")
    assert [tuple(one) for one in found] == [
        ("KEY-A1", "20270111235900", "due", ""),
        ("KEY-B2", "20270110000000", "rejected", "NREG"),
    ]


def test_the_first_night_of_a_data_root_begins_with_an_empty_master(tmp_path):
    made, result = ran(tmp_path, REQUESTS[2:3] + REQUESTS[:1], None)
    assert result.rc == 0
    assert "CHSA050I" in made.log(result.run_id)
    assert [one["REGISTRATION-NO"] for one in rows(NUMMAST, dumped(made, "MASTER", "NUMMAST"))] == [
        "001",
        "001",
    ]
    assert made.catalogued()["CHOSHO.NUMBER.MASTER"] == [1]


def test_a_night_without_requests_keeps_the_master_as_it_is(tmp_path):
    made, result = ran(tmp_path, [], HELD)
    assert result.rc == 0
    assert dumped(made, "MASTER", "NUMMAST").tobytes() == sides([], HELD)[1].tobytes()
    assert (result.steps[1].counts["old"], result.steps[1].counts["new"]) == (3, 3)


def test_the_same_night_on_another_root_makes_a_record_identical_master(tmp_path):
    contents = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made, _ = ran(tmp_path / name, REQUESTS, HELD)
        contents.append(
            [
                dumped(made, dd, member).tobytes()
                for dd, member in (("MASTER", "NUMMAST"), ("REJECTS", "REGREJ"))
            ]
        )
    assert contents[0] == contents[1]


def test_requests_are_gone_after_the_night_and_older_masters_stay(tmp_path):
    made, _ = ran(tmp_path, REQUESTS, HELD)
    catalogued = made.catalogued()
    assert catalogued.get("CHOSHO.REGISTRATION.TRAN", []) == []
    assert catalogued["CHOSHO.NUMBER.MASTER"] == [1, 2]


def test_the_new_master_is_sealed_and_no_number_is_in_log_or_journal(tmp_path):
    made, result = ran(tmp_path, REQUESTS, HELD)
    numbers = [NUMBER, OTHER_NUMBER, individual(3), individual(8)]
    files = [path.read_bytes() for path in (made.root / "data").iterdir()]
    files += [path.read_bytes() for path in (made.root / "spool").rglob("*") if path.is_file()]
    files.append((made.root / "control" / "chosho.db").read_bytes())
    assert not [number for number in numbers for content in files if number.encode() in content]
    assert result.steps[1].counts["changed"] == 1


def test_requests_out_of_order_stop_the_line(tmp_path):
    made = night(tmp_path)
    lay(made, requests=sides(REQUESTS, [])[0][::-1].copy(), intake=NO_REJECTS)
    assert made.submit("TRY").steps[1].rc == 16
    assert "CHOSHO.NUMBER.MASTER" not in made.catalogued()


def test_the_generation_that_is_read_is_the_one_before(tmp_path):
    made, _ = ran(tmp_path, REQUESTS, HELD)
    keys = KeyStore(made.keys, data_root=made.root)
    with made.store() as store:
        old = store.generations.catalogued("CHOSHO.NUMBER.MASTER")[0]
        parts = access.sources(made.root, store, keys, old)
    content = b"".join(one.tobytes() for one in Reader(parts, lrecl=NUMMAST.length).blocks())
    assert content == sides([], HELD)[1].tobytes()


def test_a_master_of_many_blocks_is_updated_as_one(tmp_path):
    """More records than a block holds: the update is the rule's over the whole."""
    number = 40_000
    master = sides([], [row(NUMBER)])[1].repeat(number, axis=0)
    policies = [f"{10_000_000_000 + 3 * n:011d}" for n in range(number)]
    master[:, :11] = block(NUMMAST, [{"POLICY-NO": policy} for policy in policies])[:, :11]
    asked = [
        request("1", OTHER_NUMBER, POLICY_NO=f"{10_000_000_000 + 5 * n:011d}", RECORD_NO=f"{n:08d}")
        for n in range(0, number, 7)
    ]
    requests = sides(asked, [])[0]
    made = night(tmp_path)
    lay(made, requests=requests, intake=NO_REJECTS, master=master)
    assert made.submit("FIRST", DAY - timedelta(days=1)).rc == 0
    assert made.submit("TRY").rc == 0
    whole = update.update(batches.to_batch(requests), batches.to_batch(master), update.Parameters())
    assert dumped(made, "MASTER", "NUMMAST").tobytes() == batches.block(whole["master"]).tobytes()
