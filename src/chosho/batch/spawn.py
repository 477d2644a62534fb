"""Spawning (プロセス起動): a step's process before its turn, and after its end.

A process loads its program, asks its first question and waits: the answer, and with it every fact of the step, comes only when
the supervisor begins to serve it. So the next step's process is spawned while the present step works, and its turn does not begin
with a second of loading. Nothing secret is in the arguments or the environment, and the environment is a short list.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

_PASSED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "XDG_CACHE_HOME", "LD_LIBRARY_PATH")
_PASSED_PREFIXES = ("NUMBA_", "ARROW_", "OMP_", "MALLOC_", "CHOSHO_DISK_")
_READ = 1024 * 1024


class Spawned:
    """A process with its two pipes; it holds the run's locks, and dies with this process.

    Args:
        step: name of the step, for the environment.
        prepare: the member whose program it loads before its turn; empty for none.
        descriptors: locks that the process holds too.
        environment: the supervisor's environment, from which a few variables are passed on.
    """

    def __init__(
        self, step: str, prepare: str, descriptors: Sequence[int], environment: Mapping[str, str]
    ) -> None:
        self.step = step
        self.requests, step_requests = os.pipe()
        step_replies, self.replies = os.pipe()
        passed = {
            name: value
            for name, value in environment.items()
            if name in _PASSED or name.startswith(_PASSED_PREFIXES)
        }
        passed |= {"CHOSHO_STEP": step, "PYTHONUTF8": "1", "PYTHONHASHSEED": "0"}
        # -P: the folder that the shell stood in is never searched for modules.
        command = [sys.executable, "-P", "-m", "chosho.step"]
        command += [str(step_replies), str(step_requests), str(os.getpid()), prepare]
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=passed,
                pass_fds=(step_replies, step_requests, *descriptors),
                process_group=0,
            )
        except BaseException:
            self._close()
            raise
        finally:
            os.close(step_requests)
            os.close(step_replies)

    @property
    def output(self) -> int:
        """The descriptor of its standard output and error."""
        return self._process.stdout.fileno() if self._process.stdout else -1

    def kill(self) -> None:
        """Kill the process and its workers; harmless when they have ended."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def reap(self, rest: Callable[[bytes], None]) -> tuple[int, int]:
        """Wait for the end, close the pipes; return the exit code (negative: signal) and the peak resident memory in KiB.

        Args:
            rest: takes what is left of its output.
        """
        process = self._process
        self._close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.stdout:
            # Workers of the step die with it; what they left in the pipe is there by now.
            os.set_blocking(process.stdout.fileno(), False)
            while data := process.stdout.read(_READ):
                rest(data)
            process.stdout.close()
        return process.returncode, usage.ru_maxrss

    def discard(self) -> None:
        """End a process whose turn does not come."""
        self.kill()
        self.reap(lambda _rest: None)

    def _close(self) -> None:
        os.close(self.requests)
        os.close(self.replies)
