"""The table of the handling report knows every kind of row that the program writes."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from chosho.control.inbox import DeliveryState
from chosho.control.rights import REFUSED
from chosho.control.submissions import TRANSITIONS
from chosho.report.handling_table import KINDS, UNKNOWN, Act, Law, Subject, laws, order
from chosho.retention.pf_ledger import InstructionState

SOURCE = Path(__file__).resolve().parents[2] / "src" / "chosho"
WRITERS = {"append", "_journal", "_record", "_access"}
WORDED = (
    {f"inbox.{state}" for state in (DeliveryState.TAKEN, DeliveryState.REFUSED)}
    | {f"pf.{state}" for state in InstructionState}
    | {f"submission.{state}" for after in TRANSITIONS.values() for state in after.values()}
)
"""Kinds that the code puts together from a state."""
CHOSEN = {"password.create", "password.look"}
"""Kinds that the code chooses between."""


def _called(call: ast.Call) -> str:
    """Return the name of what is called when it writes the journal."""
    func = call.func
    if not isinstance(func, ast.Attribute) or func.attr not in WRITERS:
        return ""
    return "" if func.attr == "append" and "journal" not in ast.unparse(func.value) else func.attr


def kinds_in_code() -> Iterator[tuple[str, str]]:
    """Yield the kinds of the rows that the program writes, and where."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (name := _called(node)):
                kind = node.args[1] if name == "_access" and len(node.args) > 1 else node.args[0]
                if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
                    yield kind.value, f"{path.name}:{node.lineno}"


def test_every_kind_that_the_program_writes_is_in_the_table() -> None:
    found = dict(kinds_in_code())
    assert len(found) > 20
    unknown = {kind: place for kind, place in found.items() if kind not in KINDS}
    assert unknown == {}
    assert set(KINDS) >= WORDED | CHOSEN


def test_the_table_has_no_kind_that_nothing_writes() -> None:
    assert set(KINDS) - {kind for kind, _ in kinds_in_code()} - WORDED - CHOSEN <= {REFUSED}


@pytest.mark.parametrize("act", Act)
def test_every_act_says_what_the_guideline_asks(act: Act) -> None:
    assert laws(act)
    assert order(act)


def test_every_listed_kind_is_worded() -> None:
    assert [kind for kind, row in KINDS.items() if not row.what and row.subject is not Subject.HOUSE] == []
    assert UNKNOWN.act is Act.OTHER


def test_the_five_items_of_the_guideline_are_covered() -> None:
    assert {law for act in Act for law in laws(act)} >= set(Law) - {Law.NONE}
