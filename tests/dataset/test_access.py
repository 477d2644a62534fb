"""Access to a generation's parts."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from chosho.dataset import access
from chosho.dataset.reader import Reader
from chosho.errors import StopLine
from tests.dataset.world import LRECL, World


@pytest.mark.parametrize("cohort", [None, "T.DATA.G0001.a"])
def test_a_generation_is_read_back_through_its_sources(tmp_path: Path, cohort: str | None):
    world = World(tmp_path)
    with world.store() as store:
        world.begin(store)
        world.write(store, "T.DATA", cohort=cohort, content=b"0123456789abcdefghij")
        (generation,) = store.generations.catalogued("T.DATA")
        sources = access.sources(world.root, store, world.keys, generation)
    assert Reader(sources, lrecl=LRECL).read_all() == b"0123456789abcdefghij"
    assert [source.file_key is None for source in sources] == [cohort is None]


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_bytes(b"short")])
def test_a_file_that_is_gone_or_cut_stops(tmp_path: Path, harm: object):
    world = World(tmp_path)
    with world.store() as store:
        world.begin(store)
        world.write(store, "T.DATA", cohort="T.DATA.G0001.a")
        (generation,) = store.generations.catalogued("T.DATA")
        harm(world.root / store.generations.parts(generation.id)[0].path)
        with pytest.raises(StopLine, match="CHSD130S"):
            access.sources(world.root, store, world.keys, generation)


def test_a_destroyed_key_stops(tmp_path: Path):
    world = World(tmp_path)
    with world.store() as store:
        world.begin(store)
        world.write(store, "T.DATA", cohort="T.DATA.G0001.a")
        (generation,) = store.generations.catalogued("T.DATA")
        world.keys.destroy_cohort("T.DATA.G0001.a")
        with pytest.raises(StopLine, match="CHSK021S"):
            access.sources(world.root, store, world.keys, generation)


def test_an_unsealed_part_that_was_exchanged_stops_before_its_end(tmp_path: Path):
    world = World(tmp_path)
    with world.store() as store:
        world.begin(store)
        world.write(store, "T.DATA", cohort=None, content=b"0123456789abcdefghij")
        (generation,) = store.generations.catalogued("T.DATA")
        path = world.root / store.generations.parts(generation.id)[0].path
        path.write_bytes(b"0123456789abcdefghiX")
        sources = access.sources(world.root, store, world.keys, generation)
    with pytest.raises(StopLine, match="CHSK035S"):
        Reader(sources, lrecl=LRECL).read_all()


@pytest.mark.parametrize(
    "harm", ["DELETE FROM files", "UPDATE files SET ordinal = 1", "UPDATE files SET records = 1"]
)
def test_parts_that_do_not_add_up_to_their_generation_stop(tmp_path: Path, harm: str):
    world = World(tmp_path)
    with world.store() as store:
        world.begin(store)
        world.write(store, "T.DATA", cohort=None, content=b"0123456789abcdefghij")
        with closing(sqlite3.connect(world.root / "control/chosho.db")) as database:
            database.execute(harm)
            database.commit()
        (generation,) = store.generations.catalogued("T.DATA")
        with pytest.raises(StopLine, match="CHSD131S"):
            access.sources(world.root, store, world.keys, generation)
