"""Relative generations (相対世代): what ``(0)``, ``(+1)`` and ``(-1)`` mean, fixed once for a whole run.

``(0)`` is the newest catalogued generation when the run begins and ``(-n)`` the n-th before it, counted over the generations
that are there; ``(+n)`` is a number that was never used. The meaning is kept with the run: a step, and a restart on another
day, finds the generations that the run began with, although it catalogued new ones meanwhile (``batch.md`` A.1, GDG).
"""

from collections.abc import Collection, Iterable

from chosho.control.files import Generation
from chosho.control.runs import Reference
from chosho.control.store import ControlStore
from chosho.dataset.catalog import Entry
from chosho.errors import InputRefused


def fix(store: ControlStore, dsn: str, relatives: Iterable[int]) -> tuple[Reference, ...]:
    """Return what the relative generations of a dataset mean for a run that begins now.

    A generation that does not exist (``(-2)`` of two) gets no reference: :func:`resolve` says so, or the DD is optional.
    """
    wanted = sorted(set(relatives))
    numbers = [generation.number for generation in store.generations.catalogued(dsn)]
    following = store.generations.next_number(dsn)
    references = []
    for relative in wanted:
        if relative > 0:
            references.append(Reference(dsn=dsn, relative=relative, number=following + relative - 1))
        elif -relative < len(numbers):
            references.append(Reference(dsn=dsn, relative=relative, number=numbers[relative - 1]))
    return tuple(references)


def find(entry: Entry, relative: int | None, references: Iterable[Reference]) -> int | None:
    """Return the number that a relative generation means in a run, or None when there is no such generation.

    Args:
        entry: the dataset.
        relative: the relative generation; None for a dataset named without one.
        references: the run's, from :meth:`chosho.control.runs.Runs.references`.

    Raises:
        InputRefused: a generation of an external dataset (CHSD120E), or none given for one of ours (CHSD121E).
    """
    if relative is None:
        raise InputRefused("CHSD121E", dsn=entry.dsn)
    if entry.external is not None:
        raise InputRefused("CHSD120E", dsn=entry.dsn)
    return next((one.number for one in references if (one.dsn, one.relative) == (entry.dsn, relative)), None)


def resolve(entry: Entry, relative: int | None, references: Iterable[Reference]) -> int:
    """Return the number that a relative generation means in a run; as :func:`find`.

    Raises:
        InputRefused: there is no such generation (CHSD122E), or as :func:`find`.
    """
    number = find(entry, relative, references)
    if number is None:
        raise InputRefused("CHSD122E", dsn=entry.dsn, relative=f"{relative:+d}" if relative else "0")
    return number


def visible(store: ControlStore) -> tuple[Generation, ...]:
    """Return every visible generation of a control store, by dataset and number."""
    return tuple(one for dsn in store.generations.datasets() for one in store.generations.catalogued(dsn))


def visible_files(store: ControlStore, left_out: Collection[str] = ()) -> dict[str, str]:
    """Return every file of a visible generation by its path in the data root, with its SHA-256; not those of some datasets."""
    wanted = (one for one in visible(store) if one.dsn not in left_out)
    return {part.path: part.sha256 for one in wanted for part in store.generations.parts(one.id)}
