"""Fixtures of this package's tests."""

import pytest

from tests.dataset.world import World


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


@pytest.fixture
def store(world):
    with world.store() as opened:
        world.begin(opened)
        yield opened
