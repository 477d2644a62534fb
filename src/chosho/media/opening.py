"""Opening a disc (媒体を開く): its files checked, decrypted and laid down as plain files of the tax agency.

Plain files appear only where the operator asked for them, mode 0600, and only whole: when one cannot be
finished, all that this opening has written is removed again.
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from chosho import disk
from chosho.errors import InputRefused
from chosho.media import names
from chosho.media.contents import NewCheck, check_bag, file_name, plain_chunks
from chosho.media.disc import Disc


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedFile:
    """A plain file (復号したファイル): place, bytes, SHA-256, statements and how many rules they break."""

    path: Path
    plain_bytes: int
    sha256: str
    records: int
    findings: int


def open_image(path: Path, out: Path, passphrase: str, new_check: NewCheck) -> tuple[OpenedFile, ...]:
    """Decrypt every file of an image into a folder, and check the rows on the way.

    Args:
        path: the image.
        out: the folder, made when missing; nothing in it is overwritten.
        passphrase: the volume's passphrase.
        new_check: makes the check of the rows of a kind.

    Raises:
        InputRefused: a file is there already (CHSM042E), wrong passphrase (CHSM025E), no such image.
        StopLine: the image or an encrypted file is damaged (CHSM010S-CHSM026S).
    """
    with Disc(path) as disc:
        payload = check_bag(disc)
        targets = {file.path: out / file_name(file.path) for file in payload}
        for target in targets.values():
            if target.exists() or target.is_symlink():
                raise InputRefused("CHSM042E", path=target)
        disk.make_folder(out)
        opened: list[OpenedFile] = []
        try:
            for place, target in targets.items():
                opened.append(_open_file(disc, place, target, passphrase, new_check))
            disk.sync_folder(out)
        except BaseException:
            for file in opened:
                _take_back(file.path)
            raise
        return tuple(opened)


def _open_file(disc: Disc, place: str, target: Path, passphrase: str, new_check: NewCheck) -> OpenedFile:
    check = new_check(names.statement_code(target.name))
    sha256 = hashlib.sha256()
    with disk.NewFile(target) as file:
        try:
            for chunk in plain_chunks(disc, place, passphrase):
                sha256.update(chunk)
                check.feed(chunk)
                file.write(chunk)
            file.finish()
        except BaseException:
            _take_back(target)
            raise
    totals = check.finish()
    return OpenedFile(
        path=target,
        plain_bytes=file.bytes_written,
        sha256=sha256.hexdigest(),
        records=totals.records,
        findings=totals.findings,
    )


def _take_back(path: Path) -> None:
    """Remove a plain file that this opening wrote, keeping the error that led here as the one to be seen."""
    with suppress(OSError):
        disk.remove(path)
