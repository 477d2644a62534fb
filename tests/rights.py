"""Rights that are withheld, for the tests that see where a right is asked."""

import pytest

from chosho.control import rights
from chosho.errors import InputRefused


def withhold(patch: pytest.MonkeyPatch, *withheld: str) -> list[tuple[str, str]]:
    """Let nobody have the rights that are named; return the list of who was asked for what, which fills itself."""
    asked: list[tuple[str, str]] = []

    def check(person: str, right: str) -> None:
        asked.append((person, right))
        if right in withheld:
            raise InputRefused("CHSJ040E", person=person, right=right)

    patch.setattr(rights, "check", check)
    return asked
