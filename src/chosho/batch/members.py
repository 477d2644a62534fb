"""Members (メンバー): decks, procedures and step programs, found by name along a list of libraries.

Developers put folders before the packaged libraries with ``CHOSHO_JCLLIB`` and ``CHOSHO_JOBLIB`` (as
``PATH``: the first hit wins). The current folder is never searched: which deck ran must not depend on where
the shell was.
"""

import importlib.resources
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from chosho.errors import InputRefused

_MEMBER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A member that was found: its name, where it was found, and its text.

    ``library`` is None for a packaged member.
    """

    name: str
    source: str
    text: str
    library: Path | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Libraries:
    """The library lists (ライブラリ連結) that stand before the packaged ones."""

    jcl: tuple[Path, ...] = ()
    jobs: tuple[Path, ...] = ()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read ``CHOSHO_JCLLIB`` and ``CHOSHO_JOBLIB``."""

        def folders(name: str) -> tuple[Path, ...]:
            return tuple(
                Path(part).absolute() for part in environment.get(name, "").split(os.pathsep) if part
            )

        return cls(jcl=folders("CHOSHO_JCLLIB"), jobs=folders("CHOSHO_JOBLIB"))

    def deck(self, name: str) -> Member:
        """Return a deck or procedure.

        Raises:
            InputRefused: no library has it (CHSB001E).
        """
        found = _find(name, ".yaml", self.jcl, "chosho.jcl", "jcl")
        if found is None:
            raise InputRefused("CHSB001E", member=name)
        return found

    def program(self, name: str) -> Member | None:
        """Return a step program, or None when no library has it."""
        return _find(name, ".py", self.jobs, "chosho.jobs", "jobs")

    def decks(self) -> list[str]:
        """Return the names of all decks and procedures, sorted."""
        names = {item.name for item in importlib.resources.files("chosho.jcl").iterdir()}
        for folder in self.jcl:
            names |= {path.name for path in folder.glob("*.yaml")}
        return sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))


def _find(name: str, suffix: str, folders: tuple[Path, ...], package: str, short: str) -> Member | None:
    if not _MEMBER.fullmatch(name):
        return None
    for library in (*folders, None):
        entry = (library or importlib.resources.files(package)) / f"{name}{suffix}"
        if entry.is_file():
            source = f"{short}/{entry.name}" if library is None else str(entry)
            return Member(name=name, source=source, text=entry.read_text(encoding="utf-8"), library=library)
    return None
