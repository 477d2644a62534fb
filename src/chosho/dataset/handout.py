"""Handing out (引渡し): the content of a generation as plain files in a folder outside, for people who have no chosho.

The files are written under names that begin with a point and get their own names when all of them are whole and durable: who looks
into the folder sees a file complete or not at all. They have mode 0600 and replace nothing. When one cannot be finished, all that
this call has written is removed again. Whoever calls has checked the right and journalled the output before.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from chosho import disk
from chosho.dataset.reader import Reader
from chosho.errors import InputRefused


def require_outside(folder: Path, *inside: Path) -> None:
    """Refuse a folder that lies in one of those of the house, and a file that stands in its place.

    Raises:
        InputRefused: CHSD152E, CHSD151E.
    """
    there = folder.resolve()
    if any(there.is_relative_to(one.resolve()) for one in inside):
        raise InputRefused("CHSD152E", path=folder)
    if folder.exists() and not folder.is_dir():
        raise InputRefused("CHSD151E", path=folder)


def require_free(folder: Path, *names: str) -> None:
    """Refuse to write over what is there already.

    Raises:
        InputRefused: CHSD151E.
    """
    for name in names:
        path = folder / name
        if path.exists() or path.is_symlink():
            raise InputRefused("CHSD151E", path=path)


def hand_out(folder: Path, files: Mapping[str, Reader]) -> None:
    """Write files into a folder, which is made when missing.

    Args:
        folder: where.
        files: name → what it is to hold.

    Raises:
        InputRefused: a file is there already (CHSD151E).
        StopLine: what is read is damaged, or the disk did not confirm what was written.
    """
    disk.make_folder(folder)
    written: list[Path] = []
    try:
        for name, reader in files.items():
            fresh = _fresh(folder, name)
            disk.remove(fresh)  # of a call that was killed
            written.append(fresh)
            with disk.NewFile(fresh) as file:
                for piece in reader.stream():
                    file.write(piece)
                file.finish()
        for name in files:
            require_free(folder, name)
            disk.name(_fresh(folder, name), folder / name)
            written.append(folder / name)
        disk.sync_folder(folder)
    except BaseException:
        for path in written:
            with suppress(OSError):  # the error that led here is the one to be seen
                disk.remove(path)
        raise


def _fresh(folder: Path, name: str) -> Path:
    return folder / f".{name}.new"
