"""``chosho fixtures``: make a synthetic world (試験データ) in a data root of its own, and what arrives there night by night."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Final

import click

from chosho import disk
from chosho.cli.dates import typed
from chosho.cli.main import Place
from chosho.cli.stores import catalogue, opened
from chosho.cli.submit import run_deck
from chosho.control.store import ControlStore
from chosho.errors import InputRefused, ReturnCode
from chosho.fixtures import arrivals, contract_file, office_file, payee_file, payment_file, terminal_file
from chosho.fixtures.people import Bytes
from chosho.fixtures.request import Channel
from chosho.fixtures.world import World
from chosho.vault.age import Encryptor

SOURCES: Final = (
    ("CONTRACT.DAT", contract_file.blocks),
    ("PAYMENT.DAT", payment_file.blocks),
    ("PAYEE.DAT", payee_file.blocks),
    ("OFFICE.DAT", office_file.blocks),
    ("TERMINAL.DAT", terminal_file.blocks),
)
"""The files of the contract system and of the offices, as the catalogue names them."""
WORLD_FILE: Final = "WORLD.json"
"""Says beside the source files which world they are of."""
_NUMBERED: Final = re.compile(r"[A-Z]+\.[0-9]{8}\.([0-9]{6})\.age")


@click.group("fixtures")
def command() -> None:
    """Synthetic data for replay and measurement: no person, no number in it is anybody's."""


@command.command("make")
@click.option(
    "--contracts", type=click.IntRange(20), default=2000, show_default=True, help="how many contracts"
)
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="what everything is drawn from"
)
@click.option("--tax-year", type=click.IntRange(2016, 2099), required=True, help="year of the payments")
@click.pass_obj
def make(place: Place, contracts: int, seed: int, tax_year: int) -> None:
    """Write contract master, payments, payee register, offices, terminals and number master into the data root."""
    world = World(contracts, seed, tax_year)
    folder = place.root / "source"
    if any((folder / name).exists() for name, _ in SOURCES):
        raise InputRefused("CHSL012E", root=place.root)
    # The number master first: it is the part that can be refused, and it is published whole or not at all.
    parameters = {"CONTRACTS": str(contracts), "SEED": str(seed), "TAX_YEAR": str(tax_year)}
    result, troubles = run_deck(place, "FIXTURES", date(tax_year, 12, 31), parameters, quiet=True)
    if result.rc >= ReturnCode.CONTRADICTION:
        click.echo("\n".join(troubles), err=True)
        click.echo(f"job log: {result.log}")
        click.get_current_context().exit(result.rc)
    for name, blocks in SOURCES:
        records = _write(folder / name, blocks(world))
        click.echo(f"{name}: {records} records")
    disk.replace(folder / WORLD_FILE, json.dumps(asdict(world)).encode())
    click.echo(f"number master: {result.steps[0].counts['written']} records")


def _write(path: Path, blocks: Iterator[Bytes]) -> int:
    records = 0
    with disk.NewFile(path) as file:
        for block in blocks:
            file.write(block.data)
            records += len(block)
        file.finish()
    disk.sync_folder(path.parent)
    return records


@command.command("arrivals")
@click.option("--date", "business_date", required=True, callback=typed, help="business date (yyyy-mm-dd)")
@click.option(
    "--requests", type=click.IntRange(0), default=400, show_default=True, help="how many, over all channels"
)
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="what the night is drawn from"
)
@click.option(
    "--file-no",
    type=click.IntRange(1, 999_999),
    help="number of the files  [default: the next of each inbox]",
)
@click.pass_obj
def arrive(place: Place, business_date: date, requests: int, seed: int, file_no: int | None) -> None:
    """Lay a file of registration requests into the inbox of each channel, encrypted to the data centre's recipient."""
    entries = catalogue(place)
    night = arrivals.night(_world(place), business_date, requests, seed)
    folders = {channel: place.root / (entries[_dsn(channel)].inbox or "") for channel in Channel}
    with opened(place) as (store, keys):
        recipient = keys.recipient()
        numbers = {
            channel: file_no or _next_no(store, _dsn(channel), folder) for channel, folder in folders.items()
        }
    names = {
        channel: f"{channel.name}.{business_date:%Y%m%d}.{numbers[channel]:06d}.age" for channel in Channel
    }
    for channel, folder in folders.items():
        if (folder / names[channel]).exists():
            raise InputRefused("CHSF004E", path=folder / names[channel])
    for channel, folder in folders.items():
        disk.make_folder(folder)
        # Written under a name with a point before it, then renamed: a night never sees half a file.
        disk.replace(folder / names[channel], _encrypted(night.file(channel, numbers[channel]), recipient))
        click.echo(f"{names[channel]}: {len(night.details[channel])} requests")
    click.echo(f"{requests} requests, {int((night.reason != '').sum())} of them to be rejected")


def _dsn(channel: Channel) -> str:
    return f"CHOSHO.INBOX.{channel.name}"


def _world(place: Place) -> World:
    path = place.root / "source" / WORLD_FILE
    if not path.is_file():
        raise InputRefused("CHSF001E", root=place.root)
    return World(**json.loads(disk.read_bytes(path)))


def _next_no(store: ControlStore, dsn: str, folder: Path) -> int:
    """Return the number that follows what the nights have taken and what waits in the inbox."""
    waiting = (_NUMBERED.fullmatch(entry.name) for entry in disk.entries(folder))
    return max([store.inbox.next_no(dsn), *(1 + int(name[1]) for name in waiting if name)])


def _encrypted(plain: bytes, recipient: str) -> bytes:
    out = bytearray()
    encryptor = Encryptor(out.extend, recipients=[recipient])
    encryptor.write(plain)
    encryptor.finish()
    return bytes(out)
