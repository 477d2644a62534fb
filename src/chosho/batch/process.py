"""A step's process (ステップ起動): spawned, never forked; its requests answered; its end collected.

The supervisor serves one step at a time in one loop over two pipes: requests, and standard output and error
(scrubbed before it reaches a file). How a process is spawned is in :mod:`chosho.batch.spawn`.
"""

import os
import selectors
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from chosho.batch import clock
from chosho.batch.spawn import Spawned
from chosho.errors import ChoshoError
from chosho.step import wire
from chosho.step.scrub import scrub

_STDERR_LIMIT = 1024 * 1024  # bytes of a step's standard error that are kept
_READ = 1024 * 1024
_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Exit:
    """How a process ended.

    ``peak_rss`` in bytes, ``elapsed`` in seconds; ``cancelled`` by a signal to the supervisor.
    """

    code: int
    signal: int
    peak_rss: int
    elapsed: float
    cancelled: int

    @property
    def abend_code(self) -> str:
        """What the job log calls an end by a signal or without a word: ``SIGKILL``, ``EXIT 1``."""
        return signal.Signals(self.signal).name if self.signal else f"EXIT {self.code}"


class StepProcess:
    """The process of one step, from its turn to its end.

    Args:
        spawned: the process, which waits for the answer to its first request.
        answer: returns the answer to a request, or raises what the step shall see.
        stderr: takes what the process writes to its standard error, scrubbed.
        began: when its turn began, in seconds of the clock.
    """

    def __init__(
        self,
        spawned: Spawned,
        answer: Callable[[Mapping[str, Any]], Mapping[str, Any]],
        stderr: Callable[[bytes], None],
        began: float,
    ) -> None:
        self._spawned = spawned
        self._answer = answer
        self._stderr = _Scrubbed(stderr)
        self._began = began
        self._cancelled = 0

    def run(self) -> Exit:
        """Run the step to its end and return how it ended.

        What goes wrong in ``answer`` other than a refusal kills the process and is raised here.
        """
        spawned = self._spawned
        try:
            with self._cancellable():
                self._serve()
        except BaseException:
            spawned.kill()
            raise
        finally:
            status, usage = spawned.reap(self._stderr.take)
            self._stderr.end()
        return Exit(
            code=max(status, 0),
            signal=max(-status, 0),
            peak_rss=usage * 1024,
            elapsed=clock.elapsed() - self._began,
            cancelled=self._cancelled,
        )

    def _serve(self) -> None:
        """Answer until the process has closed its requests, that is, until it has ended."""
        held = b""
        requests, output = self._spawned.requests, self._spawned.output
        with selectors.DefaultSelector() as ready:
            ready.register(requests, selectors.EVENT_READ)
            ready.register(output, selectors.EVENT_READ)
            while True:
                for key, _ in ready.select():
                    data = os.read(key.fd, _READ)
                    if key.fd == output:
                        self._stderr.take(data)
                        if not data:
                            ready.unregister(output)
                        continue
                    if not data:
                        return
                    *lines, held = (held + data).split(b"\n")
                    for line in lines:
                        self._reply(line)
                    if len(held) > wire.LONGEST:
                        raise ValueError("a request without end")

    def _reply(self, line: bytes) -> None:
        try:
            answer = {"ok": self._answer(wire.from_line(line))}
        except ChoshoError as error:
            answer = {"error": wire.from_error(error)}
        view = memoryview(wire.line(answer))
        try:
            while view:
                view = view[os.write(self._spawned.replies, view) :]
        except BrokenPipeError:
            return  # it died waiting; the end of its requests comes next

    @contextmanager
    def _cancellable(self) -> Iterator[None]:
        """Turn signals to the supervisor into an orderly end.

        The step is killed, the job log says by what.
        """

        def cancel(number: int, _frame: FrameType | None) -> None:
            self._cancelled = number
            self._spawned.kill()

        try:
            earlier = {number: signal.signal(number, cancel) for number in _SIGNALS}
        except ValueError:  # not the main thread: signals are somebody else's business
            yield
            return
        try:
            yield
        finally:
            for number, handler in earlier.items():
                signal.signal(number, handler)


class _Scrubbed:
    """Takes the bytes of a standard error as they come and passes them on in whole scrubbed lines, up to a limit."""

    def __init__(self, out: Callable[[bytes], None]) -> None:
        self._out = out
        self._held = b""
        self._room = _STDERR_LIMIT

    def take(self, data: bytes) -> None:
        """Take some bytes."""
        whole, newline, self._held = (self._held + data).rpartition(b"\n")
        if newline:
            self._pass(whole + newline)
        if len(self._held) > _READ:
            self.end()

    def end(self) -> None:
        """Pass on what is left."""
        held, self._held = self._held, b""
        if held:
            self._pass(held + b"\n")

    def _pass(self, data: bytes) -> None:
        text = scrub(data.decode("utf-8", "backslashreplace")).encode()[: self._room]
        self._room -= len(text)
        if text:
            self._out(text)
