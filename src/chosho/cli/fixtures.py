"""``chosho fixtures``: make a synthetic world (試験データ) in a data root of its own."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from chosho import disk
from chosho.cli.main import Place
from chosho.cli.submit import run_deck
from chosho.errors import InputRefused, ReturnCode
from chosho.fixtures import contract_file, payment_file
from chosho.fixtures.people import Bytes
from chosho.fixtures.world import World

SOURCES = (("CONTRACT.DAT", contract_file.blocks), ("PAYMENT.DAT", payment_file.blocks))
"""The contract system's files, as the catalogue names them."""


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
    """Write contract master, source payment file and number master into the data root."""
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
