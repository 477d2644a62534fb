"""``chosho spool``: the job log of a run."""

import re

import click

from chosho import disk
from chosho.cli.main import Place
from chosho.errors import InputRefused

_RUN = re.compile(r"[A-Z][A-Z0-9]*\.\d{8}\.\d+")


@click.command("spool")
@click.argument("run")
@click.option("--events", is_flag=True, help="show the events (JSON lines) instead of the job log")
@click.pass_obj
def command(place: Place, run: str, events: bool) -> None:
    """Show the job log of RUN (its id as in `chosho jobs`)."""
    folder = place.root / "spool" / run
    if not _RUN.fullmatch(run) or not folder.is_dir():
        raise InputRefused("CHSL015E", run=run)
    text = disk.read_bytes(folder / ("events.jsonl" if events else "JOBLOG.txt"))
    click.echo(text.decode("utf-8"), nl=False)
