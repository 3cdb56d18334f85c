"""ParaView's own pvpython, where it is installed, with an X server without a screen for its pictures."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PROGRAM: Final = "pvpython"
SCRIPT_S: Final = 240
"""How long a script may take."""
INSTALL: Final = "apt-get install --no-install-recommends paraview python3-paraview xvfb"
_X_PORT: Final = 6000
"""Port of the first display of an X server."""
_START_S: Final = 20
_END_S: Final = 10
"""How long an X server may take to end when it is asked to."""


def missing() -> str | None:
    """Return why scripts cannot be run by pvpython here; None if they can."""
    absent = [name for name in (PROGRAM, "Xvfb") if shutil.which(name) is None]
    return f"{' and '.join(absent)} not installed; on Debian: {INSTALL}" if absent else None


def version() -> str:
    """Return the version of the pvpython that is installed."""
    told = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+\.\d+\.\d+", told)
    return found[0] if found else told.strip()


@contextmanager
def x_server() -> Iterator[str]:
    """Run an X server without a screen on loopback; yields its DISPLAY."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1] - _X_PORT
    command = ["Xvfb", f":{number}", "-screen", "0", "1280x1024x24", "-ac", "-nolisten", "unix", "-listen", "tcp"]
    server = subprocess.Popen([*command, "-noreset"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + _START_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", _X_PORT + number), 1).close()
                break
            except OSError:
                if time.monotonic() > until or server.poll() is not None:
                    raise
                time.sleep(0.05)
        yield f"127.0.0.1:{number}"
    finally:
        server.terminate()
        try:
            server.wait(_END_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def run(script: Path, directory: Path, display: str) -> subprocess.CompletedProcess[str]:
    """Run a script with a directory for its pictures as argument, and for settings. Returns how it ended."""
    return subprocess.run(
        [PROGRAM, str(script), str(directory)],
        env={**os.environ, "DISPLAY": display, "HOME": str(directory), "XDG_CONFIG_HOME": str(directory)},
        capture_output=True,
        text=True,
        timeout=SCRIPT_S,
        check=False,
    )
