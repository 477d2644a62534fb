"""Rows of 323 and 386 written by hand from the rules, each item with its reason; nothing here was made by a program.

Persons, addresses and numbers are invented. Reasons name the standard (別紙) by 項番, and say "inferred" where no text settles
a point.
"""

Golden = tuple[tuple[str, str], ...]
"""Items in their order: what is written, why."""

DEATH_323: Golden = (
    ("323", "1 the kind"),
    ("", "2 the tax office's number, may be omitted"),
    ("", "3 one office files for itself"),
    ("東京都港区架空台１－２－３", "4 the insurer; full width, － between block numbers"),
    ("架空生命保険相互会社", "5 the insurer, no representative"),
    ("03-0000-0000", "6 half width with hyphens"),
    ("", "7 the tax office's second number, may be omitted"),
    ("", "8 left out by rule"),
    ("", "9 left out by rule"),
    ("0", "10 a right record, none that voids"),
    ("07", "11 the event was in 令和7年; the payment was in the next year and does not count here"),
    ("東京都千代田区霞が関３－１－１", "12 the beneficiary"),
    ("0", "13 lives in Japan"),
    ("山田　花子", "14 one full-width space between the names"),
    ("1", "15 a person"),
    ("大阪府大阪市北区架空１－１", "16 the contractor, by the last address"),
    ("0", "17 lived in Japan"),
    ("山田　太郎", "18 the contractor, who died"),
    ("1", "19 a person"),
    ("大阪府大阪市北区架空１－１", "20 the insured is the contractor"),
    ("0", "21 lived in Japan"),
    ("山田　太郎", "22 the insured"),
    ("1", "23 a person"),
    ("5000000", "24 the sum insured, no separators"),
    ("250000", "25 the added sum"),
    ("1800", "26 dividends not yet paid"),
    ("300000", "27 loan with its interest, taken off"),
    ("12000", "28 premiums not yet paid, taken off"),
    ("6000", "29 premiums paid ahead, given back"),
    ("4945800", "30 is 5000000 + 250000 + 1800 - 300000 - 12000 + 6000 (inferred from the names)"),
    ("1980000", "31 premiums paid"),
    ("40000", "32 dividends on them"),
    ("死亡", "33 the cause in a word; the summary table calls it so"),
    ("07", "34 令和7年"),
    ("12", "35 December, two digits"),
    ("28", "36 the 28th"),
    ("終身保険", "37 free text"),
    ("08", "38 令和8年"),
    ("01", "39 January"),
    ("20", "40 the 20th"),
    ("08", "41 submitted in 令和8年"),
    ("02", "42 in the month after the payment"),
    ("13", "43 by the 15th"),
    ("", "44 nothing to remark"),
    ("7123456789012", "45 13 digits; 7 is the check digit of 123456789012"),
    ("0123456789018", "46 0 and the individual number of the beneficiary, a published example"),
    ("", "47 the number of the one who died was not obtained"),
    ("", "48 the contractor never changed"),
    ("", "49 as 48"),
    ("", "50 as 48; empty by the default of change_count (inferred)"),
    ("", "51 as 48"),
)
"""Death benefit to the widow: event in 令和7年, paid and submitted in 令和8年."""

COMPANY_323: Golden = (
    *DEATH_323[:9],
    ("1", "10 voids a record submitted before"),
    *DEATH_323[10:13],
    ("架空商事（株）", "14 the company form in brackets behind the name"),
    ("2", "15 a company"),
    *DEATH_323[15:45],
    ("7123456789012", "46 the corporate number as it is; its first digit is never 0"),
    ("", "47 not obtained"),
    ("京都府京都市左京区架空４", "48 the contractor before the change"),
    ("鈴木　次郎", "49 the contractor before the change"),
    ("1", "50 changed once"),
    ("980000", "51 of item 31, what the contractor of today has paid"),
)
"""The record that voids a benefit to a company, on a contract that changed hands once."""

CHANGE_386: Golden = (
    ("386", "1 the kind"),
    ("", "2 the tax office's number, may be omitted"),
    ("00001", "3 the head office files for branch 00001"),
    ("東京都港区架空台１－２－３", "4 the insurer"),
    ("架空生命保険相互会社", "5 the insurer"),
    ("03(0000)0000", "6 the standard's other form"),
    ("", "7 may be omitted"),
    ("", "8 left out by rule"),
    ("", "9 left out by rule"),
    ("0", "10 neither corrects nor cancels"),
    ("東京都千代田区霞が関３－１－１", "11 the new contractor"),
    ("0", "12 lives in Japan"),
    ("山田　花子", "13 the new contractor"),
    ("1", "14 a person"),
    ("大阪府大阪市北区架空１－１", "15 the contractor who died"),
    ("0", "16 lived in Japan"),
    ("山田　太郎", "17 the contractor who died"),
    ("東京都千代田区霞が関３－１－１", "18 the insured"),
    ("1", "19 lives abroad"),
    ("山田　次郎", "20 the insured"),
    ("0", "21 cannot be told"),
    ("1450000", "22 surrender value on the day of item 25"),
    ("1200000", "23 all premiums of the contract"),
    ("1200000", "24 of them, those of the one who died: all"),
    ("1", "25 valued on the day of death"),
    ("08", "26 令和8年"),
    ("03", "27 March"),
    ("31", "28 the 31st"),
    ("養老保険", "29 free text"),
    ("08", "30 令和8年"),
    ("05", "31 May"),
    ("01", "32 the 1st"),
    ("09", "33 submitted in 令和9年"),
    ("01", "34 in January"),
    ("29", "35 by the 31st"),
    ("契約者死亡による変更", "36 a remark in full width"),
    ("7123456789012", "37 the insurer; there are no individual numbers in this kind"),
)
"""A contract that went to the daughter when the contractor died."""


def items(golden: Golden) -> list[str]:
    """Return the items of a row."""
    return [item for item, _ in golden]


def row(golden: Golden) -> bytes:
    """Return a row as it stands on a disc."""
    return ",".join(items(golden)).encode("cp932") + b"\r\n"
