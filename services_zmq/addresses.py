"""The addresses this backend understands, and what ZeroMQ's own errors mean for them."""

from __future__ import annotations

import errno
import os
import re
import socket
import stat
from typing import Final

import zmq

from services_core import ConfigurationError, ConnectionFailed

from .ipc import check_path

_HOST: Final = re.compile(r"([^\s@/]+;)?(\*|[^\s@:/\[\]]+|\[[0-9A-Fa-f:.]+(%[\w.-]+)?\])")
"""Of an address. Before a semicolon stands where to connect from, which ZeroMQ knows."""

SCHEMES: Final = ("tcp", "ipc", "inproc", "curve")


def check_url(url: str, *, listening: bool) -> str:
    """Return `url` itself if it is well formed. Raises ConfigurationError saying what is wrong with it."""
    scheme, separator, rest = url.partition("://")
    if scheme not in SCHEMES or not separator or not rest:
        raise ConfigurationError(
            f"{url!r} is no address of the zmq backend; they look like tcp://127.0.0.1:11111, "
            "curve://host:11111, ipc:///tmp/name or inproc://name"
        )
    if scheme == "ipc":
        check_path(url, rest)
    if scheme in ("tcp", "curve"):
        _check_tcp(url, rest, listening)
    return url


def _check_tcp(url: str, rest: str, listening: bool) -> None:
    host, separator, port = rest.rpartition(":")
    if not separator or not host or not (port.isascii() and port.isdecimal()) or int(port) > 65535:
        least = 0 if listening else 1
        raise ConfigurationError(f"{url!r} needs a host and a port of {least} to 65535, such as tcp://127.0.0.1:11111")
    if not _HOST.fullmatch(host):
        raise ConfigurationError(
            f"{url!r}: {host!r} is no host: a name, an address, or one of IPv6 in brackets, as in tcp://[::1]:11111"
        )
    if not listening and (int(port) == 0 or host == "*"):
        raise ConfigurationError(f"{url!r} can be listened at, not connected to; name the host and the port")


def check_free(url: str) -> None:
    """Raise ConnectionFailed if somebody listens at an ipc path, or a file is there: libzmq would just remove it."""
    scheme, _, path = url.partition("://")
    if scheme != "ipc" or not os.path.lexists(path):
        return
    if not stat.S_ISSOCK(os.lstat(path).st_mode):
        raise ConnectionFailed(f"{url}: a file that is no socket is there already; choose another path")
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(path)
        except OSError:
            return  # left behind by a process that died
    raise ConnectionFailed(f"{url} is in use; choose another path")


def is_refused(url: str) -> bool:
    """Return whether the host refuses connections to `url`, for nobody listens there. Blocks for up to a second."""
    scheme, _, rest = url.partition("://")
    try:
        if scheme in ("tcp", "curve"):
            host, _, port = rest.rpartition(":")
            socket.create_connection((host.strip("[]"), int(port)), 1.0).close()
        elif scheme == "ipc":
            with socket.socket(socket.AF_UNIX) as probe:
                probe.settimeout(1.0)
                probe.connect(rest)
    except (ConnectionRefusedError, FileNotFoundError):
        return True
    except OSError:  # a network that is down, a host that does not answer
        return False
    return False


def keep_to_user(url: str) -> None:
    """Let nobody but this user connect to the socket of an ipc path: libzmq leaves that to the umask."""
    scheme, _, path = url.partition("://")
    if scheme == "ipc" and os.path.lexists(path):  # not those of Linux's abstract names
        os.chmod(path, 0o600)


def listen_error(url: str, error: zmq.ZMQError) -> ConnectionFailed:
    """Return why ZeroMQ could not listen at `url`, and what to do."""
    # ZeroMQ tells numbers of C's errno.h, which on Windows are others than Python's of these names.
    if error.errno == zmq.EADDRINUSE:
        return ConnectionFailed(f"{url} is in use by another program; choose another port, or 0 for any free one")
    if error.errno in (zmq.EADDRNOTAVAIL, errno.ENODEV):
        return ConnectionFailed(f"{url} is no address of this machine; 127.0.0.1 is, and * means all of them")
    if error.errno == errno.EACCES:
        return ConnectionFailed(f"{url}: permission denied; ports below 1024 need privileges, choose a higher one")
    return ConnectionFailed(f"cannot listen at {url}: {error.strerror}")
