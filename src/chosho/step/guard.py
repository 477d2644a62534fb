"""The guard of a step's process: it dies with its supervisor and leaves no core dump.

A step holds keys and personal data in memory. When its supervisor is killed nobody is left to keep its
work, so the kernel is asked to kill it too (``PR_SET_PDEATHSIG``); the check of the parent closes the
moment before that was asked. A core dump would write that memory to disk, so there is none.
"""

import ctypes
import os
import signal

from chosho.vault import no_core_dumps

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def die_with(parent: int) -> None:
    """Have the kernel kill this process when the process ``parent`` ends; die now if it has.

    Args:
        parent: process id of the supervisor (or, in a worker, of its step).
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) refused")
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def no_core() -> None:
    """Forbid core dumps of this process."""
    no_core_dumps()


def begin_worker(parent: int) -> None:
    """Initialise a worker process of a step: it dies with the step and leaves no core dump."""
    no_core()
    die_with(parent)
