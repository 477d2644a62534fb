"""What a night makes for others, handed out (引渡し): returns to the offices, status for terminals; no number in either."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import click

from chosho.batch import clock
from chosho.cli.dates import typed
from chosho.cli.main import Place
from chosho.cli.stores import catalogue, opened
from chosho.cli.table import show
from chosho.control import rights
from chosho.control.files import Generation, State
from chosho.control.store import ControlStore
from chosho.dataset import access
from chosho.dataset.catalog import RETURNS, STATUS, Entry
from chosho.dataset.handout import hand_out, require_free, require_outside
from chosho.dataset.place import quarantine_name
from chosho.dataset.reader import Reader
from chosho.errors import InputRefused

_RECORDS = ".DAT"
"""How the name of a file of records ends."""

_day = click.argument("day", metavar="DATE", callback=typed)
_out = click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="folder for the plain files, outside the data root; nothing in it is overwritten",
)


@click.command("returns")
@_day
@_out
@click.pass_obj
def returns(place: Place, day: dt.date, out: Path) -> None:
    """Write the lists of rejected requests of DATE, one CSV file per office, to give back to the offices; on record first."""
    _hand_out(
        place,
        RETURNS,
        day,
        out,
        lambda entry, label: f"RETURN.{day:%Y%m%d}.{quarantine_name(label)}{entry.suffix}",
    )


@click.command("status")
@_day
@_out
@click.pass_obj
def status(place: Place, day: dt.date, out: Path) -> None:
    """Write the acquisition status of DATE (held or not held, NUMSTAT records) as one file for terminals; on record first."""
    _hand_out(place, STATUS, day, out, lambda _entry, _label: f"STATUS.{day:%Y%m%d}{_RECORDS}")


def _hand_out(
    place: Place,
    dsn: str,
    day: dt.date,
    out: Path,
    named: Callable[[Entry, str], str],
) -> None:
    """Write the generation of a date; ``named`` gives the file that a part goes into by its label."""
    entry = catalogue(place)[dsn]
    require_outside(out, place.root, place.keys)
    with opened(place) as (store, keys):
        rights.require(store.journal, place.person, entry.right, at=clock.stamp())
        generation = _generation(store, dsn, day)
        files = {part.label: named(entry, part.label) for part in store.generations.parts(generation.id)}
        names = list(dict.fromkeys(files.values()))
        require_free(out, *names)
        name = f"{dsn}.{generation.name}"
        fields: dict[str, str | int] = {"dsn": name, "right": entry.right, "parts": len(names)}
        if entry.lrecl:  # of other files nobody knows how many records they hold
            fields["records"] = generation.records
        store.journal.append("dataset.handed_out", place.person, fields, at=clock.stamp())
        store.journal.write_head()
        parts = access.sources(place.root, store, keys, generation)
    contents = {
        file: Reader([part for part in parts if files[part.label] == file], lrecl=entry.lrecl or 0)
        for file in names
    }
    hand_out(out, contents)
    rows = [[file, reader.plain_bytes] for file, reader in contents.items()]
    show(f"{name}: {len(rows):,} files", ["file", "bytes>"], rows)


def _generation(store: ControlStore, dsn: str, day: dt.date) -> Generation:
    """Return the visible generation of a date, the last one that was made.

    Raises:
        InputRefused: the night of the date made none (CHSP016E), or it is not kept any more (CHSP017E).
    """
    made = store.generations.of_date(dsn, day)
    kept = [one for one in made if one.state is State.COMMITTED]
    if not kept:
        raise InputRefused("CHSP017E" if made else "CHSP016E", dsn=dsn, date=day)
    return kept[-1]
