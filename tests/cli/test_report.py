"""``chosho report``: list, show, sign."""

import json
from pathlib import Path

import pytest

from chosho.control import rights
from tests.cli.conftest import Chosho
from tests.cli.nights import Night

DAY = "2027-01-12"


@pytest.fixture
def night(tmp_path: Path, chosho: Chosho, monkeypatch: pytest.MonkeyPatch) -> Night:
    """Return a data root with the report of one day."""
    made = Night(tmp_path, chosho, monkeypatch)
    made.ran(DAY)
    return made


def last_row(night: Night) -> tuple[str, str, dict]:
    with night.store() as store:
        row = list(store.journal.rows())[-1]
    return row.kind, row.who, row.fields


def test_reports_are_listed_with_their_signatures(night: Night) -> None:
    (row,) = json.loads(night("report", "list", "--json").out)
    assert (row["date"], row["first"], row["made_by"], row["signed_by"]) == (DAY, 1, "operator", None)
    assert DAY in night("report", "list").out
    night.be("reviewer")
    night("report", "sign", DAY)
    assert json.loads(night("report", "list", "--json").out)[0]["signed_by"] == "reviewer"
    assert json.loads(night("report", "list", "--unsigned", "--json").out) == []


def test_the_page_is_shown_after_the_look_is_on_record(night: Night) -> None:
    night.be("reviewer")
    answer = night("report", "show", DAY)
    assert answer.code == 0
    assert answer.out.startswith("<!DOCTYPE html>")
    assert answer.out.rstrip().endswith("</html>")
    assert "業務日付 2027年1月12日（火）" in answer.out
    kind, who, fields = last_row(night)
    assert (kind, who, fields["file"]) == ("report.look", "reviewer", f"{DAY}.html")


def test_the_table_is_shown_as_csv(night: Night) -> None:
    assert night("report", "show", DAY, "--csv").out.startswith('\ufeff"業務日付","記録番号"')


def test_a_report_is_written_to_a_new_file_only(night: Night, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    answer = night("report", "show", DAY, "--out", out)
    assert (answer.code, answer.out) == (0, "")
    assert out.read_text(encoding="utf-8") == night("report", "show", DAY).out
    assert out.stat().st_mode & 0o777 == 0o600
    again = night("report", "show", DAY, "--out", out)
    assert (again.code, again.err.split()[0]) == (12, "CHSP015E")


def test_a_report_that_was_changed_is_not_given_out(night: Night, tmp_path: Path) -> None:
    (path,) = [path for path in (night.root / "data").iterdir() if b"<!DOCTYPE" in path.read_bytes()]
    data = path.read_bytes()
    path.write_bytes(data.replace("異常なし".encode(), "異常あり".encode(), 1))
    out = tmp_path / "report.html"
    assert night("report", "show", DAY, "--out", out).code == 16
    assert not out.exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("show", "2027-01-13"), "CHSP010E"),
        (("sign", "2027-01-13"), "CHSP010E"),
        (("show", "yesterday"), "CHSL013E"),
        (("sign", DAY, "--note", "契約 10000000001 を確認"), "CHSJ042E"),
        (("sign", DAY, "--note", "1234 5678 9018"), "CHSJ042E"),
    ],
)
def test_what_cannot_be_is_refused(night: Night, words: tuple[str, ...], message: str) -> None:
    night.be("reviewer")
    answer = night("report", *words)
    assert (answer.code, answer.err.split()[0], answer.out) == (12, message, "")
    assert "1234" not in answer.err
    assert "10000000001" not in answer.err


def test_two_persons_make_and_sign_a_report_once(night: Night) -> None:
    own = night("report", "sign", DAY)
    assert (own.code, own.err.split()[0]) == (12, "CHSP012E")
    night.be("reviewer")
    signed = night("report", "sign", DAY, "--note", " 異常なし ")
    assert (signed.code, signed.out) == (0, f"handling report of {DAY} signed by reviewer\n")
    kind, who, fields = last_row(night)
    assert (kind, who, fields["note"]) == ("report.signed", "reviewer", "異常なし")
    night.be("another")
    again = night("report", "sign", DAY)
    assert (again.code, again.err.split()[0]) == (12, "CHSP011E")


@pytest.mark.parametrize(
    ("words", "right"),
    [(("list",), "report.use"), (("show", DAY), "report.use"), (("sign", DAY), "report.sign")],
)
def test_a_right_is_asked_for(
    night: Night, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], right: str
) -> None:
    night.be("stranger")
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(rights, "check", lambda person, wanted: asked.append((person, wanted)))
    night("report", *words)
    assert asked[0] == ("stranger", right)
