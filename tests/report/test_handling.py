"""The lines of the handling report: which rows become lines, and what they say."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chosho.business_days import Calendar
from chosho.report.handling import Handling, Line, Tally, lines
from chosho.report.handling_table import KINDS, Act, Subject
from tests.report.journals import DATASETS, RUN, day, facts, row, told

CALENDAR = Calendar.load(
    (Path(__file__).resolve().parents[2] / "datasets" / "CALENDAR.yaml").read_text(encoding="utf-8")
)
MASTER = "CHOSHO.NUMBER.MASTER"
HIDDEN = "123456789018"
POLICY = "10000000001"

CASES = [
    (
        row(
            "inbox.taken",
            dsn="CHOSHO.INBOX.COUNTER",
            file="C.age",
            number=7,
            records=120,
            run=RUN,
            step="S110",
        ),
        (Act.ACQUIRED, "登録請求 窓口端末", "CHOSHO.INBOX.COUNTER C.age", 120, RUN, "ファイル番号7"),
    ),
    (
        row(
            "inbox.refused",
            dsn="CHOSHO.INBOX.COUNTER",
            file="C.age",
            number=None,
            reason="FDUP",
            run=RUN,
            step="S110",
        ),
        (Act.REFUSED, "登録請求 窓口端末", "CHOSHO.INBOX.COUNTER C.age", None, RUN, "理由 FDUP"),
    ),
    (
        row("inbox.discarded", who="tanaka", delivery=3, reason="二重送付"),
        (Act.ERASED, "受付ファイル", "受付番号3", None, "", "理由 二重送付"),
    ),
    (
        row("dd.open", dd="OLD", dsn=f"{MASTER}.G0041", right="master.use", run=RUN, step="S120"),
        (Act.USED, "個人番号等管理マスタ", f"{MASTER}.G0041", None, RUN, "DD OLD、権限 master.use"),
    ),
    (
        row(
            "generation.catalogued",
            dsn=MASTER,
            generation="G0042V00",
            run=RUN,
            step="S120",
            records=9,
            parts=2,
        ),
        (Act.OUTPUT, "個人番号等管理マスタ", f"{MASTER}.G0042V00", 9, RUN, "2部"),
    ),
    (
        row(
            "generation.erased",
            dsn=MASTER,
            generation="G0039V00",
            run="NIGHTLY.20270108.01",
            step="S120",
            parts=1,
        ),
        (
            Act.ERASED,
            "個人番号等管理マスタ",
            f"{MASTER}.G0039V00",
            None,
            "",
            "作成 NIGHTLY.20270108.01 S120、1部",
        ),
    ),
    (
        row("keys.destroyed", cohorts=f"{MASTER}.G0039.0123456789abcdef", master=4),
        (Act.ERASED, "個人番号等管理マスタ", f"{MASTER}.G0039", None, "", ""),
    ),
    (
        row(
            "retention.scratched", kind="generation", name="G0039V00", dataset=MASTER, rule="NUMBER", run=RUN
        ),
        (Act.ERASED, "個人番号等管理マスタ", f"{MASTER}.G0039V00", None, RUN, "規則 NUMBER"),
    ),
    (
        row(
            "retention.scratched", kind="delivery", name="C.age", dataset="CHOSHO.INBOX.COUNTER", rule="INBOX"
        ),
        (Act.ERASED, "登録請求 窓口端末", "CHOSHO.INBOX.COUNTER C.age", None, "", "規則 INBOX"),
    ),
    (
        row("medium.registered", volume="J20270112_01V01", to="支払サービス部", run="JANUARY.20270112.01"),
        (Act.CARRIED, "移送用媒体", "J20270112_01V01", None, "JANUARY.20270112.01", "移送先 支払サービス部"),
    ),
    (
        row(
            "pf.sent",
            instruction="PFDEL.20270112.01",
            keys=31,
            digest="ab" * 32,
            sends=2,
            run="PURGE.20270112.01",
        ),
        (Act.ERASED_OUTSIDE, "PF削除", "PFDEL.20270112.01", 31, "PURGE.20270112.01", "2回目"),
    ),
    (
        row("pf.finding", instruction="PFDEL.20270112.01", code="MISS", keys=2, named="A1 A2"),
        (Act.ERASED_OUTSIDE, "PF削除", "PFDEL.20270112.01", 2, "", "不一致 MISS"),
    ),
    (
        row("browse", dsn=f"{MASTER}.G0042V00", right="master.use", start=1, count=20),
        (Act.LOOKED, "個人番号等管理マスタ", f"{MASTER}.G0042V00", 20, "", "権限 master.use"),
    ),
    (
        row("status", dsn="CHOSHO.NUMBER.STATUS.G0042V00", right="status.read"),
        (Act.LOOKED, "個人番号等取得状況", "CHOSHO.NUMBER.STATUS.G0042V00", None, "", "権限 status.read"),
    ),
    (
        row("access.refused", dsn=MASTER, right="master.use"),
        (Act.REFUSED, "個人番号等管理マスタ", MASTER, None, "", "権限 master.use"),
    ),
    (
        row("file.quarantined", path="data/ab"),
        (Act.OTHER, "ファイル", "data/ab", None, "", ""),
    ),
    (
        row("moon.landed", x=1),
        (Act.OTHER, "―", "", None, "", "moon.landed"),
    ),
]


@pytest.mark.parametrize(
    ("entry", "expected"), CASES, ids=lambda case: case["kind"] if isinstance(case, dict) else ""
)
def test_a_row_becomes_a_line(entry: dict, expected: tuple) -> None:
    ((line,), _) = told(entry)
    assert (line.act, line.title, line.dsn, line.number, line.run, line.note) == expected


@pytest.mark.parametrize(
    "entry",
    [
        row("run.begin", run=RUN),
        row("report.signed", date="2027-01-11"),
        row("dd.open", dsn="CHOSHO.MEDIA.PLAN.G0003"),
        row("dd.open", dsn="CHOSHO.INBOX.PFREPLY"),
        row("generation.erased", dsn="CHOSHO.NUMBER.STATUS", generation="G0001V00"),
        row("retention.scratched", kind="spool", name=RUN, dataset="SPOOL"),
        row("keys.destroyed", cohorts="CHOSHO.NUMBER.STATUS.G0001.0123456789abcdef"),
    ],
    ids=lambda entry: entry["kind"],
)
def test_what_is_no_act_on_specific_personal_information_is_counted_by_kind(entry: dict) -> None:
    found, tally = told(entry)
    assert found == []
    assert tally.left_out == {entry["kind"]: 1}


def test_keys_that_are_destroyed_together_have_a_line_for_each_generation() -> None:
    cohorts = [f"{MASTER}.G0039", "CHOSHO.NUMBER.STATUS.G0001", "CHOSHO.REGISTRATION.TRAN.G0007"]
    found, tally = told(row("keys.destroyed", cohorts=" ".join(f"{one}.0123456789abcdef" for one in cohorts)))
    assert [line.dsn for line in found] == [f"{MASTER}.G0039", "CHOSHO.REGISTRATION.TRAN.G0007"]
    assert (tally.counts()["listed"], tally.counts()["lines"]) == (1, 2)


@pytest.mark.parametrize(
    "kind", [kind for kind, row_kind in KINDS.items() if row_kind.subject is not Subject.HOUSE]
)
def test_a_row_that_lacks_its_fields_is_listed_all_the_same(kind: str) -> None:
    found, _ = told(row(kind))
    assert len(found) == 1


def test_a_dataset_that_the_catalogue_does_not_know_is_listed() -> None:
    ((line,), _) = told(row("dd.open", dsn="CHOSHO.GONE.G0001"))
    assert (line.title, line.dsn) == ("カタログにないデータセット", "CHOSHO.GONE.G0001")


def test_an_unknown_kind_is_never_dropped_and_is_counted() -> None:
    found, tally = told(row("moon.landed"), row("moon.landed", seq=2), row("run.end", seq=3))
    assert [line.act for line in found] == [Act.OTHER, Act.OTHER]
    assert tally.unknown == {"moon.landed": 2}
    assert (tally.counts()["unknown"], tally.counts()["left_out"]) == (2, 1)


def test_department_and_purpose_come_from_the_settings() -> None:
    ((of_deck, typed, erased), _) = told(
        row("dd.open", dsn=MASTER, run=RUN),
        row("password.show", seq=2, who="tanaka", password="PW-1", reason="送付先へ通知"),
        row("generation.erased", seq=3, dsn=MASTER, generation="G0001V00", run=RUN),
    )
    assert (of_deck.department, of_deck.purpose) == ("情報管理センター", "個人番号の登録・管理")
    assert (typed.department, typed.purpose, typed.note) == ("支払サービス部", "送付先へ通知", "")
    assert erased.purpose == "保存の終わった特定個人情報の消去"
    ((other,), _) = told(row("browse", dsn=MASTER))
    assert other.purpose == "個人番号関係事務の運用"


HOSTILE = [HIDDEN, f"x{POLICY}", "１２３４５６７８９０１８", "1234 5678 9018", f"{POLICY} {HIDDEN}"]


@pytest.mark.parametrize("kind", [*KINDS, "moon.landed"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_field_of_any_kind_brings_a_number_into_a_line(kind: str, hostile: str) -> None:
    names = {
        *(
            "dsn",
            "generation",
            "dataset",
            "name",
            "file",
            "password",
            "volume",
            "instruction",
            "key",
            "path",
            "run",
            "step",
        ),
        *("reason", "right", "dd", "rule", "code", "cohorts", "to", "policy", "named", "kind"),
    }
    numbers = dict.fromkeys(
        ("records", "keys", "count", "due", "parts", "sends", "number", "delivery"), int(HIDDEN)
    )
    found, _ = told({**row(kind, who=hostile), "fields": {**dict.fromkeys(names, hostile), **numbers}})
    for line in found:
        text = "\n".join(str(getattr(line, name)) for name in Line.__slots__)
        for hidden in (HIDDEN, POLICY, "1234 5678", "１２３４５６７８"):
            assert hidden not in text


@pytest.mark.parametrize("value", [True, -1, 10**10, 1.5, "12", None])
def test_what_is_no_count_is_not_told(value: object) -> None:
    ((line,), _) = told(row("generation.catalogued", dsn=MASTER, records=value))
    assert line.number is None


@given(st.lists(st.sampled_from([*KINDS, "moon.landed", "x"]), max_size=40))
def test_rows_read_are_listed_or_left_out_whatever_comes(kinds: list[str]) -> None:
    rows = [row(kind, seq=number, dsn=MASTER) for number, kind in enumerate(kinds, 1)]
    found, tally = told(*rows)
    counts = tally.counts()
    assert counts["read"] == len(rows) == counts["listed"] + counts["left_out"]
    assert counts["lines"] == len(found) == sum(counts[f"lines.{act.name.lower()}"] for act in Act)


def test_lines_come_one_by_one() -> None:
    tally = Tally()
    first = next(lines(facts(last=10**9), day(10**9), tally))
    assert (first.seq, tally.rows) == (1, 1)


def test_the_facts_come_from_what_a_step_is_told() -> None:
    state = {
        "first": 3,
        "last": 9,
        "head": "9:ab",
        "faults": 1,
        "unsigned": ["2027-01-08"],
        "datasets": DATASETS,
    }
    settings = {
        "obligor": {"name": "架空生命保険相互会社"},
        "handling": {"departments": {}, "department": "甲", "purposes": {}, "purpose": "乙"},
    }
    found = Handling.of(dt.date(2027, 1, 12), state, settings)
    assert (found.first, found.last, found.faults, found.unsigned) == (3, 9, 1, (dt.date(2027, 1, 8),))
    assert (found.attribution.department, found.organization) == ("甲", "架空生命保険相互会社")


@pytest.mark.parametrize(
    ("unsigned", "late"),
    [
        (dt.date(2027, 1, 7), True),  # due on Friday the 8th
        (dt.date(2027, 1, 8), False),  # due on Tuesday the 12th: Monday is a holiday
        (dt.date(2026, 12, 30), True),
    ],
)
def test_a_report_is_late_when_its_next_business_day_is_over(unsigned: dt.date, late: bool) -> None:
    assert facts(unsigned=(unsigned,)).overdue(CALENDAR) == ((unsigned,) if late else ())
