"""s110 under the real supervisor: encrypted files of four channels, what is taken and refused, outputs, counts and codes."""

import errno
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np

from chosho.codec.batch import Block
from chosho.control.inbox import DeliveryState
from chosho.copybook import load
from chosho.registration.channels import CHANNELS, COUNTER, MAIL, MOBILE, ONLINE
from chosho.vault.age import Encryptor
from chosho.vault.keys import KeyStore
from tests.dataset.unreadable import unreadable
from tests.registration.intakes import (
    CONTRACTS,
    KEY_ID,
    NUMBER,
    OFFICE,
    OFFICES,
    PAYEE,
    PAYEES,
    TERMINAL,
    TERMINALS,
    Waiting,
    contracts,
    delivered,
    detail,
    records,
    run,
)
from tests.registration.test_intake_flow import masters, night
from tests.step.stage import DAY, REPOSITORY, Stage

_DUMP = """\
  - step: DUMP
    pgm: dump
    title: dump
    dd:
      TRAN: {dsn: CHOSHO.REGISTRATION.TRAN(+1), disp: SHR}
      REJECTS: {dsn: CHOSHO.REGISTRATION.REJECT(+1), disp: SHR}
"""


def stage(folder: Path, held: Sequence[Mapping] = CONTRACTS, payees: Sequence[Mapping] = PAYEES) -> Stage:
    """Return a stage with the masters and the deck TRY: the intake as NIGHTLY has it, and a dump."""
    made = Stage(folder)
    made.put("source/CONTRACT.DAT", contracts(held).tobytes())
    made.put("source/PAYEE.DAT", records(PAYEE, payees).tobytes())
    made.put("source/OFFICE.DAT", records(OFFICE, OFFICES).tobytes())
    made.put("source/TERMINAL.DAT", records(TERMINAL, TERMINALS).tobytes())
    made.program(
        "dump",
        f"""
        import pathlib
        for dd in ("TRAN", "REJECTS"):
            data = b"".join(block.tobytes() for block in step.reader(dd).blocks())
            pathlib.Path({str(folder)!r}, dd).write_bytes(data)
        """,
    )
    text = (REPOSITORY / "jcl" / "NIGHTLY.yaml").read_text(encoding="utf-8")
    steps = text[text.index("  - step: S110") : text.index("  - step: S120")]
    made.deck("TRY", f"job: TRY\ntitle: intake\nfail_at: 12\nsteps:\n{steps}{_DUMP}")
    return made


def encrypted(made: Stage, data: bytes) -> bytes:
    """Return data encrypted to the data centre."""
    pieces: list[bytes] = []
    recipient = KeyStore(made.keys, data_root=made.root).recipient()
    encryptor = Encryptor(lambda piece: pieces.append(bytes(piece)), recipients=[recipient])
    encryptor.write(data)
    encryptor.finish()
    return b"".join(pieces)


def deliver(made: Stage, channel, content: Block, name: str = "A.age") -> None:
    made.put(f"inbox/{channel.name}/{name}", encrypted(made, content.tobytes()))


def dumped(made: Stage, dd: str, member: str) -> Block:
    data = (made.root.parent / dd).read_bytes()
    return np.frombuffer(data, np.uint8).reshape(-1, load(member).length)


def test_the_step_writes_what_the_flow_gives_and_takes_the_files(tmp_path):
    files, world = night(3), masters(3)
    made = stage(tmp_path, world.contracts, world.payees)
    contents = {
        channel.dd: [delivered(channel, one, number) for number, one in enumerate(files[channel.dd], start=1)]
        for channel in CHANNELS
    }
    for channel in CHANNELS:
        for number, content in enumerate(contents[channel.dd], start=1):
            # The order of the names is not that of the numbers.
            deliver(made, channel, content, f"{'BA'[number - 1]}.age")
    expected = run(
        {dd: [Waiting(content) for content in all_files] for dd, all_files in contents.items()}, world
    )
    result = made.submit("TRY")
    assert (result.rc, result.steps[0].rc) == (4, 4)
    assert result.steps[0].counts == expected.counts
    assert dumped(made, "TRAN", "REGTRAN").tobytes() == expected.transactions.tobytes()
    assert dumped(made, "REJECTS", "REGREJ").tobytes() == expected.rejects.tobytes()
    with made.store() as store:
        found = store.inbox.all()
        assert {one.state for one in found} == {DeliveryState.TAKEN}
        assert [(one.file_no, one.records) for one in found if one.dsn == "CHOSHO.INBOX.MAIL"] == [
            (1, len(contents["MAIL"][0]) - 2),
            (2, len(contents["MAIL"][1]) - 2),
        ]
        assert store.inbox.next_no("CHOSHO.INBOX.COUNTER") == 3


def test_a_clean_night_ends_with_code_0_and_writes_empty_lists(tmp_path):
    made = stage(tmp_path)
    for channel in CHANNELS:
        deliver(made, channel, delivered(channel, [detail(channel)] if channel in {COUNTER, MAIL} else []))
    result = made.submit("TRY")
    assert (result.rc, result.steps[0].counts["accepted"]) == (0, 2)
    assert len(dumped(made, "REJECTS", "REGREJ")) == 0


def test_missing_files_are_told_and_are_a_warning(tmp_path):
    made = stage(tmp_path)
    deliver(made, COUNTER, delivered(COUNTER, [detail(COUNTER)]))
    result = made.submit("TRY")
    assert (result.rc, result.steps[0].counts["missing"]) == (4, 3)
    log = made.log(result.run_id)
    for channel in (MOBILE, ONLINE, MAIL):
        assert f"CHSA014W {channel.dd}: no file of 2027-01-12 has come (FMIS)" in log
    assert "CHSA014W COUNTER" not in log


def test_refused_files_stay_and_are_told_and_the_others_are_taken(tmp_path):
    made = stage(tmp_path)
    sound = delivered(COUNTER, [detail(COUNTER)])
    deliver(made, COUNTER, sound)
    made.put("inbox/counter/PLAIN", sound.tobytes())
    deliver(made, COUNTER, delivered(COUNTER, [], 3), "LATER.age")
    deliver(made, MOBILE, delivered(MOBILE, [detail(MOBILE)])[:-1])
    made.put("inbox/online/OTHER.age", b"age-encryption.org/v1\nnothing")
    deliver(made, MAIL, np.concatenate([delivered(MAIL, []).reshape(-1), np.zeros(7, np.uint8)])[None, :])
    result = made.submit("TRY")
    assert result.rc == 8
    counts = result.steps[0].counts
    assert (counts["files.taken"], counts["files.refused"], counts["accepted"]) == (1, 5, 1)
    log = made.log(result.run_id)
    for said in (
        "CHSA001E COUNTER: file PLAIN refused (FPLN)",
        "CHSA008E COUNTER: file LATER.age waits (FSEQ): it has number 3, the next one is 2",
        "CHSA010E MOBILE: file A.age refused (FTRL)",
        "CHSA002E ONLINE: file OTHER.age refused (FDEC)",
        "CHSA003E MAIL: file A.age refused (FLEN)",
    ):
        assert said in log
    with made.store() as store:
        assert {one.reason for one in store.inbox.all()} == {"", "FPLN", "FSEQ", "FTRL", "FDEC", "FLEN"}
    # The next night the missing one has come, and what was refused before is corrected.
    deliver(made, COUNTER, delivered(COUNTER, [], 2), "MISSING.age")
    deliver(made, MOBILE, delivered(MOBILE, [detail(MOBILE)]), "B.age")
    (made.root / "inbox" / "mobile" / "A.age").unlink()
    second = made.submit("TRY", DAY + timedelta(days=1))
    assert second.steps[0].counts["files.taken"] == 3
    assert second.steps[0].counts["files.refused"] == 3


def test_what_is_no_file_or_cannot_be_read_is_named_and_the_others_are_taken(tmp_path, monkeypatch):
    made = stage(tmp_path)
    deliver(made, COUNTER, delivered(COUNTER, [detail(COUNTER)]))
    inbox = made.root / "inbox" / "counter"
    (inbox / "LINK.age").symlink_to(inbox / "A.age")
    (inbox / "FOLDER").mkdir()
    deliver(made, MOBILE, delivered(MOBILE, [detail(MOBILE)]), "LOCKED.age")
    unreadable(monkeypatch, "LOCKED.age", errno.EACCES)
    result = made.submit("TRY")
    counts = result.steps[0].counts
    assert (result.rc, counts["files.taken"], counts["files.refused"], counts["accepted"]) == (8, 1, 3, 1)
    log = made.log(result.run_id)
    for said in (
        "CHSA004E COUNTER: file LINK.age refused (FNAM)",
        "CHSA004E COUNTER: file FOLDER refused (FNAM)",
        "CHSA017E MOBILE: file LOCKED.age refused (FACC)",
    ):
        assert said in log


def test_damaged_content_is_refused_without_a_trace(tmp_path):
    made = stage(tmp_path)
    content = delivered(COUNTER, [detail(COUNTER)] * 2000)
    deliver(made, COUNTER, content)
    path = made.root / "inbox" / "counter" / "A.age"
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(bytes(data))
    result = made.submit("TRY")
    assert result.rc == 8
    log = made.log(result.run_id)
    assert "CHSA002E COUNTER: file A.age refused (FDEC)" in log
    assert "CHSS021S" not in log


def test_a_doubled_file_is_refused_the_night_after(tmp_path):
    made = stage(tmp_path)
    content = delivered(COUNTER, [detail(COUNTER)])
    deliver(made, COUNTER, content)
    assert made.submit("TRY").steps[0].counts["files.taken"] == 1
    deliver(made, COUNTER, content, "AGAIN.age")
    result = made.submit("TRY", DAY + timedelta(days=1))
    assert result.steps[0].counts["files.refused"] == 1
    assert "CHSA009E COUNTER: file AGAIN.age refused (FDUP): number 1 was taken before" in made.log(
        result.run_id
    )


def test_rejected_declarations_stand_in_the_ledger_of_the_pf(tmp_path):
    made = stage(tmp_path)
    details = [detail(ONLINE, PF_KEY_ID="KEYA", JPKI_RESULT="02"), detail(ONLINE)]
    deliver(made, ONLINE, delivered(ONLINE, details))
    assert made.submit("TRY").rc == 4
    with made.store() as store:
        (one,) = store.pf.keys()
    assert one[0] == "KEYA"
    assert "rejected" in one
    assert "JPKI" in one


def test_no_number_and_no_key_reaches_log_spool_or_journal(tmp_path):
    made = stage(tmp_path)
    deliver(made, COUNTER, delivered(COUNTER, [detail(COUNTER), detail(COUNTER, POLICY_NO=NUMBER[:11])]))
    deliver(made, ONLINE, delivered(ONLINE, [detail(ONLINE, JPKI_RESULT="09")]))
    result = made.submit("TRY")
    for path in (made.root / "spool" / result.run_id).rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert NUMBER.encode() not in data
            assert KEY_ID.encode() not in data
    with made.store() as store:
        journal = " ".join(str(row.fields) for row in store.journal.rows(1))
    assert NUMBER not in journal
    assert "ｶｸｳ" not in journal


def test_a_master_out_of_order_stops_the_line_and_takes_nothing(tmp_path):
    made = stage(tmp_path, CONTRACTS[::-1])
    deliver(made, COUNTER, delivered(COUNTER, [detail(COUNTER)]))
    result = made.submit("TRY")
    assert result.rc == 16
    assert "CHSX009S contract master" in made.log(result.run_id)
    assert "CHOSHO.REGISTRATION.TRAN" not in made.catalogued()
    with made.store() as store:
        assert store.inbox.next_no("CHOSHO.INBOX.COUNTER") == 1
