"""The night (夜間運用): which decks run for a date, in which order, and what becomes of nights that did not end.

Every calendar day SCRATCH first, whether or not the night before ended well; NIGHTLY on business days; then PURGE. What was
finished or closed is not run again; what failed or was killed goes on from its best step. A NIGHTLY of an earlier date is ended
before a new one begins, because requests must reach the number master in the order in which they came. A SCRATCH or PURGE of an
earlier date is ended behind tonight's, which does all that is due by now: were the old one first, the PF would get instructions
that bear an old date, and tonight's would chase them at once. A date that was missed altogether (an outage) needs no night of
its own: the files that were delivered meanwhile are taken by the next one, in the order of their numbers, and what fell due is
erased by the next scratch.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from chosho.business_days import Calendar
from chosho.control.runs import Run, RunState
from chosho.errors import ReturnCode

SCRATCH, NIGHTLY, PURGE = "SCRATCH", "NIGHTLY", "PURGE"
DECKS = (SCRATCH, NIGHTLY, PURGE)
"""The decks of a night, in their order."""
_ONE_DAY = timedelta(days=1)


class Turn(StrEnum):
    """What a night does with a deck of a date."""

    RUN = "run"
    RESTART = "restart"
    FINISHED = "finished already"
    CLOSED = "closed"
    """A person decided that it does not go on."""
    NO_BUSINESS_DAY = "no business day"
    WAITS = "waits for an earlier night"
    WAITS_FOR_TONIGHT = "waits until tonight's has ended well"


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A part of a night: the deck of a business date, and what is done with it."""

    deck: str
    business_date: date
    turn: Turn
    run: Run | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How a part ended. ``code`` is None when there was nothing to do; ``run_id`` is empty when no run began.

    ``stopped``: a signal told it to end, and with it the night.
    """

    part: Part
    run_id: str
    code: int | None
    finished: bool
    stopped: bool = False

    @property
    def weight(self) -> int:
        """The code by which it counts in that of the night: what is left unfinished is never less than a contradiction."""
        least = ReturnCode.CLEAN if self.finished else ReturnCode.CONTRADICTION
        return max(self.code or 0, int(least))


def night(
    business_date: date,
    calendar: Calendar,
    runs: Callable[[], Sequence[Run]],
    execute: Callable[[Part], Outcome],
) -> Iterator[Outcome]:
    """Do the night of a date, and yield how each part ended.

    Args:
        business_date: the date.
        calendar: the business calendar.
        runs: gives the runs of the three decks as they stand.
        execute: runs or restarts the deck of a part.

    Raises:
        InputRefused: the calendar does not hold the date (CHSC060E).
    """
    is_business_day = calendar.is_business_day(business_date)
    yield from _with_earlier(SCRATCH, business_date, runs, execute)
    ended = True
    for earlier in unfinished(runs(), NIGHTLY, before=business_date):
        outcome = execute(_earlier(earlier, Turn.RESTART))
        yield outcome
        ended = outcome.finished
        if not ended:
            break
    if not is_business_day:
        yield _nothing(Part(deck=NIGHTLY, business_date=business_date, turn=Turn.NO_BUSINESS_DAY))
    elif not ended:
        yield _nothing(Part(deck=NIGHTLY, business_date=business_date, turn=Turn.WAITS))
    else:
        yield _done(_part(NIGHTLY, business_date, runs()), execute)
    yield from _with_earlier(PURGE, business_date, runs, execute)


def unfinished(runs: Sequence[Run], deck: str, *, before: date) -> list[Run]:
    """Return the runs of a deck that did not end well, of dates before one, oldest first."""
    found = [run for run in runs if run.deck == deck and run.business_date < before and not run.state.is_over]
    return sorted(found, key=lambda run: (run.business_date, run.id))


def missed(runs: Sequence[Run], calendar: Calendar, business_date: date) -> list[date]:
    """Return the business days since the last night that had none, oldest first; none when there never was a night."""
    nights = {run.business_date for run in runs if run.deck == NIGHTLY}
    earlier = [day for day in nights if day < business_date]
    if not earlier:
        return []
    day, found = max(earlier) + _ONE_DAY, []
    while day < business_date:
        if calendar.is_business_day(day):
            found.append(day)
        day += _ONE_DAY
    return found


def _with_earlier(
    deck: str,
    business_date: date,
    runs: Callable[[], Sequence[Run]],
    execute: Callable[[Part], Outcome],
) -> Iterator[Outcome]:
    """Do a deck of the date, and behind it what earlier dates left of it."""
    tonight = _done(_part(deck, business_date, runs()), execute)
    yield tonight
    for earlier in unfinished(runs(), deck, before=business_date):
        if tonight.finished:
            yield execute(_earlier(earlier, Turn.RESTART))
        else:
            yield _nothing(_earlier(earlier, Turn.WAITS_FOR_TONIGHT))


def _earlier(run: Run, turn: Turn) -> Part:
    return Part(deck=run.deck, business_date=run.business_date, turn=turn, run=run)


def _part(deck: str, business_date: date, runs: Sequence[Run]) -> Part:
    run = next((one for one in runs if (one.deck, one.business_date) == (deck, business_date)), None)
    if run is None:
        turn = Turn.RUN
    elif not run.state.is_over:
        turn = Turn.RESTART
    elif run.state is RunState.CLOSED:
        turn = Turn.CLOSED
    else:
        turn = Turn.FINISHED
    return Part(deck=deck, business_date=business_date, turn=turn, run=run)


def _done(part: Part, execute: Callable[[Part], Outcome]) -> Outcome:
    return execute(part) if part.turn in {Turn.RUN, Turn.RESTART} else _nothing(part)


def _nothing(part: Part) -> Outcome:
    # A closed run did not do its work: the night is done, but somebody should see it.
    code = int(ReturnCode.WARNING) if part.turn is Turn.CLOSED else None
    finished = part.turn not in {Turn.WAITS, Turn.WAITS_FOR_TONIGHT}
    return Outcome(part=part, run_id=part.run.id if part.run else "", code=code, finished=finished)
