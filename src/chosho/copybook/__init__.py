"""Copybooks (コピー句): the parser of COBOL record descriptions, layouts, and lint. Pure: text in, layouts out."""

from chosho.copybook.describe import Row, describe
from chosho.copybook.layout import Field, Item, Layout
from chosho.copybook.lint import Finding, lint
from chosho.copybook.literal import Literal, LiteralForm, Range
from chosho.copybook.member import load, member_text, members
from chosho.copybook.parse import parse, parse_all
from chosho.copybook.tree import Condition
from chosho.copybook.usage import DIALECTS, Kind

__all__ = [
    "DIALECTS",
    "Condition",
    "Field",
    "Finding",
    "Item",
    "Kind",
    "Layout",
    "Literal",
    "LiteralForm",
    "Range",
    "Row",
    "describe",
    "lint",
    "load",
    "member_text",
    "members",
    "parse",
    "parse_all",
]
