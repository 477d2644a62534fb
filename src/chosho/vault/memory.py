"""What can be done against keys leaving through memory: no core dumps.

Python cannot wipe a ``bytes`` object. Keys therefore live in short processes, and a process that holds keys or individual
numbers (個人番号) never leaves its memory on a disk.
"""

import resource


def no_core_dumps() -> None:
    """Switch core dumps off for this process and all that it starts (DESIGN §5: never in a core dump)."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
