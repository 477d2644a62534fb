"""A paper (帳票): what it says, block by block, so that its page (HTML) and its print (PDF) say the same."""

from dataclasses import dataclass, field
from typing import TypeAlias

from chosho.report.page import template


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """A heading (見出し)."""

    kind: str = field(default="heading", init=False)
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table (表). ``widths`` are parts of the page's width; ``right``: places of the columns that are set to the right."""

    kind: str = field(default="table", init=False)
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    right: tuple[int, ...] = ()
    labels: tuple[int, ...] = ()
    """Columns that name what stands beside them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lines:
    """Lines of text (文)."""

    kind: str = field(default="lines", init=False)
    lines: tuple[str, ...]
    right: bool = False
    large: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """A framed text that is copied to somewhere else (ラベルの文言)."""

    kind: str = field(default="frame", init=False)
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Signs:
    """Empty boxes for names and dates (押印欄)."""

    kind: str = field(default="signs", init=False)
    titles: tuple[str, ...]


Block: TypeAlias = Heading | Table | Lines | Frame | Signs


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """A paper (帳票): the name of its files, its title, the line below, its blocks, the line at its foot."""

    name: str
    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    foot: str = ""


def pairs(*rows: tuple[str, str], label: int = 28) -> Table:
    """Return a table of names and what they are."""
    return Table(rows=rows, widths=(label, 100 - label), labels=(0,))


def html(paper: Paper) -> str:
    """Return a paper as an HTML page that prints on A4."""
    return template("paper.html").render(paper=paper)
