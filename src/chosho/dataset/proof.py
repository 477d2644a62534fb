"""Proof of the data root (突合): what the journal says was made and erased, the generation table, the keys and the files agree.

The journal is replayed: the last row about a generation says whether it must be visible. Then each visible one is held against the
digest that was journalled when it was made, its parts against the table, the table against the bytes on the disk; what was erased
must be gone, in keys and files. Nobody may work on the root meanwhile. One entry per generation is held in memory, never a row or
a file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chosho import disk
from chosho.control.files import Generation, parts_digest
from chosho.control.journal import Field
from chosho.control.store import ControlStore
from chosho.dataset.generations import visible
from chosho.dataset.place import DATA, quarantine_name
from chosho.errors import InputRefused
from chosho.vault.keys import KeyState, KeyStore

MADE: Final = "generation.catalogued"
LEFT: Final = "generation.uncatalogued"
ERASED: Final = "generation.erased"


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """A place where two of them do not agree. ``what`` names a generation or a file, fit for messages."""

    what: str
    problem: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Told:
    """What the journal said of a generation last."""

    kind: str
    cohort: str | None
    sha256: str
    records: int
    parts: int


def differences(root: Path, store: ControlStore, keys: KeyStore) -> Iterator[Difference]:
    """Yield what does not agree; nothing when all is as it is on record. Every visible file is read."""
    told = _replayed(store)
    alive: set[str | None] = set()
    for generation in visible(store):
        name = f"{generation.dsn}.{generation.name}"
        alive.add(generation.cohort)
        yield from _of_generation(root, store, keys, generation, told.pop(name, None))
    for name, one in told.items():
        if one.kind == MADE:
            yield Difference(what=name, problem="in the journal, not in the generation table")
        elif one.kind == ERASED and one.cohort not in alive and _lives(one.cohort, keys):
            yield Difference(what=name, problem="erased in the journal, its key is alive")
    known = store.generations.files()
    for entry in disk.entries(root / DATA):
        if f"{DATA}/{entry.name}" not in known:
            yield Difference(
                what=f"{DATA}/{quarantine_name(entry.name)}", problem="there, erased or never on record"
            )


def _replayed(store: ControlStore) -> dict[str, _Told]:
    """Return what the journal says of each generation last, by dataset and name."""
    told: dict[str, _Told] = {}
    for row in store.journal.rows(kinds=(MADE, LEFT, ERASED)):
        fields = row.fields
        name = f"{fields['dsn']}.{fields['generation']}"
        before = told.get(name)
        # A generation that was given up before it was visible may end behind another try of the same number.
        if (
            row.kind == ERASED
            and before is not None
            and before.kind == MADE
            and before.cohort != fields["cohort"]
        ):
            continue
        cohort = fields["cohort"]
        told[name] = _Told(
            kind=row.kind,
            cohort=None if cohort is None else str(cohort),
            sha256=str(fields.get("sha256", "")),
            records=_number(fields.get("records")),
            parts=_number(fields.get("parts")),
        )
    return told


def _of_generation(
    root: Path, store: ControlStore, keys: KeyStore, generation: Generation, told: _Told | None
) -> Iterator[Difference]:
    """Yield what is wrong with a visible generation."""
    name = f"{generation.dsn}.{generation.name}"
    if told is None or told.kind != MADE:
        yield Difference(what=name, problem="in the generation table, in the journal not made or gone")
        return
    parts = store.generations.parts(generation.id)
    if (told.cohort, told.sha256, told.records, told.parts) != (
        generation.cohort,
        parts_digest(parts),
        generation.records,
        len(parts),
    ):
        yield Difference(what=name, problem="not as it was journalled when it was made")
    if generation.cohort is not None and not _lives(generation.cohort, keys):
        yield Difference(what=name, problem="in the generation table, its key is not alive")
    for part in parts:
        try:
            found = disk.digest(root / part.path)
        except InputRefused:
            yield Difference(what=f"{name} {part.path}", problem="missing")
            continue
        if found != part.sha256:
            yield Difference(what=f"{name} {part.path}", problem="changed")


def _lives(cohort: str | None, keys: KeyStore) -> bool:
    return cohort is not None and keys.cohort_state(cohort) is KeyState.LIVE


def _number(value: Field) -> int:
    return value if isinstance(value, int) else 0
