"""An apvserver for one measurement."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

START_LIMIT_S: Final = 60.0
END_LIMIT_S: Final = 15.0


@dataclass(frozen=True, slots=True)
class OwnServer:
    """A running server."""

    url: str
    pid: int

    def processes(self) -> list[psutil.Process]:
        """Return the server's process and those below it."""
        server = psutil.Process(self.pid)
        return [server, *server.children(recursive=True)]

    def pss_bytes(self) -> int:
        """Return the memory of all its processes, what they share counted once."""
        return sum(one.memory_full_info().pss for one in self.processes())


def modules_path() -> str:
    """Return a PYTHONPATH by which a server finds this package, and what this program finds."""
    return os.pathsep.join([str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])])


@asynccontextmanager
async def own_server(*options: str, **variables: str) -> AsyncIterator[OwnServer]:
    """Run an apvserver with these options and variables until the context is left."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "apvserver", "--server-port", "0", *options,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **variables},
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        async with asyncio.timeout(START_LIMIT_S):
            line = (await process.stdout.readline()).decode(errors="replace")
        if "ready at" not in line:
            raise RuntimeError(f"apvserver ended before it was ready: {line!r}")
        yield OwnServer(line.partition("ready at")[2].split()[0], process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), END_LIMIT_S)
            except TimeoutError:
                process.kill()
                await process.wait()
