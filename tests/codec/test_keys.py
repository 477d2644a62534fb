"""Order, groups and ranges against Python's own comparison of bytes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.codec import keys


@st.composite
def blocks(draw, key_length: int, *, values: int = 255):
    count = draw(st.integers(0, 40))
    rows = draw(
        st.lists(st.binary(min_size=key_length, max_size=key_length), min_size=count, max_size=count)
        if values == 255
        else st.lists(
            st.text("012", min_size=key_length, max_size=key_length).map(str.encode),
            min_size=count,
            max_size=count,
        )
    )
    tail = np.arange(count, dtype=np.uint8).reshape(-1, 1)
    return np.hstack([np.frombuffer(b"".join(rows), np.uint8).reshape(count, key_length), tail])


lengths = pytest.mark.parametrize(("length", "values"), [(1, 255), (3, 3), (9, 255), (19, 3), (40, 255)])


@lengths
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_order_is_the_stable_order_of_the_bytes(data, length, values):
    block = data.draw(blocks(length, values=values))
    expected = sorted(range(len(block)), key=lambda row: bytes(block[row, :length]))
    assert expected == keys.order(block, length).tolist()


@pytest.mark.parametrize("count", [5_000, 70_000])
def test_order_of_many_records(count):
    generator = np.random.default_rng(20270112)
    block = generator.integers(0, 256, (count, 24), np.uint8)
    block[:, :4] = 0x30 + block[:, :4] % 3
    expected = np.lexsort(block[:, 18::-1].T)
    assert expected.tolist() == keys.order(block, 19).tolist()


@lengths
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_descent_groups_and_ranges_agree_with_python(data, length, values):
    block = data.draw(blocks(length, values=values))
    ordered = np.ascontiguousarray(block[keys.order(block, length)])
    plain = [bytes(row[:length]) for row in block]
    descents = [row for row in range(1, len(plain)) if plain[row] < plain[row - 1]]
    assert (descents or [-1])[0] == keys.descent(block, length)
    assert keys.descent(ordered, length) == -1
    sorted_keys = sorted(plain)
    starts = [row for row in range(len(plain)) if row == 0 or sorted_keys[row] != sorted_keys[row - 1]]
    assert starts == keys.group_starts(ordered, length).tolist()
    edges = ordered[::3, :length]
    ranges = keys.partition(block, length, edges)
    assert [sum(bytes(edge) <= key for edge in edges) for key in plain] == ranges.tolist()
    rows, start = keys.partition_order(ranges, len(edges) + 1)
    assert sorted(range(len(plain)), key=lambda row: ranges[row]) == rows.tolist()
    assert [int((ranges < bucket).sum()) for bucket in range(len(edges) + 2)] == start.tolist()
    for wanted in plain[:5]:
        assert sorted_keys.index(wanted) == keys.seek(ordered, length, wanted)
        assert sorted_keys.index(wanted) + sorted_keys.count(wanted) == keys.seek(
            ordered, length, wanted, after=True
        )


def test_a_shorter_key_seeks_its_prefix():
    block = np.frombuffer(b"A1A2B1B2C1", np.uint8).reshape(5, 2)
    assert (2, 4) == (keys.seek(block, 2, b"B"), keys.seek(block, 2, b"B", after=True))


def test_gather_copies_rows_in_the_order_given_and_refuses_a_row_that_is_not_there():
    block = np.arange(12, dtype=np.uint8).reshape(4, 3)
    out = np.empty((3, 3), np.uint8)
    keys.gather(block, np.array([3, 0, 3]), out)
    assert block[[3, 0, 3]].tolist() == out.tolist()
    for wrong in (4, -1):
        with pytest.raises(IndexError):
            keys.gather(block, np.array([0, wrong, 1]), out)


def test_read_only_records_are_taken():
    block = np.frombuffer(b"BBAACC", np.uint8).reshape(3, 2)
    assert [1, 0, 2] == keys.order(block, 2).tolist()
