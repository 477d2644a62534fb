"""Check statement files together (支払調書ファイルの検査): what is in each, how they are named, and their records side by side.

Any bytes may come: what is no statement file is a finding, not an error of the program. Names: ``310dat01.txt``, 01 to 99
running per kind (標準規格 §2).
"""

import codecs
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from chosho.errors import StopLine
from chosho.statement import layout
from chosho.statement.check import Data, Finding, RowCheck, Totals
from chosho.statement.check_marks import Marks

_NAME = re.compile(r"([0-9]{3})dat([0-9]{2})\.txt")
_UTF8_MARK = codecs.BOM_UTF8
_MARKS = (_UTF8_MARK, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEAD = 1 << 20
"""Bytes that tell the kind and the characters of a file."""
_ASCII = 0x80


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A file to be checked (検査対象): how it is shown, its own name, what reads it from its start; None: it is encrypted."""

    shown: str
    name: str
    read: Callable[[], Iterator[Data]] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FileResult:
    """The outcome for one file (ファイル検査結果). ``code`` is empty when no kind was found; ``amounts``: yen by item number."""

    shown: str
    code: str
    totals: Totals
    amounts: dict[int, int]
    findings: list[Finding]


def check_files(
    sources: Sequence[Source], *, tax_year: int | None = None, last_item: str = "space"
) -> list[FileResult]:
    """Check files, each by itself and all of them together.

    Args:
        sources: the files; they are read once, more often only when they hold more records than can be compared at once.
        tax_year: see :class:`chosho.statement.check.RowCheck`.
        last_item: as there; the house that built the file is not known, so both forms are taken.

    Raises:
        InputRefused: an encrypted file does not open with the passphrase given.
    """
    marks = Marks()
    checks = [
        _FileCheck(source, tax_year=tax_year, last_item=last_item, marks=marks, place=place)
        for place, source in enumerate(sources)
    ]
    for check in checks:
        check.run()
    for place in _out_of_sequence([source.name for source in sources if source.read]):
        readable = [check for check in checks if check.source.read]
        readable[place].rows.note("SEQUENCE")
    for part in range(marks.parts):
        if part:
            marks = Marks(part, marks.parts)
            for place, source in enumerate(sources):
                _FileCheck(source, tax_year=tax_year, last_item=last_item, marks=marks, place=place).run()
        for rule, file, records in marks.findings():
            checks[file].rows.note_records(rule, records)
    return [check.result() for check in checks]


class _FileCheck:
    """The check of one file, whatever it holds."""

    def __init__(
        self, source: Source, *, tax_year: int | None, last_item: str, marks: Marks, place: int
    ) -> None:
        self.source = source
        self.code = ""
        self._settings = (tax_year, last_item, marks.of_file(place))
        self.rows = self._row_check(layout.kinds()[0])

    def run(self) -> None:
        """Read the file and note what is found; :meth:`result` has it."""
        if self.source.read is None:
            self.rows.note("SEALED")
            return
        noted: list[str] = []
        pieces = self.source.read()
        head = b""
        try:
            head = _head(pieces)
            noted += self._about(head)
            if self.code:
                self.rows = self._row_check(self.code)
                self.rows.feed(head.removeprefix(_UTF8_MARK))
                for piece in pieces:
                    self.rows.feed(piece)
        except (StopLine, OSError):
            noted.append("DAMAGED")
        if self.code:
            self.rows.finish()
        for rule in noted:
            self.rows.note(rule)

    def _row_check(self, code: str) -> RowCheck:
        tax_year, last_item, marks = self._settings
        return RowCheck(code, tax_year=tax_year, last_item=last_item, marks=marks)

    def _about(self, head: bytes) -> list[str]:
        """Return the rules that name and head of the file break, and find its kind."""
        rules = []
        named = _NAME.fullmatch(self.source.name)
        name_kind = named[1] if named and named[1] in layout.kinds() else ""
        if not (named and name_kind and named[2] != "00"):
            rules.append("NAME")
        if head.startswith(_MARKS):
            rules.append("BOM")
        body = head.removeprefix(_UTF8_MARK)
        if _is_utf8(body):
            rules.append("UTF8")
        if not body:
            self.code = name_kind
            return [*rules, "EMPTY"]
        kind = next((one for one in layout.kinds() if body.startswith(one.encode())), "")
        if not kind:
            rules.append("UNKNOWN")
        elif name_kind not in ("", kind):
            rules.append("NAMEKIND")
        self.code = kind or name_kind
        return rules

    def result(self) -> FileResult:
        """Return the outcome."""
        totals = self.rows.totals
        items = layout.load(self.code).amounts if self.code else ()
        return FileResult(
            shown=self.source.shown,
            code=self.code,
            totals=totals,
            amounts=dict(zip((item.number for item in items), totals.amounts, strict=False)),
            findings=self.rows.listed,
        )


def _head(pieces: Iterator[Data]) -> bytes:
    head = bytearray()
    for piece in pieces:
        head += memoryview(piece).cast("B")
        if len(head) >= _HEAD:
            break
    return bytes(head)


def _is_utf8(head: bytes) -> bool:
    """Return whether there are other characters than ASCII and all are UTF-8, but for one cut off at the end."""
    if max(head, default=0) < _ASCII:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head[:_HEAD])
    except UnicodeDecodeError:
        return False
    return True


def _out_of_sequence(names: Sequence[str]) -> list[int]:
    """Return the places of the names whose number does not follow the one before it in its kind."""
    found = []
    numbered = sorted(
        (named[1], int(named[2]), place)
        for place, name in enumerate(names)
        if (named := _NAME.fullmatch(name))
    )
    for (kind, number, _), (next_kind, next_number, place) in itertools.pairwise(numbered):
        if kind == next_kind and next_number != number + 1:
            found.append(place)
    return found
