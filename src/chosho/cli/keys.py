"""``chosho keys``: set up the key store, show its state; change, back up, recover and destroy keys, on record."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from chosho import disk
from chosho.batch import clock
from chosho.cli.main import Place
from chosho.cli.stores import catalogue, opened
from chosho.cli.table import show
from chosho.control.custody import Custody, recover
from chosho.control.inbox import DeliveryState
from chosho.control.store import ControlStore
from chosho.dataset import delivery
from chosho.errors import InputRefused
from chosho.vault.backup import Backup
from chosho.vault.keys import KeyStore
from chosho.vault.master import FileMasterKeys
from chosho.vault.master_lock import LockKind
from chosho.vault.tally import Tallies

_lock = click.option(
    "--lock",
    type=click.Choice(LockKind, case_sensitive=False),
    help="what the master key's file is locked with: nothing (file), a passphrase, or a systemd credential",
)


def _store(place: Place, lock: LockKind | None = None) -> KeyStore:
    master = FileMasterKeys(place.keys / "master", lock)
    return KeyStore(place.keys, data_root=place.root_option, master=master)


@contextmanager
def _custody(place: Place, lock: LockKind | None = None) -> Iterator[tuple[Custody, ControlStore]]:
    """Yield the acts that go on record, which takes the data root with its journal; and its control store."""
    with opened(place) as (store, _):
        yield Custody(_store(place, lock), store.journal, who=place.person, at=clock.stamp()), store


def _waiting(place: Place, store: ControlStore) -> int:
    """Return how many files in the inboxes no night has taken yet: some may open with one recipient only."""
    states = (DeliveryState.TAKEN, DeliveryState.DISCARDED, DeliveryState.ERASE_PENDING)
    done = {one.path for one in store.inbox.all(states=states)}
    inboxes = [entry.inbox for entry in catalogue(place) if entry.inbox is not None]
    return sum(len(delivery.unlisted(place.root, inbox, done)) for inbox in inboxes)


@click.group("keys")
def command() -> None:
    """Keys (鍵): the key store lies apart from the data, in CHOSHO_KEYS."""


@command.command("init")
@_lock
@click.pass_obj
def init(place: Place, lock: LockKind | None) -> None:
    """Make the key folder (0700) and the first master key."""
    _store(place, lock).init()
    click.echo(f"key store {place.keys} is set up")


@command.command("rotate")
@_lock
@click.pass_obj
def rotate(place: Place, lock: LockKind | None) -> None:
    """Make a new master key, wrap every live key anew, destroy the older master keys; on record.

    Where recovery is set up, the tally and the backup are renewed and the older ones destroyed. Without --lock the new
    key is locked as the one before it; --lock passphrase asks for a new passphrase.
    """
    with _custody(place, lock) as (custody, _):
        version = custody.rotate()
    click.echo(f"master key version {version}; the older ones are destroyed")


@command.command("recovery")
@click.option(
    "--holder",
    "holders",
    type=(str, str),
    multiple=True,
    metavar="PERSON RECIPIENT",
    help="who holds a recovery identity, and its age recipient; given twice, for two persons",
)
@click.option("--tallies", type=click.Path(path_type=Path, file_okay=False), help="folder of the tallies")
@click.option("--backups", type=click.Path(path_type=Path, file_okay=False), help="folder of the key backups")
@click.pass_obj
def recovery(
    place: Place, holders: tuple[tuple[str, str], ...], tallies: Path | None, backups: Path | None
) -> None:
    """Show or set who can recover the keys, and where tallies and backups lie; setting it rotates the master key, on record.

    The two folders lie apart from the keys, the data and one another, best on devices of their own.
    """
    if not (holders or tallies or backups):
        found = _store(place).recovery()
        show("recovery", ["holder", "recipient"], found.holders)
        click.echo(f"tallies {found.tally_folder}\nbackups {found.backup_folder}")
        return
    if tallies is None or backups is None:
        raise click.UsageError("--holder (twice), --tallies and --backups are given together")
    with _custody(place) as (custody, _):
        version = custody.set_recovery(holders, tallies, backups)
    click.echo(f"master key version {version}; its backup is in {backups}")


@command.command("backup")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="a further copy, to a new file")
@click.pass_obj
def backup(place: Place, out: Path | None) -> None:
    """Renew the key backup in the folder of the backups; on record. It opens until the next rotation of the master key."""
    if out is not None and out.exists():
        raise InputRefused("CHSK073E", path=out)
    with _custody(place) as (custody, _):
        version, data = custody.back_up()
    if out is not None:
        disk.write_new(out, data)
    click.echo(f"key backup of master key version {version} is made")


@command.command("recover")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--identity", type=click.File(), required=True, help="file with a holder's identity; - for stdin"
)
@click.option(
    "--tallies",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="folder of the tallies",
)
@click.option("--check", is_flag=True, help="only open the backup, and write nothing")
@_lock
@click.pass_obj
def recover_keys(
    place: Place, file: Path, identity: TextIO, tallies: Path, check: bool, lock: LockKind | None
) -> None:
    """Bring the keys back from the key backup FILE into a new key folder (--keys); on record when --root names the data.

    Rotate the master key next, when the old key folder is known to be gone.
    """
    lines = [line.strip() for line in identity]
    secret = next((line for line in lines if line.upper().startswith("AGE-SECRET-KEY-")), "")
    opened_backup = Backup.open(disk.read_bytes(file), secret, Tallies(tallies.absolute()))
    if check:
        click.echo(f"{file} opens: master key version {opened_backup.version}; nothing was written")
        return
    recover(_store(place, lock), opened_backup, who=place.person)
    click.echo(f"key store {place.keys} is recovered at master key version {opened_backup.version}")
    if place.root_option is None:
        click.echo("not on record: no data root is named. Rotate the master key there (chosho keys rotate)")
        return
    with _custody(place) as (custody, _):
        custody.recovered(opened_backup)
    click.echo("next, when the old key folder is known to be gone: chosho keys rotate")


@command.command("destroy")
@click.argument("cohorts", nargs=-1, required=True, metavar="COHORT...")
@click.option("--reason", required=True, help="why; goes on record")
@click.pass_obj
def destroy(place: Place, cohorts: tuple[str, ...], reason: str) -> None:
    """Destroy the keys of COHORTs for good and rotate the master key, so that no backup brings them back; on record.

    One that a visible generation uses is refused: that is erased by its job.
    """
    with _custody(place) as (custody, store):
        version = custody.destroy(cohorts, reason, store.generations)
    click.echo(f"{' '.join(cohorts)} destroyed; master key version {version}, the older ones are destroyed")


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
        with _custody(place) as (custody, _):
            click.echo(custody.new_recipient().text)
    elif retire is not None:
        with _custody(place) as (custody, store):
            custody.retire_recipient(retire, waiting=_waiting(place, store))
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
    """Show master key versions, cohorts, passphrases, recipients, live and destroyed, and the backup; never a key."""
    state = _store(place).status()
    rows = [(name, getattr(state, name)) for name in state.__dataclass_fields__]
    if as_json:
        click.echo(
            json.dumps({name: list(value) if isinstance(value, tuple) else value for name, value in rows})
        )
        return
    show(
        "key store",
        ["what", "state>"],
        [(name.replace("_", " "), len(value) if isinstance(value, tuple) else value) for name, value in rows],
    )
