"""``chosho keys``: set up the key store and show its state."""

import json

import click

from chosho.cli.main import Place
from chosho.cli.table import show
from chosho.vault.keys import KeyStore


def _store(place: Place) -> KeyStore:
    return KeyStore(place.keys, data_root=place.root_option)


@click.group("keys")
def command() -> None:
    """Keys (鍵): the key store lies apart from the data, in CHOSHO_KEYS."""


@command.command("init")
@click.pass_obj
def init(place: Place) -> None:
    """Make the key folder (0700) and the first master key."""
    _store(place).init()
    click.echo(f"key store {place.keys} is set up")


@command.command("rotate")
@click.pass_obj
def rotate(place: Place) -> None:
    """Make a new master key, wrap every live key anew, destroy the older master keys."""
    version = _store(place).rotate_master()
    click.echo(f"master key version {version}; the older ones are destroyed")


@command.command("recipient")
@click.option("--new", is_flag=True, help="make a new one; older ones still open what is under way")
@click.pass_obj
def recipient(place: Place, new: bool) -> None:
    """Show the age recipient that others encrypt their files to (inbox)."""
    store = _store(place)
    click.echo(store.new_recipient() if new else store.recipient())


@command.command("status")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.pass_obj
def status(place: Place, as_json: bool) -> None:
    """Show master key versions, live and destroyed cohorts, passphrases; never a key."""
    state = _store(place).status()
    rows = [(name, getattr(state, name)) for name in state.__dataclass_fields__]
    if as_json:
        click.echo(
            json.dumps({name: value if isinstance(value, int) else list(value) for name, value in rows})
        )
        return
    show(
        "key store",
        ["what", "state>"],
        [(name.replace("_", " "), value if isinstance(value, int) else len(value)) for name, value in rows],
    )
