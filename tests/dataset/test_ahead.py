"""One thread ahead, two items alive, never a hang."""

import threading
import time

import pytest

from chosho.dataset.ahead import PERMITS, read_ahead


def test_items_come_in_order_and_never_more_than_two_are_alive():
    begun = []

    def items():
        for number in range(20):
            begun.append(number)
            yield number

    for number in read_ahead(items()):
        time.sleep(0.001)
        assert len(begun) <= number + PERMITS


def test_an_error_comes_after_the_items_before_it():
    def items():
        yield 1
        yield 2
        raise OSError

    got = []
    with pytest.raises(OSError, match=r"^$"):  # noqa: PT012 - the items before the error are the point
        for item in read_ahead(items()):
            got.append(item)  # noqa: PERF402 - as above
    assert got == [1, 2]


@pytest.mark.parametrize("taken", [1, 2, 5])
def test_closing_early_closes_the_source_and_ends_the_thread(taken):
    closed = []

    def items():
        try:
            yield from range(1000)
        finally:
            closed.append(threading.current_thread().name)

    ahead = read_ahead(items())
    for _ in range(taken):
        next(ahead)
    ahead.close()
    assert closed == ["read-ahead"]
    assert not [thread for thread in threading.enumerate() if thread.name == "read-ahead"]


def test_no_item_is_no_item():
    assert list(read_ahead(iter_nothing())) == []


def iter_nothing():
    yield from ()
