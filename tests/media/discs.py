"""Discs for tests: encrypted files, images of them, and images with anything on them."""

import datetime as dt
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pycdlib

from chosho.media import bag, image, names
from chosho.media.profiles import profile
from chosho.vault.age import Encryptor

PASSPHRASE = "a passphrase of tests only"
ROWS = {"310dat01.txt": b"310,A,100\r\n310,B,25\r\n", "366dat01.txt": b"366,C,7\r\n"}
"""Rows of a made-up layout: kind, name, yen."""

VOLUME = bag.Volume(
    id="J20270112_01V01",
    number=1,
    count=1,
    set_id="JANUARY.20270112.01",
    submission="JANUARY",
    tax_year="2026",
    business_date=dt.date(2027, 1, 12),
    organization="架空生命保険相互会社",
    password_id="PW-JANUARY.20270112.01-V01",
    journal_head="12:" + "ab" * 32,
    journal_note="chosho journal head\nhead 12:" + "ab" * 32 + "\n",
)


@dataclass
class Totals:
    """What :class:`Check` found."""

    records: int
    findings: int
    amounts: tuple[int, ...]


class Check:
    """A check of the made-up rows: three items, the last one yen."""

    def __init__(self, statement_code: str) -> None:
        self._code = statement_code
        self._data = b""

    def feed(self, data: memoryview) -> None:
        self._data += bytes(data)

    def finish(self) -> Totals:
        rows = [row.split(b",") for row in self._data.split(b"\r\n")[:-1]]
        wrong = sum(row[0].decode() != self._code for row in rows)
        return Totals(len(rows), wrong, (sum(int(row[2]) for row in rows),))


def encrypted(plain: bytes, passphrase: str = PASSPHRASE) -> bytes:
    out = io.BytesIO()
    encryptor = Encryptor(out.write, passphrase=passphrase, work_factor=10)
    encryptor.write(plain)
    encryptor.finish()
    return out.getvalue()


def age_files(folder: Path, rows: Mapping[str, bytes] = ROWS) -> list[image.AgeFile]:
    """Write the encrypted rows into a folder and return them as files for an image."""
    files = []
    for name, plain in rows.items():
        path = folder / f"{name}.age"
        path.write_bytes(encrypted(plain))
        files.append(
            image.AgeFile(
                name=path.name,
                source=path,
                size=path.stat().st_size,
                sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
            )
        )
    return files


def written(files: list[image.AgeFile], volume: bag.Volume = VOLUME, medium: str = "CD-700") -> bytes:
    out = bytearray()
    image.write_image(out.extend, volume, files, profile(medium))
    return bytes(out)


def make_image(folder: Path, rows: Mapping[str, bytes] = ROWS) -> Path:
    """Make the image of a volume with these rows."""
    path = folder / f"{VOLUME.id}.iso"
    path.write_bytes(written(age_files(folder, rows)))
    return path


def disc_contents(rows: Mapping[str, bytes] = ROWS) -> dict[str, bytes]:
    """Return every file of a sound disc by its path, to be spoiled by a test."""
    data = {f"{names.PAYLOAD_FOLDER}/{name}.age": encrypted(plain) for name, plain in rows.items()}
    return {**data, **tags(data)}


def tags(data: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the tag files of a payload."""
    payload = [
        bag.PayloadFile(path=path, size=len(content), sha256=sha256(content))
        for path, content in data.items()
    ]
    return bag.tag_files(VOLUME, payload)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def raw_image(path: Path, files: Mapping[str, bytes]) -> Path:
    """Write an image with any files, by the ISO library alone."""
    iso = pycdlib.PyCdlib()
    iso.new(interchange_level=2, joliet=3, vol_ident=VOLUME.id)
    iso.add_directory("/DATA", joliet_path="/data")
    for name, data in files.items():
        iso.add_fp(io.BytesIO(data), len(data), names.iso_path(name), joliet_path=f"/{name}")
    with path.open("wb") as out:
        iso.write_fp(out)
    iso.close()
    return path
