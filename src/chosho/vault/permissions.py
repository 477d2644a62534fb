"""Who may reach the key folder (鍵フォルダ): its owner alone, and never through the data root.

Folders are 0700, files 0600. Anything wider is refused, not repaired: what stood open may have been read.
"""

import os
import stat
from pathlib import Path

from chosho import disk
from chosho.errors import InputRefused

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def require_private(path: Path) -> None:
    """Refuse a folder or file that others than its owner can reach, a link, or one that somebody else owns.

    Raises:
        InputRefused: CHSK003E.
    """
    state = path.lstat()
    if stat.S_ISLNK(state.st_mode) or state.st_mode & _OTHERS or state.st_uid != os.geteuid():
        mode = f"{stat.S_IMODE(state.st_mode):04o}"
        raise InputRefused("CHSK003E", path=path, mode=mode, owner=state.st_uid)


def require_apart(keys: Path, data_root: Path, *, otherwise: str = "CHSK004E") -> None:
    """Refuse a key folder that lies inside the data root, or the data root inside the key folder.

    A copy or a backup of the one must never carry the other, also when it follows the links in the data root.

    Raises:
        InputRefused: CHSK004E, or the message ``otherwise`` for other folders that must lie apart.
    """
    inner = keys.resolve()
    linked = [Path(entry.path) for entry in disk.entries(data_root) if entry.is_symlink()]
    for outer in (data_root.resolve(), *(link.resolve() for link in linked)):
        if inner.is_relative_to(outer) or outer.is_relative_to(inner):
            raise InputRefused(otherwise, keys=keys, root=data_root)
