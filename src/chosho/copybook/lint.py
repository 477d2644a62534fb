"""Lint (コピー句の点検): what a copybook may say by accident, though it parses."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from chosho.copybook.entry import FILLER
from chosho.copybook.parse import parse_nodes
from chosho.copybook.source import TEXT_COLUMNS, Line, columns, is_free, lines, raw_lines
from chosho.copybook.tree import Node
from chosho.errors import message

_IDENTIFICATION = re.compile(r" *[0-9]*|[A-Z]{0,4} *[0-9]+ *|[A-Z0-9]{8} *")
"""What stands in columns 73-80 when they are used as meant: blank, a number, a name with a number."""
_SEQUENCE = re.compile(r"[0-9 ]*|[A-Z]{1,4}[0-9]{2,5}")
"""What stands in columns 1-6 when they are used as meant."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A finding of the lint (指摘): a message of the table, where it was found and about which word."""

    message_id: str
    source: str
    line: int
    word: str

    @property
    def text(self) -> str:
        """The finding, worded."""
        return message(self.message_id, source=self.source, line=self.line, word=self.word)


def lint(text: str, *, source: str = "copybook", free: bool | None = None) -> tuple[Finding, ...]:
    """Return what may be an accident in a copybook, in order of its lines.

    Text beyond column 72 or before column 7, tabs, comments outside column 7, redefinitions that are larger than
    their item, names that are not unique in their record, uneven levels.

    Raises:
        InputRefused: the copybook does not parse.
    """
    free = is_free(text) if free is None else free
    findings = list(_text_findings(text, source=source, free=free))
    for root in parse_nodes(text, source=source, free=free, dialect="ibm"):
        findings += _record_findings(root)
    return tuple(sorted(findings, key=lambda finding: (finding.line, finding.message_id)))


def _text_findings(text: str, *, source: str, free: bool) -> Iterator[Finding]:
    for raw, line in zip(raw_lines(text), lines(text, free=free), strict=True):
        if "\t" in raw:
            yield Finding(message_id="CHSC041W", source=source, line=line.number, word="")
        if free:
            continue
        if line.indicator not in "*/" and line.text.lstrip(" ").startswith("*"):
            if not line.text.lstrip(" ").startswith("*>"):
                yield Finding(message_id="CHSC042W", source=source, line=line.number, word="*")
        elif not line.is_comment:
            yield from _column_findings(raw, line, source)


def _column_findings(raw: str, line: Line, source: str) -> Iterator[Finding]:
    beyond = columns(raw, TEXT_COLUMNS[1] + 1)
    if not _IDENTIFICATION.fullmatch(beyond.rstrip(" ")):
        yield Finding(message_id="CHSC040W", source=source, line=line.number, word=beyond.split()[0])
    before = columns(raw, 1, 6)
    if not _SEQUENCE.fullmatch(before):
        yield Finding(message_id="CHSC046W", source=source, line=line.number, word=before.strip(" "))


def _record_findings(root: Node) -> Iterator[Finding]:
    nodes = list(_walk(root))
    names = Counter(node.entry.name for node in nodes if not node.children)
    for node in nodes:
        if node.entry.name != FILLER and not node.children and names[node.entry.name] > 1:
            yield _finding("CHSC044W", node)
        if node.target and node.length * node.occurrences > node.target.length:
            yield _finding("CHSC043W", node)
        if node.children:
            first = node.children[0].entry.level
            yield from (_finding("CHSC045W", child) for child in node.children if child.entry.level != first)


def _finding(message_id: str, node: Node) -> Finding:
    word = node.entry.word
    return Finding(message_id=message_id, source=word.source, line=word.line, word=word.text)


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _walk(child)
