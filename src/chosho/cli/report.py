"""``chosho report``: the handling reports (取扱い記録): which there are, one to read, its signature; what a night hands out."""

import datetime as dt
import json
from pathlib import Path

import click

from chosho.batch import clock
from chosho.cli import handout
from chosho.cli.dates import typed
from chosho.cli.main import Place
from chosho.cli.stores import catalogue, opened
from chosho.cli.table import show as show_table
from chosho.control import rights
from chosho.control.store import ControlStore
from chosho.dataset import access
from chosho.dataset.handout import hand_out, require_outside
from chosho.dataset.part import PartSource
from chosho.dataset.reader import Reader
from chosho.errors import InputRefused
from chosho.vault.keys import KeyStore

DATASET = "CHOSHO.REPORT.HANDLING"
_day = click.argument("day", metavar="DATE", callback=typed)


@click.group("report")
def command() -> None:
    """Handling reports (取扱い記録): what was done with specific personal information each day; what a night hands out."""


command.add_command(handout.returns)
command.add_command(handout.status)


@command.command("list")
@click.option("--unsigned", is_flag=True, help="only those that nobody has signed")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.pass_obj
def list_reports(place: Place, unsigned: bool, as_json: bool) -> None:
    """List the reports, who made and who signed each."""
    right = catalogue(place)[DATASET].right
    with opened(place) as (store, _):
        rights.require(store.journal, place.person, right, at=clock.stamp())
        rows: list[dict[str, object]] = [
            {
                "date": one.business_date.isoformat(),
                "first": one.first_seq,
                "last": one.last_seq,
                "run": one.run_id,
                "made_by": one.made_by,
                "signed_by": one.signed_by,
                "signed_at": one.signed_at,
                "note": one.note,
                "head": one.head,
            }
            for one in store.reports.all()
            if not (unsigned and one.signed_by)
        ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    columns = ["date", "first>", "last>", "run", "made_by", "signed_by", "signed_at", "note"]
    table = [[row[column.removesuffix(">")] for column in columns] for row in rows]
    show_table("handling reports", columns, table)


@command.command("show")
@_day
@click.option("--csv", "as_csv", is_flag=True, help="the CSV instead of the page")
@click.option("--out", type=click.Path(path_type=Path), help="new file to write to; else standard output")
@click.pass_obj
def show(place: Place, day: dt.date, as_csv: bool, out: Path | None) -> None:
    """Write the report of DATE as a page (HTML); the look is journalled first."""
    entry = catalogue(place)[DATASET]
    if out is not None:
        if out.exists():
            raise InputRefused("CHSP015E", path=out)
        require_outside(out, place.root, place.keys)
    with opened(place) as (store, keys):
        rights.require(store.journal, place.person, entry.right, at=clock.stamp())
        label = f"{day}.csv" if as_csv else f"{day}.html"
        part = _part(place, store, keys, day, label)
        looked = {"dsn": DATASET, "file": label, "right": entry.right}
        store.journal.append("report.look", place.person, looked, at=clock.stamp())
        store.journal.write_head()
    if out is None:
        for piece in Reader([part]).stream():
            click.echo(bytes(piece), nl=False)
    else:
        hand_out(out.parent, {out.name: Reader([part])})


def _part(place: Place, store: ControlStore, keys: KeyStore, day: dt.date, label: str) -> PartSource:
    """Return the file of a day's report: the last one that was made, also by a step that then stopped the line.

    Raises:
        InputRefused: there was none (CHSP010E), or it is not kept any more (CHSP014E).
    """
    for generation in reversed(store.generations.catalogued(DATASET)):
        if generation.business_date == day:
            for part in access.sources(place.root, store, keys, generation):
                if part.label == label:
                    return part
    store.reports.get(day)
    raise InputRefused("CHSP014E", date=day)


@command.command("sign")
@_day
@click.option("--note", default="", help="what was found; goes on record, no numbers of persons")
@click.pass_obj
def sign(place: Place, day: dt.date, note: str) -> None:
    """Sign the report of DATE, looked through (確認); not by the person who made it."""
    with opened(place) as (store, _):
        signed = store.reports.sign(day, place.person, note, at=clock.stamp())
        store.journal.write_head()
    click.echo(f"handling report of {day} signed by {signed.signed_by}")
