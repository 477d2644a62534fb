"""Data description entries (データ記述項): the words between two periods, read clause by clause.

Clauses may stand in any order after the name, each once. A word that starts no clause is refused, with its line.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from chosho.copybook.literal import FIGURATIVE, Literal, LiteralForm, Range, is_literal, parse_literal
from chosho.copybook.picture import Picture, parse_picture
from chosho.copybook.source import LISTING_WORDS, Word, WordKind
from chosho.copybook.usage import OTHER_USAGES, USAGES, Usage

FILLER = "FILLER"
"""The name of an item without a name (無名項目)."""
CONDITION = 88
"""The level of condition names (条件名)."""
STANDALONE = 77
"""The level of an item that stands alone (独立項目)."""

_LEVEL = re.compile(r"[0-9]{1,2}")
_LEVELS = frozenset({*range(1, 50), STANDALONE, CONDITION})
_RENAMES = 66
_STATEMENTS = frozenset({"COPY", "REPLACE", "BASIS", "INSERT", "DELETE", "TITLE", "++INCLUDE", "-INC"})
_MOST_OCCURRENCES = 32_760


@dataclass(frozen=True, kw_only=True, slots=True)
class Sign:
    """A SIGN clause: where the sign stands, and whether it takes a byte of its own."""

    word: Word
    leading: bool
    separate: bool


@dataclass(kw_only=True, slots=True)
class Entry:
    """One data description; ``word`` is its name (or its level, when unnamed), for messages."""

    word: Word
    level: int
    name: str
    picture: Picture | None = None
    picture_word: Word | None = None
    usage: Usage | None = None
    usage_word: Word | None = None
    sign: Sign | None = None
    occurs: int | None = None
    occurs_word: Word | None = None
    redefines: Word | None = None
    values: tuple[Range, ...] = ()
    synchronized: Word | None = None
    justified: Word | None = None
    blank_when_zero: Word | None = None
    clauses: set[str] = field(default_factory=set)

    @property
    def filler(self) -> bool:
        """Whether the item has no name of its own."""
        return self.name == FILLER


def entries(found: Sequence[Word]) -> Iterator[Entry]:
    """Yield the data descriptions of a copybook.

    Raises:
        InputRefused: something is not known, wrong, or not supported; the message names line and word.
    """
    sentence: list[Word] = []
    for word in found:
        if word.kind is not WordKind.PERIOD:
            if sentence or word.upper not in LISTING_WORDS:
                sentence.append(word)
        elif sentence:
            yield _Reader(sentence).entry()
            sentence = []
    if sentence:
        raise sentence[-1].refused("CHSC025E")


class _Reader:
    """Reads one entry; every method takes the words of its clause."""

    def __init__(self, sentence: Sequence[Word]) -> None:
        self._words = sentence
        self._next = 0
        first = self._take()
        if first.upper in _STATEMENTS:
            raise first.refused("CHSC015E")
        if first.kind is not WordKind.WORD or not _LEVEL.fullmatch(first.text):
            raise first.refused("CHSC001E")
        if int(first.text) == _RENAMES:
            raise (self._peek() or first).refused("CHSC002E")
        if int(first.text) not in _LEVELS:
            raise first.refused("CHSC009E")
        self._entry = Entry(word=first, level=int(first.text), name=FILLER)

    def entry(self) -> Entry:
        """Return the entry, all its words read."""
        word = self._peek()
        if word and word.upper not in _CLAUSES and word.upper not in OTHER_USAGES:
            self._entry.word = self._name()
            self._entry.name = self._entry.word.upper
        while word := self._peek():
            if self._entry.level == CONDITION and word.upper not in {"VALUE", "VALUES"}:
                raise word.refused("CHSC001E")
            self._take()
            if word.upper in OTHER_USAGES:
                raise word.refused("CHSC005E")
            clause = _CLAUSES.get(word.upper) if word.kind is WordKind.WORD else None
            if clause is None:
                raise word.refused("CHSC001E")
            if clause.__name__ in self._entry.clauses:
                raise word.refused("CHSC013E")
            self._entry.clauses.add(clause.__name__)
            clause(self, word)
        if self._entry.level == CONDITION and (self._entry.filler or not self._entry.values):
            raise self._entry.word.refused("CHSC027E")
        return self._entry

    def _peek(self) -> Word | None:
        return self._words[self._next] if self._next < len(self._words) else None

    def _take(self) -> Word:
        """Return the next word; when there is none, the last one is to blame."""
        word = self._peek()
        if word is None:
            raise self._words[-1].refused("CHSC001E")
        self._next += 1
        return word

    def _skip(self, *optional: str) -> Word | None:
        """Take the next word if it is one of the optional ones."""
        word = self._peek()
        if word and word.kind is WordKind.WORD and word.upper in optional:
            self._next += 1
            return word
        return None

    def _name(self) -> Word:
        """Take a data name: letters (Japanese ones too), digits, inner hyphens and underscores, one letter at least."""
        word = self._take()
        plain = word.text.replace("-", "").replace("_", "")
        fits = plain.isalnum() and any(character.isalpha() for character in plain)
        if word.kind is not WordKind.WORD or not fits or "-" in (word.text[0], word.text[-1]):
            raise word.refused("CHSC001E")
        return word

    def picture(self, _word: Word) -> None:
        self._skip("IS")
        self._entry.picture_word = self._take()
        self._entry.picture = parse_picture(self._entry.picture_word)

    def usage(self, word: Word) -> None:
        if word.upper == "USAGE":
            self._skip("IS")
            word = self._take()
        if word.upper in OTHER_USAGES:
            raise word.refused("CHSC005E")
        if word.upper not in USAGES:
            raise word.refused("CHSC001E")
        self._entry.usage = USAGES[word.upper]
        self._entry.usage_word = word

    def sign(self, word: Word) -> None:
        place = word
        if word.upper == "SIGN":
            self._skip("IS")
            place = self._take()
        if place.upper not in {"LEADING", "TRAILING"}:
            raise place.refused("CHSC001E")
        separate = self._skip("SEPARATE") is not None
        if separate:
            self._skip("CHARACTER")
        self._entry.sign = Sign(word=word, leading=place.upper == "LEADING", separate=separate)

    def occurs(self, _word: Word) -> None:
        word = self._take()
        if not word.text.isascii() or not word.text.isdigit() or not 0 <= int(word.text) <= _MOST_OCCURRENCES:
            raise word.refused("CHSC019E")
        if variable := self._skip("TO"):
            raise variable.refused("CHSC003E")
        self._skip("TIMES")
        if variable := self._skip("DEPENDING"):
            raise variable.refused("CHSC003E")
        if int(word.text) == 0:
            raise word.refused("CHSC019E")
        self._entry.occurs = int(word.text)
        self._entry.occurs_word = word
        while self._skip("ASCENDING", "DESCENDING"):
            self._skip("KEY")
            self._skip("IS")
            self._names()
        if self._skip("INDEXED"):
            self._skip("BY")
            self._names()

    def _names(self) -> None:
        """Take one name and those that follow it; keys and indexes take no part in the layout."""
        self._name()
        while (word := self._peek()) and word.upper not in _AFTER_NAMES:
            self._name()

    def redefines(self, _word: Word) -> None:
        self._entry.redefines = self._name()

    def value(self, _word: Word) -> None:
        self._skip("IS", "ARE")
        self._entry.values = (self._range(),)
        while self._entry.level == CONDITION and (word := self._peek()) and is_literal(word):
            self._entry.values += (self._range(),)

    def _range(self) -> Range:
        low = self._literal()
        if self._skip("THRU", "THROUGH"):
            if self._entry.level != CONDITION:
                raise self._words[self._next - 1].refused("CHSC027E")
            return Range(low=low, high=self._literal())
        return Range(low=low)

    def _literal(self) -> Literal:
        if not self._skip("ALL"):
            return parse_literal(self._take())
        word = self._take()
        if word.upper in FIGURATIVE:
            return parse_literal(word)
        if word.kind is not WordKind.LITERAL:
            raise word.refused("CHSC027E")
        return Literal(form=LiteralForm.ALL, text=parse_literal(word).text)

    def synchronized(self, word: Word) -> None:
        self._skip("LEFT", "RIGHT")
        self._entry.synchronized = word

    def justified(self, word: Word) -> None:
        self._skip("RIGHT")
        self._entry.justified = word

    def blank(self, word: Word) -> None:
        self._skip("WHEN")
        zero = self._take()
        if zero.upper not in {"ZERO", "ZEROS", "ZEROES"}:
            raise zero.refused("CHSC001E")
        self._entry.blank_when_zero = word


_CLAUSES: dict[str, Callable[[_Reader, Word], None]] = {
    "PIC": _Reader.picture,
    "PICTURE": _Reader.picture,
    "USAGE": _Reader.usage,
    **dict.fromkeys(USAGES, _Reader.usage),
    "SIGN": _Reader.sign,
    "LEADING": _Reader.sign,
    "TRAILING": _Reader.sign,
    "OCCURS": _Reader.occurs,
    "REDEFINES": _Reader.redefines,
    "VALUE": _Reader.value,
    "VALUES": _Reader.value,
    "SYNC": _Reader.synchronized,
    "SYNCHRONIZED": _Reader.synchronized,
    "JUST": _Reader.justified,
    "JUSTIFIED": _Reader.justified,
    "BLANK": _Reader.blank,
}
_AFTER_NAMES = frozenset({*_CLAUSES, *OTHER_USAGES, "ASCENDING", "DESCENDING", "INDEXED"})
