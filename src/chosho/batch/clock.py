"""The clock of the job log: when a line was written and how long a step took.

Nothing that a run produces depends on it: the business date is a parameter, and these times stand in the
job log only.
"""

import time
from datetime import datetime


def stamp() -> str:
    """Return the local time of the machine for a line of the job log, as ``2027-01-12T21:00:00+09:00``."""
    return datetime.now().astimezone().isoformat(timespec="seconds")  # noqa: TID251 - the one door to the machine's clock


def elapsed() -> float:
    """Return seconds of a clock that only goes forward; differences of two calls measure a step."""
    return time.perf_counter()
