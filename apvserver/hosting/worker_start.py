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
from typing import IO, Any


def main() -> int:
    """Run the worker that the settings describe, or fork those that are asked for. Returns the exit code, or ends."""
    for name in ("SIGINT", "SIGHUP"):  # Ctrl-C, and the end of a terminal, go to all in it; who started us decides
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    if _is_satellite():
        return _follow(json.loads(os.environ.pop("APV_RANK_TOLD")))
    control, answers = _take_standard_streams()
    told = _read(control)
    if told is not None and "requests" in told:
        sys.path[:] = told["path"]
        from apvserver.hosting.workers.forking import await_fork  # run by its path: no package here to be relative to

        forked = await_fork(told, control)
        if forked is None:
            from apvserver.hosting.workers.leaving import leave

            leave(0)
        control, answers = forked
        told = _read(control)
    if told is None:
        return 0  # who started us has ended already
    return _run(told, control, answers)


def _run(told: dict[str, Any], control: IO[bytes], answers: IO[bytes]) -> int:
    """Run a worker. Limits are set first: while this process, started or forked, has one thread."""
    sys.path[:] = told["path"]
    from apvserver.worker_limits import limit_worker

    told["limits"] = limit_worker(told)
    from apvserver.hosting.worker import run  # now: numpy, which comes with it, begins threads

    code = run(told, control, answers)
    if told["settings"]["ranks"] > 1 or told["settings"]["services"] or _has_executed_scripts():
        return code  # MPI is told of the end by Python's own, and files that others have left open are written by it
    from apvserver.hosting.workers.leaving import leave

    leave(code)


def _has_executed_scripts() -> bool:
    scripting: Any = sys.modules.get("apvserver.vtk.types.adapters.scripting")
    return scripting is not None and bool(scripting.Executed.scripts)


def _is_satellite() -> bool:
    """Return whether this is a rank of a session, and not the first, which has standard input from who started all."""
    ranks = (os.environ.get(name, "0") for name in ("PMI_RANK", "PMIX_RANK", "OMPI_COMM_WORLD_RANK"))
    return "APV_RANK_TOLD" in os.environ and any(one not in ("", "0") for one in ranks)


def _follow(told: dict[str, Any]) -> int:
    """Run such a rank. Limits are set first, as for a worker."""
    sys.path[:] = told["path"]
    os.dup2(2, 1)
    from apvserver.worker_limits import limit_worker

    limit_worker(told)
    from apvserver.ranks.satellite import run

    return run(told)


def _take_standard_streams() -> tuple[IO[bytes], IO[bytes]]:
    """Return copies of standard input and output, which lead elsewhere then."""
    control, answers = open(os.dup(0), "rb", 0), open(os.dup(1), "wb", 0)  # noqa: SIM115  # until the end
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    return control, answers


def _read(control: IO[bytes]) -> dict[str, Any] | None:
    line = control.readline()
    return json.loads(line) if line else None


if __name__ == "__main__":
    sys.exit(main())
