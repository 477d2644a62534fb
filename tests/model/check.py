"""A plain model of the check of one row, written from the rules a second time: strings, one item at a time, no tables of bytes.

Only the layout is shared with the validator. Check digits are those of stdnum, dates those of the standard library.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Sequence

from stdnum.jp import cn, in_

from chosho.statement.layout import Content, Item, Required, StatementLayout, YearOf

ERAS = ((dt.date(1926, 12, 25), 1925), (dt.date(1989, 1, 8), 1988), (dt.date(2019, 5, 1), 2018))
"""First day and the year before year 1 of 昭和, 平成, 令和."""
OUR_DAYS = dt.date(2005, 1, 1)
NET = {
    "310": ("21+ 22+ 23+ 24- 25- 26+", 27),
    "366": ("16+ 19-", 20),
    "323": ("24+ 25+ 26+ 27- 28- 29+", 30),
}
PARTS = {"310": (44, 28), "323": (51, 31), "386": (24, 23)}
CHOICES = {
    Content.FLAG: ("01", "FLAG"),
    Content.PARTY: ("012", "PARTY"),
    Content.VALUATION: ("12", "VALCODE"),
}
Found = set[tuple[int, str]]


def findings(row: bytes, layout: StatementLayout, tax_year: int | None) -> Found:
    """Return what a row breaks, without its end, as (item, rule); item 0 is the row."""
    texts = row.split(b",")
    if len(texts) != len(layout.items):
        other = any(
            row.startswith(kind + b",") for kind in {b"310", b"366", b"323", b"386"} - {layout.code.encode()}
        )
        return {(1, "MIXED")} if other else {(0, "FIELDS")}
    return set(_Row(texts, layout, tax_year).all())


class _Row:
    def __init__(self, texts: Sequence[bytes], layout: StatementLayout, tax_year: int | None) -> None:
        self.texts = texts
        self.layout = layout
        self.tax_year = tax_year
        self.own_year: int | None = None
        self.bad: set[int] = set()  # items that cannot be read as what they should be

    def all(self) -> Iterator[tuple[int, str]]:
        for item, text in zip(self.layout.items, self.texts, strict=True):
            for rule in self._item(item, text):
                yield item.number, rule
        yield from self._dates()
        yield from self._net()
        yield from self._together()
        yield from self._between()

    # -- one item --

    def _item(self, item: Item, text: bytes) -> set[str]:
        broken = set(_wide(item, text)) if item.wide else set(_narrow(item, text))
        if broken & {"LENGTH", "DIGITS", "WIDE", "CRLF"}:
            self.bad.add(item.number)
        if not text:
            if self._known(item):
                broken |= {Required.ALWAYS: {"REQUIRED"}, Required.EXPECTED: {"EXPECTED"}}.get(
                    item.required, set()
                )
            return broken
        if item.content is Content.OMITTED:
            return broken | {"OMITTED"}
        if not self._known(item):
            return broken | {"EARLY"}
        return broken | set(self._content(item, text, good=item.number not in self.bad))

    def _known(self, item: Item) -> bool:
        if self.tax_year is None or self.layout.head.year_of is YearOf.NONE:
            return True
        if self.layout.head.year_of is YearOf.PAYMENT:
            return item.known_in(self.tax_year)
        years = [before + (self.own_year or 0) for _, before in ERAS] + [
            1911 + (self.own_year or 0),
            1867 + (self.own_year or 0),
        ]
        years = [year for year in years if self.own_year and year <= self.tax_year]
        return not years or item.known_in(max(years))

    def _content(self, item: Item, text: bytes, *, good: bool) -> Iterator[str]:
        digits = text.decode("ascii", "replace")
        if item.content is Content.CODE and digits != self.layout.code:
            yield "CODE"
        if item.content in (Content.AMOUNT, Content.COUNT) and len(digits) > 1 and digits[0] == "0":
            yield "LEADZERO"
        if item.content is Content.TAX_YEAR:
            yield from self._tax_year(digits, good=good)
        if not good:
            return
        choices, rule = CHOICES.get(item.content, ("", ""))
        if choices and digits not in choices:
            yield rule
        paid = item.content is Content.YEAR and item.english.startswith("payment")
        if paid and self.tax_year and digits not in self._year_texts():
            yield "PAYYEAR"
        if item.content in (Content.CORPORATE, Content.NUMBER, Content.INDIVIDUAL):
            yield from _number(item, digits)

    def _tax_year(self, digits: str, *, good: bool) -> Iterator[str]:
        if self.layout.head.year_of is YearOf.PAYMENT:
            if self.tax_year and digits not in self._year_texts():
                yield "TAXYEAR"
        elif good:
            self.own_year = int(digits)
            if not self.own_year:
                yield "TAXYEAR"

    def _year_texts(self) -> set[str]:
        days = [dt.date(self.tax_year or 1, 1, 1), dt.date(self.tax_year or 1, 12, 31)]
        return {f"{day.year - max(before for first, before in ERAS if first <= day):02d}" for day in days}

    # -- several items --

    def _dates(self) -> Iterator[tuple[int, str]]:
        items = self.layout.items
        for place, item in enumerate(items):
            if item.content is not Content.DAY:
                continue
            parts = [(one.number, self.texts[one.number - 1]) for one in items[place - 2 : place + 1]]
            filled = [number for number, text in parts if text]
            if any(number in self.bad for number in filled):
                continue
            if len(filled) in (1, 2):
                yield item.number, "DATEPART"
            elif filled:
                recent = item.english.startswith(("payment", "submission"))
                if not self._is_date(*(int(text) for _, text in parts), recent=recent):
                    yield item.number, "DATE"

    def _is_date(self, year: int, month: int, day: int, *, recent: bool) -> bool:
        for place, (first, before) in enumerate(ERAS):
            try:
                date = dt.date(before + year, month, day)
            except ValueError:
                continue
            end = ERAS[place + 1][0] if place + 1 < len(ERAS) else dt.date.max
            last = dt.date(self.tax_year + 1, 12, 31) if self.tax_year else dt.date.max
            if year and first <= date < end and date <= last and (date >= OUR_DAYS or not recent):
                return True
        return False

    def _yen(self, number: int) -> int:
        return int(self.texts[number - 1] or b"0")

    def _net(self) -> Iterator[tuple[int, str]]:
        amounts = [
            item.number for item in self.layout.items if item.content in (Content.AMOUNT, Content.COUNT)
        ]
        if self.layout.code not in NET or any(self._unread(number) for number in amounts):
            return
        signs, net = NET[self.layout.code]
        total = sum(self._yen(int(one[:-1])) * (1 if one[-1] == "+" else -1) for one in signs.split())
        if max(total, 0) != self._yen(net) and total != self._yen(net):
            yield net, "NET"

    def _unread(self, number: int) -> bool:
        return number in self.bad and self._known(self.layout.items[number - 1])

    def _together(self) -> Iterator[tuple[int, str]]:
        group = [item for item in self.layout.items if item.when and item.content is not Content.AMOUNT]
        empty = [
            item.number
            for item in group
            if not self.texts[item.number - 1]
            or (item.content is Content.COUNT and self.texts[item.number - 1] == b"0")
        ]
        if empty and len(empty) < len(group):
            yield empty[-1], "PARTLY"

    def _between(self) -> Iterator[tuple[int, str]]:
        def value(number: int) -> int:
            usable = (
                self.texts[number - 1]
                and number not in self.bad
                and self._known(self.layout.items[number - 1])
            )
            return int(self.texts[number - 1]) if usable else -1

        code = self.layout.code
        if code in PARTS:
            part, whole = PARTS[code]
            if value(part) > value(whole) >= 0:
                yield part, "PREMIUM"
        if code == "323":
            yield from self._event(value)
        if code == "366":
            percent = value(32)
            if percent > 100 or (percent == 100 and value(33) > 0):
                yield 32, "RATIO"
            yield from self._tax(value(16), max(value(19), 0), max(value(21), 0))

    def _event(self, value: Callable[[int], int]) -> Iterator[tuple[int, str]]:
        year, event = sorted((value(11), value(34)))
        if 0 < year != event and (year, event) not in ((1, 31), (1, 64)):
            yield 11, "EVTYEAR"
        for party, number in ((15, 46), (19, 47)):
            individual = self.texts[number - 1][:1] == b"0"
            if value(number) >= 0 and (value(party), individual) in ((1, False), (2, True)):
                yield number, "PARTYNO"

    def _tax(self, paid: int, cost: int, tax: int) -> Iterator[tuple[int, str]]:
        if paid < 0:
            return
        base = paid - cost
        due = base >= 250_000 and not any(self.texts[number - 1] for number in range(24, 31))
        if tax and not due:
            yield 21, "UNDUETAX"
        elif tax and not base * 1021 // 10_000 - 12 < tax <= base * 1021 // 10_000:
            yield 21, "WRONGTAX"
        elif due and not tax and self.texts[13] == self.texts[22]:
            yield 21, "NOTAX"


def _number(item: Item, digits: str) -> Iterator[str]:
    kind = Content.INDIVIDUAL if digits[0] == "0" else Content.CORPORATE
    if item.content not in (Content.NUMBER, kind):
        yield "NUMKIND"
    elif kind is Content.INDIVIDUAL:
        # Twelve zeros satisfy the formula and are nobody's number.
        if not in_.is_valid(digits[1:]) or digits == "0" * 13:
            yield "CHKDIGIT"
    elif not cn.is_valid(digits):
        yield "CHKDIGIT"


def _wide(item: Item, text: bytes) -> Iterator[str]:
    characters = []
    place = 0
    while place < len(text):
        first = text[place]
        if first < 0x81 or 0xA0 <= first <= 0xDF or first > 0xFC:
            yield "CRLF" if first == 0x0D else "HALF"
            characters.append("half")
            place += 1
            continue
        pair = text[place : place + 2]
        try:
            characters.append(pair.decode("shift_jis"))
        except UnicodeDecodeError:
            yield "JIS"
            characters.append("none")
        place += 2 if len(pair) == 2 and pair[1] >= 0x40 else 1
    if len(characters) > item.length:
        yield "LENGTH"
    if "　" in (characters[:1] + characters[-1:]) or any(
        one == two == "　" for one, two in itertools.pairwise(characters)
    ):
        yield "SPACE"
    if "？" in characters:
        yield "LOST"
    if item.english.endswith("_address") and set("、。，．") & set(characters):
        yield "POINT"


def _narrow(item: Item, text: bytes) -> Iterator[str]:
    for one in text:
        if one >= 0x80:
            yield "WIDE"
        elif one == 0x0D:
            yield "CRLF"
        elif chr(one) not in "0123456789":
            if item.content is not Content.TOKEN:
                yield "DIGITS"
            elif not (chr(one).isalpha() or chr(one) in "()-"):
                yield "CHARS"
    if text and (len(text) > item.length or (item.width == "hankaku_fixed" and len(text) != item.length)):
        yield "LENGTH"
