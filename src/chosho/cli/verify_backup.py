"""``chosho verify-backup``: verify a backup without restoring it."""

from pathlib import Path

import click

from chosho.cli.main import Place
from chosho.dataset.restore import prove
from chosho.vault.keys import KeyStore


@click.command("verify-backup")
@click.argument("folder", type=click.Path(path_type=Path))
@click.pass_obj
def command(place: Place, folder: Path) -> None:
    """Verify the backup in FOLDER: signature, every file, control store, journal, and that the keys open what is sealed."""
    proved = prove(folder.absolute(), KeyStore(place.keys))
    facts = proved.backup.facts
    click.echo(f"backup sound: {len(proved.backup.digests)} files, made {facts.at} by {facts.who}")
    click.echo(f"journal: {proved.rows} rows, head {facts.head}")
    click.echo(f"{proved.readable} generations open with the keys of today")
    for name in proved.destroyed:
        click.echo(f"{name} was erased since; it does not come back")
