"""A step's process dies with its supervisor."""

import subprocess
import sys
import time
from pathlib import Path


def test_a_process_dies_when_its_parent_does():
    child = (
        "import sys, time; from chosho.step.guard import die_with;"
        "die_with(int(sys.argv[1])); print('on', flush=True); time.sleep(60)"
    )
    parent = (
        "import os, subprocess, sys; p = subprocess.Popen([sys.executable, '-c', sys.argv[1], str(os.getpid())],"
        " stdout=subprocess.PIPE); p.stdout.readline(); print(p.pid, flush=True); os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", parent, child], capture_output=True, text=True, check=True)
    status = Path("/proc") / done.stdout.strip() / "status"
    for _ in range(100):
        if not status.exists() or "State:\tZ" in status.read_text():
            return
        time.sleep(0.05)
    raise AssertionError("it lives on")


def test_a_process_whose_parent_is_gone_already_dies_at_once():
    program = "from chosho.step.guard import die_with; die_with(1 << 22); print('alive')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (-9, b"")
