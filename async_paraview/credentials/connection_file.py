"""Connection files: by them clients of the same user find the servers on this machine, and their tokens."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Iterator
from dataclasses import asdict, field, fields
from pathlib import Path
from typing import Any, Final

from services_core import ConfigurationError

from ..records import dataclass
from .private_files import read_private, remove, runtime_directory, write_private
from .processes import birth_of, is_same_process

LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
"""The hosts by which a server on this machine may be meant."""

_EVERYWHERE: Final = ("0.0.0.0", "*", "[::]")
_MOST_PID: Final = 2**31 - 1
"""Which systems have no larger ones than; they take no larger ones either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionFile:
    """What the file of one server says; one that ended without removing it is known by its process."""

    url: str
    """Where it listens."""
    token: str | None = field(default=None, repr=False)
    """What a HELLO has to name there; None: it lets everybody in, or asks for keys."""
    operator: str | None = field(default=None, repr=False)
    """What a HELLO names in place of the token to be the server's operator: `apvserver status` and `stop` do."""
    server_key: str | None = None
    """Its public key, as text, if it asks for keys."""
    pid: int = field(default_factory=os.getpid)
    host: str = field(default_factory=platform.node)
    started_ns: int = field(default_factory=time.time_ns)
    birth: str | None = field(default_factory=lambda: birth_of(os.getpid()))
    """What tells its process from a later one that the system has given the same number; None: not known."""

    @property
    def path(self) -> Path:
        """Return where the file is."""
        return runtime_directory() / f"server-{self.pid}-{self.started_ns}.json"

    @property
    def local_url(self) -> str:
        """Return where a client of this machine connects to."""
        scheme, _, place = self.url.partition("://")
        host, _, port = place.rpartition(":")
        return f"{scheme}://{LOOPBACK[0]}:{port}" if host in _EVERYWHERE[:2] else self.url

    def write(self) -> None:
        """Write the file. Raises ConfigurationError."""
        write_private(self.path, json.dumps(asdict(self), indent=1) + "\n")

    def remove(self) -> None:
        """Remove the file."""
        remove(self.path)

    def is_meant_by(self, url: str) -> bool:
        """Return whether a client of this machine that connects to `url` gets to this server."""
        scheme, _, place = url.partition("://")
        own_scheme, _, own_place = self.url.partition("://")
        host, _, port = place.rpartition(":")
        own_host, _, own_port = own_place.rpartition(":")
        here = host in LOOPBACK and own_host in (*LOOPBACK, *_EVERYWHERE)
        return scheme == own_scheme and (place == own_place or (here and port == own_port))


def running_servers() -> list[ConnectionFile]:
    """Return the servers of this user that run on this machine, the newest first; removes files of dead ones."""
    return sorted(_running(), key=lambda one: one.started_ns, reverse=True)


def newest_server() -> ConnectionFile:
    """Return the newest of these. Raises ConfigurationError if there is none."""
    servers = running_servers()
    if not servers:
        raise ConfigurationError(
            f"no apvserver of this user runs on this machine (none has a file in {runtime_directory()}); start one, "
            "or name its URL"
        )
    return servers[0]


def find_server(url: str) -> ConnectionFile | None:
    """Return the server of this user on this machine that `url` means; None if there is none."""
    return next((one for one in running_servers() if one.is_meant_by(url)), None)


def _running() -> Iterator[ConnectionFile]:
    for path in runtime_directory().glob("server-*.json"):
        try:
            found = _parsed(json.loads(read_private(path)))
        except (FileNotFoundError, ConfigurationError, ValueError, TypeError, RecursionError):
            continue  # it was removed just now, or is none of ours: whoever made it, it names no server
        if found.host != platform.node():
            continue  # a directory that machines share: its process may live over there
        if is_same_process(found.pid, found.birth):
            yield found
        else:
            remove(path)


def _parsed(plain: Any) -> ConnectionFile:
    """Return what a file says. Raises TypeError for what is none."""
    if not isinstance(plain, dict):
        raise TypeError("no connection file")
    told: dict[str, Any] = {one.name: plain.get(one.name) for one in fields(ConnectionFile)}
    found = ConnectionFile(**told)
    texts = (found.url, found.host, found.token or "", found.operator or "", found.server_key or "", found.birth or "")
    if not all(isinstance(text, str) for text in texts) or type(found.pid) is not int:
        raise TypeError("no connection file")
    if not 0 < found.pid <= _MOST_PID:
        raise TypeError("no connection file")
    if type(found.started_ns) is not int:
        raise TypeError("no connection file")
    return found
