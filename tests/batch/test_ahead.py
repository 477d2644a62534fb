"""A process before its turn: told nothing, and gone when its turn does not come."""

import os
import select
import signal
from types import SimpleNamespace

import pytest

from chosho.batch.ahead import Ahead
from chosho.batch.spawn import Spawned

LONG = 60.0


def step(name, when=None):
    return SimpleNamespace(name=name, pgm="s999_nothing", when=when)


@pytest.fixture
def spawned():
    made = []
    yield made
    for process in made:
        process.kill()


def ahead_of(*steps):
    return Ahead(
        SimpleNamespace(
            job=SimpleNamespace(steps=steps),
            libraries=SimpleNamespace(program=lambda _pgm: SimpleNamespace(library=None)),
            locks=SimpleNamespace(descriptors=()),
            environment=dict(os.environ),
        )
    )


def waiting(ahead):
    return ahead._waiting


def test_a_process_asks_who_it_is_and_then_waits(spawned):
    process = Spawned("S1", "", (), os.environ)
    spawned.append(process)
    assert [process.requests] == select.select([process.requests], [], [], LONG)[0]
    assert b'"hello"' in os.read(process.requests, 4096)
    assert [] == select.select([process.requests], [], [], 0.2)[0]
    process.kill()
    assert -signal.SIGKILL == process.reap(lambda _rest: None)[0]


def test_a_program_that_cannot_be_loaded_is_told_in_its_turn(spawned):
    process = Spawned("S1", "s999_nothing", (), os.environ)
    spawned.append(process)
    select.select([process.requests], [], [], LONG)
    assert b'"hello"' in os.read(process.requests, 4096)
    process.discard()


def test_the_next_steps_process_is_there_when_its_turn_comes(spawned):
    first, second = step("S1"), step("S2")
    ahead = ahead_of(first, second)
    spawned.append(ahead.take(first))
    expected = waiting(ahead)
    spawned.append(ahead.take(second))
    assert expected is spawned[1]
    assert "S2" == spawned[1].step
    assert waiting(ahead) is None


def test_a_step_with_a_condition_is_not_spawned_ahead(spawned):
    first, second = step("S1"), step("S2", when=object())
    ahead = ahead_of(first, second)
    spawned.append(ahead.take(first))
    assert waiting(ahead) is None


def test_a_process_whose_turn_does_not_come_is_gone(spawned):
    first, second, third = step("S1"), step("S2"), step("S3")
    ahead = ahead_of(first, second, third)
    spawned.append(ahead.take(first))
    passed_over = waiting(ahead)
    spawned.append(ahead.take(third))
    assert "S3" == spawned[1].step
    assert -signal.SIGKILL == passed_over._process.returncode
    ahead.discard()
    ahead.discard()
    assert waiting(ahead) is None
