"""Runs from their submission to their end: codes, dispositions, faults, restarts. Nothing is ever half published."""

import os
import signal
import textwrap
import time

import pytest

from chosho.batch.result import Observer, State
from chosho.errors import Contradiction, InputRefused
from chosho.vault.keys import KeyStore
from tests.step.stage import SMALL_CATALOG, Stage

DECK = """
    job: TRIAL
    title: a job of three steps
    parameters: {KIND: {default: "&PREVIOUS_YEAR"}}
    steps:
      - step: S1
        pgm: make
        dd: {OUT: {dsn: T.WORK(+1), disp: [NEW, CATLG, DELETE]}}
      - step: S2
        pgm: act
        parm: {KIND: "&KIND"}
        dd:
          IN: {dsn: T.SOURCE, disp: SHR}
          BASE: {dsn: T.WORK(+1), disp: SHR}
          OLDER: {dsn: T.FILES(0), disp: SHR, optional: true}
          LIST: {dsn: T.LIST(+1), disp: [NEW, CATLG, DELETE], keep: always}
          FILES: {dsn: T.FILES(+1), disp: [NEW, CATLG, DELETE]}
        balance: [read == S1.made]
      - step: S3
        pgm: drop
        when: S2.rc <= 4
        dd: {BASE: {dsn: T.WORK(+1), disp: [OLD, DELETE]}}
        balance: [erased == S1.made]
    """

MAKE = """
    with step.writer("OUT") as out:
        out.write(b"one\\r\\ntwo\\r\\n")
    step.count("made", 2)
    """

ACT = """
    import os, pathlib, signal, sys, time
    what = b"".join(bytes(block) for block in step.reader("IN").stream()).decode().split()[0]
    listed = step.writer("LIST")
    listed.write(b"a reject\\r\\n")
    if what != "unwritten":
        step.write_file("FILES", "a", step.parameters["KIND"].encode())
    if what != "uncounted":
        step.count("read", step.reader("BASE").records - (what == "unbalanced"))
    match what:
        case "warn": step.count("rejected", 1)
        case "contradict": step.contradiction("CHSB043E")
        case "refuse": raise InputRefused("CHSB043E")
        case "stop": raise StopLine("CHSS001S")
        case "crash": print("998877665544"); raise ValueError("\\uff11\\uff12\\uff13\\uff14 998877665544")
        case "kill": os.kill(os.getpid(), signal.SIGKILL)
        case "leave": os._exit(0)
        case "babble": step._channel.ask("open", room=1)
        case "nonsense": step._channel.ask("sing")
        case "stranger": step.reader("NONE")
        case "twice": step.writer("LIST")
        case "spill": raise StopLine("CHSD010E", source="row 998877665544", line=1, problem="x")
        case "late":
            tell = step._channel.ask
            def ask(what, **fields):
                reply = tell(what, **fields)
                if what == "end":
                    os.kill(os.getppid(), signal.SIGTERM)
                    time.sleep(60)
                return reply
            step._channel.ask = ask
        case "wait":
            pathlib.Path(__file__).with_name("waiting").write_text(str(os.getpid()))
            time.sleep(60)
    """

DROP = """
    step.count("erased", sum(part.records for part in step.parts("BASE")))
    """

RUN = "TRIAL.20270112.01"


@pytest.fixture
def stage(tmp_path):
    stage = Stage(tmp_path, SMALL_CATALOG)
    stage.deck("TRIAL", DECK)
    for name, body in (("make", MAKE), ("act", ACT), ("drop", DROP)):
        stage.program(name, body)
    say(stage, "ok")
    return stage


def say(stage, what):
    """Tell step S2 what to do."""
    stage.put("source/T.DAT", f"{what}\r\n".encode())


def states(result):
    return [step.state.value for step in result.steps]


def codes(result):
    return [step.rc for step in result.steps]


def text_of_everything(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_clean_run_publishes_once_and_ends_with_0(stage):
    heard = []

    class Ear(Observer):
        def job_began(self, run_id, job):
            heard.append((run_id, job.title))

        def step_began(self, step):
            heard.append(step.name)

        def step_ended(self, result):
            heard.append((result.name, result.rc))

    result = stage.submit("TRIAL", observer=Ear())
    assert (result.run_id, result.rc, states(result)) == (RUN, 0, ["ok"] * 3)
    assert stage.catalogued() == {"T.FILES": [1], "T.LIST": [1]}
    assert stage.orphans() == set()
    assert heard == [(RUN, "a job of three steps"), "S1", ("S1", 0), "S2", ("S2", 0), "S3", ("S3", 0)]
    assert all(step.peak_rss > 2**20 and step.elapsed > 0 for step in result.steps)


def test_the_job_log_tells_deck_messages_dispositions_steps_and_head(stage):
    result = stage.submit("TRIAL")
    log = stage.log(RUN)
    for expected in (
        "1 DECK",
        "2 JOB MESSAGES",
        "3 ALLOCATION AND DISPOSITION",
        "balance read == S1.made holds: read 2, S1.made 2",
        "T.WORK.G0001",
        "OLD,DELETE         DELETED 2 records",
        "T.FILES(0)                                   SHR optional",
        "SHR                NOT PRESENT",
        f"{RUN} ended with return code 0",
        f"journal head {result.head}",
        f"chosho journal head\nhead {result.head}\n-----BEGIN SSH SIGNATURE-----\n",
    ):
        assert expected in log
    assert len(list((stage.keys / "heads").iterdir())) == 2


def test_a_finished_run_is_refused_politely_and_nothing_changes(stage):
    stage.submit("TRIAL")
    before = stage.catalogued()
    with pytest.raises(InputRefused, match=r"CHSB041E.*nothing to do"):
        stage.submit("TRIAL")
    with pytest.raises(InputRefused, match="CHSB041E"):
        stage.submit("TRIAL", restart="best")
    assert stage.catalogued() == before
    assert stage.submit("TRIAL", parameters={"KIND": "other"}).run_id == "TRIAL.20270112.02"


def test_rejects_end_with_4_and_count_as_done(stage):
    say(stage, "warn")
    result = stage.submit("TRIAL")
    assert (result.rc, codes(result)) == (4, [0, 4, 0])
    with pytest.raises(InputRefused, match="CHSB041E"):
        stage.submit("TRIAL")


@pytest.mark.parametrize(
    ("what", "rc", "state", "kept", "said"),
    [
        ("contradict", 8, "failed", [1], "CHSB043E"),
        ("refuse", 12, "failed", [1], "CHSB043E"),
        ("stop", 16, "failed", [1], "CHSS001S"),
        ("crash", 16, "failed", [1], "CHSS021S step S2: unexpected ValueError at act.py:19 run"),
        ("spill", 16, "failed", [1], "CHSD010E row #"),
        ("babble", 16, "abend", None, "CHSB062S the supervisor met an unexpected TypeError"),
        ("nonsense", 16, "failed", [1], "CHSB060S"),
        ("stranger", 12, "failed", [1], "CHSS010E"),
        ("twice", 12, "failed", [1], "CHSS014E"),
        ("unbalanced", 8, "failed", [1], "read == S1.made does not hold: read 1 against S1.made 2"),
        ("uncounted", 12, "failed", [1], "CHSB071E"),
        ("unwritten", 12, "failed", [1], "CHSB072E"),
        ("kill", 16, "abend", None, "CHSB104S step S2 abended: SIGKILL"),
        ("leave", 16, "abend", None, "CHSB104S step S2 abended: EXIT 0"),
    ],
)
def test_a_failed_step_publishes_its_lists_only(stage, what, rc, state, kept, said):
    say(stage, what)
    failed = stage.submit("TRIAL")
    assert (failed.rc, states(failed), codes(failed)) == (rc, ["ok", state, "skipped"], [0, rc, None])
    assert stage.catalogued() == {"T.WORK": [1]} | ({"T.LIST": kept} if kept else {})
    assert stage.orphans() == set()
    assert said in stage.log(RUN)
    everything = text_of_everything(stage.root)
    assert b"998877665544" not in everything
    assert "１２３４".encode() not in everything


def test_a_list_that_cannot_be_finished_does_not_take_the_others_along(stage):
    dds = "A: {dsn: T.LIST(+1), disp: [NEW, CATLG, DELETE], keep: always}, "
    dds += "B: {dsn: T.WORK(+1), disp: [NEW, CATLG, DELETE], keep: always}"
    stage.deck("LISTS", f"job: LISTS\nsteps:\n- {{step: S1, pgm: lists, dd: {{{dds}}}}}")
    stage.program(
        "lists",
        """
        step.writer("B").write(b"a finding\\r\\n")
        with step.writer("A") as dropped:
            dropped.write(b"half a list\\r\\n")
            raise StopLine("CHSS001S")
        """,
    )
    assert stage.submit("LISTS").rc == 16
    assert stage.catalogued() == {"T.WORK": [1]}
    assert "CHSS022W" in stage.log("LISTS.20270112.01")


@pytest.mark.parametrize("what", ["contradict", "crash", "kill"])
def test_a_failed_run_restarts_from_its_failed_step(stage, what):
    say(stage, what)
    stage.submit("TRIAL")
    with pytest.raises(InputRefused, match=r"CHSB042E.*step S2"):
        stage.submit("TRIAL")
    say(stage, "ok")
    mended = stage.submit("TRIAL", restart="best")
    assert (mended.run_id, mended.rc, states(mended)) == (RUN, 0, ["ok"] * 3)
    assert [step.earlier for step in mended.steps] == [True, False, False]
    assert stage.catalogued() == {"T.FILES": [1], "T.LIST": [1]}
    assert stage.orphans() == set()
    assert "attempt 2" in stage.log(RUN)


def test_steps_after_a_failure_run_only_when_they_ask_for_it(stage):
    stage.deck(
        "TRIAL",
        DECK.replace("when: S2.rc <= 4", "when: S2.rc >= 8").replace(
            "balance: [erased == S1.made]\n",
            "balance: [erased == S1.made]\n      - {step: S4, pgm: make, when: S1.rc == 0, dd: "
            "{OUT: {dsn: T.WORK(+2), disp: [NEW, CATLG, DELETE]}}}\n",
        ),
    )
    say(stage, "contradict")
    result = stage.submit("TRIAL")
    assert states(result) == ["ok", "failed", "ok", "flushed"]
    assert stage.catalogued() == {"T.LIST": [1]}


def test_every_access_is_journalled(stage):
    stage.submit("TRIAL")
    with stage.store() as store:
        rows = [
            (row.kind, row.fields["dd"], row.who)
            for row in store.journal.rows()
            if row.kind.startswith("dd.")
        ]
        assert store.journal.verify() == ()
    made = [("dd.create", "FILES"), ("dd.create", "LIST"), ("dd.create", "OUT")]
    assert sorted(row[:2] for row in rows) == [
        *made,
        ("dd.open", "BASE"),
        ("dd.open", "BASE"),
        ("dd.open", "IN"),
    ]
    assert {row[2] for row in rows} == {"tester"}


# What is missing, damaged or in use ---------------------------------------------------------------------------------


def test_a_missing_file_of_another_system_is_refused_before_anything_runs(stage):
    (stage.root / "source" / "T.DAT").unlink()
    with pytest.raises(InputRefused, match="CHSD104E"):
        stage.submit("TRIAL")
    assert stage.catalogued() == {}


def test_a_missing_generation_is_refused_before_anything_runs(stage):
    stage.deck("TRIAL", DECK.replace(", optional: true", ""))
    with pytest.raises(InputRefused, match=r"CHSB054E.*T.FILES"):
        stage.submit("TRIAL")
    with stage.store() as store:
        assert store.runs.list() == ()


def destroy_key(stage):
    with stage.store() as store:
        keys = KeyStore(stage.keys, data_root=stage.root)
        keys.destroy_cohort(store.generations.catalogued("T.WORK")[0].cohort)


def damage(stage):
    with stage.store() as store:
        part = store.generations.parts(store.generations.catalogued("T.WORK")[0].id)[0]
    path = stage.root / part.path
    data = bytearray(path.read_bytes())
    data[-20] ^= 1  # in the last segment, before what tells the length
    path.write_bytes(data)


def cut(stage):
    with stage.store() as store:
        part = store.generations.parts(store.generations.catalogued("T.WORK")[0].id)[0]
    path = stage.root / part.path
    path.write_bytes(path.read_bytes()[:-1])


READ = """
    step.count("read", len(b"".join(bytes(block) for block in step.reader("IN").stream())))
    """


@pytest.mark.parametrize(
    ("harm", "said"),
    [(destroy_key, "CHSK021S"), (damage, "CHSK031S"), (cut, "CHSD130S")],
    ids=["destroyed key", "damaged file", "cut file"],
)
def test_what_cannot_be_trusted_stops_the_line(stage, harm, said):
    stage.deck(
        "MAKE",
        "job: MAKE\nsteps:\n- {step: S1, pgm: make, dd: {OUT: {dsn: T.WORK(+1), disp: [NEW, CATLG, DELETE]}}}",
    )
    stage.deck("READ", "job: READ\nsteps:\n- {step: S1, pgm: read, dd: {IN: {dsn: T.WORK(0), disp: SHR}}}")
    stage.program("read", READ)
    stage.submit("MAKE")
    harm(stage)
    result = stage.submit("READ")
    assert (result.rc, states(result)) == (16, ["failed"])
    assert said in stage.log(result.run_id)


def test_a_full_disk_in_a_step_ends_it_with_16_and_leaves_nothing(stage):
    fault = {"CHOSHO_DISK_FAULT": "write:1:ENOSPC", "CHOSHO_DISK_FAULT_STEP": "S2"}
    result = stage.submit("TRIAL", environment=fault)
    assert (result.rc, states(result)) == (16, ["ok", "failed", "skipped"])
    assert "CHSD110S" in stage.log(RUN)
    assert stage.catalogued() == {"T.LIST": [1], "T.WORK": [1]}
    assert stage.orphans() == set()
    assert stage.submit("TRIAL", restart="best").rc == 0


def test_a_file_that_nobody_knows_goes_to_quarantine_and_stops_the_submission_once(stage):
    (stage.root / "data").mkdir(exist_ok=True)
    (stage.root / "data" / "stranger").write_bytes(b"?")
    with pytest.raises(Contradiction, match=r"CHSB081E.*stranger"):
        stage.submit("TRIAL")
    assert stage.submit("TRIAL").rc == 0


# Killed ---------------------------------------------------------------------------------------------------------------


def wait_for(path, process):
    for _ in range(600):
        if path.exists() and path.read_text():
            return int(path.read_text())
        assert process.poll() is None, "the supervisor ended before its step waited"
        time.sleep(0.05)
    raise AssertionError("the step never started")


def gone(pid):
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def waiting(stage):
    """A run under a supervisor of its own whose step S2 waits; gives the supervisor and the step's process id."""
    say(stage, "wait")
    process = stage.spawn("TRIAL")
    yield process, wait_for(stage.libraries.jobs[0] / "waiting", process)
    process.kill()
    process.wait()


def test_a_killed_supervisor_takes_its_step_along_and_the_run_restarts(stage, waiting):
    process, step = waiting
    process.kill()
    process.wait()
    assert gone(step)
    assert len(stage.orphans()) == 1  # FILES of S2; LIST was not yet written to the disk
    with pytest.raises(InputRefused, match="CHSB042E"):
        stage.submit("TRIAL")
    say(stage, "ok")
    result = stage.submit("TRIAL", restart="best")
    assert (result.rc, [step.earlier for step in result.steps]) == (0, [True, False, False])
    assert stage.catalogued() == {"T.FILES": [1], "T.LIST": [1]}
    assert stage.orphans() == set()


def test_a_killed_step_is_an_abend_of_its_run(stage, waiting):
    process, step = waiting
    os.kill(step, signal.SIGKILL)
    assert process.wait() == 16
    assert "S2       act                  abend    SIGKILL" in stage.log(RUN)
    assert stage.catalogued() == {"T.WORK": [1]}
    say(stage, "ok")
    assert stage.submit("TRIAL", restart="best").rc == 0


def test_a_supervisor_told_to_stop_ends_its_step_and_its_log(stage, waiting):
    process, step = waiting
    process.send_signal(signal.SIGTERM)
    assert process.wait() == 16
    assert gone(step)
    assert "CHSB105W step S2 was cancelled" in stage.log(RUN)
    assert "ended with return code 16" in stage.log(RUN)
    assert stage.orphans() == set()


def test_a_run_stopped_after_a_steps_last_word_is_not_finished(stage):
    say(stage, "late")
    assert stage.spawn("TRIAL").wait() == 16
    assert "S2       act                  ok" in stage.log(RUN)
    assert "CHSB107I step S3 not run: S2 failed" in stage.log(RUN)
    say(stage, "ok")
    result = stage.submit("TRIAL", restart="best")
    assert (result.rc, [step.earlier for step in result.steps]) == (0, [True, True, False])


@pytest.mark.usefixtures("waiting")
def test_two_runs_at_once_cannot_touch_the_same_run_or_datasets(stage):
    with pytest.raises(InputRefused, match="CHSB040E"):
        stage.submit("TRIAL")
    with pytest.raises(InputRefused, match=r"CHSB047E.*T.FILES"):
        stage.submit("TRIAL", parameters={"KIND": "other"})
    stage.deck("OTHER", "job: OTHER\nsteps:\n- {step: S1, pgm: source, dd: {IN: {dsn: T.SOURCE, disp: SHR}}}")
    stage.program("source", READ)
    before = len(list((stage.root / "data").iterdir()))
    assert stage.submit("OTHER").rc == 0
    assert len(list((stage.root / "data").iterdir())) == before, "a recovery took files of a living run"


@pytest.mark.parametrize("fault", ["remove:1:KILL", "sync_folder:2:KILL", "create:3:KILL"])
def test_a_supervisor_killed_in_the_middle_of_its_own_work_is_recovered(stage, fault):
    environment = {
        "CHOSHO_DISK_FAULT": fault,
        "CHOSHO_DISK_FAULT_STEP": "SUPERVISOR",
        "CHOSHO_STEP": "SUPERVISOR",
    }
    process = stage.spawn("TRIAL", environment=environment)
    assert process.wait() == -signal.SIGKILL
    with stage.store() as store:
        begun = store.runs.list()
    assert stage.submit("TRIAL", restart="best" if begun else None).rc == 0
    assert stage.catalogued() == {"T.FILES": [1], "T.LIST": [1]}
    assert stage.orphans() == set()


# Restart --------------------------------------------------------------------------------------------------------------


def failed_in(stage, what="contradict"):
    say(stage, what)
    result = stage.submit("TRIAL")
    say(stage, "ok")
    return result


def test_a_restart_of_nothing_is_refused(stage):
    with pytest.raises(InputRefused, match="CHSB043E"):
        stage.submit("TRIAL", restart="best")


def test_a_restart_from_an_earlier_step_makes_its_generation_anew(stage):
    failed_in(stage)
    result = stage.submit("TRIAL", restart="S1")
    assert (result.rc, [step.earlier for step in result.steps]) == (0, [False] * 3)
    assert stage.catalogued() == {"T.FILES": [1], "T.LIST": [1]}
    assert stage.orphans() == set()


def test_a_restart_cannot_leap_over_a_step_or_name_a_strange_one(stage):
    failed_in(stage)
    with pytest.raises(InputRefused, match=r"CHSB045E.*S2"):
        stage.submit("TRIAL", restart="S3")
    with pytest.raises(InputRefused, match="CHSB044E"):
        stage.submit("TRIAL", restart="S9")


def test_a_restart_whose_generation_is_erased_is_refused(stage):
    stage.program("drop", "step.warn()\n" + textwrap.dedent(DROP))
    stage.deck("TRIAL", f"{DECK.rstrip()}\n      - {{step: S4, pgm: later}}\n")
    stage.program("later", 'raise StopLine("CHSS001S")\n')
    assert states(stage.submit("TRIAL")) == ["ok", "ok", "ok", "failed"]
    with pytest.raises(InputRefused, match=r"CHSB054E.*T.WORK"):
        stage.submit("TRIAL", restart="S2")
    assert codes(stage.submit("TRIAL", restart="best")) == [0, 0, 4, 16]


def test_a_changed_program_or_deck_cannot_go_on_but_begin_anew(stage):
    failed_in(stage)
    stage.program("drop", 'step.count("more", 1)\n' + textwrap.dedent(DROP))
    stage.deck("TRIAL", DECK.replace("a job of", "the job of"))
    with pytest.raises(InputRefused, match=r"CHSB046E.*jcl TRIAL, pgm drop.*"):
        stage.submit("TRIAL", restart="best")
    result = stage.submit("TRIAL", restart="S1")
    assert (result.rc, result.steps[2].counts) == (0, {"more": 1, "erased": 2})


def test_the_generation_map_is_pinned_for_the_whole_run(stage):
    # Without the older generation that it reads the job updates no dataset, and two of it may pass each other.
    stage.deck("TRIAL", "".join(line for line in DECK.splitlines(keepends=True) if "OLDER" not in line))
    failed_in(stage)
    assert stage.submit("TRIAL", parameters={"KIND": "other"}).rc == 0
    assert stage.catalogued() == {"T.FILES": [2], "T.LIST": [1, 2], "T.WORK": [1]}
    assert stage.submit("TRIAL", restart="best").rc == 0
    assert stage.catalogued() == {"T.FILES": [1, 2], "T.LIST": [1, 2]}


def test_generations_beyond_the_limit_are_rolled_off_and_erased(stage):
    for number in range(5):
        assert stage.submit("TRIAL", parameters={"KIND": str(number)}).rc == 0
    assert stage.catalogued() == {"T.FILES": [3, 4, 5], "T.LIST": [3, 4, 5]}
    assert stage.orphans() == set()


def test_generations_that_end_by_rule_are_never_rolled_off(stage):
    """By no number, neither at a step's commit nor at the end of a run."""
    catalog = stage.root / "CATALOG.yaml"
    before, files, after = catalog.read_text(encoding="utf-8").partition("T.FILES:")
    catalog.write_text(
        before + files + after.replace("generations: 3", "generations: by-rule", 1), encoding="utf-8"
    )
    rule = "rules: [{id: FILES, title: t, datasets: [T.FILES], erase: [after-days], days: 3653}]\n"
    (stage.root / "RETENTION.yaml").write_text(rule, encoding="utf-8")
    for number in range(5):
        assert stage.submit("TRIAL", parameters={"KIND": str(number)}).rc == 0
    assert stage.catalogued() == {"T.FILES": [1, 2, 3, 4, 5], "T.LIST": [3, 4, 5]}


def test_a_run_killed_after_its_last_step_only_needs_its_end(stage):
    stage.submit("TRIAL")
    with stage.store() as store:
        store.runs._database.change("UPDATE runs SET state = 'running', rc = NULL")
    result = stage.submit("TRIAL", restart="best")
    assert (result.rc, [step.earlier for step in result.steps]) == (0, [True] * 3)


def test_states_of_a_step_that_did_not_run_have_no_code(stage):
    say(stage, "contradict")
    assert stage.submit("TRIAL").steps[2].state is State.SKIPPED
