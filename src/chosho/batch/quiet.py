"""Quiet (静止): a data root in which nothing is made or erased for a while, because no night and no run is going on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chosho.batch.locks import NIGHT, Locks, dataset_lock
from chosho.dataset.catalog import Catalog


@contextmanager
def quiet(root: Path, catalog: Catalog) -> Iterator[None]:
    """Keep nights and runs out; those that begin meanwhile are refused.

    Raises:
        InputRefused: one is going on (CHSB066E).
    """
    locks = Locks(root / "control" / "locks")
    try:
        locks.take(
            {NIGHT: True, **{dataset_lock(entry.dsn): False for entry in catalog}}, wait=0, message="CHSB066E"
        )
        yield
    finally:
        locks.release_all()
