"""The numbers that the check kernel speaks in (検査の番号): rules, contents of items, columns of its tables.

``statement/check_rules.csv`` words the rules, in the order of their numbers.
"""

(
    R_FIELDS, R_CRLF, R_LASTROW, R_CODE, R_JIS, R_HALF, R_WIDE, R_LENGTH, R_DIGITS, R_CHARS, R_LEADZERO,
    R_FLAG, R_TAXYEAR, R_DATE, R_DATEPART, R_PAYYEAR, R_CHKDIGIT, R_NUMKIND, R_NET, R_REQUIRED, R_EXPECTED,
    R_OMITTED, R_EARLY, R_SPACE, R_PARTLY, R_LOST, R_POINT, R_MIXED, R_PARTY, R_VALCODE, R_EVTYEAR, R_PARTYNO,
    R_RATIO, R_PREMIUM, R_WRONGTAX, R_NOTAX, R_UNDUETAX,
) = range(37)  # fmt: skip
"""The rules on rows, in the order of ``statement/check_rules.csv``; from R_EVTYEAR on they compare several items."""
RULES = 37
ONE_ITEM = R_EVTYEAR

(
    K_CODE, K_DIGITS, K_TOKEN, K_TEXT, K_FLAG, K_TAXYEAR, K_YEAR, K_MONTH, K_DAY, K_AMOUNT, K_COUNT,
    K_CORPORATE, K_NUMBER, K_INDIVIDUAL, K_OMITTED, K_PARTY, K_VALUATION, K_EVENTYEAR,
) = range(18)  # fmt: skip
"""Contents of an item, as far as they are judged differently."""

(
    T_KIND, T_WIDE, T_FIXED, T_LENGTH, T_NEED, T_SLOT, T_SIGN, T_TOGETHER, T_PAYMENT, T_ADDRESS, T_RECENT, T_KEEP,
) = range(12)  # fmt: skip
"""Columns of the item table: content · 1 = 全角 · 1 = exact length · length in characters · need (:data:`NEED_ALWAYS` …) ·
slot of the amount · its sign in the net amount (0 none; -2 is the net amount itself) · 1 = filled together with the others of its
kind · 1 = part of the payment date · 1 = an address · 1 = part of a date of our days · where its value is kept for the rules over
several items (:data:`V_YEAR` …, 0 nowhere)."""
COLUMNS = 12
NEED_NONE, NEED_ALWAYS, NEED_EXPECTED = 0, 1, 2
NET = -2

(
    V_NONE, V_YEAR, V_EVENT, V_PARTY1, V_PARTY2, V_NUMBER1, V_NUMBER2, V_PAID, V_COST, V_TAX, V_INHERITED, V_PERCENT,
    V_FRACTION, V_PART, V_WHOLE, V_NAME1, V_NAME2,
) = range(17)  # fmt: skip
"""Values of a row that the rules over several items need; -1 = the item is empty or cannot be read. Years in two digits, party
codes, first digits of the numbers beside them; annuity, premium and tax; 1 where the part of an inherited annuity is begun, its
ratio; a premium that must not exceed another; digests of the names of payee and contractor."""
VALUES = 17

PAIR, PAIR_SPACE, ONE_BYTE, NO_PAIR, PAIR_LOST, PAIR_POINT = range(6)
"""Classes of two bytes as they are loaded: a JIS X 0208 character · its space · the first is a character by itself · neither ·
a character that stands in for one that was lost · a punctuation mark."""
