"""``chosho journal``: verify and show the journal (処理記録)."""

import json

import click

from chosho.cli.main import Place
from chosho.cli.stores import opened
from chosho.errors import ReturnCode, StopLine


@click.group("journal")
def command() -> None:
    """The journal of every access: append-only, hash-chained, its head signed outside the data root."""


@command.command("verify")
@click.pass_obj
def verify(place: Place) -> None:
    """Check every row of the journal against the chain and against the heads in the key folder."""
    with opened(place) as (store, _):
        faults = store.journal.verify()
        head = store.journal.head()
    if faults:
        for fault in faults:
            click.echo(f"row {fault.seq}: {fault.problem}", err=True)
        raise StopLine("CHSL020S", faults=len(faults))
    click.echo(f"journal sound: {head.seq} rows, head {head.hash}")


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
