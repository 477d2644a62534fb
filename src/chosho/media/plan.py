"""Volume plan (媒体計画): which statements go in which file on which volume, decided as they are made.

Statements come in their order, both kinds mixed. Volumes are filled one after another: a statement goes on
the volume that is open as long as the whole image (encrypted files, tag files, ISO structure) fits the
medium, else a new volume is begun. A volume holds one file per kind; a further one is begun only when a
file reaches the longest file of the profile. File numbers run per kind over all volumes and end at 99
(標準規格): what would need number 100 is refused. The plan depends on the statements alone, not on how they
are cut into calls, and keeps nothing per statement.
"""

from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from chosho.errors import InputRefused
from chosho.media import bag, names, sizes
from chosho.media.profiles import Profile

AMOUNTS = 16
"""Places for yen totals in a plan record (VOLPLAN, AMOUNT-TOTALS)."""
LAST_FILE_NO = 99
"""Last NN of ``310datNN.txt`` (標準規格, file names)."""

_WINDOW = 4096
"""Statements looked at together."""

Numbers: TypeAlias = npt.NDArray[np.integer]
"""One whole number per statement."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedFile:
    """A file of a volume (媒体計画): its place in the rows of its kind and what it must hold.

    ``row_offset`` and ``plain_bytes`` are bytes, ``amounts`` yen per amount item in the order of the kind's
    layout.
    """

    volume: int
    volumes: int = 0
    statement_code: str
    file_no: int
    row_offset: int
    plain_bytes: int = 0
    records: int = 0
    payments: int = 0
    amounts: tuple[int, ...] = (0,) * AMOUNTS

    @property
    def name(self) -> str:
        """Name of the NTA file: ``310dat01.txt``."""
        return names.nta_file(self.statement_code, self.file_no)

    @property
    def label(self) -> str:
        """Label of the encrypted file: ``V01/310dat01.txt.age``."""
        return names.part_label(self.volume, self.name)

    @property
    def age_bytes(self) -> int:
        """Bytes of the encrypted file."""
        return int(sizes.age_bytes(self.plain_bytes))


@dataclass(slots=True)
class _Kind:
    """A kind of statement: its last file number, its bytes so far, its file on the open volume."""

    file_no: int = 0
    offset: int = 0
    file: PlannedFile | None = None


@dataclass(slots=True)
class _Volume:
    """The open volume: its number and the files that are closed on it."""

    number: int = 1
    closed: list[PlannedFile] = field(default_factory=list)


def volume_sectors(files: list[PlannedFile]) -> int:
    """Return the exact sectors of the image that holds ``files``, tag files included."""
    payload = [(f"{names.PAYLOAD_FOLDER}/{file.name}{names.AGE_SUFFIX}", file.age_bytes) for file in files]
    return sizes.image_sectors([*payload, *bag.tag_sizes([path for path, _ in payload])])


class Planner:
    """Plans volumes from rows (媒体計画), greedily and exactly, in one pass.

    Args:
        profile: the medium; its sectors bound each image, its ``file_bytes`` each encrypted file.
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._kinds: dict[int, _Kind] = {}
        self._volume = _Volume()
        self._done: list[PlannedFile] = []

    def feed(
        self, codes: Numbers, row_bytes: Numbers, payments: Numbers, amounts: npt.NDArray[np.int64]
    ) -> None:
        """Place the next statements.

        Args:
            codes: kind of each statement (310, 366), shape (n,).
            row_bytes: bytes of each row with its CRLF, shape (n,).
            payments: payments added up in each statement, shape (n,).
            amounts: yen per amount item in the order of the kind's layout, shape (n, m), m up to 16.

        Raises:
            InputRefused: a kind needs more than 99 files (CHSM003E), or one row alone does not fit the
                medium (CHSM004E).
        """
        place = 0
        while place < len(codes):
            end = min(place + _WINDOW, len(codes))
            window = slice(place, end)
            place += self._take(codes[window], row_bytes[window], payments[window], amounts[window])

    def cut(self) -> None:
        """End the open files: what comes next goes into files of its own, on the same volume as long as it fits."""
        for kind in self._kinds.values():
            if kind.file is not None:
                self._volume.closed.append(kind.file)
                kind.file = None

    def finish(self) -> tuple[PlannedFile, ...]:
        """Return the plan: by volume, kind and file number; empty when there was no statement."""
        self._close_volume()
        volumes = max((file.volume for file in self._done), default=0)
        return tuple(replace(file, volumes=volumes) for file in self._done)

    def _take(
        self, codes: Numbers, row_bytes: Numbers, payments: Numbers, amounts: npt.NDArray[np.int64]
    ) -> int:
        """Place the longest run that fits the open files; return its length (0 after a change of files)."""
        present = [int(code) for code in np.unique(codes)]
        used = {code: np.cumsum(np.where(codes == code, row_bytes, 0), dtype=np.int64) for code in present}
        stop = len(codes)
        open_sectors = np.zeros(len(codes), dtype=np.int64)
        for code in present:
            file = self._kinds.setdefault(code, _Kind()).file
            first = int(np.argmax(codes == code))
            if file is None:
                stop = min(stop, first)
                continue
            size = sizes.age_bytes(file.plain_bytes + used[code])
            stop = min(stop, _first(size > self._profile.file_bytes))
            open_sectors += sizes.sectors(size) - int(sizes.sectors(file.age_bytes))
        room = self._profile.sectors - volume_sectors(self._files())
        overflow = _first(open_sectors > room)
        if stop == 0 and overflow > 0:
            self._open(int(codes[0]), int(row_bytes[0]))
            return 0
        if overflow == 0:
            self._next_volume(int(row_bytes[0]))
            return 0
        taken = min(stop, overflow)
        for code in present:
            self._add(code, codes[:taken] == code, row_bytes[:taken], payments[:taken], amounts[:taken])
        return taken

    def _add(
        self,
        code: int,
        mine: npt.NDArray[np.bool_],
        row_bytes: Numbers,
        payments: Numbers,
        amounts: npt.NDArray[np.int64],
    ) -> None:
        kind = self._kinds[code]
        if kind.file is None or not mine.any():
            return
        size = int(row_bytes[mine].sum(dtype=np.int64))
        totals = amounts[mine].sum(axis=0, dtype=np.int64).tolist()
        totals += [0] * (AMOUNTS - len(totals))
        kind.offset += size
        kind.file = replace(
            kind.file,
            plain_bytes=kind.file.plain_bytes + size,
            records=kind.file.records + int(mine.sum()),
            payments=kind.file.payments + int(payments[mine].sum(dtype=np.int64)),
            amounts=tuple(map(int.__add__, kind.file.amounts, totals)),
        )

    def _files(self) -> list[PlannedFile]:
        """Return the files of the open volume, open ones last."""
        return [*self._volume.closed, *(kind.file for kind in self._kinds.values() if kind.file)]

    def _open(self, code: int, row_bytes: int) -> None:
        """Begin a file of a kind on the open volume when its first row fits, else begin a new volume."""
        kind = self._kinds[code]
        fresh = PlannedFile(
            volume=self._volume.number,
            statement_code=str(code),
            file_no=kind.file_no + 1,
            row_offset=kind.offset,
            plain_bytes=row_bytes,
        )
        if fresh.age_bytes > self._profile.file_bytes:
            raise InputRefused("CHSM004E", medium=self._profile.name, bytes=row_bytes)
        if volume_sectors([*self._files(), fresh]) > self._profile.sectors:
            self._next_volume(row_bytes)
            return
        if fresh.file_no > LAST_FILE_NO:
            raise InputRefused("CHSM003E", kind=code, last=LAST_FILE_NO, medium=self._profile.name)
        if kind.file is not None:
            self._volume.closed.append(kind.file)
        kind.file_no = fresh.file_no
        kind.file = replace(fresh, plain_bytes=0)

    def _next_volume(self, row_bytes: int) -> None:
        if not self._files():
            raise InputRefused("CHSM004E", medium=self._profile.name, bytes=row_bytes)
        self._close_volume()
        self._volume = _Volume(number=self._volume.number + 1)

    def _close_volume(self) -> None:
        self._done += sorted(self._files(), key=lambda file: (file.statement_code, file.file_no))
        for kind in self._kinds.values():
            kind.file = None


def _first(condition: npt.NDArray[np.bool_]) -> int:
    """Return the first place where ``condition`` holds, its length when nowhere."""
    return int(np.argmax(condition)) if condition.any() else len(condition)
