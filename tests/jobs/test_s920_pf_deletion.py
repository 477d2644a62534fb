"""s920 under the real supervisor, by the deck PURGE: instructions out, replies in, late ones told, nothing half done."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from chosho.retention.pf_reply import Detail
from chosho.vault.age import Encryptor
from chosho.vault.keys import KeyStore
from tests.retention.pf_records import reply_file
from tests.step.stage import REPOSITORY, Stage
from tests.tools import tool

MON, TUE, WED, THU = (date(2027, 4, day) for day in (5, 6, 7, 8))
FIRST = "PFDEL.20270405.01"
STORED = "20270405101500"
ENTER = """
    job: ENTER
    title: what the intake and the update say of the PF's keys
    parameters: {KEYS: {title: "id, state, reason of each"}}
    steps:
      - step: S1
        pgm: enter
        parm: {KEYS: "&KEYS"}
    """


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    made = Stage(tmp_path)
    for name in ("RETENTION.yaml", "CALENDAR.yaml"):
        if not (made.root / name).exists():
            shutil.copy(REPOSITORY / "datasets" / name, made.root)
    made.deck("ENTER", ENTER)
    made.program(
        "enter",
        f"""
        rows = [one.split(":") for one in step.parameters["KEYS"].split()]
        step.pf_keys([(name, "{STORED}", state, reason) for name, state, reason in rows])
        """,
    )
    return made


def enter(stage: Stage, *keys: str, day: date = MON) -> None:
    assert stage.submit("ENTER", day, parameters={"KEYS": " ".join(keys)}).rc == 0


def approval(stage: Stage) -> None:
    path = stage.root / "SETTINGS.yaml"
    path.write_text(path.read_text().replace("approval: none", "approval: required"))


def night(stage: Stage, day: date):
    return stage.submit("PURGE", day)


def deliver(
    stage: Stage, kind: str, results: dict[str, str], *, number: int, deleted_at: str = "20270406090000"
) -> Path:
    """Let the PF reply to the first instruction, encrypted to us."""
    details = [
        Detail(name, STORED, result, deleted_at if (kind, result) == ("C", "00") else "")
        for name, result in results.items()
    ]
    return lay(stage, reply_file(FIRST, details, number=number, kind=kind), f"PF{number:06d}.{kind}.age")


def lay(stage: Stage, records: Sequence[bytes], name: str) -> Path:
    pieces: list[bytes] = []
    recipient = KeyStore(stage.keys, data_root=stage.root).recipient()
    encryptor = Encryptor(lambda piece: pieces.append(bytes(piece)), recipients=[recipient])
    encryptor.write(b"".join(records))
    encryptor.finish()
    stage.put(f"inbox/pf/{name}", b"".join(pieces))
    return stage.root / "inbox" / "pf" / name


def outbox(stage: Stage) -> dict[str, bytes]:
    folder = stage.root / "outbox" / "pf"
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*"))} if folder.is_dir() else {}


def states(stage: Stage) -> dict[str, str]:
    with stage.store() as store:
        rows = store.pf.instructions()
        keys = [store.pf.key(name)["state"] for name in ("A1", "B2")]
    return {**{row["id"]: row["state"] for row in rows}, "keys": " ".join(keys)}


def test_what_is_due_is_instructed_and_what_is_rejected_is_not(stage: Stage):
    enter(stage, "A1:due:", "B2:rejected:KANA")
    result = night(stage, MON)
    assert (result.rc, result.steps[0].counts) == (
        0,
        {"keys.open": 2, "instructed": 1, "closed": 0, "overdue": 0, "findings": 0, "sent": 1, "resent": 0},
    )
    ((name, data),) = outbox(stage).items()
    assert name.startswith(FIRST)
    assert (len(data), data[200:220].strip(), b"B2" in data) == (600, b"2A1", False)
    assert states(stage) == {FIRST: "sent", "keys": "instructed rejected"}


def test_a_night_without_anything_is_clean(stage: Stage):
    result = night(stage, MON)
    assert (result.rc, set(result.steps[0].counts.values()), outbox(stage)) == (0, {0}, {})


def test_the_replies_of_the_pf_close_the_instruction(stage: Stage):
    enter(stage, "A1:due:", "B2:due:")
    night(stage, MON)
    deliver(stage, "A", {"A1": "00", "B2": "00"}, number=1)
    deliver(stage, "C", {"A1": "00", "B2": "00"}, number=2)
    result = night(stage, TUE)
    assert (result.rc, result.steps[0].counts["closed"]) == (0, 2)
    assert states(stage) == {FIRST: "closed", "keys": "deleted deleted"}
    assert f"CHSE024I instruction {FIRST} is closed" in stage.log(result.run_id)
    assert night(stage, WED).rc == 0


def test_a_finding_is_a_warning_that_names_the_keys(stage: Stage):
    enter(stage, "A1:due:", "B2:due:")
    night(stage, MON)
    deliver(stage, "C", {"A1": "00", "B2": "09"}, number=1)
    result = night(stage, TUE)
    assert (result.rc, result.steps[0].counts["findings"]) == (4, 1)
    assert "CHSE030W finding NDEL" in stage.log(result.run_id)
    assert states(stage) == {FIRST: "closed", "keys": "deleted due"}
    assert night(stage, WED).steps[0].counts["instructed"] == 1


def test_being_overdue_is_a_warning_and_undoes_nothing(stage: Stage):
    enter(stage, "A1:due:", "B2:rejected:KANA")
    night(stage, MON)
    deliver(stage, "C", {"A1": "00"}, number=1)
    night(stage, TUE)
    for day in (WED, THU):
        result = night(stage, day)
        assert (result.rc, result.steps[0].counts["overdue"]) == (4, 1)
        assert "CHSE031W 1 keys are overdue, the first since 2027-04-06: B2" in stage.log(result.run_id)


def test_without_acknowledgement_the_same_instruction_goes_out_under_a_second_name(stage: Stage):
    enter(stage, "A1:due:", "B2:due:")
    night(stage, MON)
    result = night(stage, TUE)
    assert (result.rc, result.steps[0].counts["resent"]) == (4, 1)
    sent = outbox(stage)
    first, second = sent[f"{FIRST}.dat"], sent[f"{FIRST}-2.dat"]
    assert first[200:600] == second[200:600]
    assert FIRST.encode() in second[:200]
    assert (first[2:8], second[2:8]) == (b"000001", b"000002")


def test_a_night_is_done_once_and_sends_once(stage: Stage):
    enter(stage, "A1:due:", "B2:due:")
    night(stage, MON)
    with pytest.raises(Exception, match="CHSB041E"):
        night(stage, MON)
    assert len(outbox(stage)) == 1


def test_with_approval_it_waits_for_a_second_person(stage: Stage):
    approval(stage)
    enter(stage, "A1:due:", "B2:due:")
    result = night(stage, MON)
    assert (result.rc, outbox(stage)) == (0, {})
    assert f"CHSE022I instruction {FIRST} of 2027-04-05 waits" in stage.log(result.run_id)
    with stage.store() as store:
        with pytest.raises(Exception, match="CHSE042E"):
            store.pf.approve(FIRST, who="tester", reason="r", at="2027-04-06T09:00:00+09:00")
        store.pf.approve(FIRST, who="suzuki", reason="r", at="2027-04-06T09:00:00+09:00")
    night(stage, TUE)
    assert len(outbox(stage)) == 1


def test_a_bad_file_stays_and_is_told_and_the_ledger_goes_on(stage: Stage):
    enter(stage, "A1:due:", "B2:due:")
    night(stage, MON)
    bad = lay(stage, reply_file(FIRST, [], number=1)[:-1], "PF000001.age")
    late = deliver(stage, "C", {"A1": "00", "B2": "00"}, number=2)
    enter(stage, "C3:due:", day=TUE)
    result = night(stage, TUE)
    assert (result.rc, result.steps[0].counts["instructed"]) == (8, 1)
    log = stage.log(result.run_id)
    assert "CHSE032E reply file PF000001.age is refused, FTRL" in log
    assert "CHSE032E reply file PF000002.C.age is refused, FSEQ" in log
    assert bad.exists()
    assert late.exists()
    bad.unlink()
    deliver(stage, "A", {"A1": "00", "B2": "00"}, number=1)
    night(stage, WED)
    assert states(stage)[FIRST] == "closed"


def test_a_bad_file_that_the_pf_sends_anew_under_its_name_is_settled(stage: Stage):
    enter(stage, "A1:due:", "B2:due:")
    night(stage, MON)
    for number, kind, day in ((1, "A", TUE), (2, "C", THU)):
        name = f"PF{number:06d}.{kind}.age"
        lay(stage, reply_file(FIRST, [], number=number, kind=kind)[:-1], name)
        assert night(stage, day).rc == 8
        (stage.root / "inbox/pf" / name).unlink()
        deliver(stage, kind, {"A1": "00", "B2": "00"}, number=number)
        assert night(stage, day + timedelta(days=1)).rc in {0, 4}
    assert states(stage)[FIRST] == "closed"
    with stage.store() as store:
        files = [(one.name, str(one.state), one.reason) for one in store.inbox.all()]
    assert files == [
        ("PF000001.A.age", "replaced", "FTRL"),
        ("PF000001.A.age", "taken", ""),
        ("PF000002.C.age", "replaced", "FTRL"),
        ("PF000002.C.age", "taken", ""),
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"1" + b" " * 199, "FPLN"), (b"age-encryption.org/v1\n" + b"-> X25519 \n", "FDEC"), (b"x", "FPLN")],
)
def test_a_file_that_is_plain_or_not_for_us_is_refused(stage: Stage, data: bytes, reason: str):
    stage.put("inbox/pf/PF000001.dat", data)
    result = night(stage, MON)
    assert result.rc == 8
    assert f"is refused, {reason}" in stage.log(result.run_id)


def test_what_is_no_file_is_refused(stage: Stage):
    stage.put("inbox/pf/folder/PF000001.age", b"")
    result = night(stage, MON)
    assert (result.rc, "is refused, FNAM" in stage.log(result.run_id)) == (8, True)


def test_a_file_damaged_on_its_way_is_refused(stage: Stage):
    path = deliver(stage, "A", {f"K{number}": "00" for number in range(2000)}, number=1)
    data = bytearray(path.read_bytes())
    data[300_000] ^= 1
    path.write_bytes(data)
    result = night(stage, TUE)
    assert result.rc == 8
    assert "is refused, FDEC" in stage.log(result.run_id)


def test_the_same_file_once_more_is_refused_and_changes_nothing(stage: Stage):
    enter(stage, "A1:due:", "B2:due:")
    night(stage, MON)
    reply = deliver(stage, "C", {"A1": "00", "B2": "00"}, number=1)
    twin = reply.read_bytes()
    night(stage, TUE)
    stage.put("inbox/pf/PF000001.again.age", twin)
    deliver(stage, "A", {"A1": "00", "B2": "00"}, number=1).rename(stage.root / "inbox/pf/PF000001.other.age")
    result = night(stage, WED)
    assert result.rc == 8
    assert stage.log(result.run_id).count("is refused, FDUP") >= 2
    assert states(stage) == {FIRST: "closed", "keys": "deleted deleted"}


def test_a_pf_of_its_own_process_is_told_and_answers(stage: Stage, tmp_path: Path):
    tool("age")
    recipient = KeyStore(stage.keys, data_root=stage.root).recipient()
    person = {"policy_no": "00000000001", "individual_no": "123456789018", "kana": "ｱ", "stored_at": STORED}
    command = [
        sys.executable,
        "-m",
        "tests.pf_simulator",
        "--store",
        tmp_path / "pf.db",
        "--recipient",
        recipient,
    ]
    command += ["--outbox", stage.root / "outbox/pf", "--inbox-reply", stage.root / "inbox/pf"]

    def pf(*words: object, given: str = "") -> dict[str, Any]:
        line = [str(word) for word in [*command, *words]]
        done = subprocess.run(line, cwd=REPOSITORY, input=given, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    pf("declare", given="\n".join(json.dumps({**person, "key_id": name}) for name in ("A1", "B2")))
    enter(stage, "A1:due:", "B2:due:")
    night(stage, MON)
    pf("day", TUE)
    assert (night(stage, TUE).rc, states(stage)[FIRST]) == (0, "closed")
    assert {one["deleted_at"] for one in pf("state").values()} == {"20270406090000"}


def test_a_step_that_fails_after_its_plan_sends_nothing_and_the_restart_sends_once(stage: Stage):
    """The file goes out by the commit that moves the ledger, or not at all."""
    enter(stage, "A1:due:", "B2:due:")
    stage.program(
        "s920_pf_deletion",
        """
        from chosho.jobs import s920_pf_deletion
        s920_pf_deletion.run(step)
        raise InputRefused("CHSB043E")
        """,
    )
    assert night(stage, MON).rc == 12
    assert (outbox(stage), states(stage)) == ({}, {"keys": "due due"})
    (stage.libraries.jobs[0] / "s920_pf_deletion.py").unlink()
    assert stage.submit("PURGE", MON, restart="S920").rc == 0
    assert (len(outbox(stage)), states(stage)[FIRST]) == (1, "sent")


def test_no_number_is_in_the_files_the_log_or_the_journal(stage: Stage):
    """Key ids may be shown; twelve digits on their own are nowhere."""
    enter(stage, "A1:due:", "B2:rejected:KANA")
    night(stage, MON)
    deliver(stage, "C", {"A1": "09"}, number=1)
    result = night(stage, TUE)
    with stage.store() as store:
        rows = [row for row in store.journal.rows() if row.kind.startswith("pf.")]
        assert store.journal.verify() == ()
    assert "pf.finding" in {row.kind for row in rows}
    assert "#" not in stage.log(result.run_id)
