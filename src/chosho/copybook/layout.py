"""Layouts (レコード様式): the fields of a record with their places, as everything above reads them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from chosho.copybook.tree import Condition, Node
from chosho.copybook.usage import Kind, Usage
from chosho.errors import InputRefused


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """An elementary item (基本項目) of a record, one occurrence of it.

    Attributes:
        name: in capitals; an occurrence as ``NAME(1)`` or ``NAME(2,3)``; ``FILLER`` when it has none.
        offset: of its first byte, from 0.
        length: in bytes.
        kind: how its bytes are to be read.
        path: the names from the record down to the item, without subscripts.
        digits: digits stored; ``scale``: decimals among them (negative: zeros behind them that are not stored).
        native: little-endian binary (COMP-5).
        redefined: it lies in an alternative view (REDEFINES) of bytes that another field covers.
        filler: it has no name, or it is slack that no entry describes.
    """

    name: str
    offset: int
    length: int
    kind: Kind
    path: tuple[str, ...] = ()
    level: int = 1
    digits: int = 0
    scale: int = 0
    signed: bool = False
    sign_leading: bool = False
    sign_separate: bool = False
    native: bool = False
    redefined: bool = False
    filler: bool = False
    justified: bool = False
    blank_when_zero: bool = False
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """An item as the copybook writes it, group or elementary; ``offset`` from 0 and ``length`` of one occurrence."""

    level: int
    name: str
    picture: str
    usage: str
    offset: int
    length: int
    occurs: int = 1
    redefines: str = ""
    slack: bool = False


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A record layout: its name, its length in bytes (LRECL), its fields in order of the copybook.

    The fields that are not ``redefined`` tile the record: every byte is in exactly one of them.
    ``items`` is the copybook's own view, for :func:`chosho.copybook.describe`.
    """

    name: str
    length: int
    fields: tuple[Field, ...]
    items: tuple[Item, ...] = ()

    def __getitem__(self, name: str) -> Field:
        """Return the field of a name, or of ``NAME OF GROUP`` where several have it.

        Raises:
            InputRefused: there is none (CHSC021E), or more than one (CHSC022E).
        """
        found = self._index.get(name.upper())
        if not found:
            raise InputRefused("CHSC021E", layout=self.name, name=name)
        if len(found) > 1:
            raise InputRefused("CHSC022E", layout=self.name, name=name)
        return found[0]

    def __contains__(self, name: object) -> bool:
        """Whether exactly one field answers to the name."""
        return isinstance(name, str) and len(self._index.get(name.upper(), ())) == 1

    def named(self) -> dict[str, Field]:
        """Return the fields that have a name, by name; by ``NAME OF GROUP`` where several have it.

        Raises:
            InputRefused: two fields cannot be told apart by any qualification (CHSC022E).
        """
        return {self._unique_name(field): field for field in self.fields if not field.filler}

    def _unique_name(self, field: Field) -> str:
        for name in _qualified_names(field):
            if len(self._index[name]) == 1:
                return name
        raise InputRefused("CHSC022E", layout=self.name, name=field.name)

    @cached_property
    def _index(self) -> dict[str, list[Field]]:
        index: dict[str, list[Field]] = {}
        for field in self.fields:
            if not field.filler:
                for name in _qualified_names(field):
                    index.setdefault(name, []).append(field)
        return index


def _qualified_names(field: Field) -> Iterator[str]:
    """Yield the name, then the name with one group after the other: ``A``, ``A OF G``, ``A OF G OF RECORD``."""
    name = field.name
    yield name
    for group in reversed(field.path[:-1]):
        name = f"{name} OF {group}"
        yield name


def build(root: Node) -> Layout:
    """Return the layout of a placed record, its tables written out occurrence by occurrence."""
    return Layout(
        name=root.entry.name,
        length=root.length,
        fields=tuple(_fields(root, shift=0, subscripts=(), path=(), redefined=False)),
        items=tuple(_items(root)),
    )


def _fields(
    node: Node, *, shift: int, subscripts: tuple[int, ...], path: tuple[str, ...], redefined: bool
) -> Iterator[Field]:
    path = (*path, node.entry.name)
    redefined = redefined or node.target is not None
    for occurrence in range(node.occurrences):
        here = (*subscripts, occurrence + 1) if node.entry.occurs else subscripts
        moved = shift + occurrence * node.length
        if node.storage:
            yield _field(node, shift=moved, subscripts=here, path=path, redefined=redefined)
        for child in node.children:
            yield from _fields(child, shift=moved, subscripts=here, path=path, redefined=redefined)


def _field(
    node: Node, *, shift: int, subscripts: tuple[int, ...], path: tuple[str, ...], redefined: bool
) -> Field:
    entry = node.entry
    if node.storage is None or entry.picture is None:
        raise AssertionError(entry.name)
    subscript = f"({','.join(map(str, subscripts))})" if subscripts else ""
    return Field(
        name=entry.name + subscript,
        path=path,
        level=entry.level,
        offset=node.offset + shift,
        length=node.length,
        kind=node.storage.kind,
        digits=entry.picture.digits,
        scale=entry.picture.scale,
        signed=entry.picture.signed,
        sign_leading=node.sign_leading,
        sign_separate=node.sign_separate,
        native=node.storage.native,
        redefined=redefined,
        filler=entry.filler,
        justified=entry.justified is not None,
        blank_when_zero=entry.blank_when_zero is not None,
        conditions=tuple(node.conditions),
    )


def _items(node: Node) -> Iterator[Item]:
    entry = node.entry
    if entry.level:
        usage = node.usage or (
            Usage.DISPLAY if node.storage and node.storage.kind is not Kind.NATIONAL else ""
        )
        yield Item(
            level=entry.level,
            name=entry.name,
            picture=entry.picture.text if entry.picture else "",
            usage=(usage or Usage.NATIONAL) if node.storage else "",
            offset=node.offset,
            length=node.length,
            occurs=node.occurrences,
            redefines=entry.redefines.upper if entry.redefines else "",
            slack=node.slack,
        )
    for child in node.children:
        yield from _items(child)
