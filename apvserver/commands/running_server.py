"""A server of this user that runs, as its operator: found by its connection file, and asked."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from async_paraview.credentials import AUTO, SERVER, ConnectionFile, find_server, newest_server, own_keys, parse_key
from async_paraview.operations import Operation
from services_core import ConfigurationError, Keys, Packet, ServiceEndpoint, ServicesEngine

ANSWER_S: Final = 10.0


def add_server(made: argparse.ArgumentParser) -> None:
    """Add the option that names the server."""
    made.add_argument(
        "--server-url",
        "--url",
        metavar="URL",
        default=AUTO,
        help="which server of this user on this machine, as tcp://127.0.0.1:11111 (default: the newest)",
    )


class RunningServer:
    """A connection to a server, as its operator. Its methods block until the server has answered."""

    def __init__(self, file: ConnectionFile, endpoint: ServiceEndpoint) -> None:
        self.file = file
        self._endpoint = endpoint

    def ask(self, operation: Operation) -> Packet:
        """Return the answer. Raises what the server says, or ServicesError if it does not answer."""
        return self._endpoint.send_request(operation.packet(), deadline_s=ANSWER_S).result(ANSWER_S + 1.0)


@contextmanager
def running_server(url: str) -> Iterator[RunningServer]:
    """Connect to the server that is meant. Raises ConfigurationError if there is none, or it is not this user's."""
    file = newest_server() if url == AUTO else find_server(url)
    if file is None:
        raise ConfigurationError(
            f"no apvserver of this user on this machine listens at {url}: status, sessions and stop are for the user "
            "who has started a server, where it runs"
        )
    if file.operator is None:
        raise ConfigurationError(f"the server at {file.url} is of an older version, which cannot be asked")
    with ServicesEngine("zmq", name="operator", keys=_keys(file)) as engine:
        yield RunningServer(file, engine.endpoint("sessions", file.local_url, token=file.operator))


def _keys(file: ConnectionFile) -> Keys | None:
    """Return the keys for a server that asks for some: its own pair, which nobody but its user can read."""
    if file.server_key is None:
        return None
    place: Any = file.local_url.partition("://")[2]
    return Keys(own=own_keys(SERVER), servers={place: parse_key(file.server_key)})
