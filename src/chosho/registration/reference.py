"""Reference tables (参照表): offices, terminals, permits and approvers, held in memory under a sorted key.

Offices and terminals are small files of the host: some twenty thousand offices, some hundred thousand terminals.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from chosho.codec import batch as batches
from chosho.codec import rows
from chosho.codec.batch import Block
from chosho.codec.rows import Mask
from chosho.codec.transcoder import Transcoder
from chosho.copybook import Layout
from chosho.errors import InputRefused
from chosho.registration import moment
from chosho.registration.request import FIELDS

Source: TypeAlias = tuple[Iterable[Block], Layout, str]
"""Records of a host file, their layout and their code page."""


class KeyTable:
    """Keys of fixed width, sorted (整列済みキー表).

    Args:
        keys: uint8[n, k], in any order.
    """

    def __init__(self, keys: Block) -> None:
        texts = _texts(keys)
        self.order: npt.NDArray[np.int64] = np.argsort(texts, kind="stable")
        """The rows of ``keys`` in the order of the table."""
        self._keys = texts[self.order]

    def find(self, keys: Block) -> npt.NDArray[np.int64]:
        """Return where each key (uint8[m, k]) stands in the table, or -1: int64[m]."""
        wanted = _texts(keys)
        if not len(self._keys):
            return np.full(len(wanted), -1, np.int64)
        at = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        return np.where(self._keys[at] == wanted, at, -1)

    def repeated(self) -> int:
        """Return the row of a key that stands twice, or -1."""
        again = np.flatnonzero(self._keys[1:] == self._keys[:-1])
        return int(self.order[again[0] + 1]) if len(again) else -1


@dataclass(frozen=True, kw_only=True)
class Terminals:
    """Terminals on one day (端末): which there are, of what type, and which of them may send requests.

    Attributes:
        table: the terminal ids.
        types: uint8[n, 2], in the order of the table.
        allowed: bool[n]: the day they are allowed from has come.
        revoked: bool[n]: the day they are revoked from has come, or stands there unreadable.
    """

    table: KeyTable
    types: Block
    allowed: Mask
    revoked: Mask


@dataclass(frozen=True, kw_only=True)
class References:
    """What requests are checked against beside the contracts.

    Attributes:
        offices: 局所.
        terminals: 端末.
        approvers: the employees who may be the second person of a deletion.
        today: the business date, yyyymmdd.
    """

    offices: KeyTable
    terminals: Terminals
    approvers: KeyTable
    today: int


def on_day(day: dt.date, offices_: Source, terminals_: Source, approvers: Iterable[str]) -> References:
    """Return the reference tables as they are on a business date.

    Args:
        day: the business date.
        offices_: what :func:`offices` takes.
        terminals_: what :func:`terminals` takes, without the day.
        approvers: employee ids of the settings.

    Raises:
        InputRefused: a file cannot be read, or a key stands twice (CHSA016E).
    """
    today = int(f"{day:%Y%m%d}")
    return References(
        offices=offices(*offices_),
        terminals=terminals(*terminals_, today),
        approvers=words(approvers, "APPROVER-ID"),
        today=today,
    )


def offices(blocks: Iterable[Block], layout: Layout, code_page: str) -> KeyTable:
    """Return the table of offices (局所マスタ).

    Raises:
        InputRefused: an office number cannot be read or stands twice (CHSA016E).
    """
    keys = _read(blocks, layout, code_page, ["OFFICE-NO"], "office file")["OFFICE-NO"]
    return _table(keys, "office file")


def terminals(blocks: Iterable[Block], layout: Layout, code_page: str, today: int) -> Terminals:
    """Return the terminals as they are on a day (端末マスタ).

    Args:
        blocks: TERMMAST records in any order.
        layout: TERMMAST.
        code_page: of the file.
        today: the business date, yyyymmdd.

    Raises:
        InputRefused: a record cannot be read or a terminal stands twice (CHSA016E).
    """
    names = ["TERMINAL-ID", "TERMINAL-TYPE", "ALLOWED-FROM", "REVOKED-FROM"]
    items = _read(blocks, layout, code_page, names, "terminal file")
    table = _table(items["TERMINAL-ID"], "terminal file")
    allowed_from, revoked_from = moment.days(items["ALLOWED-FROM"]), moment.days(items["REVOKED-FROM"])
    allowed = (allowed_from != moment.NONE) & (allowed_from <= today)
    # A date that nobody can read revokes: a terminal in doubt sends nothing.
    revoked = ~rows.all_in(items["REVOKED-FROM"], rows.SPACES) & (revoked_from <= today)
    return Terminals(
        table=table,
        types=items["TERMINAL-TYPE"][table.order],
        allowed=allowed[table.order],
        revoked=revoked[table.order],
    )


def words(texts: Iterable[str], name: str) -> KeyTable:
    """Return a table of words of the settings, as wide as a field of REGTRAN."""
    width = FIELDS[name].length
    fitting = [text.encode() for text in texts]
    data = b"".join(text.ljust(width) for text in fitting if len(text) <= width)
    return KeyTable(np.frombuffer(data, np.uint8).reshape(-1, width))


def _read(
    blocks: Iterable[Block], layout: Layout, code_page: str, names: list[str], master: str
) -> dict[str, Block]:
    """Return fields of a host file in ASCII."""
    fields = layout.named()
    transcoder = Transcoder(
        layout.fields, code_page, layout.fields, layout.length, [(name, name) for name in names]
    )
    read, first = [np.empty((0, layout.length), np.uint8)], 0
    for block in blocks:
        out = np.empty((len(block), layout.length), np.uint8)
        faults = transcoder.run(block, out)
        if len(faults):
            raise InputRefused("CHSA016E", master=master, record=first + int(faults.record.min()) + 1)
        read.append(out)
        first += len(block)
    whole = np.concatenate(read)
    return {name: batches.view(fields, whole, name) for name in names}


def _table(keys: Block, master: str) -> KeyTable:
    table = KeyTable(keys)
    if table.repeated() >= 0:
        raise InputRefused("CHSA016E", master=master, record=table.repeated() + 1)
    return table


def _texts(keys: Block) -> npt.NDArray[np.bytes_]:
    """Return keys as fixed-width texts, which numpy compares as bytes."""
    texts: npt.NDArray[np.bytes_] = np.ascontiguousarray(keys).view(f"S{keys.shape[1]}")[:, 0]
    return texts
