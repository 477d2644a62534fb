"""``chosho restore``: restore a backup into an empty data root."""

from pathlib import Path

import click

from chosho.batch import clock
from chosho.cli.main import Place
from chosho.dataset.restore import restore
from chosho.vault.keys import KeyStore


@click.command("restore")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--reason", default="", help="why; goes on record")
@click.option(
    "--newer",
    type=click.Path(path_type=Path, file_okay=False),
    help="a data root whose control store survived, or a newer backup: its control store counts",
)
@click.pass_context
@click.pass_obj
def command(place: Place, context: click.Context, folder: Path, reason: str, newer: Path | None) -> None:
    """Restore the backup in FOLDER into the data root, which is missing or empty; what was erased since does not come back.

    Code 4 when rows of the journal are lost or PF keys are held, 8 when files are lacking.
    """
    restored = restore(
        folder.absolute(),
        place.root,
        KeyStore(place.keys, data_root=place.root),
        newer=newer and newer.absolute(),
        reason=reason,
        at=clock.stamp(),
        who=place.person,
    )
    click.echo(f"data root {place.root} is restored: {restored.files} files")
    for name in restored.erased:
        click.echo(f"{name} was erased since; it did not come back")
    for name in restored.left_out:
        click.echo(f"{name} is a staging copy, which no backup holds")
    for name in restored.lacking:
        click.echo(f"{name} is not in the backup", err=True)
    if restored.lost:
        click.echo(f"{restored.lost} rows of the journal behind the backup are lost", err=True)
    if restored.held:
        click.echo(f"{restored.held} keys of the PF ledger are held; see: chosho pf list", err=True)
    context.exit(restored.return_code)
