"""The data root against its journal: whatever was changed behind chosho's back is found, and nothing else is."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from chosho.control.store import ControlStore
from chosho.dataset.erase import erase
from chosho.dataset.proof import differences
from chosho.vault.keys import KeyStore
from tests.dataset.test_erase import put_up
from tests.dataset.world import AT, WHO, World

SEALED, PLAIN = "A.SEALED", "A.PLAIN"


@pytest.fixture
def house(world: World, store: ControlStore) -> World:
    """A root with two visible generations, and one that was erased."""
    world.write(store, SEALED, cohort="S.1")
    world.write(store, SEALED, cohort="S.2")
    world.write(store, PLAIN, cohort=None)
    put_up(world, store, SEALED, 1)
    erase(world.root, store, world.keys, at=AT, who=WHO)
    return world


def found(world: World, keys: KeyStore | None = None) -> set[tuple[str, str]]:
    with world.store() as store:
        return {
            (one.what.partition(" data/")[0], one.problem)
            for one in differences(world.root, store, keys or world.keys)
        }


def change(world: World, *statements: str) -> None:
    with closing(sqlite3.connect(world.root / "control" / "chosho.db")) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def test_a_root_that_nobody_touched_agrees(house: World) -> None:
    assert found(house) == set()


def test_a_generation_that_waits_for_its_erasure_is_no_difference(house: World, store: ControlStore) -> None:
    put_up(house, store, SEALED, 2)
    assert found(house) == set()


def test_a_generation_given_up_before_it_was_visible_is_no_difference(
    house: World, store: ControlStore
) -> None:
    house.begin_step(store)
    house.target(store, PLAIN, 2, None)
    store.generations.discard(house.run_id, house.step)
    erase(house.root, store, house.keys, at=AT, who=WHO)
    house.write(store, PLAIN, cohort=None)
    assert [one.number for one in store.generations.catalogued(PLAIN)] == [1, 2]
    assert found(house) == set()


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (
            ("UPDATE generations SET state = 'committed' WHERE state = 'erased'",),
            (f"{SEALED}.G0001V00", "in the generation table, in the journal not made or gone"),
        ),
        (
            ("UPDATE generations SET state = 'erased' WHERE dsn = 'A.PLAIN'",),
            (f"{PLAIN}.G0001V00", "in the journal, not in the generation table"),
        ),
        (
            ("UPDATE generations SET records = 99 WHERE dsn = 'A.PLAIN'",),
            (f"{PLAIN}.G0001V00", "not as it was journalled when it was made"),
        ),
        (
            ("UPDATE files SET sha256 = 'ab' WHERE state = 'committed'",),
            (f"{SEALED}.G0002V00", "not as it was journalled when it was made"),
        ),
        (
            ("UPDATE generations SET cohort = 'S.1' WHERE cohort = 'S.2'",),
            (f"{SEALED}.G0002V00", "in the generation table, its key is not alive"),
        ),
    ],
)
def test_a_changed_generation_table_is_found(
    house: World, statements: tuple[str, ...], expected: tuple[str, str]
) -> None:
    change(house, *statements)
    assert expected in found(house)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize(("act", "problem"), [(_cut, "changed"), (Path.unlink, "missing")])
def test_a_file_that_was_changed_or_removed_is_found(
    house: World, store: ControlStore, act: Callable[[Path], None], problem: str
) -> None:
    act(house.source(store, PLAIN, 1).path)
    assert found(house) == {(f"{PLAIN}.G0001V00", problem)}


def test_an_erased_file_that_was_brought_back_and_a_strange_one_are_found(house: World) -> None:
    with closing(sqlite3.connect(house.root / "control" / "chosho.db")) as database:
        ((erased,),) = database.execute("SELECT path FROM files WHERE state = 'erased'").fetchall()
    (house.root / erased).write_bytes(b"back again")
    (house.root / "data" / "123456789012").touch()
    problem = "there, erased or never on record"
    assert found(house) == {(erased, problem), ("data/_", problem)}


def test_a_key_that_came_back_to_life_is_found(world: World, store: ControlStore, tmp_path: Path) -> None:
    """The whole key folder of before, master key included, and the heads of today."""
    world.write(store, SEALED, cohort="S.1")
    shutil.copytree(world.key_folder, tmp_path / "old-keys")
    put_up(world, store, SEALED, 1)
    erase(world.root, store, world.keys, at=AT, who=WHO)
    assert found(world) == set()
    problem = "erased in the journal, its key is alive"
    assert found(world, KeyStore(tmp_path / "old-keys")) == {(f"{SEALED}.G0001V00", problem)}
