"""``chosho journal``: verify and show the journal (処理記録)."""

import datetime as dt
import json
from contextlib import nullcontext
from pathlib import Path

import click

from chosho import disk, masking
from chosho.batch import clock
from chosho.batch.quiet import quiet
from chosho.cli.dates import calendar, today, typed
from chosho.cli.main import Place
from chosho.cli.stores import catalogue, opened
from chosho.cli.table import show as show_table
from chosho.control import rights
from chosho.control.journal import Fault
from chosho.control.store import ControlStore
from chosho.dataset.proof import differences
from chosho.dataset.settings import Settings
from chosho.errors import InputRefused, ReturnCode, StopLine
from chosho.report import unusual as rules

RIGHT = "journal.use"
"""The right to see what is unusual in the journal."""
_TEXT_LIMIT = 64 << 20
"""Bytes of a file that is searched for heads: job logs are far smaller, images far larger."""


@click.group("journal")
def command() -> None:
    """The journal of every access: append-only, hash-chained, its head signed outside the data root."""


@command.command("verify")
@click.option(
    "--head",
    "files",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    help="a job log, a disc's journal-head.txt or any kept text: its heads must be in the journal too",
)
@click.option("--data", is_flag=True, help="also generation table, keys and every file against the journal")
@click.pass_obj
def verify(place: Place, files: tuple[Path, ...], data: bool) -> None:
    """Check every row of the journal against the chain and against the heads in the key folder."""
    with opened(place) as (store, keys), quiet(place.root, catalogue(place)) if data else nullcontext():
        faults = list(store.journal.verify())
        told = []
        for path in files:
            line, missing = _noted(store, path)
            told.append(line)
            faults += missing
        head = store.journal.head()
        differing = list(differences(place.root, store, keys)) if data else []
    for fault in faults:
        click.echo(f"row {fault.seq}: {fault.problem}", err=True)
    for one in differing:
        click.echo(f"{one.what}: {one.problem}", err=True)
    if faults:
        raise StopLine("CHSL020S", faults=len(faults))
    if differing:
        raise StopLine("CHSL021S", differences=len(differing))
    click.echo(f"journal sound: {head.seq} rows, head {head.hash}")
    for line in told:
        click.echo(line)
    if data:
        click.echo("generation table, keys and files agree with the journal")


def _noted(store: ControlStore, path: Path) -> tuple[str, tuple[Fault, ...]]:
    """Return a line on the heads that a file holds, and those that the journal never had.

    Raises:
        InputRefused: there is no such file, it is too large for a text (CHSD112E), or it holds no head (CHSJ017E).
        StopLine: a note in it is not signed by this journal's key (CHSJ016S).
    """
    with disk.OldFile(path) as file:
        if file.size > _TEXT_LIMIT:
            raise InputRefused("CHSD112E", path=path, size=file.size, limit=_TEXT_LIMIT)
        text = file.read(file.size).decode(errors="replace")
    noted, faults = store.journal.verify_noted(text, source=path)
    signed = sum(one.signed for one in noted)
    return f"{path}: {len(noted)} heads of this journal, {signed} of them signed", faults


@command.command("unusual")
@click.option("--from", "first", callback=typed, help="first day (yyyy-mm-dd); else a week before the last")
@click.option("--to", "last", callback=typed, help="last day (yyyy-mm-dd); else today in Japan")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.pass_context
@click.pass_obj
def unusual(
    place: Place, context: click.Context, first: dt.date | None, last: dt.date | None, as_json: bool
) -> None:
    """List unusual access: off hours, in large numbers, refused again and again; code 4 when there is some."""
    last = last or today()
    first = first or last - dt.timedelta(days=7)
    limits = rules.Limits(**Settings.load(place.root).unusual.model_dump())
    business_days = calendar(place)
    with opened(place) as (store, _):
        rights.require(store.journal, place.person, RIGHT, at=clock.stamp())
        days = {"first": first.isoformat(), "last": last.isoformat()}
        store.journal.append("journal.look", place.person, days, at=clock.stamp())
        store.journal.write_head()
        rows = store.journal.rows(kinds=rules.KINDS)
        found = rules.unusual(rows, limits, business_days, first=first, last=last)
    cells = [
        (
            one.day,
            masking.name(one.who),
            one.rule.id,
            one.rule.title,
            one.amount,
            one.limit,
            one.first,
            one.last,
        )
        for one in found
    ]
    columns = ["day", "person", "rule", "title", "amount>", "usual>", "first>", "last>"]
    if as_json:
        names = [column.rstrip(">") for column in columns]
        told = [dict(zip(names, (str(day), *rest), strict=True)) for day, *rest in cells]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        show_table(f"unusual access, {first} to {last}", columns, cells)
    context.exit(ReturnCode.WARNING if found else ReturnCode.CLEAN)


@command.command("note")
@click.pass_obj
def note(place: Place) -> None:
    """Print the journal's head as signed text, to be kept elsewhere; ssh-keygen -Y verify checks it."""
    with opened(place) as (store, _):
        head = store.journal.write_head()
        click.echo(store.journal.note(head), nl=False)


@command.command("public-key")
@click.pass_obj
def public_key(place: Place) -> None:
    """Print the public key of the signatures as the allowed_signers line of ssh-keygen -Y verify."""
    with opened(place) as (store, _):
        click.echo(store.journal.allowed_signers(), nl=False)


@command.command("show")
@click.option("--start", default=1, show_default=True, help="first row")
@click.option("--json", "as_json", is_flag=True, help="one JSON object per line")
@click.pass_context
def show(context: click.Context, start: int, as_json: bool) -> None:
    """Show the rows of the journal; they hold no personal data."""
    place: Place = context.obj
    with opened(place) as (store, _):
        for row in store.journal.rows(start):
            fields = dict(row.fields)
            if as_json:
                record = {"seq": row.seq, "at": row.at, "kind": row.kind, "who": row.who, "fields": fields}
                click.echo(json.dumps(record, ensure_ascii=False))
            else:
                words = " ".join(f"{name}={value}" for name, value in fields.items() if value is not None)
                click.echo(f"{row.seq:>6} {row.at} {row.kind:<12} {row.who:<12} {words}")
    context.exit(ReturnCode.CLEAN)
