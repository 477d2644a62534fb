"""``chosho init``: set up a data root from a folder of definitions."""

from pathlib import Path

import click

from chosho import disk
from chosho.batch import clock
from chosho.cli.main import Place
from chosho.control.store import ControlStore
from chosho.dataset.backup_set import DEFINITIONS
from chosho.errors import InputRefused
from chosho.vault.keys import KeyStore


def set_up(root: Path, keys: Path, definitions: Path, person: str) -> None:
    """Create a data root with its folders, its control store and its copy of the definitions.

    Raises:
        InputRefused: the root has a catalogue already, or the definitions lack one.
    """
    if (root / "CATALOG.yaml").exists():
        raise InputRefused("CHSL010E", root=root)
    if not (definitions / "CATALOG.yaml").is_file():
        raise InputRefused("CHSL011E", folder=definitions)
    for folder in ("control", "control/locks", "data", "source", "spool", "quarantine"):
        disk.make_folder(root / folder)
    ControlStore.create(root, KeyStore(keys, data_root=root), at=clock.stamp(), who=person).close()
    # The catalogue comes last: a root that has one is complete.
    for name in reversed(DEFINITIONS):
        disk.write_new(root / name, disk.read_bytes(definitions / name))


@click.command("init")
@click.option(
    "--definitions",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="folder with CATALOG.yaml, SETTINGS.yaml, RETENTION.yaml, CALENDAR.yaml",
)
@click.pass_obj
def command(place: Place, definitions: Path) -> None:
    """Set up a data root (CHOSHO_ROOT): its folders and its copy of the definitions."""
    set_up(place.root, place.keys, definitions, place.person)
    click.echo(f"data root {place.root} is set up")
