"""Counts (件数): whole numbers under dotted names, as balances and the job log have them."""

import re

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*")
"""``read``, ``rejected.ZDIG``, ``K310.statements``."""


class Counts:
    """The counts of one step.

    >>> counts = Counts()
    >>> counts.add("read", 3); counts.add("read", 1)
    >>> counts.all()
    {'read': 4}
    """

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def add(self, name: str, n: int) -> None:
        """Add ``n`` to a count, which starts at 0.

        Raises:
            ValueError: the name is malformed.
        """
        self.set(name, self._counts.get(name, 0) + int(n))

    def set(self, name: str, n: int) -> None:
        """Give a count its value.

        Raises:
            ValueError: the name is malformed.
        """
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a count")
        self._counts[name] = int(n)

    def all(self) -> dict[str, int]:
        """Return a copy of the counts, in the order in which they first came."""
        return dict(self._counts)
