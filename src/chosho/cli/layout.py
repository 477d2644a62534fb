"""``chosho layout``: show how a record is laid out, byte by byte."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from chosho import copybook, disk


@click.command("layout")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def command(name: str, as_json: bool) -> None:
    """Show the layout of NAME: a copybook member (PAYDATA), or a file of copybook text."""
    path = Path(name)
    if path.suffix or path.is_file():
        layout = copybook.parse(disk.read_bytes(path).decode("utf-8"), source=path.name)
    else:
        layout = copybook.load(name.upper())
    rows = copybook.describe(layout)
    if as_json:
        click.echo(
            json.dumps(
                {"name": layout.name, "lrecl": layout.length, "fields": [asdict(row) for row in rows]},
                ensure_ascii=False,
            )
        )
        return
    click.echo(f"{layout.name}  LRECL {layout.length}")
    click.echo(f"{'from':>6} {'bytes':>5}  item")
    for row in rows:
        name = "  " * (row.level > 1) + row.name
        line = f"{row.offset:>6} {row.length:>5}  {row.level:02d} {name:<34} {row.picture:<14} {row.usage:<12} {row.remark}"
        click.echo(line.rstrip())
