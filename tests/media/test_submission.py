"""Submission discs: planned whole, imaged, read by strangers, copied; and what is refused on the way."""

import datetime as dt
import hashlib
import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chosho.errors import InputRefused, StopLine
from chosho.media import names, submission
from chosho.media.container import Method
from chosho.media.disc import Disc
from chosho.media.profiles import SECTOR, Profile, profile
from chosho.media.submission import Made, NtaFile, Protection, Volume
from chosho.vault.passphrase import generate_passphrase
from tests.tools import tool

DATE = dt.date(2027, 1, 29)
PASSPHRASE = generate_passphrase()
SMALL = Profile(name="CD-700", title="a small disc", sectors=60, file_bytes=60 * SECTOR)
CONTENT = {f"310dat{number:02d}.txt": b"310,%d\r\n" % number * 7500 for number in (1, 2, 3)} | {
    "366dat01.txt": b"366\r\n"
}


@pytest.fixture
def files(tmp_path: Path) -> tuple[NtaFile, ...]:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, data in CONTENT.items():
        (folder / name).write_bytes(data)
    return checked(submission.find_files(folder))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    made = tmp_path / "out"
    made.mkdir()
    return made


def checked(files: tuple[NtaFile, ...]) -> tuple[NtaFile, ...]:
    """Return files as they are after the check: their bytes counted."""
    found = []
    for file in files:
        data = b"".join(file.chunks())
        sha256 = hashlib.sha256(data).hexdigest()
        found.append(replace(file, size=len(data), sha256=sha256, records=data.count(b"\n")))
    return tuple(found)


def planned(
    files: tuple[NtaFile, ...], method: Method = Method.PLAIN, medium: Profile = SMALL
) -> tuple[Volume, ...]:
    return submission.plan(files, medium, method, submitted_on=DATE, kind=1, serial=1)


def made(files: tuple[NtaFile, ...], out: Path, method: Method) -> Made:
    (volume,) = planned(files, method, profile("CD-700"))
    protection = Protection(method=method, passphrase=PASSPHRASE, work_factor=10)
    return submission.make(volume, out, profile("CD-700"), protection, date=DATE)


def extracted(image: Path, folder: Path, *command: str | Path) -> dict[str, bytes]:
    folder.mkdir()
    subprocess.run([one if one != "-" else folder for one in command], check=True, capture_output=True)
    assert image.exists()
    return {one.name.lower(): one.read_bytes() for one in folder.iterdir() if one.is_file()}


def test_the_files_of_a_folder_are_found_in_their_order(files: tuple[NtaFile, ...]) -> None:
    assert [file.name for file in files] == sorted(CONTENT)
    assert [file.kind for file in files] == ["310", "310", "310", "366"]


@pytest.mark.parametrize("name", ["note.txt", "310dat01.txt.age", ".hidden", "310DAT02.TXT"])
def test_anything_else_in_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "310dat01.txt").write_bytes(b"310\r\n")
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(InputRefused, match="CHSM051E"):
        submission.find_files(tmp_path)


def test_a_link_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="CHSM050E"):
        submission.find_files(tmp_path)
    (tmp_path / "310dat01.txt").symlink_to("/etc/hostname")
    with pytest.raises(InputRefused, match="CHSM051E"):
        submission.find_files(tmp_path)


@pytest.mark.parametrize("method", list(Method))
def test_volumes_are_filled_in_order_and_no_file_is_cut(files: tuple[NtaFile, ...], method: Method) -> None:
    volumes = planned(files, method)
    assert [file for volume in volumes for file in volume.files] == list(files)
    assert [(volume.number, volume.count) for volume in volumes] == [(1, 3), (2, 3), (3, 3)]
    assert [volume.id for volume in volumes] == [f"S20270129_11V0{number}" for number in (1, 2, 3)]
    assert sum(sum(volume.kinds.values()) for volume in volumes) == sum(file.records for file in files)


def test_a_file_that_alone_does_not_fit_is_refused(files: tuple[NtaFile, ...]) -> None:
    with pytest.raises(InputRefused, match="CHSM054E"):
        planned((replace(files[0], size=60 * SECTOR), files[1]))


@given(st.lists(st.integers(1, 25 * SECTOR), min_size=1, max_size=12), st.sampled_from(list(Method)))
def test_every_planned_disc_fits_and_the_next_file_would_not(sizes: list[int], method: Method) -> None:
    files = tuple(
        NtaFile(name=names.nta_file("310", number), path=Path("x"), size=size)
        for number, size in enumerate(sizes, start=1)
    )
    volumes = planned(files, method)
    for volume in volumes:
        assert submission._fits(volume.files, SMALL, method)
    for volume, following in pairwise(volumes):
        assert not submission._fits([*volume.files, following.files[0]], SMALL, method)


def test_a_plain_disc_gives_strangers_the_nta_files(
    files: tuple[NtaFile, ...], out: Path, tmp_path: Path
) -> None:
    disc = made(files, out, Method.PLAIN)
    assert [one.name for one in out.iterdir()] == ["S20270129_11V01.iso"]
    image = disc.path
    assert extracted(image, tmp_path / "a", tool("7zz", "7z"), "x", f"-o{tmp_path / 'a'}", image) == CONTENT
    assert extracted(image, tmp_path / "b", tool("bsdtar"), "-xf", image, "-C", "-") == CONTENT
    xorriso = (tool("xorriso"), "-osirrox", "on", "-indev", image, "-extract", "/", "-")
    assert extracted(image, tmp_path / "c", *xorriso) == CONTENT


def test_an_image_is_level_2_with_joliet_and_one_session(files: tuple[NtaFile, ...], out: Path) -> None:
    disc = made(files, out, Method.PLAIN)
    with Disc(disc.path) as found:  # refuses an image without Joliet
        assert (found.volume_id, set(found.files)) == (disc.volume.id, set(CONTENT))
        assert found.size == found.sectors * SECTOR == disc.size
    shown = subprocess.run(
        [tool("xorriso"), "-indev", disc.path, "-toc"], capture_output=True, text=True, check=True
    )
    assert shown.stdout.count("ISO session") == 1


@pytest.mark.parametrize("method", [Method.AGE, Method.ZIP])
def test_an_encrypted_disc_holds_one_container(files: tuple[NtaFile, ...], out: Path, method: Method) -> None:
    disc = made(files, out, method)
    assert [one.name for one in out.iterdir()] == ["S20270129_11V01.iso"]
    with Disc(disc.path) as found:
        assert list(found.files) == [f"S20270129_11V01{method.suffix}"]
    data = disc.path.read_bytes()
    assert all(content not in data for content in CONTENT.values())
    protection = Protection(method=method, passphrase=PASSPHRASE)
    submission.check_image(disc.path, disc.volume.id, disc.stored, files, protection, date=DATE)


def test_7zip_opens_the_zip_on_the_disc(files: tuple[NtaFile, ...], out: Path, tmp_path: Path) -> None:
    disc = made(files, out, Method.ZIP)
    seven = tool("7zz", "7z")
    subprocess.run([seven, "x", f"-o{tmp_path / 'a'}", disc.path], check=True, capture_output=True)
    archive = tmp_path / "a" / "S20270129_11V01.zip"
    found = extracted(archive, tmp_path / "b", seven, "x", f"-p{PASSPHRASE}", f"-o{tmp_path / 'b'}", archive)
    assert found == CONTENT


def test_a_plain_image_is_the_same_whenever_it_is_made(files: tuple[NtaFile, ...], tmp_path: Path) -> None:
    images = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        images.append(made(files, tmp_path / name, Method.PLAIN).sha256)
    assert images[0] == images[1]


def test_the_etax_form_stands_on_the_disc(tmp_path: Path, out: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "310dat01.txt").write_bytes(b"310,a,\r\n310,b,c\r\n")
    disc = made(checked(submission.find_files(tmp_path / "in", etax=True)), out, Method.PLAIN)
    with Disc(disc.path) as found:
        assert found.read("310dat01.txt") == b"310,a, \r\n310,b,c\r\n"
    assert [one.name for one in out.iterdir()] == ["S20270129_11V01.iso"]


@pytest.mark.parametrize("method", [Method.PLAIN, Method.AGE, Method.ZIP])
def test_a_file_that_changes_stops_and_leaves_nothing(
    files: tuple[NtaFile, ...], out: Path, method: Method
) -> None:
    files[0].path.write_bytes(b"310,9\r\n" * 7500)
    with pytest.raises(StopLine, match=r"CHSM0[35]2S"):
        made(files, out, method)
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("where", [16 * SECTOR + 40, 30 * SECTOR + 5, -SECTOR])
def test_a_changed_image_is_found(files: tuple[NtaFile, ...], out: Path, where: int) -> None:
    disc = made(files, out, Method.PLAIN)
    data = bytearray(disc.path.read_bytes())
    data[where] ^= 1
    disc.path.write_bytes(data)
    with pytest.raises(StopLine):
        submission.check_image(
            disc.path, disc.volume.id, disc.stored, files, Protection(method=Method.PLAIN), date=DATE
        )


def test_a_duplicate_is_the_same_image(files: tuple[NtaFile, ...], out: Path) -> None:
    disc = made(files, out, Method.AGE)
    copy = out / "copy.iso"
    submission.copy_image(disc.path, copy, disc.sha256)
    assert copy.read_bytes() == disc.path.read_bytes()
    with pytest.raises(StopLine, match="CHSD001S"):
        submission.copy_image(disc.path, copy, disc.sha256)
    assert copy.exists()


def test_a_copy_of_another_image_is_not_left(files: tuple[NtaFile, ...], out: Path) -> None:
    disc = made(files, out, Method.PLAIN)
    with pytest.raises(StopLine, match="CHSM058S"):
        submission.copy_image(disc.path, out / "copy.iso", "0" * 64)
    assert not (out / "copy.iso").exists()


def test_the_agencys_own_method_is_applied_outside(
    files: tuple[NtaFile, ...], out: Path, tmp_path: Path
) -> None:
    (volume,) = planned(files, Method.EXTERNAL, profile("CD-700"))
    work = tmp_path / "work"
    submission.lay_out_plain(volume, work)
    assert {one.name: one.read_bytes() for one in work.iterdir()} == CONTENT
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "HOUTEI.EXE").write_bytes(b"self-decrypting" * 1000)
    disc = submission.make_outside(volume, out, outside, profile("CD-700"), date=DATE)
    with Disc(disc.path) as found:
        assert found.read("HOUTEI.EXE") == b"self-decrypting" * 1000


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("310dat01.txt", CONTENT["310dat01.txt"], "CHSM057E"),
        ("OUT.EXE", CONTENT["310dat02.txt"], "CHSM057E"),
        ("暗号.exe", b"x", "CHSM056E"),
        ("A" * 30 + ".EXE", b"x", "CHSM056E"),
        (None, b"", "CHSM050E"),
    ],
)
def test_what_was_not_encrypted_outside_is_refused(
    files: tuple[NtaFile, ...], out: Path, tmp_path: Path, name: str | None, data: bytes, message: str
) -> None:
    (volume,) = planned(files, Method.EXTERNAL, profile("CD-700"))
    outside = tmp_path / "outside"
    outside.mkdir()
    if name:
        (outside / name).write_bytes(data)
    with pytest.raises(InputRefused, match=message):
        submission.make_outside(volume, out, outside, profile("CD-700"), date=DATE)


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("A.EXE", True),
        ("310dat01.txt", True),
        ("a.b.zip", True),
        ("noending", False),
        ("a/b.txt", False),
        ("a b.txt", False),
    ],
)
def test_names_that_a_disc_takes(name: str, fits: bool) -> None:
    assert names.fits_disc(name) is fits
