"""The validator: each rule with a row that keeps it and a row that breaks it, totals, and cuts of the bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.errors import InputRefused
from chosho.statement import check as check_module
from chosho.statement import layout
from chosho.statement.check import RowCheck, check_bytes, new_check, sniff
from tests.statement.test_build import CORPORATE, INDIVIDUAL_310, PLAIN_366

GOOD = {"310": INDIVIDUAL_310, "366": PLAIN_366}


def row(code: str, **changes: str) -> bytes:
    """Return a row of the kind with items replaced: ``i12="..."``; lone bytes are written as U+DC80 … U+DCFF."""
    items = GOOD[code].copy()
    for name, value in changes.items():
        items[int(name[1:]) - 1] = value
    return ",".join(items).encode("cp932", errors="surrogateescape") + b"\r\n"


def found(data: bytes, code: str = "310", year: int | None = 2026) -> list[tuple[int, int, str]]:
    """Return the findings as (record, item, rule)."""
    return [(one.record, one.item, one.rule) for one in check_bytes(code, [data], tax_year=year).findings]


@pytest.mark.parametrize("code", ["310", "366"])
def test_a_good_row_has_no_finding(code):
    assert [] == found(row(code), code)


BROKEN = [
    ("FIELDS", "310", row("310", i12="東京都,港区"), 0),
    ("FIELDS", "310", row("310")[:-3] + b"\r\n", 0),
    ("FIELDS", "310", b"\r\n", 0),
    ("FIELDS", "366", row("366")[:-2] + b",\r\n", 0),
    ("CRLF", "310", row("310")[:-2] + b"\n", 0),
    ("CRLF", "310", row("310", i12="東京\r都"), 12),
    ("LASTROW", "310", row("310")[:-2], 0),
    ("CODE", "310", row("310", i1="366"), 1),
    ("JIS", "310", row("310", i14="髙橋　一"), 14),
    ("JIS", "310", row("310", i37="①"), 37),
    ("JIS", "310", row("310", i14="山\udc81"), 14),  # half of a character
    ("HALF", "310", row("310", i14="山田A太郎"), 14),
    ("HALF", "310", row("310", i14="ﾔﾏﾀﾞ"), 14),
    ("HALF", "310", row("310", i14='"山田"'), 14),
    ("WIDE", "310", row("310", i21="３０００"), 21),
    ("WIDE", "310", row("310", i6="０３"), 6),
    ("LENGTH", "310", row("310", i12="一" * 61), 12),
    ("LENGTH", "310", row("310", i11="8"), 11),
    ("LENGTH", "310", row("310", i6="0" * 16), 6),
    ("LENGTH", "310", row("310", i39="123456789018"), 39),
    ("DIGITS", "310", row("310", i23="-1"), 23),
    ("DIGITS", "310", row("310", i28="1 000"), 28),
    ("DIGITS", "310", row("310", i39="01234567890A8"), 39),
    ("CHARS", "310", row("310", i6="03/0000"), 6),
    ("CHARS", "310", row("310", i6='"03"'), 6),
    ("LEADZERO", "310", row("310", i28="0100"), 28),
    ("FLAG", "310", row("310", i13="2"), 13),
    ("TAXYEAR", "310", row("310", i11="07"), 11),
    (
        "DATE",
        "310",
        row("310", i30="05", i31="02", i32="29"),
        32,
    ),  # neither 昭和5 nor 平成5 nor 令和5 is a leap year
    ("DATE", "310", row("310", i30="00", i31="02", i32="01"), 32),
    ("DATE", "310", row("310", i30="08", i31="13", i32="01"), 32),
    ("DATE", "310", row("310", i30="64", i31="02", i32="01"), 32),  # 昭和 ended on 7 January of its year 64
    ("DATEPART", "310", row("310", i31=""), 32),
    ("PAYYEAR", "310", row("310", i34="07"), 34),
    (
        "CHKDIGIT",
        "310",
        row("310", i39="0123456789012"),
        39,
    ),  # the agency's own example has a wrong check digit
    ("CHKDIGIT", "310", row("310", i40="1123456789012"), 40),
    ("CHKDIGIT", "310", row("310", i38="8123456789012"), 38),
    ("NUMKIND", "366", row("366", i37=CORPORATE), 37),
    ("NUMKIND", "310", row("310", i38=INDIVIDUAL_310[38]), 38),
    ("NET", "310", row("310", i27="3117346"), 27),
    ("NET", "366", row("366", i20="400001"), 20),
    ("REQUIRED", "310", row("310", i14=""), 14),
    ("REQUIRED", "310", row("310", i11=""), 11),
    ("EXPECTED", "310", row("310", i12=""), 12),
    ("OMITTED", "310", row("310", i8="東京都"), 8),
    ("OMITTED", "310", row("310", i9="東京都"), 9),
    ("SPACE", "310", row("310", i14="山田　　太郎"), 14),
    ("SPACE", "310", row("310", i14="　山田"), 14),
    ("SPACE", "310", row("310", i14="山田　"), 14),
    ("PARTLY", "310", row("310", i41="京都府", i42="鈴木"), 43),
    ("PARTLY", "366", row("366", i24="31", i25="04", i26="30"), 33),
    ("LOST", "310", row("310", i14="？田　一"), 14),
    ("LOST", "310", row("310", i37="？"), 37),
    ("POINT", "310", row("310", i12="東京都、港区"), 12),
    ("POINT", "366", row("366", i22="大阪府大阪市１．２"), 22),
    (
        "CHKDIGIT",
        "310",
        row("310", i39="0" * 13),
        39,
    ),  # twelve zeros satisfy the formula and are nobody's number
    *(("EXPECTED", "310", row("310", **{f"i{item}": ""}), item) for item in (21, 27, 28)),
    *(("EXPECTED", "366", row("366", **{f"i{item}": ""}), item) for item in (16, 19, 20)),
]


@pytest.mark.parametrize(("rule", "code", "data", "item"), BROKEN)
def test_a_row_that_breaks_a_rule_is_found(rule, code, data, item):
    assert (1, item, rule) in found(data, code)


@pytest.mark.parametrize(("year", "items"), [(2015, [38, 39, 40]), (2017, [])])
def test_an_item_that_the_tax_year_does_not_have_must_be_empty(year, items):
    digits = f"{year - 1988:02d}"
    data = row("310", i11=digits, i30=digits, i34=digits)
    assert [(1, item, "EARLY") for item in items] == found(data, year=year)


KEPT = [
    row("310", i12="一" * 60, i14="一" * 30, i37="一" * 100),
    row("310", i13="1", i10="1"),
    row("310", i21="0", i27="117345"),
    row("310", i24="9000000", i27="0"),  # the loan takes all: nothing is paid, not a negative amount
    row("310", i25="", i22="", i27="2917345"),  # zero_amount: empty
    row("310", i20="〓田　一"),  # by the setting address_unwritable: geta
    row("310", i37="一、二。三，四．"),  # 摘要 is no address
    row("310", i30="31", i31="04", i32="30"),  # the last day of 平成
    row("310", i30="01", i31="05", i32="01"),  # the first of 令和
    row("310", i30="64", i31="01", i32="07"),  # the last of 昭和
    row("310", i30="04", i31="02", i32="29"),  # a leap day: 平成4 is 1992
    row("310", i39="", i40=CORPORATE),
    row("310", i41="京都府京都市", i42="鈴木　次郎", i43="1", i44="0"),
    row("310", i43="0"),  # change_count: zero
    row("310", i3="00001", i2="0123456789", i7="0123456789012"),
    row("310", i6="03(3581)4161"),
    row("310", i12="東京都－～・々〆ヶ丘"),
]


@pytest.mark.parametrize("data", KEPT)
def test_a_row_that_keeps_the_rules_is_clean(data):
    assert [] == found(data)


def test_a_payment_of_the_year_of_the_era_change_may_have_either_year():
    for digits in ("31", "01"):
        assert [] == found(row("310", i11=digits, i30="30", i34="31", i35="04"), year=2019)


def test_without_a_tax_year_any_year_is_taken():
    assert [] == found(row("310", i11="30", i34="30"), year=None)


def test_a_wrong_number_of_items_is_the_only_finding_of_its_row():
    assert [(2, 0, "FIELDS")] == found(row("310") + b"x,y\r\n" + row("310"))


def test_an_end_of_file_mark_is_no_row():
    assert [(2, 0, "LASTROW"), (2, 0, "FIELDS")] == found(row("310") + b"\x1a")


def test_a_row_after_a_broken_one_is_read_right():
    data = row("310", i14="") + row("310", i21="A") + row("310")
    assert [(1, 14, "REQUIRED"), (2, 21, "DIGITS")] == found(data)


def test_totals_are_the_yen_of_the_rows():
    result = check_bytes(None, [row("310") + row("310", i22="200001", i27="3117346")], tax_year=2026)
    assert "310" == result.code
    assert 2 == result.totals.records
    expected = {
        21: 6_000_000,
        22: 400_001,
        23: 24_690,
        24: 200_000,
        25: 0,
        26: 10_000,
        27: 6_234_691,
        28: 4_800_000,
        44: 0,
    }
    assert expected == result.amounts
    assert 0 == result.totals.errors == result.totals.findings


def test_warnings_are_no_errors():
    result = check_bytes("310", [row("310", i12="")], tax_year=2026)
    assert (0, 1) == (result.totals.errors, result.totals.warnings)


def test_an_empty_file_has_no_records_and_no_findings():
    assert (0, {}) == (new_check("310").finish().records, new_check("310").finish().counts)


def test_a_last_item_of_one_space_is_the_form_of_e_tax():
    data = row("310", i44=" ")
    assert [(1, 44, "DIGITS")] == found(data)
    etax = RowCheck("310", tax_year=2026, last_item="space")
    etax.feed(data)
    assert {} == etax.finish().counts


@pytest.mark.parametrize("last", ["", " "])
def test_one_who_knows_no_setting_takes_either_form_of_an_empty_last_item(last):
    check = new_check("310")
    check.feed(row("310", i44=last))
    assert {} == check.finish().counts


def test_a_net_amount_is_not_zero_while_something_is_left():
    assert [(1, 27, "NET")] == found(row("310", i27="0"))


def test_every_finding_is_counted_and_the_first_of_each_rule_are_listed(monkeypatch):
    monkeypatch.setattr(check_module, "LISTED", 3)
    check = RowCheck("310", tax_year=2026)
    check.feed(row("310", i14="") * 10 + row("310", i13="5"))
    assert {"REQUIRED": 10, "FLAG": 1} == check.finish().counts
    assert [(1, "REQUIRED"), (2, "REQUIRED"), (3, "REQUIRED"), (11, "FLAG")] == [
        (one.record, one.rule) for one in check.listed
    ]


@pytest.mark.parametrize("tail", [b"", b"\r\n"])
def test_a_row_longer_than_any_piece_is_one_broken_record(monkeypatch, tail):
    monkeypatch.setattr(check_module, "_PIECE", 4096)
    check = RowCheck("310", tax_year=2026)
    data = row("310") + b"9" * 20_000 + tail + (row("310") if tail else b"")
    for place in range(0, len(data), 1000):
        check.feed(data[place : place + 1000])
    totals = check.finish()
    assert (3 if tail else 2) == totals.records
    assert 1 == totals.counts["FIELDS"]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_cut_of_the_bytes_gives_the_same_findings(data):
    rows = [
        row("310"),
        row("310", i14=""),
        row("310", i12="髙"),
        row("310")[:-2] + b"\n",
        row("310", i21="x"),
        b"\r\n",
        row("310")[:-2],
    ]
    whole = b"".join(data.draw(st.lists(st.sampled_from(rows), max_size=8)))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    pieces = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    assert check_bytes("310", [whole], tax_year=2026) == check_bytes("310", pieces, tax_year=2026)


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes_can_be_checked(data):
    check = new_check("366")
    check.feed(data)
    totals = check.finish()
    ended = data.count(b"\n") + (0 if data.endswith(b"\n") or not data else 1)
    assert ended == totals.records


def test_the_kind_is_read_from_the_first_item():
    assert ["310", "366"] == [sniff(row("310")), sniff(row("366"))]
    assert "366" == check_bytes(None, [b"3", b"6", row("366")[2:]]).code


@pytest.mark.parametrize("head", [b"", b"3", b"311,", b"\xef\xbb\xbf310"])
def test_a_file_of_no_known_kind_is_refused(head):
    with pytest.raises(InputRefused, match="CHSN022E"):
        check_bytes(None, [head])


def test_a_finding_holds_no_content():
    (one,) = check_bytes("310", [row("310", i14="彅田")], tax_year=2026).findings
    assert {"record": 1, "item": 14, "rule": "JIS", "severity": "E"} == {
        name: getattr(one, name) for name in ("record", "item", "rule", "severity")
    }


def test_a_file_is_named_by_all_its_amount_items():
    assert len(layout.load("366").amounts) == len(new_check("366").finish().amounts)
