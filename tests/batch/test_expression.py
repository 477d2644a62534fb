"""The two small languages of a deck."""

import pytest

from chosho.batch.expression import BadExpressionError, Balance, Condition, UnknownCountError
from chosho.batch.result import State, StepResult


def outcome(name, rc, state=State.OK, **counts):
    return StepResult(name=name, pgm="p", title="", state=state, rc=rc, counts=counts)


OUTCOMES = {
    "S1": outcome("S1", 0, kept=7),
    "S2": outcome("S2", 4),
    "S3": outcome("S3", None, State.SKIPPED),
    "S4": outcome("S4", 16, State.ABEND),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("S1.rc == 0", True),
        ("S1.rc == 0 and S2.rc <= 4", True),
        ("S2.rc < 4 or S4.abend", True),
        ("not S4.abend", False),
        ("S3.ran", False),
        ("S1.ran and not S3.ran", True),
        ("0 <= S2.rc < 8", True),
        ("S1.rc != 0", False),
        ("S4.rc >= 8", True),
    ],
)
def test_a_condition_is_true_or_false(text, expected):
    assert Condition.parse(text).holds(OUTCOMES) is expected


@pytest.mark.parametrize("text", ["S3.rc == 0", "S3.rc != 0", "S3.rc < 99", "S9.rc >= 0"])
def test_no_comparison_holds_for_a_step_that_did_not_run(text):
    assert Condition.parse(text).holds(OUTCOMES) is False


def test_a_condition_names_its_steps():
    assert Condition.parse("S2.rc == 0 and (S1.ran or S2.abend)").steps == ("S2", "S1")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "S1",
        "S1.rc",
        "S1.rc == 'x'",
        "S1.rc == 0.5",
        "S1.rc == True",
        "S1.rc is 0",
        "s1.rc == 0",
        "S1.rc + 1 == 0",
        "S1.__class__",
        "__import__('os').system('true')",
        "S1.rc == 0; S2.rc",
        "(lambda: S1.rc)()",
        "S1.counts == 0",
        "(" * 400 + "S1.ran" + ")" * 400,
        "-" * 499 + "1",
        "S1.rc == 0" + " or S1.rc == 0" * 100,
        "\x00",
    ],
)
def test_what_is_no_condition_is_refused(text):
    with pytest.raises(BadExpressionError):
        Condition.parse(text)


def verdict(text, **counts):
    return Balance.parse(text).verdict({name.replace("__", "."): n for name, n in counts.items()}, OUTCOMES)


def test_a_balance_adds_and_subtracts_counts():
    found = verdict("read == kept + left - 1", read=10, kept=8, left=3)
    assert (found.holds, found.left, found.right) == (True, "read 10", "kept 8 + left 3 - 1 = 10")


def test_a_balance_that_does_not_hold_names_both_sides_and_their_figures():
    found = verdict("read == S1.kept", read=6)
    assert (found.holds, found.left, found.right) == (False, "read 6", "S1.kept 7")


def test_a_dotted_name_is_first_the_steps_own_count():
    assert verdict("K310.statements == 2", K310__statements=2).holds
    assert verdict("S1.kept == 1", S1__kept=1).holds


@pytest.mark.parametrize("text", ["missing == 0", "S1.missing == 0", "S3.read == 0", "S9.read == 0"])
def test_an_unknown_count_is_an_error_and_not_zero(text):
    with pytest.raises(UnknownCountError):
        verdict(text)


@pytest.mark.parametrize(
    "text", ["read", "read = kept", "a == b == c", "a * 2 == b", "f(a) == b", "a == 'x'", "-a == b"]
)
def test_what_is_no_balance_is_refused(text):
    with pytest.raises(BadExpressionError):
        Balance.parse(text)
