"""ISO images: the same bytes whenever and wherever they are made, and readable by other programs."""

import hashlib
import io
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pycdlib
import pytest

from chosho.errors import StopLine
from chosho.media import image, sizes
from chosho.media.profiles import SECTOR, Profile, profile
from tests.media.discs import ROWS, VOLUME, age_files, disc_contents, written
from tests.tools import tool

BIG = {"310dat01.txt": os.urandom(3_000_001), "310dat02.txt": b"", "366dat01.txt": os.urandom(70_000)}


def test_an_image_has_the_sectors_that_were_counted(tmp_path: Path) -> None:
    files = age_files(tmp_path, BIG)
    data = bytearray()
    made = image.write_image(data.extend, VOLUME, files, profile("CD-700"))
    assert len(data) == made.sectors * SECTOR
    assert made.sha256["data/310dat01.txt.age"] == hashlib.sha256(files[0].source.read_bytes()).hexdigest()


def test_the_same_files_give_the_same_image_a_second_later(tmp_path: Path) -> None:
    files = age_files(tmp_path)
    first = written(files)
    time.sleep(1.1)
    assert written(files) == first


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_the_image_does_not_depend_on_the_time_zone(tmp_path: Path, zone: str) -> None:
    files = age_files(tmp_path)
    program = (
        "import hashlib, pathlib, sys\n"
        "from chosho.media import image\n"
        "from tests.media.discs import written\n"
        "files = [image.AgeFile(name=p.name, source=p, size=p.stat().st_size,"
        " sha256=hashlib.sha256(p.read_bytes()).hexdigest())"
        " for p in sorted(pathlib.Path(sys.argv[1]).glob('*.age'))]\n"
        "print(hashlib.sha256(written(files)).hexdigest())\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env={**os.environ, "TZ": zone},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == hashlib.sha256(written(files)).hexdigest()


def test_another_business_date_gives_another_image(tmp_path: Path) -> None:
    files = age_files(tmp_path)
    assert written(files) != written(
        files, replace(VOLUME, business_date=VOLUME.business_date.replace(day=13))
    )


def test_the_held_clock_is_given_back(tmp_path: Path) -> None:
    written(age_files(tmp_path))
    assert pycdlib.pycdlib.time is time
    assert pycdlib.dates.time is time


def test_the_image_carries_its_volume_id_and_no_trace_of_the_machine(tmp_path: Path) -> None:
    data = written(age_files(tmp_path))
    primary = data[16 * SECTOR : 17 * SECTOR]
    assert primary[40:72].rstrip() == VOLUME.id.encode()
    assert primary[813:830] == b"2027011200000000\0"
    assert b"PyCdlib" not in primary
    assert str(tmp_path).encode() not in data


def test_an_image_larger_than_its_medium_stops(tmp_path: Path) -> None:
    files = age_files(tmp_path)
    needed = len(written(files)) // SECTOR
    fitting = Profile(name="TEST", title="", sectors=needed, file_bytes=2**31)
    out = bytearray()
    image.write_image(out.extend, VOLUME, files, fitting)
    with pytest.raises(StopLine, match="CHSM031S"):
        image.write_image(out.extend, VOLUME, files, replace(fitting, sectors=needed - 1))


def test_a_source_that_ends_early_stops(tmp_path: Path) -> None:
    (file,) = age_files(tmp_path, {"310dat01.txt": bytes(100_000)})
    with pytest.raises(StopLine, match="CHSM032S"):
        written([replace(file, size=file.size + 1)])


def test_a_source_that_is_not_as_it_was_written_stops(tmp_path: Path) -> None:
    (file,) = age_files(tmp_path, {"310dat01.txt": bytes(100_000)})
    stored = bytearray(file.source.read_bytes())
    stored[-1] ^= 1
    file.source.write_bytes(stored)
    with pytest.raises(StopLine, match="CHSM032S"):
        written([file])


def test_another_layout_of_the_library_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = age_files(tmp_path)
    counted = sizes.image_sectors
    monkeypatch.setattr(sizes, "image_sectors", lambda listed: counted(listed) + 1)
    with pytest.raises(StopLine, match="CHSM033S"):
        written(files)


def test_pycdlib_reads_every_file_back(tmp_path: Path) -> None:
    files = age_files(tmp_path, BIG)
    iso = pycdlib.PyCdlib()
    iso.open_fp(io.BytesIO(written(files)))
    for file in files:
        out = io.BytesIO()
        iso.get_file_from_iso_fp(out, joliet_path=f"/{file.path}")
        assert out.getvalue() == file.source.read_bytes()
    iso.close()


def extract(folder: Path, *command: str) -> dict[str, bytes]:
    """Run a program that extracts into a folder; return what it laid there."""
    folder.mkdir()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, dict[str, bytes]]:
    """An image with the contents that it must give back."""
    files = age_files(tmp_path, ROWS | {"366dat02.txt": os.urandom(200_000)})
    path = tmp_path / "disc.iso"
    path.write_bytes(written(files))
    contents = {file.path: file.source.read_bytes() for file in files}
    return path, contents


def check(found: dict[str, bytes], contents: dict[str, bytes]) -> None:
    assert {path: data for path, data in found.items() if path.startswith("data/")} == contents
    assert set(found) - set(contents) == set(disc_contents()) - {
        "data/310dat01.txt.age",
        "data/366dat01.txt.age",
    }


def test_seven_zip_extracts_the_same_files(made: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    path, contents = made
    program = tool("7zz", "7z")
    assert b"Everything is Ok" in subprocess.run([program, "t", path], check=True, capture_output=True).stdout
    check(extract(tmp_path / "out", program, "x", "-y", str(path)), contents)


def test_bsdtar_extracts_the_same_files(made: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    path, contents = made
    program = tool("bsdtar")
    found = extract(tmp_path / "out", "env", "LC_ALL=C.UTF-8", program, "xf", str(path))
    check(found, contents)


def test_xorriso_extracts_the_same_files_and_reads_every_sector(
    made: tuple[Path, dict[str, bytes]], tmp_path: Path
) -> None:
    path, contents = made
    program = tool("xorriso")
    media = subprocess.run(
        [program, "-indev", path, "-check_media", "--"], check=True, capture_output=True, text=True
    )
    assert f"0 , {path.stat().st_size // SECTOR} , + good".replace(" ", "") in (
        media.stdout + media.stderr
    ).replace(" ", "")
    found = extract(
        tmp_path / "out",
        "env",
        "LC_ALL=C.UTF-8",
        program,
        "-osirrox",
        "on",
        "-indev",
        str(path),
        "-extract",
        "/",
        "disc",
    )
    check({path.removeprefix("disc/"): data for path, data in found.items()}, contents)


def test_sha256sum_proves_the_payload_from_the_manifest(
    made: tuple[Path, dict[str, bytes]], tmp_path: Path
) -> None:
    path, _ = made
    extract(tmp_path / "out", tool("7zz", "7z"), "x", "-y", str(path))
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        subprocess.run([tool("sha256sum"), "-c", "--strict", manifest], cwd=tmp_path / "out", check=True)
