"""Locks (排他): kernel locks on files that are never deleted, taken for a whole run before its first step.

All datasets of a run are locked at once, in the order of their names, at the highest level that any step
needs: whoever takes everything before it starts, and in one order, can neither deadlock nor stop half way.
The descriptors are passed to each step, so that a killed supervisor does not free a lock that a living step
relies on. A lock ends with its processes; none is ever stale.
"""

import hashlib
import json
import os
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from chosho import disk
from chosho.batch import clock
from chosho.errors import InputRefused, StopLine

_POLL = 0.2
"""Seconds between two tries of a lock that another run holds."""


def dataset_lock(dsn: str) -> str:
    """Return the name of a dataset's lock."""
    return f"dataset-{dsn}"


def run_lock(deck: str, business_date: date, parameters: Mapping[str, str]) -> str:
    """Return the name of the lock that a run of this identity holds while its supervisor or a step of it lives."""
    identity = json.dumps(dict(parameters), sort_keys=True, ensure_ascii=False).encode()
    return f"run-{deck}.{business_date:%Y%m%d}.{hashlib.sha256(identity).hexdigest()[:16]}"


NIGHT = "night"
"""The lock that a night holds from its first part to its last."""
RECOVERY = "recovery"
"""The lock that whoever cleans up after killed runs holds meanwhile."""


class Locks:
    """The locks that one supervisor holds.

    Args:
        folder: where the lock files are, below the data root's control folder.
    """

    def __init__(self, folder: Path) -> None:
        disk.make_folder(folder)
        self._folder = folder
        self._held: dict[str, int] = {}

    @property
    def descriptors(self) -> tuple[int, ...]:
        """The open descriptors, to be passed to each step."""
        return tuple(self._held.values())

    def holds(self, name: str) -> bool:
        """Return whether this supervisor holds a lock."""
        return name in self._held

    def attempt(self, name: str, *, exclusive: bool) -> bool:
        """Take one lock without waiting; return whether it was free.

        Raises:
            StopLine: the lock file was removed or replaced meanwhile (CHSB065S).
        """
        path = self._folder / f"{name}.lock"
        fd = disk.lock(path, exclusive=exclusive)
        if fd is None:
            return False
        self._held[name] = fd
        # Two processes that lock two files of one name would both believe to be alone.
        if not path.exists() or path.stat().st_ino != os.fstat(fd).st_ino:
            raise StopLine("CHSB065S", path=path)
        return True

    def take(self, wanted: Mapping[str, bool], *, wait: float, message: str, **fields: object) -> None:
        """Take several locks in the order of their names, or none.

        Args:
            wanted: lock names, each with whether it is exclusive.
            wait: seconds to wait for all of them together.
            message: id of the message when another holds one; its field ``name`` says which.
            fields: further fields of that message.

        Raises:
            InputRefused: another still held one at the end of the waiting time.
        """
        until = clock.elapsed() + wait
        taken: list[str] = []
        for name in sorted(wanted):
            while not self.attempt(name, exclusive=wanted[name]):
                if clock.elapsed() >= until:
                    for held in taken:
                        self.release(held)
                    raise InputRefused(message, name=name.removeprefix("dataset-"), **fields)
                time.sleep(_POLL)
            taken.append(name)

    def release(self, name: str) -> None:
        """Give one lock back."""
        disk.unlock(self._held.pop(name))

    def release_all(self) -> None:
        """Give every lock back."""
        for name in list(self._held):
            self.release(name)
