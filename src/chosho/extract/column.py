"""Columns (列): the arrays that are made of the columns of a block of records."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Mask: TypeAlias = npt.NDArray[np.bool_]
"""bool[n], one truth per record."""
Numbers: TypeAlias = npt.NDArray[np.int64]
"""int64[n]: whole yen, places of records, or dates as yyyymmdd."""
