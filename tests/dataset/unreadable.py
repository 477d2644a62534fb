"""A file that the system does not let us read, also when the tests run as root."""

import os
from pathlib import Path

import pytest

from chosho import disk


def unreadable(patch: pytest.MonkeyPatch, name: str, number: int) -> None:
    """Let every opening of files of one name fail with an errno, in this process."""
    opened = disk.OldFile.__init__

    def refuse(self: disk.OldFile, path: Path) -> None:
        if path.name == name:
            raise OSError(number, os.strerror(number), path)
        opened(self, path)

    patch.setattr(disk.OldFile, "__init__", refuse)
