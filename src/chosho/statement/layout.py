"""Statement layouts (支払調書の記録要領): the items of a kind, in their order, as versioned data.

One CSV per kind in ``copybooks/nta/``; it is the only thing that the builder and the validator share. Columns:

- ``item`` (項番), ``name`` (項目名), ``english``;
- ``width``: ``zenkaku_max``, ``hankaku_max`` or ``hankaku_fixed``, and ``length`` in characters (入力文字基準);
- ``from``, ``to``: first and last year (西暦) of the 年分 that knows the item, empty = open;
- ``required``: ``always`` and ``omitted`` are the standard's or plain sense, ``expected`` is inferred, the rest may be empty;
- ``content``: what stands in the item, see :class:`Content`;
- ``field``: where it comes from, a field of PAYDATA, or of MATCH when it says so; ``kana``: the field that stands in for a
  name that cannot be written; ``when``: the field and value without which the item stays empty;
- ``added_up``: ``sum`` or ``first``, when several payments make one statement;
- ``rule``, ``source``: the recording rule in short, and where it is written.

Source: 法定資料を光ディスク及び磁気ディスクにより提出する場合の標準規格等 別紙 (最終改正 令和6年7月2日).
"""

import csv
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


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementLayout:
    """The items of one kind of statement (法定資料の種類)."""

    code: str
    items: tuple[Item, ...]

    @property
    def amounts(self) -> tuple[Item, ...]:
        """The items that hold yen, in their order: the slots of control totals."""
        return tuple(item for item in self.items if item.content is Content.AMOUNT)

    @property
    def longest_row(self) -> int:
        """The most bytes of a row: every item full, the commas, CR LF."""
        return sum(item.longest for item in self.items) + len(self.items) + 1


@functools.cache
def load(code: str) -> StatementLayout:
    """Return the layout of a kind of statement, "310" or "366".

    Raises:
        InputRefused: chosho has no layout of that kind (CHSN001E).
    """
    source = importlib.resources.files("chosho.copybooks") / "nta" / f"{code}.csv"
    if not (code.isdigit() and source.is_file()):
        raise InputRefused("CHSN001E", code=code)
    rows = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    return StatementLayout(code=code, items=tuple(_item(row) for row in rows))


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
