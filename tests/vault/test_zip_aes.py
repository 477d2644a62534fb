"""ZIP files with AES-256: any content comes back, other programs open them, every flipped bit is found."""

import datetime as dt
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.errors import ChoshoError, InputRefused, StopLine
from chosho.vault.passphrase import generate_passphrase
from chosho.vault.zip_aes import LARGEST, Member, ZipDecryptor, ZipEncryptor, archive_size
from tests.tools import tool

PASSPHRASE = generate_passphrase()
DATE = dt.date(2027, 1, 29)
CONTENT = {"310dat01.txt": b"310,\x8e\x52,1\r\n" * 50_000, "366dat01.txt": b"", "366dat02.txt": b"x"}


def archive(content: dict[str, bytes], passphrase: str = PASSPHRASE, cut: int = 7777) -> bytes:
    out = bytearray()
    made = ZipEncryptor(out.extend, passphrase=passphrase, date=DATE)
    for name, data in content.items():
        made.begin(Member(name, len(data)))
        for start in range(0, len(data), cut):
            made.write(data[start : start + cut])
        made.end()
    assert made.finish() == len(out)
    return bytes(out)


def opened(data: bytes, passphrase: str = PASSPHRASE) -> dict[str, bytes]:
    members = ZipDecryptor(BytesIO(data).readinto, passphrase=passphrase).members()
    return {member.name: b"".join(content) for member, content in members}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("zip") / "disc.zip"
    made.write_bytes(archive(CONTENT))
    return made


@given(
    st.dictionaries(
        st.from_regex(r"[0-9a-z]{1,8}\.txt", fullmatch=True), st.binary(max_size=200_000), max_size=4
    ),
    st.integers(1, 100_000),
)
@settings(max_examples=40, deadline=None)
def test_any_content_comes_back_and_its_size_is_known_before(content: dict[str, bytes], cut: int) -> None:
    data = archive(content, cut=max(cut, 100))
    assert len(data) == archive_size([Member(name, len(one)) for name, one in content.items()])
    assert opened(data) == content


def test_7zip_opens_it(path: Path, tmp_path: Path) -> None:
    command = [tool("7zz", "7z"), "x", f"-p{PASSPHRASE}", f"-o{tmp_path}", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == CONTENT


def test_7zip_says_what_method_it_is(path: Path) -> None:
    shown = subprocess.run([tool("7zz", "7z"), "l", "-slt", path], capture_output=True, text=True, check=True)
    assert shown.stdout.count("Encrypted = +") == len(CONTENT)
    assert shown.stdout.count("AES-256") == len(CONTENT)


def test_7zip_refuses_another_passphrase(path: Path) -> None:
    command = [tool("7zz", "7z"), "t", f"-p{generate_passphrase()}", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Wrong password" in done.stdout + done.stderr


def test_bsdtar_opens_it(path: Path, tmp_path: Path) -> None:
    command = [tool("bsdtar"), "--passphrase", PASSPHRASE, "-xf", path, "-C", tmp_path]
    subprocess.run(command, check=True)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == CONTENT


def test_pythons_own_reader_sees_the_files(path: Path) -> None:
    with zipfile.ZipFile(path) as found:
        members = {one.filename: one for one in found.infolist()}
    assert {name: one.file_size for name, one in members.items()} == {
        name: len(data) for name, data in CONTENT.items()
    }
    assert {one.compress_type for one in members.values()} == {99}
    assert {one.date_time for one in members.values()} == {(2027, 1, 29, 0, 0, 0)}
    assert {one.flag_bits & 1 for one in members.values()} == {1}
    assert {one.CRC for one in members.values()} == {0}  # AE-2: no checksum of the plain bytes


def test_another_passphrase_is_refused(path: Path) -> None:
    # The format's own check is two bytes: one in 65,536 wrong passphrases is found by the code only.
    with pytest.raises(ChoshoError) as refused:
        opened(path.read_bytes(), generate_passphrase())
    assert refused.value.message_id in {"CHSK080E", "CHSK081S"}


def test_every_flipped_bit_is_found() -> None:
    data = archive({"310dat01.txt": b"310,A\r\n", "366dat01.txt": b""})
    for place in range(len(data)):
        for bit in range(8):
            spoiled = bytearray(data)
            spoiled[place] ^= 1 << bit
            with pytest.raises(ChoshoError):
                opened(bytes(spoiled))


@pytest.mark.parametrize("length", [0, 1, 30, 75, 100, 150])
def test_what_is_cut_off_is_found(length: int) -> None:
    data = archive({"310dat01.txt": b"310,A\r\n"})
    with pytest.raises(StopLine, match="CHSK081S"):
        opened(data[:length])


def test_what_goes_on_after_the_end_is_found() -> None:
    with pytest.raises(StopLine, match="CHSK081S"):
        opened(archive(CONTENT) + b"\0")


def test_a_content_that_nobody_reads_is_proved_all_the_same() -> None:
    data = bytearray(archive({"310dat01.txt": b"310,A\r\n" * 100}))
    data[200] ^= 1
    with pytest.raises(StopLine, match="CHSK081S"):
        list(ZipDecryptor(BytesIO(bytes(data)).readinto, passphrase=PASSPHRASE).members())


def test_the_same_content_never_has_the_same_bytes() -> None:
    assert archive(CONTENT) != archive(CONTENT)


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(InputRefused, match="CHSK082E"):
        archive(CONTENT, "short enough")


def test_a_file_of_4_gib_is_refused() -> None:
    with pytest.raises(InputRefused, match="CHSK083E"):
        ZipEncryptor(len, passphrase=PASSPHRASE, date=DATE).begin(Member("310dat01.txt", LARGEST))


@pytest.mark.parametrize(("said", "came"), [(3, b"1234"), (5, b"1234")])
def test_other_bytes_than_announced_stop(said: int, came: bytes) -> None:
    made = ZipEncryptor(len, passphrase=PASSPHRASE, date=DATE)
    made.begin(Member("a.txt", said))

    def write_all() -> None:
        made.write(came)
        made.end()

    with pytest.raises(StopLine, match="CHSK084S"):
        write_all()
