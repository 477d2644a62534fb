"""The maker of the fold table."""

import pytest

from chosho.statement import make_fold, text_table


@pytest.mark.parametrize(("text", "expected"), [("m2", "ｍ２"), ("TEL", "ＴＥＬ"), ("高", "高"), ("", "")])
def test_ascii_is_widened(text, expected):
    assert expected == make_fold.widened(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("高", True), ("ミリ", True), ("髙", False), ("A", False), ("ｱ", False), ("", False)],
)
def test_only_full_width_jis_x_0208_is_writable(text, expected):
    assert expected == make_fold.writable(text)


def test_the_packaged_table_is_what_the_maker_prints(capsys):
    pytest.importorskip(
        "jntajis", reason="jntajis-python, which holds the tax agency's map, is not installed"
    )
    make_fold.main()
    printed = [line.split(",") for line in capsys.readouterr().out.splitlines()[1:]]
    assert printed == [list(row.values()) for row in text_table.folds()]
