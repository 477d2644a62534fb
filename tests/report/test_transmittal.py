"""The transmittal of a volume."""

import datetime as dt
import re
from dataclasses import dataclass, field, replace

import jinja2
import pytest

from chosho.report.transmittal import (
    Transmittal,
    content_text,
    label_lines,
    qr_text,
    tax_year_text,
    transmittal,
)
from tests.report.pages import Text


@dataclass(frozen=True)
class File:
    name: str
    records: int
    age_bytes: int


@dataclass(frozen=True)
class Volume:
    volume_id: str = "J20270112_01V02"
    number: int = 2
    count: int = 3
    set_id: str = "JANUARY.20270112.01"
    password_id: str = "PW-JANUARY.20270112.01-V02"
    journal_head: str = "12:" + "ab" * 32
    image_sha256: str = "0123456789abcdef" * 4
    image_bytes: int = 723_517_440
    files: list[File] = field(
        default_factory=lambda: [
            File("366dat02.txt", 7, 900),
            File("310dat02.txt", 1000, 70_000),
            File("310dat03.txt", 234, 70_000),
        ]
    )


FACTS = Transmittal(
    volume=Volume(),
    made_on=dt.date(2027, 1, 12),
    tax_year="2026",
    medium="CD-R 700MB",
    organization="架空生命保険相互会社",
    transport={
        "from": "情報管理センター",
        "to": "支払サービス部",
        "purpose": "税務署提出用支払調書データの作成",
        "person_in_charge": "担当者",
        "kept_for": "提出日の属する年度の翌年度始から7年",
    },
)


def test_the_page_says_what_travels_and_how() -> None:
    page = Text(transmittal(FACTS))
    for part in (
        "送付状",
        "支払サービス部　御中",
        "2027年1月12日",
        "J20270112_01V02",
        "3枚のうち2枚目",
        "2026年（令和8年）分",
        "310　生命保険契約等の一時金の支払調書",
        "1,234",
        "310dat02.txt.age",
        "723,517,440",
        "PW-JANUARY.20270112.01-V02",
        "提出日の属する年度の翌年度始から7年",
    ):
        assert part in page.text
    assert FACTS.volume.image_sha256 in re.sub(r"\s", "", page.text)
    assert page.tags.count("svg") == 1


def test_the_page_needs_nothing_from_elsewhere() -> None:
    page = transmittal(FACTS)
    assert "script" not in Text(page).tags
    assert not re.search(r"https?://(?!www\.w3\.org)", page)


def test_text_from_settings_cannot_become_markup() -> None:
    page = transmittal(replace(FACTS, organization="<script>x</script>&"))
    assert "<script>" not in page
    assert "&lt;script&gt;x&lt;/script&gt;&amp;" in page


def test_a_missing_setting_is_an_error_not_a_blank() -> None:
    with pytest.raises(jinja2.UndefinedError):
        transmittal(
            replace(FACTS, transport={**FACTS.transport, "purpose": jinja2.StrictUndefined(name="purpose")})
        )


def test_the_qr_code_holds_ids_and_hash_within_120_bytes() -> None:
    text = qr_text(FACTS)
    assert text == f"J20270112_01V02 JANUARY.20270112.01 2/3 {FACTS.volume.image_sha256}"
    assert len(text.encode()) <= 120


def test_the_label_names_volume_kinds_and_place_but_no_password() -> None:
    lines = label_lines(FACTS)
    assert lines[0] == "J20270112_01V02"
    assert "310 生命保険契約等の一時金の支払調書 1,234件" in lines
    assert "3枚のうち2枚目" in lines
    assert not any("PW-" in line for line in lines)


def test_the_register_says_year_submission_and_statements_by_kind() -> None:
    assert (
        content_text(FACTS, "JANUARY") == "2026年（令和8年）分 支払調書データ（JANUARY） 310 1,234件、366 7件"
    )


@pytest.mark.parametrize(
    ("year", "text"),
    [("2018", "2018年（平成30年）分"), ("2019", "2019年（令和元年）分"), ("2026", "2026年（令和8年）分")],
)
def test_a_year_of_payments_has_the_era_of_its_last_day(year: str, text: str) -> None:
    assert tax_year_text(year) == text
