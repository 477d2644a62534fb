"""The morning page."""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest

from chosho.business_days import Calendar
from chosho.report import duty
from chosho.report.morning import (
    Channel,
    Executed,
    InboxFile,
    InboxState,
    Instruction,
    JobState,
    Level,
    Morning,
    Pf,
    Said,
    StepNote,
    days_left,
    jobs_of,
    level_of,
    matters,
    missing,
    to_html,
    to_text,
)
from tests.report.pages import Text

CALENDAR = Calendar.load(
    (Path(__file__).resolve().parents[2] / "datasets" / "CALENDAR.yaml").read_text(encoding="utf-8")
)
TUESDAY, SATURDAY, APRIL = dt.date(2027, 1, 12), dt.date(2027, 1, 16), dt.date(2027, 4, 6)


def ran(
    deck: str, day: dt.date = TUESDAY, rc: int | None = 0, state: JobState = JobState.FINISHED
) -> Executed:
    return Executed(run=f"{deck}.{day:%Y%m%d}.01", deck=deck, business_date=day, state=state, rc=rc)


NIGHT = (ran("SCRATCH"), ran("NIGHTLY"), ran("PURGE"))
QUIET = Morning(
    business_date=TUESDAY,
    organization="架空生命保険相互会社",
    jobs=jobs_of(TUESDAY, CALENDAR, NIGHT),
    journal_head="1262:" + "ab" * 32,
)
BAD = replace(
    QUIET,
    jobs=jobs_of(
        TUESDAY,
        CALENDAR,
        [ran("SCRATCH", rc=4), ran("NIGHTLY", rc=8, state=JobState.FAILED), ran("SUPPLEMENT")],
    ),
    steps=(
        StepNote(
            run="NIGHTLY.20270112.01",
            step="S110",
            rc=8,
            messages=(Said(id="CHSA010E", text="file C.20270112.0009.age refused"),),
        ),
    ),
    channels=(Channel(title="窓口端末", files=2, read=10, accepted=7, rejected={"CHKD": 2, "KANA": 1}),),
    inbox=(InboxFile(channel="郵送", state=InboxState.MISSING),),
    pf=Pf(
        instructions=(Instruction(id="PFDEL.20270107.01", state="sent", keys=12, due=dt.date(2027, 1, 8)),),
        overdue=12,
        awaiting_approval=1,
        findings=("PFDEL.20270107.01 MISS",),
    ),
    unsigned=(dt.date(2027, 1, 7),),
    duties=(
        *duty.of_unsigned([dt.date(2027, 1, 7)], CALENDAR),
        *duty.of_statements(
            TUESDAY, CALENDAR, since=TUESDAY, settled={"MONTHLY323": ["202612"], "CHANGES386": ["2026"]}
        ),
    ),
    reasons={"CHKD": "検査用数字"},
)


@pytest.mark.parametrize(
    ("day", "decks"),
    [
        (TUESDAY, ["SCRATCH", "NIGHTLY", "PURGE", "JANUARY"]),
        (SATURDAY, ["SCRATCH", "PURGE", "JANUARY"]),
        (dt.date(2027, 2, 1), ["SCRATCH", "NIGHTLY", "PURGE", "JANUARY"]),  # 31 January is a Sunday
        (dt.date(2027, 2, 2), ["SCRATCH", "NIGHTLY", "PURGE"]),
        (APRIL, ["SCRATCH", "NIGHTLY", "PURGE"]),
        (dt.date(2027, 5, 3), ["SCRATCH", "PURGE"]),  # a holiday
    ],
)
def test_a_day_expects_its_jobs(day: dt.date, decks: list[str]) -> None:
    jobs = jobs_of(day, CALENDAR, [])
    assert [job.deck for job in jobs] == decks
    daily = [job for job in jobs if job.deck != "JANUARY"]
    assert {(job.state, job.level) for job in daily} == {(JobState.MISSING, Level.ALARM)}


def test_january_waits_until_its_deadline_and_is_checked_off_once_it_ran() -> None:
    (waiting,) = [job for job in jobs_of(TUESDAY, CALENDAR, NIGHT) if job.deck == "JANUARY"]
    assert (waiting.state, waiting.level, waiting.due) == (JobState.AWAITED, Level.PLAIN, dt.date(2027, 2, 1))
    earlier = ran("JANUARY", dt.date(2027, 1, 8), rc=4)
    (done,) = [job for job in jobs_of(TUESDAY, CALENDAR, [*NIGHT, earlier]) if job.deck == "JANUARY"]
    assert (done.state, done.run, done.level) == (JobState.FINISHED, earlier.run, Level.NOTICE)


def test_runs_of_other_days_check_nothing_off() -> None:
    jobs = jobs_of(APRIL, CALENDAR, NIGHT)
    assert {job.state for job in jobs if job.of is None} == {JobState.MISSING}


def test_what_earlier_dates_left_to_the_night_comes_first_and_says_its_date() -> None:
    left = ran("NIGHTLY", TUESDAY, 12, JobState.FAILED)
    page = replace(QUIET, jobs=jobs_of(APRIL, CALENDAR, [ran("NIGHTLY", APRIL), left]))
    assert [(job.deck, job.of, job.run) for job in page.jobs][:3] == [
        ("NIGHTLY", TUESDAY, left.run),
        ("SCRATCH", None, ""),
        ("NIGHTLY", None, "NIGHTLY.20270406.01"),
    ]
    assert matters(page)[0].text == "NIGHTLY 2027-01-12分 異常終了 コード12"
    assert "2027年1月12日（火）分" in Text(to_html(page)).text


def test_a_job_that_was_closed_says_why_and_no_number() -> None:
    closed = replace(ran("NIGHTLY", rc=16, state=JobState.CLOSED), reason="契約 10000000001 の差替え")
    page = replace(QUIET, jobs=jobs_of(TUESDAY, CALENDAR, [NIGHT[0], closed, NIGHT[2]]))
    (matter,) = matters(page)
    assert (matter.level, matter.text) == (
        Level.NOTICE,
        "NIGHTLY 打切り コード16（理由 契約 # の差替え）",
    )
    assert "理由 契約 # の差替え" in Text(to_html(page)).text
    assert matter.text.removeprefix("NIGHTLY ") in to_text(page)


def test_a_run_that_nobody_expected_is_shown() -> None:
    job = jobs_of(APRIL, CALENDAR, [ran("SUPPLEMENT", APRIL)])[-1]
    assert (job.deck, job.expected) == ("SUPPLEMENT", False)


@pytest.mark.parametrize(
    ("state", "rc", "level"),
    [
        (JobState.FINISHED, 0, Level.PLAIN),
        (JobState.FINISHED, 4, Level.NOTICE),
        (JobState.FINISHED, 8, Level.ALARM),
        (JobState.FAILED, 12, Level.ALARM),
        (JobState.RUNNING, None, Level.NOTICE),
        (JobState.CLOSED, 16, Level.NOTICE),
    ],
)
def test_a_job_matters_by_its_state_and_code(state: JobState, rc: int | None, level: Level) -> None:
    (_, job, *_) = jobs_of(APRIL, CALENDAR, [ran("NIGHTLY", APRIL, rc, state)])
    assert job.level is level


@pytest.mark.parametrize(
    ("rc", "level"),
    [(0, Level.PLAIN), (3, Level.PLAIN), (4, Level.NOTICE), (8, Level.ALARM), (16, Level.ALARM)],
)
def test_a_code_of_4_is_a_notice_and_of_8_an_alarm(rc: int, level: Level) -> None:
    assert level_of(rc) is level


def test_the_rejects_are_told_with_the_dates_of_the_lists_to_hand_out() -> None:
    days = (dt.date(2027, 1, 8), dt.date(2027, 1, 12))
    texts = [matter.text for matter in matters(replace(BAD, returned=days))]
    assert "登録不良 3 件（01-08分・01-12分の返却一覧を局所へ）" in texts


def test_a_quiet_night_needs_nobody() -> None:
    assert matters(QUIET) == ()
    assert "対応の要るものはありません" in Text(to_html(QUIET)).text
    assert to_text(QUIET).startswith("朝の確認 2027年1月12日（火） ○正常\n")


def test_what_matters_most_comes_first() -> None:
    found = matters(BAD)
    assert [matter.level for matter in found] == sorted((matter.level for matter in found), reverse=True)
    texts = [matter.text for matter in found]
    assert texts[:2] == ["NIGHTLY 異常終了 コード8", "PURGE 未実行"]
    assert set(texts[2:]) == {
        "SCRATCH 完了 コード4",
        "郵送 未着",
        "登録不良 3 件（返却一覧を局所へ）",
        "PF削除 期限超過の鍵 12 件（消去が確かめられるまで掲示）",
        "PFの回答との不一致 1 件",
        "PF削除指示 承認待ち 1 件",
        "2027-01-07 の取扱い記録の確認 期限超過 4日",
    }


def test_a_journal_that_is_not_sound_is_the_first_thing_told() -> None:
    assert matters(replace(BAD, journal_faults=2))[0].text == "処理記録の検査で異常が 2 件見つかりました"


def test_a_channel_whose_counts_do_not_add_up_is_an_alarm() -> None:
    odd = replace(QUIET, channels=(Channel(title="郵送", files=1, read=3, accepted=1, rejected={"CHKD": 1}),))
    assert Level.ALARM in {matter.level for matter in matters(odd)}


def test_the_page_has_every_table() -> None:
    text = Text(to_html(BAD)).text
    for part in (
        "業務日付 2027年1月12日（火）",
        "NIGHTLY.20270112.01 S110",
        "CHSA010E file C.20270112.0009.age refused",
        "CHKD 検査用数字 2、KANA 1",
        "PFDEL.20270107.01",
        "送付済・受付結果待ち",
        "2026年分の支払調書（310・366）の提出",
        "残り20日",
        "4日超過",
        "未確認の取扱い記録：2027年1月7日（木）",
        "予定外",
        BAD.journal_head,
    ):
        assert part in text


def test_the_page_reads_the_same_without_colour() -> None:
    """Whatever is shaded carries a mark as well."""
    page = to_html(BAD)
    shaded = re.findall(r'<(?:td|li|span)[^>]*class="[^"]*(?:notice|alarm)[^"]*"[^>]*>(.)', page)
    assert len(shaded) > 10
    assert set(shaded) <= {"▲", "■"}


def test_the_page_needs_nothing_from_elsewhere() -> None:
    page = to_html(BAD)
    assert "script" not in Text(page).tags
    assert not re.search(r"https?://", page)


def test_no_number_and_no_markup_gets_onto_the_page() -> None:
    bad = replace(
        BAD,
        inbox=(InboxFile(channel="<b>", state=InboxState.REFUSED, name="123456789018.age", reason="FNAM"),),
        steps=(StepNote(run="R", step="<i>", rc=4, messages=(Said(id="X", text="1234 5678 9018 <u>"),)),),
        pf=Pf(findings=("10000000001",)),
    )
    page, text = to_html(bad), to_text(bad)
    for hidden in ("123456789018", "1234 5678 9018", "10000000001", "<b>", "<i>", "<u>"):
        assert hidden not in page
        assert hidden not in text or hidden.startswith("<")


def test_the_text_is_short_and_says_jobs_and_duties() -> None:
    lines = to_text(BAD).splitlines()
    assert "■ NIGHTLY  異常終了 コード8 NIGHTLY.20270112.01" in lines
    assert "○ JANUARY  期限内・未実行 期限 2027年2月1日（月）" in lines
    assert "期限 2027-01-08 4日超過 2027-01-07 の取扱い記録の確認" in lines
    assert len(lines) < 30


@pytest.mark.parametrize(("days", "words"), [(3, "残り3日"), (0, "本日"), (-2, "2日超過")])
def test_days_left_are_worded(days: int, words: str) -> None:
    assert days_left(days) == words


def test_channels_of_which_no_file_came_are_missing() -> None:
    assert missing(["窓口端末", "郵送"], ["窓口端末"]) == (
        InboxFile(channel="郵送", state=InboxState.MISSING),
    )
