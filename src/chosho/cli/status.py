"""``chosho status``: the acquisition status (個人番号等取得状況) of one policy: held or not held, never a number; on record."""

import json
import re
from collections.abc import Sequence

import click
import numpy as np

from chosho.batch import clock
from chosho.cli.main import Place
from chosho.cli.stores import catalogue, opened
from chosho.cli.table import show
from chosho.codec import keys
from chosho.codec.batch import Block
from chosho.control import rights
from chosho.copybook import Layout
from chosho.dataset import access
from chosho.dataset.catalog import STATUS
from chosho.dataset.part import PartSource
from chosho.dataset.reader import Reader
from chosho.errors import InputRefused

_POLICY, _ROLE = re.compile(r"[0-9A-Z]{11}"), re.compile(r"[0-9]{2}")
_HELD = "1"


@click.command("status")
@click.option("--policy", required=True, help="policy number (証書番号)")
@click.option("--role", help="01 contractor, 02 payee; both when it is not given")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.pass_obj
def command(place: Place, policy: str, role: str | None, as_json: bool) -> None:
    """Show whether the numbers of a policy's persons are held, as of the newest status.

    Who asked goes into the journal, the policy and role into its sealed column, before anything is read.
    """
    for text, item, pattern in ((policy, "policy number", _POLICY), (role or "00", "role", _ROLE)):
        if not pattern.fullmatch(text):
            # Not repeated: it could be an individual number in the wrong place.
            raise InputRefused("CHSA060E", item=item)
    entry = catalogue(place)[STATUS]
    with opened(place) as (store, key_store):
        rights.require(store.journal, place.person, entry.right, at=clock.stamp())
        there = store.generations.catalogued(STATUS)
        if not there:
            raise InputRefused("CHSD122E", dsn=STATUS, relative="0")
        generation = there[-1]
        name = f"{STATUS}.{generation.name}"
        store.journal.append(
            "status",
            place.person,
            {"dsn": name, "right": entry.right},
            at=clock.stamp(),
            private={"policy": policy, "role": role or ""},
            key=key_store.journal_column_key(),
        )
        store.journal.write_head()
        parts = access.sources(place.root, store, key_store, generation)
    layout = entry.layout(generation.business_date)
    wanted = (policy + (role or "")).encode("ascii")
    rows = [_row(layout, record) for record in _records(parts, layout, wanted)]
    if not rows:
        raise InputRefused("CHSA061E", dsn=name)
    if as_json:
        click.echo(json.dumps({"dsn": name, "persons": rows}, ensure_ascii=False, indent=2))
        return
    columns = ["policy", "role", "payee_no", "held", "state", "reason", "date"]
    words = [{**row, "held": "held" if row["held"] else "not held"} for row in rows]
    show(f"{name}  {entry.title}", columns, [[row[column] for column in columns] for row in words])


def _records(parts: Sequence[PartSource], layout: Layout, wanted: bytes) -> Block:
    """Return the records whose key begins with ``wanted``; what stands behind them is not read."""
    found = [np.empty((0, layout.length), np.uint8)]
    for block in Reader(parts, lrecl=layout.length, key=len(wanted)).blocks():
        first = keys.seek(block, len(wanted), wanted)
        end = keys.seek(block, len(wanted), wanted, after=True)
        found.append(block[first:end].copy())
        if end < len(block):
            break
    return np.concatenate(found)


def _row(layout: Layout, record: Block) -> dict[str, str | bool]:
    """Return a record as it is shown."""

    def text(name: str) -> str:
        field = layout[name]
        return record[field.offset : field.offset + field.length].tobytes().decode("ascii", "replace").strip()

    day = text("REGISTERED-ON")
    return {
        "policy": text("POLICY-NO"),
        "role": text("ROLE-CODE"),
        "payee_no": text("PAYEE-NO"),
        "held": text("HELD") == _HELD,
        "state": text("STATE-CODE"),
        "reason": text("REASON-CODE"),
        "date": f"{day[:4]}-{day[4:6]}-{day[6:]}",
    }
