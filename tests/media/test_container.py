"""Containers of submission discs: what is in them, read back by us and by other programs."""

import datetime as dt
import hashlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

from chosho.errors import InputRefused, StopLine
from chosho.media.container import Method, check_container, container_size, write_container
from chosho.vault.age import Encryptor
from chosho.vault.passphrase import generate_passphrase
from tests.tools import tool

DATE = dt.date(2027, 1, 29)
PASSPHRASE = generate_passphrase()
METHODS = [Method.AGE, Method.ZIP]


@dataclass(frozen=True)
class File:
    name: str
    data: bytes
    size: int
    sha256: str

    def chunks(self) -> Iterator[bytes]:
        for start in range(0, len(self.data), 1000):
            yield self.data[start : start + 1000]


def file(name: str, data: bytes) -> File:
    return File(name, data, len(data), hashlib.sha256(data).hexdigest())


FILES = [
    file("310dat01.txt", b"310,A\r\n" * 30_000),
    file("366dat01.txt", b""),
    file("366dat02.txt", bytes(512)),
]


def written(method: Method, files: list[File] = FILES) -> bytes:
    out = bytearray()
    write_container(method, out.extend, files, passphrase=PASSPHRASE, work_factor=10, date=DATE)
    return bytes(out)


def check(method: Method, data: bytes, files: list[File] = FILES, passphrase: str = PASSPHRASE) -> None:
    check_container(method, BytesIO(data).readinto, files, passphrase=passphrase, date=DATE)


@pytest.mark.parametrize("method", METHODS)
def test_it_has_the_size_that_was_counted_and_holds_the_files(method: Method) -> None:
    data = written(method)
    assert len(data) == container_size(method, FILES)
    check(method, data)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "files",
    [
        FILES[:2],
        [*FILES, file("366dat03.txt", b"")],
        [file("310dat01.txt", b"310,B\r\n" * 30_000), *FILES[1:]],
        [FILES[1], FILES[0], FILES[2]],
    ],
    ids=["one more", "one less", "another content", "another order"],
)
def test_other_files_are_found(method: Method, files: list[File]) -> None:
    with pytest.raises(StopLine, match="CHSM053S"):
        check(method, written(method), files)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("place", [300, 100_000, -300])
def test_a_damaged_container_stops(method: Method, place: int) -> None:
    data = bytearray(written(method))
    data[place] ^= 4
    with pytest.raises(StopLine, match="CHSM053S"):
        check(method, bytes(data))


@pytest.mark.parametrize("method", METHODS)
def test_another_passphrase_is_refused(method: Method) -> None:
    with pytest.raises((InputRefused, StopLine)) as refused:
        check(method, written(method), passphrase=generate_passphrase())
    assert refused.value.message_id in {"CHSK041E", "CHSK080E", "CHSM053S"}


@pytest.mark.parametrize("data", [b"310,A\r\n" * 29_999, b"310,A\r\n" * 30_001, b"310,B\r\n" * 30_000])
@pytest.mark.parametrize("method", METHODS)
def test_a_file_that_changed_since_the_check_stops(method: Method, data: bytes) -> None:
    changed = File("310dat01.txt", data, FILES[0].size, FILES[0].sha256)
    with pytest.raises(StopLine, match="CHSM052S"):
        written(method, [changed])


def test_what_is_no_archive_in_age_stops() -> None:
    out = bytearray()
    encryptor = Encryptor(out.extend, passphrase=PASSPHRASE, work_factor=10)
    encryptor.write(b"no archive")
    encryptor.finish()
    with pytest.raises(StopLine, match="CHSM053S"):
        check(Method.AGE, bytes(out))


def test_tar_opens_what_age_decrypts(tmp_path: Path) -> None:
    # Debian's age asks for the passphrase at a terminal only; our own decryption stands for it here (tests/vault/test_age.py).
    from chosho.vault.age import Decryptor

    plain = b"".join(
        bytes(piece) for piece in Decryptor(BytesIO(written(Method.AGE)).readinto, passphrase=PASSPHRASE)
    )
    (tmp_path / "disc.tar").write_bytes(plain)
    subprocess.run([tool("tar"), "-xf", tmp_path / "disc.tar", "-C", tmp_path], check=True)
    assert {one.name: (tmp_path / one.name).read_bytes() for one in FILES} == {
        one.name: one.data for one in FILES
    }
    subprocess.run([tool("bsdtar"), "-tf", tmp_path / "disc.tar"], check=True, capture_output=True)
