"""s140 under the real supervisor: the report of a day, the gapless rows, a journal that is not sound."""

import csv
import io
import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from chosho.report.handling_table import KINDS
from tests.report.pages import Text
from tests.step.stage import DAY, REPOSITORY, Stage

DATASET = "CHOSHO.REPORT.HANDLING"
MASTER = """\
job: WORK
title: work on the number master
steps:
  - step: LOAD
    pgm: load
    title: load
    dd:
      OUT: {dsn: CHOSHO.NUMBER.MASTER(+1), disp: [NEW, CATLG, DELETE]}
  - step: READ
    pgm: read
    title: read
    dd:
      IN: {dsn: CHOSHO.NUMBER.MASTER(+1), disp: [OLD, DELETE]}
"""


@pytest.fixture
def made(tmp_path: Path) -> Stage:
    """Return a stage with the decks WORK and REPORT, the latter with the step as NIGHTLY has it."""
    stage = Stage(tmp_path)
    shutil.copy(REPOSITORY / "datasets" / "CALENDAR.yaml", stage.root)
    stage.program("load", 'step.writer("OUT").write(b"0" * 128 * 3)')
    stage.program("read", 'step.count("read", step.reader("IN").records)')
    text = (REPOSITORY / "jcl" / "NIGHTLY.yaml").read_text(encoding="utf-8")
    stage.deck("WORK", MASTER)
    stage.deck("NIGHTLY", "job: NIGHTLY\ntitle: report\nsteps:\n" + text[text.index("  - step: S140") :])
    return stage


def written(made: Stage, label: str) -> str:
    """Return a file of the newest report."""
    with made.store() as store:
        newest = store.generations.catalogued(DATASET)[-1]
        (part,) = [part for part in store.generations.parts(newest.id) if part.label == label]
    return (made.root / part.path).read_text(encoding="utf-8")


def table(made: Stage, day: date = DAY) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written(made, f"{day}.csv").removeprefix("\ufeff"))))


def test_the_report_lists_what_was_done_with_the_master(made: Stage) -> None:
    assert made.submit("WORK").rc == 0
    result = made.submit("NIGHTLY")
    assert result.rc == 0
    rows = table(made)
    assert [(row["区分"], row["内容"], row["データセット等"], row["件数"]) for row in rows] == [
        ("利用", "作成の開始", "CHOSHO.NUMBER.MASTER.G0001", ""),
        ("出力", "作成の完了", "CHOSHO.NUMBER.MASTER.G0001V00", "3"),
        ("利用", "読込み", "CHOSHO.NUMBER.MASTER.G0001", ""),
        ("廃棄・消去", "目録からの除外（消去待ち）", "CHOSHO.NUMBER.MASTER.G0001V00", ""),
        ("廃棄・消去", "消去の完了", "CHOSHO.NUMBER.MASTER.G0001V00", ""),
        ("廃棄・消去", "鍵の破壊", "CHOSHO.NUMBER.MASTER.G0001", ""),
    ]
    assert {row["利用者"] for row in rows} == {"tester"}
    assert {row["目的"] for row in rows if row["実行番号"]} == {"個人番号関係事務の運用"}
    page = Text(written(made, f"{DAY}.html")).text
    assert "異常なし（全行の連鎖と先頭値を検査）" in page
    counts = result.steps[0].counts
    assert (counts["lines"], counts["read"]) == (6, counts["listed"] + counts["left_out"])
    assert counts["unknown"] == 0


def test_the_lines_stand_in_the_order_of_the_journal(made: Stage) -> None:
    made.submit("WORK")
    with made.store() as store:
        rows = list(store.journal.rows())
    assert {row.kind for row in rows} <= set(KINDS)
    made.submit("NIGHTLY")
    assert [int(row["記録番号"]) for row in table(made)] == [
        row.seq
        for row in rows
        if str(row.fields.get("dsn", "")).startswith("CHOSHO.NUMBER.MASTER") or "cohorts" in row.fields
    ]


def test_each_night_begins_where_the_last_report_ended(made: Stage) -> None:
    made.submit("NIGHTLY")
    made.submit("WORK", date(2027, 1, 13))
    made.submit("NIGHTLY", date(2027, 1, 13))
    with made.store() as store:
        first, second = store.reports.all()
        made_rows = [row for row in store.journal.rows() if row.kind == "report.made"]
    assert (first.business_date, second.business_date) == (DAY, date(2027, 1, 13))
    assert (first.first_seq, second.first_seq) == (1, first.last_seq + 1)
    assert [(row.fields["first"], row.fields["last"]) for row in made_rows] == [
        (first.first_seq, first.last_seq),
        (second.first_seq, second.last_seq),
    ]
    assert len(table(made, date(2027, 1, 13))) == 6


def test_days_that_nobody_signed_are_listed_and_warned_of(made: Stage) -> None:
    days = [date(2027, 1, 12), date(2027, 1, 13), date(2027, 1, 14)]
    results = [made.submit("NIGHTLY", day) for day in days]
    # The 12th is to be signed on the 13th; on the 14th that day is over.
    assert [result.rc for result in results] == [0, 0, 4]
    assert "CHSP003W 1 handling reports wait for their signature, the oldest of 2027-01-12" in made.log(
        results[2].run_id
    )
    assert "2日：2027年1月12日（火）、2027年1月13日（水）" in Text(written(made, "2027-01-14.html")).text
    with made.store() as store:
        store.reports.sign(days[0], "reviewer", at="2027-01-14T09:00:00+09:00")
    assert made.submit("NIGHTLY", date(2027, 1, 15)).rc == 4
    assert "2027-01-13" in made.log("NIGHTLY.20270115.01")


def test_a_kind_that_nobody_knows_is_listed_and_warned_of(made: Stage) -> None:
    with made.store() as store:
        store.journal.append("moon.landed", "tester", {"x": 1}, at="2027-01-12T20:00:00+09:00")
    result = made.submit("NIGHTLY")
    assert result.rc == 4
    assert "CHSP002W 1 journal rows of kinds that the handling report does not know: moon.landed" in made.log(
        result.run_id
    )
    assert [row["備考"] for row in table(made)] == ["moon.landed"]


def test_a_journal_that_was_edited_stops_the_line_and_the_report_says_so(made: Stage) -> None:
    made.submit("WORK")
    with sqlite3.connect(made.root / "control" / "chosho.db") as connection:
        connection.execute("DROP TRIGGER journal_is_never_edited")
        connection.execute("UPDATE journal SET who = 'nobody' WHERE seq = 3")
    connection.close()
    result = made.submit("NIGHTLY")
    assert result.rc == 16
    assert "CHSP001S" in made.log(result.run_id)
    assert "処理記録の検査で異常が 1 件見つかりました" in Text(written(made, f"{DAY}.html")).text
    with made.store() as store:
        assert store.reports.all() == ()


def test_a_report_that_is_made_again_covers_its_first_rows_too(made: Stage) -> None:
    """The report of a night that failed afterwards is made again by the restart."""
    text = (REPOSITORY / "jcl" / "NIGHTLY.yaml").read_text(encoding="utf-8")
    steps = text[text.index("  - step: S140") :]
    fail = "  - step: LATER\n    pgm: later\n    title: later\n    dd: {}\n"
    made.deck("NIGHTLY", "job: NIGHTLY\ntitle: report\nsteps:\n" + steps + fail)
    made.program(
        "later",
        f"""
        import pathlib
        if not pathlib.Path({str(made.root / "healed")!r}).exists():
            raise InputRefused("CHSS010E", step="LATER", dd="X")
        """,
    )
    assert made.submit("NIGHTLY").rc == 12
    (made.root / "healed").touch()
    assert made.submit("NIGHTLY", restart="S140").rc == 0
    with made.store() as store:
        (report,) = store.reports.all()
        rows = [row for row in store.journal.rows() if row.kind == "report.made"]
    assert report.first_seq == 1
    assert len(rows) == 2
    assert rows[1].fields["last"] > rows[0].fields["last"]
