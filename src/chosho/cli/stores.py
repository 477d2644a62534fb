"""Opening the catalogue, the control store and the keys for a command."""

from collections.abc import Iterator
from contextlib import contextmanager

from chosho.cli.main import Place
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
