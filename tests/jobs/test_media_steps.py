"""s250 to s290 under the real supervisor: from built statements to verified images, papers, and erased payment data."""

import json
import re
from pathlib import Path

import pytest

from chosho.media.disc import Disc
from chosho.media.opening import open_image
from chosho.statement.check import new_check
from chosho.vault.keys import KeyStore
from tests.step.stage import Stage

ADDRESS = "東京都港区架空台１－２－３"
NAME = "架空　花子"
OBLIGOR = f",,,{ADDRESS},架空生命保険相互会社,03-0000-0000,,,,0,08"

DECK = """\
job: MEDIA
title: media steps
parameters:
  MEDIUM_BYTES: {default: "0", title: capacity}
  STATEMENTS: {default: "40", title: statements of each kind}
fail_at: 8
steps:
  - step: S230
    pgm: make_statements
    title: made-up statements
    parm: {STATEMENTS: "&STATEMENTS", MEDIUM_BYTES: "&MEDIUM_BYTES"}
    dd:
      K310: {dsn: CHOSHO.STATEMENT.K310(+1), disp: [NEW, CATLG, DELETE]}
      K366: {dsn: CHOSHO.STATEMENT.K366(+1), disp: [NEW, CATLG, DELETE]}
      K323: {dsn: CHOSHO.STATEMENT.K323(+1), disp: [NEW, CATLG, DELETE]}
      K386: {dsn: CHOSHO.STATEMENT.K386(+1), disp: [NEW, CATLG, DELETE]}
      PLAN: {dsn: CHOSHO.MEDIA.PLAN(+1), disp: [NEW, CATLG, DELETE]}
      PAYDATA: {dsn: CHOSHO.PAYMENT.DATA(+1), disp: [NEW, CATLG, DELETE]}
      MATCH: {dsn: CHOSHO.PAYMENT.MATCH(+1), disp: [NEW, CATLG, DELETE]}
"""

MAKE = """\
import numpy as np

from chosho.media.plan import Planner
from chosho.media.profiles import profile
from chosho.media.volplan import to_block

planner = Planner(profile("CD-700", step.parameters["MEDIUM_BYTES"]))
count = int(step.parameters["STATEMENTS"])
step.set_count("amount", 0)
for kind, places in (("310", 9), ("366", 8)):
    writer = step.writer("K" + kind)
    for number in range(count):
        row, amounts = made(kind, 2_000_000 + number)
        writer.write(row)
        one = np.ones(1, dtype=np.int64)
        planner.feed(one * int(kind), one * len(row), one, np.array([amounts]))
        step.count("amount", sum(amounts))
for kind in ("323", "386"):  # an empty kind has its rows all the same: none
    step.writer("K" + kind)
step.set_count("statements", 2 * count)
step.writer("PLAN").write(to_block(planner.finish()))
step.writer("PAYDATA").write(b"0" * 1792 * 3)
step.writer("MATCH").write(b"0" * 64 * 3)
"""

ROWS = f'''\
def made(kind, yen):
    """Return a valid row of a kind with its amounts."""
    if kind == "310":
        row = "310{OBLIGOR},{ADDRESS},0,{NAME},{ADDRESS},0,{NAME},{ADDRESS},0,{NAME}"
        row += f",{{yen}},0,0,0,0,0,{{yen}},100,死亡,08,03,04,養老保険,08,03,10,,7123456789012,,,,,,"
        return (row + "\\r\\n").encode("cp932"), [yen, 0, 0, 0, 0, 0, yen, 100, 0]
    row = f"366{OBLIGOR},{ADDRESS},0,{NAME},個人年金,{{yen}},0,0,100,{{yen - 100}},0,{ADDRESS},{NAME}"
    row += "," * 12 + ",7123456789012,,"
    return (row + "\\r\\n").encode("cp932"), [yen, 0, 0, 100, yen - 100, 0, 0, 0]
'''


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A stage whose deck makes statements, and then runs the packaged procedure from S250 on."""
    made = Stage(tmp_path)
    text = (Path(__file__).parents[2] / "jcl" / "STATEMENTS.yaml").read_text()
    steps = text[text.index("  - step: S250") :]
    steps = steps.replace("erased == S210.kept + S220.written", "erased == 6")
    for name, value in {
        "PERIOD": "2026",
        "SUBMISSION": "JANUARY",
        "MEDIUM": "CD-700",
        "WORK_FACTOR": "10",
    }.items():
        steps = re.sub(rf'"&{name}"', f'"{value}"', steps)
    made.deck("MEDIA", DECK + steps)
    made.program("make_statements", MAKE)
    program = tmp_path / "jobs" / "make_statements.py"
    program.write_text(program.read_text() + "\n\n" + ROWS)
    return made


def parts(stage: Stage, dsn: str) -> dict[str, Path]:
    """Return the parts of the newest generation by label."""
    with stage.store() as store:
        newest = store.generations.catalogued(dsn)[-1]
        return {part.label: stage.root / part.path for part in store.generations.parts(newest.id)}


def passwords(stage: Stage) -> dict[str, str]:
    """Return the passphrase of every medium in the register by its volume id."""
    keys = KeyStore(stage.keys, data_root=stage.root)
    with stage.store() as store:
        return {medium.id: keys.password(medium.password_id) for medium in store.media.all()}


def test_built_statements_end_on_a_verified_image_and_the_payment_data_are_gone(
    stage: Stage, tmp_path: Path
) -> None:
    result = stage.submit("MEDIA")
    assert {step.name: step.rc for step in result.steps} == dict.fromkeys(
        ["S230", "S250", "S260", "S270", "S280", "S290"], 0
    ), stage.log(result.run_id)
    counts = {step.name: step.counts for step in result.steps}
    assert (counts["S250"]["read"], counts["S250"]["written"]) == (80, 2)
    assert (counts["S260"]["read"], counts["S260"]["written"]) == (2, 1)
    assert counts["S270"] == {"read": 80, "amount": counts["S230"]["amount"]}
    assert counts["S290"]["erased"] == 6
    (volume, image) = next(iter(parts(stage, "CHOSHO.MEDIA.IMAGE").items()))
    assert volume == "J20270112_01V01"
    opened = open_image(image, tmp_path / "out", passwords(stage)[volume], new_check)
    assert [(file.path.name, file.records, file.findings) for file in opened] == [
        ("310dat01.txt", 40, 0),
        ("366dat01.txt", 40, 0),
    ]
    assert "CHOSHO.PAYMENT.DATA" not in {dsn for dsn, numbers in stage.catalogued().items() if numbers}


def test_register_and_papers_say_the_same_of_each_volume(stage: Stage) -> None:
    result = stage.submit("MEDIA", parameters={"MEDIUM_BYTES": "100000"})
    assert result.rc == 0, stage.log(result.run_id)
    images = parts(stage, "CHOSHO.MEDIA.IMAGE")
    papers = parts(stage, "CHOSHO.MEDIA.TRANSMITTAL")
    reports = parts(stage, "CHOSHO.MEDIA.VERIFY")
    assert list(images) == list(papers) == list(reports)
    assert len(images) > 1
    with stage.store() as store:
        media = store.media.all()
    assert [medium.id for medium in media] == list(images)
    assert sum(sum(medium.records.values()) for medium in media) == 80
    for medium in media:
        report = json.loads(reports[medium.id].read_text())
        page = papers[medium.id].read_text()
        assert images[medium.id].stat().st_size <= 100000
        assert medium.image_sha256 == report["image_sha256"]
        assert medium.password_id == report["password_id"]
        assert (medium.volume, medium.volumes) == (report["number"], len(images))
        assert medium.image_sha256 in re.sub(r"<[^>]+>|\s", "", page)
        with Disc(images[medium.id]) as disc:
            assert disc.volume_id == medium.id


def test_no_passphrase_is_in_any_file_under_the_data_root(stage: Stage) -> None:
    stage.submit("MEDIA")
    found = passwords(stage)
    assert len(found) == 1
    for path in stage.root.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not any(text.encode() in data for text in found.values()), path


def test_without_statements_there_is_no_medium_and_the_payment_data_are_erased(stage: Stage) -> None:
    result = stage.submit("MEDIA", parameters={"STATEMENTS": "0"})
    assert result.rc == 4, stage.log(result.run_id)
    assert {step.name: step.rc for step in result.steps}["S290"] == 0
    assert "CHSM005W" in stage.log(result.run_id)
    with stage.store() as store:
        assert store.media.all() == ()


def test_an_image_that_is_damaged_before_it_is_verified_stops_the_job(stage: Stage) -> None:
    stage.program("s270_verify", DAMAGE)
    result = stage.submit("MEDIA")
    assert result.rc == 16
    assert "CHSM022S" in stage.log(result.run_id)
    report = next(iter(parts(stage, "CHOSHO.MEDIA.VERIFY").values()))
    assert json.loads(report.read_text())["result"] == "failed"
    assert "CHOSHO.PAYMENT.DATA" in stage.catalogued()


DAMAGE = """\
import chosho.jobs.s270_verify as real

for part in step.parts("IMAGE"):
    data = bytearray(part.path.read_bytes())
    data[data.index(b"age-encryption") + 400] ^= 1
    part.path.write_bytes(data)
real.run(step)
"""
