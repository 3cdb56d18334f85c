"""A server on another machine that is started over ssh, reached over the same connection, and ends with it."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from typing import IO, Final
from weakref import WeakSet

from async_paraview.credentials import new_token
from services_core import ConfigurationError, ConnectionFailed, Reply, ServicesError

from .ssh_address import ssh_address

_log = logging.getLogger(__name__)

SSH_VARIABLE: Final = "APV_SSH"
"""The ssh program, perhaps with options of its own."""

READY: Final = re.compile(r"^apvserver \S+ ready at tcp://([^\s:]+):(\d+)")
FORWARD_S: Final = 20.0
SAYS_S: Final = 2.0
END_S: Final = 8.0
"""How long the server there may take to end its sessions, as it does when its input ends."""

TERMINATE_S: Final = 1.0
NOT_FOUND: Final = 127
_LINES: Final = 40
_MOST_LINES: Final = 1000

_LONGEST_DIRECTORY: Final = 60
"""A socket of the file system may have a path of about 100 bytes, to which ssh adds 17."""

_IGNORING_CTRL_C: Final = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")
"""Ctrl-C goes to the whole terminal, and means what this program awaits. In a group of its own ssh could not ask for a
password."""

_servers: WeakSet[SshServer] = WeakSet()


class SshServer:
    """An apvserver at the place that an ssh:// URL names.

    `url` resolves to where it can be reached on this machine, a socket in a directory of this user alone, or to
    ConnectionFailed with what ssh has said. ssh itself asks the user, at the terminal, for what it needs to know: for
    that there is no time limit but `close`. The server ends with this process, with `close`, and with ssh. No method
    but `close` blocks. Raises ConfigurationError for a URL that cannot be.
    """

    def __init__(self, url: str) -> None:
        if sys.platform == "win32":
            raise ConfigurationError(
                f"{url!r}: the ssh of Windows cannot share a connection. Begin the tunnel by hand, and connect to it: "
                "ssh -L 11111:127.0.0.1:11111 HOST apvserver"
            )
        self.url: Reply[str] = Reply()
        self.token = new_token()
        """What the server there asks of its clients: it is told so over its standard input."""
        self._address = ssh_address(url)
        self._program = shlex.split(os.environ.get(SSH_VARIABLE) or "ssh")
        self._said: list[str] = []
        self._heard = threading.Condition()
        self._lock = threading.Lock()
        self._closing = False
        self._ready = False
        self._process: subprocess.Popen[str] | None = None
        long = len(tempfile.gettempdir()) > _LONGEST_DIRECTORY
        self._directory = tempfile.mkdtemp(prefix="apv-ssh-", dir="/tmp" if long else None)
        _servers.add(self)
        self._thread = threading.Thread(target=self._run, name="ssh-server", daemon=True)
        self._thread.start()

    def close(self, timeout_s: float = END_S) -> None:
        """End the server there, and ssh, which is killed if that takes longer. Blocks up to `timeout_s`."""
        with self._lock:
            self._closing = True
            process = self._process
        if process is not None:
            self._close_input(process)
            if not self._ready:  # it may be waiting for a password, at a terminal that it has to set right
                process.terminate()
            try:
                process.wait(timeout_s if self._ready else TERMINATE_S)
            except subprocess.TimeoutExpired:
                process.kill()
        self._thread.join(END_S)

    # --- on the thread

    def _run(self) -> None:
        try:
            self._start_and_watch()
        except ServicesError as error:
            self.url.resolve(None, error)
        except Exception as error:  # whoever waits is told, whatever it is
            _log.exception("the server at %s could not be started", self._address.target)
            self.url.resolve(None, ConnectionFailed(f"ssh {self._address.target}: {type(error).__name__}: {error}"))
        finally:
            shutil.rmtree(self._directory, ignore_errors=True)

    def _start_and_watch(self) -> None:
        process = self._start()
        listening = threading.Thread(target=self._listen_to_errors, args=[process], name="ssh-errors", daemon=True)
        listening.start()
        assert process.stdout is not None
        try:
            place = self._await_ready(process.stdout)
            if place is not None:
                self._forward(*place)
                self._ready = True
                self.url.resolve(f"ipc://{self._path('server')}")
            for line in process.stdout:
                _log.info("%s: %s", self._address.target, line.rstrip())
        except BaseException:
            process.kill()
            raise
        finally:
            code = process.wait()
            listening.join(END_S)
            process.stdout.close()
        self._tell_end(code)

    def _start(self) -> subprocess.Popen[str]:
        command = self._address.start(self._program, self._path("control"))
        if shutil.which(command[0]) is None:
            raise ConnectionFailed(f"there is no program {command[0]!r} here; install OpenSSH, or set {SSH_VARIABLE}")
        with self._lock:
            if self._closing:
                raise ConnectionFailed("the connection was given up")
            self._process = subprocess.Popen(
                [*_IGNORING_CTRL_C, *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
            )
            self._say_token(self._process)
        return self._process

    def _say_token(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it has ended already: what it says tells why
            process.stdin.write(f"{self.token}\n")
            process.stdin.flush()

    def _await_ready(self, output: IO[str]) -> tuple[str, int] | None:
        """Return where the server listens over there; None if it ended before. Shells may print something first."""
        for line in output:
            if found := READY.match(line):
                return found[1], int(found[2])
            self._hear(line)
        return None

    def _hear(self, line: str) -> None:
        if not self._ready and len(self._said) < _MOST_LINES:
            with self._heard:
                self._said.append(line.rstrip())
                self._heard.notify_all()

    def _forward(self, host: str, port: int) -> None:
        command = self._address.forward(self._program, self._path("control"), self._path("server"), host, port)
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=FORWARD_S
            )
        except subprocess.TimeoutExpired as error:
            raise ConnectionFailed(f"ssh {self._address.target} did not forward within {FORWARD_S:g} s") from error
        if done.returncode:
            raise ConnectionFailed(f"ssh {self._address.target} cannot forward: {done.stderr.strip()}")
        self._try_forwarded()

    def _try_forwarded(self) -> None:
        """See whether the way leads there: ssh takes what connects here before it knows. Servers greet at once."""
        known = len(self._said)
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(FORWARD_S)
            try:
                probe.connect(self._path("server"))
                greeted = bool(probe.recv(1))
            except OSError:
                greeted = False
        if not greeted:
            with self._heard:  # ssh says why, but not to whom has connected
                self._heard.wait_for(lambda: len(self._said) > known, SAYS_S)
            said = "\n".join(self._said[known:])
            raise ConnectionFailed(f"ssh {self._address.target} does not forward to the server there: {said}")

    def _listen_to_errors(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        for line in process.stderr:
            self._hear(line)
            if self._ready:
                _log.warning("%s: %s", self._address.target, line.rstrip())
            elif sys.stderr is not None and sys.stderr.isatty():  # beside the questions that ssh asks there
                sys.stderr.write(line)
        process.stderr.close()

    def _tell_end(self, code: int) -> None:
        how = f"ssh {self._address.target} ended with exit code {code}"
        said = "\n".join(self._said[-_LINES:]).strip()
        hint = ""
        if code == NOT_FOUND:
            hint = f"\nIs apvserver installed there? Say where: ssh://{self._address.host}?command=/path/to/apvserver"
        error = ConnectionFailed(f"{how}{': ' if said else ''}{said}{hint}")
        self.url.resolve(None, error)
        if self._ready and not self._closing:
            _log.error("%s", error)

    def _path(self, name: str) -> str:
        return os.path.join(self._directory, name)

    @staticmethod
    def _close_input(process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        with contextlib.suppress(OSError):  # it has ended already
            process.stdin.close()

    # --- in a process that was forked from this one

    def disown(self) -> None:
        """Leave the server alone, and do not keep it alive: this process was forked from the one that started it."""
        self._lock = threading.Lock()
        process, self._process = self._process, None
        if process is not None and process.stdin is not None and not process.stdin.closed:
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, process.stdin.fileno(), inheritable=False)
            os.close(nothing)


def _disown_servers() -> None:
    for server in list(_servers):
        server.disown()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_disown_servers)
