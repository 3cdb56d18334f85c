"""The first lines of a worker, run by its path with -P: nothing of the directory it was started in is executed.

It looks for modules where the program that started it does, in the same order: that list comes with the settings, one
line of JSON on standard input. The conversation with that program goes on over copies of standard input and output,
while 0 and 1 lead elsewhere before anything is imported: what a service prints goes to standard error, and what it
reads is nothing. Copies, because Windows hands a new process its standard streams and no further descriptors.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys


def main() -> int:
    """Run the worker that the settings describe. Returns the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole terminal; who started us decides
    control, answers = open(os.dup(0), "rb", 0), open(os.dup(1), "wb", 0)  # noqa: SIM115  # until the end
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    line = control.readline()
    if not line:
        return 0  # who started us has ended already
    told = json.loads(line)
    sys.path[:] = told["path"]
    from apvserver.worker_limits import limit_worker  # run by its path: no package here to be relative to

    told["limits"] = limit_worker(told)
    from apvserver.hosting.worker import run  # now: numpy, which comes with it, begins threads

    return run(told, control, answers)


if __name__ == "__main__":
    sys.exit(main())
