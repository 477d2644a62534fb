"""Programs of Debian that tests use as independent oracles."""

import shutil

import pytest


def tool(*names: str) -> str:
    """Return the path of the first of ``names`` that is installed, or skip the test and say which is missing."""
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    return pytest.skip(
        f"{' or '.join(names)} is not installed (tests/run.sh installs it when it runs as root)"
    )
