"""The tree of a record (項目の階層): entries nested by level, with usage and sign inherited, and REDEFINES resolved.

A group ends where an item of the same or a lower level number comes. A copybook without level 01 describes one
record; several 01s describe several records, each alone (a 01 that redefines another one is such a record too).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from chosho.copybook.entry import CONDITION, STANDALONE, Entry, Sign
from chosho.copybook.literal import Range
from chosho.copybook.picture import Category, Picture
from chosho.copybook.source import Word
from chosho.copybook.usage import Dialect, Storage, Usage, storage

RECORD = 1
"""The level of a record."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """A condition name (条件名, level 88) and the values it stands for."""

    name: str
    values: tuple[Range, ...]


@dataclass(kw_only=True, slots=True)
class Node:
    """An item with the items below it; ``offset`` (from 0, first occurrence) and ``length`` (one occurrence) come last.

    ``target`` is the item it redefines. ``slack`` marks bytes that no entry describes.
    """

    entry: Entry
    children: list["Node"] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    storage: Storage | None = None
    usage: Usage | None = None
    sign_leading: bool = False
    sign_separate: bool = False
    target: "Node | None" = None
    slack: bool = False
    offset: int = 0
    length: int = 0

    @property
    def occurrences(self) -> int:
        """How many times the item stands (1 without OCCURS)."""
        return self.entry.occurs or 1

    @property
    def end(self) -> int:
        """The offset behind the last occurrence."""
        return self.offset + self.length * self.occurrences


def records(entries: Iterable[Entry], *, name: str, source: str, dialect: Dialect) -> list[Node]:
    """Return the records of a copybook, their items not yet placed.

    Args:
        entries: the data descriptions, in order.
        name: what to call the record of a copybook without level 01.
        source: what to call the copybook in messages.
        dialect: whose rules hold.

    Raises:
        InputRefused: levels, clauses or redefinitions do not go together.
    """
    roots: list[Node] = []
    stack: list[Node] = []
    for entry in entries:
        if entry.level == CONDITION:
            _attach_condition(entry, roots)
        elif entry.level in {RECORD, STANDALONE}:
            stack = [_record(entry, roots)]
        else:
            if not roots:
                word = Word(text=name, line=entry.word.line, source=source)
                roots.append(Node(entry=Entry(word=word, level=0, name=name)))
                stack = [roots[0]]
            _nest(entry, stack)
    for root in roots:
        _inherit(root, usage=None, sign=None, dialect=dialect)
    return roots


def _record(entry: Entry, roots: list[Node]) -> Node:
    """Start a record of level 01 or 77."""
    if roots and roots[0].entry.level == 0:
        raise entry.word.refused("CHSC009E")
    if entry.occurs_word:
        raise entry.occurs_word.refused("CHSC019E")
    roots.append(Node(entry=entry))
    return roots[-1]


def _nest(entry: Entry, stack: list[Node]) -> None:
    """Put an item into the group it belongs to; ``stack`` is the way from the record to the item before it."""
    while stack[-1].entry.level >= entry.level and stack[-1].entry.level != STANDALONE:
        stack.pop()
    parent = stack[-1]
    if parent.entry.level == STANDALONE:
        raise entry.word.refused("CHSC009E")
    if parent.entry.picture_word:
        raise parent.entry.word.refused("CHSC012E")
    node = Node(entry=entry)
    if entry.redefines:
        node.target = _target(parent, entry.redefines, entry.level)
    parent.children.append(node)
    stack.append(node)


def _attach_condition(entry: Entry, roots: list[Node]) -> None:
    """Give a condition name to the item before it."""
    node = roots[-1] if roots else None
    while node and node.children:
        node = node.children[-1]
    if node is None:
        raise entry.word.refused("CHSC009E")
    node.conditions.append(Condition(name=entry.name, values=entry.values))


def _target(parent: Node, word: Word, level: int) -> Node:
    """Return the item that a REDEFINES names: the last one of its group that has storage, or a redefinition of it."""
    for sibling in reversed(parent.children):
        if sibling.entry.level == level and sibling.entry.name == word.upper and sibling.entry.occurs is None:
            return sibling
        if sibling.target is None:
            break
    raise word.refused("CHSC008E")


def _inherit(node: Node, *, usage: Usage | None, sign: Sign | None, dialect: Dialect) -> None:
    """Hand usage and sign of groups down to their items, and check each item's clauses against each other."""
    entry = node.entry
    if entry.usage_word and usage and entry.usage is not usage:
        raise entry.usage_word.refused("CHSC007E", name=entry.name)
    node.usage = entry.usage or usage
    sign = entry.sign or sign
    if entry.picture and entry.picture_word:
        signed = _check_elementary(entry, entry.picture, node.usage)
        if sign and signed:
            node.sign_leading = sign.leading
            node.sign_separate = sign.separate
        node.storage = storage(
            entry.picture, entry.picture_word, node.usage, separate=node.sign_separate, dialect=dialect
        )
        return
    if not node.children:
        raise entry.word.refused("CHSC011E")
    for word in (entry.justified, entry.blank_when_zero, entry.synchronized):
        if word:
            raise word.refused("CHSC007E", name=entry.name)
    for child in node.children:
        _inherit(child, usage=node.usage, sign=sign, dialect=dialect)


def _check_elementary(entry: Entry, picture: Picture, usage: Usage | None) -> bool:
    """Check the clauses of an elementary item against its picture; return whether a SIGN clause would hold for it."""
    numeric = picture.category is Category.NUMERIC
    zoned = numeric and usage in {None, Usage.DISPLAY}
    if entry.sign and not (zoned and picture.signed):
        raise entry.sign.word.refused("CHSC018E", name=entry.name)
    if entry.justified and numeric:
        raise entry.justified.refused("CHSC007E", name=entry.name)
    if entry.blank_when_zero and not zoned:
        raise entry.blank_when_zero.refused("CHSC007E", name=entry.name)
    return zoned and picture.signed
