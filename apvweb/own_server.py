"""A server of this program's own: an apvserver that is started when the first session is wanted, and ends with it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from async_paraview.credentials import new_token
from async_paraview.credentials.private_files import write_private
from async_paraview.interpreter.module_path import python_path
from services_core import ConfigurationError, ConnectionFailed

_log = logging.getLogger(__name__)

PROGRAM: Final = (sys.executable, "-P", "-m", "apvserver")
"""The program, as a module: it is never imported here."""
READY: Final = re.compile(r"^apvserver \S+ ready at (tcp://\S+)")
READY_S: Final = 60.0
END_S: Final = 10.0
WRONG_OPTION: Final = 2
"""The exit code of a program that was started wrongly."""


class OwnServer:
    """An apvserver of this program. `url()` starts it, anew where it has died. Belongs to the loop."""

    def __init__(self, options: tuple[str, ...] = ()) -> None:
        """Start it with further options, such as ("--data-root", "/data")."""
        self.token_file = Path(tempfile.mkdtemp(prefix="apvweb-")) / "token"
        """The file of mode 0600 that has what it asks of clients."""
        self._options = options
        self._token = new_token()
        self._process: asyncio.subprocess.Process | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._order = asyncio.Lock()
        self._url = ""
        write_private(self.token_file, f"{self._token}\n")

    def begin(self) -> None:
        """Start it now: who asks for its place waits less. What goes wrong is told to who asks."""
        begun = asyncio.get_running_loop().create_task(self.url())
        begun.add_done_callback(lambda task: task.cancelled() or task.exception())
        self._tasks.add(begun)
        begun.add_done_callback(self._tasks.discard)

    async def url(self) -> str:
        """Return where it listens, on loopback. Raises ConnectionFailed, ConfigurationError with what it has said."""
        async with self._order:
            if self._process is None or self._process.returncode is not None:
                self._url = await self._start()
            return self._url

    @property
    def has_ended(self) -> bool:
        """Tell whether it was started, and runs no more."""
        return self._process is not None and self._process.returncode is not None

    async def close(self) -> None:
        """End it: it ends its sessions, and is killed if that takes too long."""
        async with self._order:
            process, self._process = self._process, None
            if process is not None and process.returncode is None:
                assert process.stdin is not None
                process.stdin.close()
                try:
                    async with asyncio.timeout(END_S):
                        await process.wait()
                except TimeoutError:
                    process.kill()
                    await process.wait()
            for task in self._tasks:
                task.cancel()
        with contextlib.suppress(FileNotFoundError):
            self.token_file.unlink()
            self.token_file.parent.rmdir()

    # --- inside

    async def _start(self) -> str:
        process = await asyncio.create_subprocess_exec(
            *PROGRAM, "--server-port", "0", "--exit-with-stdin", "--token-file", "-", *self._options,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=None, start_new_session=True,
            env={**os.environ, **python_path()},
        )  # fmt: skip
        self._process = process
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(f"{self._token}\n".encode())
        try:
            async with asyncio.timeout(READY_S):
                url = await self._await_ready(process, process.stdout)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            raise
        self._keep_reading(process.stdout)
        return url

    async def _await_ready(self, process: asyncio.subprocess.Process, output: asyncio.StreamReader) -> str:
        said = []
        while line := (await output.readline()).decode(errors="replace"):
            if found := READY.match(line):
                return found[1]
            said.append(line.rstrip())
        code = await process.wait()
        kind = ConfigurationError if code == WRONG_OPTION else ConnectionFailed
        raise kind(f"the server of this program ended with exit code {code} before it was ready. {' '.join(said)}")

    def _keep_reading(self, output: asyncio.StreamReader) -> None:
        async def read() -> None:
            while line := await output.readline():
                _log.info("%s", line.decode(errors="replace").rstrip())

        task = asyncio.get_running_loop().create_task(read())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
