"""The runner (実行).

Loads a step program by its member name, runs it, and turns how it ended into a return code.
"""

import contextlib
import importlib
import importlib.util
from collections.abc import Callable
from types import ModuleType
from typing import Any

from chosho.errors import ChoshoError, InputRefused, StopLine
from chosho.step import wire
from chosho.step.channel import Channel
from chosho.step.facts import Facts
from chosho.step.scrub import places, scrub
from chosho.step.step import Step


def run(channel: Channel) -> int:
    """Run the step that the supervisor has in mind and tell it how it ended; return the return code.

    Errors end a step with their own code; anything unexpected with 16, told by its type and place only.
    """
    facts = Facts.from_wire(channel.ask("hello"))
    step = Step(facts, channel)
    end: dict[str, Any] = {}
    try:
        program(facts)(step)
        step.finish(orderly=True)
        code = step.code
    except Exception as error:  # noqa: BLE001 - the last line of defence: no error's text may pass unscrubbed
        stopped = as_error(error, facts.step)
        code = max(int(stopped.return_code), step.code)
        end["error"] = wire.from_error(stopped)
        end["places"] = places(error)
        _keep_lists(step)
    channel.ask("end", rc=code, counts=step.counts, **end)
    return code


def prepare(pgm: str) -> None:
    """Load one of our programs, and what its own ``prepare()`` loads, before its turn; an empty name loads nothing.

    What goes wrong here is not told: the turn goes the same way again and tells it.
    """
    if pgm:
        with contextlib.suppress(Exception):
            module = importlib.import_module(f"chosho.jobs.{pgm}")
            getattr(module, "prepare", lambda: None)()


def program(facts: Facts) -> Callable[[Step], None]:
    """Return the ``run`` of a step program.

    Raises:
        InputRefused: the member has no ``run`` (CHSS016E), or there is none of that name (CHSS017E).
    """
    if facts.library is None:
        try:
            module = importlib.import_module(f"chosho.jobs.{facts.pgm}")
        except ModuleNotFoundError as error:
            if error.name != f"chosho.jobs.{facts.pgm}":
                raise
            raise InputRefused("CHSS017E", pgm=facts.pgm) from None
    else:
        module = _from_file(facts)
    entry = getattr(module, "run", None)
    if not callable(entry):
        raise InputRefused("CHSS016E", pgm=facts.pgm)
    found: Callable[[Step], None] = entry
    return found


def _from_file(facts: Facts) -> ModuleType:
    path = facts.library / f"{facts.pgm}.py" if facts.library else None
    spec = importlib.util.spec_from_file_location(f"chosho.jobs.{facts.pgm}", path) if path else None
    if spec is None or spec.loader is None or path is None or not path.is_file():
        raise InputRefused("CHSS017E", pgm=facts.pgm)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def as_error(error: Exception, step: str) -> ChoshoError:
    """Return our error as it is, the disk's as CHSS020S, anything else as CHSS021S without its content."""
    if isinstance(error, ChoshoError):
        return error
    if isinstance(error, OSError) and error.errno is not None:
        return StopLine("CHSS020S", step=step, error=scrub(error.strerror or type(error).__name__))
    return StopLine("CHSS021S", step=step, error=type(error).__name__, place=places(error) or "start")


def _keep_lists(step: Step) -> None:
    """Finish what is kept also when a step fails; what cannot be finished is discarded like the rest."""
    try:
        step.finish(orderly=False)
    except Exception as error:  # noqa: BLE001 - the first error is the one to tell
        step.message("CHSS022W", kind=type(error).__name__)
