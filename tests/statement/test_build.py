"""Statements built from hand-made payments: every item with its reason, every text rule, every refusal."""

from dataclasses import replace

import numpy as np
import pytest

from chosho import copybook
from chosho.codec import batch
from chosho.errors import Contradiction, InputRefused
from chosho.statement import entry
from chosho.statement.build import build
from chosho.statement.ledger import entries, rows
from chosho.statement.parameters import Parameters
from tests.statement.records import (
    ANNUITY,
    CONTRACTOR_NUMBER,
    LUMP_SUM,
    NUMBERS,
    PAYEE_NUMBER,
    Values,
    block,
    pair,
)

PARAMETERS = Parameters(tax_year=2026)
CORPORATE = "7123456789012"

HEAD = [
    "",  # 2 整理番号1: may be left out
    "",  # 3 本支店等区分番号: only for bundled filing
    "東京都港区架空台１－２－３",  # 4
    "架空生命保険相互会社",  # 5
    "03-0000-0000",  # 6 half-width, with hyphens
    "",  # 7 整理番号2: may be left out
    "",  # 8 提出者: the standard says leave empty
    "",  # 9
    "0",  # 10 訂正表示: not a voiding record
    "08",  # 11 年分: 令和8
]

INDIVIDUAL_310 = [
    "310",  # 1
    *HEAD,
    "東京都千代田区霞が関３－１－１",  # 12 payee's address
    "0",  # 13 in Japan
    "山田　太郎",  # 14 one full-width space between the names
    "大阪府大阪市北区架空１－１",  # 15 contractor's address
    "0",  # 16
    "鈴木　一郎",  # 17
    "大阪府大阪市北区架空１－１",  # 18 insured's address
    "0",  # 19
    "鈴木　花子",  # 20
    "3000000",  # 21 no thousands separators, no padding
    "200000",  # 22
    "12345",  # 23
    "100000",  # 24
    "0",  # 25 zero_amount: zero
    "5000",  # 26
    "3117345",  # 27 = 21 + 22 + 23 - 24 - 25 + 26
    "2400000",  # 28
    "満期",  # 29
    "08",  # 30 era year of the event, zero padded
    "02",  # 31
    "28",  # 32
    "養老保険",  # 33
    "08",  # 34
    "03",  # 35
    "05",  # 36
    "",  # 37 摘要: nothing to say
    "7123456789012",  # 38 the obligor's corporate number
    PAYEE_NUMBER,  # 39 0 + the 12 digits
    CONTRACTOR_NUMBER,  # 40
    "",  # 41 no change of contractor
    "",  # 42
    "",  # 43 change_count: empty
    "",  # 44
]

PLAIN_366 = [
    "366",  # 1
    *HEAD,
    "東京都千代田区霞が関３－１－１",  # 12
    "0",  # 13
    "山田　太郎",  # 14
    "終身年金",  # 15
    "600000",  # 16
    "0",  # 17
    "3000",  # 18 the dividend is written apart
    "200000",  # 19
    "400000",  # 20 = 16 - 19
    "40840",  # 21 10.21 % of 400,000
    "大阪府大阪市北区架空１－１",  # 22 the contractor has no mark for abroad here
    "鈴木　一郎",  # 23
    *[""] * 11,  # 24-34 only for 相続等生命保険年金
    "",  # 35
    "7123456789012",  # 36
    PAYEE_NUMBER,  # 37
    CONTRACTOR_NUMBER,  # 38
]


def lines(
    code: str,
    payments: list[Values],
    numbers: list[Values] | None = None,
    parameters: Parameters = PARAMETERS,
):
    """Return the rows of one kind as lists of items."""
    data = bytes(rows(build(*pair(payments, numbers), parameters), code))
    assert data == b"" or data.endswith(b"\r\n")
    return [row.decode("cp932").split(",") for row in data.split(b"\r\n")[:-1]]


def changes(
    payments: list[Values], numbers: list[Values] | None = None, parameters: Parameters = PARAMETERS
) -> list[str]:
    """Return the changes as "kind item rule"."""
    layout = copybook.load("CHANGE")
    found = batch.block(build(*pair(payments, numbers), parameters)["changes"])
    names = ("STATEMENT-CODE", "ITEM-NO", "RULE")
    return [
        " ".join(
            bytes(row[layout[name].offset : layout[name].offset + layout[name].length]).decode()
            for name in names
        )
        for row in found
    ]


def test_a_lump_sum_to_an_individual():
    assert [INDIVIDUAL_310] == lines("310", [LUMP_SUM])


def test_the_row_has_one_comma_less_than_items_and_ends_with_cr_lf():
    data = bytes(rows(build(*pair([LUMP_SUM]), PARAMETERS), "310"))
    assert data == ",".join(INDIVIDUAL_310).encode("cp932") + b"\r\n"
    assert data.count(b",") == 43
    assert b'"' not in data


def test_a_corporate_contractor_has_its_13_digits_as_they_are():
    payment = LUMP_SUM | {"CONTRACTOR-NAME": "㈱架空商事", "CONTRACTOR-PARTY": "2"}
    expected = INDIVIDUAL_310.copy()
    expected[16] = "（株）架空商事"  # 17: the company form in brackets, by the agency's map
    expected[39] = CORPORATE  # 40: no leading 0
    assert [expected] == lines("310", [payment], [NUMBERS | {"CONTRACTOR-NUMBER": CORPORATE}])
    assert ["310 17 FD"] == changes([payment])


def test_a_change_of_contractor_fills_the_last_four_items():
    payment = LUMP_SUM | {
        "CHANGE-FLAG": "1",
        "PREVIOUS-ADDRESS": "京都府京都市架空町１",
        "PREVIOUS-NAME": "鈴木　次郎",
        "CHANGE-COUNT": "02",
        "CURRENT-PAID-PREMIUM": 1_200_000,
    }
    expected = INDIVIDUAL_310.copy()
    expected[40:] = [
        "京都府京都市架空町１",  # 41
        "鈴木　次郎",  # 42
        "2",  # 43: 半角2以内, so no padding
        "1200000",  # 44
    ]
    assert [expected] == lines("310", [payment])


def test_what_the_change_items_hold_is_left_out_when_the_change_does_not_count():
    payment = LUMP_SUM | {"PREVIOUS-NAME": "鈴木　次郎", "CHANGE-COUNT": "00", "CURRENT-PAID-PREMIUM": 5}
    assert [INDIVIDUAL_310] == lines("310", [payment])


def test_an_annuity():
    assert [PLAIN_366] == lines("366", [ANNUITY])


def test_annuity_payments_of_one_payee_are_added_up():
    second = ANNUITY | {
        "PAYMENT-NO": "0002",
        "PAYEE-ADDRESS": "北海道札幌市中央区",  # moved since: the first payment's texts stand
        "ANNUITY-PAID-AMOUNT": 300_000,
        "ANNUITY-DIVIDEND-AMOUNT": 500,
        "ANNUITY-PREMIUM-AMOUNT": 100_000,
        "ANNUITY-NET-AMOUNT": 200_000,
        "WITHHOLDING-TAX": 20_420,
    }
    expected = PLAIN_366.copy()
    expected[15:21] = ["900000", "0", "3500", "300000", "600000", "61260"]
    assert [expected] == lines("366", [ANNUITY, second])
    outputs = build(*pair([ANNUITY, second]), PARAMETERS)
    index = batch.view(copybook.load("STMTIDX").named(), index_block(outputs, "366"), "PAYMENTS")
    assert [2] == index.tolist()


def index_block(outputs, code):
    return np.ascontiguousarray(entries(outputs, code)[:, : entry.INDEX])


def test_annuities_of_another_payee_role_or_policy_are_not_added_up():
    others = [
        ANNUITY,
        ANNUITY | {"PAYMENT-NO": "0002", "CUSTOMER-NO": "0000000009"},
        ANNUITY | {"PAYEE-NO": "02"},
        ANNUITY | {"ROLE-CODE": "22"},
        ANNUITY | {"POLICY-NO": "00000000002"},
    ]
    assert [PLAIN_366] * 5 == lines("366", others)


def test_an_inherited_annuity_does_not_vanish_among_other_payments_of_its_payee():
    inherited = ANNUITY | {"PAYMENT-NO": "0002", "INHERITED-FLAG": "1", "INHERITED-TOTAL-AMOUNT": 9_000_000}
    assert ["", "9000000"] == [row[30] for row in lines("366", [ANNUITY, inherited])]


def test_a_lump_sum_between_two_annuity_payments_does_not_part_them():
    between = LUMP_SUM | {"PAYMENT-NO": "0002"}
    last = ANNUITY | {"PAYMENT-NO": "0003"}
    assert 1 == len(lines("366", [ANNUITY, between, last]))
    assert [INDIVIDUAL_310] == lines("310", [ANNUITY, between, last])


def test_an_inherited_annuity_fills_its_group_and_keeps_the_whole_annuitys_amounts():
    inherited = ANNUITY | {
        "INHERITED-FLAG": "1",
        "INHERITED-START-YEAR": "31",
        "INHERITED-START-MONTH": "04",
        "INHERITED-START-DAY": "30",
        "INHERITED-REMAINING-YEARS": "07",
        "INHERITED-AGE-AT-START": "61",
        "INHERITED-PAYMENT-YEARS": "15",
        "INHERITED-GUARANTEE-YEARS": "10",
        "INHERITED-TOTAL-AMOUNT": 9_000_000,
        "INHERITED-RATIO-INTEGER": "062",
        "INHERITED-RATIO-DECIMAL": "500",
        "INHERITED-VALUATION": 5_600_000,
    }
    expected = PLAIN_366.copy()
    expected[23:34] = [
        *("31", "04", "30"),  # 24-26: 平成31年4月30日
        *("07", "61", "15", "10"),  # 27-30: exactly two characters
        "9000000",  # 31
        *("062", "500"),  # 32-33: exactly three; .5 is 500
        "5600000",  # 34
    ]
    assert [expected] == lines("366", [inherited])
    twice = lines("366", [inherited, inherited | {"PAYMENT-NO": "0002"}])
    assert ["9000000", "5600000"] == [
        twice[0][30],
        twice[0][33],
    ]  # of the annuity, not of a payment: not added
    assert "1200000" == twice[0][15]


@pytest.mark.parametrize(("year", "empty"), [(2015, range(38, 45)), (2017, range(41, 45)), (2018, [])])
def test_items_of_a_later_tax_year_stay_empty(year, empty):
    payment = LUMP_SUM | {"CHANGE-FLAG": "1", "PREVIOUS-ADDRESS": "京都府", "PREVIOUS-NAME": "鈴木", "CHANGE-COUNT": "01",
                          "CURRENT-PAID-PREMIUM": 7}  # fmt: skip
    (row,) = lines("310", [payment], parameters=Parameters(tax_year=year))
    assert list(empty) == [number for number in range(38, 45) if row[number - 1] == ""]


def test_numbers_that_are_not_held_leave_their_items_empty():
    (row,) = lines("310", [LUMP_SUM], [{"PAYEE-NUMBER": "", "CONTRACTOR-NUMBER": ""}])
    assert ["", ""] == row[38:40]


def test_a_corporate_number_never_stands_in_the_individual_item_of_366():
    (row,) = lines("366", [ANNUITY], [{"PAYEE-NUMBER": CORPORATE, "CONTRACTOR-NUMBER": CORPORATE}])
    assert ["", CORPORATE] == row[36:38]
    assert ["366 37 NP"] == changes([ANNUITY], [{"PAYEE-NUMBER": CORPORATE, "CONTRACTOR-NUMBER": CORPORATE}])


@pytest.mark.parametrize(
    ("setting", "item", "expected"),
    [
        ({"zero_amount": "empty"}, 25, ""),
        ({"zero_amount": "zero"}, 25, "0"),
        ({"change_count": "zero"}, 43, "0"),
        ({"change_count": "empty"}, 43, ""),
        ({"last_item": "space"}, 44, " "),
        ({"last_item": "empty"}, 44, ""),
    ],
)
def test_a_setting_decides_what_no_text_settles(setting, item, expected):
    (row,) = lines("310", [LUMP_SUM], parameters=replace(PARAMETERS, **setting))
    assert expected == row[item - 1]


@pytest.mark.parametrize(
    ("decimals", "left", "right"), [("500", "500", "005"), ("125", "125", "125"), ("000", "000", "000")]
)
def test_the_ratio_can_be_pushed_right(decimals, left, right):
    payment = ANNUITY | {"INHERITED-FLAG": "1", "INHERITED-RATIO-DECIMAL": decimals}
    assert left == lines("366", [payment])[0][32]
    assert right == lines("366", [payment], parameters=replace(PARAMETERS, ratio_decimal="right"))[0][32]


@pytest.mark.parametrize(
    ("text", "expected", "rules"),
    [
        ("架空町１－１", "架空町１－１", []),
        ("架空町1-1", "架空町１－１", ["FW"]),
        ("架空町１ ２号室", "架空町１　２号室", ["FW"]),  # a half-width space becomes a full-width one
        ("架空町　　１", "架空町　１", ["SP"]),  # two spaces become one
        ("　架空町", "架空町", ["SP"]),
        ("架空町,１", "架空町，１", ["FW"]),  # no comma of a text ever parts items
        ('架空"町', "架空”町", ["FW"]),
        ("ﾊﾞﾝｺｸ", "バンコク", ["FW"]),  # a voiced mark joins its kana
        ("ﾊﾟﾘ ｳﾞｪ", "パリ　ヴェ", ["FW"]),
        ("Bangkok\\", "Ｂａｎｇｋｏｋ￥", ["FW"]),
        ("髙﨑市①", "高崎市１", ["FD"]),
        ("㈱髙島 ﾋﾞﾙ", "（株）高島　ビル", ["FW", "FD"]),
        ("彅町", "〓町", ["GT"]),  # in an address only the character that cannot be written
        (b"\xf9\xfc\x88\xea", "〓一", ["GT"]),  # the marker of a host character outside CP932
        (b"\xf0\x40\xf0\x41", "〓〓", ["GT"]),  # user-defined characters
        (b"\x88\xea\x81", "一〓", ["GT"]),  # half of a character
        ("一" * 60, "一" * 60, []),
        ("1" * 61, "１" * 60, ["FW", "CT"]),
        ("1" * 120, "１" * 60, ["FW", "CT"]),
        ("1" * 59 + "㈱", "１" * 59 + "（", ["FW", "FD", "CT"]),
        ("1" * 59 + " 2", "１" * 59, ["FW", "CT"]),  # no space at the end of a cut text
        (b"\x88\xea\x0d\x0a\x88\xea", "一〓〓一", ["GT"]),  # no line break of a text ever parts records
        ("１~２\\'", "１～２￥’", ["FW"]),
        ("", "", []),
        ("　", "", []),
    ],
)
def test_an_address_is_made_writable(text, expected, rules):
    payment = LUMP_SUM | {"PAYEE-ADDRESS": text}
    assert expected == lines("310", [payment])[0][11]
    assert [f"310 12 {rule}" for rule in rules] == changes([payment])


@pytest.mark.parametrize(
    ("name", "kana", "expected", "rules"),
    [
        ("山田 太郎", "ﾔﾏﾀﾞ ﾀﾛｳ", "山田　太郎", ["FW"]),
        ("髙橋　一", "ﾀｶﾊｼ ﾊｼﾞﾒ", "高橋　一", ["FD"]),  # a fold is enough: no kana
        (
            "彅田　一",
            "ﾅｷﾞﾀ ﾊｼﾞﾒ",
            "ナギタ　ハジメ",
            ["KN"],
        ),  # the whole name, its own half-width kana is no further change
        (b"\xf9\xfc\x93\x63", "ﾅｷﾞﾀ ﾊｼﾞﾒ", "ナギタ　ハジメ", ["KN"]),
        ("彅田　一", "", "〓田　一", ["GT"]),  # no kana is held
        ("彅田　一", b"\x81", "〓田　一", ["GT"]),  # nor can it be written
        ("彅" * 30, "ｱ" * 40, "ア" * 30, ["KN", "CT"]),
        ("", "ﾅｷﾞﾀ ﾊｼﾞﾒ", "ナギタ　ハジメ", ["KN"]),  # old contracts hold the kana only
        ("　", "ﾅｷﾞﾀ", "ナギタ", ["KN"]),
        ("", "", "", []),
    ],
)
def test_a_name_is_made_writable_or_goes_to_kana(name, kana, expected, rules):
    payment = LUMP_SUM | {"PAYEE-NAME": name, "PAYEE-KANA": kana}
    assert expected == lines("310", [payment])[0][13]
    assert [f"310 14 {rule}" for rule in rules] == changes([payment])


def test_the_insured_has_no_kana_and_takes_the_rule_of_addresses():
    payment = LUMP_SUM | {"INSURED-NAME": "彅田　花子"}
    assert "〓田　花子" == lines("310", [payment])[0][19]


def test_the_setting_stop_refuses_what_cannot_be_written():
    payment = LUMP_SUM | {"POLICY-NO": "00000000007", "INSURED-NAME": "彅田"}
    with pytest.raises(InputRefused, match="CHSN013E payment record 1, statement 310 item 20"):
        build(*pair([LUMP_SUM, payment]), replace(PARAMETERS, address_unwritable="stop"))


def test_changes_of_the_obligor_are_listed_for_every_statement():
    payments = [
        LUMP_SUM | {"POLICY-NO": f"{policy:011d}", "OBLIGOR-NAME": "架空生命(相)"} for policy in range(3)
    ]
    assert ["310 05 FW"] * 3 == changes(payments)
    assert ["架空生命（相）"] * 3 == [row[4] for row in lines("310", payments)]


def test_an_obligor_that_changes_between_payments_is_written_as_it_is():
    payments = [
        LUMP_SUM,
        LUMP_SUM | {"POLICY-NO": "00000000002", "OBLIGOR-PHONE": "06-1111-1111"},
        LUMP_SUM | {"POLICY-NO": "00000000003"},
    ]
    assert ["03-0000-0000", "06-1111-1111", "03-0000-0000"] == [row[5] for row in lines("310", payments)]


@pytest.mark.parametrize(
    ("change", "item"),
    [
        ({"BENEFIT-AMOUNT": -1}, 21),
        ({"BENEFIT-AMOUNT": 10_000_000_000}, 21),  # eleven digits
        ({"PAYEE-OVERSEAS": "A"}, 13),
        ({"EVENT-MONTH": "3"}, 31),  # not exactly two characters
        ({"OBLIGOR-PHONE": "03 0000"}, 6),
        ({"OBLIGOR-CORPORATE-NO": "712345678901"}, 38),
        ({"REFERENCE-NO-1": b"\x82\x4f\x82\x4f"}, 2),  # full-width digits
    ],
)
def test_a_value_that_does_not_fit_its_item_is_a_contradiction(change, item):
    bad = LUMP_SUM | {"POLICY-NO": "00000000002", **change}
    with pytest.raises(Contradiction, match=f"CHSN012E payment record 1, statement 310 item {item}:"):
        build(*pair([LUMP_SUM, bad]), PARAMETERS)


def test_amounts_that_grow_too_long_by_adding_up_are_a_contradiction():
    large = ANNUITY | {"ANNUITY-PAID-AMOUNT": 9_999_999_999}
    with pytest.raises(Contradiction, match="CHSN012E payment record 0, statement 366 item 16:"):
        build(*pair([large, large | {"PAYMENT-NO": "0002"}]), PARAMETERS)


def test_the_largest_amount_of_ten_digits_is_written():
    assert "9999999999" == lines("310", [LUMP_SUM | {"BENEFIT-AMOUNT": 9_999_999_999}])[0][20]


def test_matches_of_other_payments_are_a_contradiction():
    left, _ = pair([LUMP_SUM, LUMP_SUM | {"POLICY-NO": "00000000002"}])
    _, right = pair([LUMP_SUM, LUMP_SUM | {"POLICY-NO": "00000000003"}])
    with pytest.raises(Contradiction, match="CHSN010E payment record 1 "):
        build(left, right, PARAMETERS)


@pytest.mark.parametrize(("payments", "matches"), [(2, 1), (1, 2), (0, 1), (1, 0)])
def test_a_payment_without_its_match_record_is_a_contradiction(payments, matches):
    both = [LUMP_SUM, LUMP_SUM | {"POLICY-NO": "00000000002"}]
    left, right = pair(both)
    with pytest.raises(Contradiction, match="CHSN010E"):
        build(left.slice(0, payments), right.slice(0, matches), PARAMETERS)


def test_a_match_record_of_another_place_is_a_contradiction():
    left, _ = pair([LUMP_SUM])
    right = batch.to_batch(
        block(
            "MATCH",
            [
                {
                    **NUMBERS,
                    **{name: LUMP_SUM[name] for name in ("POLICY-NO", "ROLE-CODE", "PAYEE-NO", "PAYMENT-NO")},
                    "PLACE": 5,
                }
            ],
        )
    )
    with pytest.raises(Contradiction, match="CHSN010E payment record 0 "):
        build(left, right, PARAMETERS)


def test_a_payment_of_another_kind_is_a_contradiction():
    with pytest.raises(Contradiction, match="CHSN011E payment record 0 "):
        build(*pair([LUMP_SUM | {"STATEMENT-CODE": "386"}]), PARAMETERS)


def test_no_payments_give_no_statements():
    outputs = build(*pair([]), PARAMETERS)
    assert [0, 0, 0, 0] == [outputs[name].num_rows for name in ("k310", "k366", "k323", "changes")]


def test_a_batch_that_starts_inside_another_gives_the_same_rows():
    payments = [LUMP_SUM | {"POLICY-NO": f"{policy:011d}"} for policy in range(5)]
    left, right = pair(payments)
    assert bytes(rows(build(left.slice(2, 2), right.slice(2, 2), PARAMETERS), "310")) == bytes(
        rows(build(*pair(payments[:2]), PARAMETERS), "310")
    )


def test_the_index_names_kind_length_and_main_amount():
    outputs = build(*pair([LUMP_SUM, ANNUITY | {"PAYMENT-NO": "0002"}]), PARAMETERS)
    fields = copybook.load("STMTIDX").named()
    for code, length, amount in (("310", len(",".join(INDIVIDUAL_310).encode("cp932")) + 2, 3_117_345),
                                 ("366", len(",".join(PLAIN_366).encode("cp932")) + 2, 600_000)):  # fmt: skip
        index = index_block(outputs, code)
        assert code.encode() == batch.view(fields, index, "STATEMENT-CODE")[0].tobytes()
        assert [length] == batch.view(fields, index, "ROW-LENGTH").tolist()
        assert [amount] == batch.view(fields, index, "MAIN-AMOUNT").tolist()
