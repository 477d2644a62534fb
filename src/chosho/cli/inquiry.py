"""``chosho inquiry``: one statement as it was submitted (照会), numbers masked, on record before it is shown."""

import json
import sys

import click

from chosho.batch import clock
from chosho.batch.inquiry import Answer, Desk, Match, Question
from chosho.cli.main import Place
from chosho.cli.stores import opened
from chosho.cli.table import show
from chosho.control.inquiries import Limits
from chosho.dataset.settings import Settings
from chosho.errors import ReturnCode, message


@click.command("inquiry")
@click.option("--policy", required=True, help="policy number (保険証書記号番号)")
@click.option("--payee", default="", help="payee number, two digits")
@click.option("--payment", default="", help="payment number, four digits")
@click.option("--year", type=click.IntRange(1989, 2999), help="year of the payments (yyyy)")
@click.option("--pick", type=click.IntRange(1), help="the number of a statement in the list that was shown")
@click.option(
    "--reveal", is_flag=True, help="show individual numbers; on a terminal, with --case and --reason"
)
@click.option("--case", default="", help="case number; goes on record")
@click.option("--reason", default="", help="why; goes on record")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.pass_context
@click.pass_obj
def command(
    place: Place,
    context: click.Context,
    policy: str,
    payee: str,
    payment: str,
    year: int | None,
    pick: int | None,
    reveal: bool,
    case: str,
    reason: str,
    as_json: bool,
) -> None:
    """Show one statement as it was submitted, item by item; code 4 when several are meant and only their keys are shown.

    Who asked for which policy goes into the journal before anything is read. A number that was not revealed is masked.
    """
    question = Question(
        policy=policy,
        payee=payee,
        payment=payment,
        year=year,
        pick=pick,
        reveal=reveal,
        case=case,
        reason=reason,
    )
    with opened(place) as (store, keys):
        limits = Settings.load(place.root).inquiry
        desk = Desk(
            root=place.root,
            store=store,
            keys=keys,
            limits=Limits(per_hour=limits.per_hour, reveals_per_hour=limits.reveals_per_hour),
            person=place.person,
            terminal=on_terminal(),
            at=clock.stamp(),
        )
        answer = desk.answer(question)
    if as_json:
        click.echo(json.dumps(_tree(answer), ensure_ascii=False, indent=2))
    else:
        _print(answer)
    if answer.shown is None:
        click.echo(message("CHSQ015I", count=len(answer.matches)), err=True)
        context.exit(ReturnCode.WARNING)


def on_terminal() -> bool:
    """Return whether what is printed goes to a terminal, and nowhere else."""
    return sys.stdout.isatty()


def _key(one: Match) -> dict[str, str | int]:
    return {
        "no": one.number,
        "year": one.year,
        "kind": one.kind,
        "role": one.role,
        "payee": one.payee,
        "payment": one.payment,
        "filing": one.filing,
        "payments": one.payments,
        "run": one.run,
        "submitted": one.submitted,
    }


def _tree(answer: Answer) -> dict[str, object]:
    items = [
        {"item": one.number, "name": one.name, "content": one.text, "masked": one.masked}
        for one in answer.items
    ]
    return {
        "matches": [_key(one) for one in answer.matches],
        "statement": None if answer.shown is None else {**_key(answer.shown), "items": items},
    }


def _print(answer: Answer) -> None:
    if answer.shown is None:
        rows = [list(_key(one).values()) for one in answer.matches]
        show(
            "statements",
            ["no>", "year", "kind", "role", "payee", "payment", "filing", "payments>", "run", "submitted"],
            rows,
        )
        return
    one = answer.shown
    title = f"{one.kind}  {one.year}  payee {one.role}-{one.payee}  payment {one.payment}  {one.run}"
    title += f"  submitted {one.submitted}" if one.submitted else "  not submitted"
    show(title, ["item>", "name", "content"], [[item.number, item.name, item.text] for item in answer.items])
