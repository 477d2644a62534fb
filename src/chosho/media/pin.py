"""The held clock: what pycdlib takes for the time while an image is made.

pycdlib has no way to be given a time; it calls ``time.time()`` and ``time.localtime()`` in the modules
named here and stores local time with its offset. Held to the business date at midnight with offset 0, an
image does not depend on the day, the hour or the zone of the machine that makes it. Only the modules' own
name ``time`` is replaced: other threads and logs keep the real clock.
"""

import calendar
import contextlib
import datetime as dt
import time as machine
from collections.abc import Iterator

import pycdlib.dates
import pycdlib.headervd
import pycdlib.pycdlib
import pycdlib.utils

_MODULES = (pycdlib.pycdlib, pycdlib.headervd, pycdlib.dates, pycdlib.utils)


class _HeldTime:
    """Stands for the module ``time``: one instant, no offset."""

    def __init__(self, epoch: int) -> None:
        self._epoch = epoch

    def time(self) -> float:
        return float(self._epoch)

    def localtime(self, seconds: float | None = None) -> machine.struct_time:
        return machine.gmtime(self._epoch if seconds is None else seconds)

    gmtime = localtime

    def strftime(self, form: str, when: machine.struct_time) -> str:
        return machine.strftime(form, when)


@contextlib.contextmanager
def pinned(date: dt.date) -> Iterator[None]:
    """Hold pycdlib's clock to the start of ``date``; not for two threads at once."""
    held = _HeldTime(calendar.timegm(date.timetuple()))
    kept = [vars(module)["time"] for module in _MODULES]
    for module in _MODULES:
        vars(module)["time"] = held
    try:
        yield
    finally:
        for module, real in zip(_MODULES, kept, strict=True):
            vars(module)["time"] = real
