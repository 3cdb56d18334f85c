"""The program that programs of tests are forked from: it has imported what apvpython, apvserver and workers import.

It has one thread, as what workers are forked from. Each program begins with a fork of its own that waits to become the
first worker, or what workers are forked from, that the program starts. Linux only; `ProgramForks` starts it.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final, NoReturn

from apvserver.hosting import worker_process, worker_start
from apvserver.hosting.workers import fork_server, forking, program
from apvserver.hosting.workers.leaving import leave
from async_paraview.launched import without_launcher

REQUEST_BYTES: Final = 1 << 20
ABOVE: Final = 300
"""Descriptors that were received are kept above what any is to have as its number."""
IMPORTED: Final = (
    "IPython.terminal.embed",
    "apvpython.repl",
    "apvpython.completion",
    "apvpython.reports",
    "apvpython.runner",
    "apvserver.command_line",
    "apvserver.hosting.builtin",
    "apvserver.hosting.relayed_worker",
    "apvserver.hosting.server",
    "servermanager",
    "servermanager.simple",
    "servermanager.sync",
)


class Started:
    """A process that was forked: what is used of a `subprocess.Popen`. Thread-safe.

    `reap` waits for one that has ended, and returns its status as `os.waitpid` does.
    """

    def __init__(
        self, pid: int, descriptor: int, stdin: IO[bytes] | None, stdout: IO[bytes] | None, reap: Callable[[int], int]
    ) -> None:
        self.pid, self.stdin, self.stdout = pid, stdin, stdout
        self.returncode: int | None = None
        self._descriptor = descriptor
        self._reap = reap
        self._lock = threading.Lock()

    def poll(self) -> int | None:
        """Return the exit code if it has ended."""
        with suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            ended = select.poll()
            ended.register(self._descriptor, select.POLLIN)
            if not ended.poll(None if timeout is None else timeout * 1000):
                assert timeout is not None
                raise subprocess.TimeoutExpired("a forked program", timeout)
            with self._lock:
                if self.returncode is None:
                    self.returncode = os.waitstatus_to_exitcode(self._reap(self.pid))
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal if it has not ended."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, number)

    def kill(self) -> None:
        """End it now."""
        self.send_signal(signal.SIGKILL)

    def __del__(self) -> None:
        os.close(self._descriptor)


def send(connection: socket.socket, what: Mapping[str, Any], *descriptors: int) -> None:
    """Send one message."""
    socket.send_fds(connection, [json.dumps(what).encode()], descriptors)


def receive(connection: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    """Return the next message with its descriptors; None at the end."""
    told, descriptors, _, _ = socket.recv_fds(connection, REQUEST_BYTES, 16)
    return (json.loads(told) if told else None), list(descriptors)


def main(number: int, libraries: Sequence[str]) -> NoReturn:
    """Fork programs until whoever asks for them has gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    forking._import_all("zmq")
    for name in IMPORTED:
        importlib.import_module(name)
    for path in libraries:
        ctypes.CDLL(path, mode=os.RTLD_LAZY | os.RTLD_LOCAL)
    assert len(os.listdir("/proc/self/task")) == 1, "what is imported begins no thread"
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=number) as requests:
        while (request := receive(requests))[0] is not None:
            told, descriptors = request
            assert told is not None
            if "reap" in told:
                send(requests, {"status": os.waitpid(told["reap"], 0)[1]})
                continue
            process = os.fork()
            if process == 0:
                requests.close()
                _become_program(told, descriptors)
            ended = os.pidfd_open(process)
            send(requests, {"started": process}, ended)
            for one in (ended, *descriptors):
                os.close(one)
    os._exit(0)


def _become_program(told: Mapping[str, Any], descriptors: list[int]) -> NoReturn:
    """Run a module as `python -m` does, on these standard streams."""
    _fork_successor(descriptors)
    _take(descriptors, (0, 1, 2))
    if told["leads"]:
        os.setsid()
    _begin_anew(told["environment"])
    os.chdir(told["directory"])
    module, *arguments = told["arguments"]
    _retitle(module)
    sys.path[:1] = [] if told["safe_path"] else [os.getcwd()]
    sys.argv[:] = [module, *arguments]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    code: Any = 0
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        code = ended.code
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
    leave(code if isinstance(code, int) else int(code is not None))


def _begin_anew(environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None
    if (random := sys.modules.get("numpy.random")) is not None:
        random.seed()


def _take(descriptors: Sequence[int], numbers: Sequence[int]) -> None:
    """Have these descriptors under these numbers."""
    import fcntl  # late: a system without it imports this file, too

    kept = [fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, ABOVE) for one in descriptors]
    for one in descriptors:
        os.close(one)
    for one, number in zip(kept, numbers, strict=True):
        os.dup2(one, number, inheritable=number < 3)
        os.close(one)


def _retitle(title: str) -> None:
    """Say on the command line, for those who list processes, what this is now."""
    line = Path("/proc/self/cmdline").read_bytes()
    at = line.find(forking.TITLE)
    begin = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[45])  # arg_start, see proc(5)
    ctypes.memmove(begin + at, title.encode().ljust(len(forking.TITLE), b"\0"), len(forking.TITLE))


# --- what a program starts first


def _fork_successor(descriptors: Sequence[int]) -> None:
    """Have a fork of this process become the first program of the project that is started by it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = os.fork()
    if process == 0:
        ours.close()
        for one in descriptors:
            os.close(one)
        _await_start(theirs)
    theirs.close()
    waiting = [(process, ours)]
    lock = threading.Lock()

    def start(title: str, **how: Any) -> Any:
        with lock:
            if how.keys() & {"launcher"} or not waiting:
                return program.start_program(title, **how)
            process, connection = waiting.pop()
        with connection:
            return _start(process, connection, title, **how)

    for module in (fork_server, worker_process):
        module.start_program = start  # type: ignore[attr-defined]


def _start(
    process: int,
    connection: socket.socket,
    title: str,
    *,
    variables: Mapping[str, str] | None = None,
    stdout: int = subprocess.PIPE,
    pass_fds: Sequence[int] = (),
) -> Started:
    descriptor = os.pidfd_open(process)
    given, to_it = os.pipe()
    from_it, answers = os.pipe() if stdout == subprocess.PIPE else (None, os.open(os.devnull, os.O_WRONLY))
    environment = {**program.FIRST, **without_launcher(os.environ), **(variables or {})}
    what = {"title": title, "environment": environment, "numbers": [0, 1, 2, *pass_fds]}
    send(connection, what, given, answers, 2, *pass_fds)
    os.close(given)
    os.close(answers)
    stdout_of_it = None if from_it is None else open(from_it, "rb")  # noqa: SIM115  # the process has it
    return Started(process, descriptor, open(to_it, "wb"), stdout_of_it, lambda pid: os.waitpid(pid, 0)[1])


def _await_start(connection: socket.socket) -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    told, descriptors = receive(connection)
    connection.close()
    if told is None:
        os._exit(0)
    _take(descriptors, told["numbers"])
    _begin_anew(told["environment"])
    _retitle(told["title"])
    sys.argv[:] = [str(program.PROGRAM), told["title"]]
    leave(worker_start.main())


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[3:])
