"""The two small languages of a deck: ``when:`` conditions and ``balance:`` equations.

Both are read with Python's own grammar and then walked over a short list of allowed nodes; nothing is ever
evaluated as Python. A condition compares what became of earlier steps::

    S270.rc == 0 and not S280.abend

with ``STEP.rc`` (no comparison holds for a step that did not run), ``STEP.ran`` and ``STEP.abend``. A
balance compares sums of counts, the step's own by their bare names, those of other steps as
``STEP.count``::

    read == kept + left_out + rejected
    read == S210.kept

>>> Condition.parse("S210.rc <= 4 and not S220.ran").steps
('S210', 'S220')
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, Self

LONGEST = 500
"""Most characters of an expression: Python's parser nests by recursion, and a deck has no need of more."""

_STEP = re.compile(r"[A-Z][A-Z0-9]{0,7}")
_FACTS = ("rc", "ran", "abend")
_COMPARE: dict[type[ast.cmpop], tuple[str, Callable[[int, int], bool]]] = {
    ast.Eq: ("==", operator.eq),
    ast.NotEq: ("!=", operator.ne),
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
}


class Outcome(Protocol):
    """What became of a step, as far as conditions and balances ask."""

    @property
    def rc(self) -> int | None:
        """Return code; None when the step did not run."""

    @property
    def ran(self) -> bool:
        """Whether the step was started."""

    @property
    def abend(self) -> bool:
        """Whether the step died or was killed."""

    @property
    def counts(self) -> Mapping[str, int]:
        """Its counts."""


class BadExpressionError(ValueError):
    """The text is no expression of the language; the message says why, in a few words."""


class UnknownCountError(LookupError):
    """A balance names a count that the step did not declare; the argument is its name."""


def _parse(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise BadExpressionError(f"longer than {LONGEST} characters")
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadExpressionError("not an expression") from None


def _dotted(node: ast.expr) -> str | None:
    """Return ``a.b.c`` for a chain of attributes, None for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = _dotted(node.value)
        return None if head is None else f"{head}.{node.attr}"
    return None


@dataclass(frozen=True, slots=True)
class Condition:
    """A ``when:`` condition (実行条件)."""

    text: str
    steps: tuple[str, ...]
    _tree: ast.expr

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a condition.

        Raises:
            BadExpressionError: it is none.
        """
        tree = _parse(text)
        steps: dict[str, None] = {}
        _check_truth(tree, steps)
        return cls(text, tuple(steps), tree)

    def holds(self, outcomes: Mapping[str, Outcome]) -> bool:
        """Return whether the condition is true; a step that is not in ``outcomes`` did not run."""
        return _truth(self._tree, outcomes)


def _fact(node: ast.expr) -> tuple[str, str] | None:
    """Return the step and the fact of ``STEP.rc``, ``STEP.ran`` or ``STEP.abend``."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in _FACTS:
        return (node.value.id, node.attr) if _STEP.fullmatch(node.value.id) else None
    return None


def _check_truth(node: ast.expr, steps: dict[str, None]) -> None:
    fact = _fact(node)
    if fact:
        if fact[1] == "rc":
            raise BadExpressionError(f"{fact[0]}.rc must be compared with a number")
        steps[fact[0]] = None
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            _check_truth(value, steps)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        _check_truth(node.operand, steps)
    elif isinstance(node, ast.Compare):
        for operand in (node.left, *node.comparators):
            _check_code(operand, steps)
        if any(type(op) not in _COMPARE for op in node.ops):
            raise BadExpressionError("only == != < <= > >= compare")
    else:
        raise BadExpressionError("only STEP.rc, STEP.ran, STEP.abend, comparisons, and, or, not are allowed")


def _check_code(node: ast.expr, steps: dict[str, None]) -> None:
    fact = _fact(node)
    if fact and fact[1] == "rc":
        steps[fact[0]] = None
    elif not (isinstance(node, ast.Constant) and type(node.value) is int):
        raise BadExpressionError("only STEP.rc and whole numbers can be compared")


def _truth(node: ast.expr, outcomes: Mapping[str, Outcome]) -> bool:
    if isinstance(node, ast.BoolOp):
        results = (_truth(value, outcomes) for value in node.values)
        return all(results) if isinstance(node.op, ast.And) else any(results)
    if isinstance(node, ast.UnaryOp):
        return not _truth(node.operand, outcomes)
    if isinstance(node, ast.Compare):
        values = [_code(operand, outcomes) for operand in (node.left, *node.comparators)]
        pairs = zip(values, node.ops, values[1:], strict=False)
        return all(
            left is not None and right is not None and _COMPARE[type(op)][1](left, right)
            for left, op, right in pairs
        )
    step, fact = _fact(node) or ("", "ran")
    outcome = outcomes.get(step)
    return outcome is not None and bool(getattr(outcome, fact))


def _code(node: ast.expr, outcomes: Mapping[str, Outcome]) -> int | None:
    if isinstance(node, ast.Constant):
        return int(str(node.value))
    outcome = outcomes.get((_fact(node) or ("", ""))[0])
    return None if outcome is None or not outcome.ran else outcome.rc


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a balance came out: each side as it was written, with its figure."""

    holds: bool
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Balance:
    """A ``balance:`` equation (突合)."""

    text: str
    names: tuple[str, ...]
    _tree: ast.Compare

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a balance.

        Raises:
            BadExpressionError: it is none.
        """
        tree = _parse(text)
        if not isinstance(tree, ast.Compare) or len(tree.ops) != 1 or type(tree.ops[0]) not in _COMPARE:
            raise BadExpressionError("a balance is one comparison of two sums of counts")
        names: dict[str, None] = {}
        _check_sum(tree.left, names)
        _check_sum(tree.comparators[0], names)
        return cls(text, tuple(names), tree)

    def verdict(self, counts: Mapping[str, int], outcomes: Mapping[str, Outcome]) -> Verdict:
        """Return whether the equation holds.

        A dotted name is the step's own count when there is one of that whole name, else the count of
        another step.

        Raises:
            UnknownCountError: a count that it names was not declared by its step, or that step did not run.
        """

        def count(name: str) -> int:
            if name in counts:
                return counts[name]
            step, _, rest = name.partition(".")
            if step in outcomes and rest in outcomes[step].counts:
                return outcomes[step].counts[rest]
            raise UnknownCountError(name)

        _, compare = _COMPARE[type(self._tree.ops[0])]
        left, right = _sum(self._tree.left, count), _sum(self._tree.comparators[0], count)
        return Verdict(
            compare(left, right),
            _shown(self._tree.left, left, count),
            _shown(self._tree.comparators[0], right, count),
        )


def _check_sum(node: ast.expr, names: dict[str, None]) -> None:
    name = _dotted(node)
    if name is not None:
        names[name] = None
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        _check_sum(node.left, names)
        _check_sum(node.right, names)
    elif not (isinstance(node, ast.Constant) and type(node.value) is int):
        raise BadExpressionError("only counts, whole numbers, + and - stand on a side of a balance")


def _sum(node: ast.expr, count: Callable[[str], int]) -> int:
    if isinstance(node, ast.BinOp):
        left, right = _sum(node.left, count), _sum(node.right, count)
        return left + right if isinstance(node.op, ast.Add) else left - right
    if isinstance(node, ast.Constant):
        return int(str(node.value))
    return count(_dotted(node) or "")


def _shown(node: ast.expr, total: int, count: Callable[[str], int]) -> str:
    """Return a side with its figures: ``kept 3 + rejected 1 = 4``."""
    if not isinstance(node, ast.BinOp):
        return f"{ast.unparse(node)} {total}"

    def terms(part: ast.expr) -> str:
        if isinstance(part, ast.BinOp):
            sign = "+" if isinstance(part.op, ast.Add) else "-"
            return f"{terms(part.left)} {sign} {terms(part.right)}"
        name = _dotted(part)
        return ast.unparse(part) if name is None else f"{name} {count(name)}"

    return f"{terms(node)} = {total}"
