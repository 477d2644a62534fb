"""The lists that go back to the offices: what they show, what they never show, and their order."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.codec import batch as batches
from chosho.codec.fault import Reason
from chosho.copybook import load
from chosho.dataset.cogroup import cogroup
from chosho.registration import returns
from chosho.registration.update_table import ACTIONS
from tests.extract.flows import chunks
from tests.match.masters import block
from tests.registration.updates import NUMBER, REGREJ

CODES = [
    "POLF",
    "RCPT",
    "PAYN",
    "ROUT",
    "KIND",
    "NONE",
    "BOTH",
    "NDIG",
    "CHKD",
    "NGVN",
    "REAS",
    "DOCK",
    "IDNV",
    "TRML",
    "TRVK",
    "TTYP",
    "EMPL",
    "APRV",
    "ACPT",
    "OFFC",
    "KEYI",
    "STOR",
    "BRTH",
    "SEXM",
    "JPKI",
    "NPOL",
    "NPAY",
    "ROLE",
    "PRTY",
    "KANA",
    "DUPI",
    "DUPX",
    "NREG",
    "NHLD",
    "HELD",
    "RGNO",
]
"""What intake and update reject records for."""
_REJECT = {
    "OFFICE-NO": "12345",
    "CHANNEL": "1",
    "FILE-NO": "000007",
    "RECORD-NO": "00000002",
    "REASON": "KANA",
    "FIELD-NAME": "REGISTRANT-KANA",
    "POLICY-NO": "10000000001",
    "ROLE-CODE": "02",
    "PAYEE-NO": "01",
    "REQUEST-KIND": "1",
    "ACCEPTED-AT": "20270112091500",
    "TERMINAL-ID": "CTM0000001",
    "EMPLOYEE-ID": "E0000001",
    "SOURCE-RECORD": f"210000000001020114ｶｸｳ ﾊﾅｺ   {NUMBER}",
}


def reject(**changes):
    """Return a rejected record, with changes (``OFFICE_NO=...``); bytes stand as they are."""
    return {**_REJECT, **{name.replace("_", "-"): value for name, value in changes.items()}}


def rejects(*records):
    """Return rejected records in the order of their key."""
    names = [field.name for field in REGREJ.fields if field.offset < returns.KEY_LENGTH]
    return block(REGREJ, sorted(records, key=lambda one: [one[name] for name in names]))


def read(data):
    """Return the lines of a list as Excel reads them."""
    return list(csv.reader(io.StringIO(data.decode("cp932"), newline="")))


def line(**changes):
    """Return the cells of one rejected record by their column."""
    (content,) = returns.lines(batches.to_batch(rejects(reject(**changes))), [0])
    (cells,) = read(content)
    return dict(zip(returns.COLUMNS, cells, strict=True))


def test_a_line_says_what_came_how_and_why_it_was_rejected():
    assert line() == {
        "局所番号": "12345",
        "入手経路": "窓口端末",
        "ファイル番号": "000007",
        "レコード番号": "00000002",
        "証書番号": "10000000001",
        "対象者コード": "02",
        "受取人登録通番": "01",
        "請求区分": "登録",
        "受付日時": "2027-01-12 09:15:00",
        "端末番号": "CTM0000001",
        "社員番号": "E0000001",
        "項目": "カナ氏名",
        "理由コード": "KANA",
        "理由": "カナ氏名が契約と一致しない",
    }


def test_no_number_and_no_name_of_the_source_record_is_in_a_list():
    (content,) = returns.lines(batches.to_batch(rejects(reject())), [0])
    assert NUMBER.encode() not in content
    assert "ｶｸｳ ﾊﾅｺ".encode("cp932") not in content
    assert not {"個人番号", "法人番号", "カナ氏名"} & set(returns.COLUMNS)


@pytest.mark.parametrize(
    "at", [NUMBER + "00", "20271312091500", "20270100091500", "20270112241500", "2027011209150A", ""]
)
def test_a_time_of_acceptance_that_is_none_stays_empty(at):
    assert line(ACCEPTED_AT=at)["受付日時"] == ""


@pytest.mark.parametrize(
    ("bad", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+81", "'+81"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =A1", "'=A1"),
        ("|cmd", "'|cmd"),
        ("%0", "'%0"),
        (b"\t=A1      ", "*=A1"),
        (b"\r\n=A1     ", "**=A1"),
        ("＝１", None),
        ('"=A1"', '"=A1"'),
        ("A,B", "A,B"),
        ("ｶｸｳ", "***"),
    ],
)
def test_a_cell_is_never_a_formula_a_line_end_or_a_name(bad, shown):
    cell = line(TERMINAL_ID=bad)["端末番号"]
    assert shown is None or cell == shown
    assert cell[0] not in "=+-@\t\r\n＝＋－＠"
    assert cell.isascii()
    assert cell.isprintable()


@settings(max_examples=100, deadline=None)
@given(st.binary(min_size=REGREJ.length, max_size=REGREJ.length))
def test_whatever_stands_in_a_record_a_line_is_a_line(data):
    record = np.frombuffer(data, np.uint8).reshape(1, -1)
    (content,) = returns.lines(batches.to_batch(record), [0])
    (cells,) = read(content)
    assert len(cells) == len(returns.COLUMNS)
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r") == 1
    assert not [cell for cell in cells if cell and cell[0] in "=+-@\t\r＝＋－＠"]


def test_the_first_line_names_the_columns():
    assert read(returns.header()) == [list(returns.COLUMNS)]


def test_codes_without_a_word_stand_as_they_are():
    found = line(REASON="ZZZZ", FIELD_NAME="NO-SUCH", CHANNEL="9", REQUEST_KIND="=")
    assert [found[name] for name in ("理由コード", "理由", "項目", "入手経路", "請求区分")] == [
        "ZZZZ",
        "ZZZZ",
        "NO-SUCH",
        "9",
        "'=",
    ]


def test_every_reason_of_intake_update_and_codec_has_a_text_that_cp932_can_write():
    codes = {*CODES, *(action.reason for action in ACTIONS if action.reason), *(one.code for one in Reason)}
    assert codes == set(returns.reasons())
    assert all(text.encode("cp932") for text in returns.reasons().values())
    assert len(set(returns.reasons().values())) == len(codes)


def test_every_item_of_a_request_has_a_word():
    names = {name for member in ("REGCTR", "REGMOB", "REGMAIL", "REGONL") for name in load(member).named()}
    names |= {action.field for action in ACTIONS if action.field}
    assert names <= set(returns.items())
    assert all(word.encode("cp932") for word in returns.items().values())


def offices(intake, update, size=3):
    """Return the lists: label → record numbers in their order."""
    pairs = cogroup(chunks(intake, size), chunks(update, size), returns.KEY_LENGTH, target=1)
    found = {}
    for label, text, records in returns.by_office(pairs):
        numbers = [int(cells[returns.COLUMNS.index("レコード番号")]) for cells in read(text)]
        assert len(numbers) == records
        found.setdefault(label, []).extend(numbers)
    return found


def numbered(office, *numbers):
    return [reject(OFFICE_NO=office, RECORD_NO=f"{number:08d}") for number in numbers]


def test_records_of_intake_and_update_are_merged_office_by_office():
    intake = rejects(*numbered("11111", 2, 4, 9), *numbered("33333", 5))
    update = rejects(*numbered("11111", 3), *numbered("22222", 7, 8))
    assert offices(intake, update) == {"11111": [2, 3, 4, 9], "22222": [7, 8], "33333": [5]}


def test_a_request_without_a_readable_office_has_a_list_of_its_own():
    intake = rejects(*numbered("     ", 2, 3), *numbered("../..", 4), *numbered("12345", 5))
    assert offices(intake, rejects()) == {"NO-OFFICE": [2, 3], "NO-OFFICE-2": [4], "12345": [5]}


def test_no_rejects_are_no_lists():
    assert offices(rejects(), rejects()) == {}
    assert returns.lines(batches.to_batch(rejects()), []) == []


@settings(max_examples=50, deadline=None)
@given(
    keys=st.lists(
        st.tuples(st.sampled_from("123"), st.integers(1, 40), st.booleans()),
        max_size=30,
        unique_by=lambda key: key[:2],
    ),
    size=st.integers(1, 8),
)
def test_lists_are_in_order_under_any_cut(keys, size):
    sides = [
        rejects(*(reject(OFFICE_NO=o * 5, RECORD_NO=f"{n:08d}") for o, n, s in keys if s is side))
        for side in (True, False)
    ]
    expected = {}
    for office, number, _ in sorted(keys):
        expected.setdefault(office * 5, []).append(number)
    assert offices(*sides, size=size) == expected
