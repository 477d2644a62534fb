"""The members of ``copybooks/``: they all load, with the LRECL of the catalogue, and hold every item of the seed."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from chosho.copybook import Kind, lint, load, member_text, members
from chosho.errors import InputRefused
from tests.shared import SHARED, needs_shared

HOUSE = Path(__file__).resolve().parents[2]
CATALOG = HOUSE / "datasets" / "CATALOG.yaml"
COPYBOOKS = HOUSE / "copybooks"

LENGTHS = {
    "CONTRACT": 700,
    "PAYSRC": 700,
    "NUMMAST": 128,
    "PAYDATA": 1792,
    "MATCH": 64,
    "UNMATCH": 32,
    "REJECT": 752,
    "STMTIDX": 64,
    "VOLPLAN": 192,
    "CHANGE": 48,
    "FINDING": 64,
}

NUMBER_MASTER = {
    "保険証書記号番号": "POLICY-NO",
    "個人番号等対象者コード": "ROLE-CODE",
    "個人番号等登録通番": "REGISTRATION-NO",
    "マイナンバー": "INDIVIDUAL-NO",
    "法人番号": "CORPORATE-NO",
    "個人番号等取得状態コード": "STATE-CODE",
    "個人番号等未取得理由コード": "REASON-CODE",
    "個人番号等登録年月日": "REGISTERED-ON",
    "受取人登録通番": "PAYEE-NO",
    "受取人登録関係者コード": "RELATION-CODE",
    "番号登録者カナ氏名": "REGISTRANT-KANA",
    "受付局所番号": "OFFICE-NO",
}
"""個人番号等管理マスタ項目: the 12 items of the seed's 別添2, in its order."""

PAYMENT_DATA = {
    "法定資料の種類": "STATEMENT-CODE",
    "整理番号１": "REFERENCE-NO-1",
    "本支店当区分番号": "BRANCH-DIVISION-NO",
    "提出義務者(住所（居所）又は所在地)": "OBLIGOR-ADDRESS",
    "提出義務者(氏名又は名称)": "OBLIGOR-NAME",
    "提出義務者(電話番号)": "OBLIGOR-PHONE",
    "整理番号２": "REFERENCE-NO-2",
    "提出者(住所（居所）又は所在地)": "SUBMITTER-ADDRESS",
    "提出者(氏名又は名称)": "SUBMITTER-NAME",
    "訂正表示": "CORRECTION-MARK",
    "年分": "TAX-YEAR",
    "受取人(住所（居所）又は所在地)": "PAYEE-ADDRESS",
    "受取人(国外住所表示)": "PAYEE-OVERSEAS",
    "受取人(氏名又は名称)": "PAYEE-NAME",
    "契約者(住所（居所）又は所在地)": "CONTRACTOR-ADDRESS",
    "契約者(国外住所表示)": "CONTRACTOR-OVERSEAS",
    "契約者(氏名又は名称)": "CONTRACTOR-NAME",
    "被保険者(住所（居所）又は所在地)": "INSURED-ADDRESS",
    "被保険者(国外住所表示)": "INSURED-OVERSEAS",
    "被保険者(氏名又は名称)": "INSURED-NAME",
    "保険金額等": "BENEFIT-AMOUNT",
    "増加又は割増保険金額等": "ADDED-BENEFIT-AMOUNT",
    "未払利益配当金等": "UNPAID-DIVIDEND-AMOUNT",
    "貸付金額・同未収利息": "LOAN-AND-INTEREST-AMOUNT",
    "未払込保険料額等": "UNPAID-PREMIUM-AMOUNT",
    "前納保険料等払戻金": "PREPAID-PREMIUM-REFUND",
    "差引支払保険金額等": "NET-PAID-AMOUNT",
    "既払込保険料等": "PAID-PREMIUM-TOTAL",
    "保険事故等": "EVENT-TEXT",
    "保険事故等の発生年月日(年)": "EVENT-YEAR",
    "保険事故等の発生年月日(月)": "EVENT-MONTH",
    "保険事故等の発生年月日(日)": "EVENT-DAY",
    "保険等の種類": "INSURANCE-TYPE-TEXT",
    "保険金等の支払年月日(年)": "PAYMENT-YEAR",
    "保険金等の支払年月日(月)": "PAYMENT-MONTH",
    "保険金等の支払年月日(日)": "PAYMENT-DAY",
    "摘要": "REMARKS",
    "保険会社等法人番号": "OBLIGOR-CORPORATE-NO",
    "受取人（個人・法人区分）": "PAYEE-PARTY",
    "契約者（個人・法人区分）": "CONTRACTOR-PARTY",
    "個人・法人区分": "INSURED-PARTY",
    "既払込保険料等の剰余金又は割戻金": "PREMIUM-DIVIDEND-AMOUNT",
    "提出年月日（年）": "SUBMISSION-YEAR",
    "提出年月日（月）": "SUBMISSION-MONTH",
    "提出年月日（日）": "SUBMISSION-DAY",
    "本支店等区分番号": "OFFICE-DIVISION-NO",
    "年金の種類": "ANNUITY-TYPE-TEXT",
    "年金の支払金額": "ANNUITY-PAID-AMOUNT",
    "未払金額": "ANNUITY-UNPAID-AMOUNT",
    "剰余金又は割戻金": "ANNUITY-DIVIDEND-AMOUNT",
    "年金の支払金額に対する掛金額": "ANNUITY-PREMIUM-AMOUNT",
    "差引金額": "ANNUITY-NET-AMOUNT",
    "源泉徴収税額": "WITHHOLDING-TAX",
    "相続等生命保険年金に該当（年金の支払開始日（年））": "INHERITED-START-YEAR",
    "相続等生命保険年金に該当（年金の支払開始日（月））": "INHERITED-START-MONTH",
    "相続等生命保険年金に該当（年金の支払開始日（日））": "INHERITED-START-DAY",
    "相続等生命保険年金に該当（残存期間年数）": "INHERITED-REMAINING-YEARS",
    "相続等生命保険年金に該当（支払開始日年齢）": "INHERITED-AGE-AT-START",
    "相続等生命保険年金に該当（支払期間年数）": "INHERITED-PAYMENT-YEARS",
    "相続等生命保険年金に該当（保証期間年数）": "INHERITED-GUARANTEE-YEARS",
    "相続等生命保険年金に該当（支払総額又は支払総額見込額）": "INHERITED-TOTAL-AMOUNT",
    "相続等生命保険年金に該当（支払総額等のうちに保険料又は掛金額の占める割合・整数部）": "INHERITED-RATIO-INTEGER",
    "相続等生命保険年金に該当（支払総額等のうちに保険料又は掛金額の占める割合・小数部）": "INHERITED-RATIO-DECIMAL",
    "相続等生命保険年金に該当（年金に係る権利について相続税法第24条の規定により評価された額）": "INHERITED-VALUATION",
}
"""保険金等の支払データ項目: the 64 items of the seed's 別添2, in its order."""

PREVIOUS_CONTRACTOR = {
    "310-41 直前の保険契約者等の住所（居所）又は所在地": "PREVIOUS-ADDRESS",
    "310-42 直前の保険契約者等の氏名又は名称": "PREVIOUS-NAME",
    "310-43 契約者変更の回数": "CHANGE-COUNT",
    "310-44 現契約者の既払込保険料等": "CURRENT-PAID-PREMIUM",
}
"""Items 41-44 of statement 310, which the seed lacks."""


def catalogue() -> dict[str, dict]:
    document = YAML(typ="safe").load(CATALOG.read_text(encoding="utf-8"))
    return {dsn: entry for dsn, entry in document["datasets"].items() if entry.get("layouts")}


def test_the_lists_are_complete():
    assert (len(NUMBER_MASTER), len(PAYMENT_DATA), len(PREVIOUS_CONTRACTOR)) == (12, 64, 4)


@needs_shared
def test_the_lists_are_those_of_the_seed():
    (seed,) = (SHARED / "seed").glob("*.txt")
    text = "".join(line.strip() for line in seed.read_text(encoding="utf-8").splitlines())
    assert "（個人番号等管理マスタ項目）" + "、".join(NUMBER_MASTER) + "-" in text
    assert "（保険金等の支払データ項目）" + "、".join(PAYMENT_DATA) + "必要な情報" in text


@pytest.mark.parametrize("item", NUMBER_MASTER)
def test_the_number_master_holds_every_item(item):
    assert load("NUMMAST")[NUMBER_MASTER[item]].kind is Kind.TEXT


def test_the_number_master_holds_nothing_else():
    assert set(load("NUMMAST").named()) == set(NUMBER_MASTER.values())


@pytest.mark.parametrize("item", [*PAYMENT_DATA, *PREVIOUS_CONTRACTOR])
def test_the_payment_data_hold_every_item(item):
    name = (PAYMENT_DATA | PREVIOUS_CONTRACTOR)[item]
    amount = name.endswith(("-AMOUNT", "-REFUND", "-TOTAL", "-TAX", "-PREMIUM", "-VALUATION"))
    field = load("PAYDATA")[name]
    assert (field.kind, field.native) == ((Kind.BINARY, True) if amount else (Kind.TEXT, False))


def test_every_item_of_the_lists_is_another_field():
    names = [*PAYMENT_DATA.values(), *PREVIOUS_CONTRACTOR.values()]
    assert len(set(names)) == 68
    assert len(set(NUMBER_MASTER.values())) == 12


@pytest.mark.parametrize("member", members())
def test_a_member_is_named_after_its_record_and_clean(member):
    assert load(member).name == member
    assert lint(member_text(member)) == ()
    assert all(name.isascii() for name in load(member).named())


@pytest.mark.parametrize("member", members())
def test_native_integers_are_aligned(member):
    fields = [field for field in load(member).fields if field.native]
    assert all(field.offset % field.length == 0 for field in fields)
    assert not fields or load(member).length % 8 == 0


@pytest.mark.parametrize("member", LENGTHS)
def test_a_member_has_its_record_length(member):
    assert load(member).length == LENGTHS[member]


@pytest.mark.parametrize("dsn", catalogue())
def test_the_catalogue_and_the_member_agree(dsn):
    entry = catalogue()[dsn]
    for version in entry["layouts"]:
        layout = load(version["copybook"])
        assert layout.length == entry["lrecl"]
        assert set(entry.get("tags", {})) <= set(layout.named())


@pytest.mark.parametrize(
    "name", ["NOSUCH", "nummast", "", "../NUMMAST", "NUMMAST.cpy", "__init__", "TOOLONGNAME"]
)
def test_an_unknown_member_is_refused(name):
    with pytest.raises(InputRefused, match="CHSC020E"):
        load(name)


def test_members_are_read_once():
    assert load("NUMMAST") is load("NUMMAST")
