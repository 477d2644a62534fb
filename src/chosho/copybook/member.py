"""Copybook members (コピー句ライブラリ): the layouts that ship with chosho, by member name."""

import functools
import importlib.resources
import re

from chosho.copybook.layout import Layout
from chosho.copybook.parse import parse
from chosho.errors import InputRefused

_MEMBER = re.compile(r"[A-Z][A-Z0-9]{0,7}")


@functools.cache
def load(member: str) -> Layout:
    """Return the layout of a member of ``copybooks/``, for example ``NUMMAST``.

    Raises:
        InputRefused: there is no such member (CHSC020E), or its text is refused.
    """
    return parse(member_text(member), source=f"{member}.cpy")


def member_text(member: str) -> str:
    """Return the text of a member of ``copybooks/``.

    Raises:
        InputRefused: there is no such member (CHSC020E).
    """
    entry = importlib.resources.files("chosho.copybooks").joinpath(f"{member}.cpy")
    # The pattern keeps a name from a catalogue or a command line inside the library.
    if not _MEMBER.fullmatch(member) or not entry.is_file():
        raise InputRefused("CHSC020E", member=member)
    return entry.read_text(encoding="utf-8")


def members() -> tuple[str, ...]:
    """Return the names of all members, in order."""
    folder = importlib.resources.files("chosho.copybooks")
    return tuple(sorted(entry.name[:-4] for entry in folder.iterdir() if entry.name.endswith(".cpy")))
