"""The nightly update measured: ``python benchmarks/nightly.py --records 10000000 --requests 200000``.

A data root with a number master of so many records, and the requests of a night, are made by step programs of this file, apart
from the timing (kept under ``var/bench``); then S120, S125 and S130 of NIGHTLY run as an operator would run them. It prints
seconds, megabytes of master per second and peak memory of each step; two sizes of master show that memory does not grow.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import textwrap
import time
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHOSHO = Path(sys.executable).with_name("chosho")
FIRST_DATE = date(2027, 1, 4)
MIB = 1 << 20
RECORD = 128
"""Bytes of a record of the number master."""

DECK_MASTER = """\
job: BENCHMST
title: number master
parameters:
  RECORDS: {title: how many}
steps:
  - step: LOAD
    pgm: bench_master
    title: load
    parm: {RECORDS: "&RECORDS"}
    dd:
      OUT: {dsn: CHOSHO.NUMBER.MASTER(+1), disp: [NEW, CATLG, DELETE]}
"""
DECK_NIGHT = """\
job: BENCHNGT
title: night
parameters:
  REQUESTS: {title: how many}
steps:
  - step: S110
    pgm: bench_requests
    title: requests
    parm: {REQUESTS: "&REQUESTS"}
    dd:
      MASTER: {dsn: CHOSHO.NUMBER.MASTER(0), disp: SHR}
      TRAN: {dsn: CHOSHO.REGISTRATION.TRAN(+1), disp: [NEW, CATLG, DELETE]}
      REJECTS: {dsn: CHOSHO.REGISTRATION.REJECT(+1), disp: [NEW, CATLG, DELETE]}
"""
PROGRAM_MASTER = """\
from chosho.fixtures import number_file
from chosho.fixtures.world import World


def run(step):
    left = int(step.parameters["RECORDS"])
    writer = step.writer("OUT")
    for block in number_file.blocks(World(left, 1, 2026)):
        writer.write(block[:left])
        left -= min(left, len(block))
        if not left:
            break
"""
PROGRAM_REQUESTS = '''\
import numpy as np

from chosho.codec import batch as batches
from chosho.copybook import load
from chosho.fixtures.draw import below, draw
from chosho.fixtures.people import digits, individual_numbers

REQUEST, MASTER = load("REGTRAN"), load("NUMMAST")
HELD = np.frombuffer(b"11111111112213", np.uint8)
NOT_HELD = np.frombuffer(b"1111111114444", np.uint8)
SAME = ("OFFICE-NO", "RELATION-CODE", "REGISTRANT-KANA")


def run(step):
    """Write requests for persons spread evenly over the master, one in a hundred such that it is rejected."""
    master, wanted = step.reader("MASTER"), int(step.parameters["REQUESTS"])
    stride = max(master.records // wanted, 1)
    sorter = step.sorter(lrecl=REQUEST.length, key_length=44, expected=wanted)
    start = 0
    for block in master.blocks():
        rows = np.arange(-start % stride, len(block), stride)
        start += len(block)
        sorter.add(requests(block[rows], start + rows, step.business_date))
    writer = step.writer("TRAN")
    for block in sorter.sorted():
        writer.write(block)
    step.writer("REJECTS")
    step.count("accepted", sorter.records)
    step.count("rejected", 0)


def requests(rows, index, day):
    out = np.full((len(rows), REQUEST.length), ord(" "), np.uint8)

    def put(name, value):
        batches.view(REQUEST.named(), out, name)[:] = value

    out[:, :15] = rows[:, :15]
    turn = below(draw(day.toordinal(), 900, index), 1_000_000)
    held = (batches.view(MASTER.named(), rows, "STATE-CODE")[:, 0] == ord("1")) ^ (turn % 100 == 0)
    kind = np.where(held, HELD[turn % len(HELD)], NOT_HELD[turn % len(NOT_HELD)])
    new = turn % 10 == 3
    out[new, 11:15] = np.frombuffer(b"0298", np.uint8)
    kind[new] = ord("1")
    put("REQUEST-KIND", kind[:, None])
    number = individual_numbers(day.toordinal(), index)
    number[kind >= ord("3")] = ord(" ")
    put("INDIVIDUAL-NO", number)
    online = (kind == ord("1")) & (turn % 4 == 0)
    put("CHANNEL", np.where(online, ord("3"), ord("1"))[:, None])
    key = np.full((len(rows), 20), ord("K"), np.uint8)
    key[:, 1:9] = np.frombuffer(f"{day:%Y%m%d}".encode(), np.uint8)
    key[:, 9:] = digits(index, 11)
    key[~online] = ord(" ")
    put("PF-KEY-ID", key)
    put("PF-STORED-AT", np.frombuffer(f"{day:%Y%m%d}091500".encode(), np.uint8))
    put("ACCEPTED-AT", np.frombuffer(f"{day:%Y%m%d}101500".encode(), np.uint8))
    put("FILE-NO", ord("0"))
    put("RECORD-NO", digits(index, 8))
    put("REASON-CODE", np.frombuffer(b"02", np.uint8))
    for name in SAME:
        put(name, batches.view(MASTER.named(), rows, name))
    return out
'''


def _root(folder: Path, records: int) -> dict[str, str]:
    """Make the data root, its keys, the libraries and the number master; return the environment for chosho."""
    libraries = {"CHOSHO_JCLLIB": folder / "jcl", "CHOSHO_JOBLIB": folder / "jobs"}
    environment = os.environ | {name: str(path) for name, path in libraries.items()}
    environment |= {"CHOSHO_ROOT": str(folder / "root"), "CHOSHO_KEYS": str(folder / "keys")}
    fresh = not (folder / "ready").exists()
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
        for path in libraries.values():
            path.mkdir(parents=True)
    nightly = (HERE.parent / "jcl" / "NIGHTLY.yaml").read_text(encoding="utf-8")
    steps = nightly[nightly.index("  - step: S120") : nightly.index("  - step: S140")]
    (folder / "jcl" / "BENCHMST.yaml").write_text(DECK_MASTER, encoding="utf-8")
    (folder / "jcl" / "BENCHNGT.yaml").write_text(DECK_NIGHT + steps, encoding="utf-8")
    (folder / "jobs" / "bench_master.py").write_text(PROGRAM_MASTER, encoding="utf-8")
    (folder / "jobs" / "bench_requests.py").write_text(PROGRAM_REQUESTS, encoding="utf-8")
    if fresh:
        began = time.perf_counter()
        for arguments in (
            ("keys", "init"),
            ("init", "--definitions", str(HERE.parent / "datasets")),
            ("submit", "BENCHMST", "--date", "2026-12-31", "--set", f"RECORDS={records}"),
        ):
            subprocess.run([CHOSHO, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)
        print(f"number master: {records:,} records in {time.perf_counter() - began:.1f} s")
        (folder / "ready").touch()
    return environment


def _next_date(environment: dict[str, str]) -> date:
    """Return a date on which no night was run yet."""
    listed = subprocess.run(
        [CHOSHO, "jobs", "--limit", "500", "--json"], env=environment, check=True, capture_output=True
    )
    used = {run["date"] for run in json.loads(listed.stdout) if run["deck"] == "BENCHNGT"}
    day = FIRST_DATE
    while day.isoformat() in used:
        day += timedelta(days=1)
    return day


def _night(environment: dict[str, str], requests: int) -> float:
    """Run one night and print a line per step; return the megabytes of master per second of S120."""
    command = [CHOSHO, "submit", "BENCHNGT", "--date", _next_date(environment).isoformat(), "--json"]
    done = subprocess.run(
        [*command, "--set", f"REQUESTS={requests}"], env=environment, capture_output=True, check=False
    )
    result = json.loads(done.stdout)
    steps = {step["step"]: step for step in result["steps"]}
    if result["rc"] > 4:  # noqa: PLR2004 - warnings are rejects, which the requests have some of
        sys.exit(f"the night ended with {result['rc']}: see {result['run']}")
    counts = steps["S120"]["counts"]
    size = counts["old"] * RECORD
    print(textwrap.fill("  ".join(f"{name} {n:,}" for name, n in counts.items() if n), 110))
    print(f"{'step':<6}{'rc':>3}{'seconds':>9}{'MB/s':>8}{'peak MiB':>10}")
    for name in ("S120", "S125", "S130"):
        step = steps[name]
        speed = f"{size / step['elapsed'] / 1e6:8.0f}" if name != "S125" else " " * 8
        print(f"{name:<6}{step['rc']!s:>3}{step['elapsed']:9.2f}{speed}{step['peak_rss'] / MIB:10.0f}")
    return float(size / steps["S120"]["elapsed"] / 1e6)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=10_000_000, help="records of the number master")
    parser.add_argument("--requests", type=int, default=200_000, help="requests of a night")
    parser.add_argument("--small", type=int, default=1_000_000, help="a second, smaller master; 0 for none")
    parser.add_argument("--runs", type=int, default=1, help="nights for each size")
    parser.add_argument("--folder", type=Path, default=HERE.parent / "var" / "bench")
    options = parser.parse_args()
    for records in [size for size in (options.small, options.records) if size]:
        environment = _root(options.folder.absolute() / f"nightly-{records}", records)
        speeds = []
        for _ in range(options.runs):
            print(f"\n{records:,} records, {options.requests:,} requests")
            speeds.append(_night(environment, options.requests))
        if len(speeds) > 1:
            print(f"S120: min {min(speeds):.0f} max {max(speeds):.0f} MB/s")


if __name__ == "__main__":
    main()
