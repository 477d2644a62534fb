"""s910 under the real supervisor, by the deck and the retention table of the house: gone on its day, on record."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.step.stage import DAY, REPOSITORY, Stage

MADE = """
    job: MAKE
    title: something of every row
    steps:
      - step: S1
        pgm: make
        dd:
          AGE: {dsn: CHOSHO.MEDIA.AGE(+1), disp: [NEW, CATLG, DELETE]}
          IMAGE: {dsn: CHOSHO.MEDIA.IMAGE(+1), disp: [NEW, CATLG, DELETE]}
          MATCH: {dsn: CHOSHO.PAYMENT.MATCH(+1), disp: [NEW, CATLG, DELETE]}
          TRAN: {dsn: CHOSHO.REGISTRATION.TRAN(+1), disp: [NEW, CATLG, DELETE]}
          REJECTS: {dsn: CHOSHO.REGISTRATION.REJECT(+1), disp: [NEW, CATLG, DELETE]}
          MASTER: {dsn: CHOSHO.NUMBER.MASTER(+1), disp: [NEW, CATLG, DELETE]}
          COPY: {dsn: CHOSHO.STATEMENT.K310(+1), disp: [NEW, CATLG, DELETE]}
    """
MAKE = """
    for dd in ("AGE", "IMAGE"):
        step.write_file(dd, "f", b"x")
    for dd in ("MATCH", "TRAN", "REJECTS", "MASTER"):
        step.writer(dd).write(b" " * step.lrecl(dd) * 2)
    step.writer("COPY").write(b"a,b\\r\\n")
    """
STAGING = {"CHOSHO.MEDIA.AGE", "CHOSHO.MEDIA.IMAGE"}
MONTHLY = {"CHOSHO.PAYMENT.MATCH", "CHOSHO.REGISTRATION.TRAN", "CHOSHO.REGISTRATION.REJECT"}
KEPT = {"CHOSHO.NUMBER.MASTER", "CHOSHO.STATEMENT.K310"}


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A data root in which the deck MAKE ran on 2027-01-12."""
    made = Stage(tmp_path)
    for name in ("RETENTION.yaml", "CALENDAR.yaml"):
        if not (made.root / name).exists():
            shutil.copy(REPOSITORY / "datasets" / name, made.root)
    made.deck("MAKE", MADE)
    made.program("make", MAKE)
    assert made.submit("MAKE").rc == 0
    return made


def held(stage: Stage) -> set[str]:
    return set(stage.catalogued())


def scratch(stage: Stage, day: date):
    result = stage.submit("SCRATCH", day)
    assert result.rc == 0
    return result.steps[0].counts


def test_nothing_goes_on_the_day_itself(stage: Stage):
    counts = scratch(stage, DAY)
    assert held(stage) == STAGING | MONTHLY | KEPT
    assert (counts["held"], counts["due"], counts["scratched"], counts["records"]) == (6, 0, 0, 0)


def test_staging_copies_go_at_the_next_days_start(stage: Stage):
    counts = scratch(stage, DAY + timedelta(days=1))
    assert held(stage) == MONTHLY | KEPT
    assert (counts["due"], counts["due.STAGING"], counts["due.PAYMENT"], counts["scratched"]) == (2, 2, 0, 2)
    assert stage.orphans() == set()


def test_a_month_later_all_but_what_is_kept_for_years_is_gone(stage: Stage):
    counts = scratch(stage, date(2027, 2, 12))
    assert held(stage) == KEPT
    assert {name: counts[f"due.{name}"] for name in ("STAGING", "PAYMENT", "WORK", "REJECTS")} == {
        "STAGING": 2,
        "PAYMENT": 1,
        "WORK": 1,
        "REJECTS": 1,
    }
    assert counts["records"] >= 6


def test_what_is_late_is_told_and_every_erasure_is_on_record(stage: Stage):
    result = stage.submit("SCRATCH", DAY + timedelta(days=4))
    log = stage.log(result.run_id)
    assert "CHSE001I STAGING 媒体変換装置の基データ: 2 are erased" in log
    assert "CHSE002I STAGING: 2 of them are late, up to 3 days" in log
    with stage.store() as store:
        erased = [row.fields["dsn"] for row in store.journal.rows() if row.kind == "generation.erased"]
    assert set(erased) == STAGING


def test_job_logs_go_after_their_days(stage: Stage):
    run = stage.root / "spool" / "MAKE.20270112.01"
    scratch(stage, DAY + timedelta(days=399))
    assert run.is_dir()
    counts = scratch(stage, DAY + timedelta(days=400))
    assert not run.exists()
    assert counts["due.SPOOL"] == 1


def test_the_same_day_is_scratched_once_and_each_day_on_its_own(stage: Stage):
    scratch(stage, DAY + timedelta(days=1))
    assert scratch(stage, DAY + timedelta(days=2))["due"] == 0
