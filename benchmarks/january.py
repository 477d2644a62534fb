"""JANUARY measured, step by step, beside a GnuCOBOL program doing extract, sort, match and build on the same files.

``python benchmarks/january.py --payments 1000000`` makes a synthetic world once (kept under ``var/bench``, apart from the
timing), runs the deck and prints seconds, records and megabytes per second and peak memory of each step. Machines are noisy:
quote the ratio of one paired run, and the sort memory that COBOL was given.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from chosho.codec.codepages import code_page
from chosho.fixtures import number_file
from chosho.fixtures.world import World

HERE = Path(__file__).resolve().parent
CHOSHO = Path(sys.executable).with_name("chosho")
PAYMENTS_PER_CONTRACT = 1.114
TAX_YEAR = 2026
FIRST_DATE = date(2027, 1, 4)
COMPARED = ("S210", "S220", "S230")
MIB = 1 << 20
SORT_MEMORY = 1 << 30
GETA = (0x81, 0xAC)


class Memory(threading.Thread):
    """Watches the resident memory of a process and all its children together."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.peak = 0
        self.done = threading.Event()

    def run(self) -> None:
        """Sample until told to stop."""
        while not self.done.wait(0.03):
            self.peak = max(self.peak, sum(map(_resident, _family(self.pid))))


def _family(pid: int) -> list[int]:
    found = [pid]
    for member in found:
        try:
            children = Path(f"/proc/{member}/task/{member}/children").read_text(encoding="ascii")
        except OSError:
            continue
        found += map(int, children.split())
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf(
            "SC_PAGE_SIZE"
        )
    except OSError:
        return 0


def _world(folder: Path, payments: int) -> dict[str, str]:
    """Make the data root, its keys and the plain number master for COBOL; return the environment for chosho."""
    environment = os.environ | {"CHOSHO_ROOT": str(folder / "root"), "CHOSHO_KEYS": str(folder / "keys")}
    if (folder / "ready").exists():
        return environment
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    contracts = int(payments / PAYMENTS_PER_CONTRACT)
    began = time.perf_counter()
    for arguments in (
        ("keys", "init"),
        ("init", "--definitions", str(HERE.parent / "datasets")),
        ("fixtures", "make", "--contracts", str(contracts), "--seed", "1", "--tax-year", str(TAX_YEAR)),
    ):
        subprocess.run([CHOSHO, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)
    print(f"fixtures: {contracts:,} contracts in {time.perf_counter() - began:.1f} s")
    with (folder / "NUMMAST.DAT").open("wb") as plain:
        for block in number_file.blocks(World(contracts, 1, TAX_YEAR)):
            plain.write(memoryview(block))
    _tables(folder / "TABLES.DAT")
    (folder / "ready").touch()
    return environment


def _tables(path: Path) -> None:
    """Write the code tables that the COBOL program reads."""
    page = code_page("IBM-1399")
    double = np.asarray(page.double).astype(">u2").view(np.uint8).reshape(-1, 2).copy()
    double[(double == 0).all(axis=1)] = GETA
    single = np.stack([np.arange(256, dtype=np.uint8), np.asarray(page.single).astype(np.uint8)], axis=1)
    path.write_bytes(np.concatenate([double, single]).tobytes())


def _next_date(environment: dict[str, str]) -> date:
    """Return a business date on which JANUARY was not run yet."""
    listed = subprocess.run(
        [CHOSHO, "jobs", "--limit", "500", "--json"], env=environment, check=True, capture_output=True
    )
    used = {run["date"] for run in json.loads(listed.stdout) if run["deck"] == "JANUARY"}
    day = FIRST_DATE
    while day.isoformat() in used:
        day += timedelta(days=1)
    return day


def _january(environment: dict[str, str], folder: Path) -> dict[str, float]:
    """Run the deck once; print a line per step and return the seconds of each."""
    command = [CHOSHO, "submit", "JANUARY", "--date", _next_date(environment).isoformat(), "--json"]
    command += ["--set", f"TAX_YEAR={TAX_YEAR}", "--set", "MEDIUM=DVD"]
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    memory = Memory(process.pid)
    memory.start()
    output, _ = process.communicate()
    total = time.perf_counter() - began
    memory.done.set()
    result = json.loads(output)
    source = (folder / "root" / "source" / "PAYMENT.DAT").stat().st_size
    print(f"\n{'step':<6}{'rc':>3}{'seconds':>9}{'krec/s':>9}{'MB/s':>8}{'peak MiB':>10}")
    for step in result["steps"]:
        seconds, read = step["elapsed"], step["counts"].get("read", step["counts"].get("erased", 0))
        rate = f"{read / seconds / 1000:9.0f}" if seconds else " " * 9
        speed = f"{source / seconds / 1e6:8.0f}" if seconds and step["step"] in COMPARED else " " * 8
        print(f"{step['step']:<6}{step['rc']!s:>3}{seconds:9.2f}{rate}{speed}{step['peak_rss'] / MIB:10.0f}")
    print(
        f"whole job {total:.2f} s, return code {result['rc']}; peak of all processes together {memory.peak / MIB:.0f} MiB"
    )
    return {step["step"]: step["elapsed"] for step in result["steps"]}


def _cobol(folder: Path) -> float | None:
    """Compile and run the COBOL program; return its seconds, or None where there is no compiler."""
    compiler = shutil.which("cobc")
    if compiler is None:
        print("GnuCOBOL is not installed (Debian: gnucobol3); no comparison")
        return None
    program, work = folder / "january-cobol", folder / "cobol"
    work.mkdir(exist_ok=True)
    subprocess.run([compiler, "-x", "-O2", "-o", program, HERE / "january.cob"], check=True)
    source = folder / "root" / "source"
    environment = os.environ | {
        "COB_SORT_MEMORY": str(SORT_MEMORY),
        "TMPDIR": str(work),
        "TAX_YEAR": str(TAX_YEAR),
        "DD_PAYIN": str(source / "PAYMENT.DAT"),
        "DD_CONIN": str(source / "CONTRACT.DAT"),
        "DD_NUMIN": str(folder / "NUMMAST.DAT"),
        "DD_TABIN": str(folder / "TABLES.DAT"),
        **{f"DD_{name}": str(work / name) for name in ("VERWK", "OUT310", "OUT366", "SRT1", "SRT2", "SRT3")},
    }
    environment_bytes = {os.fsencode(name): os.fsencode(value) for name, value in environment.items()}
    environment_bytes[b"OBLIGOR"] = "東京都港区架空台１－２－３,架空生命保険相互会社,03-0000-0000".encode(
        "cp932"
    )
    began = time.perf_counter()
    subprocess.run([program], env=environment_bytes, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--payments", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=1, help="paired runs")
    parser.add_argument("--folder", type=Path, default=HERE.parent / "var" / "bench")
    options = parser.parse_args()
    folder = options.folder.absolute() / str(options.payments)
    environment = _world(folder, options.payments)
    ratios = []
    for _ in range(options.runs):
        seconds = _january(environment, folder)
        ours = sum(seconds[step] for step in COMPARED)
        yardstick = _cobol(folder)
        if yardstick is not None:
            ratios.append(ours / yardstick)
            print(
                f"s210-s230 {ours:.2f} s; GnuCOBOL (sort memory {SORT_MEMORY // MIB} MiB) {yardstick:.2f} s; "
                f"ratio {ratios[-1]:.2f}"
            )
    if len(ratios) > 1:
        print(
            f"ratio: min {min(ratios):.2f} median {sorted(ratios)[len(ratios) // 2]:.2f} max {max(ratios):.2f}"
        )


if __name__ == "__main__":
    main()
