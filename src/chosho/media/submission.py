"""Submission discs (提出用媒体): from a folder of checked NTA files to the images of the discs for the tax office.

Files stay whole and keep their names and numbers: a disc takes them in the order of kind and number for as long as the image
fits the medium, then the next disc begins. The original (正本) is made here; the duplicate (副本) is a copy of the image, byte
by byte (:func:`copy_image`). Every image is read back, its container opened, and held against the files before it counts as made.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from chosho import disk
from chosho.errors import InputRefused, StopLine
from chosho.media import container, names, sizes
from chosho.media.container import Method
from chosho.media.contents import digest
from chosho.media.disc import Disc
from chosho.media.etax import to_etax
from chosho.media.image import AgeFile, write_submission_image
from chosho.media.profiles import Profile

_BLOCK = 4 << 20
SERIALS = range(1, 10)
"""Submissions of one kind on one day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NtaFile:
    """A file for the tax office: name, place, form, and what was found when it was checked."""

    name: str
    path: Path
    etax: bool = False
    size: int = 0
    sha256: str = ""
    records: int = 0

    @property
    def kind(self) -> str:
        """Kind of statement."""
        return names.statement_code(self.name)

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes as they go on the disc."""
        return to_etax(_chunks(self.path)) if self.etax else _chunks(self.path)


@dataclass(frozen=True, kw_only=True, slots=True)
class Volume:
    """A disc of a submission: its id, its place n/N, the NTA files on it."""

    id: str
    number: int
    count: int
    files: tuple[NtaFile, ...]

    @property
    def kinds(self) -> dict[str, int]:
        """Statements on the disc by kind."""
        found: dict[str, int] = {}
        for file in self.files:
            found[file.kind] = found.get(file.kind, 0) + file.records
        return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Protection:
    """How the files of a disc are protected: the method, and what opens a container."""

    method: Method
    passphrase: str = ""
    work_factor: int = 18


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """A file as it stands on a disc: name, bytes, SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A made image: its volume, its file, bytes and SHA-256, what stands on it."""

    volume: Volume
    path: Path
    size: int
    sha256: str
    stored: tuple[Stored, ...]


def find_files(folder: Path, *, etax: bool = False) -> tuple[NtaFile, ...]:
    """Return the NTA files of a folder, by kind and number.

    Raises:
        InputRefused: there is none (CHSM050E), or something else is there (CHSM051E).
    """
    found = []
    for entry in disk.entries(folder):
        try:
            names.statement_code(entry.name)
        except StopLine:
            raise InputRefused("CHSM051E", name=entry.name) from None
        if not entry.is_file(follow_symlinks=False) or entry.name.endswith(names.AGE_SUFFIX):
            raise InputRefused("CHSM051E", name=entry.name)
        found.append(NtaFile(name=entry.name, path=folder / entry.name, etax=etax))
    if not found:
        raise InputRefused("CHSM050E", path=folder)
    return tuple(found)


def plan(
    files: Sequence[NtaFile],
    profile: Profile,
    method: Method,
    *,
    submitted_on: dt.date,
    kind: int,
    serial: int,
) -> tuple[Volume, ...]:
    """Return which files go on which disc.

    Args:
        files: in their order, sizes known.
        profile: the medium.
        method: how they are protected.
        submitted_on: the day of submission; in the discs' ids.
        kind: 提出区分, 1 to 4; in the ids.
        serial: which submission of that kind on that day, 1 to 9; in the ids.

    Raises:
        InputRefused: a file alone does not fit the medium (CHSM054E).
    """
    discs: list[list[NtaFile]] = [[]]
    for file in files:
        if discs[-1] and not _fits([*discs[-1], file], profile, method):
            discs.append([])
        if not discs[-1] and not _fits([file], profile, method):
            raise InputRefused("CHSM054E", name=file.name, medium=profile.name)
        discs[-1].append(file)
    return tuple(
        Volume(
            id=names.submission_id(submitted_on, kind, serial, number),
            number=number,
            count=len(discs),
            files=tuple(held),
        )
        for number, held in enumerate(discs, start=1)
    )


def make(volume: Volume, out: Path, profile: Profile, protection: Protection, *, date: dt.date) -> Made:
    """Make the image of an original in a folder, and read it back.

    Args:
        volume: the disc.
        out: the folder; the image is called after the disc's id.
        profile: the medium.
        protection: age, zip or plain.
        date: the day of submission, of which image and files are said to be.

    Raises:
        StopLine: a file changed since it was checked (CHSM052S), or the image is not what it should be (CHSM055S).
    """
    if protection.method is Method.PLAIN:
        with _PlainFiles(volume, out) as plain:
            return _made(volume, out, profile, protection, plain, date)
    name = volume.id + protection.method.suffix
    path = out / name
    try:
        sha256 = hashlib.sha256()
        with disk.NewFile(path) as file:

            def sink(data: memoryview) -> None:
                sha256.update(data)
                file.write(data)

            container.write_container(
                protection.method,
                sink,
                volume.files,
                passphrase=protection.passphrase,
                work_factor=protection.work_factor,
                date=date,
            )
            file.finish()
        held = AgeFile(name=name, source=path, size=file.bytes_written, sha256=sha256.hexdigest())
        return _made(volume, out, profile, protection, [held], date)
    finally:
        disk.remove(path)


def make_outside(volume: Volume, out: Path, folder: Path, profile: Profile, *, date: dt.date) -> Made:
    """Make the image of an original from what the agency's own method has made of its files (``external``).

    Args:
        volume: the disc.
        out: the folder for the image.
        folder: what the outside program left; all files of it go on the disc.
        profile: the medium.
        date: the day of submission.

    Raises:
        InputRefused: the folder is empty (CHSM050E), a file's name does not fit a disc (CHSM056E), or a file is still one of
            the plain ones (CHSM057E).
    """
    files = []
    plain = {file.sha256 for file in volume.files}
    for entry in disk.entries(folder):
        if not entry.is_file(follow_symlinks=False) or not names.fits_disc(entry.name):
            raise InputRefused("CHSM056E", name=entry.name)
        path = folder / entry.name
        sha256, size = file_digest(path)
        if sha256 in plain:
            raise InputRefused("CHSM057E", name=entry.name)
        files.append(AgeFile(name=entry.name, source=path, size=size, sha256=sha256))
    if not files:
        raise InputRefused("CHSM050E", path=folder)
    return _made(volume, out, profile, Protection(method=Method.EXTERNAL), files, date)


def lay_out_plain(volume: Volume, folder: Path) -> None:
    """Write the files of a disc into a new working folder, plain, for the agency's own method.

    Raises:
        StopLine: a file changed since it was checked (CHSM052S).
    """
    disk.make_folder(folder)
    for file in volume.files:
        with disk.NewFile(folder / file.name) as out:
            for chunk in container.proved(file):
                out.write(chunk)
            out.finish()
    disk.sync_folder(folder)


def check_image(
    path: Path,
    volume_id: str,
    stored: Sequence[Stored],
    files: Sequence[container.Content],
    protection: Protection,
    *,
    date: dt.date,
) -> None:
    """Read an image as a stranger would: exactly the files that it should have, and in its container exactly the NTA files.

    Args:
        path: the image.
        volume_id: its id.
        stored: what stands on it.
        files: the NTA files.
        protection: without a passphrase, a container is not opened.
        date: the day of submission.

    Raises:
        InputRefused: wrong passphrase.
        StopLine: the image is damaged or holds something else (CHSM055S, CHSM053S).
    """
    with Disc(path) as disc:
        found = {name: (extent.size, digest(disc, name)) for name, extent in disc.files.items()}
        if disc.volume_id != volume_id or found != {one.name: (one.size, one.sha256) for one in stored}:
            raise StopLine("CHSM055S", volume=volume_id)
        if protection.method.suffix and protection.passphrase:
            container.check_container(
                protection.method,
                disc.open(stored[0].name).read_into,
                files,
                passphrase=protection.passphrase,
                date=date,
            )


def copy_image(source: Path, target: Path, sha256: str) -> None:
    """Copy an image (複製), byte by byte, and make sure that both are the one with that SHA-256.

    Raises:
        StopLine: the copy is there already (CHSD001S), or one of the two is another image (CHSM058S).
    """
    with disk.NewFile(target) as file:
        try:
            for chunk in _chunks(source):
                file.write(chunk)
            file.finish()
            disk.sync_folder(target.parent)
            _require_digest(target, sha256, source)
        except BaseException:
            with suppress(OSError):
                disk.remove(target)
            raise


def _require_digest(path: Path, sha256: str, source: Path) -> None:
    if file_digest(path)[0] != sha256:
        raise StopLine("CHSM058S", path=source)


def file_digest(path: Path) -> tuple[str, int]:
    """Return the SHA-256 and the bytes of a file."""
    sha256 = hashlib.sha256()
    size = 0
    for chunk in _chunks(path):
        sha256.update(chunk)
        size += len(chunk)
    return sha256.hexdigest(), size


def _made(
    volume: Volume,
    out: Path,
    profile: Profile,
    protection: Protection,
    files: Sequence[AgeFile],
    date: dt.date,
) -> Made:
    path = out / f"{volume.id}.iso"
    sha256 = hashlib.sha256()
    try:
        with disk.NewFile(path) as file:

            def sink(data: bytes) -> None:
                sha256.update(data)
                file.write(data)

            write_submission_image(sink, volume.id, date, files, profile)
            file.finish()
        stored = tuple(Stored(name=one.name, size=one.size, sha256=one.sha256) for one in files)
        check_image(path, volume.id, stored, volume.files, protection, date=date)
        _require_digest(path, sha256.hexdigest(), path)
    except BaseException:
        with suppress(OSError):
            disk.remove(path)
        raise
    return Made(volume=volume, path=path, size=file.bytes_written, sha256=sha256.hexdigest(), stored=stored)


class _PlainFiles:
    """The files of a plain disc as sources of an image: those of the folder itself, or copies in the form of e-Tax."""

    def __init__(self, volume: Volume, out: Path) -> None:
        self._volume = volume
        self._out = out
        self._copies: list[Path] = []

    def __enter__(self) -> list[AgeFile]:
        try:
            return [self._source(file) for file in self._volume.files]
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_: object) -> None:
        for path in self._copies:
            disk.remove(path)

    def _source(self, file: NtaFile) -> AgeFile:
        path = file.path
        if file.etax:
            path = self._out / f"{file.name}.etax"
            with disk.NewFile(path) as copy:
                self._copies.append(path)
                for chunk in container.proved(file):
                    copy.write(chunk)
                copy.finish()
        return AgeFile(name=file.name, source=path, size=file.size, sha256=file.sha256)


def _fits(files: Sequence[NtaFile], profile: Profile, method: Method) -> bool:
    if method.suffix:
        size = container.container_size(method, files)
        # The id's length is always the same, so any id tells the sectors.
        held = [(names.submission_id(dt.date(2000, 1, 1), 1, 1, 1) + method.suffix, size)]
    else:
        held = [(file.name, file.size) for file in files]
    return sizes.root_sectors(held) <= profile.sectors and all(size <= profile.file_bytes for _, size in held)


def _chunks(path: Path) -> Iterator[bytes]:
    with disk.OldFile(path) as file:
        while data := file.read(_BLOCK):
            yield data
