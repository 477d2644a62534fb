"""Summary tables: their words, their data forms, the era of a 年分."""

import csv
import datetime as dt
import io
from dataclasses import replace

import pytest

from chosho.report import summary_table
from chosho.report.paper import Paper
from chosho.report.summary_table import as_csv, as_tree, from_tree, summary_paper, year_text
from tests.report.submissions import DATE, SUMMARY_310, SUMMARY_366, WHO
from tests.report.test_submission import text


def paper(summary: summary_table.Summary = SUMMARY_310, who: summary_table.Submitter = WHO) -> Paper:
    return summary_paper(summary, who, submitted_on=DATE, medium="CD-700", set_id="S20270129_11")


def test_310_has_its_form_class_medium_and_figures() -> None:
    said = text(paper())
    for words in (
        "様式十",
        "1（新規）",
        "17（CD）",
        "令和8年分",
        "1,234",
        "1,200",
        "9,876,543,210",
        "01101-00123456",
    ):
        assert words in said


def test_366_is_split_by_residence() -> None:
    said = text(paper(SUMMARY_366))
    for words in ("様式十一", "居住者又は内国法人", "非居住者又は外国法人", "11,450,400", "外書き"):
        assert words in said


@pytest.mark.parametrize("postal_life", [True, False])
def test_postal_life_insurance_has_the_statements_submitted_only(postal_life: bool) -> None:
    said = text(paper(who=replace(WHO, postal_life=postal_life)))
    assert ("支払総額（手書き）" in said) is not postal_life
    assert ("簡易生命保険" in said) is postal_life


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_each_class_has_its_words(number: int) -> None:
    said = text(paper(replace(SUMMARY_310, submission_class=number)))
    assert f"{number}（{summary_table.CLASSES[number]}）" in said
    assert ("訂正表示" in said) is (number == 4)


def test_the_data_forms_say_the_same() -> None:
    both = (SUMMARY_310, SUMMARY_366)
    assert from_tree(as_tree(both)) == both
    table = as_csv(both, submitted_on=DATE, medium="DVD")
    assert table.startswith("\ufeff資料,")
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    assert {row["提出媒体"] for row in rows} == {"18"}
    found = {(row["資料"], row["区分"], row["金額の名称"]): int(row["金額"]) for row in rows}
    assert found["366", "非居住者又は外国法人", "源泉徴収税額"] == 2_450_400
    assert found["310", "支払調書提出分", "保険金額等"] == 9_876_543_210


@pytest.mark.parametrize(
    ("year", "submitted_on", "wanted"),
    [
        ("08", dt.date(2027, 1, 29), "令和8年分"),
        ("01", dt.date(2020, 1, 31), "令和元年分"),
        ("31", dt.date(2020, 1, 31), "平成31年分"),
        ("30", dt.date(2019, 1, 31), "平成30年分"),
        ("28", dt.date(2027, 1, 29), "平成28年分"),
        ("", dt.date(2027, 1, 29), "―"),
    ],
)
def test_a_year_has_its_era(year: str, submitted_on: dt.date, wanted: str) -> None:
    assert year_text(year, submitted_on) == wanted


def test_a_summary_without_amounts_has_a_line_all_the_same() -> None:
    bare = replace(
        SUMMARY_310, code="386", year="", titles=(), rows=(replace(SUMMARY_310.rows[0], amounts=()),)
    )
    assert "1,234" in text(paper(bare))
    assert len(as_csv([bare], submitted_on=DATE, medium="DVD").splitlines()) == 2
