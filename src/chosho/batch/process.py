"""A step's process (ステップ起動): spawned, never forked; its requests answered; its end collected.

The supervisor serves one step at a time in one loop over two pipes: requests, and standard output and error
(scrubbed before it reaches a file). Nothing secret is in the arguments or the environment, and the
environment is a short list.
"""

import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from chosho.batch import clock
from chosho.errors import ChoshoError
from chosho.step import wire
from chosho.step.scrub import scrub

_PASSED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "XDG_CACHE_HOME", "LD_LIBRARY_PATH")
_PASSED_PREFIXES = ("NUMBA_", "ARROW_", "OMP_", "MALLOC_", "CHOSHO_DISK_")
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
    """The process of one step.

    Args:
        step: name of the step, for the environment.
        answer: returns the answer to a request, or raises what the step shall see.
        stderr: takes what the process writes to its standard error, scrubbed.
        descriptors: locks that the process holds too.
        environment: the supervisor's environment, from which a few variables are passed on.
    """

    def __init__(
        self,
        step: str,
        answer: Callable[[Mapping[str, Any]], Mapping[str, Any]],
        stderr: Callable[[bytes], None],
        descriptors: Sequence[int],
        environment: Mapping[str, str],
    ) -> None:
        self._step = step
        self._answer = answer
        self._stderr = _Scrubbed(stderr)
        self._descriptors = descriptors
        self._environment = environment
        self._cancelled = 0

    def run(self) -> Exit:
        """Run the step to its end and return how it ended.

        What goes wrong in ``answer`` other than a refusal kills the process and is raised here.
        """
        began = clock.elapsed()
        requests, step_requests = os.pipe()
        step_replies, replies = os.pipe()
        try:
            process = self._spawn(step_replies, step_requests)
        except BaseException:
            os.close(requests)
            os.close(replies)
            raise
        finally:
            os.close(step_requests)
            os.close(step_replies)
        try:
            with self._cancellable(process):
                self._serve(process, requests, replies)
        except BaseException:
            _kill(process)
            raise
        finally:
            os.close(requests)
            os.close(replies)
            status, usage = self._reap(process)
        return Exit(
            code=max(status, 0),
            signal=max(-status, 0),
            peak_rss=usage * 1024,
            elapsed=clock.elapsed() - began,
            cancelled=self._cancelled,
        )

    def _spawn(self, replies: int, requests: int) -> "subprocess.Popen[bytes]":
        environment = {
            name: value
            for name, value in self._environment.items()
            if name in _PASSED or name.startswith(_PASSED_PREFIXES)
        }
        environment |= {"CHOSHO_STEP": self._step, "PYTHONUTF8": "1", "PYTHONHASHSEED": "0"}
        # -P: the folder that the shell stood in is never searched for modules.
        command = [sys.executable, "-P", "-m", "chosho.step", str(replies), str(requests), str(os.getpid())]
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            pass_fds=(replies, requests, *self._descriptors),
            process_group=0,
        )

    def _serve(self, process: "subprocess.Popen[bytes]", requests: int, replies: int) -> None:
        """Answer until the process has closed its requests, that is, until it has ended."""
        held = b""
        output = process.stdout.fileno() if process.stdout else -1
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
                        self._reply(line, replies)
                    if len(held) > wire.LONGEST:
                        raise ValueError("a request without end")

    def _reply(self, line: bytes, replies: int) -> None:
        try:
            answer = {"ok": self._answer(wire.from_line(line))}
        except ChoshoError as error:
            answer = {"error": wire.from_error(error)}
        view = memoryview(wire.line(answer))
        try:
            while view:
                view = view[os.write(replies, view) :]
        except BrokenPipeError:
            return  # it died waiting; the end of its requests comes next

    def _reap(self, process: "subprocess.Popen[bytes]") -> tuple[int, int]:
        """Return the exit code (negative: signal) and the peak resident memory in KiB."""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.stdout:
            # Workers of the step die with it; what they left in the pipe is there by now.
            os.set_blocking(process.stdout.fileno(), False)
            while data := process.stdout.read(_READ):
                self._stderr.take(data)
            process.stdout.close()
        self._stderr.end()
        return process.returncode, usage.ru_maxrss

    @contextmanager
    def _cancellable(self, process: "subprocess.Popen[bytes]") -> Iterator[None]:
        """Turn signals to the supervisor into an orderly end.

        The step is killed, the job log says by what.
        """

        def cancel(number: int, _frame: FrameType | None) -> None:
            self._cancelled = number
            _kill(process)

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


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill a step and its workers."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


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
