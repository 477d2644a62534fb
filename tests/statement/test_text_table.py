"""The text tables: what is writable, what is widened, what is folded."""

import unicodedata

import pytest

from chosho.statement import text_table
from chosho.statement.text_table import BLANK, FOLD, PLAIN, SPACE, UNWRITABLE, UNWRITABLE_BYTE, WIDEN


def kind_of(code: bytes) -> int:
    return int(text_table.table().kind[code[0] | (code[1] << 8 if len(code) > 1 else 0)])


def strict(code: bytes) -> bool:
    """Whether the code is JIS X 0208, by the independent test: strict Shift_JIS reads it as one character."""
    try:
        return len(code.decode("shift_jis")) == 1
    except UnicodeDecodeError:
        return False


def test_exactly_the_pairs_of_jis_x_0208_are_plain_or_space():
    for lead in (*range(0x81, 0xA0), *range(0xE0, 0xFD)):
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFD)):
            code = bytes([lead, trail])
            assert strict(code) == (kind_of(code) in {PLAIN, SPACE})


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("　".encode("cp932"), SPACE),
        (b" ", BLANK),
        (b"A", WIDEN),
        (b"\xb1", WIDEN),  # ｱ
        ("髙".encode("cp932"), FOLD),
        (b"\xf9\xfc", UNWRITABLE),  # the marker of a host character that CP932 lacks
        (b"\xf0\x40", UNWRITABLE),  # user-defined area (外字)
        ("纊".encode("cp932"), FOLD),
        ("褜".encode("cp932"), UNWRITABLE),  # the agency's map has no replacement
        (b"\x00", UNWRITABLE_BYTE),
        (b"\x0d", UNWRITABLE_BYTE),
        (b"\x88\x2c", UNWRITABLE_BYTE),  # half of a pair before a comma
    ],
)
def test_a_code_has_its_class(code, kind):
    assert kind == kind_of(code)


def test_every_half_width_sign_and_kana_has_its_full_width_form():
    wide = text_table.table().wide
    for byte in (*range(0x21, 0x7F), *range(0xA1, 0xE0)):
        character = int(wide[byte]).to_bytes(2, "little").decode("cp932")
        assert unicodedata.east_asian_width(character) in {"F", "W", "A"}


@pytest.mark.parametrize(
    ("half", "full"),
    [("A", "Ａ"), ("0", "０"), ("-", "－"), (",", "，"), ('"', "”"), ("'", "’"), ("\\", "￥"), ("~", "～"), ("ｱ", "ア"),
     ("ｰ", "ー"), ("｡", "。"), ("ﾞ", "゛")],
)  # fmt: skip
def test_the_full_width_form_is_the_expected_one(half, full):
    assert full.encode("cp932") == int(text_table.table().wide[half.encode("cp932")[0]]).to_bytes(2, "little")


@pytest.mark.parametrize(
    ("half", "mark", "full"),
    [("ｶ", 1, "ガ"), ("ﾊ", 1, "バ"), ("ﾊ", 2, "パ"), ("ｳ", 1, "ヴ"), ("ｱ", 1, ""), ("ﾜ", 1, "")],
)
def test_a_voiced_mark_joins_its_kana_where_the_character_exists(half, mark, full):
    code = int(text_table.table().wide[mark * 256 + half.encode("cp932")[0]])
    assert full.encode("cp932") == (code.to_bytes(2, "little") if code else b"")


def test_every_fold_replaces_a_character_outside_jis_x_0208_by_characters_inside():
    for row in text_table.folds():
        code = bytes.fromhex(row["code"])
        assert row["character"] == code.decode("cp932")
        assert not strict(code)
        for character in row["replacement"]:
            assert strict(character.encode("cp932"))


def test_no_character_is_folded_twice_or_in_two_ways():
    rows = text_table.folds()
    assert len(rows) == len({row["code"] for row in rows})
    by_character = {}
    for row in rows:
        assert by_character.setdefault(row["character"], row["replacement"]) == row["replacement"]


@pytest.mark.parametrize(
    ("character", "replacement", "source"),
    [("髙", "高", "DECLARED"), ("﨑", "崎", "NTA"), ("㈱", "（株）", "NTA"), ("①", "１", "NTA"), ("Ⅲ", "ＩＩＩ", "NTA"),
     ("№", "Ｎｏ．", "NTA"), ("㍉", "ミリ", "UNICODE"), ("\ufa12", "晴", "UNICODE")],
)  # fmt: skip
def test_a_fold_has_its_source(character, replacement, source):
    row = next(row for row in text_table.folds() if row["character"] == character)
    assert (replacement, source) == (row["replacement"], row["source"])
