"""Code pages, bytes ↔ Arrow columns, key order: everything that turns record bytes into values and back; pure.

Modules: ``codepages`` · ``batch`` (blocks, batches, views) · ``keys`` (order, groups, ranges) · ``text`` (strings → field bytes) ·
``transcoder`` (source records → work records) · ``decode`` and ``encode`` (records ↔ Arrow columns) · ``fault`` (reason codes).
The compiled loops are the modules ``*_kernel``; they load numba when first called, never on ``import chosho.codec``.
"""

import importlib
import pkgutil

__all__ = ["warm"]


def warm(*names: str) -> None:
    """Compile kernels, or load them from numba's cache.

    Set-up calls this for all of them, so that no job waits for the compiler; a step before its turn, for those it will call.

    Args:
        names: of the modules, without ``_kernel``; none means all.
    """
    for module in pkgutil.iter_modules(__path__):
        if module.name.endswith("_kernel") and (not names or module.name.removesuffix("_kernel") in names):
            importlib.import_module(f"{__name__}.{module.name}")
