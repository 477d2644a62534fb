"""Relative generations mean the same all through a run."""

import pytest

from chosho.dataset.catalog import Catalog
from chosho.dataset.generations import find, fix, resolve
from chosho.errors import InputRefused

OURS = Catalog.parse(
    "datasets: {A.B: {title: t, recfm: T, code_page: CP932, class: none, generations: 3, right: a}}"
)["A.B"]
THEIRS = Catalog.parse(
    "datasets: {A.C: {title: t, recfm: T, code_page: CP932, class: none, external: x, right: a}}"
)["A.C"]


def test_relative_generations_count_what_is_there_and_stay_for_the_run(world, store):
    for _ in range(3):
        world.write(store, "A.B", cohort=None)
    references = fix(store, "A.B", [0, -1, -2, -3, 1, 2])
    world.write(store, "A.B", cohort=None)
    numbers = [find(OURS, relative, references) for relative in (0, -1, -2, -3, 1, 2)]
    assert numbers == [3, 2, 1, None, 4, 5]
    with pytest.raises(InputRefused, match=r"CHSD122E dataset A\.B has no generation \(-3\)"):
        resolve(OURS, -3, references)


def test_the_first_generation_is_1_and_there_is_none_before_it(store):
    references = fix(store, "A.B", [0, 1])
    assert (find(OURS, 0, references), resolve(OURS, 1, references)) == (None, 1)


def test_ours_needs_a_generation_and_theirs_has_none():
    with pytest.raises(InputRefused, match="CHSD121E"):
        find(OURS, None, ())
    with pytest.raises(InputRefused, match="CHSD120E"):
        find(THEIRS, 0, ())
