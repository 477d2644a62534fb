"""``chosho listcat``: the catalogue (カタログ) and the generations that are there."""

import json

import click

from chosho.cli.main import Place
from chosho.cli.stores import catalogue, opened
from chosho.cli.table import show


@click.command("listcat")
@click.argument("dsn", required=False)
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.pass_obj
def command(place: Place, dsn: str | None, as_json: bool) -> None:
    """List the datasets, or the generations of DSN with their parts."""
    catalog = catalogue(place)
    rows: list[dict[str, object]] = []
    with opened(place) as (store, _):
        for entry in [catalog[dsn.upper()]] if dsn else sorted(catalog, key=lambda entry: entry.dsn):
            base: dict[str, object] = {
                "dsn": entry.dsn,
                "class": str(entry.klass),
                "recfm": str(entry.recfm),
                "lrecl": entry.lrecl,
                "title": entry.title,
            }
            found = store.generations.catalogued(entry.dsn)
            rows += [
                base
                | {
                    "generation": one.name,
                    "records": one.records,
                    "bytes": one.plain_bytes,
                    "run": one.run,
                    "cohort": one.cohort,
                }
                | ({"parts": [part.path for part in store.generations.parts(one.id)]} if dsn else {})
                for one in found
            ] or [base | {"generation": "external" if entry.external else "inbox" if entry.inbox else None}]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    columns = ["dsn", "generation", "records", "bytes", "recfm", "lrecl", "class", "run", "title"]
    show(
        "catalogue",
        [f"{name}>" if name in {"records", "bytes", "lrecl"} else name for name in columns],
        [[row.get(column) for column in columns] for row in rows],
    )
