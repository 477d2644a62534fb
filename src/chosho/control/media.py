"""The media register (媒体管理簿): every disc image that was made, what is on it, where it goes and which password opens it."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from chosho.control.database import Database, canonical
from chosho.errors import InputRefused


@dataclass(frozen=True, kw_only=True, slots=True)
class Medium:
    """An entry of the register. ``path`` is relative to the data root; ``password_id`` names a password, it is none."""

    id: str
    """Volume id, as on the disc."""
    run_id: str
    data_content: str
    """データ内容"""
    purpose: str
    """利用目的"""
    made_on: date
    """作成年月日"""
    moved_on: date | None
    """移送日"""
    moved_to: str
    """移送先"""
    person_in_charge: str
    """担当者名"""
    kept_for: str
    """保存期間"""
    volume: int
    volumes: int
    image_sha256: str
    password_id: str
    part_id: str
    path: str
    medium: str
    records: Mapping[str, int]
    """Statement kind → records on this volume."""


class MediaRegister:
    """The register of one control store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, medium: Medium) -> None:
        """Enter a medium.

        Raises:
            InputRefused: the volume id stands in the register already (CHSJ050E).
        """
        row = asdict(medium)
        row["made_on"] = medium.made_on.isoformat()
        row["moved_on"] = None if medium.moved_on is None else medium.moved_on.isoformat()
        row["records"] = canonical(dict(medium.records))
        with self._database.transaction():
            if self._database.row("SELECT 1 FROM media WHERE id = ?", medium.id) is not None:
                raise InputRefused("CHSJ050E", volume=medium.id)
            self._database.insert("media", row)

    def all(self) -> tuple[Medium, ...]:
        """Return every entry, by date and volume."""
        rows = self._database.rows("SELECT * FROM media ORDER BY made_on, run_id, volume, id")
        return tuple(_medium(row) for row in rows)

    def of_run(self, run_id: str) -> tuple[Medium, ...]:
        """Return the entries of one run, by volume."""
        return tuple(medium for medium in self.all() if medium.run_id == run_id)

    def get(self, volume_id: str) -> Medium:
        """Return one entry.

        Raises:
            InputRefused: there is none (CHSJ051E).
        """
        row = self._database.row("SELECT * FROM media WHERE id = ?", volume_id)
        if row is None:
            raise InputRefused("CHSJ051E", volume=volume_id)
        return _medium(row)


def _medium(row: sqlite3.Row) -> Medium:
    values = dict(row)
    values["made_on"] = date.fromisoformat(row["made_on"])
    values["moved_on"] = None if row["moved_on"] is None else date.fromisoformat(row["moved_on"])
    values["records"] = json.loads(row["records"])
    return Medium(**values)
