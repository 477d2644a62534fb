"""Work is done in order by one thread; its failure is the caller's, and nobody waits for ever."""

import threading

import pytest

from chosho.dataset.sink import Buffers, Sink


def test_work_is_done_in_its_order_before_finish_returns():
    done = []
    sink = Sink(2)
    for number in range(50):
        sink.give(lambda number=number: done.append(number))
    sink.finish()
    assert done == list(range(50))


def test_a_failure_is_raised_at_the_next_call_and_what_follows_is_passed_over():
    done = []
    sink = Sink(1)

    def fail():
        raise OSError

    with pytest.raises(OSError, match=r"^$"):  # noqa: PT012 - whichever call meets it
        sink.give(fail)
        for number in range(50):
            sink.give(lambda number=number: done.append(number))
    with pytest.raises(OSError, match=r"^$"):
        sink.finish()
    assert done == []


def test_buffers_come_back_from_work_that_failed_so_that_taking_one_does_not_hang():
    sink, buffers = Sink(2), Buffers(2, 10)

    def fail():
        raise OSError

    with pytest.raises(OSError, match=r"^$"):  # noqa: PT012 - whichever call meets it
        for _ in range(20):
            buffer = buffers.take(sink)
            sink.give(fail, lambda buffer=buffer: buffers.give_back(buffer))
    sink.drop()


def test_no_more_buffers_are_made_than_said():
    sink, buffers = Sink(2), Buffers(3, 10)
    seen = set()
    for _ in range(50):
        buffer = buffers.take(sink)
        seen.add(id(buffer))
        sink.give(lambda: None, lambda buffer=buffer: buffers.give_back(buffer))
    sink.finish()
    assert len(seen) <= 3


def test_dropping_passes_over_what_waits_and_ends_the_thread():
    before = threading.active_count()
    done, gate = [], threading.Event()
    sink = Sink(5)
    sink.give(gate.wait)
    sink.give(lambda: done.append(1))
    threading.Timer(0.05, gate.set).start()
    sink.drop()
    sink.drop()
    assert done == []
    assert threading.active_count() <= before + 1
    with pytest.raises(ValueError, match="ended"):
        sink.give(lambda: None)
