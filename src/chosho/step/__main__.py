"""A step's process: ``python -m chosho.step REPLIES REQUESTS PARENT PROGRAM``, started by the supervisor only.

The arguments are two pipe descriptors, the supervisor's process id, and the member to load before the step's turn (or nothing);
everything else comes over the pipe, and the first answer comes when the turn has come.
"""

import faulthandler
import gc
import os
import sys

from chosho.step import guard

if __name__ == "__main__":
    guard.no_core()
    guard.die_with(int(sys.argv[3]))
    faulthandler.enable()
    from chosho.step import runner
    from chosho.step.channel import Channel

    runner.prepare(sys.argv[4])
    gc.freeze()  # what was loaded stays to the end; the collector need not look at it again and again
    CODE = runner.run(Channel(int(sys.argv[1]), int(sys.argv[2])))
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads of an engine that was left in the middle of its work must not hold the process.
    os._exit(CODE)
