"""The loop of the update on a layout of a few bytes: it knows no field and no rule but those of its tables."""

import numpy as np
import pytest

from chosho.codec import update_kernel as kernel
from chosho.codec.update_kernel import NOTHING, OTHER, SAME

# A request is person (2), kind, number (2), date; a row is person (2), registration (1), state, number (2), date.
PLACE = np.array([2, 2, 3, 2, 1, 4], np.int64)
PUT, ADD, DROP, KEEP, FULL = range(5)
EFFECTS = np.array(
    [(0, 0, 0, 0), (1, ord("h"), ord("n"), 0), (0, 0, ord("x"), 1), (0, 0, 0, 0), (0, 0, 0, 0)], np.int64
)
ITEMS = np.array(
    [
        (3, 4, 2, 1 << PUT | 1 << ADD, 1 << 1 | 1 << 2, 1),
        (-1, 4, 2, 1 << DROP, 0, 0),
        (5, 6, 1, 1 << PUT | 1 << ADD | 1 << DROP, 1 << 2, 0),
    ],
    np.int64,
)
KINDS, STATES = np.zeros(256, np.uint8), np.ones(256, np.uint8)
for number, byte in enumerate(b"apd", 1):
    KINDS[byte] = number
STATES[ord("n")] = 2
TEMPLATE = np.frombuffer(b"......-", np.uint8)


def actions():
    """Return: a adds a row, or keeps the newest one with the same number; p puts something else into it; d drops."""
    table = np.full((4, 3, 3), KEEP, np.uint8)
    table[1], table[1, 2, SAME] = ADD, KEEP
    table[2, 2, OTHER] = PUT
    table[3, 1:] = DROP
    table[1, :, NOTHING] = KEEP
    return table


def block(rows, width):
    return np.frombuffer(b"".join(rows), np.uint8).reshape(-1, width)


def update(requests, master):
    """Return the new rows, the actions and the rows dropped."""
    asked, old = block(requests, 6), block(master, 7)
    out = np.zeros((len(asked) + len(old), 7), np.uint8)
    verdicts = np.full((len(asked), 2), -1, np.int32)
    end = kernel.update(asked, old, PLACE, KINDS, STATES, actions(), EFFECTS, ITEMS, TEMPLATE, out, verdicts)
    return [row.tobytes() for row in out[:end]], verdicts[:, 0].tolist(), verdicts[:, 1].tolist()


@pytest.mark.parametrize(
    ("requests", "master", "expected"),
    [
        ([], [b"AA1n121"], ([b"AA1n121"], [], [])),
        ([b"AAa129"], [], ([b"AA1n129"], [ADD], [0])),
        ([b"AAa129"], [b"AA1n121"], ([b"AA1n121"], [KEEP], [0])),
        ([b"AAa349"], [b"AA1n121"], ([b"AA1h121", b"AA2n349"], [ADD], [0])),
        ([b"AAa 09"], [b"AA1n121"], ([b"AA1n121"], [KEEP], [0])),
        ([b"AAa120"], [b"AA9n341"], ([b"AA9n341"], [FULL], [0])),
        ([b"AAa120"], [b"AAxn341"], ([b"AAxn341"], [FULL], [0])),
        ([b"AAp349"], [b"AA1h771", b"AA2n121"], ([b"AA1h771", b"AA2n349"], [PUT], [0])),
        ([b"AAp121"], [b"AA2n121"], ([b"AA2n121"], [KEEP], [0])),
        ([b"AAp349"], [b"AA1h121"], ([b"AA1h121"], [KEEP], [0])),
        ([b"AAd  9"], [b"AA1h771", b"AA2n121"], ([b"AA2x  9"], [DROP], [1])),
        ([b"AAd  9"], [b"AA1n121"], ([b"AA1x  9"], [DROP], [0])),
        ([b"AAd  9"], [], ([], [KEEP], [0])),
        ([b"AA?129"], [b"AA1n121"], ([b"AA1n121"], [KEEP], [0])),
        (
            [b"AAa121", b"AAa342", b"AAd  3", b"AAa564"],
            [],
            ([b"AA2h  3", b"AA3n564"], [ADD, ADD, DROP, ADD], [0, 0, 1, 0]),
        ),
    ],
)
def test_a_request_does_what_its_table_says(requests, master, expected):
    assert update(requests, master) == expected


def test_rows_of_others_stay_where_they_are():
    others = [b"AA1n111", b"AA2n221", b"AC1n331", b"AE1n441", b"AE2n551"]
    found, _, _ = update([b"ABa669", b"ACa779", b"ADd  9", b"AFa889"], others)
    assert found == [
        b"AA1n111", b"AA2n221", b"AB1n669", b"AC1h331", b"AC2n779", b"AE1n441", b"AE2n551", b"AF1n889",
    ]  # fmt: skip


def test_a_row_that_held_no_number_holds_the_same_when_none_is_given():
    """Zeros, spaces and low-values are one and the same: no number."""
    asked = block([b"AAp009"], 6)
    for empty in (b"00", b"  ", b"\0\0"):
        row = block([b"AA1n" + empty + b"9"], 7)
        assert kernel.content(asked, 0, row, 0, ITEMS, 2) == NOTHING
        assert not kernel.given(row, 0, 4, 2)
    assert kernel.content(block([b"AAp129"], 6), 0, block([b"AA1n129"], 7), 0, ITEMS, 2) == SAME
    assert kernel.content(block([b"AAp128"], 6), 0, block([b"AA1n129"], 7), 0, ITEMS, 2) == OTHER


def test_the_number_after_the_last_is_none():
    rows = block([b"998", b"999", b"0 1"], 3)
    assert [kernel.next_number(rows.copy(), row, 0, 3) for row in (-1, 0, 1, 2)] == [1, 999, -1, -1]


def test_a_master_of_many_rows_is_searched_not_walked():
    master = [f"{number:02d}1n121".encode() for number in range(10, 100)]
    found, done, _ = update([b"10d  9", b"55d  9", b"99d  9"], master)
    assert done == [DROP] * 3
    changed = [row for row in found if row not in master]
    assert changed == [b"101x  9", b"551x  9", b"991x  9"]
    assert len(found) == len(master)
