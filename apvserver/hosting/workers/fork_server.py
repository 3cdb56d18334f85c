"""The front's side of the fork server: starts it, asks it for workers, and learns how they end. Linux only."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any, Final

from services_core import Reply, ServicesError

from .program import first_line, start_program

_log = logging.getLogger(__name__)

TITLE: Final = "apvserver.hosting.workers.forking"
REPORT_BYTES: Final = 64 * 1024
LAST_S: Final = 1.0
"""How long it may take to end when its socket is closed, which the system does as it ends."""

ENDED: Final = "the fork server has ended"

STARTS_S: Final = 30.0
"""How long it may take to import everything, and then to fork."""

POSSIBLE: Final = sys.platform == "linux" and hasattr(os, "pidfd_open") and hasattr(signal, "pidfd_send_signal")


class NoFork(ServicesError):
    """No worker can be forked; one that is spawned does the same."""


class ForkedProcess:
    """A worker that was forked: what `WorkerProcess` uses of a `subprocess.Popen`. Thread-safe."""

    def __init__(self, pid: int, descriptor: int, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self.pid = pid
        self.stdin, self.stdout = stdin, stdout
        self.returncode: int | None = None
        self._descriptor = descriptor
        self._lock = threading.Lock()
        self._ended = threading.Event()

    def kill(self) -> None:
        """End it now."""
        self.send_signal(signal.SIGKILL)

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it has not ended: its number may be another's by then, its descriptor is not."""
        with self._lock, contextlib.suppress(ProcessLookupError):
            if not self._ended.is_set():
                signal.pidfd_send_signal(self._descriptor, number)

    def poll(self) -> int | None:
        """Return the exit code if it has ended; so does what nobody knows of, but its code is 0 then."""
        return (self.returncode or 0) if self._ended.is_set() else None

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for its end; None if nobody knows how it ended. Raises subprocess.TimeoutExpired."""
        if not self._ended.wait(timeout):
            assert timeout is not None
            raise subprocess.TimeoutExpired(TITLE, timeout)
        return self.returncode

    def has_ended(self, code: int | None) -> None:
        """Note how it ended."""
        with self._lock:
            if not self._ended.is_set():
                self.returncode = code
                os.close(self._descriptor)
                self._ended.set()

    def abandon(self) -> None:
        """Wait, on a thread, for the end of a process whose exit code nobody will tell."""
        threading.Thread(target=self._outlive, name="worker-orphan", daemon=True).start()

    def _outlive(self) -> None:
        ended = select.poll()
        ended.register(self._descriptor, select.POLLIN)
        ended.poll()
        self.has_ended(None)


class ForkServer:
    """A process with all that workers import, from which they are forked. Thread-safe; `fork` and `join` block.

    If it cannot work, or ends, `fork` raises NoFork from then on; its workers live on. `lost` is called, by its thread,
    if it ends by itself, before those are told who wait for a worker or for the end of one.
    """

    def __init__(self, backend: str, lost: Callable[[], None]) -> None:
        self._lost = lost
        self._lock = threading.Lock()
        self._asked: deque[Reply[ForkedProcess]] = deque()
        self._streams: deque[tuple[IO[bytes], IO[bytes]]] = deque()
        self._workers: dict[int, ForkedProcess] = {}
        self._gone = ""
        self._ready = threading.Event()
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = start_program(TITLE, pass_fds=(theirs.fileno(),), stdout=subprocess.DEVNULL)
            assert self._process.stdin is not None
            self._process.stdin.write(first_line(backend=backend, requests=theirs.fileno()))
            self._process.stdin.flush()
        self._thread = threading.Thread(target=self._listen, name="fork-server", daemon=True)
        self._thread.start()

    def fork(self, environment: Mapping[str, str]) -> ForkedProcess:
        """Return a new worker, which has read nothing yet, with these variables beside those of this process.

        Blocks until all is imported. Raises NoFork.
        """
        if not self._ready.wait(STARTS_S):
            raise NoFork(f"the fork server was not ready within {STARTS_S:g} s")
        asked: Reply[ForkedProcess] = Reply()
        control, to_it = os.pipe()
        from_it, answers = os.pipe()
        try:
            with self._lock:
                if self._gone:
                    os.close(to_it)
                    os.close(from_it)
                    raise NoFork(self._gone)
                self._asked.append(asked)
                streams = open(to_it, "wb", 0), open(from_it, "rb")  # noqa: SIM115  # the process has them
                self._streams.append(streams)
                request = json.dumps({"environment": dict(environment)}).encode()
                with contextlib.suppress(OSError):  # it has just ended: whoever listens to it sees to that
                    socket.send_fds(self._requests, [request], [control, answers, *_standard_error()])
        finally:
            os.close(control)
            os.close(answers)
        try:
            return asked.result(STARTS_S)
        except TimeoutError as error:
            asked.add_done_callback(lambda: _leave(asked))
            raise NoFork(f"no worker was forked within {STARTS_S:g} s") from error

    def load(self, libraries: Sequence[str]) -> None:
        """Have it load these, for the workers that are forked from now on."""
        with self._lock, contextlib.suppress(OSError):  # it has ended
            if libraries and not self._gone:
                self._requests.send(json.dumps({"load": list(libraries)}).encode())

    def end_unready(self) -> None:
        """Kill it if it still imports: there is no worker yet, and nobody is to wait for one any more."""
        if not self._ready.is_set():
            self._process.kill()

    def close(self) -> None:
        """Tell it to end. Its workers end when they are told to."""
        assert self._process.stdin is not None
        self.end_unready()
        with self._lock, contextlib.suppress(OSError):
            self._gone = self._gone or "the server is about to end"
            self._process.stdin.close()

    def join(self, timeout_s: float) -> bool:
        """Wait until it has ended, and kill it if it has not then; tells whether nothing of it is left."""
        until = time.monotonic() + timeout_s
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            _log.info("the fork server did not end within %g s, and was killed", timeout_s)
            self._process.kill()
            self._process.wait()
        self._thread.join(max(0.1, until - time.monotonic()))
        return not self._thread.is_alive()

    # --- the thread that listens

    def _listen(self) -> None:
        with self._requests:
            while True:
                try:
                    report, descriptors, _, _ = socket.recv_fds(self._requests, REPORT_BYTES, 1)
                except ConnectionResetError:  # it has left a request unread: what it has said before is still to come
                    continue
                except OSError as error:
                    _log.debug("listening to the fork server: %s", error)
                    break
                if not report:
                    break
                self._take(json.loads(report), descriptors)
        with self._lock:
            by_itself, self._gone = not self._gone, self._gone or ENDED
        if by_itself:
            self._lost()
        self._has_gone(ENDED)
        with contextlib.suppress(subprocess.TimeoutExpired):  # `join` kills it
            self._process.wait(LAST_S)

    def _take(self, report: Mapping[str, Any], descriptors: list[int]) -> None:
        if "ended" in report:
            self._workers.pop(report["ended"]).has_ended(report["code"])
        elif "started" in report:
            with self._lock:
                asked, streams = self._asked.popleft(), self._streams.popleft()
            worker = self._workers[report["started"]] = ForkedProcess(report["started"], descriptors[0], *streams)
            asked.resolve(worker)
        elif "error" in report:
            self._fail(f"it could not be forked: {report['error']}")
        elif report["problem"]:
            _log.info("workers are not forked, but import for themselves: %s", report["problem"])
            self._has_gone(f"nothing can be forked: {report['problem']}")
        else:
            self._ready.set()

    def _fail(self, why: str) -> None:
        with self._lock:
            asked, streams = self._asked.popleft(), self._streams.popleft()
        for stream in streams:
            stream.close()
        asked.resolve(None, NoFork(why))

    def _has_gone(self, why: str) -> None:
        with self._lock:
            self._gone = self._gone or why
            waiting = len(self._asked)
        for _ in range(waiting):
            self._fail(self._gone)
        self._ready.set()  # for those who wait, to be told
        for worker in self._workers.values():
            worker.abandon()
        self._workers.clear()


def _standard_error() -> list[int]:
    """Return the number of this process's standard error as it is now, if it has one: workers print there."""
    return [] if sys.__stderr__ is None else [2]


def _leave(asked: Reply[ForkedProcess]) -> None:
    """End a worker that came when nobody waited for it any more."""
    with contextlib.suppress(NoFork):
        asked.result().kill()
