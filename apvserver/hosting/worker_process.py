"""Starting and supervising a worker: a process of its own that runs one session's services."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import secrets
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final
from weakref import WeakSet

from services_core import Reply, ServiceCrashed, ServicesError

from .. import activity
from ..memory import MemoryFacts, kernel_kills, memory_reason
from ..memory_watch import usage
from ..ranks.launching import LastLines, launcher, rank_that_died, variables_of_ranks
from ..settings import Settings
from ..vtk.rendering.opengl import known_environment
from .monitoring.dumps import DUMP_SIGNAL
from .monitoring.figures import read_figures
from .monitoring.session_state import HostState
from .workers.endings import Ending, ending_of_rank, how_it_ended
from .workers.fork_server import ForkedProcess
from .workers.forks import Forks
from .workers.program import first_line, start_program

_log = logging.getLogger(__name__)

GRACE_S: Final = 3.0
"""How long a worker that was told to end may take before it is killed."""

RANKS_GRACE_S: Final = 6.0
"""The same of several ranks: killed, they would leave the memory that they share behind."""

READY_S: Final = 50.0
"""How long a worker may take to be ready: less than its client waits for it, so that the client is told why."""

HUNG: Final = "did not answer any more, and was ended: something had stopped it, or this machine is out of memory"
"""Said of a worker whose links broke though it had not ended."""

TITLE: Final = "apvserver.hosting.worker"
"""On the command line of a worker, for those who list processes."""

Process = subprocess.Popen[bytes] | ForkedProcess

Died = Callable[["WorkerProcess", ServiceCrashed], None]
"""Called if a worker ends by itself."""

_workers: WeakSet[WorkerProcess] = WeakSet()


class NotWanted(Exception):
    """A worker was told to end before it was started."""


class WorkerProcess:
    """One worker. It ends when it is told to, when this process dies (its standard input closes), or by itself.

    `url` resolves when it is ready, or to ServiceCrashed if it ends before, or is not ready within READY_S. `token` is
    what a HELLO must name to be let in; it travels over standard input, never in argv or the environment. It finds
    modules where this process does, but for an empty entry of sys.path, which means the current directory. What its
    services print goes to this process's standard error. No method but `join` blocks.
    """

    def __init__(
        self,
        backend: str,
        settings: Settings,
        *,
        died: Died,
        forks: Forks | None = None,
        opengl: Reply[dict[str, str]] | None = None,
        spare: bool = False,
    ) -> None:
        """Begin it. `opengl` resolves to what it is told of rendering, in place of finding that out itself.

        A `spare` prepares what a client would wait for.
        """
        self.token = secrets.token_urlsafe(24)
        self.url: Reply[str] = Reply()
        self.ending: Ending | None = None
        """How it ended, once it has."""
        self.taken_bytes = 0
        """The memory that it held when it was looked at last, if anybody looks."""
        self._backend = backend
        self._settings = settings
        self._forks = forks
        self._opengl = opengl
        self._spare = spare
        self._died = died
        self._grace_s = GRACE_S
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._directory = ""
        self._failure = ""
        self._ranks: list[tuple[int, str]] = []
        self._output: LastLines | None = None
        """What the launcher of several ranks writes."""
        self._ready = False
        self._ended_for = ""
        self._told: list[bytes] = []
        self._kernel_kills = kernel_kills()
        self._process: Process | None = None
        self._killer: threading.Timer | None = None
        _workers.add(self)
        self._thread = threading.Thread(target=self._supervise, name="worker-supervisor", daemon=True)
        self._thread.start()

    def belongs_to(self, died: Died) -> bool:
        """Have `died` called from now on if it ends by itself; False if it has ended, or was told to."""
        with self._lock:
            if self.ending is not None or self._closing.is_set():
                return False
            self._died = died
            return True

    @property
    def was_ready(self) -> bool:
        """Whether it has ever been ready."""
        return self._ready

    @property
    def pid(self) -> int | None:
        """The worker's process id, once it was started."""
        return None if self._process is None else self._process.pid

    def tell(self, **what: str) -> None:
        """Tell the worker something later than all else: which session it is of, how this machine renders."""
        with self._lock:
            self._told.append(json.dumps(what).encode() + b"\n")
            if self._process is not None:
                self._pass_on(self._process)

    def look(self) -> HostState:
        """Return what it is at, as far as it has said so."""
        pid, directory = self.pid, Path(self._directory)
        held = usage(pid) if pid is not None else None
        return HostState(
            pid=pid or 0,
            ready=self._ready and self.ending is None,
            memory_bytes=None if held is None else held.bytes,
            activities=activity.left_in(directory),
            figures=read_figures(directory),
        )

    def dump(self) -> None:
        """Have the worker write what its threads are at into the log, where the system has signals for that."""
        with self._lock:
            if DUMP_SIGNAL and self._ready and self._process is not None:
                self._process.send_signal(DUMP_SIGNAL)

    def close(self, grace_s: float = GRACE_S) -> None:
        """Tell the worker to end; it is killed if it does not within `grace_s`, and at once if it was not ready."""
        with self._lock:
            if self._closing.is_set():
                return
            self._grace_s = max(grace_s, RANKS_GRACE_S) if grace_s and self._settings.ranks > 1 else grace_s
            self._closing.set()
            if self._process is not None:
                self._ask_to_end(self._process)

    def end_for(self, why: str) -> None:
        """End the worker at once, for the memory that it takes; whoever has a call under way is told why."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                self._ended_for = why
                self._process.kill()

    def end_hung(self) -> None:
        """End the worker at once: it does not answer any more."""
        with self._lock:
            if self._process is not None and self._process.poll() is None and not self._closing.is_set():
                self._failure = HUNG
                self._process.kill()

    def join(self, timeout_s: float) -> bool:
        """Wait until the worker has ended and was reaped; tells whether it has."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # --- the supervising thread

    def _supervise(self) -> None:
        try:
            process = self._start()
        except NotWanted:
            shutil.rmtree(self._directory, ignore_errors=True)
            self._end(Ending(None, reason="was not wanted any more before it was started"))
            return
        except Exception as error:  # whatever prevents it: an embedded Python may know no executable, and so on
            shutil.rmtree(self._directory, ignore_errors=True)
            self._end(Ending(None, reason=f"could not be started: {type(error).__name__}: {error}"))
            return
        self._await_url(process)
        self._end(self._wait(process))

    def _start(self) -> Process:
        self._directory = tempfile.mkdtemp(prefix="apv-worker-")
        opengl = None if self._opengl is None or self._opengl.done() else self._opengl
        variables = {**known_environment(), **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), self._directory)}
        said = {"settings": self._settings.to_dict(), "directory": self._directory}
        process = self._forked(variables) or self._spawned(variables, first_line(**said).decode())
        assert process.stdin is not None
        told = first_line(
            token=self.token,
            backend=self._backend,
            awaits_opengl=opengl is not None,
            spare=self._spare,
            **said,
        )
        with self._lock:
            self._process = process
            with contextlib.suppress(BrokenPipeError):  # it has ended already: its exit code will tell
                process.stdin.write(told)
                process.stdin.flush()
            self._pass_on(process)
            if self._closing.is_set():
                self._ask_to_end(process)
        if opengl is not None:
            opengl.add_done_callback(lambda: self.tell(**opengl.result()))
        return process

    def _pass_on(self, process: Process) -> None:
        """Under the lock."""
        assert process.stdin is not None
        told, self._told = self._told, []
        with contextlib.suppress(OSError, ValueError):  # it has ended, or was told to
            process.stdin.write(b"".join(told))
            process.stdin.flush()

    def _forked(self, variables: dict[str, str]) -> ForkedProcess | None:
        if self._forks is None or self._settings.ranks > 1:
            return None
        try:
            return self._forks.fork(variables)
        except ServicesError as error:
            _log.debug("a worker is spawned, not forked: %s", error)
            return None

    def _spawned(self, variables: dict[str, str], told: str) -> Process:
        if self._closing.is_set():
            raise NotWanted
        if self._settings.ranks == 1:
            return start_program(TITLE, variables=variables)
        words = launcher(self._settings.ranks, self._settings.mpiexec)
        of_ranks = variables_of_ranks(told, self._settings.mpiexec, os.environ)
        return start_program(TITLE, variables={**variables, **of_ranks}, launcher=words)

    def _await_url(self, process: Process) -> None:
        """Resolve `url`, or see to it that the process ends: the error tells why."""
        patience = threading.Timer(READY_S, self._give_up, [process])
        patience.daemon = True
        patience.start()
        assert process.stdout is not None
        answer = _answer(process.stdout)
        if self._settings.ranks > 1:
            self._ranks = [(int(pid), str(host)) for pid, host in answer.get("ranks", [])]
            self._output = LastLines(process.stdout)
        else:
            process.stdout.close()
        patience.cancel()
        patience.join()
        if "url" in answer:
            self._ready = True
            self.url.resolve(answer["url"])
            return
        if "error" in answer:
            self._failure = f"could not begin: {answer['error']}"
            process.kill()
        try:
            process.wait(GRACE_S)  # it is about to end, and its exit code tells how
        except subprocess.TimeoutExpired:
            process.kill()

    def _give_up(self, process: Process) -> None:
        self._failure = (
            f"was not ready within {READY_S:g} s, and was ended: VTK or a service of yours (--service, APV_SERVICES) "
            "takes that long to import, or hangs"
        )
        process.kill()

    def _ask_to_end(self, process: Process) -> None:
        self._close_stdin(process)
        if process.poll() is not None:  # nobody is there to be killed: a timer would outlive the session
            return
        if not self._ready:
            process.kill()
        self._killer = threading.Timer(self._grace_s, process.kill)
        self._killer.daemon = True
        self._killer.start()

    def _wait(self, process: Process) -> Ending:
        process.wait()
        left = activity.left_in(Path(self._directory))
        with self._lock:
            killer = self._killer
            self._close_stdin(process)
        if killer is not None:
            killer.cancel()
            killer.join()
        shutil.rmtree(self._directory, ignore_errors=True)  # the worker did so itself, unless it was killed
        if why := memory_reason(process.returncode, self._memory()):
            return Ending(process.returncode, left, reason=why, by_what_it_executed=True)
        if self._output is not None and not self._failure:
            lost = rank_that_died(self._output.text(), self._ranks)
            if lost is not None:
                return ending_of_rank(lost, len(self._ranks), left)
        return Ending(process.returncode, left, reason=self._failure)

    def _memory(self) -> MemoryFacts:
        return MemoryFacts(
            bound=self._settings.max_memory,
            taken=self.taken_bytes,
            ended_for=self._ended_for,
            kernel_kills=kernel_kills() - self._kernel_kills,
        )

    def _end(self, ending: Ending) -> None:
        with self._lock:
            self.ending, died = ending, self._died
        error = ServiceCrashed(f"the worker process of this session {how_it_ended(ending)}", details=ending.to_dict())
        self.url.resolve(None, error)
        if not self._closing.is_set():
            died(self, error)

    @staticmethod
    def _close_stdin(process: Process) -> None:
        assert process.stdin is not None
        try:
            process.stdin.close()
        except OSError as error:
            _log.debug("closing a worker's standard input: %s", error)

    # --- in a process that was forked from this process

    def disown(self) -> None:
        """Leave the worker alone, and do not keep it alive: this process was forked from the one that started it."""
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._closing.set()
        if self._process is not None and self._process.stdin is not None and not self._process.stdin.closed:
            nothing = os.open(os.devnull, os.O_WRONLY)
            # Not closed: it still counts as ours, so its number must not be given to another file.
            os.dup2(nothing, self._process.stdin.fileno(), inheritable=False)
            os.close(nothing)


def running_workers() -> list[WorkerProcess]:
    """Return the workers of this process, those that have ended perhaps among them."""
    return list(_workers)


def _disown_workers() -> None:
    for worker in list(_workers):
        worker.disown()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_disown_workers)


def _answer(stdout: IO[bytes]) -> dict[str, Any]:
    """Return what the worker says of itself; empty if it ends before. Python may say something first, as it begins."""
    for line in stdout:
        if line.startswith((b'{"url"', b'{"error"')) and line.endswith(b"\n"):
            answer: dict[str, Any] = json.loads(line)
            return answer
    return {}
