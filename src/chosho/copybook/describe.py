"""The printed layout (レコード様式表): one row per item, groups included, offsets from 1 as a programmer counts."""

from dataclasses import dataclass

from chosho.copybook.layout import Item, Layout


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row of the printed layout; a table stands once, ``length`` being that of one occurrence."""

    level: int
    name: str
    picture: str
    usage: str
    offset: int
    length: int
    remark: str


def describe(layout: Layout) -> tuple[Row, ...]:
    """Return the rows of a layout in order of the copybook; offsets count from 1."""
    return tuple(
        Row(
            level=item.level,
            name=item.name,
            picture=item.picture,
            usage=item.usage,
            offset=item.offset + 1,
            length=item.length,
            remark=_remark(item),
        )
        for item in layout.items
    )


def _remark(item: Item) -> str:
    """Return what else the entry says, in the copybook's words; ``slack`` for bytes that no entry describes."""
    remarks = []
    if item.occurs > 1:
        remarks.append(f"OCCURS {item.occurs}")
    if item.redefines:
        remarks.append(f"REDEFINES {item.redefines}")
    if item.slack:
        remarks.append("slack")
    return " ".join(remarks)
