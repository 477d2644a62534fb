"""Read-ahead (先読み): one thread makes the next item while the caller works on the present one.

Reading and decrypting give up the interpreter's lock, so the second core does them while the first one runs the rule.
An item is typically a buffer that is used again: with two permits, the thread begins item ``n + 2`` only after the caller
has come back for item ``n + 1``, so that two buffers, used in turn, are enough.
"""

import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TypeVar

Item = TypeVar("Item")

PERMITS = 2
"""Items alive at a time: the one in the caller's hands, and the one being made."""


@dataclass(frozen=True, slots=True)
class _Ended:
    """The last thing a thread says: the items are over, or this stopped them."""

    error: BaseException | None


def read_ahead(items: Generator[Item, None, None]) -> Iterator[Item]:
    """Yield the items of a generator, made in one thread of their own, at most :data:`PERMITS` of them alive.

    The thread starts with the first item asked for. Closing the iterator early (or dropping it) closes ``items`` and waits
    for the item that is being made; it never hangs. What ``items`` raises is raised here, after the items before it.
    """
    made: SimpleQueue[Item | _Ended] = SimpleQueue()
    permits = threading.Semaphore(PERMITS)
    stopped = threading.Event()
    thread = threading.Thread(
        target=_make, args=(items, made, permits, stopped), name="read-ahead", daemon=True
    )
    thread.start()
    try:
        while True:
            item = made.get()
            if isinstance(item, _Ended):
                if item.error is not None:
                    raise item.error
                return
            yield item
            permits.release()
    finally:
        stopped.set()
        permits.release()
        thread.join()


def _make(
    items: Generator[Item, None, None],
    made: "SimpleQueue[Item | _Ended]",
    permits: threading.Semaphore,
    stopped: threading.Event,
) -> None:
    """Be the thread: make one item for every permit, until the items end or nobody wants them."""
    error: BaseException | None = None
    try:
        permits.acquire()
        for item in items:
            made.put(item)
            permits.acquire()
            if stopped.is_set():
                break
        items.close()
    except BaseException as problem:  # noqa: BLE001 - whatever it is, the caller's thread must see it
        error = problem
    made.put(_Ended(error))
