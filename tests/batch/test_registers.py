"""What a step enters in the registers becomes true with its commit: deliveries, outbox, retention."""

import errno
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from chosho.batch.closing import close_run
from chosho.batch.result import State
from chosho.control.inbox import DeliveryState
from chosho.dataset import delivery
from chosho.errors import InputRefused
from chosho.vault.age import Encryptor
from chosho.vault.keys import KeyStore
from tests.dataset.unreadable import unreadable
from tests.rights import withhold
from tests.step.stage import DAY, Stage

AT = "2027-01-12T00:00:00+09:00"
CATALOG = """\
datasets:
  T.INBOX:
    {title: inbox, layouts: [{from: 2016-01-01, copybook: INBHEAD}], recfm: F, lrecl: 200, code_page: CP932,
     class: specific-personal, inbox: inbox/t, right: t.read}
  T.OUT: {title: out, recfm: U, suffix: .dat, class: none, generations: 5, outbox: outbox/t, right: t.use}
  T.WORK: {title: work, recfm: U, suffix: .dat, class: none, generations: 5, right: t.use}
"""
DECK = """
    job: TRIAL
    title: deliveries in, files out
    steps:
      - step: S1
        pgm: take
        fail_at: 12
        dd:
          IN: {dsn: T.INBOX, disp: SHR}
          OUT: {dsn: T.OUT(+1), disp: [NEW, CATLG, DELETE]}
        balance: [read == taken]
    """
TAKE = """
    import datetime, pathlib
    from chosho.dataset.delivery import DamagedDelivery
    step.set_count("read", 0); step.set_count("taken", 0)
    step.writer("OUT")
    for one in step.deliveries("IN"):
        what = one.name.split(".")[0]
        if one.fault or one.twin:
            step.refuse("IN", one, one.fault or "FDUP")
            step.contradiction("CHSB043E")
            continue
        records = sum(len(block) for block in one.blocks(200))
        step.count("read", records)
        step.count("taken", records + (what == "unbalanced"))
        step.take("IN", one, file_no=step.next_file_no("IN"), file_date=step.business_date, records=records)
        step.write_file("OUT", f"{step.business_date:%Y%m%d}.{one.name}", b"got it")
        if what == "crash":
            raise ValueError
    """
SCRATCH = """
    job: CLEAN
    title: scratch
    steps:
      - {step: S1, pgm: scratch, rules: [FILES, WORK]}
    """
PROGRAM = """
    from chosho.retention.decision import decide
    dues = list(decide(step.holdings(), step.retention_rules, step.business_date))
    step.scratch(dues)
    step.set_count("due", len(dues))
    """
RETENTION = """\
rules:
  - {id: FILES, title: files, datasets: [T.INBOX], erase: [next-day-start]}
  - {id: WORK, title: work, datasets: [T.WORK, T.OUT], erase: [one-month]}
"""


@pytest.fixture
def stage(tmp_path) -> Stage:
    made = Stage(tmp_path, CATALOG)
    (made.root / "RETENTION.yaml").write_text(RETENTION)
    made.deck("TRIAL", DECK)
    made.program("take", TAKE)
    made.deck("CLEAN", SCRATCH)
    made.program("scratch", PROGRAM)
    return made


def deliver(stage: Stage, name: str, records: int = 3, fill: bytes = b"x") -> None:
    pieces: list[bytes] = []
    recipient = KeyStore(stage.keys, data_root=stage.root).recipient()
    encryptor = Encryptor(lambda piece: pieces.append(bytes(piece)), recipients=[recipient])
    encryptor.write(fill * 200 * records)
    encryptor.finish()
    stage.put(f"inbox/t/{name}", b"".join(pieces))


def states(stage: Stage) -> dict[str, str]:
    with stage.store() as store:
        return {one.name: str(one.state) for one in store.inbox.all()}


def kinds(stage: Stage, start: str) -> list[str]:
    with stage.store() as store:
        return [row.kind for row in store.journal.rows() if row.kind.startswith(start)]


def test_a_file_is_taken_with_the_commit_and_shown_to_no_later_night(stage: Stage) -> None:
    deliver(stage, "a.age")
    assert stage.submit("TRIAL").rc == 0
    assert states(stage) == {"a.age": "taken"}
    later = stage.submit("TRIAL", DAY + timedelta(days=1))
    assert (later.rc, later.steps[0].counts["read"]) == (0, 0)


@pytest.mark.parametrize("what", ["crash", "unbalanced"])
def test_a_step_that_fails_takes_nothing_and_lays_nothing_out(stage: Stage, what: str) -> None:
    """A balance that does not hold fails the step although its ``fail_at`` is 12."""
    deliver(stage, f"{what}.age")
    result = stage.submit("TRIAL")
    assert result.steps[0].state is State.FAILED
    assert (states(stage), list((stage.root / "outbox").rglob("*"))) == ({}, [])


def test_a_refused_file_is_told_and_the_others_are_taken(stage: Stage) -> None:
    deliver(stage, "a.age")
    stage.put("inbox/t/plain.dat", b"x" * 200)
    result = stage.submit("TRIAL")
    assert (result.rc, result.steps[0].state) == (8, State.OK)
    assert states(stage) == {"a.age": "taken", "plain.dat": "refused"}
    with stage.store() as store:
        assert [run.state for run in store.runs.list()] == ["finished"]


def test_the_same_bytes_under_another_name_are_a_twin(stage: Stage) -> None:
    deliver(stage, "a.age")
    stage.submit("TRIAL")
    stage.put("inbox/t/b.age", (stage.root / "inbox/t/a.age").read_bytes())
    stage.submit("TRIAL", DAY + timedelta(days=1))
    assert states(stage) == {"a.age": "taken", "b.age": "refused"}


def test_what_is_committed_for_others_is_laid_out_once_under_its_name(stage: Stage) -> None:
    deliver(stage, "a.age")
    stage.submit("TRIAL")
    laid = stage.root / "outbox/t/20270112.a.age.dat"
    assert laid.read_bytes() == b"got it"
    laid.unlink()  # whoever it is for has fetched it
    stage.submit("TRIAL", DAY + timedelta(days=1))
    assert not laid.exists()
    assert kinds(stage, "outbox.") == ["outbox.laid_out"]


class Killed(BaseException):
    """Ends the supervisor as a kill would, without its last words."""


def test_a_kill_between_commit_and_laying_out_is_made_good(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise Killed

    deliver(stage, "a.age")
    with monkeypatch.context() as patch:
        patch.setattr("chosho.batch.execution.lay_out", killed)
        with pytest.raises(Killed):
            stage.submit("TRIAL")
    laid = stage.root / "outbox/t/20270112.a.age.dat"
    assert (states(stage), laid.exists()) == ({"a.age": "taken"}, False)
    stage.submit("TRIAL", restart="best")
    assert laid.read_bytes() == b"got it"
    assert kinds(stage, "outbox.") == ["outbox.laid_out"]


def test_a_taken_file_is_erased_by_the_next_days_scratch_on_record(stage: Stage) -> None:
    deliver(stage, "a.age")
    stage.put("inbox/t/plain.dat", b"x" * 200)
    stage.submit("TRIAL")
    assert stage.submit("CLEAN").steps[0].counts["due"] == 0
    assert stage.submit("CLEAN", DAY + timedelta(days=1)).steps[0].counts["due"] == 1
    assert [path.name for path in (stage.root / "inbox/t").iterdir()] == ["plain.dat"]
    assert states(stage) == {"a.age": "erased", "plain.dat": "refused"}
    assert (kinds(stage, "inbox.erased"), kinds(stage, "retention.")) == (
        ["inbox.erased"],
        ["retention.scratched"],
    )


def test_another_file_under_the_name_of_a_taken_one_stays(stage: Stage) -> None:
    deliver(stage, "a.age")
    stage.submit("TRIAL")
    deliver(stage, "a.age", fill=b"y")
    stage.submit("CLEAN", DAY + timedelta(days=1))
    assert (stage.root / "inbox/t/a.age").exists()
    assert stage.submit("TRIAL", DAY + timedelta(days=1)).steps[0].counts["read"] == 3


def test_a_discarded_file_is_erased_too(stage: Stage) -> None:
    stage.put("inbox/t/plain.dat", b"x" * 200)
    stage.submit("TRIAL")
    with stage.store() as store:
        assert [one.reason for one in store.inbox.all(states=(DeliveryState.REFUSED,))] == ["FPLN"]
    discard(stage)
    stage.submit("CLEAN", DAY + timedelta(days=1))
    assert not (stage.root / "inbox/t/plain.dat").exists()


def discard(stage: Stage) -> None:
    """Discard what was refused."""
    with stage.store() as store:
        for one in store.inbox.all(states=(DeliveryState.REFUSED,)):
            delivery.discard(stage.root, store, one.id, reason="no file", at=AT, who="tester")


@pytest.fixture
def link(stage: Stage) -> Path:
    """Return what a link in the inbox leads to."""
    target = stage.root / "elsewhere"
    target.write_bytes(b"x" * 200)
    (stage.root / "inbox/t").mkdir(parents=True)
    (stage.root / "inbox/t/link").symlink_to(target)
    return target


def test_a_link_is_refused_by_itself_and_goes_when_it_is_discarded(stage: Stage, link: Path) -> None:
    deliver(stage, "a.age")
    assert stage.submit("TRIAL").rc == 8
    assert states(stage) == {"a.age": "taken", "link": "refused"}
    discard(stage)
    assert stage.submit("CLEAN", DAY + timedelta(days=1)).rc == 0
    assert (states(stage)["link"], list((stage.root / "inbox/t").iterdir())) == ("erased", [])
    assert link.exists()


def test_a_folder_is_not_discarded_before_it_is_moved_away(stage: Stage) -> None:
    stage.put("inbox/t/folder/inside.age", b"x" * 200)
    deliver(stage, "a.age")
    assert stage.submit("TRIAL").rc == 8
    assert states(stage) == {"a.age": "taken", "folder": "refused"}
    with pytest.raises(InputRefused, match=r"CHSD150E.*folder in"):
        discard(stage)
    assert (states(stage)["folder"], kinds(stage, "inbox.discarded")) == ("refused", [])
    (stage.root / "inbox/t/folder").rename(stage.root / "folder")
    discard(stage)
    assert stage.submit("CLEAN", DAY + timedelta(days=1)).rc == 0
    assert states(stage)["folder"] == "erased"


@pytest.mark.parametrize("what", ["link", "folder"])
def test_what_takes_the_place_of_a_file_stops_no_deck_and_keeps_it_from_being_recorded_as_erased(
    stage: Stage, what: str
) -> None:
    deliver(stage, "a.age")
    stage.submit("TRIAL")
    path = stage.root / "inbox/t/a.age"
    moved = path.rename(stage.root / "moved")
    path.symlink_to(moved) if what == "link" else path.mkdir()
    for number in (1, 2):
        assert stage.submit("CLEAN", DAY + timedelta(days=number)).rc == 0
        assert (states(stage), kinds(stage, "inbox.erased")) == ({"a.age": "erase_pending"}, [])
    assert stage.submit("TRIAL", DAY + timedelta(days=2)).rc == 8  # the night names it
    path.unlink() if what == "link" else path.rmdir()
    stage.submit("CLEAN", DAY + timedelta(days=3))
    assert kinds(stage, "inbox.erased") == ["inbox.erased"]


def test_a_file_that_cannot_be_read_is_refused_by_itself_and_taken_when_it_can(stage: Stage) -> None:
    deliver(stage, "a.age")
    deliver(stage, "b.age", fill=b"y")
    with pytest.MonkeyPatch.context() as patch:
        unreadable(patch, "b.age", errno.EACCES)
        assert stage.submit("TRIAL").rc == 8
    assert states(stage) == {"a.age": "taken", "b.age": "refused"}
    with stage.store() as store:
        assert [one.reason for one in store.inbox.all()] == ["", "FACC"]
    assert stage.submit("TRIAL", DAY + timedelta(days=1)).rc == 0
    assert states(stage) == {"a.age": "taken", "b.age": "taken"}
    with stage.store() as store:
        assert len(store.inbox.all()) == 2  # the entry is the same


def test_a_name_that_is_no_text_does_not_end_the_night(stage: Stage) -> None:
    deliver(stage, "a.age")
    path = stage.root / "inbox/t" / os.fsdecode(b"\x8e\xf3.age")
    path.write_bytes(b"x" * 200)
    assert stage.submit("TRIAL").rc == 8
    assert states(stage) == {"a.age": "taken", "__.age": "refused"}
    discard(stage)
    stage.submit("CLEAN", DAY + timedelta(days=1))
    assert not path.exists()


def test_a_file_of_a_night_that_did_not_end_is_kept(stage: Stage) -> None:
    """The night's later step fails: what it took is the only copy until it is restarted, or closed and taken anew."""
    stage.deck("TRIAL", DECK.rstrip(" ") + "      - {step: S2, pgm: fail}\n")
    stage.program("fail", "raise InputRefused('CHSB043E')")
    deliver(stage, "a.age")
    assert stage.submit("TRIAL").rc == 12
    stage.submit("CLEAN", DAY + timedelta(days=1))
    assert states(stage) == {"a.age": "taken"}
    with stage.store() as store:
        close_run(stage.root, store, "TRIAL.20270112.01", person="tester", reason="the program is gone")
    assert states(stage) == {"a.age": "refused"}
    with pytest.raises(InputRefused, match="CHSB049E"):
        stage.submit("TRIAL")
    stage.program("fail", "pass")
    assert stage.submit("TRIAL", DAY + timedelta(days=1)).rc == 0
    assert states(stage) == {"a.age": "taken"}


def test_a_file_that_is_sent_again_after_its_erasure_is_refused_and_told(stage: Stage) -> None:
    deliver(stage, "a.age")
    data = (stage.root / "inbox/t/a.age").read_bytes()
    stage.submit("TRIAL")
    stage.submit("CLEAN", DAY + timedelta(days=1))
    stage.put("inbox/t/a.age", data)
    again = stage.submit("TRIAL", DAY + timedelta(days=1))
    assert (again.rc, again.steps[0].counts["read"]) == (8, 0)
    with stage.store() as store:
        assert [str(one.state) for one in store.inbox.all()] == ["erased", "refused"]
        assert store.inbox.next_no("T.INBOX") == 2


def test_generations_go_when_their_month_is_over(stage: Stage) -> None:
    deliver(stage, "a.age")
    stage.submit("TRIAL")
    assert stage.submit("CLEAN", date(2027, 2, 11)).steps[0].counts["due"] == 1  # the inbox file only
    stage.submit("CLEAN", date(2027, 2, 12))
    with stage.store() as store:
        assert store.generations.catalogued("T.OUT") == ()


JUDGED = """
    from chosho.dataset.delivery import Delivery
    step.refuse("IN", Delivery(name="x", path="inbox/t/x", sha256="", fault="FNAM", twin="", part=None), "FNAM")
    """


@pytest.mark.parametrize(
    ("program", "right"),
    [
        (JUDGED, "t.read"),
        ('step.next_file_no("IN")', "t.read"),
        ('step.pf_keys([("K1", "20270112090000", "due", "")])', "pf.use"),
        ("step.journal_state()", "report.use"),
        ('step.handling_report(first=1, last=1, head="1:0")', "report.use"),
    ],
    ids=["judged", "next_file_no", "pf_keys", "journal_state", "handling_report"],
)
def test_a_register_asks_for_its_right(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, program: str, right: str
) -> None:
    stage.deck("TRIAL", DECK.replace("        balance: [read == taken]\n", ""))
    stage.program("take", f"step.writer('OUT'); {program}" if "\n" not in program else program)
    asked = withhold(monkeypatch, right)
    result = stage.submit("TRIAL")
    assert (result.rc, "CHSJ040E" in stage.log(result.run_id)) == (12, True)
    assert asked[-1] == (asked[0][0], right)
    with stage.store() as store:
        assert (store.inbox.all(), store.pf.keys(), store.reports.all()) == ((), [], ())
