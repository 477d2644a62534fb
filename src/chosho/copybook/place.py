"""Places of the items in their record (項目の位置): offsets and lengths, slack bytes, synchronized items.

A redefinition starts where its item starts. One that is larger than its item makes the record grow (as IBM and
GnuCOBOL do; lint names it): the bytes behind the item are then slack of the group. A SYNC binary item is moved to
the next multiple of its alignment, the bytes before it are slack; where compilers differ about whose slack it is
(inside tables and redefinitions, at the start of a group) it must already be aligned, else it is refused.
"""

from chosho.copybook.entry import FILLER, Entry
from chosho.copybook.picture import Category, Picture
from chosho.copybook.tree import Node
from chosho.copybook.usage import Kind, Storage

LONGEST_RECORD = 32_760
"""Bytes of the longest fixed record of a host dataset (LRECL)."""


def place(root: Node) -> None:
    """Set offset and length of every item of a record, and insert its slack bytes.

    Raises:
        InputRefused: slack in a place that is not supported (CHSC014E), or the record is too long (CHSC026E).
    """
    _place(root, 0, strides=(), redefined=False)
    if root.length > LONGEST_RECORD:
        raise root.entry.word.refused("CHSC026E", length=root.length)


def _place(node: Node, offset: int, *, strides: tuple[Node, ...], redefined: bool) -> None:
    node.offset = offset
    if node.storage:
        node.length = node.storage.length
        return
    if node.entry.occurs:
        strides = (*strides, node)
    placed: list[Node] = []
    base: Node | None = None
    end = offset
    for child in node.children:
        if child.target:
            _place(child, child.target.offset, strides=strides, redefined=True)
            _check_aligned(child, free_to_move=False)
        else:
            _fill(placed, base, end)
            start = end
            movable = bool(placed) and not strides and not redefined
            start += _gap(child, end, free_to_move=movable)
            if start > end:
                placed.append(_slack(child, end, start - end))
            _place(child, start, strides=strides, redefined=redefined)
            base = child
        placed.append(child)
        end = max(end, child.end)
    _fill(placed, base, end)
    node.children = placed
    node.length = end - offset
    if node.entry.occurs:
        _check_stride(node, node)


def _gap(node: Node, offset: int, *, free_to_move: bool) -> int:
    """Return how many slack bytes an item needs before it at this offset."""
    if not (node.storage and node.entry.synchronized):
        return 0
    gap = -offset % node.storage.alignment
    if gap and (not free_to_move or node.entry.occurs):
        raise node.entry.synchronized.refused("CHSC014E")
    if node.entry.occurs and node.storage.length % node.storage.alignment:
        raise node.entry.synchronized.refused("CHSC014E")
    return gap


def _check_aligned(node: Node, *, free_to_move: bool) -> None:
    """Check that a redefinition that is itself synchronized stands on its alignment."""
    _gap(node, node.offset, free_to_move=free_to_move)


def _check_stride(table: Node, node: Node) -> None:
    """Check that every occurrence of a table is aligned when the first one is."""
    for child in node.children:
        if child.entry.synchronized and child.storage and table.length % child.storage.alignment:
            raise child.entry.synchronized.refused("CHSC014E")
        _check_stride(table, child)


def _fill(placed: list[Node], base: Node | None, end: int) -> None:
    """Add slack where redefinitions reach beyond the item they redefine, so that the items tile their group."""
    if base and base.end < end:
        placed.append(_slack(base, base.end, end - base.end))


def _slack(neighbour: Node, offset: int, length: int) -> Node:
    picture = Picture(text=f"X({length})", category=Category.TEXT, size=length)
    entry = Entry(word=neighbour.entry.word, level=neighbour.entry.level, name=FILLER, picture=picture)
    return Node(
        entry=entry,
        storage=Storage(kind=Kind.TEXT, length=length),
        slack=True,
        offset=offset,
        length=length,
    )
