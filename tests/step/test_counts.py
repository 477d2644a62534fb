"""Counts under dotted names."""

import pytest

from chosho.step.counts import Counts


def test_counts_add_up_and_keep_their_order():
    counts = Counts()
    counts.add("read", 2)
    counts.add("left_out.SMALL", 0)
    counts.add("read", 3)
    counts.set("K310.statements", 7)
    assert list(counts.all().items()) == [("read", 5), ("left_out.SMALL", 0), ("K310.statements", 7)]


@pytest.mark.parametrize("name", ["", "a b", "1a", "a.", ".a", "a..b", "a-b", "漢"])
def test_a_malformed_name_is_refused(name):
    with pytest.raises(ValueError, match="name of a count"):
        Counts().add(name, 1)
