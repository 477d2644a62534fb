"""Sink (書込みスレッド): one thread that encrypts, hashes and writes, behind a short queue of reused buffers.

The caller fills a buffer and goes on; the thread does the work that gives up the interpreter's lock. What goes wrong in
the thread is raised at the caller's next call; until the end the thread goes on emptying the queue and giving buffers
back, so nobody ever waits for a thread that has failed.
"""

import threading
from collections.abc import Callable
from queue import Queue, SimpleQueue

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
"""Bytes in memory, as numpy holds them."""


class Sink:
    """Carries out pieces of work in their order, in one thread, at most ``depth`` of them waiting.

    Args:
        depth: how many pieces may wait; giving one more waits for a place.
        name: what to call the thread.
    """

    def __init__(self, depth: int, *, name: str = "sink") -> None:
        self._waiting: Queue[tuple[Callable[[], None], Callable[[], None] | None] | None] = Queue(
            maxsize=depth
        )
        self._error: BaseException | None = None
        self._dropped = False
        self._ended = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def give(self, work: Callable[[], None], release: Callable[[], None] | None = None) -> None:
        """Queue a piece of work; ``release`` is called after it, also when it failed or was passed over.

        Raises:
            BaseException: what an earlier piece of work raised.
        """
        self.check()
        if self._ended:
            raise ValueError("the sink has ended")
        self._waiting.put((work, release))

    def check(self) -> None:
        """Raise what an earlier piece of work raised, if one did."""
        if self._error is not None:
            raise self._error

    def finish(self) -> None:
        """Wait until all is done, and end the thread.

        Raises:
            BaseException: what a piece of work raised.
        """
        self._end()
        self.check()

    def drop(self) -> None:
        """Do nothing more and end the thread; harmless when it has ended."""
        self._dropped = True
        self._end()

    def _end(self) -> None:
        if not self._ended:
            self._ended = True
            self._waiting.put(None)
            self._thread.join()

    def _run(self) -> None:
        while (piece := self._waiting.get()) is not None:
            work, release = piece
            try:
                if self._error is None and not self._dropped:
                    work()
            except BaseException as error:  # noqa: BLE001 - the caller's thread must see it, whatever it is
                self._error = error
            finally:
                if release is not None:
                    release()


class Buffers:
    """A few equal buffers, handed to a sink full and coming back empty; none is made before it is needed.

    Args:
        count: how many there are at most.
        size: bytes of each.
    """

    def __init__(self, count: int, size: int) -> None:
        self.size = size
        self._to_make = count
        self._free: SimpleQueue[Bytes] = SimpleQueue()

    def take(self, sink: Sink) -> Bytes:
        """Return an empty buffer; when all are out, wait for the sink to give one back.

        Raises:
            BaseException: what the sink's work raised.
        """
        if self._to_make and self._free.empty():
            self._to_make -= 1
            return np.empty(self.size, np.uint8)
        buffer = self._free.get()
        sink.check()
        return buffer

    def give_back(self, buffer: Bytes) -> None:
        """Take an empty buffer back."""
        self._free.put(buffer)
