"""The supervisor stays light: it starts quickly and leaves the memory to the steps."""

import subprocess
import sys


def test_the_supervisor_loads_no_bulk_engine():
    program = (
        "import sys, resource, chosho.batch.supervisor;"
        "print(*sorted({'numba', 'pyarrow', 'pandas', 'pycdlib'} & set(sys.modules)));"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded, mebibytes = done.stdout.splitlines()
    assert loaded == ""
    assert int(mebibytes) < 100
