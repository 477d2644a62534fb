"""The supervisor stays light: it starts quickly and leaves the memory to the steps."""

import subprocess
import sys


def test_the_supervisor_loads_no_bulk_engine():
    program = (
        "import sys, chosho.batch.supervisor;"
        "print(*sorted({'numba', 'pyarrow', 'pandas', 'pycdlib'} & set(sys.modules)));"
        # Not ru_maxrss: that keeps the peak of the process that called, across the exec.
        "lines = open('/proc/self/status').read().splitlines();"
        "print(next(int(line.split()[1]) // 1024 for line in lines if line.startswith('VmHWM')))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded, mebibytes = done.stdout.splitlines()
    assert loaded == ""
    assert int(mebibytes) < 100
