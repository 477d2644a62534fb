"""kill -9 in every step of a night and of the purge job: restarted, it leaves what a night without any fault leaves.

Nothing is skipped or doubled between the number master and the list for the PF, whenever the kill comes.
"""

import signal
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from chosho.batch import clock
from tests.scenarios.house import House

NIGHT, NEXT = date(2027, 1, 8), date(2027, 1, 9)
REQUESTS = "400"
"""With 400 requests each edge of ``chosho.fixtures.cases`` stands among them."""

KILLS = (
    "S110:request-2",  # it has its facts and begins to work
    "S110:request-8",  # some files are judged, keys were given out
    "S110:commit",  # all is checked, no file is taken yet
    "S110:committed",  # the files are taken, the work files not yet erased
    "S120:request-3",
    "S120:commit",  # the new master is written and not visible
    "S120:committed",  # master and PF keys are true, the transactions not yet erased
    "S125:request-4",
    "S130:commit",
    "S140:commit",  # the report is written, its row of the journal is not
)
PURGE_KILLS = ("S920:request-3", "S920:commit", "S920:committed")
SCRATCH_KILLS = ("S910:commit", "S910:committed")


@dataclass(frozen=True)
class Night:
    """What a night leaves that does not depend on when, with which keys and in how many attempts it was done."""

    contents: Mapping[str, bytes]
    counts: Mapping[str, Mapping[str, int]]
    keys: list[tuple[str, ...]]
    instructions: list[tuple[object, ...]]
    files: list[tuple[object, ...]]
    outbox: Mapping[str, bytes]
    waiting: list[str]
    visible: Mapping[str, list[int]]


CONTENTS = ("CHOSHO.NUMBER.MASTER", "CHOSHO.NUMBER.STATUS", "CHOSHO.REGISTRATION.REJECT")


def left(house: House) -> Night:
    """Return what the nights of a house have left."""
    with house.store() as store:
        runs = [run for run in store.runs.list() if run.deck != "FIXTURES"]
        steps = {name: step.counts for run in runs for name, step in store.runs.steps(run.id).items()}
        keys = [
            (key, stored_at, state, reason)
            for key, stored_at, state, reason, *_ in store.pf.open_keys("tester", at=clock.stamp())
        ]
        instructions = [
            (one["id"], one["state"], one["keys"], one["digest"], one["sends"])
            for one in store.pf.instructions()
        ]
        files = [(one.dsn, one.name, str(one.state), one.file_no, one.records) for one in store.inbox.all()]
    # How many rows the journal has depends on the attempts.
    steps.pop("S140", None)
    return Night(
        contents={dsn: house.content(dsn) for dsn in CONTENTS},
        counts=steps,
        keys=keys,
        instructions=instructions,
        files=files,
        outbox={path.name: path.read_bytes() for path in sorted((house.root / "outbox").rglob("*.dat"))},
        waiting=sorted(path.name for path in (house.root / "inbox").rglob("*.age")),
        visible=house.catalogued(),
    )


def delivered(house: House) -> House:
    """Let the four channels deliver."""
    done = house.command("fixtures", "arrivals", "--date", NIGHT.isoformat(), "--requests", REQUESTS)
    assert done.returncode == 0, done.stderr
    return house


def done(house: House) -> House:
    """Do the night, its purge, and the next morning's scratch."""
    assert house.submit("NIGHTLY", NIGHT).rc == 4
    assert house.submit("PURGE", NIGHT).rc == 0
    assert house.submit("SCRATCH", NEXT).rc == 0
    return house


@pytest.fixture(scope="module")
def clean(world: House, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """What a night without any fault leaves."""
    house = done(delivered(world.copy(tmp_path_factory.mktemp("clean") / "house")))
    assert house.faults() == []
    return left(house)


def killed(house: House, at: str, deck: str, day: date, *restart: str) -> None:
    """Run until the supervisor kills itself."""
    process = house.mortal(at, *restart, deck=deck, day=day)
    assert process.wait(timeout=120) == -signal.SIGKILL, at


def test_a_night_killed_again_and_again_ends_like_the_clean_one(house: House, clean: Night) -> None:
    """One night, an attempt for each kill; nothing of the master, the rejects or the PF's keys is lost or doubled."""
    delivered(house)
    for attempt, at in enumerate(KILLS):
        killed(house, at, "NIGHTLY", NIGHT, *(["best"] if attempt else []))
    assert house.submit("NIGHTLY", NIGHT, restart="best").rc == 4
    for attempt, at in enumerate(PURGE_KILLS):
        killed(house, at, "PURGE", NIGHT, *(["best"] if attempt else []))
    assert house.submit("PURGE", NIGHT, restart="best").rc == 0
    for attempt, at in enumerate(SCRATCH_KILLS):
        killed(house, at, "SCRATCH", NEXT, *(["best"] if attempt else []))
    assert house.submit("SCRATCH", NEXT, restart="best").rc == 0
    assert left(house) == clean
    assert house.faults() == []


@pytest.mark.parametrize("at", ["S110:commit", "S120:commit", "S120:destroyed"])
def test_a_night_killed_once_at_the_points_that_matter_ends_like_the_clean_one(
    house: House, clean: Night, at: str
) -> None:
    delivered(house)
    killed(house, at, "NIGHTLY", NIGHT)
    assert house.submit("NIGHTLY", NIGHT, restart="best").rc == 4
    assert house.submit("PURGE", NIGHT).rc == 0
    assert house.submit("SCRATCH", NEXT).rc == 0
    assert left(house) == clean
    assert house.faults() == []


def test_a_night_redone_from_its_first_step_ends_like_the_clean_one(house: House, clean: Night) -> None:
    """Its intake takes the files again that it had taken itself, and nobody else may."""
    delivered(house)
    killed(house, "S120:begin", "NIGHTLY", NIGHT)
    assert house.submit("NIGHTLY", NIGHT, restart="S110").rc == 4
    assert house.submit("PURGE", NIGHT).rc == 0
    assert house.submit("SCRATCH", NEXT).rc == 0
    assert left(house) == clean


def test_the_clean_night_left_what_it_should(clean: Night) -> None:
    assert {state for _, _, state, _, _ in clean.files} == {"erased"}
    assert (clean.waiting, sorted(clean.outbox)) == ([], ["PFDEL.20270108.01.dat"])
    ((_, state, keys, _, sends),) = clean.instructions
    assert (state, sends) == ("sent", 1)
    assert keys == sum(state == "instructed" for _, _, state, _ in clean.keys)
    assert clean.counts["S110"]["read"] == int(REQUESTS)
    assert "CHOSHO.REGISTRATION.TRAN" not in clean.visible


def test_the_outcome_does_not_depend_on_where_it_was_made(world: House, clean: Night, tmp_path: Path) -> None:
    """The same night on another root, with other keys in another folder."""
    assert left(done(delivered(world.copy(tmp_path / "elsewhere")))) == clean
