"""Each rule on records, kind by kind: a good row with one change has exactly that finding."""

import pytest

from chosho.codec import check_codes as codes
from chosho.statement.check import check_bytes
from chosho.statement.check_rules import IDS
from tests.statement import golden
from tests.statement.test_build import INDIVIDUAL_310, PLAIN_366

DEATH, COMPANY, CHANGE = (
    golden.items(one) for one in (golden.DEATH_323, golden.COMPANY_323, golden.CHANGE_386)
)
INHERITED = [
    *PLAIN_366[:20],
    "0",
    *PLAIN_366[21:23],
    *["31", "04", "30", "10", "60", "10", "05", "6000000", "033", "500", "5500000"],
    *PLAIN_366[34:],
]
OWN = [*PLAIN_366[:22], PLAIN_366[13], *PLAIN_366[23:]]
"""An annuity that the contractor himself receives."""
YEAR = {"310": 2026, "366": 2026, "323": 2026, "386": None}


def row(items: list[str], **changes: str) -> bytes:
    """Return a row with items replaced: ``i12="..."``."""
    changed = items.copy()
    for name, value in changes.items():
        changed[int(name[1:]) - 1] = value
    return ",".join(changed).encode("cp932", errors="surrogateescape") + b"\r\n"


def found(data: bytes, year: int | None = None, kind: str | None = None) -> list[tuple[int, str]]:
    """Return the findings of a row as (item, rule)."""
    kind = kind or data[:3].decode()
    result = check_bytes(kind, [data], tax_year=year or YEAR[kind])
    assert {one.record for one in result.findings} <= {1}
    return [(one.item, one.rule) for one in result.findings]


@pytest.mark.parametrize("items", [INDIVIDUAL_310, PLAIN_366, INHERITED, OWN, DEATH, COMPANY, CHANGE])
def test_a_good_row_has_no_finding(items):
    assert [] == found(row(items))


ROWS = {"310": INDIVIDUAL_310, "366": PLAIN_366, "323": DEATH, "386": CHANGE}
ADDRESS = {"310": 12, "366": 12, "323": 12, "386": 11}
NAME = {"310": 14, "366": 14, "323": 14, "386": 13}
FLAG = {"310": 13, "366": 13, "323": 13, "386": 12}
REMARK = {"310": 37, "366": 35, "323": 44, "386": 36}
CORPORATE = {"310": 38, "366": 36, "323": 45, "386": 37}
COMMON = [
    ("CODE", lambda _: 1, "375"),
    ("LENGTH", lambda _: 2, "12345"),
    ("DIGITS", lambda _: 7, "01234567890A2"),
    ("CHARS", lambda _: 6, "03/0000"),
    ("WIDE", lambda _: 3, "１"),
    ("OMITTED", lambda _: 8, "東京都"),
    ("OMITTED", lambda _: 9, "架空"),
    ("REQUIRED", lambda _: 4, ""),
    ("FLAG", lambda _: 10, "2"),
    ("FLAG", FLAG.get, "9"),
    ("EXPECTED", ADDRESS.get, ""),
    ("POINT", ADDRESS.get, "東京都、港区"),
    ("REQUIRED", NAME.get, ""),
    ("JIS", NAME.get, "髙橋　一"),
    ("HALF", NAME.get, "山田 太郎"),
    ("SPACE", NAME.get, "山田　　太郎"),
    ("LENGTH", NAME.get, "一" * 31),
    ("LOST", REMARK.get, "？"),
    ("CRLF", REMARK.get, "一\r二"),
    ("LENGTH", REMARK.get, "一" * 101),
    ("NUMKIND", CORPORATE.get, "0123456789018"),
    ("CHKDIGIT", CORPORATE.get, "8123456789012"),
    ("REQUIRED", CORPORATE.get, ""),
]


@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize(("rule", "item", "value"), COMMON)
def test_a_rule_that_all_kinds_have(kind, rule, item, value):
    number = item(kind)
    assert [(number, rule)] == found(row(ROWS[kind], **{f"i{number}": value}), kind=kind)


OWN_RULES = [
    # 310
    ("NET", INDIVIDUAL_310, {"i27": "3117346"}, 27),
    ("TAXYEAR", INDIVIDUAL_310, {"i11": "07"}, 11),
    ("PAYYEAR", INDIVIDUAL_310, {"i34": "07"}, 34),
    ("DATE", INDIVIDUAL_310, {"i35": "13"}, 36),
    ("LEADZERO", INDIVIDUAL_310, {"i28": "02400000"}, 28),
    ("PARTLY", INDIVIDUAL_310, {"i43": "1"}, 42),
    ("PREMIUM", INDIVIDUAL_310, {"i44": "2400001"}, 44),
    # 366
    ("NET", PLAIN_366, {"i20": "400001"}, 20),
    ("NUMKIND", PLAIN_366, {"i37": "7123456789012"}, 37),
    ("WRONGTAX", PLAIN_366, {"i21": "40841"}, 21),
    ("WRONGTAX", PLAIN_366, {"i21": "40828"}, 21),
    ("UNDUETAX", PLAIN_366, {"i19": "350001", "i20": "249999", "i21": "25524"}, 21),
    ("UNDUETAX", INHERITED, {"i21": "1"}, 21),
    ("NOTAX", OWN, {"i21": "0"}, 21),
    ("NOTAX", OWN, {"i21": ""}, 21),
    ("RATIO", INHERITED, {"i32": "101"}, 32),
    ("RATIO", INHERITED, {"i32": "100", "i33": "001"}, 32),
    ("PARTLY", INHERITED, {"i33": ""}, 33),
    ("DATE", INHERITED, {"i25": "02"}, 26),
    # 323
    ("NET", DEATH, {"i30": "4945801"}, 30),
    ("PARTY", DEATH, {"i15": "3"}, 15),
    ("PARTY", DEATH, {"i23": "9"}, 23),
    ("REQUIRED", DEATH, {"i19": ""}, 19),
    ("TAXYEAR", DEATH, {"i11": "00"}, 11),
    ("EVTYEAR", DEATH, {"i11": "08"}, 11),
    ("PARTYNO", DEATH, {"i15": "2"}, 46),
    ("PARTYNO", COMPANY, {"i15": "1"}, 46),
    ("PARTYNO", DEATH, {"i47": "7123456789012"}, 47),
    ("PREMIUM", COMPANY, {"i51": "1980001"}, 51),
    ("DATE", DEATH, {"i43": "30"}, 43),  # 30 February
    ("DATE", DEATH, {"i41": "60"}, 43),  # 昭和60 is no year of our days
    # 386
    ("PARTY", CHANGE, {"i14": "3"}, 14),
    ("VALCODE", CHANGE, {"i25": "0"}, 25),
    ("VALCODE", CHANGE, {"i25": "3"}, 25),
    ("EXPECTED", CHANGE, {"i25": ""}, 25),
    ("PREMIUM", CHANGE, {"i24": "1200001"}, 24),
    ("DATE", CHANGE, {"i28": "32"}, 28),
    ("NUMKIND", CHANGE, {"i37": "0123456789018"}, 37),  # the one place where a number could stand
]


@pytest.mark.parametrize(("rule", "items", "changes", "item"), OWN_RULES)
def test_a_rule_of_the_kind(rule, items, changes, item):
    assert [(item, rule)] == found(row(items, **changes))


@pytest.mark.parametrize(
    ("items", "empty", "day"), [(INDIVIDUAL_310, 32, 32), (DEATH, 42, 43), (CHANGE, 26, 28), (CHANGE, 35, 35)]
)
def test_a_date_in_part_is_that_and_lacks_an_item(items, empty, day):
    assert sorted([(empty, "EXPECTED"), (day, "DATEPART")]) == sorted(found(row(items, **{f"i{empty}": ""})))


def test_a_record_of_another_kind_is_that_and_nothing_else():
    for kind, other in (("310", PLAIN_366), ("366", INDIVIDUAL_310), ("323", CHANGE), ("386", DEATH)):
        assert [(1, "MIXED")] == found(row(other), kind=kind)
    assert [(0, "FIELDS")] == found(b"375" + row(PLAIN_366)[3:], kind="310")


def test_a_386_with_numbers_of_persons_has_too_many_items():
    assert [(0, "FIELDS")] == found(row([*CHANGE, "0123456789018"]))


def test_every_rule_on_a_record_is_tried():
    tried = {rule for rule, *_ in COMMON} | {rule for rule, *_ in OWN_RULES}
    elsewhere = {"FIELDS", "MIXED", "LASTROW", "EARLY", "DATEPART"}
    assert set(IDS[: codes.RULES]) == tried | elsewhere


@pytest.mark.parametrize(
    ("year", "month", "day", "rules"),
    [
        ("31", "04", "30", []),
        ("31", "05", "01", [(36, "DATE")]),  # 令和 had begun; 昭和31 is no year of a payment
        ("01", "05", "01", []),
        ("01", "04", "30", [(36, "DATE")]),
        ("31", "01", "01", []),
        ("01", "12", "31", []),
    ],
)
def test_a_payment_of_2019_is_of_the_era_of_its_day(year, month, day, rules):
    changes = {"i11": "01", "i30": "30", "i34": year, "i35": month, "i36": day}
    assert rules == found(row(INDIVIDUAL_310, **changes), year=2019)


@pytest.mark.parametrize(
    ("year", "event", "good"), [("31", "01", True), ("01", "31", True), ("30", "31", False)]
)
def test_an_event_of_2019_has_either_year(year, event, good):
    data = row(DEATH, i11=year, i34=event, i35="05" if event == "01" else "03")
    assert ([] if good else [(11, "EVTYEAR")]) == found(data)


@pytest.mark.parametrize(
    ("year", "early"),
    [
        ("27", [46, 48, 49, 50, 51]),
        ("28", [48, 49, 50, 51]),
        ("29", [48, 49, 50, 51]),
        ("30", []),
        ("07", []),
    ],
)
def test_a_323_has_the_items_of_the_year_of_its_event(year, early):
    data = row(COMPANY, i11=year, i34=year)
    assert [(item, "EARLY") for item in early] == found(data, year=2026)


@pytest.mark.parametrize("payments", [1, 12])
def test_the_tax_of_several_payments_may_fall_short_by_the_yen_of_each(payments):
    assert [] == found(row(PLAIN_366, i21=str(40840 - (payments - 1))))


@pytest.mark.parametrize(
    ("base", "tax"), [(249_999, 0), (250_000, 25_525), (250_001, 25_525), (999_999, 102_099)]
)
def test_the_tax_is_due_from_250000_and_floored(base, tax):
    data = row(OWN, i16=str(base + 1), i19="1", i20=str(base), i21=str(tax))
    assert [] == found(data)


def test_nothing_withheld_is_no_matter_when_payee_and_contractor_differ():
    assert [] == found(row(PLAIN_366, i21="0"))
