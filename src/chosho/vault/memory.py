"""What can be done against keys leaving through memory: no core dumps.

Python cannot wipe a ``bytes`` object. Keys therefore live in short processes, and a process that holds keys or individual
numbers (個人番号) never leaves its memory on a disk.
"""

import ctypes
import resource

_PR_SET_DUMPABLE = 4  # <linux/prctl.h>


def no_core_dumps() -> None:
    """Switch core dumps off for this process (DESIGN §5: never in a core dump).

    The limit is inherited by what the process starts, but the kernel does not ask it where core dumps go to a program
    (``core(5)``, "Piping core dumps to a program"). The second switch holds there too, and keeps other programs of the same
    user from reading the memory; it ends with ``exec``, so that every process of ours sets it anew.

    Raises:
        OSError: the kernel refused.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_DUMPABLE) refused")
