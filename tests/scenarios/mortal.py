"""A supervisor that kills itself (SIGKILL) at a named point.

Called as ``python -m tests.scenarios.mortal FOLDER AT DECK DATE [RESTART]``. ``AT`` is ``STEP:POINT``, the moment in that step:
``begin``, ``request-N`` (the living step has asked it for the N-th time), ``commit`` (the step has ended, nothing is committed),
``committed`` (before anything is erased), ``destroyed`` (keys out of the table, the old master key still there), ``rotated``
(files still there), ``removed`` (files gone, not yet on record), ``end``.
"""

import os
import signal
import sys
from datetime import date
from pathlib import Path
from typing import Any

from chosho.batch.desk import Desk
from chosho.batch.result import Observer
from chosho.batch.supervisor import submit
from chosho.control.generations import Generations
from chosho.control.store import ControlStore
from chosho.vault.keys import KeyStore
from tests.scenarios.house import House


def die() -> None:
    """End as by kill -9."""
    os.kill(os.getpid(), signal.SIGKILL)


class Reaper(Observer):
    """Knows which step is under way, and kills at the named point.

    Args:
        step: the step.
        point: the point in it.
    """

    def __init__(self, step: str, point: str) -> None:
        self._step, self._point = step, point
        self._now = ""
        self._requests = 0

    def step_began(self, step: Any) -> None:
        self._now = step.name
        self.at("begin")

    def step_ended(self, result: Any) -> None:  # noqa: ARG002 - the observer's signature
        self.at("end")

    def at(self, point: str) -> None:
        """Die here when it is the named point."""
        if (self._now, point) == (self._step, self._point):
            die()

    def asked(self) -> None:
        """Count the requests of the living step."""
        if self._now == self._step:
            self._requests += 1
            self.at(f"request-{self._requests}")

    def around(self, owner: type, method: str, *, before: str = "", after: str = "") -> None:
        """Watch a method: die before or after its work."""
        inner = getattr(owner, method)

        def watched(*arguments: Any, **options: Any) -> Any:
            self.at(before)
            answer = inner(*arguments, **options)
            self.at(after)
            return answer

        setattr(owner, method, watched)


def main(folder: str, at: str, deck: str, day: str, restart: str | None = None) -> int:
    """Run a deck on the house in ``folder``."""
    step, _, point = at.partition(":")
    reaper = Reaper(step, point)
    inner = Desk.answer

    def answer(desk: Desk, request: Any) -> Any:
        reaper.asked()
        return inner(desk, request)

    Desk.answer = answer
    reaper.around(ControlStore, "commit_step", before="commit", after="committed")
    reaper.around(KeyStore, "destroy_cohort", after="destroyed")
    reaper.around(KeyStore, "rotate_master", after="rotated")
    reaper.around(Generations, "mark_erased", before="removed")
    return submit(House(Path(folder)).deck_order(deck, date.fromisoformat(day), restart=restart), reaper).rc


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
