"""Reading one statement (支払調書の読取り): a row of the disc format, item by item, as a person may see it.

An individual number (個人番号) is masked unless it is to be revealed: an item for numbers is shown only when it holds a corporate
number with the right check digit, and a text only when no twelve digits stand in it, in whatever width.
"""

import re
from dataclasses import dataclass

from chosho import identifiers
from chosho.errors import StopLine
from chosho.statement import layout
from chosho.statement.layout import Content, Item

MASK = "*"
_TWELVE = re.compile(r"[0-9０-９](?:[ 　\-－・]?[0-9０-９]){11}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NUMBERS = frozenset({Content.NUMBER, Content.INDIVIDUAL})


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownItem:
    """An item (項目) as it is shown. ``masked``: it holds a number that is not shown."""

    number: int
    name: str
    text: str
    masked: bool


def read(row: bytes, code: str, *, reveal: bool = False) -> tuple[ShownItem, ...]:
    """Return the items of one row.

    Args:
        row: the row's bytes, with or without its CR LF.
        code: the kind that the index says it is of.
        reveal: show individual numbers as they are.

    Raises:
        StopLine: the bytes are no row of that kind (CHSQ012S).
    """
    items = layout.load(code).items
    cells = [cell.decode("cp932", "backslashreplace") for cell in row.removesuffix(b"\r\n").split(b",")]
    if len(cells) != len(items) or cells[0] != code or any(_CONTROL.search(cell) for cell in cells):
        raise StopLine("CHSQ012S", kind=code)
    return tuple(_shown(item, cell, reveal=reveal) for item, cell in zip(items, cells, strict=True))


def _shown(item: Item, text: str, *, reveal: bool) -> ShownItem:
    masked = bool(text) and not reveal and _hidden(item, text)
    return ShownItem(
        number=item.number, name=item.name, text=MASK * len(text) if masked else text, masked=masked
    )


def _hidden(item: Item, text: str) -> bool:
    if item.content in _NUMBERS:
        return not identifiers.is_corporate_number(text)
    return item.content is Content.TEXT and looks_like_number(text)


def looks_like_number(text: str) -> bool:
    """Return whether a text holds twelve digits, in whatever width: they could be an individual number."""
    return _TWELVE.search(text) is not None


def fit_to_show(text: str) -> str:
    """Return a text as it may be shown: masked as a whole when it could hold a number, without control characters."""
    return MASK * len(text) if looks_like_number(text) else _CONTROL.sub("", text)
