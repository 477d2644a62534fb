"""``chosho inbox``: the files that others delivered (受付簿), and what became of them."""

import json

import click

from chosho.batch import clock
from chosho.cli.main import Place
from chosho.cli.stores import catalogue, opened
from chosho.cli.table import show
from chosho.control.inbox import Delivered, DeliveryState
from chosho.dataset import delivery
from chosho.dataset.place import quarantine_name

COLUMNS = ("id", "dsn", "file", "number", "state", "reason", "records", "night")
_GONE = frozenset({DeliveryState.ERASED, DeliveryState.REPLACED})
"""States of a file that no longer lies there."""


@click.group("inbox")
def command() -> None:
    """Files that others deliver: what was taken, what was refused and waits, what lies there unjudged."""


@command.command("list")
@click.option("--all", "everything", is_flag=True, help="also what was taken and erased")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.pass_obj
def list_files(place: Place, everything: bool, as_json: bool) -> None:
    """List the files that wait: refused by a night, not judged by any yet, or still there though they were to be erased."""
    entries = [entry for entry in catalogue(place) if entry.inbox is not None]
    with opened(place) as (store, _):
        known = store.inbox.shown(place.person, at=clock.stamp())
    paths = {one.path for one in known if one.state not in _GONE}
    rows: list[dict[str, object]] = [
        _row(one)
        for one in known
        if everything or one.state in {DeliveryState.REFUSED, DeliveryState.ERASE_PENDING}
    ]
    rows += [
        {
            **dict.fromkeys(COLUMNS),
            "dsn": entry.dsn,
            "file": quarantine_name(name),
            "state": "not judged",
        }
        for entry in entries
        for name in delivery.unlisted(place.root, entry.inbox or "", paths)
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    titles = [f"{name}>" if name in {"id", "records"} else name for name in COLUMNS]
    show("inbox", titles, [[row.get(column) for column in COLUMNS] for row in rows])


@command.command("discard")
@click.argument("delivery_id", metavar="ID", type=int)
@click.option("--reason", required=True, help="why it is not wanted; goes on record")
@click.pass_obj
def discard(place: Place, delivery_id: int, reason: str) -> None:
    """Give up a file that a night refused, such as one that was sent twice; the next scratch erases it."""
    with opened(place) as (store, _):
        delivery.discard(place.root, store, delivery_id, reason=reason, at=clock.stamp(), who=place.person)
    click.echo(f"delivery {delivery_id} is discarded; the next scratch erases it")


def _row(one: Delivered) -> dict[str, object]:
    return {
        "id": one.id,
        "dsn": one.dsn,
        "file": one.name,
        "number": one.file_no,
        "state": str(one.state),
        "reason": one.reason,
        "records": one.records,
        "night": one.business_date.isoformat(),
        "run": one.run,
    }
