"""Sockets of the file system: where there are any, and how long their paths may be."""

from __future__ import annotations

import os
import socket
from typing import Final

import zmq

from services_core import ConfigurationError

NO_IPC_VARIABLE: Final = "APV_ZMQ_NO_IPC"
"""Set to 1, private addresses are tcp ones on the loopback device, as on systems without ipc."""

POSSIBLE: Final = bool(zmq.has("ipc")) and hasattr(socket, "AF_UNIX")
"""Not on Windows: where a libzmq has them there, Python has not, which looks whether one is in use."""

LONGEST_PATH: Final = int(zmq.IPC_PATH_MAX_LEN)
"""In bytes, as libzmq knows it of the system that it was built for: 107 on Linux, 103 on macOS, 0 without ipc."""

ROOM_FOR_NUMBERS: Final = len("/123456789")


def is_wanted() -> bool:
    """Return whether processes of this machine are to be reached so. Raises ConfigurationError for a wrong value."""
    text = os.environ.get(NO_IPC_VARIABLE) or "0"
    if text not in ("0", "1"):
        raise ConfigurationError(f"{NO_IPC_VARIABLE} is {text!r}: 1 (yes) or 0 (no) is needed")
    return text == "0" and POSSIBLE


def fits(path: str, *, more: int = 0) -> bool:
    """Return whether a socket may have this path, and `more` bytes beside."""
    return len(os.fsencode(path)) + more <= LONGEST_PATH


def check_path(url: str, path: str) -> None:
    """Raise ConfigurationError if no socket can be there: this system has none, or not of such a path."""
    if not POSSIBLE:
        raise ConfigurationError(f"{url!r}: this system's ZeroMQ has no ipc; use tcp://127.0.0.1:PORT")
    if not fits(path):
        raise ConfigurationError(
            f"{url!r}: a socket of the file system may have a path of {LONGEST_PATH} bytes here, and this one has "
            f"{len(os.fsencode(path))}; choose a shorter path, or tcp://127.0.0.1:PORT"
        )
