"""Statement layouts (支払調書の記録要領): the items of a kind, in their order, as versioned data.

``copybooks/nta/kinds.csv`` heads the layouts: one row per kind and edition, with the submission dates that it is for. The items
of a layout stand in one CSV of their own, ``310.csv`` …; it is the only thing that the builder and the validator share. Its
columns:

- ``item`` (項番), ``name`` (項目名), ``english``;
- ``width``: ``zenkaku_max``, ``hankaku_max`` or ``hankaku_fixed``, and ``length`` in characters (入力文字基準);
- ``from``, ``to``: first and last year (西暦) of the 年分 that knows the item, empty = open;
- ``required``: ``always`` and ``omitted`` are the standard's or plain sense, ``expected`` is inferred, the rest may be empty;
- ``content``: what stands in the item, see :class:`Content`;
- ``field``: where it comes from, a field of PAYDATA, or of MATCH or CHGDATA when it says so; ``kana``: the field that stands in
  for a name that cannot be written; ``when``: the field and value without which the item stays empty;
- ``added_up``: ``sum`` or ``first``, when several payments make one statement;
- ``rule``, ``source``: the recording rule in short, and where it is written.

``official.csv`` holds what the standard itself says of every item: order, name, width class, length. A layout that says
something else is refused, so that an edit for one purpose cannot shift a column.

Source: 法定資料を光ディスク及び磁気ディスクにより提出する場合の標準規格等 別紙 (最終改正 令和6年7月2日).
"""

import csv
import datetime as dt
import functools
import importlib.resources
from dataclasses import dataclass
from enum import StrEnum

from chosho.errors import InputRefused


class Width(StrEnum):
    """Width class of an item (入力文字基準)."""

    ZENKAKU_MAX = "zenkaku_max"
    HANKAKU_MAX = "hankaku_max"
    HANKAKU_FIXED = "hankaku_fixed"


class Required(StrEnum):
    """How an empty item is judged. The standard itself has no such column; ``always`` is stated or follows from the form."""

    ALWAYS = "always"
    EXPECTED = "expected"
    AMOUNT = "amount"
    CONDITIONAL = "conditional"
    OPTIONAL = "optional"
    OMITTED = "omitted"


class Content(StrEnum):
    """What stands in an item."""

    CODE = "code"
    DIGITS = "digits"
    TOKEN = "token"  # noqa: S105 - a word of letters, digits, hyphen and brackets, no secret
    TEXT = "text"
    FLAG = "flag"
    PARTY = "party"
    VALUATION = "valuation"
    TAX_YEAR = "tax_year"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    AMOUNT = "amount"
    COUNT = "count"
    RATIO = "ratio"
    CORPORATE = "corporate"
    NUMBER = "number"
    INDIVIDUAL = "individual"
    OMITTED = "omitted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One item (項目) of a statement. ``length`` counts characters, not bytes."""

    number: int
    name: str
    english: str
    width: Width
    length: int
    first_year: int | None
    last_year: int | None
    required: Required
    content: Content
    field: str
    kana: str
    when: str
    added_up: str
    rule: str
    source: str

    @property
    def wide(self) -> bool:
        """Whether the item takes full-width characters only (全角)."""
        return self.width is Width.ZENKAKU_MAX

    @property
    def longest(self) -> int:
        """The most bytes that the item takes on a disc."""
        return self.length * 2 if self.wide else self.length

    def known_in(self, tax_year: int) -> bool:
        """Return whether the 年分 of that year (西暦) has the item; one that it has not stays empty."""
        return (self.first_year or 0) <= tax_year <= (self.last_year or tax_year)


class YearOf(StrEnum):
    """Whose year the 年分 is: the payment's (支払の確定した年), the insured event's (保険事故等の発生した年), or nobody's."""

    PAYMENT = "payment"
    EVENT = "event"
    NONE = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The head of a layout (記録要領の版): which kind and edition of the standard, for which submission dates."""

    code: str
    edition: str
    first_day: dt.date | None
    last_day: dt.date | None
    file: str
    year_of: YearOf
    name: str
    law: str
    source: str

    def in_force(self, submitted: dt.date) -> bool:
        """Return whether a statement submitted on that day (提出年月日) follows this edition."""
        return (self.first_day or submitted) <= submitted <= (self.last_day or submitted)


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementLayout:
    """The items of one kind of statement (法定資料の種類)."""

    code: str
    items: tuple[Item, ...]
    head: Head

    @property
    def amounts(self) -> tuple[Item, ...]:
        """The items that hold yen, in their order: the slots of control totals."""
        return tuple(item for item in self.items if item.content is Content.AMOUNT)

    @property
    def longest_row(self) -> int:
        """The most bytes of a row: every item full, the commas, CR LF."""
        return sum(item.longest for item in self.items) + len(self.items) + 1


@functools.cache
def heads() -> tuple[Head, ...]:
    """Return the heads of all layouts, as they stand in ``kinds.csv``: per kind the oldest first."""
    return tuple(_head(row) for row in csv.DictReader(_text("kinds.csv").splitlines()))


def kinds() -> tuple[str, ...]:
    """Return the codes of the kinds that have a layout: 310, 366, 323, 386."""
    return tuple(dict.fromkeys(head.code for head in heads()))


@functools.cache
def load(code: str, submitted: dt.date | None = None) -> StatementLayout:
    """Return the layout of a kind of statement, "310", "366", "323" or "386".

    Args:
        code: the kind.
        submitted: the day of the submission (提出年月日); None: the newest edition.

    Raises:
        InputRefused: chosho has no layout of that kind (CHSN001E) or none for that day (CHSN005E), or the layout disagrees with
            the official table (CHSN004E).
    """
    known = [head for head in heads() if head.code == code]
    if not known:
        raise InputRefused("CHSN001E", code=code)
    fitting = known if submitted is None else [head for head in known if head.in_force(submitted)]
    if not fitting:
        raise InputRefused("CHSN005E", code=code, date=submitted)
    return parse(fitting[-1], _text(fitting[-1].file), _text("official.csv"))


def parse(head: Head, text: str, official: str) -> StatementLayout:
    """Return the layout that a CSV text holds.

    Args:
        head: its head.
        text: the items, as in ``310.csv``.
        official: the official table, as in ``official.csv``.

    Raises:
        InputRefused: items, order, names, width classes or lengths are not those of the official table (CHSN004E).
    """
    items = tuple(_item(row) for row in csv.DictReader(text.splitlines()))
    rows = [
        (row["item"], row["name"], row["width"], row["length"])
        for row in csv.DictReader(official.splitlines())
        if (row["kind"], row["edition"]) == (head.code, head.edition)
    ]
    ours = [(str(item.number), item.name, item.width.value, str(item.length)) for item in items]
    for place in range(max(len(rows), len(ours))):
        found = ours[place] if place < len(ours) else _ABSENT
        wanted = rows[place] if place < len(rows) else _ABSENT
        for what, left, right in zip(_COMPARED, found, wanted, strict=True):
            if left != right:
                raise InputRefused(
                    "CHSN004E", file=head.file, item=place + 1, what=what, found=left, official=right
                )
    return StatementLayout(code=head.code, items=items, head=head)


_COMPARED = ("item", "name", "width", "length")
_ABSENT = ("none", "none", "none", "none")


def _text(name: str) -> str:
    return (importlib.resources.files("chosho.copybooks") / "nta" / name).read_text(encoding="utf-8")


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _head(row: dict[str, str]) -> Head:
    return Head(
        code=row["kind"],
        edition=row["edition"],
        first_day=_day(row["submitted_from"]),
        last_day=_day(row["submitted_to"]),
        file=row["file"],
        year_of=YearOf(row["year"]),
        name=row["name"],
        law=row["law"],
        source=row["source"],
    )


def _item(row: dict[str, str]) -> Item:
    return Item(
        number=int(row["item"]),
        name=row["name"],
        english=row["english"],
        width=Width(row["width"]),
        length=int(row["length"]),
        first_year=int(row["from"]) if row["from"] else None,
        last_year=int(row["to"]) if row["to"] else None,
        required=Required(row["required"]),
        content=Content(row["content"]),
        field=row["field"],
        kana=row["kana"],
        when=row["when"],
        added_up=row["added_up"],
        rule=row["rule"],
        source=row["source"],
    )
