"""Typed reasons: every command that takes one refuses a number of a person in it, in the same words."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from chosho.cli.main import COMMANDS
from tests.cli.conftest import Chosho
from tests.cli.nights import Night

DAY = "2027-01-12"
WORDS = {
    "disc approve": ("PERMIT.20270112.0001", "V01.iso"),
    "disc request": ("V01.iso", "--person", "sato"),
    "inbox discard": ("1",),
    "jobs close": ("NIGHTLY.20270112.01",),
    "keys destroy": ("C1",),
    "media password": ("PW-1",),
    "pf approve": ("PFDEL.20270112.01",),
    "pf resolve": ("K1",),
    "submission withdraw": ("JANUARY.20270112.01",),
}
"""What each of the commands is called with."""


def taking_a_reason(command: click.Command, name: str) -> Iterator[str]:
    """Yield the names of a command and of those below it that ask for ``--reason``."""
    if isinstance(command, click.Group):
        for below, one in command.commands.items():
            yield from taking_a_reason(one, f"{name} {below}")
    if any(parameter.name == "reason" and parameter.required for parameter in command.params):
        yield name


@pytest.fixture
def night(tmp_path: Path, chosho: Chosho, monkeypatch: pytest.MonkeyPatch) -> Night:
    """Return a data root on which a night has run."""
    made = Night(tmp_path, chosho, monkeypatch)
    made.ran(DAY)
    return made


def test_the_commands_that_take_a_reason_are_those_that_are_tried_here() -> None:
    found = {
        name
        for command, (module, _) in COMMANDS.items()
        for name in taking_a_reason(importlib.import_module(f"chosho.cli.{module}").command, command)
    }
    assert found == set(WORDS)


@pytest.mark.parametrize("reason", ["123456789018", "契約 10000000001 の照会", "１２３４ ５６７８ ９０１８"])
@pytest.mark.parametrize("name", WORDS)
def test_a_number_of_a_person_is_refused(night: Night, name: str, reason: str) -> None:
    before = night("journal", "show").out
    answer = night(*name.split(), *WORDS[name], "--reason", reason)
    assert (answer.code, answer.err.split()[0], answer.out) == (12, "CHSJ042E", "")
    assert reason not in answer.err
    assert night("journal", "show").out == before


@pytest.mark.parametrize("name", WORDS)
def test_a_blank_reason_is_none(night: Night, name: str) -> None:
    answer = night(*name.split(), *WORDS[name], "--reason", "  ")
    assert (answer.code, answer.err.split()[0], answer.out) == (12, "CHSJ041E", "")
