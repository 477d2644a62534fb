"""Questions asked of rows of bytes."""

import numpy as np
import pytest

from chosho.codec import rows

BLOCK = np.frombuffer(b"00123001230012A0012A", np.uint8).reshape(4, 5)


def test_rows_made_of_the_bytes_of_a_table_are_found():
    assert rows.all_in(BLOCK, rows.DIGITS).tolist() == [True, True, False, False]
    assert rows.all_in(BLOCK[:, :2], rows.allowed(b"0")).all()


def test_rows_that_repeat_the_prefix_of_the_one_before_are_found():
    assert rows.repeats(BLOCK, 5).tolist() == [False, True, False, True]
    assert rows.repeats(BLOCK, 4).tolist() == [False, True, True, True]
    assert rows.repeats(BLOCK[:0], 4).tolist() == []


def test_rows_of_views_are_compared():
    assert rows.equal(BLOCK[1:, 2:], BLOCK[:-1, 2:]).tolist() == [True, False, True]


def test_rows_of_two_shapes_are_refused():
    with pytest.raises(ValueError, match="one shape"):
        rows.equal(BLOCK, BLOCK[1:])
