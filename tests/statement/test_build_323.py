"""Statement 323 built from hand-made payments: every item with its reason, and what its own 年分 changes."""

from chosho.codec import batch
from chosho.statement.build import build
from chosho.statement.check import check_bytes
from chosho.statement.ledger import entries, rows
from chosho.statement.parameters import Parameters
from tests.statement.records import (
    ANNUITY,
    CONTRACTOR_NUMBER,
    INHERITANCE,
    LUMP_SUM,
    NUMBERS,
    PAYEE_NUMBER,
    pair,
)

PARAMETERS = Parameters(tax_year=2026)
CORPORATE = "7123456789012"

INDIVIDUAL_323 = [
    "323",  # 1
    "",  # 2 整理番号1
    "",  # 3 本支店等区分番号
    "東京都港区架空台１－２－３",  # 4
    "架空生命保険相互会社",  # 5
    "03-0000-0000",  # 6
    "",  # 7 整理番号2
    "",  # 8 提出者: leave empty
    "",  # 9
    "0",  # 10 訂正表示
    "07",  # 11 年分: the event was in 令和7, the payment in 令和8
    "東京都千代田区霞が関３－１－１",  # 12 payee's address
    "0",  # 13
    "山田　太郎",  # 14
    "1",  # 15 個人・法人区分: a person
    "大阪府大阪市北区架空１－１",  # 16 contractor's address
    "0",  # 17
    "鈴木　一郎",  # 18
    "1",  # 19
    "大阪府大阪市北区架空１－１",  # 20 insured's address
    "0",  # 21
    "鈴木　花子",  # 22
    "1",  # 23
    "3000000",  # 24
    "200000",  # 25
    "12345",  # 26
    "100000",  # 27
    "0",  # 28
    "5000",  # 29
    "3117345",  # 30 = 24 + 25 + 26 - 27 - 28 + 29
    "2400000",  # 31
    "4321",  # 32 既払込保険料等の剰余金又は割戻金
    "死亡",  # 33
    "07",  # 34 the day of the event
    "12",  # 35
    "28",  # 36
    "養老保険",  # 37
    "08",  # 38 the day of the payment
    "03",  # 39
    "05",  # 40
    "08",  # 41 提出年月日
    "04",  # 42
    "15",  # 43
    "",  # 44 摘要
    CORPORATE,  # 45
    PAYEE_NUMBER,  # 46
    CONTRACTOR_NUMBER,  # 47
    "",  # 48 no change of contractor that counts
    "",  # 49
    "",  # 50
    "",  # 51
]


def built(payment, numbers=None, parameters=PARAMETERS):
    """Return the items of the one statement 323 that a payment makes, and its findings."""
    outputs = build(*pair([payment], None if numbers is None else [numbers]), parameters)
    data = bytes(rows(outputs, "323"))
    found = check_bytes("323", [data], tax_year=parameters.tax_year).findings
    assert data.endswith(b"\r\n")
    return data.decode("cp932").removesuffix("\r\n").split(","), [one.rule for one in found]


def test_a_death_benefit_item_by_item():
    assert len(INDIVIDUAL_323) == 51
    assert built(INHERITANCE) == (INDIVIDUAL_323, [])


def test_a_company_as_payee_has_its_number_and_its_party():
    company = {**INHERITANCE, "PAYEE-PARTY": "2", "PAYEE-NAME": "（株）架空商事"}
    items, findings = built(company, {**NUMBERS, "PAYEE-NUMBER": CORPORATE})
    assert (items[13], items[14], items[45], findings) == ("（株）架空商事", "2", CORPORATE, [])


def test_a_change_of_contractor_fills_items_48_to_51():
    changed = {
        **INHERITANCE,
        "CHANGE-FLAG": "1",
        "PREVIOUS-ADDRESS": "京都府京都市架空２",
        "PREVIOUS-NAME": "鈴木　前子",
        "CHANGE-COUNT": "02",
        "CURRENT-PAID-PREMIUM": 123_456,
    }
    items, findings = built(changed)
    assert (items[47:], findings) == (["京都府京都市架空２", "鈴木　前子", "2", "123456"], [])


def test_an_event_of_heisei_27_has_no_numbers_though_the_deck_is_of_reiwa_8():
    early = {**INHERITANCE, "TAX-YEAR": "27", "EVENT-YEAR": "27"}
    items, findings = built(early, {"PAYEE-NUMBER": "", "CONTRACTOR-NUMBER": ""})
    assert (items[10], items[44:47], findings) == ("27", [CORPORATE, "", ""], [])


def test_the_head_is_made_anew_when_the_year_of_the_event_changes():
    years = ("07", "07", "06", "07")
    payments = [
        {**INHERITANCE, "POLICY-NO": f"{place:011d}", "TAX-YEAR": year, "EVENT-YEAR": year}
        for place, year in enumerate(years)
    ]
    outputs = build(*pair(payments), PARAMETERS)
    lines = bytes(rows(outputs, "323")).decode("cp932").splitlines()
    assert [line.split(",")[10] for line in lines] == list(years)


def test_the_kinds_of_one_batch_do_not_mix():
    payments = [
        {**record, "PAYMENT-NO": f"{number:04d}"}
        for number, record in enumerate((ANNUITY, INHERITANCE, ANNUITY, LUMP_SUM))
    ]
    outputs = build(*pair(payments), PARAMETERS)
    assert [outputs[f"k{kind}"].num_rows for kind in ("310", "366", "323")] == [1, 1, 1]
    assert bytes(batch.block(outputs["changes"])) == b""


def test_the_entry_has_the_net_amount_and_ten_amounts():
    outputs = build(*pair([INHERITANCE]), PARAMETERS)
    amounts = entries(outputs, "323")[:, 64:].copy().view("<i8")[0].tolist()
    assert (
        amounts == [3_000_000, 200_000, 12_345, 100_000, 0, 5_000, 3_117_345, 2_400_000, 4_321, 0] + [0] * 6
    )
    assert int.from_bytes(entries(outputs, "323")[0, 40:48].tobytes(), "little") == 3_117_345
