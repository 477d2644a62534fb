"""``chosho review``: the texts of built statements, looked at, approved or given another spelling (文字審査); on record."""

import dataclasses
import json
from collections.abc import Iterator
from contextlib import contextmanager

import click

from chosho.batch import clock
from chosho.batch.review import Desk
from chosho.cli.dates import today
from chosho.cli.main import Place
from chosho.cli.stores import catalogue, opened
from chosho.cli.table import show
from chosho.statement.review import RULES

LARGEST_COUNT = 1000
_COLUMNS = ("number>", "kind", "item>", "rule", "state", "policy", "role", "payee", "before", "after")
_run = click.option(
    "--run", default="", help="run whose texts are meant; else the newest list with a text in it"
)
_rule = click.option("--rule", type=click.Choice(RULES), help="one rule of the list")


@click.group("review")
def command() -> None:
    """Review (文字審査) the texts of built statements: what the builder changed, and what only a person can judge."""


@contextmanager
def _desk(place: Place, run: str) -> Iterator[Desk]:
    catalog = catalogue(place)
    with opened(place) as (store, keys):
        yield Desk(
            root=place.root,
            catalog=catalog,
            store=store,
            keys=keys,
            person=place.person,
            at=clock.stamp(),
            day=f"{today():%Y%m%d}",
            run=run,
        )


@command.command("list")
@click.option("--start", type=click.IntRange(1), default=1, show_default=True, help="first record, from 1")
@click.option(
    "--count", type=click.IntRange(1, LARGEST_COUNT), default=20, show_default=True, help="how many"
)
@_rule
@_run
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.pass_obj
def list_texts(place: Place, start: int, count: int, rule: str | None, run: str, as_json: bool) -> None:
    """Show texts before and after, and what was decided of each; who looked goes into the journal first."""
    with _desk(place, run) as desk:
        texts = [dataclasses.asdict(one) for one in desk.texts(start=start, count=count, rule=rule or "")]
        of_run = desk.list_run()
    if as_json:
        click.echo(json.dumps(texts, ensure_ascii=False, indent=2))
    else:
        rows = [[one[name.removesuffix(">")] for name in _COLUMNS] for one in texts]
        show(f"text review of {of_run}", _COLUMNS, rows)


@command.command("approve")
@click.argument("record", type=click.IntRange(1), required=False)
@_rule
@_run
@click.pass_obj
def approve(place: Place, record: int | None, rule: str | None, run: str) -> None:
    """Approve RECORD of the list as it stands, or every record of a rule."""
    with _desk(place, run) as desk:
        desk.approve(record=record, rule=rule or "")


@command.command("override")
@click.argument("record", type=click.IntRange(1))
@click.option("--back", is_flag=True, help="take the approved spelling of this text back")
@_run
@click.pass_obj
def override(place: Place, record: int, back: bool, run: str) -> None:
    """Give RECORD of the list another spelling, which is asked for; `chosho submit GAIJI` takes it into the table."""
    # Asked for, not an argument: what stands on a command line can be seen by everybody on the machine.
    text = "" if back else click.prompt("replacement", err=True)
    with _desk(place, run) as desk:
        click.echo(desk.override(record, text.strip()))
