"""What a statement deck must come to, computed a second time from the source files: plain Python, one record at a time.

The host's text is read by ``iconv``, its numbers by the few lines below; which payments need a statement, whose numbers stand on it
and what its items say come from the models in ``tests/model``. Nothing here is vectorised, and of chosho only the copybooks'
offsets (held against GnuCOBOL elsewhere) are used.
"""

import itertools
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from chosho.copybook import Field, Kind, Layout, load
from chosho.extract.candidate import NAMES
from chosho.fixtures import number_file
from chosho.fixtures.world import World
from tests.model import changes, extract, match
from tests.model.statement import Row
from tests.scenarios.house import CONTRACTS, SEED, TAX_YEAR

Record = dict[str, Any]
LRECL = 700
KEPT, LEFT_OUT = {"K310", "K366"}, {"YEAR", "K323", "LUMP", "ANNU"}
PLAIN = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
GAIJI = "\ue000"
"""Stands for a host character that CP932 lacks; the models know it as a character that is lost."""


JANUARY = extract.Scope(period=str(TAX_YEAR))
"""What the JANUARY deck makes, of which days."""


class BadCellError(ValueError):
    """A cell that cannot be read; the argument is the reason's four letters."""


def digits(data: bytes) -> int:
    """Return an unsigned zoned number."""
    if set(data) == {0x40}:
        raise BadCellError("BLNK")
    if any(not 0xF0 <= byte <= 0xF9 for byte in data):
        raise BadCellError("ZDIG")
    return int(bytes(byte - 0xC0 for byte in data))


def packed(data: bytes) -> int:
    """Return a packed number."""
    if set(data) == {0x40}:
        raise BadCellError("BLNK")
    text = data.hex()
    if not text[:-1].isdecimal():
        raise BadCellError("PDIG")
    if text[-1] not in "abcdef":
        raise BadCellError("PSGN")
    return -int(text[:-1]) if text[-1] in "bd" else int(text[:-1])


class HostText:
    """Texts of host records, converted all together: one call of iconv for thousands of them."""

    def __init__(self, iconv: str) -> None:
        self._iconv = iconv
        self._known: dict[bytes, str] = {}

    def take(self, texts: Sequence[bytes]) -> None:
        """Convert texts that are sound in themselves."""
        new = sorted(set(texts) - self._known.keys())
        if not new:
            return
        for text, data in zip(self._converted(b"\x25".join(new)), new, strict=True):
            self._known[data] = text

    def _converted(self, data: bytes) -> list[str]:
        command = [self._iconv, "-f", "IBM1399", "-t", "UTF-8"]
        done = subprocess.run(command, input=data, capture_output=True, check=False)
        if done.returncode:
            raise BadCellError("UNMP")
        return done.stdout.decode().split("\n")

    def __getitem__(self, data: bytes) -> str:
        """Return a text as CP932 can say it; what it lacks becomes :data:`GAIJI`."""
        if data not in self._known:
            self.take([data])
        return "".join(GAIJI if one > "\u00ff" and not _in_cp932(one) else one for one in self._known[data])


def _in_cp932(one: str) -> bool:
    try:
        one.encode("cp932")
    except UnicodeEncodeError:
        return False
    return not "\ue000" <= one <= "\uf8ff"


def double_byte(pair: bytes) -> None:
    """Raise when two bytes cannot be a double-byte character."""
    if pair != b"\x40\x40" and not all(0x41 <= byte <= 0xFE for byte in pair):
        raise BadCellError("DBCS")


def mixed(data: bytes) -> bytes:
    """Return mixed text with sound shifts as it is; raise where SO and SI do not stand in pairs."""
    double = False
    place = 0
    while place < len(data):
        byte = data[place]
        if byte == (0x0F if not double else 0x0E):
            raise BadCellError("SOSI")
        if byte in (0x0E, 0x0F):
            double = not double
        elif double:
            if place + 1 == len(data):
                raise BadCellError("SOSI")
            double_byte(data[place : place + 2])
            place += 1
        place += 1
    if double:
        raise BadCellError("SOSI")
    return data


def cell(field: Field, data: bytes, text: HostText) -> int | str:
    """Return the value of a cell: integers, texts without trailing spaces."""
    if field.kind is Kind.ZONED:
        return digits(data)
    if field.kind is Kind.PACKED:
        return packed(data)
    if field.kind is Kind.BINARY:
        return int.from_bytes(data, "big", signed=True)
    if field.kind is Kind.NATIONAL:
        for place in range(0, len(data), 2):
            double_byte(data[place : place + 2])
        return text[b"\x0e" + data + b"\x0f"].rstrip("　")
    return text[mixed(data)].rstrip(" 　")


def records(path: Path, layout: Layout, text: HostText) -> list[Record]:
    """Return the records of a source file; a cell that cannot be read is its :class:`BadCellError`."""
    data = path.read_bytes()
    fields = list(layout.named().values())
    found = []
    for start in range(0, len(data), LRECL):
        record: Record = {}
        for field in fields:
            raw = data[start + field.offset : start + field.offset + field.length]
            try:
                record[field.name] = cell(field, raw, text)
            except BadCellError as error:
                record[field.name] = error
        found.append(record)
    return found


def warm(path: Path, layout: Layout, text: HostText) -> None:
    """Convert the texts of a file's sound records all at once; those of a bad one come when they are asked for."""
    data = path.read_bytes()
    wanted: list[bytes] = []
    for field in layout.named().values():
        if field.kind not in {Kind.TEXT, Kind.NATIONAL}:
            continue
        column = [data[at + field.offset :][: field.length] for at in range(0, len(data), LRECL)]
        if field.kind is Kind.NATIONAL:
            column = [b"\x0e" + one + b"\x0f" for one in column]
        try:
            text.take([mixed(one) for one in column])
        except BadCellError:
            wanted += column
    for one in wanted:
        try:
            text.take([mixed(one)])
        except BadCellError:
            continue


def registrations(world: World) -> list[Record]:
    """Return the rows of the number master of a world, which stands sealed in its data root."""
    layout = load("NUMMAST")
    rows = b"".join(block.tobytes() for block in number_file.blocks(world))
    return [
        {
            name: rows[at + field.offset :][: field.length].decode("cp932").rstrip(" ")
            for name, field in layout.named().items()
        }
        for at in range(0, len(rows), layout.length)
    ]


@dataclass(frozen=True)
class Expected:
    """What the models say of the world below a data root."""

    root: Path
    iconv: str
    scope: extract.Scope = JANUARY

    @cached_property
    def text(self) -> HostText:
        return HostText(self.iconv)

    @cached_property
    def payments(self) -> list[Record]:
        layout = load("PAYSRC")
        warm(self.root / "source" / "PAYMENT.DAT", layout, self.text)
        return records(self.root / "source" / "PAYMENT.DAT", layout, self.text)

    @cached_property
    def contracts(self) -> list[Record]:
        layout = load("CONTRACT")
        warm(self.root / "source" / "CONTRACT.DAT", layout, self.text)
        return records(self.root / "source" / "CONTRACT.DAT", layout, self.text)

    @cached_property
    def unreadable(self) -> dict[int, tuple[str, str]]:
        """Reason and field of each payment of which some cell cannot be read, by its place from 0."""
        found = {}
        for place, record in enumerate(self.payments):
            bad = [(str(value), name) for name, value in record.items() if isinstance(value, BadCellError)]
            if not bad and not (set(record["POLICY-NO"]) <= PLAIN and len(record["POLICY-NO"]) == 11):
                bad = [("KEYC", "POLICY-NO")]
            if bad:
                found[place] = bad[0]
        return found

    @cached_property
    def judged(self) -> tuple[list[Record], dict[int, str]]:
        """The payment data, and the outcome of each payment by its place."""
        # What the decision does not look at is read, and found bad, only of the payments that are kept.
        late = {place: why for place, (why, name) in self.unreadable.items() if name not in NAMES}
        readable = [
            place for place in range(len(self.payments)) if place in late or place not in self.unreadable
        ]
        chosen = [self.payments[place] for place in readable]
        outcomes = extract.judge(chosen, self.scope)
        for at, place in enumerate(readable):
            if place in late and outcomes[at][1:] in self.scope.kinds:
                outcomes[at] = late[place]
        data, outcomes = extract.build(chosen, outcomes, self.contracts, self.scope)
        told = dict(zip(readable, outcomes, strict=True))
        early = self.unreadable.keys() - late.keys()
        return data, told | {place: self.unreadable[place][0] for place in early}

    @cached_property
    def rejected(self) -> dict[int, str]:
        """The reason of each rejected payment by the number of its record, from 1."""
        return {
            place + 1: outcome
            for place, outcome in self.judged[1].items()
            if outcome not in KEPT and outcome not in LEFT_OUT
        }

    @cached_property
    def outcomes(self) -> Counter[str]:
        """How many payments had each outcome."""
        return Counter(self.judged[1].values())

    @cached_property
    def numbers(self) -> list[dict[str, tuple[str, str]]]:
        """Reason and number of the payee's and the contractor's item of each payment data record."""
        master: dict[str, list[Record]] = {}
        for row in registrations(World(CONTRACTS, SEED, TAX_YEAR)):
            master.setdefault(row["POLICY-NO"], []).append(row)
        return [
            {
                "PAYEE": match.item(payment, master.get(payment["POLICY-NO"], []), "02"),
                "CONTRACTOR": match.item(payment, master.get(payment["POLICY-NO"], []), "01"),
            }
            for payment in self.judged[0]
        ]

    @cached_property
    def obligor(self) -> Record:
        """The obligor's items, from the settings of the root."""
        settings = YAML(typ="safe").load(self.root / "SETTINGS.yaml")["obligor"]
        return {
            "OBLIGOR-ADDRESS": settings["address"],
            "OBLIGOR-NAME": settings["name"],
            "OBLIGOR-PHONE": settings["phone"],
            "OBLIGOR-CORPORATE-NO": settings["corporate_no"],
        }

    @cached_property
    def changes(self) -> tuple[list[Record], list[str]]:
        """The records of the changes of contractor by death in the tax year, and the outcome of each contract."""
        outcomes = changes.judge(self.contracts, TAX_YEAR)
        return changes.data(self.contracts, outcomes, self.scope.submitted_on), outcomes

    @cached_property
    def rows(self) -> Mapping[str, list[list[str]]]:
        """The items of each statement by kind."""
        obligor = self.obligor
        pairs = [
            (
                {name: _bytes(value) for name, value in (payment | obligor).items()},
                {f"{who}-NUMBER": number for who, (_, number) in numbers.items()},
            )
            for payment, numbers in zip(self.judged[0], self.numbers, strict=True)
        ]
        lump = [
            Row([one], number, TAX_YEAR).lump_sum() for one, number in pairs if one["STATEMENT-CODE"] == "310"
        ]
        annuities = [pair for pair in pairs if pair[0]["STATEMENT-CODE"] == "366"]
        added = [
            list(group)
            for _, group in itertools.groupby(
                annuities, key=lambda pair: (pair[0]["POLICY-NO"], pair[0]["PAYEE-NO"])
            )
        ]
        died = [{name: _bytes(value) for name, value in (one | obligor).items()} for one in self.changes[0]]
        inheritances = [pair for pair in pairs if pair[0]["STATEMENT-CODE"] == "323"]
        return {
            "310": lump,
            "323": [Row([one], number, TAX_YEAR).inheritance() for one, number in inheritances],
            "386": [Row([one], {}, TAX_YEAR).change() for one in died],
            "366": [Row([one for one, _ in group], group[0][1], TAX_YEAR).annuity() for group in added],
        }

    def file(self, kind: str) -> bytes:
        """Return the only NTA file of a kind."""
        return "".join(",".join(items) + "\r\n" for items in self.rows[kind]).encode("cp932")


def _bytes(value: Any) -> Any:
    """Return a text with lost characters as CP932 bytes that are no character, as the models take it."""
    if isinstance(value, str) and GAIJI in value:
        return b"\xf9\xfc".join(piece.encode("cp932") for piece in value.split(GAIJI))
    return value
