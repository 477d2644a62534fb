"""``chosho browse``: look at the records of a dataset (レコードの参照), masked, read-only, on record."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import click

from chosho.batch import clock
from chosho.cli.main import Place
from chosho.cli.stores import catalogue, opened
from chosho.cli.table import show
from chosho.codec.batch import Block
from chosho.codec.decode import decode
from chosho.codec.fault import Reason
from chosho.control import rights
from chosho.control.files import Generation
from chosho.control.store import ControlStore
from chosho.copybook import Field, Layout
from chosho.dataset import access, mask
from chosho.dataset.catalog import Entry, Klass, Tag
from chosho.dataset.part import PartSource
from chosho.dataset.reader import Reader
from chosho.errors import InputRefused

_NAME = re.compile(r"(?P<dsn>[A-Z][A-Z0-9.]*?)(?:\((?P<back>0|-\d+)\)|\.G(?P<number>\d{4,})(?:V\d\d)?)?")
LARGEST_COUNT = 1000
UNREADABLE = "*" * 8
"""Stands for a secret cell that is no value: whatever it is, it is not shown."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it is shown: its number from 1, its cells by field name, the reason codes of cells that are no values."""

    number: int
    cells: dict[str, str | int | None]
    faults: dict[str, str]


@click.command("browse")
@click.argument("dsn")
@click.option("--start", type=click.IntRange(1), default=1, show_default=True, help="first record, from 1")
@click.option(
    "--count", type=click.IntRange(1, LARGEST_COUNT), default=20, show_default=True, help="how many"
)
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.pass_obj
def command(place: Place, dsn: str, start: int, count: int, as_json: bool) -> None:
    """Show records of DSN: the newest generation, or DSN(0), DSN(-1), DSN.G0001, or an external file.

    Numbers, names, addresses and other texts are masked. Who looked at what goes into the journal before the first byte is read.
    """
    match = _NAME.fullmatch(dsn.upper())
    if match is None:
        raise InputRefused("CHSL027E", dsn=dsn)
    entry = catalogue(place)[match["dsn"]]
    if entry.inbox is not None or (entry.recfm != "F" and entry.klass is Klass.SPECIFIC_PERSONAL):
        raise InputRefused("CHSL026E", dsn=entry.dsn)
    with opened(place) as (store, keys):
        rights.require(store.journal, place.person, entry.right, at=clock.stamp())
        generation = None if entry.external else _generation(store, entry, match["back"], match["number"])
        name = entry.dsn if generation is None else f"{entry.dsn}.{generation.name}"
        looked: dict[str, str | int] = {"dsn": name, "right": entry.right, "start": start, "count": count}
        store.journal.append("browse", place.person, looked, at=clock.stamp())
        store.journal.write_head()
        if generation is None:
            parts: Sequence[PartSource] = (entry.source(place.root),)
        else:
            parts = access.sources(place.root, store, keys, generation)
    if entry.recfm != "F":
        _print_files(name, parts, as_json=as_json)
        return
    layout = entry.layout(entry.layouts[-1].start if generation is None else generation.business_date)
    total = sum(part.records for part in parts)
    records = list(_records(entry, layout, parts, start, count))
    if as_json:
        rows = [{"record": one.number, "fields": one.cells, "faults": one.faults} for one in records]
        click.echo(json.dumps({"dsn": name, "records": total, "rows": rows}, ensure_ascii=False, indent=2))
    else:
        _print(f"{name}  {entry.title}  {total:,} records", records)


def _generation(store: ControlStore, entry: Entry, back: str | None, number: str | None) -> Generation:
    """Return the generation that is meant, the newest one when nothing is said."""
    there = store.generations.catalogued(entry.dsn)
    if number is not None:
        there = tuple(one for one in there if one.number == int(number))
    place = len(there) - 1 + int(back or 0)
    if place < 0:
        raise InputRefused("CHSD122E", dsn=entry.dsn, relative=f"G{number}" if number else back or "0")
    return there[place]


def _records(
    entry: Entry, layout: Layout, parts: Sequence[PartSource], start: int, count: int
) -> Iterator[Record]:
    """Yield the records from ``start`` on, masked; parts before it are not opened."""
    shown = mask.open_fields(entry, layout)
    fields = [field for field in layout.fields if not field.filler]
    place, chosen = 1, list(parts)
    while len(chosen) > 1 and place + chosen[0].records <= start:
        place += chosen.pop(0).records
    for block in Reader(chosen, lrecl=layout.length).blocks(layout.length * LARGEST_COUNT):
        first, end = max(start - place, 0), min(start + count - place, len(block))
        if end > first:
            yield from _decoded(entry, fields, shown, block[first:end], place + first)
        place += len(block)
        if place >= start + count:
            return


def _decoded(
    entry: Entry, fields: Sequence[Field], shown: frozenset[str], block: Block, number: int
) -> Iterator[Record]:
    batch, faults = decode(fields, entry.code_page or "CP932", block)
    secret = {name for name, tag in entry.tags.items() if tag is Tag.SECRET}
    codes: dict[int, dict[str, str]] = {}
    for row, place, reason in zip(faults.record, faults.field, faults.reason, strict=True):
        codes.setdefault(int(row), {})[fields[place].name] = Reason(int(reason)).code
    for row, values in enumerate(batch.to_pylist()):
        cells = {
            field.name: mask.shown(
                entry, field, _worded(field, values[field.name]), is_open=field.name in shown
            )
            for field in fields
        }
        found = {name: code for name, code in codes.get(row, {}).items() if name not in secret}
        yield Record(
            number + row, cells | dict.fromkeys(codes.get(row, {}).keys() & secret, UNREADABLE), found
        )


def _worded(field: Field, value: bytes | int | None) -> str | int | None:
    """Return a decoded cell as text, or as a whole number; a number with decimals as text with its point."""
    if isinstance(value, bytes):
        return value.decode("cp932", "backslashreplace").rstrip(" \u3000")
    if value is None or field.scale <= 0:
        return value
    digits = f"{abs(value):0{field.scale + 1}d}"
    return f"{'-' if value < 0 else ''}{digits[: -field.scale]}.{digits[-field.scale :]}"


def _print(title: str, records: Sequence[Record]) -> None:
    click.echo(title)
    for record in records:
        click.echo(f"-- record {record.number:,}")
        for name, value in record.cells.items():
            told = f"(not readable: {record.faults[name]})" if name in record.faults else value
            click.echo(f"   {name:<32} {'' if told is None else told}")


def _print_files(name: str, parts: Sequence[PartSource], *, as_json: bool) -> None:
    """Print where the files of a dataset without records are."""
    if as_json:
        rows = [{"label": part.label, "bytes": part.plain_bytes, "path": str(part.path)} for part in parts]
        click.echo(json.dumps({"dsn": name, "files": rows}, ensure_ascii=False, indent=2))
    else:
        rows_shown = [[part.label, part.plain_bytes, part.path] for part in parts]
        show(f"{name}: files", ["label", "bytes>", "path"], rows_shown)
