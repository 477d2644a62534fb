"""What a step program sees, by programs that look at everything; run by the real supervisor."""

from datetime import date

import pytest

from tests.step.stage import Stage

CATALOG = """\
datasets:
  T.TEXT: {title: text, recfm: T, code_page: CP932, class: none, generations: 3, right: t.use}
  T.IMAGE: {title: image, recfm: U, suffix: .iso, class: specific-personal, generations: 3, right: t.use}
  T.FIXED:
    title: fixed records
    layouts: [{from: 2016-01-01, copybook: CHANGE}]
    recfm: F
    lrecl: 48
    code_page: CP932
    class: personal
    sealed: true
    generations: 3
    right: t.use
    key: 4
"""

DECK = """\
job: TRIAL
parameters: {KIND: {default: "&YEAR"}}
steps:
  - step: S1
    pgm: first
    parm: {KIND: "&KIND"}
    dd:
      NONE: {dsn: T.FIXED(0), disp: SHR, optional: true}
      OUT: {dsn: T.FIXED(+1), disp: [NEW, CATLG, DELETE]}
      IMAGE: {dsn: T.IMAGE(+1), disp: [NEW, CATLG, DELETE]}
  - step: S2
    pgm: second
    dd:
      IN: {dsn: T.FIXED(+1), disp: SHR}
      IMAGE: {dsn: T.IMAGE(+1), disp: SHR}
"""

RUN = "TRIAL.20270112.01"


@pytest.fixture
def run(tmp_path):
    """Return a function that runs the bodies of two programs and gives stage, result and job log."""

    def ran(first, second="pass"):
        stage = Stage(tmp_path, CATALOG)
        stage.deck("TRIAL", DECK)
        stage.program("first", first)
        stage.program("second", second)
        result = stage.submit("TRIAL")
        return stage, result, stage.log(RUN)

    return ran


FACTS = """
    from datetime import date
    assert (step.run_id, step.job, step.step_name) == ("TRIAL.20270112.01", "TRIAL", "S1")
    assert step.business_date == date(2027, 1, 12)
    assert dict(step.parameters) == {"KIND": "2027"}
    assert step.settings["obligor"]["name"]
    assert step.present("OUT") and not step.present("NONE")
    assert (step.dsn("OUT"), step.lrecl("OUT"), step.key("OUT")) == ("T.FIXED.G0001", 48, 4)
    assert step.code_page("OUT") == "CP932"
    assert step.layout("OUT").length == 48
    for call in (lambda: step.reader("OUT"), lambda: step.reader("NONE"), lambda: step.writer("NONE"),
                 lambda: step.layout("IMAGE"), lambda: step.present("WHAT")):
        try:
            call()
        except InputRefused:
            step.count("refused")
    step.writer("OUT")
    step.writer("IMAGE")
    """


def test_the_facts_of_a_step(run):
    _, result, _ = run(FACTS)
    assert (result.rc, result.steps[0].counts) == (0, {"refused": 5})


SORT = """
    import numpy as np
    records = np.zeros((4000, 48), np.uint8)
    records[:, :4] = np.random.default_rng(1).integers(48, 58, (4000, 4))
    from chosho.dataset.sort import ExternalSort
    sorter = ExternalSort(lambda: step.new_temp(48), step.open_temp, 48, 4, memory=64 * 1024)
    sorter.add(records)
    with step.writer("OUT") as out:
        for block in sorter.sorted():
            out.write(block)
    plain = step.sorter(lrecl=48, key_length=4, expected=10)
    plain.add(records)
    assert sum(len(block) for block in plain.sorted()) == 4000
    step.write_file("IMAGE", "V01", b"image")
    step.count("written", 4000)
    """

READ = """
    rows = b"".join(bytes(block) for block in step.reader("IN").blocks())
    step.count("read", len(rows) // 48)
    keys = [rows[place : place + 4] for place in range(0, len(rows), 48)]
    assert keys == sorted(keys)
    assert [part.label for part in step.parts("IMAGE")] == ["V01"]
    assert step.parts("IMAGE")[0].path.suffix == ".iso"
    """


def test_sealed_sort_work_vanishes_with_the_step(run):
    stage, result, _ = run(SORT, READ)
    assert (result.rc, result.steps[1].counts) == (0, {"read": 4000})
    assert stage.orphans() == set()
    with stage.store() as store:
        assert store.generations.pending_intents() == ()


POOL = """
    from chosho.dataset.part_file import NewPart
    from tests.step import workers
    targets = [step.new_part("OUT") for _ in range(3)]
    with step.pool(2) as pool:
        results = list(pool.map(workers.write, targets, ["0001", "0002", "0003"]))
    step.wrote("OUT", *results)
    step.write_file("IMAGE", "V01", b"image")
    """


def test_worker_processes_write_parts_in_their_order(run, monkeypatch):
    monkeypatch.syspath_prepend(".")
    _, result, log = run(
        POOL.replace("from tests.step import workers", WORKERS_PATH + "from tests.step import workers")
    )
    assert result.rc == 0
    assert "CATALOGED 3 parts 3 records" in log


WORKERS_PATH = (
    f"import sys; sys.path.insert(0, {str(__import__('pathlib').Path(__file__).parents[2])!r})\n    "
)

KEYS = """
    step.writer("OUT")
    step.write_file("IMAGE", "V01", b"image")
    name = f"PW-{step.run_id}-V01"
    text = step.password(name, create=True)
    again = step.password(name, create=True)
    assert text != again == step.password(name)
    assert step.password_id(name) == name + "_2"
    try:
        step.password("PW-OTHER", create=True)
    except InputRefused:
        step.count("refused")
    step.count("length", len(text))
    """

REGISTER = """
    from datetime import date
    number, _, digest = step.journal_head().partition(":")
    assert int(number) > 0 and len(digest) == 64
    step.register(
        dd="IMAGE", label="V01", id="VOL1", data_content="statements", purpose="p", made_on=date(2027, 1, 12),
        moved_on=None, moved_to="there", person_in_charge="who", kept_for="7", volume=1, volumes=1,
        password_id="PW", medium="CD-700", records={"310": 5},
    )
    for wrong in ({"id": "VOL2"}, {"id": "VOL2", "what": 1}):
        try:
            step.register(dd="IMAGE", label="V01", **wrong)
        except InputRefused:
            step.count("refused")
    """


def test_passphrases_and_the_media_register(run):
    stage, result, log = run(KEYS, REGISTER)
    assert result.rc == 0, log
    assert result.steps[0].counts == {"refused": 1, "length": 32}
    assert result.steps[1].counts == {"refused": 2}
    with stage.store() as store:
        medium = store.media.get("VOL1")
        kinds = [row.kind for row in store.journal.rows()]
    assert (medium.run_id, medium.made_on, medium.records) == (RUN, date(2027, 1, 12), {"310": 5})
    assert (stage.root / medium.path).read_bytes() == b"image"
    assert (kinds.count("password.create"), kinds.count("password.look")) == (2, 1)


def test_a_number_that_is_registered_twice_fails_the_step_and_commits_nothing_of_it(run):
    stage, result, log = run(
        KEYS,
        REGISTER
        + "    step.register(**{**LAST, 'dd': 'IMAGE', 'label': 'V01'})\n".replace(
            "**{**LAST, 'dd': 'IMAGE', 'label': 'V01'}",
            "dd='IMAGE', label='V01', id='VOL1', data_content='s', purpose='p', made_on=date(2027, 1, 12), moved_to='t',"
            " person_in_charge='w', kept_for='7', volume=1, volumes=1, password_id='PW', medium='M', records={}",
        ),
    )
    assert (result.rc, result.steps[1].state.value) == (12, "failed")
    assert "CHSJ050E" in log
    with stage.store() as store:
        assert store.media.all() == ()


MESSAGES = """
    step.writer("OUT")
    step.writer("IMAGE")
    step.message("CHSM006I")
    assert step.code == 0
    step.warn()
    assert step.code == 4
    for done in range(1000):
        step.progress(done, 1000)
    try:
        step.count("no good", 1)
    except ValueError:
        step.count("refused")
    """


def test_messages_and_warnings_make_the_code(run):
    _, result, log = run(MESSAGES)
    assert (result.rc, result.steps[0].counts) == (4, {"refused": 1})
    assert "CHSM006I" in log


SECRECY = """
    import ctypes, json, os, pathlib, resource, sys
    step.writer("OUT")
    step.writer("IMAGE")
    here = pathlib.Path(__file__).parent
    (here / "seen.json").write_text(json.dumps({
        "environment": sorted(os.environ), "arguments": pathlib.Path("/proc/self/cmdline").read_text(),
        "core": [*resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3)], "path": sys.path[0],
        "open": sorted(os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")
                       if os.path.exists(f"/proc/self/fd/{fd}")),
    }))
    print("a number 1234 5678 9012 and " + "\\uff11" * 12, file=sys.stderr)
    """


def test_a_process_has_locks_and_pipes_and_nothing_secret(run, monkeypatch):
    import json  # only here

    monkeypatch.setenv("CHOSHO_KEYS", "/nowhere")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    stage, result, _ = run(SECRECY)
    assert result.rc == 0
    seen = json.loads((stage.libraries.jobs[0] / "seen.json").read_text())
    assert not {"CHOSHO_KEYS", "AWS_SECRET_ACCESS_KEY", "PYTHONPATH"} & set(seen["environment"])
    assert "CHOSHO_STEP" in seen["environment"]
    assert str(stage.keys) not in seen["arguments"]
    assert seen["core"] == [0, 0, 0]  # both limits, and not dumpable
    assert seen["path"] != ""
    assert any("dataset-T.FIXED.lock" in name for name in seen["open"])
    assert not any("chosho.db" in name or name.startswith(str(stage.keys)) for name in seen["open"])
    written = (stage.root / "spool" / RUN / "S1.err").read_text()
    assert written == "a number # and #\n"
