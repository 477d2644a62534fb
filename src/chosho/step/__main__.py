"""A step's process: ``python -m chosho.step REPLIES REQUESTS PARENT``, started by the supervisor only.

The arguments are two pipe descriptors and the supervisor's process id; everything else comes over the pipe.
"""

import faulthandler
import os
import sys

from chosho.step import guard

if __name__ == "__main__":
    guard.no_core()
    guard.die_with(int(sys.argv[3]))
    faulthandler.enable()
    from chosho.step import runner
    from chosho.step.channel import Channel

    CODE = runner.run(Channel(int(sys.argv[1]), int(sys.argv[2])))
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads of an engine that was left in the middle of its work must not hold the process.
    os._exit(CODE)
