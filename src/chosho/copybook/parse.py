"""From copybook text to layouts: the one door of the parser."""

from chosho.copybook.entry import entries
from chosho.copybook.layout import Layout, build
from chosho.copybook.place import place
from chosho.copybook.source import is_free, words
from chosho.copybook.tree import Node, records
from chosho.copybook.usage import dialect_named
from chosho.errors import InputRefused


def parse(
    text: str,
    *,
    source: str = "copybook",
    free: bool | None = None,
    dialect: str = "ibm",
    record: str | None = None,
) -> Layout:
    """Return the layout of a record from real COBOL copybook text.

    Args:
        text: the copybook.
        source: what to call it in messages; its stem names a record that has no level 01.
        free: free format; None finds out (a level number before column 8 makes it free).
        dialect: whose storage rules hold, a key of :data:`chosho.copybook.usage.DIALECTS`.
        record: which level 01 (or 77) is wanted; None takes the first.

    Raises:
        InputRefused: something in the text is not known, wrong or not supported, with file, line and word; or
            the record asked for is not there (CHSC023E).
    """
    for node in parse_nodes(text, source=source, free=free, dialect=dialect):
        if record is None or node.entry.name == record.upper():
            return build(node)
    raise InputRefused("CHSC023E", source=source, name=record or "data description")


def parse_all(
    text: str, *, source: str = "copybook", free: bool | None = None, dialect: str = "ibm"
) -> tuple[Layout, ...]:
    """Return the layouts of every record of a copybook, in order; arguments and refusals as in :func:`parse`."""
    return tuple(build(node) for node in parse_nodes(text, source=source, free=free, dialect=dialect))


def parse_nodes(text: str, *, source: str, free: bool | None, dialect: str) -> list[Node]:
    """Return the placed records of a copybook, before their tables are written out."""
    rules = dialect_named(dialect)
    found = words(text, source=source, free=is_free(text) if free is None else free)
    roots = records(entries(found), name=_stem(source), source=source, dialect=rules)
    for root in roots:
        place(root)
    return roots


def _stem(source: str) -> str:
    """Return the file name without folders and suffix, in capitals."""
    return source.replace("\\", "/").rpartition("/")[2].partition(".")[0].upper()
