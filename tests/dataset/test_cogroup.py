"""Key groups stay whole, whatever the blocks."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.dataset.cogroup import cogroup, groups

KEY = 2


def block(keys, width):
    rows = np.zeros((len(keys), width), np.uint8)
    rows[:, 1] = keys
    rows[:, -1] = np.arange(len(keys)) % 251
    return rows


def pieces(rows, cuts):
    place = 0
    for cut in cuts:
        yield rows[place : place + cut].copy()
        place += cut
    yield rows[place:].copy()


SORTED = st.lists(st.integers(0, 12), max_size=40).map(sorted)
CUTS = st.lists(st.integers(0, 9), max_size=12)


@settings(max_examples=300, deadline=None)
@given(left=SORTED, right=SORTED, left_cuts=CUTS, right_cuts=CUTS, target=st.integers(1, 300))
def test_any_chunking_gives_the_same_whole_groups(left, right, left_cuts, right_cuts, target):
    left_rows, right_rows = block(left, 5), block(right, 7)
    seen: set[int] = set()
    got = []
    for one, two in cogroup(pieces(left_rows, left_cuts), pieces(right_rows, right_cuts), KEY, target):
        keys = {int(key) for key in [*one[:, 1], *two[:, 1]]}
        assert keys
        assert not keys & seen
        assert not seen or min(keys) > max(seen)
        seen |= keys
        assert (one.shape[1], two.shape[1]) == (5, 7)
        assert one.flags.c_contiguous
        got.append((one.copy(), two.copy()))
    assert np.array_equal(np.concatenate([one for one, _ in got] or [left_rows]), left_rows)
    assert np.array_equal(np.concatenate([two for _, two in got] or [right_rows]), right_rows)


@settings(max_examples=100, deadline=None)
@given(keys=SORTED, cuts=CUTS, target=st.integers(1, 100))
def test_groups_of_one_stream_stay_whole(keys, cuts, target):
    rows = block(keys, 5)
    got = [piece.copy() for piece in groups(pieces(rows, cuts), KEY, target)]
    assert np.array_equal(np.concatenate(got or [rows]), rows)
    for one, two in itertools.pairwise(got):
        assert one[-1, 1] < two[0, 1]


def test_small_groups_are_given_out_by_the_target_not_all_at_once():
    rows = block(np.repeat(np.arange(200), 50), 1000)
    cuts = [100] * 100
    sizes = [len(one) for one, _ in cogroup(pieces(rows, cuts), pieces(rows, cuts), KEY, 400_000)]
    assert max(sizes) <= 500
    assert len(sizes) >= 20


def test_closing_early_closes_both_streams():
    closed = []

    def stream(name):
        try:
            for key in range(100):
                yield block([key], 5)
        finally:
            closed.append(name)

    pairs = cogroup(stream("left"), stream("right"), KEY, 10)
    next(pairs)
    pairs.close()
    assert closed == ["left", "right"]


def test_an_error_of_a_stream_comes_through():
    def broken():
        yield block([1, 2], 5)
        raise OSError

    with pytest.raises(OSError, match=r"^$"):
        list(cogroup(broken(), iter([block([1], 5)]), KEY))


def test_two_empty_streams_give_nothing():
    assert list(cogroup(iter([block([], 5)]), iter([block([], 7)]), KEY)) == []
