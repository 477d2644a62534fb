"""The next step's process (先行起動): spawned while the present step works, so that loading its program costs the run no time.

It has been told nothing and waits for its turn (:mod:`chosho.batch.spawn`). A step with a condition is not spawned ahead: whether
it runs is known only then. A developer's program is spawned ahead too, but its file is loaded in its turn.
"""

import contextlib

from chosho.batch.context import Context
from chosho.batch.expand import JobStep
from chosho.batch.spawn import Spawned


class Ahead:
    """Gives each step its process.

    Args:
        context: the run.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._waiting: Spawned | None = None

    def take(self, step: JobStep) -> Spawned:
        """Return the process of a step whose turn it is; the next step's is spawned meanwhile.

        Raises:
            OSError: the process could not be spawned.
        """
        mine, self._waiting = self._waiting, None
        if mine is not None and mine.step != step.name:
            mine.discard()
            mine = None
        mine = mine or self._spawn(step)
        steps = self._context.job.steps
        following = next(iter(steps[steps.index(step) + 1 :]), None)
        if following is not None and following.when is None:
            with contextlib.suppress(OSError):  # its own turn says what is wrong
                self._waiting = self._spawn(following)
        return mine

    def discard(self) -> None:
        """End the process whose turn does not come, if one waits."""
        mine, self._waiting = self._waiting, None
        if mine is not None:
            mine.discard()

    def _spawn(self, step: JobStep) -> Spawned:
        context = self._context
        program = context.libraries.program(step.pgm)
        ours = program is not None and program.library is None
        return Spawned(step.name, step.pgm if ours else "", context.locks.descriptors, context.environment)
