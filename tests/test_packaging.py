"""The wheel: exactly what ships is in it, and installed into an empty environment it works from any directory."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
CONSTRAINTS = REPOSITORY / ".ci" / "constraints.txt"
MAPPED = {"jobs": "chosho/jobs", "jcl": "chosho/jcl", "copybooks": "chosho/copybooks"}
"""Folder of the checkout → where it stands in the wheel."""
SUFFIXES = {".py", ".csv", ".bin", ".cpy", ".yaml", ".html", ".css", ".txt", ".typed"}
"""What ships; a README explains a folder of the checkout and stays there."""


def _shipped() -> set[str]:
    """Return what the wheel shall hold, counted from the checkout itself."""
    folders = {REPOSITORY / "src" / "chosho": "chosho"} | {
        REPOSITORY / name: place for name, place in MAPPED.items()
    }
    found = set()
    for folder, place in folders.items():
        for path in folder.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts and path.suffix in SUFFIXES:
                found.add(str(PurePosixPath(place) / path.relative_to(folder).as_posix()))
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the tree, so that nothing is left behind in the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    ignored = shutil.ignore_patterns(".*", "var", "build", "dist", "*.egg-info", "__pycache__")
    shutil.copytree(REPOSITORY, folder / "tree", ignore=ignored)
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--outdir",
        str(folder / "dist"),
        str(folder / "tree"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    (path,) = (folder / "dist").glob("*.whl")
    return path


@pytest.mark.slow
def test_the_wheel_holds_what_ships_and_nothing_else(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == _shipped()
    for name in (
        "chosho/py.typed",
        "chosho/jcl/JANUARY.yaml",
        "chosho/copybooks/PAYDATA.cpy",
        "chosho/copybooks/nta/310.csv",
    ):
        assert name in names


@pytest.mark.slow
def test_no_data_and_no_readme_is_in_the_wheel(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert not [name for name in names if name.endswith(("README.md", "CATALOG.yaml", "SETTINGS.yaml"))]
    assert not [name for name in names if name.startswith(("tests/", "datasets/", "benchmarks/", "docs/"))]


@pytest.mark.slow
def test_an_empty_environment_runs_january_from_the_root_directory(wheel: Path, tmp_path: Path):
    """Installed with the constrained dependencies, the command works from ``/`` without the checkout's code."""
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True, capture_output=True)
    pip = [str(venv / "bin" / "pip"), "install", "-q", "--disable-pip-version-check", "-c", str(CONSTRAINTS)]
    done = subprocess.run([*pip, str(wheel)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    environment = {
        "PATH": os.defpath,
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "CHOSHO_ROOT": str(tmp_path / "root"),
        "CHOSHO_KEYS": str(tmp_path / "keys"),
    }

    def chosho(*words: str) -> subprocess.CompletedProcess[str]:
        command = [str(venv / "bin" / "chosho"), *words]
        return subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True, check=False)

    assert chosho("--version").stdout.startswith("chosho, version ")
    assert chosho("layout", "PAYDATA").stdout.startswith("PAYDATA  LRECL 1792")
    for words in (
        ("keys", "init"),
        ("init", "--definitions", str(REPOSITORY / "datasets")),
        ("fixtures", "make", "--contracts", "1000", "--tax-year", "2026"),
    ):
        answer = chosho(*words)
        assert answer.returncode == 0, answer.stderr
    answer = chosho("submit", "JANUARY", "--date", "2027-01-12", "--set", "WORK_FACTOR=10")
    assert answer.returncode <= 4, answer.stdout + answer.stderr
    assert chosho("journal", "verify").returncode == 0
