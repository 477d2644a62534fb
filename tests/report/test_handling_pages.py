"""The pages of the handling report."""

import csv
import datetime as dt
import io
import re
import tracemalloc

import pytest

from chosho.report.handling import Handling, Tally
from chosho.report.handling_pages import COLUMNS, to_csv, to_html
from tests.report.journals import RUN, day, facts, row
from tests.report.pages import Text


def made(given: Handling, *rows: dict) -> tuple[str, str]:
    """Return the CSV and the page of some rows."""
    tally = Tally()
    table = b"".join(to_csv(given, rows, tally)).decode()
    return table, b"".join(to_html(given, rows, tally)).decode()


ROWS = tuple(day(10))


def test_the_page_says_period_head_verdict_counts_and_unsigned_days() -> None:
    given = facts(last=10, unsigned=(dt.date(2027, 1, 7), dt.date(2027, 1, 8)))
    text = Text(made(given, *ROWS)[1]).text
    for part in (
        "業務日付 2027年1月12日（火）",
        "架空生命保険相互会社",
        "1 ～ 10（10行）",
        "2027-01-12 21:00:00 ～ 2027-01-12 21:00:09",
        "異常なし",
        given.head,
        "2日：2027年1月7日（木）、2027年1月8日（金）",
        "受付ファイルの取込み 2（240件）",
        "確認者",
        "特定個人情報の取扱いに当たらないもの4行（dd.open 2、step.end 2）",
        "区分表にない種別：moon.landed 2",
    ):
        assert part in text


def test_the_page_says_when_the_journal_is_not_sound() -> None:
    text = Text(made(facts(last=10, faults=2), *ROWS)[1]).text
    assert "異常 2 件" in text
    assert "この記録は確認に使えません" in text


def test_the_page_says_when_rows_are_missing() -> None:
    assert "読めた行が 3 行足りません" in Text(made(facts(last=13), *ROWS)[1]).text
    assert "足りません" not in Text(made(facts(last=10), *ROWS)[1]).text


def test_a_day_without_rows_has_its_pages_too() -> None:
    table, page = made(facts(first=11, last=10))
    assert table.count("\r\n") == 1
    assert "この日の取扱いはありません" in Text(page).text
    assert "足りません" not in page


def test_the_page_needs_nothing_from_elsewhere() -> None:
    page = made(facts(last=10), *ROWS)[1]
    assert "script" not in Text(page).tags
    assert not re.search(r"https?://", page)


def test_text_from_a_row_cannot_become_markup() -> None:
    bad = row("password.show", who="<b>x</b>", password="<i>", reason="<script>x</script>&")
    page = made(facts(), bad)[1]
    assert "<script" not in page
    assert "&lt;script&gt;x&lt;/script&gt;&amp;" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_the_table_opens_in_a_spreadsheet() -> None:
    table = made(facts(last=10), *ROWS)[0]
    assert table.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"), newline="")))
    assert rows[0] == list(COLUMNS)
    assert {len(one) for one in rows} == {len(COLUMNS)}
    assert rows[1][:5] == ["2027-01-12", "1", "2027-01-12T21:00:00+09:00", "取得", "受付ファイルの取込み"]
    assert rows[1][10:13] == ["120", RUN, "S110"]
    assert len(rows) == 1 + 6


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(begin: str) -> None:
    bad = row(
        "password.show", who=f"{begin}HYPERLINK(1)", password=f"{begin}1", reason=f"{begin}cmd|' /C calc'!A0"
    )
    table = made(facts(), bad)[0]
    rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"), newline="")))
    assert [cell for cell in rows[1] if cell[:1] in "=+-@＝＋－＠" and cell] == []
    assert any(cell.startswith(f"'{begin}") for cell in rows[1])


def test_the_same_rows_give_the_same_bytes_however_they_come() -> None:
    assert made(facts(last=10), *ROWS) == made(facts(last=10), *tuple(day(10)))


def test_a_hundred_thousand_rows_go_through() -> None:
    given, rows, tally = facts(last=100_000), 100_000, Tally()
    table = sum(len(piece) for piece in to_csv(given, day(rows), tally))
    page = sum(len(piece) for piece in to_html(given, day(rows), tally))
    assert (tally.rows, tally.counts()["listed"]) == (rows, 60_000)
    assert min(table, page) > 10_000_000


def test_the_memory_does_not_grow_with_the_day() -> None:
    tracemalloc.start()
    tally, given = Tally(), facts(last=20_000)
    written = sum(len(piece) for piece in to_csv(given, day(20_000), tally))
    written += sum(len(piece) for piece in to_html(given, day(20_000), tally))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert written > 5_000_000
    assert peak < 2_500_000
