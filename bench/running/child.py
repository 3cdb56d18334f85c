"""A process that serves the other side of a comparison: started, asked for its address, ended with its parent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Final

import psutil

from .server import CLOSE_LIMIT_S, Served

ROOT: Final = Path(__file__).resolve().parents[2]
START_LIMIT_S: Final = 60.0


class Child:
    """Runs `python -m bench.running.server` with a function of this project that returns a `Served`."""

    def __init__(self, function: Callable[..., Served], **arguments: Any) -> None:
        target = f"{function.__module__}:{function.__qualname__}"
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "bench.running.server", target, json.dumps(arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": path},
        )
        self.address: Any = self._await_address(target)

    @property
    def memory_bytes(self) -> int:
        """Its resident memory."""
        return int(psutil.Process(self._process.pid).memory_info().rss)

    def close(self) -> None:
        """End it and wait for its end; killed if it takes too long. May be repeated."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        try:
            self._process.wait(CLOSE_LIMIT_S + 2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _await_address(self, target: str) -> Any:
        lines: SimpleQueue[bytes] = SimpleQueue()
        stdout = self._process.stdout
        assert stdout is not None

        def read() -> None:
            for line in stdout:  # whatever a library prints comes before
                if line.startswith(b'{"address"'):
                    lines.put(line)
                    return
            lines.put(b"")

        threading.Thread(target=read, name="bench-child-reader", daemon=True).start()
        try:
            line = lines.get(timeout=START_LIMIT_S)
        except Empty:
            line = b""
        if not line:
            self.close()
            raise RuntimeError(f"the server process of {target} did not start; its stderr tells why")
        return json.loads(line)["address"]
