"""Opening the catalogue, the control store and the keys for a command."""

from collections.abc import Iterator
from contextlib import contextmanager

from chosho.batch import clock
from chosho.cli.main import Place
from chosho.control import rights
from chosho.control.store import ControlStore
from chosho.dataset.catalog import FILE_NAME, Catalog
from chosho.errors import InputRefused
from chosho.vault.keys import KeyStore


def catalogue(place: Place) -> Catalog:
    """Return the catalogue of the data root.

    Raises:
        InputRefused: the folder is no data root (CHSL030E), or its catalogue contradicts itself.
    """
    _require_root(place)
    return Catalog.load(place.root)


def _require_root(place: Place) -> None:
    if not (place.root / FILE_NAME).is_file():
        raise InputRefused("CHSL030E", root=place.root)


@contextmanager
def opened(place: Place) -> Iterator[tuple[ControlStore, KeyStore]]:
    """Open the control store of a data root and its keys, and close them again.

    Raises:
        InputRefused: the folder is no data root (CHSL030E), or there are no keys.
        StopLine: the control store is not what the keys' heads say.
    """
    _require_root(place)
    keys = KeyStore(place.keys, data_root=place.root)
    with ControlStore.open(place.root, keys) as store:
        yield store, keys


def require(place: Place, right: str) -> None:
    """Refuse a person who does not have a right, on record where there is a data root; some commands do without one.

    Raises:
        InputRefused: CHSJ040E.
    """
    if not place.rooted:
        rights.check(place.person, right)
        return
    with opened(place) as (store, _):
        rights.require(store.journal, place.person, right, at=clock.stamp())
