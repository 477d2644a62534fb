"""Records put together from runs, and partners found by key."""

import bisect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chosho.codec.assembly import Assembler, Run, last_partner


def keys(values):
    """Return sorted three-byte keys."""
    return np.frombuffer(b"".join(b"%03d" % value for value in sorted(values)), np.uint8).reshape(-1, 3)


@given(left=st.lists(st.integers(0, 30)), right=st.lists(st.integers(0, 30)))
def test_the_partner_is_the_last_row_of_the_key(left, right):
    ordered = sorted(right)
    expected = [bisect.bisect_right(ordered, value) - 1 if value in right else -1 for value in sorted(left)]
    assert last_partner(keys(left), keys(right)).tolist() == expected


def test_a_record_is_the_template_with_runs_over_it():
    assembler = Assembler(
        np.frombuffer(b"..........", np.uint8),
        left=[Run(start=0, target=0, length=2), Run(start=2, target=2, length=1)],
        right=[Run(start=1, target=5, length=2)],
        made=[Run(start=0, target=9, length=1)],
    )
    left = np.frombuffer(b"abcABC", np.uint8).reshape(2, 3)
    right = np.frombuffer(b"xyzXYZ", np.uint8).reshape(2, 3)
    made = np.frombuffer(b"12", np.uint8).reshape(2, 1)
    out = assembler.run(left, right, np.array([1, 0]), made)
    assert [row.tobytes() for row in out] == [b"abc..YZ..1", b"ABC..yz..2"]


def test_a_partner_outside_the_right_block_is_refused():
    assembler = Assembler(np.zeros(1, np.uint8), [], [Run(start=0, target=0, length=1)], [])
    one = np.zeros((1, 1), np.uint8)
    with pytest.raises(IndexError):
        assembler.run(one, one, np.array([1]), one)
    with pytest.raises(IndexError):
        assembler.run(one, one, np.array([-1]), one)
