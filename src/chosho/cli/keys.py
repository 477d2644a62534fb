"""``chosho keys``: set up the key store, show its state; change the master key and the recipients, on record."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import click

from chosho.batch import clock
from chosho.cli.main import Place
from chosho.cli.stores import opened
from chosho.cli.table import show
from chosho.control.custody import Custody
from chosho.vault.keys import KeyStore


def _store(place: Place) -> KeyStore:
    return KeyStore(place.keys, data_root=place.root_option)


@contextmanager
def _custody(place: Place) -> Iterator[Custody]:
    """Yield the acts that go on record, which takes the data root with its journal."""
    with opened(place) as (store, keys):
        yield Custody(keys, store.journal, who=place.person, at=clock.stamp())


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
    """Make a new master key, wrap every live key anew, destroy the older master keys; on record."""
    with _custody(place) as custody:
        version = custody.rotate()
    click.echo(f"master key version {version}; the older ones are destroyed")


@command.command("recipient")
@click.option("--new", is_flag=True, help="make a new one; older ones open what is under way until retired")
@click.option("--retire", metavar="ID", help="destroy an older one: files encrypted to it open no more")
@click.option("--list", "listed", is_flag=True, help="list all, with their ids")
@click.pass_obj
def recipient(place: Place, new: bool, retire: str | None, listed: bool) -> None:
    """Show the age recipient that others encrypt their files to (inbox); --new and --retire go on record."""
    if new + listed + (retire is not None) > 1:
        raise click.UsageError("--new, --retire and --list exclude one another")
    if new:
        with _custody(place) as custody:
            click.echo(custody.new_recipient().text)
    elif retire is not None:
        with _custody(place) as custody:
            custody.retire_recipient(retire)
        click.echo(f"{retire} is retired: files encrypted to it open no more")
    elif listed:
        rows = [[one.id, "live" if one.live else "retired", one.text] for one in _store(place).recipients()]
        show("recipients, the newest last", ["id", "state", "recipient"], rows)
    else:
        click.echo(_store(place).recipient())


@command.command("status")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.pass_obj
def status(place: Place, as_json: bool) -> None:
    """Show master key versions, cohorts, passphrases and recipients, live and destroyed; never a key."""
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
