"""``chosho pf``: the PF ledger (PF削除台帳): list it, approve an instruction, resolve a key. It holds no number."""

import json
from datetime import date
from typing import Any

import click

from chosho.batch import clock
from chosho.cli.dates import calendar, today, typed
from chosho.cli.main import Place
from chosho.cli.stores import opened
from chosho.cli.table import show
from chosho.errors import InputRefused
from chosho.retention.pf_ledger import due_on, is_time

LONGEST = 100
"""Keys that the table shows; ``--json`` has them all."""


_reason = click.option("--reason", required=True, help="why; goes on record")


@click.group("pf")
def command() -> None:
    """Numbers that the PF (委託PF事業者) holds for a moment, by its keys, and the instructions to delete them."""


@command.command("list")
@click.option(
    "--date", "as_of", callback=typed, help="overdue as of this day (yyyy-mm-dd); else today in Japan"
)
@click.option("--json", "as_json", is_flag=True, help="print JSON, all keys")
@click.pass_obj
def list_ledger(place: Place, as_of: date | None, as_json: bool) -> None:
    """List the open instructions and keys, with the day on which each is due."""
    with opened(place) as (store, _):
        instructions, keys = store.pf.shown(place.person, at=clock.stamp())
    day, due = as_of or today(), due_on(calendar(place))
    for key in keys:
        last = due(key["stored_at"])
        key["due_on"], key["overdue"] = last.isoformat(), last < day
        key["later"] = json.loads(key["later"]) if key["later"] else None
    if as_json:
        tree = {"date": day.isoformat(), "instructions": instructions, "keys": keys}
        click.echo(json.dumps(tree, ensure_ascii=False, indent=2))
        return
    _tables(instructions, keys)


def _tables(instructions: list[dict[str, Any]], keys: list[dict[str, Any]]) -> None:
    columns = [
        "id",
        "state",
        "keys>",
        "prepared_by",
        "approved_by",
        "sent_on",
        "sends>",
        "acknowledged_on",
        "note",
    ]
    names = [column.removesuffix(">") for column in columns]
    show("open instructions", columns, [[row[name] for name in names] for row in instructions])
    rows = [
        [
            key["id"],
            key["state"],
            key["due_on"],
            "overdue" if key["overdue"] else "",
            key["instruction"],
            _why(key),
        ]
        for key in keys
    ]
    show(f"open keys: {len(keys):,}", ["key", "state", "due_on", "", "instruction", "reason"], rows[:LONGEST])
    if len(rows) > LONGEST:
        click.echo(f"and {len(rows) - LONGEST:,} more: --json has them all")


def _why(key: dict[str, Any]) -> str:
    """Return the reason of a key, and what was declared since it was instructed."""
    if key["later"] is None:
        return str(key["reason"])
    _, state, reason = key["later"]
    return f"{key['reason']} then {state} {reason}".strip()


def _told(context: click.Context, parameter: click.Parameter, text: str | None) -> str:  # noqa: ARG001 - click's signature
    """Return a storage time that was typed; "" when none was (a callback of click).

    Raises:
        InputRefused: it is none, or after today (CHSE047E).
    """
    if text is None:
        return ""
    if not is_time(text) or text > f"{today():%Y%m%d}235959":
        raise InputRefused("CHSE047E")
    return text


@command.command("approve")
@click.argument("instruction")
@_reason
@click.pass_obj
def approve(place: Place, instruction: str, reason: str) -> None:
    """Approve INSTRUCTION, which the next night then sends; not by the person whose run prepared it."""
    with opened(place) as (store, _):
        store.pf.approve(instruction, who=place.person, reason=reason, at=clock.stamp())
        store.journal.write_head()
    click.echo(f"{instruction} is approved")


@command.command("resolve")
@click.argument("key")
@_reason
@click.option(
    "--stored-at",
    callback=_told,
    help="when the PF stored the number, as it has told (YYYYMMDDHHMMSS); needed where the declaration's time could not be read",
)
@click.option(
    "--gone",
    is_flag=True,
    help="the PF has proved in another way that the number is gone: of a disputed key, or one whose time could not be read",
)
@click.pass_obj
def resolve(place: Place, key: str, reason: str, stored_at: str, gone: bool) -> None:
    """Resolve KEY, rejected or disputed: the next night instructs its deletion."""
    if gone and stored_at:
        raise InputRefused("CHSE047E")
    with opened(place) as (store, _):
        store.pf.resolve(
            key, who=place.person, reason=reason, at=clock.stamp(), gone=gone, stored_at=stored_at
        )
        store.journal.write_head()
    click.echo(f"{key} is {'closed' if gone else 'due'}")
