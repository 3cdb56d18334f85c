"""Starting and supervising a worker: a process of its own that runs one session's services."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from typing import Any

from services_core import Reply, ServiceCrashed

_log = logging.getLogger(__name__)

GRACE_S = 3.0
"""How long a worker that was told to end may take before it is killed."""


class WorkerProcess:
    """One worker. It ends when it is told to, when this process dies (its standard input closes), or by itself.

    `url` resolves when it is ready, or to ServiceCrashed if it ends before. `token` is what a HELLO must name to be
    let in; it travels over standard input, never in argv or the environment. No method but `join` blocks.
    """

    def __init__(self, *, backend: str, died: Callable[[ServiceCrashed], None]) -> None:
        self.token = secrets.token_urlsafe(24)
        self.url: Reply[str] = Reply()
        self._backend = backend
        self._died = died
        self._grace_s = GRACE_S
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._directory = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._killer: threading.Timer | None = None
        self._thread = threading.Thread(target=self._supervise, name="worker-supervisor", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The worker's process id, once it was started."""
        return None if self._process is None else self._process.pid

    def close(self, grace_s: float = GRACE_S) -> None:
        """Tell the worker to end; it is killed if it does not within `grace_s`."""
        with self._lock:
            if self._closing.is_set():
                return
            self._grace_s = grace_s
            self._closing.set()
            if self._process is not None:
                self._ask_to_end(self._process)

    def kill(self) -> None:
        """End the worker now."""
        with self._lock:
            if self._process is not None:
                self._process.kill()

    def join(self, timeout_s: float) -> bool:
        """Wait until the worker has ended and was reaped; tells whether it has."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # --- the supervising thread

    def _supervise(self) -> None:
        try:
            process = self._start()
        except OSError as error:
            self._end(ServiceCrashed(f"the worker process could not be started: {error}"))
            return
        assert process.stdout is not None
        line = process.stdout.readline()
        process.stdout.close()
        try:
            self.url.resolve(json.loads(line)["url"])
        except (ValueError, KeyError, TypeError):
            process.kill()  # it ended, or is not what we started: either way the code below tells how
        self._wait(process)
        self._end(ServiceCrashed(f"the worker process of this session {_how_it_ended(process.returncode)}"))

    def _start(self) -> subprocess.Popen[bytes]:
        flags: dict[str, Any] = {}
        if sys.platform == "win32":
            flags["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP  # Ctrl-C is for the program in front
        self._directory = tempfile.mkdtemp(prefix="apv-worker-")
        process = subprocess.Popen(
            [sys.executable, "-m", "apvserver.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "TMPDIR": self._directory},
            **flags,
        )
        assert process.stdin is not None
        with self._lock:
            self._process = process
            settings = {"token": self.token, "backend": self._backend, "directory": self._directory}
            with contextlib.suppress(BrokenPipeError):  # it has ended already: its exit code will tell
                process.stdin.write(json.dumps(settings).encode() + b"\n")
                process.stdin.flush()
            if self._closing.is_set():
                self._ask_to_end(process)
        return process

    def _ask_to_end(self, process: subprocess.Popen[bytes]) -> None:
        self._close_stdin(process)
        self._killer = threading.Timer(self._grace_s, process.kill)
        self._killer.daemon = True
        self._killer.start()

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        process.wait()
        with self._lock:
            if self._killer is not None:
                self._killer.cancel()
            self._close_stdin(process)
        shutil.rmtree(self._directory, ignore_errors=True)  # the worker did so itself, unless it was killed

    def _end(self, error: ServiceCrashed) -> None:
        self.url.resolve(None, error)
        if not self._closing.is_set():
            _log.error("%s", error)
            self._died(error)

    @staticmethod
    def _close_stdin(process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        try:
            process.stdin.close()
        except OSError as error:
            _log.debug("closing a worker's standard input: %s", error)


def _how_it_ended(code: int | None) -> str:
    if code is not None and code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        return f"was ended by {name}"
    return f"ended with exit code {code}"
