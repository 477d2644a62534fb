"""Core dumps are off in a process that holds keys."""

import subprocess
import sys

PROGRAM = """
import ctypes, resource
from chosho.vault import no_core_dumps
no_core_dumps()
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3))  # 3: PR_GET_DUMPABLE
"""


def test_core_dumps_are_off() -> None:
    shown = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True, text=True)
    assert shown.stdout == "(0, 0) 0\n"
