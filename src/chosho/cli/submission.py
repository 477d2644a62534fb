"""``chosho submission``: the ledger of submissions (提出台帳) to the tax office, and what still needs a correction."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from chosho.batch import clock
from chosho.cli.dates import today, typed
from chosho.cli.main import Place
from chosho.cli.stores import catalogue, opened
from chosho.cli.table import show
from chosho.codec import batch
from chosho.control import rights
from chosho.control.files import Generation
from chosho.control.store import ControlStore
from chosho.control.submissions import Submission
from chosho.copybook import Field
from chosho.dataset import access
from chosho.dataset.reader import Reader
from chosho.errors import InputRefused

DATASET = "CHOSHO.STATEMENT.DIFFERENCE"
WORDS = {"N": "new", "C": "changed", "G": "gone", "X": "cancelled"}
LONGEST = 100
"""Keys that the table shows; ``--json`` has them all."""

_on = click.option("--on", callback=typed, help="day on which it was done (yyyy-mm-dd); else today")


@click.group("submission")
def command() -> None:
    """Submissions to the tax office (提出): checked by two persons, enclosed, mailed, submitted, acknowledged.

    After a submission is entered here, `chosho submit SUBMITTED --set RUN=...` enters its statements into those in force.
    """


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.pass_obj
def list_submissions(place: Place, as_json: bool) -> None:
    """List the submissions with their steps."""
    with opened(place) as (store, _):
        found = store.submissions.shown(place.person, at=clock.stamp())
    if as_json:
        click.echo(json.dumps([_tree(one) for one in found], ensure_ascii=False, indent=2))
        return
    columns = ["run", "year", "state", "discs>", "statements", "submitted", "in force", "last step"]
    rows = [
        [
            one.run,
            one.year,
            one.state,
            one.volumes,
            " ".join(f"{kind}:{number:,}" for kind, number in one.records.items()),
            one.submitted_on or "",
            one.entered_by or "",
            f"{one.acts[-1].on} {one.acts[-1].who} {one.acts[-1].note}".strip(),
        ]
        for one in found
    ]
    show("submissions", columns, rows)


@command.command("check")
@click.argument("run")
@_on
@click.pass_obj
def check(place: Place, run: str, on: dt.date | None) -> None:
    """Enter that you have checked the discs and papers of RUN; a second person does it after you."""
    with opened(place) as (store, _):
        _told(store, store.submissions.check(run, **_facts(place, on)))


@command.command("enclose")
@click.argument("run")
@_on
@click.pass_obj
def enclose(place: Place, run: str, on: dt.date | None) -> None:
    """Enter that the discs and papers of RUN were enclosed."""
    with opened(place) as (store, _):
        _told(store, store.submissions.enclose(run, **_facts(place, on)))


@command.command("mail")
@click.argument("run")
@click.option("--tracking", required=True, help="tracking number of the parcel (追跡番号)")
@_on
@click.pass_obj
def mail(place: Place, run: str, tracking: str, on: dt.date | None) -> None:
    """Enter that the parcel of RUN was mailed."""
    with opened(place) as (store, _):
        _told(store, store.submissions.mail(run, tracking=tracking, **_facts(place, on)))


@command.command("submit")
@click.argument("run")
@click.option(
    "--on", callback=typed, required=True, help="day of the submission (提出日), from which retention counts"
)
@click.pass_obj
def submit(place: Place, run: str, on: dt.date) -> None:
    """Enter that the tax office has the discs of RUN."""
    with opened(place) as (store, _):
        _told(store, store.submissions.submit(run, **_facts(place, on)))
    click.echo(f"now: chosho submit SUBMITTED --set RUN={run}")


@command.command("acknowledge")
@click.argument("run")
@click.option("--receipt", default="", help="number of the tax office's receipt")
@_on
@click.pass_obj
def acknowledge(place: Place, run: str, receipt: str, on: dt.date | None) -> None:
    """Enter that the tax office has acknowledged RUN."""
    with opened(place) as (store, _):
        _told(store, store.submissions.acknowledge(run, receipt=receipt, **_facts(place, on)))


@command.command("withdraw")
@click.argument("run")
@click.option("--reason", required=True, help="why; goes on record, names no person")
@_on
@click.pass_obj
def withdraw(place: Place, run: str, reason: str, on: dt.date | None) -> None:
    """Enter that the discs of RUN will not be sent; not after they were mailed."""
    with opened(place) as (store, _):
        _told(store, store.submissions.withdraw(run, reason=reason, **_facts(place, on)))


@command.command("diff")
@click.option("--year", required=True, help="year of the statements (yyyy)")
@click.option("--keys", "with_keys", is_flag=True, help="the statements themselves: policy, payee, payment")
@click.option("--json", "as_json", is_flag=True, help="print JSON; with --keys all of them")
@click.pass_obj
def diff(place: Place, year: str, with_keys: bool, as_json: bool) -> None:
    """Show what still needs a correction or a supplement, as the last SUPPLEMENT run of the year found it; no amounts.

    Who looked goes into the journal before anything is read.
    """
    entry = catalogue(place)[DATASET]
    with opened(place) as (store, keys):
        rights.require(store.journal, place.person, entry.right, at=clock.stamp())
        generation = _last(store, year)
        name = f"{DATASET}.{generation.name}"
        looked: dict[str, str | bool] = {"dsn": name, "right": entry.right, "keys": with_keys}
        store.journal.append("submission.diff", place.person, looked, at=clock.stamp())
        store.journal.write_head()
        since = [
            one.run
            for one in store.submissions.all()
            if one.entered_by
            and one.year == year
            and _began(store, one.entered_by) > _began(store, generation.run)
        ]
        parts = access.sources(place.root, store, keys, generation)
    layout = entry.layout(generation.business_date)
    fields, counts = layout.named(), Counter[tuple[str, str]]()
    rows: list[dict[str, Any]] = []
    for block in Reader(parts, lrecl=layout.length).blocks():
        counts.update(
            _counted(batch.view(fields, block, "STATEMENT-CODE"), batch.view(fields, block, "WHAT"))
        )
        if with_keys:
            wanted = block if as_json else block[: LONGEST - len(rows)]
            rows += [_row({one: _text(fields, record, one) for one in fields}) for record in wanted]
    found = [
        {"kind": kind, "what": WORDS[what], "statements": n} for (kind, what), n in sorted(counts.items())
    ]
    if as_json:
        tree = {"year": year, "run": generation.run, "entered_since": since, "counts": found}
        click.echo(json.dumps(tree | ({"keys": rows} if with_keys else {}), ensure_ascii=False, indent=2))
        return
    show(
        f"{year} as of {generation.run}",
        ["kind", "what", "statements>"],
        [list(one.values()) for one in found],
    )
    if since:
        click.echo(f"entered since then: {', '.join(since)}; run SUPPLEMENT again to see what is left")
    if rows:
        show("statements", list(rows[0]), [list(row.values()) for row in rows])
        if sum(counts.values()) > len(rows):
            click.echo(f"and {sum(counts.values()) - len(rows):,} more: --json has them all")


def _facts(place: Place, on: dt.date | None) -> dict[str, Any]:
    return {"on": on or today(), "today": today(), "who": place.person, "at": clock.stamp()}


def _told(store: ControlStore, found: Submission) -> None:
    store.journal.write_head()
    click.echo(f"{found.run} is {found.state}, {found.acts[-1].on}")


def _tree(one: Submission) -> dict[str, Any]:
    acts = [
        {"state": act.state, "on": str(act.on), "who": act.who, "note": act.note, "at": act.at}
        for act in one.acts
    ]
    return {
        "run": one.run,
        "deck": one.deck,
        "year": one.year,
        "state": one.state,
        "records": dict(one.records),
        "volumes": one.volumes,
        "submitted_on": None if one.submitted_on is None else str(one.submitted_on),
        "entered_by": one.entered_by,
        "steps": acts,
    }


def _last(store: ControlStore, year: str) -> Generation:
    """Return the newest list of differences of a year."""
    for generation in reversed(store.generations.catalogued(DATASET)):
        if store.runs.get(generation.run).parameters.get("TAX_YEAR") == year:
            return generation
    raise InputRefused("CHSN081E", year=year if year.isdigit() and len(year) == len("yyyy") else "?")


def _began(store: ControlStore, run: str) -> str:
    return store.runs.get(run).begun_at


def _counted(kind: batch.Block, what: batch.Block) -> dict[tuple[str, str], int]:
    together = np.ascontiguousarray(np.column_stack([kind, what]))
    values, numbers = np.unique(together.view("S4"), return_counts=True)
    texts = [value.decode("ascii") for value in values.tolist()]
    return {(text[:3], text[3]): int(n) for text, n in zip(texts, numbers, strict=True)}


def _text(fields: Mapping[str, Field], record: NDArray[np.uint8], name: str) -> str:
    field = fields[name]
    return record[field.offset : field.offset + field.length].tobytes().decode("ascii", "replace").strip()


def _row(cells: dict[str, str]) -> dict[str, Any]:
    """Return a record of the list as it is shown."""
    return {
        "kind": cells["STATEMENT-CODE"],
        "policy": cells["POLICY-NO"],
        "role": cells["ROLE-CODE"],
        "payee": cells["PAYEE-NO"],
        "payment": cells["PAYMENT-NO"],
        "what": WORDS[cells["WHAT"]],
        "item": int(cells["ITEM-NO"]) or None,
        "sent": cells["SENT"] == "1",
    }
