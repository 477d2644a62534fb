"""``chosho jobs``: the runs, newest first."""

import json

import click

from chosho.cli.main import Place
from chosho.cli.stores import opened
from chosho.cli.table import show


@click.command("jobs")
@click.option("--limit", default=20, show_default=True, help="how many runs")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.pass_obj
def command(place: Place, limit: int, as_json: bool) -> None:
    """List the runs with their state and return code."""
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
