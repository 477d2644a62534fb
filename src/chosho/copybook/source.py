"""Copybook text (コピー句): lines of fixed or free format into words with their line.

Fixed format (COBOL reference format): columns 1-6 sequence number, 7 indicator, 8-72 text, 73-80 identification.
``*`` or ``/`` in column 7 makes a comment, ``-`` continues the line before. A full-width character takes two
columns, as in the CP932 source it came from; a tab runs to the next stop of 8. Free format has no columns; ``*>``
starts a comment in both. A line whose text begins with ``*`` is a comment wherever the star stands (lint names it):
no data description begins so.
"""

import bisect
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from chosho.errors import InputRefused

TAB_STOP = 8
"""Columns between two tab stops."""
TEXT_COLUMNS = (8, 72)
"""First and last column of the text in fixed format."""
LISTING_WORDS = frozenset({"EJECT", "SKIP1", "SKIP2", "SKIP3"})
"""Words that only steer the compiler's listing; they may stand between data descriptions."""

_WIDE = frozenset("WFA")
"""East Asian widths that are two bytes in CP932 (A: Greek, Cyrillic, symbols such as ○ and ※)."""
_FREE = re.compile(r" {0,6}(?:0?[1-9]|[1-4][0-9]|66|77|88) +(?!\d+[ .])[^ ]")
"""A level number that starts in columns 1-7, and what follows is no level number: free format."""
_TOKEN = re.compile(
    r"""(?P<literal>[A-Za-z]{0,2}'(?:[^'\n]|'')*'|[A-Za-z]{0,2}"(?:[^"\n]|"")*")|(?P<word>[^ \n'"]+)|(?P<quote>['"])"""
)


class WordKind(StrEnum):
    """What a word of the text is."""

    WORD = "word"
    LITERAL = "literal"
    PERIOD = "period"


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """A word, a literal (with its quotes) or the period that ends a data description."""

    text: str
    line: int
    source: str
    kind: WordKind = WordKind.WORD

    @property
    def upper(self) -> str:
        """The text in capitals, for words of the language and names."""
        return self.text.upper()

    def refused(self, message_id: str, **fields: object) -> InputRefused:
        """Return the refusal of this word, with source and line, for the caller to raise."""
        return InputRefused(message_id, source=self.source, line=self.line, word=self.text, **fields)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of the copybook: its number from 1, its indicator (column 7; space in free format) and its text."""

    number: int
    indicator: str
    text: str

    @property
    def is_comment(self) -> bool:
        """Whether the line is blank or a comment."""
        text = self.text.lstrip(" ")
        return self.indicator in "*/" or not text or text.startswith("*")


def raw_lines(text: str) -> list[str]:
    """Return the lines of a text without byte order mark, carriage returns and the end mark 1A of old files."""
    return [line.rstrip("\r") for line in text.removeprefix("\ufeff").rstrip("\x1a").split("\n")]


def columns(line: str, first: int, last: int | None = None) -> str:
    """Return the characters that stand wholly in columns ``first`` to ``last`` (from 1), tabs expanded."""
    line = line.expandtabs(TAB_STOP)
    if line.isascii():
        return line[first - 1 : last]
    kept = []
    column = 1
    for character in line:
        width = 2 if unicodedata.east_asian_width(character) in _WIDE else 1
        if column >= first and (last is None or column + width - 1 <= last):
            kept.append(character)
        column += width
    return "".join(kept)


def is_free(text: str) -> bool:
    """Return whether the text is in free format: some level number starts before column 8."""
    return any(
        _FREE.match(line) and columns(line, 7, 7) not in {"*", "/"}
        for line in (raw.expandtabs(TAB_STOP) for raw in raw_lines(text))
    )


def lines(text: str, *, free: bool) -> Iterator[Line]:
    """Yield the lines of a text, comments included."""
    for number, raw in enumerate(raw_lines(text), start=1):
        # A comment with *> may start in any column of fixed format too; no sequence number looks like it.
        if free or raw.lstrip(" \t").startswith("*>"):
            yield Line(number=number, indicator=" ", text=raw.expandtabs(TAB_STOP))
        else:
            yield Line(number=number, indicator=columns(raw, 7, 7) or " ", text=columns(raw, *TEXT_COLUMNS))


def words(text: str, *, source: str, free: bool) -> list[Word]:
    """Return the words of a copybook, literals and periods among them; comments and separators are gone.

    Args:
        text: the copybook.
        source: what to call it in messages.
        free: whether it is in free format.

    Raises:
        InputRefused: an indicator is not supported (CHSC016E) or a literal is not closed (CHSC010E).
    """
    code, starts, numbers = _join(text, source=source, free=free)
    found: list[Word] = []
    for match in _TOKEN.finditer(code):
        line = numbers[bisect.bisect_right(starts, match.start()) - 1]
        body = match.group()
        if match["quote"]:
            raise Word(text=body, line=line, source=source).refused("CHSC010E")
        if match["literal"]:
            found.append(Word(text=body, line=line, source=source, kind=WordKind.LITERAL))
            continue
        ends = body.endswith(".")
        body = (body.removesuffix(".") if ends else body.rstrip(",;")).lstrip(",;")
        if body:
            found.append(Word(text=body, line=line, source=source))
        if ends:
            found.append(Word(text=".", line=line, source=source, kind=WordKind.PERIOD))
    return found


def _join(text: str, *, source: str, free: bool) -> tuple[str, list[int], list[int]]:
    """Return the text without comments and with continued lines joined; where each line starts; their numbers."""
    pieces: list[str] = []
    starts: list[int] = []
    numbers: list[int] = []
    length = 0
    quote = ""
    for line in lines(text, free=free):
        if line.is_comment:
            continue
        here = Word(text=line.indicator, line=line.number, source=source)
        body = line.text
        if line.indicator == "-":
            body = body.lstrip(" ")
            if quote and not body.startswith(quote):
                raise Word(text=quote, line=line.number, source=source).refused("CHSC010E")
            body = body.removeprefix(quote)
        elif line.indicator != " ":
            raise here.refused("CHSC016E")
        elif quote:
            raise Word(text=quote, line=numbers[-1], source=source).refused("CHSC010E")
        else:
            pieces.append("\n")
            length += 1
        body, quote = _strip_comment(body, quote)
        starts.append(length)
        numbers.append(line.number)
        pieces.append(body)
        length += len(body)
    if quote:
        raise Word(text=quote, line=numbers[-1], source=source).refused("CHSC010E")
    return "".join(pieces), starts, numbers


def _strip_comment(body: str, quote: str) -> tuple[str, str]:
    """Return a line's text without its ``*>`` comment, and the quote that is still open at its end.

    A literal that goes on in the next line keeps its blanks up to column 72, which are part of it.
    """
    for place, character in enumerate(body):
        if quote:
            if character == quote:
                quote = ""
        elif character in "'\"":
            quote = character
        elif body.startswith("*>", place):
            return body[:place].rstrip(" "), ""
    if quote:
        first, last = TEXT_COLUMNS
        return body.ljust(last - first + 1), quote
    return body.rstrip(" "), ""
