"""``chosho backup``: make a backup of the data root."""

from pathlib import Path

import click

from chosho.batch import clock
from chosho.batch.quiet import quiet
from chosho.cli.main import Place
from chosho.cli.stores import catalogue, opened
from chosho.dataset.backup import make


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path))
@click.pass_obj
def command(place: Place, folder: Path) -> None:
    """Make a backup of the data root in FOLDER, which is missing or empty; no key is in it, and what is sealed stays sealed."""
    catalog = catalogue(place)
    with quiet(place.root, catalog), opened(place) as (store, keys):
        made = make(place.root, store, keys, catalog, folder.absolute(), at=clock.stamp(), who=place.person)
    click.echo(f"{made.files} files, {made.bytes:,} bytes in {folder}")
    click.echo(f"list of digests {made.digest}")
