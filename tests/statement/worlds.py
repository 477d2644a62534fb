"""Hypothesis strategies: payments of every shape that the extract may write, consistent in their amounts and dates."""

from hypothesis import strategies as st

from tests.statement.records import ANNUITY, CONTRACTOR_NUMBER, INHERITANCE, LUMP_SUM, PAYEE_NUMBER, Values

KANJI = "山田太郎鈴木花子一二三東京都港区大阪府札幌市中央区丁目番号霞が関アイウガパヴ（株）－・～"
ODD = "髙﨑㈱①Ⅲ№℡瀨德塚褜鍈彅 　Aaz09-,.\"'\\~()ｱｶﾞﾊﾟﾞﾟｰ｡､"
LOST_BYTES = (b"\xf9\xfc", b"\xf0\x40", b"\x81", b"\xa0", b"\xfd", b"\x1a", b"\x81\xad")

word = st.text(st.sampled_from(KANJI + "　"), max_size=70).map(lambda text: text.encode("cp932"))
piece = st.one_of(
    st.sampled_from(KANJI).map(lambda text: text.encode("cp932")),
    st.sampled_from(ODD).map(lambda text: text.encode("cp932")),
    st.sampled_from(LOST_BYTES),
)
odd_word = st.lists(piece, max_size=70).map(b"".join)
any_text = st.one_of(word, odd_word)
yen = st.one_of(st.just(0), st.integers(0, 99_999), st.integers(0, 900_000_000))
kana = st.text(st.sampled_from("ﾔﾏﾀﾞﾛｳｽｽｷﾞ ﾊﾟ"), max_size=40).map(lambda text: text.encode("cp932"))
number = st.sampled_from(["", PAYEE_NUMBER, CONTRACTOR_NUMBER])
corporate = st.sampled_from(["", PAYEE_NUMBER, "7123456789012"])
day = st.sampled_from(
    [("08", "02", "28"), ("31", "04", "30"), ("01", "05", "01"), ("04", "02", "29"), ("", "", "")]
)


def fitted(text: bytes, width: int) -> bytes:
    return text[:width]


@st.composite
def texts(draw: st.DrawFn, widths: dict[str, int]) -> dict[str, bytes]:
    return {name: fitted(draw(any_text), width) for name, width in widths.items()}


@st.composite
def lump_sums(draw: st.DrawFn) -> Values:
    benefit, added, dividend, premium, refund = (draw(yen) for _ in range(5))
    loan = draw(st.integers(0, benefit))
    premium = min(premium, benefit + added - loan)
    changed = draw(st.booleans())
    names = ("PAYEE", "CONTRACTOR", "INSURED", "PREVIOUS")
    event = draw(day)
    return {
        **LUMP_SUM,
        **draw(texts({f"{name}-NAME": 60 for name in names})),
        **draw(texts({f"{name}-ADDRESS": 120 for name in names})),
        **draw(texts({"REMARKS": 200, "EVENT-TEXT": 30, "INSURANCE-TYPE-TEXT": 30})),
        "PAYEE-KANA": draw(kana),
        "CONTRACTOR-KANA": draw(kana),
        "BENEFIT-AMOUNT": benefit,
        "ADDED-BENEFIT-AMOUNT": added,
        "UNPAID-DIVIDEND-AMOUNT": dividend,
        "LOAN-AND-INTEREST-AMOUNT": loan,
        "UNPAID-PREMIUM-AMOUNT": premium,
        "PREPAID-PREMIUM-REFUND": refund,
        "NET-PAID-AMOUNT": benefit + added + dividend - loan - premium + refund,
        "PAID-PREMIUM-TOTAL": draw(yen),
        "EVENT-YEAR": event[0],
        "EVENT-MONTH": event[1],
        "EVENT-DAY": event[2],
        "CHANGE-FLAG": "1" if changed else "0",
        "CHANGE-COUNT": f"{draw(st.integers(1, 12)):02d}",
        "CURRENT-PAID-PREMIUM": draw(yen),
    }


@st.composite
def inheritances(draw: st.DrawFn) -> Values:
    """Statement 323: the parts of a lump sum, and what it alone has."""
    own = {name: INHERITANCE[name] for name in ("STATEMENT-CODE", "SUBMISSION-YEAR", "SUBMISSION-MONTH")}
    lump = draw(lump_sums())
    year = str(lump["EVENT-YEAR"]) or "08"
    return {
        **lump,
        **own,
        "SUBMISSION-DAY": "15",
        "TAX-YEAR": "01" if year == "31" else year,
        "PREMIUM-DIVIDEND-AMOUNT": draw(yen),
    }


@st.composite
def annuities(draw: st.DrawFn) -> Values:
    paid = draw(yen)
    premium = draw(st.integers(0, paid))
    return {
        **ANNUITY,
        **draw(
            texts({"PAYEE-NAME": 60, "CONTRACTOR-NAME": 60, "PAYEE-ADDRESS": 120, "CONTRACTOR-ADDRESS": 120})
        ),
        **draw(texts({"REMARKS": 200, "ANNUITY-TYPE-TEXT": 20})),
        "PAYEE-KANA": draw(kana),
        "CONTRACTOR-KANA": draw(kana),
        "ANNUITY-PAID-AMOUNT": paid,
        "ANNUITY-UNPAID-AMOUNT": draw(yen),
        "ANNUITY-DIVIDEND-AMOUNT": draw(yen),
        "ANNUITY-PREMIUM-AMOUNT": premium,
        "ANNUITY-NET-AMOUNT": paid - premium,
        "WITHHOLDING-TAX": draw(yen),
        "INHERITED-FLAG": draw(st.sampled_from("01")),
        "INHERITED-START-YEAR": "25",
        "INHERITED-START-MONTH": "04",
        "INHERITED-START-DAY": "01",
        "INHERITED-REMAINING-YEARS": "07",
        "INHERITED-AGE-AT-START": "61",
        "INHERITED-PAYMENT-YEARS": "20",
        "INHERITED-GUARANTEE-YEARS": "10",
        "INHERITED-TOTAL-AMOUNT": draw(yen),
        "INHERITED-RATIO-INTEGER": "062",
        "INHERITED-RATIO-DECIMAL": "500",
        "INHERITED-VALUATION": draw(yen),
    }


@st.composite
def payments(draw: st.DrawFn) -> tuple[list[Values], list[Values]]:
    """Return payments in key order and the numbers beside them."""
    found: list[Values] = []
    numbers: list[Values] = []
    for policy in range(draw(st.integers(1, 4))):
        for payee in range(draw(st.integers(1, 2))):
            beside = {"PAYEE-NUMBER": draw(number), "CONTRACTOR-NUMBER": draw(corporate)}
            for payment in range(draw(st.integers(1, 3))):
                key = {
                    "POLICY-NO": f"{policy:011d}",
                    "PAYEE-NO": f"{payee:02d}",
                    "PAYMENT-NO": f"{payment:04d}",
                }
                parties = {
                    f"{who}-PARTY": "1" if beside[f"{who}-NUMBER"] < "1" else "2"
                    for who in ("PAYEE", "CONTRACTOR")
                }
                own = draw(st.one_of(lump_sums(), annuities(), inheritances()))
                found.append({**own, **parties, "INSURED-PARTY": "1", **key})
                numbers.append(beside)
    return found, numbers
