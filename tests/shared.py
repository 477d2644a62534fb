"""Where the reference data that tests read in place is, beside the checkout; absent on most machines."""

from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[2] / "shared"
SHARED: Path = _BESIDE
"""The folder with conformance data; check with :data:`needs_shared`."""

needs_shared = pytest.mark.skipif(
    not _BESIDE.is_dir(), reason="no shared/ folder with reference data beside the checkout"
)
"""Skips a test with its reason where the reference data is absent."""
