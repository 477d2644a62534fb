"""``chosho jobs``: the runs, newest first; close one that will not go on."""

import json

import click

from chosho.batch.closing import close_run
from chosho.cli.main import Place
from chosho.cli.stores import opened
from chosho.cli.table import show


@click.group("jobs", invoke_without_command=True)
@click.option("--limit", default=20, show_default=True, help="how many runs")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.pass_context
def command(context: click.Context, limit: int, as_json: bool) -> None:
    """List the runs with their state and return code."""
    if context.invoked_subcommand is not None:
        return
    place: Place = context.obj
    with opened(place) as (store, _):
        runs = [
            {
                "run": run.id,
                "deck": run.deck,
                "date": run.business_date.isoformat(),
                "state": str(run.state),
                "rc": run.rc,
                "attempt": run.attempt,
                "begun": run.begun_at,
                "ended": run.ended_at,
                "failed_at": next(
                    (step.name for step in store.runs.steps(run.id).values() if step.state == "failed"), None
                ),
            }
            for run in store.runs.list(limit=limit)
        ]
    if as_json:
        click.echo(json.dumps(runs, ensure_ascii=False, indent=2))
        return
    columns = ["run", "deck", "date", "state", "rc", "attempt", "begun", "ended", "failed_at"]
    show("runs", columns, [[run[column] for column in columns] for run in runs])


@command.command("close")
@click.argument("run")
@click.option("--reason", required=True, help="why it will not go on; goes on record")
@click.option(
    "--unlisted", is_flag=True, help="also when its rejects stand in no list yet: somebody reads them by hand"
)
@click.pass_obj
def close(place: Place, run: str, reason: str, unlisted: bool) -> None:
    """Close RUN, which failed or was killed: it never goes on, and what it made stays until its retention ends."""
    with opened(place) as (store, _):
        close_run(place.root, store, run, person=place.person, reason=reason, unlisted=unlisted)
    click.echo(f"{run} is closed")
