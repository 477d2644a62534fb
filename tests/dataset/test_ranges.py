"""Edges cut any range of more than one key, so that cutting again comes to an end."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.dataset.ranges import Sampler, edges, successor

KEYS = st.binary(min_size=3, max_size=3)


def test_the_successor_is_the_next_key_of_the_width():
    assert successor(b"\x00\xff") == b"\x01\x00"
    assert successor(b"\xff\xff") is None


@settings(max_examples=200, deadline=None)
@given(keys=st.lists(KEYS, min_size=1, max_size=60), count=st.integers(2, 9), data=st.data())
def test_edges_lie_inside_the_range_ascending_and_there_is_one(keys, count, data):
    lower = data.draw(st.sampled_from([bytes(3), min(keys)]))
    upper = data.draw(st.sampled_from([None, successor(max(keys))]))
    if successor(lower) == upper:
        return
    sample = np.frombuffer(b"".join(keys), np.uint8).reshape(-1, 3)
    found = edges(sample, count, lower, upper)
    assert found
    assert found == sorted(set(found))
    assert all(lower < edge and (upper is None or edge < upper) for edge in found)
    assert len(found) <= 2 * count


def test_a_frequent_key_gets_a_range_of_its_own():
    keys = [b"AAA"] * 10 + [b"MMM"] * 80 + [b"ZZZ"] * 10
    sample = np.frombuffer(b"".join(keys), np.uint8).reshape(-1, 3)
    found = edges(sample, 5, bytes(3), None)
    assert {b"MMM", b"MMN"} <= set(found)


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_a_sample_is_even_and_small_however_the_stream_is_cut(step):
    block = np.arange(5000, dtype=">u2").view(np.uint8).reshape(-1, 2)
    sampler = Sampler(2, 64)
    for start in range(0, len(block), step):
        sampler.add(block[start : start + step])
    sample = np.ascontiguousarray(sampler.sample()).view(">u2").ravel().astype(int)
    assert 32 <= len(sample) <= 64
    assert len(set(np.diff(sample))) == 1
    assert sample[-1] > 4500
