"""Label, 付表, check sheet and transmittal: what they say, and what they never say."""

from dataclasses import replace

import pytest

from chosho.report.paper import Frame, Lines, Paper, Table, html
from chosho.report.submission import (
    DUPLICATE,
    ORIGINAL,
    attachment,
    check_sheet,
    label,
    label_lines,
    papers,
    transmittal,
)
from tests.report.submissions import FACTS, PLAIN


def text(paper: Paper) -> str:
    """Return all that a paper says."""
    said = [paper.title, paper.subtitle, paper.foot]
    for block in paper.blocks:
        if isinstance(block, Table):
            said += [*block.head, *(cell for row in block.rows for cell in row)]
        elif isinstance(block, (Lines, Frame)):
            said += block.lines
    return "\n".join(said)


def test_a_label_has_the_nine_items_in_their_order() -> None:
    assert label_lines(FACTS, FACTS.discs[0], ORIGINAL) == (
        "架空生命保険相互会社",
        "東京都港区架空台１－２－３",
        "7-1234-5678-9012",
        "01101-00123456",
        "生命保険契約等の一時金の支払調書（310）",
        "1,000件",
        "2027年1月29日",
        "正本",
        "２枚のうち１枚",
    )


def test_a_label_of_several_kinds_has_the_number_of_each() -> None:
    lines = label_lines(FACTS, FACTS.discs[1], DUPLICATE)
    assert lines[4] == "生命保険契約等の一時金の支払調書（310）、生命保険契約等の年金の支払調書（366）"
    assert lines[5:] == ("310：234件、366：321件", "2027年1月29日", "副本", "２枚のうち２枚")


def test_labels_of_original_and_duplicate_differ_in_that_word_only() -> None:
    one, two = (text(label(FACTS, FACTS.discs[0], copy)) for copy in (ORIGINAL, DUPLICATE))
    assert one != two
    assert one.replace("正本", "副本") == two.replace("正本", "副本")


def test_the_attachment_lists_every_file_of_every_disc() -> None:
    said = text(attachment(FACTS))
    for words in (
        "310dat01.txt",
        "310dat02.txt",
        "366dat01.txt",
        "1,234",
        "321",
        "正本2枚、副本2枚",
        "17（CD）",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("medium", "code"), [("CD-700", "17（CD）"), ("CD-650", "17（CD）"), ("DVD", "18（DVD）")]
)
def test_the_medium_has_its_code(medium: str, code: str) -> None:
    assert code in text(attachment(replace(FACTS, medium=medium)))


def test_the_check_sheet_says_who_approved_plain_files_without_numbers() -> None:
    said = text(check_sheet(PLAIN))
    assert "E2" in said
    assert "平文での提出の理由" in said
    assert "5678" not in said
    assert "平文" not in text(check_sheet(FACTS))
    assert "パスワードは別の経路" not in said


def test_the_transmittal_says_that_the_files_are_encrypted() -> None:
    assert "暗号化処理済" in text(transmittal(FACTS))
    assert "PW-S20270129_11" in text(transmittal(FACTS))
    assert "暗号化処理なし" in text(transmittal(PLAIN))
    assert "パスワード" not in text(transmittal(PLAIN))


@pytest.mark.parametrize(("etax", "words"), [(False, "空"), (True, "半角空白1文字（e-Tax）")])
def test_the_check_sheet_says_which_form_the_last_item_has(etax: bool, words: str) -> None:
    rows = [
        row
        for block in check_sheet(replace(FACTS, etax=etax)).blocks
        if isinstance(block, Table)
        for row in block.rows
    ]
    assert [row[2] for row in rows if row[1] == "最後の項目が空のとき"] == [words]


def test_pages_take_nothing_from_elsewhere_and_escape_what_they_are_told() -> None:
    odd = replace(FACTS, who=replace(FACTS.who, name="<script>架空</script>", contact="A & B"))
    for paper in papers(odd):
        page = html(paper)
        assert page.startswith("<!DOCTYPE html>")
        assert "<script" not in page
        assert "http" not in page
        assert "src=" not in page
    assert "A &amp; B" in html(transmittal(odd))


def test_every_paper_has_a_name_of_its_own() -> None:
    made = [
        *papers(FACTS),
        *(label(FACTS, disc, copy) for disc in FACTS.discs for copy in (ORIGINAL, DUPLICATE)),
    ]
    assert len({paper.name for paper in made}) == len(made)
